"""Joining a film while its frames are made, so that it is there with the last of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class GivenUp(Exception):
    """The film is given up."""


class Pieces:
    """The pieces of a film in order, each given as soon as it is on disk, whatever order they are finished in."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths, self._there = paths, set[Path]()
        self._news, self._given_up = threading.Condition(), False

    def add(self, path: Path) -> None:
        """Tell that a piece is on disk."""
        with self._news:
            self._there.add(path)
            self._news.notify()

    def give_up(self) -> None:
        """Tell that no more will come."""
        with self._news:
            self._given_up = True
            self._news.notify()

    def __iter__(self) -> Iterator[Path]:
        """Wait for each piece; raises GivenUp."""
        for path in self._paths:
            with self._news:
                self._news.wait_for(lambda path=path: path in self._there or self._given_up)  # type: ignore[misc]
            self.check()
            yield path

    def check(self) -> None:
        """Raise GivenUp where no more pieces will come."""
        if self._given_up:
            raise GivenUp


@contextmanager
def meanwhile(work: Callable[[], None], give_up: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Do some work in a thread while the block runs; yields what waits for its end, and raises what it failed with.

    give_up: makes the work leave off; called when the block fails.
    """
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    def wait() -> None:
        thread.join()
        if failed:
            raise failed[0]

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield wait
    except BaseException:
        give_up()
        thread.join()
        raise
