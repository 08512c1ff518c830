"""What stands inside rooms: partitions, half walls, stubs, pilasters, pillars, blocks, oblique and curved walls.

Every piece claims the vertices of the module lattice that it covers. It is set only where no vertex within one module
of it is claimed, so between any two pieces, and between a piece and a wall, at least 0.6 m stay free; a stub or
pilaster touches one closed stretch of wall in one place. None of them can therefore cut a room in two.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ....kernel_options import ENTRY, INNER
from ....plan.lattice import CELL, COLUMNS, CORNER, MODULE, OPEN, RING, WALL
from ....plan.random_kernels import below, between, chance, uniform

PARTITION, HALF, STUB = 1, 2, 0
"""Wall kinds of free-standing bars, as in ``WallKind``."""
PILLAR, PILASTER, BLOCK, CURVED, OBLIQUE = range(5)
"""Solid kinds, as in ``SolidKind``."""
FREE, CLOSED, TAKEN = 0, 1, 2
"""Vertices of the module lattice: free, in a closed wall, or in an opening or a piece."""


@njit(**ENTRY)
def piece_list(cells):
    """An empty list for a block of so many cells: a piece claims a cell at least, a curve under 8 corners a cell.

    Row 0 only holds, in its first column, how many rows are in use.
    """
    rows = np.zeros((9 * cells + 256, COLUMNS), np.int64)
    rows[0, 0] = 1
    return rows


@njit(**ENTRY)
def claims(what, jamb, border):
    """The module lattice (2h + 1, 2w + 1) of a block as its walls claim it.

    what, jamb: the block's own sides; border (4, n): what stands on its west, south, east and north side.
    """
    _, h, w = what.shape
    claim = np.zeros((2 * h + 1, 2 * w + 1), np.uint8)
    for y in range(h):
        _claim_side(claim, 0, y, 0, border[0, y])
        _claim_side(claim, 0, y, w, border[2, y])
        for x in range(w - 1):
            _claim_side(claim, 0, y, x + 1, what[0, y, x])
    for x in range(w):
        _claim_side(claim, 1, 0, x, border[1, x])
        _claim_side(claim, 1, h, x, border[3, x])
        for y in range(h - 1):
            _claim_side(claim, 1, y + 1, x, what[1, y, x])
    return claim


@njit("void(uint8[:, ::1], int64, int64, int64, uint8)", **INNER)
def _claim_side(claim, axis, y, x, what):
    """Claim the three vertices of one side: of the line x (axis 0) beside cell row y, or of line y."""
    if what == OPEN:
        return
    mark = CLOSED if what == WALL else TAKEN
    for k in range(3):
        v, u = (2 * y + k, 2 * x) if axis == 0 else (2 * y, 2 * x + k)
        claim[v, u] = max(claim[v, u], mark)


@njit(**ENTRY)
def is_clear(claim, x0, y0, x1, y1, grow):
    """Is no vertex of the closed rectangle, grown by ``grow`` modules, claimed or outside?"""
    ny, nx = claim.shape
    if x0 - grow < 0 or y0 - grow < 0 or x1 + grow >= nx or y1 + grow >= ny:
        return False
    for y in range(y0 - grow, y1 + grow + 1):
        for x in range(x0 - grow, x1 + grow + 1):
            if claim[y, x] != FREE:
                return False
    return True


@njit(**ENTRY)
def strip(axis, line, a, b):
    """The closed rectangle of vertices a..b on a line: upright for axis 0, level for axis 1."""
    low, high = min(a, b), max(a, b)
    return (line, low, line, high) if axis == 0 else (low, line, high, line)


@njit(**ENTRY)
def take(claim, x0, y0, x1, y1):
    """Claim a closed rectangle of vertices."""
    for y in range(y0, y1 + 1):
        for x in range(x0, x1 + 1):
            claim[y, x] = TAKEN


@njit("void(int64[:, ::1], int64, int64, int64, int64, int64, int64, int64, int64)", **ENTRY)
def add_bar(p, axis, line, a, b, kind, top, thick, run):
    """Write a straight free-standing wall from a to b on a line, all in 0.1 mm."""
    n = p[0, 0]
    p[n, 0], p[n, 1], p[n, 2], p[n, 3], p[n, 4], p[n, 6], p[n, 8], p[n, 9] = axis, line, a, b, kind, top, thick, run + n
    p[0, 0] = n + 1


@njit("void(int64[:, ::1], int64, int64, int64, int64)", **ENTRY)
def open_ring(p, corners, kind, top, run):
    """Write the head of a ring; its corners must follow, counter-clockwise."""
    n = p[0, 0]
    p[n, 0], p[n, 1], p[n, 4], p[n, 6], p[n, 9] = RING, corners, kind, top, run + n
    p[0, 0] = n + 1


@njit("void(int64[:, ::1], float64, float64)", **ENTRY)
def add_corner(p, x, y):
    """Write the next corner of a ring."""
    n = p[0, 0]
    p[n, 0], p[n, 1], p[n, 2] = CORNER, round(x), round(y)
    p[0, 0] = n + 1


@njit("void(int64[:, ::1], int64, int64, int64, int64, int64, int64, int64)", **ENTRY)
def add_box(p, x0, y0, x1, y1, kind, top, run):
    """Write an upright box over a rectangle."""
    open_ring(p, 4, kind, top, run)
    add_corner(p, x0, y0)
    add_corner(p, x1, y0)
    add_corner(p, x1, y1)
    add_corner(p, x0, y1)


@njit(**ENTRY)
def add_arc(p, cx, cy, rx, ry, start, end, thick, top, run):
    """Write a curved wall: a band along an ellipse from angle to angle, in chords under 0.35 m and 5 degrees."""
    n = max(2, math.ceil((end - start) / min(math.radians(5.0), 3400.0 / max(rx, ry))))
    open_ring(p, 2 * n + 2, CURVED, top, run)
    for k in range(n + 1):
        t = start + (end - start) * k / n
        add_corner(p, cx + (rx + thick / 2) * math.cos(t), cy + (ry + thick / 2) * math.sin(t))
    for k in range(n, -1, -1):
        t = start + (end - start) * k / n
        add_corner(p, cx + (rx - thick / 2) * math.cos(t), cy + (ry - thick / 2) * math.sin(t))


@njit(**ENTRY)
def dress_room(state, rules, claim, p, box, top, free, run, pitch, phase_x, phase_y):
    """Furnish a room of cells ``box`` x0, y0, x1, y1 with ceiling ``top``.

    pitch, phase: of the district's pillars, cells; ``free``: openness here.
    """
    x0, y0, x1, y1 = box
    w, h = x1 - x0, y1 - y0
    area = w * h
    oval = 9 <= w <= 24 and 9 <= h <= 24 and chance(state, rules.curved)
    if oval and _oval(state, claim, p, x0, y0, x1, y1, top, run):
        return
    if max(w, h) >= 13 and min(w, h) >= 4:
        _break_view(state, claim, p, x0, y0, x1, y1, top, run)
    if area >= 60 and min(w, h) >= 5 and chance(state, rules.pillars * (0.4 + free)):
        _pillars(state, claim, p, x0, y0, x1, y1, top, run, pitch, phase_x, phase_y)
    if area >= 40 and chance(state, rules.blocks):
        _block(state, claim, p, x0, y0, x1, y1, top, run)
    if area >= 30 and chance(state, rules.oblique):
        _oblique(state, claim, p, x0, y0, x1, y1, top, run)
    if area >= 36 and chance(state, rules.curved):
        _quarter(state, claim, p, x0, y0, x1, y1, top, run)
    if area >= 20:
        for _ in range(1 + area // 30):
            if chance(state, rules.partitions):
                _bar(state, rules, claim, p, x0, y0, x1, y1, top, run)
    for _ in range(1 + area // 40):
        if chance(state, rules.stubs):
            _stub(state, claim, p, x0, y0, x1, y1, top, run)
    if area >= 16 and chance(state, rules.pilasters):
        _pilasters(state, claim, p, x0, y0, x1, y1, top, run)


@njit(**INNER)
def _break_view(state, claim, p, x0, y0, x1, y1, top, run):
    """Stand a wall across the middle quarter of a long room, over 40 to 75 % of its breadth."""
    w, h = x1 - x0, y1 - y0
    axis = 0 if w >= h else 1
    length, breadth = (w, h) if axis == 0 else (h, w)
    for _ in range(4):
        span = int(2 * breadth * (0.40 + 0.35 * uniform(state)))
        at = int(2 * length * (0.375 + 0.25 * uniform(state)))
        low = between(state, 2, 2 * breadth - span - 2)
        u = (2 * x0 if axis == 0 else 2 * y0) + at
        v = (2 * y0 if axis == 0 else 2 * x0) + low
        if _set_bar(claim, p, axis, u, v, v + span, np.int64(PARTITION), top, np.int64(1200), run):
            return


@njit(**INNER)
def _set_bar(claim, p, axis, line, a, b, kind, top, thick, run):
    """Set a free-standing bar on module vertices a..b of a line if there is room for it."""
    x0, y0, x1, y1 = strip(axis, line, a, b)
    if b - a < 2 or not is_clear(claim, x0, y0, x1, y1, 1):
        return False
    take(claim, x0, y0, x1, y1)
    add_bar(p, axis, line * MODULE, a * MODULE, b * MODULE, kind, top, thick, run)
    return True


@njit(**INNER)
def _bar(state, rules, claim, p, x0, y0, x1, y1, top, run):
    """A free-standing partition, thin or thick, or a half wall 1.0 to 1.5 m high; some turn a corner."""
    half = chance(state, rules.half)
    tall = between(state, 10, 15) * 1000 if half else top
    thick = between(state, 6, 12) * 100 if half else (600 if chance(state, 0.35) else 1200)
    kind = HALF if half else PARTITION
    for _ in range(6):
        axis = below(state, 2)
        u0, u1, v0, v1 = (x0, x1, y0, y1) if axis == 0 else (y0, y1, x0, x1)
        length = between(state, 4, min(14, 2 * (v1 - v0) - 4))
        line = between(state, 2 * u0 + 2, 2 * u1 - 2)
        a = between(state, 2 * v0 + 2, 2 * v1 - 2 - length)
        if not _set_bar(claim, p, axis, line, a, a + length, kind, tall, thick, run):
            continue
        if chance(state, 0.3):
            _wing(state, claim, p, axis, line, a + length, kind, tall, thick, run)
        return


@njit(**INNER)
def _wing(state, claim, p, axis, line, end, kind, top, thick, run):
    """Turn the far end of the bar just set round a corner, if there is room."""
    length = between(state, 3, 7)
    way = 1 if chance(state, 0.5) else -1
    x0, y0, x1, y1 = strip(1 - axis, end, line + 2 * way, line + length * way)
    if not is_clear(claim, x0, y0, x1, y1, 1):
        return
    take(claim, x0, y0, x1, y1)
    a, b = min(line, line + way * length) * MODULE, max(line, line + way * length) * MODULE
    a, b = (a - thick // 2, b) if way > 0 else (a, b + thick // 2)
    p[p[0, 0] - 1, 3] += thick // 2
    add_bar(p, 1 - axis, end * MODULE, a, b, kind, top, thick, run)


@njit(**INNER)
def _stub(state, claim, p, x0, y0, x1, y1, top, run):
    """A short wall standing out from a closed wall, 1 to 3 cells long."""
    for _ in range(5):
        axis, along0, along1, base, way = _side(state, x0, y0, x1, y1)
        at = between(state, 2 * along0 + 2, 2 * along1 - 2)
        length = between(state, 2, 6)
        if not _backed(claim, axis, base, at, 2):
            continue
        u0, v0, u1, v1 = strip(axis, at, base + 2 * way, base + way * length)
        if not is_clear(claim, u0, v0, u1, v1, 1):
            continue
        u0, v0, u1, v1 = strip(axis, at, base, base + way * length)
        take(claim, u0, v0, u1, v1)
        a, b = min(base, base + way * length) * MODULE, max(base, base + way * length) * MODULE
        add_bar(p, axis, at * MODULE, a, b, STUB, top, 1200, run)
        return


@njit(**INNER)
def _side(state, x0, y0, x1, y1):
    """A side of a room drawn: the axis that stands out from it, from where to where it runs, its line, the way in."""
    side = below(state, 4)
    base = 2 * (x0 if side == 0 else (y0 if side == 1 else (x1 if side == 2 else y1)))
    way = 1 if side < 2 else -1
    return (1, y0, y1, base, way) if side % 2 == 0 else (0, x0, x1, base, way)


@njit(**INNER)
def _backed(claim, axis, base, at, reach):
    """Is the wall on line ``base`` closed and plain for ``reach`` modules to both sides of vertex ``at``?"""
    ny, nx = claim.shape
    for k in range(at - reach, at + reach + 1):
        y, x = (k, base) if axis == 1 else (base, k)
        if not (0 <= y < ny and 0 <= x < nx) or claim[y, x] != CLOSED:
            return False
    return True


@njit(**INNER)
def _pilasters(state, claim, p, x0, y0, x1, y1, top, run):
    """A row of pilasters on the closed stretches of one side of a room."""
    axis, along0, along1, base, way = _side(state, x0, y0, x1, y1)
    half, deep, step = between(state, 15, 25) * 100, between(state, 18, 30) * 100, 2 * between(state, 3, 5)
    at = 2 * along0 + step // 2
    while at < 2 * along1 - 1:
        x, y, _, _ = strip(axis, at, base + 2 * way, base + 2 * way)
        if is_clear(claim, x, y, x, y, 1) and _backed(claim, axis, base, at, 2):
            u0, u1 = min(base * MODULE, base * MODULE + way * deep), max(base * MODULE, base * MODULE + way * deep)
            v0, v1 = at * MODULE - half, at * MODULE + half
            a, b, c, d = (u0, v0, u1, v1) if axis == 1 else (v0, u0, v1, u1)
            add_box(p, a, b, c, d, PILASTER, top, run)
            x, y, _, _ = strip(axis, at, base, base)
            take(claim, x, y, x, y)
        at += step


@njit(**INNER)
def _pillars(state, claim, p, x0, y0, x1, y1, top, run, pitch, phase_x, phase_y):
    """Pillars on the district's lattice, wherever there is room; a few are missing."""
    half = between(state, 18, 30) * 100
    for y in range(y0, y1 + 1):
        for x in range(x0, x1 + 1):
            if (x + phase_x) % pitch or (y + phase_y) % pitch or chance(state, 0.06):
                continue
            if is_clear(claim, 2 * x, 2 * y, 2 * x, 2 * y, 1):
                take(claim, 2 * x, 2 * y, 2 * x, 2 * y)
                add_box(p, x * CELL - half, y * CELL - half, x * CELL + half, y * CELL + half, PILLAR, top, run)


