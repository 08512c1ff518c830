"""Two kernels at once: compiled loops that release the interpreter's lock, over contiguous ranges."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def in_threads(task: Callable[[int, int], object], count: int, grain: int) -> None:
    """Run ``task(start, stop)`` over ranges of at most ``grain`` that cover ``range(count)``.

    The ranges do not depend on the number of threads, and each must write its own rows only, so neither does
    the result.
    """
    ranges = [(k, min(k + grain, count)) for k in range(0, count, grain)]
    if len(ranges) == 1:
        task(*ranges[0])
        return
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for running in [pool.submit(task, *r) for r in ranges]:
            running.result()
