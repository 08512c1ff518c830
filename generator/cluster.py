"""A dask cluster as an executor of jobs; each of its workers has a cache of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from distributed import Client, WorkerPlugin, get_worker

PLUGIN = "noclip"
T = TypeVar("T")


class CacheOfWorker(WorkerPlugin):
    """The cache that a worker of the cluster keeps; what is sent to workers holds none yet."""

    cache: Any

    def __init__(self, make_cache: Callable[[], Any]) -> None:
        self._make_cache = make_cache

    def setup(self, worker: Any) -> None:
        """The worker begins."""
        self.cache = self._make_cache()


class Far:
    """Gives ``verb(job, cache)`` to a cluster."""

    def __init__(self, client: Client, make_cache: Callable[[], Any]) -> None:
        self._plugin = f"{PLUGIN}-{make_cache.__name__}"
        client.register_plugin(CacheOfWorker(make_cache), name=self._plugin)
        self._executor: Executor = client.get_executor(pure=False)

    def submit(self, verb: Callable[..., T], job: Any) -> Future[T]:
        """Give out a job."""
        return self._executor.submit(_with_cache, self._plugin, verb, job)


def _with_cache(name: str, verb: Callable[..., T], job: Any) -> T:
    plugin = get_worker().plugins[name]
    assert isinstance(plugin, CacheOfWorker)
    return verb(job, plugin.cache)
