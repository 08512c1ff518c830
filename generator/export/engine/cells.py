"""Cells of a plan: those of a chunk, the ground under some of them, and the rectangles that they fill."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ...plan.floorplan import CELL_M, CHUNK_CELLS, CHUNK_M
from ..region import Chunk


def chunk_corner(chunk: Chunk, origin: Chunk) -> NDArray[np.float64]:
    """Find a chunk's south-west corner (2,), metres from that of chunk ``origin``."""
    return np.asarray((np.array(chunk) - origin) * CHUNK_M)


def chunk_cells(chunk: Chunk, origin: Chunk) -> tuple[slice, slice]:
    """Find the rows and columns of a chunk's cells in the rasters of a plan that begins at chunk ``origin``."""
    i, j = np.rint(chunk_corner(chunk, origin) / CELL_M).astype(int)
    return slice(j, j + CHUNK_CELLS), slice(i, i + CHUNK_CELLS)


def ground_of(chosen: NDArray[np.bool_], side_m: float = CELL_M) -> shapely.Geometry:
    """Join the cells (NY, NX), of so many metres a side, that are chosen into one shape, metres."""
    edge = np.diff(np.pad(chosen.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    j, i = np.nonzero(edge > 0)
    end = np.nonzero(edge < 0)[1]
    return shapely.union_all(shapely.box(i * side_m, j * side_m, end * side_m, (j + 1) * side_m))


def level_rectangles(height: NDArray[np.float64]) -> list[tuple[float, float, float, float, float]]:
    """Split a raster (NY, NX) of heights into rectangles of one height: (x0, y0, x1, y1, height) in metres."""
    left, out = np.ones(height.shape, bool), []
    for j in range(height.shape[0]):
        for i in np.flatnonzero(left[j]):
            if not left[j, i]:
                continue
            same = left[j, i:] & (height[j, i:] == height[j, i])
            wide = int(np.argmin(same)) if not same.all() else len(same)
            span = slice(i, i + wide)
            rows = (left[j:, span] & (height[j:, span] == height[j, i])).all(axis=1)
            deep = int(np.argmin(rows)) if not rows.all() else len(rows)
            left[j : j + deep, span] = False
            corners = np.array([i, j, i + wide, j + deep]) * CELL_M
            out.append((*corners.tolist(), float(height[j, i])))
    return out
