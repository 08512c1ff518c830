"""A batch of stills: one warm process a core, here or on a cluster; what is on disk is not made again.

Every picture follows from its request alone, so processes, order and restarts change nothing.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from .errors import NoclipError, NoclipWarning, one_line
from .files import is_plain, whole
from .precompile import PARTS, precompiling
from .progress import Progress, duration
from .recipe import read_recipe
from .still import StillRequest, asked_of, make_still, png_of
from .workers import Giving, clustered, died, each, working

TRIES = 2
"""So often a picture is begun whose worker dies."""


@dataclass(frozen=True)
class Take:
    """One picture of a batch, where it is written, and its radiance and passes where they are wanted too."""

    request: StillRequest
    picture: Path
    radiance: Path | None = None
    passes: Path | None = None

    @property
    def files(self) -> list[Path]:
        """What is on disk when the picture is finished."""
        return [path for path in (self.picture, self.radiance, self.passes) if path is not None]


@dataclass(frozen=True)
class Failure:
    """A picture that could not be made, and why."""

    picture: Path
    reason: str


@dataclass(frozen=True)
class _Taken:
    """What a worker gives back: the files' bytes, and what the user should know of."""

    picture: bytes
    radiance: bytes | None
    notes: tuple[str, ...]
    passes: bytes | None = None


def make_stills(
    takes: Iterable[Take],
    count: int,
    progress: Progress,
    workers: int,
    cluster: str | None = None,
    finished: Callable[[Take], None] = lambda take: None,
) -> list[Failure]:
    """Make those of ``count`` pictures that are not on disk; returns what failed, in order.

    workers: processes on this machine; cluster: address of a dask scheduler, or its scheduler file, instead.
    finished: told of each picture on disk, in order. A picture that fails does not stop the others; one whose worker
    dies is tried once more.
    Raises NoclipError: no such scheduler, or a file that cannot be written; what is finished then stays.
    """
    batch = _Batch(count, progress, finished)
    missing = batch.missing(enumerate(takes))
    with progress.stage("stills"):
        first = next(missing, None)
        if first is None:
            return []
        if cluster is None:
            _compile(progress)
        try:
            with clustered(cluster, dict) if cluster is not None else _near(min(workers, count)) as (pool, wide):
                _through(pool, wide, chain([first], missing), batch)
        except KeyboardInterrupt:
            progress.warn("stopped; what is finished stays, the same command goes on")
            raise
    return [failure for _, failure in sorted(batch.failed.items())]


def take(job: tuple[StillRequest, bool], cache: Any) -> _Taken:
    """Make one still in a worker; job: the request, and whether its radiance is wanted."""
    request, with_radiance = job
    notes = _Notes()
    with warnings.catch_warnings():
        warnings.simplefilter("always", NoclipWarning)
        warnings.showwarning = notes.caught
        made = make_still(request, notes)
    radiance = BytesIO()
    if with_radiance:
        np.save(radiance, made.radiance)
    passes = None
    if made.passes is not None:
        from .passes.exr import exr_bytes

        passes = exr_bytes(made.passes)
    return _Taken(png_of(made), radiance.getvalue() if with_radiance else None, tuple(notes.lines), passes)


