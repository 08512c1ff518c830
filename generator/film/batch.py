"""Runs of frames, handed to processes on this machine or to a cluster; a worker that dies has its runs done again."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from ..errors import NoclipError
from .run import Made, Task, make_run

SINGLE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS",
                                 "LP_NUM_THREADS")}  # fmt: skip
"""A worker is single-threaded: BLAS, compiled kernels and Mesa's software renderer alike."""
TRIES = 3
"""So often a run is given out before it counts as the fault of the run."""
CONNECT_S = 10.0


def make_runs(tasks: Sequence[Task], workers: int, cluster: str | None, done: Callable[[Made], None]) -> None:
    """Make all runs; ``done`` is told of each as it is finished, in whatever order.

    workers: processes on this machine; cluster: address of a dask scheduler, or its scheduler file.
    Raises NoclipError: no such scheduler, or a run that kills its workers again and again.
    """
    if cluster is not None:
        with _cluster(cluster) as (executor, wide):
            _through(executor, tasks, wide, done)
        return
    left, tries = list(tasks), 0
    while left:
        count = len(left)

        def finish(made: Made) -> None:
            done(made)
            left[:] = [task for task in left if task.first != made.first]

        try:
            with _processes(min(workers, count)) as executor:
                _through(executor, list(left), workers + 1, finish)
        except BrokenProcessPool as error:
            tries = tries + 1 if len(left) == count else 0
            if tries >= TRIES:
                raise NoclipError("workers die again and again (out of memory?); what is finished is kept, "
                                  "go on with --resume and fewer --workers") from error  # fmt: skip


def _through(executor: Executor, tasks: Sequence[Task], wide: int, done: Callable[[Made], None]) -> None:
    """Give out tasks in order, ``wide`` at a time, so that little is in flight and little waits in memory."""
    waiting, running = list(reversed(tasks)), set[Future[Made]]()
    try:
        while waiting or running:
            while waiting and len(running) < wide:
                running.add(executor.submit(make_run, waiting.pop()))
            ready, running = wait(running, return_when=FIRST_COMPLETED)
            for future in ready:
                done(future.result())
    finally:
        for future in running:
            future.cancel()


@contextmanager
def _processes(count: int) -> Iterator[Executor]:
    """Spawned processes, each with one thread; ended at once when the block fails."""
    before = {name: os.environ.get(name) for name in SINGLE}
    os.environ.update(SINGLE)
    executor = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=_worker)
    try:
        yield executor
    except BaseException:
        for process in list((executor._processes or {}).values()):
            process.terminate()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _worker() -> None:
    """Leave Ctrl-C to the process that gives out the work."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def check_cluster(address: str) -> None:
    """Raise NoclipError, within ten seconds, when no scheduler answers."""
    with _cluster(address):
        pass


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """A cluster's executor, and how many runs to keep in flight on it."""
    try:
        from distributed import Client
    except ImportError:
        raise NoclipError("--cluster needs dask.distributed: pip install 'noclip-generator[cluster]'") from None
    known = {"scheduler_file": address} if os.path.exists(address) else {"address": address}
    try:
        client = Client(**known, timeout=CONNECT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise NoclipError(f"--cluster {address}: no scheduler answers ({' '.join(str(error).split())[:120]})") from None
    with client:
        threads = sum(client.nthreads().values())
        yield client.get_executor(pure=False), max(2 * threads, 4)
