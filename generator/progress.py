"""Progress of long work on one text stream: a line per stage, with its time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from .errors import one_line

CLEAR = "\r\033[K"
"""Back to the line's start and erase it.  Source: ECMA-48, EL."""

BAR = 20
SURE, SURE_S = 0.05, 1.0
"""Time left is guessed when so much of a stage is done and it has taken so many seconds."""


class Progress:
    """Says on ``out`` which stages ran and how long each took; silent without ``out``.

    On a terminal the running stage is shown as well, with the share done and the time left; elsewhere there is one
    line for each finished stage and nothing that moves.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._clear = CLEAR if out is not None and out.isatty() else ""
        self._name, self._start = "", 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage; stages do not nest. Nothing is said of a stage that fails."""
        self._name, self._start = name, time.perf_counter()
        self.share(0.0)
        try:
            yield
        except BaseException:
            self._write(self._clear)
            raise
        self.tell(name, time.perf_counter() - self._start)

    def tell(self, name: str, seconds: float, note: str = "") -> None:
        """One line of something that is finished, how long it took, and a note."""
        self._write(f"{self._clear}{name:<12}{seconds:7.2f} s{note and f'  {note}'}\n")

    def share(self, done: float) -> None:
        """Show, on a terminal, that ``done`` (0..1) of the running stage is finished, and the time left."""
        if self._clear:
            bar = "#" * round(BAR * done)
            self._write(f"{self._clear}{self._name:<12}{done:7.0%} [{bar:.<{BAR}}]{self._left(done)}")

    def _left(self, done: float) -> str:
        spent = time.perf_counter() - self._start
        return f" {duration(spent * (1.0 / done - 1.0))} left" if done >= SURE and spent >= SURE_S else ""

    def count(self, done: int, whole: int, note: str) -> None:
        """Show, on a terminal, how many of the running stage's parts are finished, and a note."""
        if self._clear:
            self._write(f"{self._clear}{self._name:<12}{done} of {whole}, {note}")

    def show(self, text: str) -> None:
        """Show a line on a terminal, until something else is written over it."""
        if self._clear:
            self._write(f"{self._clear}{text}\r")

    def warn(self, text: str) -> None:
        """One line that the user should know of, though the work goes on."""
        self._write(f"{self._clear}noclip: warning: {one_line(text)}\n")

    def _write(self, text: str) -> None:
        """A stream that is full or closed costs the words, not the work."""
        if self._out is not None and text:
            with suppress(OSError, ValueError):
                self._out.write(text)
                self._out.flush()


def duration(seconds: float) -> str:
    """Write a time to wait: ``45 s``, ``12 min``, ``3 h 20 min``."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
