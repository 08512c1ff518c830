"""Times of the plan stage, warm, on one core: CPU seconds of this thread, the least of several runs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from generator.places.level0.plan.generate import floorplan
from generator.places.level0.plan_settings import NAMES, PlanSettings

FAR = 2**30
KM = 26
"""Chunks along a side of a square kilometre (1.014 km)."""


def least(work: Callable[[], object], runs: int) -> float:
    """The least CPU time of several runs, seconds."""
    times = []
    for _ in range(runs):
        start = time.thread_time()
        work()
        times.append(time.thread_time() - start)
    return min(times)


def mixed(heights: float = 0.0) -> PlanSettings:
    """Every grammar with one weight, what runs through them, and heights."""
    laid_over = {"corridors": True, "long_views": 1.0, "long_walls": 0.3, "heights": heights}
    return PlanSettings.model_validate({"grammars": dict.fromkeys(NAMES, 1.0), **laid_over})


def per_chunk(i: int, j: int, settings: PlanSettings) -> float:
    """Milliseconds for a chunk where none was drawn before: the median of nine squares of 4 by 4, chunk by chunk."""
    floorplan(settings, 7, (i - 1, j - 1, i, j))

    def square(k: int) -> None:
        for n in range(16):
            x, y = i + 40 * k + n % 4, j + n // 4
            floorplan(settings, 7, (x, y, x + 1, y + 1))

    return 1e3 / 16 * statistics.median(least(partial(square, k), 1) for k in range(9))


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Name, value, unit and goal of each measure."""
    settings = PlanSettings()
    floorplan(settings, 0, (0, 0, 1, 1))
    yield "plan: a chunk", per_chunk(0, 0, settings), "ms", "under 5"
    yield "plan: a chunk at (2^30, -2^30)", per_chunk(FAR - 400, -FAR + 8, settings), "ms", "as at (0, 0)"
    yield "plan: a chunk of districts", per_chunk(0, 0, mixed()), "ms", "under 6"
    alone = max(per_chunk(0, 0, PlanSettings.model_validate({"grammar": name})) for name in NAMES)
    yield "plan: a chunk of one grammar alone, the dearest", alone, "ms", "under 6"
    yield "plan: a chunk of districts with every height", per_chunk(0, 0, mixed(1.0)), "ms", "under 6"
    yield "plan: 10 km² chunk by chunk, memory", streamed_mb(), "MB", "under 500"
    one = least(lambda: floorplan(settings, 7, (0, 0, KM, KM)), 2)
    yield "plan: 1 km² at once", one, "s", "under 3.5"
    four = least(lambda: floorplan(settings, 7, (0, 0, 2 * KM, 2 * KM)), 1)
    yield "plan: 4 km² to 1 km²", four / one, "times", "4"


STREAM = """
import resource
from generator.places.level0.plan.generate import floorplan
from generator.places.level0.plan_settings import PlanSettings
settings = PlanSettings()
for k in range(6576):
    floorplan(settings, 3, (k % 82, k // 82, k % 82 + 1, k // 82 + 1))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
"""6576 chunks (10 km²), one by one, then the process's largest size in MB."""


def streamed_mb() -> float:
    """Peak memory of a fresh process through which 10 km² pass, MB; asked first, as Linux counts the parent's in."""
    return float(subprocess.run([sys.executable, "-c", STREAM], check=True, capture_output=True, text=True).stdout)
