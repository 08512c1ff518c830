"""Place many small rectangles in one wide atlas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def pack(sizes: NDArray, width: int, guard: int = 1) -> tuple[NDArray[np.int32], int]:
    """Shelves of falling height, filled from left to right; the result depends on ``sizes`` alone.

    sizes (C, 2) whole numbers: width and height of each rectangle in texels; rows with a 0 are skipped.
    width: of the atlas. guard: free texels kept on every side of every rectangle.
    Returns places (C, 2) int32, column and row of each first texel inside its guard (0 for skipped rows), and
    the atlas's height, at least 1.
    Raises ValueError when one rectangle with its guard is wider than the atlas.
    Source: next-fit decreasing height, Coffman, Garey, Johnson and Tarjan, SIAM J. Comput. 9, 1980.
    """
    sizes = np.asarray(sizes, np.int64).reshape(-1, 2)
    places = np.zeros((len(sizes), 2), np.int32)
    used = np.flatnonzero((sizes > 0).all(axis=1))
    boxes = sizes[used] + 2 * guard
    if len(used) and boxes[:, 0].max() > width:
        raise ValueError(f"a chart of {boxes[:, 0].max()} texels does not fit an atlas {width} wide")
    order = np.lexsort((-boxes[:, 0], -boxes[:, 1]))
    columns, rows, height = _shelves(boxes[order, 0].tolist(), boxes[order, 1].tolist(), width)
    places[used[order], 0] = np.asarray(columns, np.int64) + guard
    places[used[order], 1] = np.asarray(rows, np.int64) + guard
    return places, max(height, 1)


def _shelves(widths: list[int], heights: list[int], width: int) -> tuple[list[int], list[int], int]:
    """Columns and rows of boxes that come in falling height, and the height of all shelves."""
    columns: list[int] = []
    rows: list[int] = []
    column = row = top = 0
    for wide, high in zip(widths, heights, strict=True):
        if column + wide > width or not columns:
            column, row, top = 0, top, top + high
        columns.append(column)
        rows.append(row)
        column += wide
    return columns, rows, top
