"""Bounced light at samples of the charts: what their rays meet of the blocks' solved radiosity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .blocks import block_share, counts_in, home_blocks
from .bounce import mean_seen
from .gather import Surroundings, gather_hits
from .samples import Samples
from .threads import in_threads


@dataclass(frozen=True)
class SolvedBlock:
    """A block (2,) of the world; ``local`` (P + 1,) of its patches, as ``bounce.known`` gives it; and their radiosity
    / pi (I, 3) from each source that reaches them."""

    block: NDArray[np.int64]
    local: NDArray[np.int32]
    lights: dict[int, NDArray[np.float32]]


@dataclass(frozen=True)
class FinalGather:
    """All that bounced light at samples follows from: the charts' middle (C, 2); ``solved``, the blocks about them;
    sources: the lamps that light any of these; rays: fineness of ``gather_hits``."""

    around: Surroundings
    middle: NDArray[np.float64]
    solved: list[SolvedBlock]
    sources: list[int]
    rays: int

    def light(
        self, samples: Samples, normal: NDArray[np.float64], done: Callable[[float], object]
    ) -> dict[int, NDArray[np.float32]]:
        """The light (N, 3) at samples with these normals (N, 3) from each source; tells what share of it is done."""
        out = {lamp: np.zeros((len(samples.position), 3), np.float32) for lamp in self.sources}
        tiles, tile = np.unique(home_blocks(self.middle[samples.chart]), axis=0, return_inverse=True)
        nth = np.repeat(np.arange(len(samples.chart)), np.diff(samples.start))
        order = np.argsort(tile.ravel()[nth], kind="stable")
        ends = np.searchsorted(tile.ravel()[nth][order], np.arange(1, len(tiles)))
        rows, finished = np.split(order, ends), []

        def task(k: int, _: int) -> None:
            """The light of the samples of one block's charts, into their rows of ``out``."""
            row, position = rows[k], samples.position[rows[k]]
            hits = gather_hits(self.around, position, normal[row], self.rays)
            low, high = position[:, :2].min(axis=0), position[:, :2].max(axis=0)
            for solved in self.solved:
                if not counts_in(low, high, solved.block):
                    continue
                share = block_share(position[:, :2], solved.block).astype(np.float32)
                near = np.flatnonzero(share)
                for lamp, radiosity in solved.lights.items() if len(near) else ():
                    seen = mean_seen(hits[near], solved.local, radiosity)
                    out[lamp][row[near]] += share[near, None] * seen
            finished.append(k)
            done(len(finished) / len(tiles))

        in_threads(task, len(tiles), 1)
        return out
