"""A window on the endless floor: every block that reaches into it, put into one raster of cells.

Every walkable place in the world can reach every other:
1. In a block a perfect maze spans all bays and every wall that it first crosses opens, so its rooms are joined; what
   stands in a room touches walls in at most one closed place and keeps 0.6 m from all else, so it cuts nothing off.
2. Blocks (i, j) and (i + 1, j), or (i, j + 1), share at least PITCH - 2 SWAY cells of one border, and it opens there.
3. Steps from (i, j) to its four neighbours reach every block of the plane.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numba import njit

from ....kernel_options import ENTRY
from ....plan.lattice import CELL, COLUMNS, RING
from .block import Block, block
from .openings import seam
from .tiling import block_box, blocks_over

RASTERS = Block._fields[:-1]
"""All that a block has but its pieces: rasters of cells."""


def window(world: np.uint64, rules: np.void, x0: int, y0: int, nx: int, ny: int) -> Block:
    """Everything that stands on nx × ny cells from cell (x0, y0): the blocks that reach into it, and their borders."""
    view = blank(nx, ny)
    pieces = [view.pieces]
    for (i, j), (bx0, by0, bx1, by1) in blocks_in(world, x0, y0, nx, ny).items():
        low, high = (max(bx0, x0), max(by0, y0)), (min(bx1, x0 + nx), min(by1, y0 + ny))
        inside = block(world, rules, i, j)
        to = (..., slice(low[1] - y0, high[1] - y0), slice(low[0] - x0, high[0] - x0))
        of = (..., slice(low[1] - by0, high[1] - by0), slice(low[0] - bx0, high[0] - bx0))
        for name in RASTERS:
            getattr(view, name)[to] = getattr(inside, name)[of]
        pieces.append(pieces_in(inside.pieces, (bx0 - x0) * CELL, (by0 - y0) * CELL, nx * CELL, ny * CELL))
    over = blocks_over(x0, x0 + nx), blocks_over(y0, y0 + ny)
    draw_seams(world, rules, x0, y0, *over, view)
    return view._replace(pieces=np.concatenate(pieces))


def blank(nx: int, ny: int) -> Block:
    """Return nx × ny cells on which nothing stands."""
    shape = (ny, nx)
    return Block(
        what=np.zeros((2, *shape), np.uint8),
        jamb=np.zeros((2, 2, *shape), np.int64),
        thick=np.zeros((2, *shape), np.int64),
        run=np.zeros((2, *shape), np.int64),
        room=np.zeros(shape, np.int64),
        ceil=np.zeros(shape, np.int64),
        grid=np.zeros(shape, np.uint8),
        pieces=np.zeros((0, COLUMNS), np.int64),
    )


def blocks_in(world: np.uint64, x0: int, y0: int, nx: int, ny: int) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """Find the blocks that reach into nx × ny cells from cell (x0, y0): their boxes by number."""
    (i0, i1), (j0, j1) = blocks_over(x0, x0 + nx), blocks_over(y0, y0 + ny)
    boxes = {(i, j): block_box(world, i, j) for j in range(j0, j1 + 1) for i in range(i0, i1 + 1)}
    return {n: b for n, b in boxes.items() if b[0] < x0 + nx and b[2] > x0 and b[1] < y0 + ny and b[3] > y0}


def draw_seams(
    world: np.uint64, rules: np.void, x0: int, y0: int, over_i: tuple[int, int], over_j: tuple[int, int], view: Block
) -> None:
    """Draw the borders of all blocks into a window's rasters."""
    vertices = product(range(over_j[0] - 1, over_j[1] + 2), range(over_i[0] - 1, over_i[1] + 2))
    corner, size = (x0, y0), view.room.shape[::-1]
    for j, i in vertices:
        axis, line, first, what, jamb, thick, run = seam(world, rules, i, j)
        at = line - 1 - corner[axis]
        low, high = max(first, corner[1 - axis]), min(first + len(what), corner[1 - axis] + size[1 - axis])
        if not 0 <= at < size[axis] or low >= high:
            continue
        along = slice(low - corner[1 - axis], high - corner[1 - axis])
        to, of = (along, at) if axis == 0 else (at, along), slice(low - first, high - first)
        view.what[(axis, *to)], view.thick[(axis, *to)], view.run[(axis, *to)] = what[of], thick[of], run[of]
        view.jamb[(axis, ..., *to)] = jamb[:, of]


@njit(**ENTRY)
def pieces_in(p, dx, dy, w, h):
    """The rows of a block's pieces that reach into a window of w × h (0.1 mm), moved by (dx, dy) into it."""
    out = np.empty((p[0, 0], COLUMNS), np.int64)
    m, n = 0, 1
    while n < p[0, 0]:
        first, size = m, 1 + p[n, 1] if p[n, 0] == RING else 1
        for k in range(size):
            for c in range(COLUMNS):
                out[m + k, c] = p[n + k, c]
        if p[n, 0] == RING:
            low_x = low_y = np.int64(1 << 60)
            high_x = high_y = -low_x
            for k in range(1, size):
                out[m + k, 1] += dx
                out[m + k, 2] += dy
                low_x, high_x = min(low_x, out[m + k, 1]), max(high_x, out[m + k, 1])
                low_y, high_y = min(low_y, out[m + k, 2]), max(high_y, out[m + k, 2])
        else:
            along, across = (dy, dx) if p[n, 0] == 0 else (dx, dy)
            out[m, 1] += across
            out[m, 2] += along
            out[m, 3] += along
            t = p[n, 8] // 2
            low_x, high_x = (out[m, 1] - t, out[m, 1] + t) if p[n, 0] == 0 else (out[m, 2], out[m, 3])
            low_y, high_y = (out[m, 2], out[m, 3]) if p[n, 0] == 0 else (out[m, 1] - t, out[m, 1] + t)
        m += size
        n += size
        if high_x <= 0 or high_y <= 0 or low_x >= w or low_y >= h:
            m = first
    return out[:m]
