"""Work for the film's workers in tests: importable by the processes that they are."""

from __future__ import annotations

import os
import time
from pathlib import Path

from generator.errors import NoclipError
from generator.film.frame_range import Made, Task, WorkerCache


def die_once(task: Task, cache: WorkerCache) -> Made:
    """Kill the worker the first time that range 2 is asked for; else a range without pictures."""
    mark = Path(task.setting.segment)
    if task.first == 2 and not mark.exists():
        mark.touch()
        os._exit(9)
    return Made(task.first, task.stop, {}, (str(task.first),), {})


def die_always(task: Task, cache: WorkerCache) -> Made:
    os._exit(9)


def refuse(number: int, cache: WorkerCache) -> None:
    raise NoclipError(f"no {number}")


def pid(number: int, cache: WorkerCache) -> int:
    return os.getpid()


def sleep_for_ever(number: int, cache: WorkerCache) -> None:
    time.sleep(1e6)