@njit(**INNER)
def _block(state, claim, p, x0, y0, x1, y1, top, run):
    """A thick solid block, as if something had been walled in."""
    for _ in range(4):
        w, h = between(state, 2, 6), between(state, 1, 4)
        x = between(state, 2 * x0 + 2, 2 * x1 - 2 - w)
        y = between(state, 2 * y0 + 2, 2 * y1 - 2 - h)
        if is_clear(claim, x, y, x + w, y + h, 1):
            take(claim, x, y, x + w, y + h)
            add_box(p, x * MODULE, y * MODULE, (x + w) * MODULE, (y + h) * MODULE, BLOCK, top, run)
            return


@njit(**INNER)
def _oblique(state, claim, p, x0, y0, x1, y1, top, run):
    """A partition that follows no line of the building, 15 to 75 degrees off."""
    for _ in range(4):
        turn = math.radians(15.0 + 60.0 * uniform(state)) * (1 if chance(state, 0.5) else -1)
        half = MODULE * (2.0 + 3.5 * uniform(state))
        dx, dy = math.cos(turn), math.sin(turn)
        rx = math.ceil(abs(half * dx) / MODULE)
        ry = math.ceil(abs(half * dy) / MODULE)
        x = between(state, 2 * x0 + 2 + rx, 2 * x1 - 2 - rx)
        y = between(state, 2 * y0 + 2 + ry, 2 * y1 - 2 - ry)
        if not is_clear(claim, x - rx, y - ry, x + rx, y + ry, 1):
            continue
        take(claim, x - rx, y - ry, x + rx, y + ry)
        cx, cy, t = x * MODULE, y * MODULE, 600.0
        open_ring(p, 4, OBLIQUE, top, run)
        add_corner(p, cx - half * dx + t * dy, cy - half * dy - t * dx)
        add_corner(p, cx + half * dx + t * dy, cy + half * dy - t * dx)
        add_corner(p, cx + half * dx - t * dy, cy + half * dy + t * dx)
        add_corner(p, cx - half * dx - t * dy, cy - half * dy + t * dx)
        return


