"""The cells of a plan, and what touches each: what sight and light are looked up in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..kernel_options import ENTRY, INNER
from .floorplan import CELL_M


class PlanGrid(NamedTuple):
    """What touches which cell of a plan of ``shape`` (ny, nx): items[start[k]:start[k + 1]] for k = iy * nx + ix."""

    shape: tuple[int, int]
    start: NDArray[np.int64]
    items: NDArray[np.int32]


def grid_of_boxes(shape: tuple[int, int], boxes: NDArray[np.float64]) -> PlanGrid:
    """Sort boxes (N, 4) x0, y0, x1, y1 into the cells that they touch."""
    return PlanGrid(shape, *_bucketed(boxes, np.full((len(boxes), 4), np.nan), shape[1], shape[0]))


def grid_of_lines(shape: tuple[int, int], ends: NDArray[np.float64]) -> PlanGrid:
    """Sort straight lines (N, 4) x0, y0, x1, y1 into the cells that they touch."""
    a, b = ends[:, :2], ends[:, 2:]
    boxes = np.column_stack([np.minimum(a, b), np.maximum(a, b)])
    return PlanGrid(shape, *_bucketed(boxes, ends, shape[1], shape[0]))


@njit(**ENTRY)
def _bucketed(boxes, ends, nx, ny):
    """Lists of boxes for every cell; a line that only passes a cell of its box is left out there."""
    count = np.zeros(nx * ny + 1, np.int64)
    for phase in range(2):
        if phase == 1:
            start = np.zeros(nx * ny + 1, np.int64)
            for k in range(nx * ny):
                start[k + 1] = start[k] + count[k]
            items = np.empty(start[-1], np.int32)
            fill = start[:-1].copy()
        for k in range(len(boxes)):
            i0 = min(max(int(np.floor((boxes[k, 0] - 1e-4) / CELL_M)), 0), nx - 1)
            i1 = min(max(int(np.floor((boxes[k, 2] + 1e-4) / CELL_M)), 0), nx - 1)
            j0 = min(max(int(np.floor((boxes[k, 1] - 1e-4) / CELL_M)), 0), ny - 1)
            j1 = min(max(int(np.floor((boxes[k, 3] + 1e-4) / CELL_M)), 0), ny - 1)
            for j in range(j0, j1 + 1):
                for i in range(i0, i1 + 1):
                    if i1 > i0 and j1 > j0 and _passes(ends[k], i, j):
                        continue
                    if phase == 0:
                        count[j * nx + i] += 1
                    else:
                        items[fill[j * nx + i]] = k
                        fill[j * nx + i] += 1
    return start, items


@njit(**INNER)
def _passes(e, i, j):
    """Does the line through two ends leave all four corners of a cell on one side?"""
    dx, dy = e[2] - e[0], e[3] - e[1]
    middle = dx * ((j + 0.5) * CELL_M - e[1]) - dy * ((i + 0.5) * CELL_M - e[0])
    reach = (abs(dx) + abs(dy)) * (0.5 * CELL_M + 1e-4)
    return abs(middle) > reach
