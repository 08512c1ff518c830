"""Troffers on the ceiling grid: lattices by district, moved aside where something is in the way."""

from __future__ import annotations

import numpy as np
from numba import njit

from .bits import key, stream, uniform
from .dressing import RING
from .fields import TINT, even, sample
from .openings import MODULE

PITCHES = ((4, 4), (6, 4), (4, 6), (6, 6), (6, 8), (8, 8))
"""Lamp lattices in modules: along the lamps and across."""
_LAMP, _NAME = 14, 16


@njit(cache=True)
def shut_modules(ny, nx, rows):
    """Modules (2 ny, 2 nx) of the ceiling that something reaches: walls, partitions, headers, solids (by their box)."""
    shut = np.zeros((2 * ny, 2 * nx), np.bool_)
    n = 0
    while n < len(rows):
        if rows[n, 0] == RING:
            ring = rows[n + 1 : n + 1 + rows[n, 1]]
            _shut(shut, ring[:, 1].min(), ring[:, 2].min(), ring[:, 1].max(), ring[:, 2].max())
            n += len(ring)
        elif rows[n, 4] != 2 and rows[n, 4] != 4:
            t = rows[n, 8] // 2
            if rows[n, 0] == 0:
                _shut(shut, rows[n, 1] - t, rows[n, 2], rows[n, 1] + t, rows[n, 3])
            else:
                _shut(shut, rows[n, 2], rows[n, 1] - t, rows[n, 3], rows[n, 1] + t)
        n += 1
    return shut


@njit(cache=True)
def _shut(shut, x0, y0, x1, y1):
    """Mark the modules whose inside a rectangle meets."""
    ny, nx = shut.shape
    for y in range(max(y0 // MODULE, 0), min((y1 - 1) // MODULE, ny - 1) + 1):
        for x in range(max(x0 // MODULE, 0), min((x1 - 1) // MODULE, nx - 1) + 1):
            shut[y, x] = True


@njit(cache=True)
def lamps(world, rules, x0, y0, ceil, room, grid, shut):
    """Troffers over a raster whose corner is cell (x0, y0): rows (x, y, axis, z, state) in 0.1 mm, ids, kelvin.

    A lamp's long side covers one cell, its short side one module. Where its place on the district's lattice is
    taken it moves by one module, or by one cell along itself, or turns; else there is none.
    """
    ny, nx = ceil.shape
    out = np.empty((ny * nx, 5), np.int64)
    ids, kelvin = np.empty(ny * nx, np.uint64), np.empty(ny * nx, np.float64)
    n = 0
    lit = np.zeros((2 * ny, 2 * nx), np.bool_)
    for y in range(1, ny - 1):
        for x in range(1, nx - 1):
            g = grid[y, x]
            axis = np.int64(g >> 3)
            long, short = PITCHES[g & 7]
            along, across = (x0 + x, y0 + y) if axis == 0 else (y0 + y, x0 + x)
            if (2 * along) % long != 0 or (2 * across) % short != 0:
                continue
            m = 2 * (y if axis == 0 else x) + 1
            place = _place(shut, lit, room, axis, x if axis == 0 else y, m, room[y, x], long > 4)
            if place[0] < 0:
                continue
            axis, c, m = place
            mx, my = (2 * c, m) if axis == 0 else (m, 2 * c)
            lit[my, mx] = lit[my + axis, mx + 1 - axis] = True
            h = stream(key(world, _LAMP, 2 * x0 + mx, 2 * y0 + my, axis))
            power = sample(world, rules, x0 + mx // 2, y0 + my // 2)[3]
            u, dead = uniform(h), 1.0 - (1.0 - rules.lamps_dead) * power
            out[n, 0] = mx * MODULE + (MODULE if axis == 0 else MODULE // 2)
            out[n, 1] = my * MODULE + (MODULE if axis == 1 else MODULE // 2)
            out[n, 2], out[n, 3] = axis, ceil[my // 2, mx // 2]
            out[n, 4] = 1 if u < dead else (2 if u < dead + rules.lamps_failing * power else 0)
            ids[n] = key(world, _NAME, 2 * x0 + mx, 2 * y0 + my, axis)
            tint = even(world, TINT, x0 + x, y0 + y, rules.wave)
            odd = 500.0 * (uniform(h) - 0.5) if uniform(h) < 0.03 else 80.0 * (uniform(h) - 0.5)
            kelvin[n] = min(max(3900.0 + 500.0 * tint + odd, 3700.0), 4600.0)
            n += 1
    return out[:n], ids[:n], kelvin[:n]


_TRIES = ((0, 0, 0), (0, 0, 1), (0, 0, -1), (0, 1, 0), (0, -1, 0), (0, 1, 1), (0, -1, -1), (1, 0, 0), (1, 0, 1))
"""Turn, cells along and modules across that a lamp may move, in order."""


@njit(cache=True)
def _place(shut, lit, room, axis, c, m, home, far):
    """Where a lamp meant for cell c along and module m across its axis finds room: (axis, c, m), or -1."""
    for turn, dc, dm in _TRIES:
        if (dc != 0 and not far) or (dc != 0 and dm != 0 and not far):
            continue
        if turn == 0:
            a, c2, m2 = axis, c + dc, m + dm
        else:
            a, c2, m2 = 1 - axis, m // 2, 2 * c + dm
        x, y = (2 * c2, m2) if a == 0 else (m2, 2 * c2)
        if x < 0 or y < 0 or y + a >= shut.shape[0] or x + 1 - a >= shut.shape[1]:
            continue
        if shut[y, x] or shut[y + a, x + 1 - a] or lit[y, x] or lit[y + a, x + 1 - a] or room[y // 2, x // 2] != home:
            continue
        return a, c2, m2
    return np.int64(-1), np.int64(0), np.int64(0)
