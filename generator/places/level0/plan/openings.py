"""Openings in walls: where along a wall, how wide, what hangs over them; thickness of walls; borders of blocks."""

from __future__ import annotations

import numpy as np
from numba import njit

from ....kernel_options import ENTRY
from ....plan.lattice import ARCH, CELL, DOORWAY, HEADER, PLAIN, WALL, WINDOW
from ....plan.random_kernels import below, between, chance, key, stream, uniform
from .districts import openness
from .tiling import SEAM_BIT, border, identity

DOOR = 9000
"""Width of a doorway, 0.1 mm."""
_SEAM, _VIEW = 13, 15


@njit(
    "void(uint64[::1], uint8[:, :, ::1], int64[:, :, :, ::1], int64, int64, int64, int64, int64, boolean, boolean)",
    **ENTRY,
)
def open_up(state, what, jamb, axis, line, a, b, kind, flush_a, flush_b):
    """Turn sides a..b (half-open cells along a line) into one opening, its jambs off its middle.

    A doorway is 0.9 m wide; other openings keep 0.09 to 0.3 m of wall at each jamb, none where flush.
    """
    if kind == DOORWAY:
        low = between(state, 9, 22) * 100
        high = CELL - DOOR - low
    else:
        most = 12 if b - a == 1 else 30
        low, high = between(state, 9, most) * 100, between(state, 9, most) * 100
    for k in range(a, b):
        y, x = (k, line) if axis == 0 else (line, k)
        what[axis, y, x] = kind
        jamb[axis, 0, y, x] = low if k == a and not flush_a else 0
        jamb[axis, 1, y, x] = high if k == b - 1 and not flush_b else 0


@njit(**ENTRY)
def opening_kind(state, rules, width):
    """A kind for an opening ``width`` cells wide."""
    u = uniform(state) * (rules.plain + rules.header + rules.doorway + rules.arch)
    if u < rules.plain:
        return PLAIN
    if u < rules.plain + rules.header:
        return HEADER
    if u < rules.plain + rules.header + rules.arch and 2 <= width <= 3:
        return ARCH
    return DOORWAY if width == 1 else HEADER


@njit(**ENTRY)
def arch_or(kind, first, width):
    """The kind, but a header for an arch that a chunk's border would cut (``first``: its first cell in the world)."""
    return HEADER if kind == ARCH and first // 32 != (first + width - 1) // 32 else kind


