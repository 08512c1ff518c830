"""What lies inside one block: bays, rooms, and the maze that says which of them are joined.

A block is cut by uneven lines into bays of one to five cells. Rooms are rectangles of bays, halved again and again
until they are as small as the place asks for; some lose the wall between them and become L-shaped. Where the place is
a warren the bays stay single and the maze itself shows.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ....kernel_options import ENTRY, INNER
from ....plan.maze import find, unite
from ....plan.random_kernels import below, between, chance, uniform
from .districts import openness

ROOM, WARREN, CORRIDOR = range(3)
"""What a leaf of the division is: one room, a piece of bare maze, or a strip kept for a long view."""


@njit(**ENTRY)
def bay_lines(state, length, low, high):
    """Where the bays of a block side begin and end: increasing cells from 0 to ``length``.

    low, high: widths of the strips kept at both ends, 0 for none; each strip is one bay.
    """
    lines = np.zeros(length + 1, np.int64)
    n, at, end = 0, low, length - high
    if low > 0:
        n = 1
        lines[1] = low
    while at < end:
        u = uniform(state)
        step = 2 if u < 0.50 else (3 if u < 0.80 else (4 if u < 0.94 else 1))
        if end - at - step < 2:
            step = end - at
        at += step
        n += 1
        lines[n] = at
    if high > 0:
        n += 1
        lines[n] = length
    return lines[: n + 1]


@njit(**ENTRY)
def divide(state, world, rules, xs, ys, x0, y0, strips):
    """Leaves of a block by halving: number (ny, nx) per bay, boxes (L, 4) x0, y0, x1, y1 in bays, kind (L,).

    strips: widths kept at the west, south, east and north side for corridors.
    """
    ny, nx = len(ys) - 1, len(xs) - 1
    leaf = np.zeros((ny, nx), np.int64)
    boxes = np.zeros((ny * nx + 4, 4), np.int64)
    kinds = np.zeros(ny * nx + 4, np.uint8)
    leaves = 0
    a, b, c, d = 0, 0, nx, ny
    west, south, east, north = strips
    if west:
        leaves, a = _leaf(leaf, boxes, kinds, leaves, a, b, a + 1, d, CORRIDOR), a + 1
    if south:
        leaves, b = _leaf(leaf, boxes, kinds, leaves, a, b, c, b + 1, CORRIDOR), b + 1
    if east:
        leaves, c = _leaf(leaf, boxes, kinds, leaves, c - 1, b, c, d, CORRIDOR), c - 1
    if north:
        leaves, d = _leaf(leaf, boxes, kinds, leaves, a, d - 1, c, d, CORRIDOR), d - 1
    stack = np.zeros((ny * nx + 1, 4), np.int64)
    stack[0, 0], stack[0, 1], stack[0, 2], stack[0, 3] = a, b, c, d
    top = 1
    while top > 0:
        top -= 1
        a, b, c, d = stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3]
        w, h = xs[c] - xs[a], ys[d] - ys[b]
        free = openness(world, rules, x0 + (xs[a] + xs[c]) // 2, y0 + (ys[b] + ys[d]) // 2)
        limit = (16.0 + 48.0 * uniform(state)) * 0.4 * np.exp(1.8 * free) * rules.room_scale
        maze = w * h < 5.0 * limit and (c - a) * (d - b) >= 9 and chance(state, rules.maze_share * (1.0 - free) ** 2)
        cut_x, cut_y = _cut(state, xs, a, c), _cut(state, ys, b, d)
        narrow = (w > 3.0 * h or h > 3.0 * w) and chance(state, 0.8)
        if maze or (cut_x < 0 and cut_y < 0) or (w * h < limit and not narrow):
            leaves = _leaf(leaf, boxes, kinds, leaves, a, b, c, d, WARREN if maze else ROOM)
            continue
        if cut_y < 0 or (cut_x >= 0 and chance(state, _lean(w, h))):
            stack[top, 2] = cut_x
            stack[top + 1, 0], stack[top + 1, 1], stack[top + 1, 2], stack[top + 1, 3] = cut_x, b, c, d
        else:
            stack[top, 3] = cut_y
            stack[top + 1, 0], stack[top + 1, 1], stack[top + 1, 2], stack[top + 1, 3] = a, cut_y, c, d
        top += 2
    return leaf, boxes[:leaves], kinds[:leaves]


@njit("int64(int64[:, ::1], int64[:, ::1], uint8[::1], int64, int64, int64, int64, int64, int64)", **INNER)
def _leaf(leaf, boxes, kinds, n, a, b, c, d, kind):
    for y in range(b, d):
        for x in range(a, c):
            leaf[y, x] = n
    boxes[n, 0], boxes[n, 1], boxes[n, 2], boxes[n, 3] = a, b, c, d
    kinds[n] = kind
    return n + 1


@njit(**INNER)
def _lean(w, h):
    """Probability of cutting the width: nearly always the longer side is cut."""
    return 0.92 if w > 1.15 * h else (0.08 if h > 1.15 * w else 0.5)


@njit(**INNER)
def _cut(state, lines, a, c):
    """A line to cut at, in the middle half or so and leaving 2 cells on both sides, or -1."""
    length = lines[c] - lines[a]
    at = lines[a] + length * (0.22 + 0.56 * uniform(state))
    best, miss = -1, 1e9
    for k in range(a + 1, c):
        if lines[k] - lines[a] >= 2 and lines[c] - lines[k] >= 2 and abs(lines[k] - at) < miss:
            best, miss = k, abs(lines[k] - at)
    return best


@njit(**ENTRY)
def parts(state, world, rules, leaf, kinds, pass_e, pass_n, xs, ys, x0, y0):
    """Which bays are one space, and what stands between bays.

    Returns part (ny * nx,), a union-find forest of bays, and wall (2, ny, nx) on bays' east and north sides.
    Rooms hold all their bays; bare maze joins along the maze's passages; some pairs of rooms lose their wall.
    """
    ny, nx = leaf.shape
    part = np.arange(ny * nx)
    wall = np.zeros((2, ny, nx), np.bool_)
    fused = np.arange(len(kinds))
    free = openness(world, rules, x0 + xs[nx] // 2, y0 + ys[ny] // 2)
    tried = np.zeros((len(kinds), len(kinds)), np.bool_)
    for y in range(ny):
        for x in range(nx):
            for axis in range(2):
                x2, y2 = x + 1 - axis, y + axis
                if x2 >= nx or y2 >= ny:
                    continue
                a, b = leaf[y, x], leaf[y2, x2]
                if a != b and not tried[a, b] and kinds[a] == ROOM and kinds[b] == ROOM:
                    tried[a, b] = tried[b, a] = True
                    if chance(state, rules.merge * (0.4 + 1.6 * free * free)):
                        unite(fused, a, b)
    for y in range(ny):
        for x in range(nx):
            for axis in range(2):
                x2, y2 = x + 1 - axis, y + axis
                if x2 >= nx or y2 >= ny:
                    continue
                a, b = leaf[y, x], leaf[y2, x2]
                passage = pass_e[y, x] if axis == 0 else pass_n[y, x]
                if (a == b and (kinds[a] != WARREN or passage)) or (a != b and find(fused, a) == find(fused, b)):
                    unite(part, y * nx + x, y2 * nx + x2)
                else:
                    wall[axis, y, x] = True
    _braid(state, rules, leaf, kinds, part, wall)
    return part, wall


@njit(**INNER)
def _braid(state, rules, leaf, kinds, part, wall):
    """Open most dead ends of bare maze towards another bay of the same maze."""
    ny, nx = leaf.shape
    for y in range(ny):
        for x in range(nx):
            if kinds[leaf[y, x]] != WARREN:
                continue
            ways, shut, pick = 0, 0, -1
            for side in range(4):
                y2, x2 = y + (side == 1) - (side == 3), x + (side == 0) - (side == 2)
                if not (0 <= y2 < ny and 0 <= x2 < nx) or leaf[y2, x2] != leaf[y, x]:
                    continue
                if wall[side % 2, min(y, y2), min(x, x2)]:
                    shut += 1
                    if below(state, shut) == 0:
                        pick = side
                else:
                    ways += 1
            if ways == 1 and shut > 0 and chance(state, rules.braid):
                y2, x2 = y + (pick == 1) - (pick == 3), x + (pick == 0) - (pick == 2)
                wall[pick % 2, min(y, y2), min(x, x2)] = False
                unite(part, y * nx + x, y2 * nx + x2)


@njit(**ENTRY)
def faces(part, wall):
    """Stretches of wall between one pair of parts on one line.

    Returns face (2, ny, nx): number of the stretch a bay's side belongs to, or -1; rows (F, 6): axis, line (the bay
    before it), from, to (bays, half-open) and the two parts.
    """
    _, ny, nx = wall.shape
    face = np.full((2, ny, nx), -1, np.int64)
    rows = np.empty((2 * ny * nx, 6), np.int64)
    n = 0
    for axis in range(2):
        for line in range(nx - 1 if axis == 0 else ny - 1):
            for k in range(ny if axis == 0 else nx):
                y, x = (k, line) if axis == 0 else (line, k)
                if not wall[axis, y, x]:
                    continue
                a, b = find(part, y * nx + x), find(part, (y + axis) * nx + x + 1 - axis)
                same = k > 0 and n > 0 and rows[n - 1, 0] == axis and rows[n - 1, 1] == line
                if same and rows[n - 1, 3] == k and rows[n - 1, 4] == a and rows[n - 1, 5] == b:
                    rows[n - 1, 3] = k + 1
                else:
                    rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3], rows[n, 4], rows[n, 5] = axis, line, k, k + 1, a, b
                    n += 1
                face[axis, y, x] = n - 1
    return face, rows[:n]


@njit(**ENTRY)
def joints(state, rules, part, face, rows, pass_e, pass_n, free, xs, ys):
    """Which stretches of wall open (F,): those by which the maze first joins two parts, and some more.

    The maze spans all bays, so what its passages open spans all parts: nothing in a block is cut off.
    """
    _, ny, nx = face.shape
    opened = np.zeros(len(rows), np.bool_)
    joined = part.copy()
    for at in range(ny * nx):
        y, x = at // nx, at % nx
        for axis in range(2):
            f = face[axis, y, x]
            passage = pass_e[y, x] if axis == 0 else pass_n[y, x]
            if f >= 0 and passage and find(joined, rows[f, 4]) != find(joined, rows[f, 5]):
                unite(joined, rows[f, 4], rows[f, 5])
                opened[f] = True
    for f in range(len(rows)):
        lines = ys if rows[f, 0] == 0 else xs
        cells = lines[rows[f, 3]] - lines[rows[f, 2]]
        if rows[f, 4] != rows[f, 5] and cells >= 2:
            opened[f] |= chance(state, rules.loops * (0.35 + 1.1 * free) * min(cells / 4.0, 1.3))
    return opened


@njit(**ENTRY)
def ceiling(state, rules, area, height):
    """A room's ceiling in 0.1 mm, from its area in cells and the height map."""
    if area >= 56 and chance(state, rules.tall * (0.3 + 1.4 * height)):
        return 45000 + 3000 * between(state, 0, 5)
    u = uniform(state)
    if area < 14 and u < 0.08:
        return rules.ceiling - 3048
    if area > 60 and u < 0.15:
        return rules.ceiling + 3048
    return rules.ceiling
