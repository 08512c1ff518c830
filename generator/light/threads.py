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
    threads = min(os.cpu_count() or 1, len(ranges))
    left = iter(ranges)

    def work() -> None:
        for start, stop in left:
            task(start, stop)

    if threads <= 1:
        work()
        return
    with ThreadPoolExecutor(threads) as pool:
        try:
            for running in [pool.submit(work) for _ in range(threads)]:
                running.result()
        finally:
            for _ in left:  # when one fails, or the work is interrupted, the others stop after the range at hand
                pass
