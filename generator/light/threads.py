"""Two kernels at once: compiled loops that release the interpreter's lock, over contiguous ranges."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed


def in_threads(
    task: Callable[[int, int], object], count: int, grain: int, done: Callable[[int], object] | None = None
) -> None:
    """Run ``task(start, stop)`` over ranges of at most ``grain`` that cover ``range(count)``.

    The ranges do not depend on the number of threads, and each must write its own rows only, so neither does
    the result. ``done(n)`` is told in this thread of every n items finished.
    """
    ranges = [(k, min(k + grain, count)) for k in range(0, count, grain)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        running = {pool.submit(task, *r): r[1] - r[0] for r in ranges}
        for future in as_completed(running):
            future.result()
            if done is not None:
                done(running[future])
