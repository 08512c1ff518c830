"""Ranges of frames, handed to processes here or to a cluster; a worker that dies has its ranges done again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from ..errors import NoclipError
from ..workers import Giving, clustered, working
from .frame_range import Made, Ready, Setting, Task, WorkerCache, make_range, make_ready

TRIES = 3
"""So often a range is given out before it counts as the fault of the range."""


@dataclass
class Chapter:
    """What is left of a segment: making it ready (None: it is), and its ranges."""

    ready: Setting | None
    ranges: list[Task]


Job = Setting | Task
Done = Ready | Made


def make_chapters(chapters: Sequence[Chapter], workers: int, cluster: str | None, done: Callable[[Done], None]) -> None:
    """Make all segments ready and all their ranges; ``done`` is told of each as it is finished.

    While one segment's frames are made the next one is made ready, and no more, so that disk and memory have a bound.
    workers: processes on this machine; cluster: address of a dask scheduler, or its scheduler file, that makes the
    ranges; segments are made ready on this machine. ``chapters`` are used up.
    Raises NoclipError: no such scheduler, or a job that kills its workers again and again.
    """
    left, tries = _Left(chapters), 0
    with clustered(cluster, WorkerCache) if cluster is not None else nullcontext() as far:
        while left:
            count = left.finished
            try:
                with working(1 if far else min(workers, left.width), WorkerCache) as near:
                    executor, wide = far or (near, workers + 1)
                    _through(near, executor, left, wide, done)
            except BrokenProcessPool as error:
                left.lost()
                tries = tries + 1 if left.finished == count else 0
                if tries >= TRIES:
                    raise NoclipError("workers die again and again (out of memory?): give fewer --workers") from error


class _Left:
    """The work that is left, in the order in which it is given out: the segment at hand and the one after."""

    def __init__(self, chapters: Sequence[Chapter]) -> None:
        self._chapters = list(chapters)
        self._under_way: list[Job] = []
        self.finished = 0

    def __bool__(self) -> bool:
        return bool(self._chapters)

    @property
    def width(self) -> int:
        """How many jobs there can be at once."""
        return max(2 if len(self._chapters) > 1 else 1, *(len(chapter.ranges) for chapter in self._chapters))

    def give(self) -> Job | None:
        """The next job whose time has come."""
        near = self._chapters[:2]
        jobs: list[Job] = [chapter.ready for chapter in near if chapter.ready is not None]
        jobs += [frames for chapter in near if chapter.ready is None for frames in chapter.ranges]
        job = next((job for job in jobs if job not in self._under_way), None)
        if job is not None:
            self._under_way.append(job)
        return job

    def took(self, job: Job) -> None:
        """A job is finished."""
        self._under_way.remove(job)
        self.finished += 1
        for chapter in self._chapters[:2]:
            if chapter.ready == job:
                chapter.ready = None
            elif job in chapter.ranges:
                chapter.ranges.remove(job)
        self._chapters = [chapter for chapter in self._chapters if chapter.ranges or chapter.ready is not None]

    def lost(self) -> None:
        """What was under way must be done again."""
        self._under_way.clear()


def _through(near: Giving, far: Giving, left: _Left, wide: int, done: Callable[[Done], None]) -> None:
    """Give out jobs, ``wide`` at a time, so that little is in flight and little waits in memory."""
    running: dict[Future[Any], Job] = {}
    try:
        while left:
            while len(running) < wide and (job := left.give()) is not None:
                ready = isinstance(job, Setting)
                running[near.submit(make_ready, job) if ready else far.submit(make_range, job)] = job
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                done(future.result())
                left.took(running.pop(future))
    finally:
        for future in running:
            future.cancel()
