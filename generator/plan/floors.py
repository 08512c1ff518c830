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
    cells = [floor[j0:j1, i0:i1] for (i0, j0), (i1, j1) in zip(first, end, strict=True)]
    return np.array([part.min() for part in cells]), np.array([part.max() for part in cells])
