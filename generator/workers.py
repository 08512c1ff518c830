"""Processes that do one job after the other, each with a cache of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor
from concurrent.futures import wait as ended
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

from .child import SAFE, environment
from .errors import NoclipError

SINGLE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS",
                                 "LP_NUM_THREADS")}  # fmt: skip
"""A worker is single-threaded: BLAS, compiled kernels and Mesa's software renderer alike."""
CONNECT_S = 10.0
T = TypeVar("T")
J = TypeVar("J")


class Giving(Protocol):
    """Takes jobs for processes here or elsewhere, each of which has a cache."""

    def submit(self, verb: Any, job: Any, /) -> Future[Any]: ...


class Workers(Executor):
    """Spawned processes that are given ``verb(job, cache)``: the job is sent, the cache is the worker's own.

    A job's future fails with BrokenProcessPool when its worker dies; another takes that one's place.
    """

    def __init__(self, count: int, make_cache: Callable[[], Any]) -> None:
        self._make_cache, self._lock, self._ended = make_cache, threading.Lock(), False
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        self._threads = ThreadPoolExecutor(count)
        self._processes: dict[Connection, Any] = {}
        for _ in range(count):
            self._idle.put(self._start())

    def _start(self) -> Connection:
        """Start a process; our end of its pipe."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._make_cache), daemon=True)
        process.start()
        theirs.close()
        self._processes[ours] = process
        return ours

    def submit(self, verb: Callable[..., T], /, *job: Any, **named: Any) -> Future[T]:
        """Give out a job, to the worker that has been idle for longest."""
        return self._threads.submit(self._given, verb, job, named)

    def _given(self, verb: Callable[..., T], job: tuple, named: dict[str, Any]) -> T:
        pipe = self._idle.get()
        try:
            pipe.send((verb, job, named))
            result, error = pipe.recv()
        except (EOFError, OSError):
            pipe = self._replaced(pipe)
            raise BrokenProcessPool("a worker died") from None
        finally:
            self._idle.put(pipe)
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]

    def _replaced(self, pipe: Connection) -> Connection:
        """A new worker in the place of a dead one; the dead one itself where all are ended."""
        with self._lock:
            if self._ended:
                return pipe
            self._processes.pop(pipe).join()
            pipe.close()
            with _unheard(), environment(SINGLE | SAFE):
                return self._start()

    def terminate(self) -> None:
        """End all workers at once, whatever they do."""
        with self._lock:
            self._ended = True
            for process in self._processes.values():
                process.terminate()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the workers end what they do, and then go."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for pipe, process in self._processes.items():
            pipe.close()
            process.join()


def _serve(calls: Connection, make_cache: Callable[[], Any]) -> None:
    """A worker's life: it does what it is sent, until nobody is there to send more.

    Ctrl-C is left to the process that gives out the work.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    cache = make_cache()
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
def working(count: int, make_cache: Callable[[], Any] = dict) -> Iterator[Workers]:
    """Start workers with one thread and one cache each; they are ended at once when the block fails."""
    with _unheard(), environment(SINGLE | SAFE):
        pool = Workers(count, make_cache)
    try:
        yield pool
    except BaseException:
        pool.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def each(
    give: Callable[[], J | None], submit: Callable[[J], Future[T]], wide: int, tries: int
) -> Generator[tuple[J, Future[T]]]:
    """Yield jobs, each with its future, as they end, ``wide`` of them given out at a time.

    give: the next job, None while there is none. submit: gives it out. A job whose worker dies is begun again, up to
    ``tries`` times in all.
    """
    running: dict[Future[T], tuple[J, int]] = {}
    try:
        while True:
            while len(running) < wide and (job := give()) is not None:
                running[submit(job)] = job, 1
            if not running:
                return
            for future in ended(running, return_when=FIRST_COMPLETED).done:
                job, begun = running.pop(future)
                if died(future.exception()) and begun < tries:
                    running[submit(job)] = job, begun + 1
                else:
                    yield job, future
    finally:
        for future in running:
            future.cancel()


def died(error: BaseException | None) -> bool:
    """Tell whether a worker's end made a job fail; ``KilledWorker`` is dask's."""
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


def check_cluster(address: str) -> None:
    """Raise NoclipError, within ten seconds, when no scheduler answers."""
    with _client(address):
        pass


@contextmanager
def clustered(address: str, make_cache: Callable[[], Any]) -> Iterator[tuple[Giving, int]]:
    """Give a cluster's executor, and how many jobs to keep in flight on it.

    address: of a dask scheduler, or its scheduler file.
    Raises NoclipError: no dask, or no such scheduler.
    """
    with _client(address) as client:
        from .cluster import Far

        threads = sum(client.nthreads().values())
        yield Far(client, make_cache), max(2 * threads, 4)


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """A scheduler's client, of ``distributed``."""
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
        yield client