class _Notes(Progress):
    """Keeps what the user should know of."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def warn(self, text: str) -> None:
        self.lines.append(text)

    def caught(self, message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        """Keep a warning of the library; others are for who maintains it."""
        if issubclass(category, NoclipWarning):
            self.lines.append(str(message))


class _Batch:
    """What is finished and what failed; tells of it in order, and how long the rest takes."""

    def __init__(self, count: int, progress: Progress, finished: Callable[[Take], None]) -> None:
        self._count, self._progress, self._finished = count, progress, finished
        self._next, self._waiting = 0, dict[int, Take | None]()
        self._here, self._made, self._start = 0, 0, time.perf_counter()
        self.failed: dict[int, Failure] = {}

    def missing(self, takes: Iterable[tuple[int, Take]]) -> Iterator[tuple[int, Take]]:
        """Those of the pictures, with their numbers, that are not on disk."""
        for number, asked in takes:
            if not is_finished(asked):
                yield number, asked
            else:
                self._here += 1
                self._pass(number, asked)

    def keep(self, number: int, asked: Take, made: _Taken) -> None:
        """Write a picture; whole or not at all."""
        try:
            beside = (asked.radiance, made.radiance), (asked.passes, made.passes)
            for path, data in (*beside, (asked.picture, made.picture)):
                if path is not None and data is not None:
                    with whole(path) as part:
                        part.write_bytes(data)
        except NoclipError as error:
            raise NoclipError(f"{error}; {self._here + self._made} of {self._count} pictures are finished and stay, "
                              "the same command goes on") from error  # fmt: skip
        for note in made.notes:
            self._progress.warn(f"{asked.picture}: {note}")
        self._made += 1
        self._pass(number, asked)

    def fail(self, number: int, asked: Take, reason: str) -> None:
        """Note that a picture cannot be made."""
        self.failed[number] = Failure(asked.picture, reason)
        self._progress.warn(f"{asked.picture}: failed: {reason}")
        self._pass(number, None)

    def _pass(self, number: int, asked: Take | None) -> None:
        self._waiting[number] = asked
        while self._next in self._waiting:
            done = self._waiting.pop(self._next)
            self._next += 1
            if done is not None:
                self._finished(done)
        self._say()

    def _say(self) -> None:
        passed = self._here + self._made + len(self.failed)
        rate = (self._made + len(self.failed)) / max(time.perf_counter() - self._start, 1e-6)
        note = (
            f"{60 * rate:.1f} a minute, {duration((self._count - passed) / rate)} left" if rate else "on disk already"
        )
        self._progress.count(passed, self._count, note)


def is_finished(taken: Take) -> bool:
    """Tell whether a picture's files are on disk, whole, and its recipe is what is asked for.

    A chosen pose is not compared: it follows from the rest and from the picture's name. One that a recipe gave does
    not, so that picture is made again.
    """
    request = taken.request
    if request.pose is not None or not all(is_plain(path) for path in taken.files):
        return False
    wanted = asked_of(request.scene, request.clean, request.only)
    try:
        there = read_recipe(taken.picture)
        if json.loads(json.dumps(wanted)) != {key: there.get(key) for key in wanted}:
            return False
        _check_whole(taken.picture)
    except NoclipError:
        return False
    return True


def _check_whole(path: Path) -> None:
    """Raise NoclipError where a PNG's checksums are wrong, or its end is missing."""
    from PIL import Image

    try:
        with Image.open(path, formats=["PNG"]) as picture:
            picture.verify()
    except (OSError, SyntaxError, ValueError):
        raise NoclipError(f"{path}: damaged") from None


def _compile(progress: Progress) -> None:
    """Compile once what every worker needs, so that they do not all do it at the same time."""
    with precompiling(progress) as precompiler:
        for part in PARTS:
            precompiler.wait(part)


@contextmanager
def _near(workers: int) -> Iterator[tuple[Giving, int]]:
    with working(workers) as pool:
        yield pool, workers + 1


def _through(pool: Giving, wide: int, left: Iterator[tuple[int, Take]], batch: _Batch) -> None:
    """Give out pictures, and keep them or say why not."""

    def submit(job: tuple[int, Take]) -> Future[_Taken]:
        return pool.submit(take, (job[1].request, job[1].radiance is not None))

    with closing(each(lambda: next(left, None), submit, wide, TRIES)) as ended:
        for (number, asked), future in ended:
            error = future.exception()
            if error is None:
                batch.keep(number, asked, future.result())
            else:
                batch.fail(number, asked, _reason(error))


def _reason(error: BaseException) -> str:
    if died(error):
        return "its worker died, twice (out of memory?); give fewer --workers"
    if isinstance(error, NoclipError):
        return str(error)
    return one_line(f"{type(error).__name__}: {error}")