@njit(**ENTRY)
def open_wall(state, rules, what, jamb, axis, line, a, b, first, free):
    """Put openings in a wall a..b (cells) between two rooms; ``first`` is a's cell number in the world."""
    n = b - a
    u = uniform(state)
    if n >= 3 and u < rules.erosion + 0.25 * max(free - 0.4, 0.0):
        span = max(1, int(n * (0.25 + 0.45 * uniform(state))))
        if chance(state, 0.5):
            open_up(state, what, jamb, axis, line, a, a + span, PLAIN, True, False)
        else:
            open_up(state, what, jamb, axis, line, b - span, b, PLAIN, False, True)
        return
    if n >= 4 and u > 1.0 - 0.45 * free * free:
        span = between(state, n // 2, n - 2)
        at = a + 1 + below(state, n - 1 - span)
        kind = PLAIN if chance(state, 0.75) else HEADER
        open_up(state, what, jamb, axis, line, at, at + span, kind, False, False)
        return
    count = 1 + (n >= 7 and chance(state, 0.45)) + (n >= 12 and chance(state, 0.6))
    part = n // count
    for k in range(count):
        low, room = a + k * part, (part if k < count - 1 else n - k * part)
        margin = 1 if room >= 4 else 0
        width = min(1 + below(state, 1 + int(1 + 1.6 * free + 0.4)), max(room - 2 * margin - (count > 1), 1))
        at = low + margin + below(state, room - 2 * margin - width + 1 - (count > 1 and margin == 0))
        kind = arch_or(opening_kind(state, rules, width), first + at - a, width)
        open_up(state, what, jamb, axis, line, at, at + width, kind, False, False)


@njit(**ENTRY)
def glaze(state, what, jamb, axis, line, a, b):
    """Put an interior window in a closed wall of at least three cells."""
    width = min(between(state, 1, 3), b - a - 2)
    at = a + 1 + below(state, b - a - 1 - width)
    open_up(state, what, jamb, axis, line, at, at + width, WINDOW, False, False)


@njit(**ENTRY)
def view(world, rules, i, j):
    """The corridor kept along the border through vertex (i, j): its width in cells, + east or north, - else, or 0."""
    h = stream(key(world, _VIEW, i, j, 0))
    if not chance(h, rules.long_view):
        return 0
    wide = between(h, 2, 3)
    return wide if chance(h, 0.5) else -wide


@njit(**ENTRY)
def seam(world, rules, i, j):
    """The border through vertex (i, j): axis, line, first cell, and what, jamb (2,), thick, run of every side on it.

    A function of the border alone, so the blocks on both sides agree. It is closed where a corridor runs up against
    it. The two places where it must open are the
    stretches that blocks (i-1, j-1) | (i, j-1) and (i-1, j) | (i, j) share for certain (for an upright border).
    """
    axis = (i + j) % 2
    line = border(world, i, j)
    back, fore = (i, j - 1) if axis == 0 else (i - 1, j), (i, j + 1) if axis == 0 else (i + 1, j)
    left, right = (i - 1, j) if axis == 0 else (i, j - 1), (i + 1, j) if axis == 0 else (i, j + 1)
    a, b = border(world, back[0], back[1]), border(world, fore[0], fore[1])
    t1, t2 = border(world, left[0], left[1]), border(world, right[0], right[1])
    n = b - a
    state = stream(key(world, _SEAM, i, j, 0))
    middle = (a + b) // 2
    free = openness(world, rules, line if axis == 0 else middle, middle if axis == 0 else line)
    closed = np.ones(n, np.bool_)
    at = between(state, 1, 9)
    while at < n:
        wide = between(state, 1, 2 + int(20.0 * free**4))
        closed[at : min(at + wide, n)] = False
        at += wide + 2 + below(state, int(13.0 - 9.0 * free))
    for t in (a, t1, t2, b):
        closed[max(t - a - 1, 0) : min(t - a + 1, n)] = True
    for t, v in ((t1, left), (t2, right)):
        wide = view(world, rules, v[0], v[1])
        closed[max(min(t, t + wide) - a, 0) : max(t, t + wide) - a] = True
    for low, high in ((a, min(t1, t2)), (max(t1, t2), b)):
        if closed[low - a : high - a].all():
            at = between(state, low + 1, high - 3) - a
            closed[at : at + 1 + below(state, 2)] = False
    what = np.full((1, n, 1), WALL, np.uint8)
    jamb = np.zeros((1, 2, n, 1), np.int64)
    k = 0
    while k < n:
        e = k
        while e < n and not closed[e]:
            e += 1
        if e > k:
            kind = opening_kind(state, rules, e - k)
            if e - k > 3 and chance(state, 0.6):
                kind = PLAIN
            open_up(state, what, jamb, 0, 0, k, e, arch_or(kind, a + k, e - k), False, False)
        k = max(e, k + 1)
    first, last = view(world, rules, back[0], back[1]), view(world, rules, fore[0], fore[1])
    if first > 0:
        open_up(state, what, jamb, 0, 0, 0, first, PLAIN, True, True)
    if last < 0:
        open_up(state, what, jamb, 0, 0, n + last, n, PLAIN, True, True)
    thick = np.full(n, thickness(state), np.int64)
    at = (line, middle) if axis == 0 else (middle, line)
    run = np.full(n, identity(world, at[0], at[1], i, j) | 1 << SEAM_BIT, np.int64)
    return axis, line, a, what[0, :, 0], jamb[0, :, :, 0], thick, run


@njit(**ENTRY)
def thickness(state):
    """A wall's thickness in 0.1 mm: 0.12 or 0.15 m, now and then 0.24."""
    u = uniform(state)
    return 1200 if u < 0.6 else (1500 if u < 0.95 else 2400)
