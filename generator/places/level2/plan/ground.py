"""The ground between tunnels as rectangles, and what is lower than the ceiling of the cells that it shares. 0.1 mm."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import CHUNK_CELLS, SolidKind, WallKind
from ....plan.lattice import CELL, COLUMNS
from ....plan.rows import ring_rows
from .tunnels import Clear

TOP = 40000
"""Ground goes up to here, over every ceiling."""
RUN = 2
"""Identity of all ground."""
CHUNK = CHUNK_CELLS * CELL
Box = tuple[int, int, int, int]


def ground(clear: list[Clear], i: int, j: int) -> list[Box]:
    """Cut what a chunk holds beside clear space into upright strips: boxes x0, y0, x1, y1 of the world."""
    x0, y0 = i * CHUNK, j * CHUNK
    inside = [c for c in clear if c.x0 < x0 + CHUNK and c.x1 > x0 and c.y0 < y0 + CHUNK and c.y1 > y0]
    cuts = sorted({x0, x0 + CHUNK, *(x for c in inside for x in (c.x0, c.x1) if x0 < x < x0 + CHUNK)})
    open_: dict[tuple[int, int], int] = {}
    out: list[Box] = []
    for left, right in pairwise(cuts):
        spans = _gaps(sorted((c.y0, c.y1) for c in inside if c.x0 < right and c.x1 > left), y0, y0 + CHUNK)
        for span in [s for s in open_ if s not in spans]:
            out.append((open_.pop(span), span[0], left, span[1]))
        for span in spans:
            open_.setdefault(span, left)
    return out + [(start, span[0], x0 + CHUNK, span[1]) for span, start in open_.items()]


def _gaps(taken: list[tuple[int, int]], low: int, high: int) -> list[tuple[int, int]]:
    """What sorted stretches leave of the one from low to high."""
    out, at = [], low
    for start, end in taken:
        if start > at:
            out.append((at, min(start, high)))
        at = max(at, end)
    return [*out, (at, high)] if at < high else out


def soffits(clear: list[Clear], ceil: NDArray[np.int64], x0: int, y0: int) -> list[tuple[Box, int, int]]:
    """List where cells have a higher ceiling than the clear space in them: boxes of the world, from height to height.

    ceil (h, w): of the cells from the place (x0, y0) of the world.
    """
    out = []
    for c in clear:
        i0, j0, i1, j1 = (c.x0 - x0) // CELL, (c.y0 - y0) // CELL, -((x0 - c.x1) // CELL), -((y0 - c.y1) // CELL)
        part = ceil[max(j0, 0) : max(j1, 0), max(i0, 0) : max(i1, 0)]
        for j, i in np.argwhere(part > c.high).tolist():
            left, low = x0 + (i + max(i0, 0)) * CELL, y0 + (j + max(j0, 0)) * CELL
            box = max(c.x0, left), max(c.y0, low), min(c.x1, left + CELL), min(c.y1, low + CELL)
            if box[2] > box[0] and box[3] > box[1]:
                out.append((box, c.high, int(part[j, i])))
    return out


def rows_of(boxes: list[Box], x0: int, y0: int) -> NDArray[np.int64]:
    """List ground as rings from the place (x0, y0) of the world."""
    corners = np.array([[(a, b), (c, b), (c, d), (a, d)] for a, b, c, d in boxes], np.int64).reshape(-1, 4, 2)
    return ring_rows(corners - np.array([x0, y0]), SolidKind.GROUND, 0, TOP, RUN)


def bars_of(boxes: list[tuple[Box, int, int]], x0: int, y0: int, kind: WallKind) -> NDArray[np.int64]:
    """List boxes from height to height as bars from the place (x0, y0) of the world, cut along the lines of cells."""
    rows = [
        [0, (a + c) // 2 - x0, b - y0, d - y0, kind, bottom, top, 0, c - a, RUN]
        for (left, low, right, high), bottom, top in boxes
        for a, c in _cells_of(left, right)
        for b, d in _cells_of(low, high)
    ]
    return np.array(rows, np.int64).reshape(-1, COLUMNS)


def _cells_of(low: int, high: int) -> list[tuple[int, int]]:
    """A stretch cut at the lines of cells."""
    cuts = [low, *range((low // CELL + 1) * CELL, high, CELL), high]
    return list(pairwise(cuts))
