"""Processes that do one job after the other, each with a cache of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from typing import Any, TypeVar

from ..child import SAFE, environment
from .frame_range import WorkerCache

SINGLE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS",
                                 "LP_NUM_THREADS")}  # fmt: skip
"""A worker is single-threaded: BLAS, compiled kernels and Mesa's software renderer alike."""
T = TypeVar("T")


class Workers(Executor):
    """Spawned processes that are given ``verb(job, cache)``: the job is sent, the cache is the worker's own.

    A job's future fails with BrokenProcessPool when its worker dies.
    """

    def __init__(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        self._threads = ThreadPoolExecutor(count)
        self._pipes, self._processes = [], []
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._idle.put(ours)
            self._pipes.append(ours)
            self._processes.append(process)

    def submit(self, verb: Callable[..., T], /, *job: Any, **named: Any) -> Future[T]:
        """Give out a job, to the worker that has been idle for longest."""
        return self._threads.submit(self._given, verb, job, named)

    def _given(self, verb: Callable[..., T], job: tuple, named: dict[str, Any]) -> T:
        pipe = self._idle.get()
        try:
            pipe.send((verb, job, named))
            result, error = pipe.recv()
        except (EOFError, OSError):
            raise BrokenProcessPool("a worker died") from None
        finally:
            self._idle.put(pipe)
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]

    def terminate(self) -> None:
        """End all workers at once, whatever they do."""
        for process in self._processes:
            process.terminate()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the workers end what they do, and then go."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join()


def _serve(calls: Connection) -> None:
    """A worker's life: it does what it is sent, until nobody is there to send more.

    Ctrl-C is left to the process that gives out the work.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    cache = WorkerCache()
    with suppress(EOFError, OSError):
        while True:
            verb, job, named = calls.recv()
            answer: tuple[Any, Exception | None]
            try:
                answer = verb(*job, cache, **named), None
            except Exception as error:
                error.add_note(traceback.format_exc())
                answer = None, error
            calls.send(answer)


def _end_with_parent() -> None:
    """End this process, whatever it does, when the one that started it has ended, however it ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep Ctrl-C from the processes that are started in the block: it comes to this one when the block ends."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def working(count: int) -> Iterator[Workers]:
    """Workers with one thread each; ended at once when the block fails."""
    with _unheard(), environment(SINGLE | SAFE):
        pool = Workers(count)
    try:
        yield pool
    except BaseException:
        pool.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
