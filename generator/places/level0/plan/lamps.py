"""Troffers on the ceiling grid: lattices by district, moved aside where something is in the way."""

from __future__ import annotations

import numpy as np
from numba import njit

from ....kernel_options import ENTRY, INNER
from ....plan.districts import even
from ....plan.lattice import MODULE, RING
from ....plan.random_kernels import key, stream, uniform
from .districts import TINT, sample
from .tiling import GRAMMAR_BIT

KELVIN = (3400.0, 4600.0)
"""Colour temperatures of tubes, K: cool white, 4100 K, and how far makes and ages lie from it."""
MIXED = (3400.0, 4300.0)
"""Where a district is old, tubes were changed one by one for what was at hand: warm ones hang beside cool ones."""
OLD, OLDEST = 0.4, 0.8
"""Decay from which that begins, and from which it is so everywhere."""
TUBE_DEAD = 0.035
"""Share of the lamps of which one tube is dead and the others burn."""
PITCHES = ((4, 4), (6, 4), (4, 6), (6, 6), (6, 8), (8, 8), (8, 4), (12, 12))
"""Lamp lattices in modules: along the lamps and across. Which one a room has: ``block.spaces``."""
CIRCUIT = 16
"""Side in cells (19.5 m) of what one circuit feeds in a district with a grammar, whose rooms can be halls of 60 m."""
_LAMP, _NAME, _CIRCUIT = 14, 16, 18


@njit(**ENTRY)
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


@njit(**INNER)
def _shut(shut, x0, y0, x1, y1):
    """Mark the modules whose inside a rectangle meets."""
    ny, nx = shut.shape
    for y in range(max(y0 // MODULE, 0), min((y1 - 1) // MODULE, ny - 1) + 1):
        for x in range(max(x0 // MODULE, 0), min((x1 - 1) // MODULE, nx - 1) + 1):
            shut[y, x] = True


@njit(**ENTRY)
def lamps(world, rules, x0, y0, ceil, room, grid, shut):
    """Troffers over a raster whose corner is cell (x0, y0): rows (x, y, axis, z, state) in 0.1 mm, ids, kinds, kelvin.

    A lamp's long side covers one cell, its short side one module. Where its place on the district's lattice is
    taken it moves by one module, or by one cell along itself, or turns; else there is none. A lamp that has moved
    along itself or turned gives way to any lamp it would touch, so no lamp depends on one more than a few cells away.
    """
    ny, nx = ceil.shape
    sites = np.empty((ny * nx, 6), np.int64)
    kept, moved = np.zeros((2 * ny, 2 * nx), np.int64), np.zeros((2 * ny, 2 * nx), np.int64)
    n = 0
    for y in range(1, ny - 1):
        for x in range(1, nx - 1):
            axis = np.int64(grid[y, x] >> 3)
            long, short = PITCHES[grid[y, x] & 7]
            along, across = (x0 + x, y0 + y) if axis == 0 else (y0 + y, x0 + x)
            if (2 * along) % long != 0 or (2 * across) % short != 0:
                continue
            cell, module = (x, 2 * y + 1) if axis == 0 else (y, 2 * x + 1)
            place = _place(shut, room, axis, cell, module, room[y, x])
            if place[0] < 0:
                continue
            mx, my = (2 * place[1], place[2]) if place[0] == 0 else (place[2], 2 * place[1])
            far = place[0] != axis or place[1] != cell
            sites[n, 0], sites[n, 1], sites[n, 2], sites[n, 3] = place[0], mx, my, far
            layer = moved if far else kept
            layer[my, mx] += 1
            layer[my + place[0], mx + 1 - place[0]] += 1
            n += 1
    out = np.empty((n, 5), np.int64)
    ids, kinds, kelvin = np.empty(n, np.uint64), np.zeros(n, np.uint8), np.empty(n, np.float64)
    m = 0
    for k in range(n):
        axis, mx, my = sites[k, 0], sites[k, 1], sites[k, 2]
        if sites[k, 3] and _crowded(kept, moved, axis, mx, my):
            continue
        h = stream(key(world, _LAMP, 2 * x0 + mx, 2 * y0 + my, axis))
        cx, cy = x0 + mx // 2, y0 + my // 2
        _, decay, _, power, _ = sample(world, rules, cx, cy)
        named = room[my // 2, mx // 2]
        wide = named >> GRAMMAR_BIT & 1
        circuit = stream(key(world, _CIRCUIT, named, wide * (cx // CIRCUIT), wide * (cy // CIRCUIT)))
        power *= 1.0 if uniform(circuit) >= rules.rooms_dark else 0.0
        u, dead = uniform(h), 1.0 - (1.0 - rules.lamps_dead) * power
        out[m, 0] = mx * MODULE + (MODULE if axis == 0 else MODULE // 2)
        out[m, 1] = my * MODULE + (MODULE if axis == 1 else MODULE // 2)
        out[m, 2], out[m, 3] = axis, ceil[my // 2, mx // 2]
        out[m, 4] = 1 if u < dead else (2 if u < dead + rules.lamps_failing * power else 0)
        ids[m] = key(world, _NAME, 2 * x0 + mx, 2 * y0 + my, axis)
        spread = 500.0 if uniform(h) < 0.03 else 80.0
        warm = 3900.0 + 500.0 * even(world, TINT, cx, cy, rules.wave) + spread * (uniform(h) - 0.5)
        old = min(max((decay - OLD) / (OLDEST - OLD), 0.0), 1.0)
        warm += old * (MIXED[0] + (MIXED[1] - MIXED[0]) * uniform(h) - warm)
        kelvin[m] = min(max(warm, KELVIN[0]), KELVIN[1])
        kinds[m] = 1 if out[m, 4] == 0 and uniform(h) < TUBE_DEAD * (1.0 + 2.0 * old) else 0
        m += 1
    return out[:m], ids[:m], kinds[:m], kelvin[:m]


@njit(**INNER)
def _crowded(kept, moved, axis, mx, my):
    """Does a moved lamp overlap another lamp, or lie end to end with one?"""
    for k in range(-1, 3):
        x, y = (mx + k, my) if axis == 0 else (mx, my + k)
        if not (0 <= y < kept.shape[0] and 0 <= x < kept.shape[1]):
            continue
        if kept[y, x] > 0 or moved[y, x] > (1 if 0 <= k < 2 else 0):
            return True
    return False


_MOVES = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1))
"""Cells along itself and modules across that a lamp may move, in order."""


@njit(**INNER)
def _place(shut, room, axis, c, m, home):
    """Where a lamp meant for cell c along and module m across its axis finds room: (axis, c, m), or -1.

    It turns only where the room is too narrow for it.
    """
    for dc, dm in _MOVES:
        if _fits(shut, room, axis, c + dc, m + dm, home):
            return axis, c + dc, m + dm
    for dm in range(2):
        if _fits(shut, room, 1 - axis, m // 2, 2 * c + dm, home):
            return 1 - axis, m // 2, 2 * c + dm
    return np.int64(-1), c, m


@njit(**INNER)
def _fits(shut, room, axis, c, m, home):
    """May a lamp lie here: inside the raster, in its own room, where nothing stands?"""
    x, y = (2 * c, m) if axis == 0 else (m, 2 * c)
    x2, y2 = x + 1 - axis, y + axis
    if x < 0 or y < 0 or y2 >= shut.shape[0] or x2 >= shut.shape[1] or room[y // 2, x // 2] != home:
        return False
    return not (shut[y, x] or shut[y2, x2])
