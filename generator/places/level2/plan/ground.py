"""The ground between tunnels as rectangles, and what is lower than the ceiling of the cells that it shares. 0.1 mm."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import CHUNK_CELLS, SolidKind
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


def rows_of(boxes: list[tuple[Box, int, int]], x0: int, y0: int, kind: SolidKind) -> NDArray[np.int64]:
    """List boxes with their heights as rings from the place (x0, y0) of the world."""
    rows = [np.zeros((0, COLUMNS), np.int64)]
    for (a, b, c, d), bottom, top in boxes:
        ring = np.array([[(a - x0, b - y0), (c - x0, b - y0), (c - x0, d - y0), (a - x0, d - y0)]], np.int64)
        rows.append(ring_rows(ring, kind, bottom, top, RUN))
    return np.concatenate(rows)
