"""What stands where, by chance: drawn so that it depends on the place in the world and on the seed alone."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from ..plan.floorplan import CHUNK_CELLS, Floorplan
from ..seed import hash64, rng_for

EDGE_CELLS = 2
"""Drawn cells keep this far from the border of their square."""


def unit(seed: int, stream: str, *key: int) -> float:
    """A number in [0, 1) that belongs to a place for ever."""
    return (hash64(seed, stream, *key) >> 11) * 2.0**-53


def drawn_cells(
    plan: Floorplan, seed: int, stream: str, square: int, chance: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """At most one cell in each of the world's squares of ``square`` cells: cells (K, 2) x, y, and draws (K, 2) in 0..1.

    chance: how often there is one, a number or one for each cell (NY, NX); ``square`` divides a chunk.
    """
    per_chunk = CHUNK_CELLS // square
    chances = np.broadcast_to(np.asarray(chance, float), plan.ceiling_m.shape)
    rows, columns = (n // square for n in plan.ceiling_m.shape)
    cells, draws = [], []
    for j in range(rows):
        for i in range(columns):
            rng = rng_for(seed, stream, plan.origin[0] * per_chunk + i, plan.origin[1] * per_chunk + j)
            u = rng.uniform(size=5)
            x, y = (np.array([i, j]) * square + EDGE_CELLS + (u[:2] * (square - 2 * EDGE_CELLS)).astype(int)).tolist()
            if u[2] < chances[y, x]:
                cells.append((x, y))
                draws.append(u[3:])
    return np.array(cells, np.int64).reshape(-1, 2), np.array(draws).reshape(-1, 2)


def clear_spots(spots: NDArray[np.float64], radius: float, busy: NDArray[np.object_]) -> NDArray[np.bool_]:
    """(K,) whether a disc of ``radius`` metres around each spot (K, 2) meets none of the ``busy`` polygons."""
    free = np.ones(len(spots), bool)
    if len(busy) and len(spots):
        near = shapely.STRtree(busy).query(shapely.points(spots), predicate="dwithin", distance=radius)
        free[near[0]] = False
    return free
