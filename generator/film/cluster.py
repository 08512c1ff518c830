"""A dask cluster as an executor of jobs; each of its workers has a cache of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from distributed import Client, WorkerPlugin, get_worker

from .frame_range import WorkerCache

PLUGIN = "noclip"
T = TypeVar("T")


class DeskOfWorker(WorkerPlugin):
    """The cache that a worker of the cluster keeps; what is sent to workers holds none yet."""

    cache: WorkerCache

    def setup(self, worker: Any) -> None:
        """The worker begins."""
        self.cache = WorkerCache()


class Far:
    """Gives ``verb(job, cache)`` to a cluster."""

    def __init__(self, client: Client) -> None:
        client.register_plugin(DeskOfWorker(), name=PLUGIN)
        self._executor: Executor = client.get_executor(pure=False)

    def submit(self, verb: Callable[..., T], job: Any) -> Future[T]:
        """Give out a job."""
        return self._executor.submit(_at_desk, verb, job)


def _at_desk(verb: Callable[..., T], job: Any) -> T:
    plugin = get_worker().plugins[PLUGIN]
    assert isinstance(plugin, DeskOfWorker)
    return verb(job, plugin.cache)
