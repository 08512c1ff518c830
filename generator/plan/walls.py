"""From the raster of what stands on each cell's east and north side to walls as straight pieces.

Lengths are integers of 0.1 mm (a cell is 12192 of them), so that pieces that meet agree to the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER
from .lattice import ARCH, CELL, COLUMNS, HEADER, OPEN, PLAIN, WALL, WINDOW

_WALL_KIND, _HEADER_KIND, _SILL_KIND, _ARCH_KIND = 0, 3, 4, 5
LINTEL, HEAD, SPRING, CROWN, SILL, BEAM = 21000, 22000, 17500, 24500, 10500, 2000
"""Undersides of a doorway's header (2.10 m), of a header and the spring and crown of an arch; top of a window's sill;
how far a beam hangs below the lower ceiling. 0.1 mm."""


@njit("boolean(uint8[:, :, ::1], int64[:, :, :, ::1], int64, int64, int64, int64)", **ENTRY)
def touches(what, jamb, axis, y, x, end):
    """Does the wall on a side reach the side's low (0) or high (1) end?"""
    k = what[axis, y, x]
    return k == WALL or (k != OPEN and jamb[axis, end, y, x] > 0)


@njit(**ENTRY)
def walls(what, jamb, thick, run, ceil):
    """All walls of a raster as rows (N, COLUMNS) of bars; the outermost ring of cells is not drawn."""
    _, ny, nx = what.shape
    rows = np.empty((6 * ny * nx + 64, COLUMNS), np.int64)
    n = 0
    last = np.empty(3, np.int64)
    for axis in range(2):
        across, along = (nx, ny) if axis == 0 else (ny, nx)
        for line in range(1, across - 1):
            last[:] = -1
            for k in range(1, along - 1):
                y, x = (k, line) if axis == 0 else (line, k)
                kind = what[axis, y, x]
                if kind == OPEN:
                    last[:] = -1
                    continue
                here, there = ceil[y, x], ceil[y + axis, x + 1 - axis]
                top, low = max(here, there), min(here, there)
                lo, hi = jamb[axis, 0, y, x], jamb[axis, 1, y, x]
                a, b, at, t, r = k * CELL, (k + 1) * CELL, (line + 1) * CELL, thick[axis, y, x], run[axis, y, x]
                if kind == WALL:
                    n = _add(rows, n, last, 0, axis, at, a, b, _WALL_KIND, 0, top, 0, t, r)
                    continue
                if lo > 0:
                    n = _add(rows, n, last, 0, axis, at, a, a + lo, _WALL_KIND, 0, top, 0, t, r)
                over, under, crown = _above(kind, low, top)
                if over >= 0:
                    n = _add(rows, n, last, 1, axis, at, a + lo, b - hi, over, under, top, crown, t, r)
                if kind == WINDOW:
                    n = _add(rows, n, last, 2, axis, at, a + lo, b - hi, _SILL_KIND, 0, SILL, 0, t, r)
                if hi > 0:
                    n = _add(rows, n, last, 0, axis, at, b - hi, b, _WALL_KIND, 0, top, 0, t, r)
    _lengthen(rows[:n], what, jamb, thick)
    return rows[:n]


@njit(**INNER)
def _above(kind, low, top):
    """What hangs over an opening between ceilings ``low`` and ``top``: wall kind or -1, underside, crown.

    Over an opening up to the ceiling hangs a beam, but only where the ceiling steps.
    """
    if kind == PLAIN:
        return (_HEADER_KIND if top - low > 1 else -1), low - BEAM, 0
    if kind == ARCH:
        return _ARCH_KIND, SPRING, min(low - BEAM, CROWN)
    return _HEADER_KIND, (HEAD if kind == HEADER else LINTEL), 0


@njit(
    "int64(int64[:, ::1], int64, int64[::1], "
    "int64, int64, int64, int64, int64, int64, int64, int64, int64, int64, int64)",
    **INNER,
)
def _add(rows, n, last, slot, axis, line, a, b, kind, bottom, top, crown, t, r):
    """Append a piece, or lengthen the last one of its slot if it continues that."""
    k = last[slot]
    same = k >= 0 and rows[k, 3] == a and rows[k, 4] == kind and rows[k, 5] == bottom and rows[k, 6] == top
    if same and rows[k, 7] == crown and rows[k, 8] == t and rows[k, 9] == r:
        rows[k, 3] = b
        return n
    rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3], rows[n, 4] = axis, line, a, b, kind
    rows[n, 5], rows[n, 6], rows[n, 7], rows[n, 8], rows[n, 9] = bottom, top, crown, t, r
    last[slot] = n
    return n + 1


@njit(**INNER)
def _lengthen(rows, what, jamb, thick):
    """Lengthen walls that end at a corner by half the thickness of the wall round the corner, so it has no notch."""
    for n in range(len(rows)):
        if rows[n, 4] != _WALL_KIND:
            continue
        axis, line = rows[n, 0], rows[n, 1] // CELL - 1
        for end in range(2):
            at = rows[n, 2 + end]
            if at % CELL != 0:
                continue
            k = at // CELL
            if axis == 0:
                ahead = touches(what, jamb, 0, k if end else k - 1, line, 1 - end)
                left, right = touches(what, jamb, 1, k - 1, line, 1), touches(what, jamb, 1, k - 1, line + 1, 0)
                t = max(thick[1, k - 1, line] if left else 0, thick[1, k - 1, line + 1] if right else 0)
            else:
                ahead = touches(what, jamb, 1, line, k if end else k - 1, 1 - end)
                left, right = touches(what, jamb, 0, line, k - 1, 1), touches(what, jamb, 0, line + 1, k - 1, 0)
                t = max(thick[0, line, k - 1] if left else 0, thick[0, line + 1, k - 1] if right else 0)
            if not ahead and left != right:
                rows[n, 2 + end] += t // 2 if end else -(t // 2)
