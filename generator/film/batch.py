"""Ranges of frames, handed to processes here or to a cluster; a worker that dies has its ranges done again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing, nullcontext
from dataclasses import dataclass
from typing import Any

from ..errors import NoclipError
from ..workers import clustered, died, each, working
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
    left = _Left(chapters)
    with (
        clustered(cluster, WorkerCache) if cluster is not None else nullcontext() as far,
        working(1 if far else min(workers, left.width), WorkerCache) as near,
    ):
        executor, wide = far or (near, workers + 1)

        def submit(job: Job) -> Future[Any]:
            return near.submit(make_ready, job) if isinstance(job, Setting) else executor.submit(make_range, job)

        with closing(each(left.give, submit, wide, TRIES)) as finished:
            for job, future in finished:
                if died(future.exception()):
                    raise NoclipError("workers die again and again (out of memory?): give fewer --workers")
                done(future.result())
                left.took(job)


class _Left:
    """The work that is left, in the order in which it is given out: the segment at hand and the one after."""

    def __init__(self, chapters: Sequence[Chapter]) -> None:
        self._chapters = list(chapters)
        self._under_way: list[Job] = []

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
        for chapter in self._chapters[:2]:
            if chapter.ready == job:
                chapter.ready = None
            elif job in chapter.ranges:
                chapter.ranges.remove(job)
        self._chapters = [chapter for chapter in self._chapters if chapter.ranges or chapter.ready is not None]
