"""From the raster of what stands on each cell's east and north side to walls as straight pieces.

Lengths are integers of 0.1 mm (a cell is 12192 of them), so that pieces that meet agree to the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .bits import between, uniform

CELL = 12192
MODULE = 6096
OPEN, WALL, PLAIN, HEADER, DOORWAY, ARCH, WINDOW = range(7)
"""What stands on a cell's side: nothing at all; a wall; an opening in a wall that reaches the ceiling, or has a
header, a doorway's low header or an arch above it; an interior window."""
_WALL_KIND, _HEADER_KIND, _SILL_KIND, _ARCH_KIND = 0, 3, 4, 5


@njit(cache=True)
def open_up(state, rules, sides, axis, line, a, b, kind):
    """Turn sides a..b (half-open cells along a line) into one opening of a kind, jambs off its middle.

    sides: (kind, jamb, ...) arrays indexed [axis, y, x]; a doorway is 0.9 m wide, others lose 0.08–0.3 m a jamb.
    """
    what, jamb = sides
    if kind == DOORWAY:
        low = between(state, 800, CELL - 9000 - 800)
        high = CELL - 9000 - low
    else:
        low, high = between(state, 8, 30) * 100, between(state, 8, 30) * 100
    if b - a == 1 and kind != DOORWAY:
        low, high = between(state, 8, 13) * 100, between(state, 8, 13) * 100
    for k in range(a, b):
        y, x = (k, line) if axis == 0 else (line, k)
        what[axis, y, x] = kind
        jamb[axis, 0, y, x] = low if k == a else 0
        jamb[axis, 1, y, x] = high if k == b - 1 else 0


@njit(cache=True)
def opening_kind(state, rules, width):
    """A kind for an opening ``width`` cells wide."""
    u = uniform(state) * (rules.plain + rules.header + rules.doorway + rules.arch)
    if u < rules.plain:
        return PLAIN
    u -= rules.plain
    if u < rules.header:
        return HEADER
    u -= rules.header
    if u < rules.arch and 2 <= width <= 3:
        return ARCH
    return DOORWAY if width == 1 else HEADER


@njit(cache=True)
def touches(what, jamb, axis, y, x, end):
    """Does the wall on a side reach the side's low (0) or high (1) end?"""
    k = what[axis, y, x]
    return k == WALL or (k != OPEN and jamb[axis, end, y, x] > 0)


@njit(cache=True)
def pieces(what, jamb, thick, run, ceil):
    """All walls of a raster as rows (axis, line, from, to, kind, bottom, top, crown, thickness) and runs.

    ``line`` and ``from``, ``to`` in 0.1 mm from the raster's corner. The outermost ring of cells is not drawn.
    """
    _, ny, nx = what.shape
    rows = np.empty((6 * ny * nx + 64, 9), np.int64)
    runs = np.empty(len(rows), np.int64)
    n = 0
    for axis in range(2):
        across, along = (nx, ny) if axis == 0 else (ny, nx)
        for line in range(1, across - 1):
            last = np.full(3, -1, np.int64)
            for k in range(1, along - 1):
                y, x = (k, line) if axis == 0 else (line, k)
                kind = what[axis, y, x]
                if kind == OPEN:
                    last[:] = -1
                    continue
                here, there = ceil[y, x], ceil[y + axis, x + 1 - axis]
                top, low = max(here, there), min(here, there)
                lo, hi = jamb[axis, 0, y, x], jamb[axis, 1, y, x]
                a, b, t, r = k * CELL, (k + 1) * CELL, thick[axis, y, x], run[axis, y, x]
                at = (axis, (line + 1) * CELL)
                if kind == WALL:
                    n = _add(rows, runs, n, last, 0, at, a, b, _WALL_KIND, 0, top, 0, t, r)
                    continue
                if lo > 0:
                    n = _add(rows, runs, n, last, 0, at, a, a + lo, _WALL_KIND, 0, top, 0, t, r)
                n = _above(rows, runs, n, last, at, a + lo, b - hi, kind, low, top, t, r)
                if hi > 0:
                    n = _add(rows, runs, n, last, 0, at, b - hi, b, _WALL_KIND, 0, top, 0, t, r)
    _lengthen(rows[:n], what, jamb, thick)
    return rows[:n], runs[:n]


@njit(cache=True)
def _above(rows, runs, n, last, at, a, b, kind, low, top, t, r):
    """The pieces over (and under) an opening; a plain one gets a beam where the ceiling steps."""
    if kind == PLAIN:
        if top - low > 1:
            n = _add(rows, runs, n, last, 1, at, a, b, _HEADER_KIND, min(low - 2500, 24000), top, 0, t, r)
    elif kind == ARCH:
        n = _add(rows, runs, n, last, 1, at, a, b, _ARCH_KIND, 17500, top, min(low - 2000, 24500), t, r)
    elif kind == WINDOW:
        n = _add(rows, runs, n, last, 2, at, a, b, _SILL_KIND, 0, 10500, 0, t, r)
        n = _add(rows, runs, n, last, 1, at, a, b, _HEADER_KIND, 21000, top, 0, t, r)
    else:
        n = _add(rows, runs, n, last, 1, at, a, b, _HEADER_KIND, 21000 if kind == DOORWAY else 22000, top, 0, t, r)
    return n


@njit(cache=True)
def _add(rows, runs, n, last, slot, at, a, b, kind, bottom, top, crown, t, r):
    """Append a piece, or lengthen the one it continues."""
    k = last[slot]
    axis, line = at
    if (
        k >= 0
        and rows[k, 3] == a
        and rows[k, 4] == kind
        and rows[k, 5] == bottom
        and rows[k, 6] == top
        and rows[k, 7] == crown
        and rows[k, 8] == t
        and runs[k] == r
    ):
        rows[k, 3] = b
        return n
    rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3] = axis, line, a, b
    rows[n, 4], rows[n, 5], rows[n, 6], rows[n, 7], rows[n, 8] = kind, bottom, top, crown, t
    runs[n] = r
    last[slot] = n
    return n + 1


@njit(cache=True)
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