@njit(**INNER)
def _quarter(state, claim, p, x0, y0, x1, y1, top, run):
    """A free-standing curved partition: 50 to 90 degrees of a circle."""
    for _ in range(4):
        n = between(state, 4, 8)
        x = between(state, 2 * x0 + 2, 2 * x1 - 2 - n)
        y = between(state, 2 * y0 + 2, 2 * y1 - 2 - n)
        if not is_clear(claim, x, y, x + n, y + n, 1):
            continue
        take(claim, x, y, x + n, y + n)
        quadrant, r = below(state, 4), n * MODULE - 600.0
        cx, cy = (x + (n if quadrant in (1, 2) else 0)) * MODULE, (y + (n if quadrant in (2, 3) else 0)) * MODULE
        start = quadrant * math.pi / 2 + 0.35 * uniform(state)
        end = (quadrant + 1) * math.pi / 2 - 0.35 * uniform(state)
        add_arc(p, cx, cy, r, r, start, end, 1200.0, top, run)
        return


@njit(**INNER)
def _oval(state, claim, p, x0, y0, x1, y1, top, run):
    """An oval room within the room: an elliptic wall with two to four gaps, an ambulatory around it."""
    if not is_clear(claim, 2 * x0 + 2, 2 * y0 + 2, 2 * x1 - 2, 2 * y1 - 2, 1):
        return False
    take(claim, 2 * x0 + 2, 2 * y0 + 2, 2 * x1 - 2, 2 * y1 - 2)
    cx, cy = (x0 + x1) * MODULE, (y0 + y1) * MODULE
    rx, ry = ((x1 - x0) * MODULE - CELL - 600.0), ((y1 - y0) * MODULE - CELL - 600.0)
    gaps = between(state, 2, 4)
    turn = uniform(state) * 2.0 * math.pi
    for k in range(gaps):
        gap = (10000.0 + 14000.0 * uniform(state)) / min(rx, ry)
        start = turn + 2.0 * math.pi * (k + 0.25 * uniform(state)) / gaps + gap
        end = turn + 2.0 * math.pi * (k + 1) / gaps
        add_arc(p, cx, cy, rx, ry, start, end, 1200.0, top, run)
    return True
