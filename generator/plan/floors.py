"""Floors of several heights: how high they lie at a place, beside a wall, and where they step."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from .floorplan import CELL_M, Floorplan

BESIDE_M = 1e-3
"""What a wall or solid reaches into by less than this is not beside it."""


def floor_at(floor_m: NDArray[np.float64], xy: ArrayLike) -> NDArray[np.float64]:
    """Height (K,) of floors or ceilings (NY, NX) at places (K, 2) in plan; beyond the region, of the nearest cell."""
    rows, cols = floor_m.shape
    cell = np.floor(np.asarray(xy, np.float64).reshape(-1, 2) / CELL_M).astype(int)
    return np.asarray(floor_m[np.clip(cell[:, 1], 0, rows - 1), np.clip(cell[:, 0], 0, cols - 1)])


def step_edges(plan: Floorplan) -> NDArray[np.object_]:
    """The lines between cells whose floors differ, as shapely lines of one cell each."""
    j, i = np.nonzero(np.diff(plan.floor_m, axis=1))
    upright = np.stack([np.column_stack([i + 1, j]), np.column_stack([i + 1, j + 1])], axis=1)
    j, i = np.nonzero(np.diff(plan.floor_m, axis=0))
    level = np.stack([np.column_stack([i, j + 1]), np.column_stack([i + 1, j + 1])], axis=1)
    return np.asarray(shapely.linestrings(np.concatenate([upright, level]) * CELL_M), object).reshape(-1)


def floors_beside(
    floor: NDArray[np.float64], boxes: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest floor, or ceiling, (N,) of the cells that boxes (N, 4) x0, y0, x1, y1 reach into.

    floor (NY, NX): heights.
    """
    if np.ptp(floor) == 0.0:
        return np.full(len(boxes), floor[0, 0]), np.full(len(boxes), floor[0, 0])
    last = np.array(floor.shape[::-1]) - 1
    first = np.clip(np.floor((boxes[:, :2] + BESIDE_M) / CELL_M).astype(int), 0, last)
    end = np.clip(np.ceil((boxes[:, 2:] - BESIDE_M) / CELL_M).astype(int), first + 1, last + 1)
    low = floor[first[:, 1], first[:, 0]]
    high = low.copy()
    for k in np.flatnonzero(_many(floor, first, end)):
        (i0, j0), (i1, j1) = first[k], end[k]
        part = floor[j0:j1, i0:i1]
        low[k], high[k] = part.min(), part.max()
    return low, high


def _many(floor: NDArray[np.float64], first: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the cells from ``first`` to ``end`` (N, 2), half-open, have more than one height.

    Source: Crow, "Summed-area tables for texture mapping", SIGGRAPH 1984.
    """
    edge = np.zeros((2, *floor.shape), np.int64)
    edge[0, :, 1:], edge[1, 1:] = np.diff(floor, axis=1) != 0.0, np.diff(floor, axis=0) != 0.0
    table = np.pad(edge.cumsum(axis=1).cumsum(axis=2), ((0, 0), (1, 0), (1, 0)))
    (i0, j0), (i1, j1) = first.T, end.T
    across = [(np.minimum(i0 + 1, i1), j0), (i0, np.minimum(j0 + 1, j1))]
    count = [t[j1, i1] - t[b, i1] - t[j1, a] + t[b, a] for t, (a, b) in zip(table, across, strict=True)]
    return np.asarray(count[0] + count[1] > 0)
