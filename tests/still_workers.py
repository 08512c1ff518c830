"""Work for the workers of a batch of stills in tests: importable by the processes that they are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from generator.camera.shot import Pose
from generator.errors import NoclipError
from generator.still import Still, StillRequest, png_of, recipe_of
from generator.stills import _Taken

MARK = "NOCLIP_TEST_MARK"
"""Environment variable: a file that says that a worker has died."""
UNLUCKY = 2
"""The seed that something happens to."""


def draw(job: tuple[StillRequest, bool], cache: Any) -> _Taken:
    """A picture that tells seed and view, without a scene behind it."""
    request, _ = job
    frame = np.full((4, 4, 3), 16 * request.scene.seed + request.view, np.uint8)
    recipe = recipe_of(request.scene, Pose((0, 0), (1.0, 1.0, 1.6), 0.0), request.clean, request.only)
    return _Taken(png_of(Still(frame, np.zeros((4, 4, 3), np.float32), recipe)), None, ())


def die_once(job: tuple[StillRequest, bool], cache: Any) -> _Taken:
    mark = Path(os.environ[MARK])
    if job[0].scene.seed == UNLUCKY and not mark.exists():
        mark.touch()
        os._exit(9)
    return draw(job, cache)


def die_always(job: tuple[StillRequest, bool], cache: Any) -> _Taken:
    if job[0].scene.seed == UNLUCKY:
        os._exit(9)
    return draw(job, cache)


def refuse(job: tuple[StillRequest, bool], cache: Any) -> _Taken:
    if job[0].scene.seed == UNLUCKY:
        raise NoclipError("nowhere to stand")
    return draw(job, cache)


def break_down(job: tuple[StillRequest, bool], cache: Any) -> _Taken:
    if job[0].scene.seed == UNLUCKY:
        raise ZeroDivisionError("a fault of our own")
    return draw(job, cache)


class InThisProcess:
    """Gives jobs to this process."""

    def submit(self, verb: Any, job: Any) -> Future[Any]:
        """Do a job at once."""
        future: Future[Any] = Future()
        try:
            future.set_result(verb(job, {}))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def in_this_process(workers: int) -> Iterator[tuple[InThisProcess, int]]:
    yield InThisProcess(), 1
