"""What lies inside one block: bays, rooms, and the maze that says which of them are joined.

A block is cut by uneven lines into bays of one to five cells. Rooms are rectangles of bays, halved again and again until
they are as small as the place asks for; where the place is a warren the bays stay single and the maze itself shows.
A perfect maze over all bays is then walked once: a passage between two parts not yet joined becomes an opening.
The maze spans the bays, so the openings span the rooms.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .bits import below, between, chance, uniform
from .fields import openness

MIN_LINE = 1
MAX_LINES = 64


@njit(cache=True)
def bay_lines(state, length):
    """Where the bays of a block side ``length`` cells long begin and end: increasing cells from 0 to ``length``."""
    lines = np.zeros(length + 1, np.int64)
    n, at = 0, 0
    while at < length:
        u = uniform(state)
        step = 2 if u < 0.52 else (3 if u < 0.82 else (4 if u < 0.95 else 1))
        if length - at - step < 2:
            step = length - at
        at += step
        n += 1
        lines[n] = at
    return lines[: n + 1]


@njit(cache=True)
def find(parent, a):
    """The representative of a's set."""
    while parent[a] != a:
        parent[a] = parent[parent[a]]
        a = parent[a]
    return a


@njit(cache=True)
def unite(parent, a, b):
    """Join two sets; the smaller number represents them, so the order of joining does not matter."""
    a, b = find(parent, a), find(parent, b)
    parent[max(a, b)] = min(a, b)


@njit(cache=True)
def divide(state, world, rules, xs, ys, x0, y0):
    """Rooms of a block by halving: leaf (ny, nx) number per bay, boxes (L, 4) in bays, warren (L,) bool."""
    ny, nx = len(ys) - 1, len(xs) - 1
    leaf = np.zeros((ny, nx), np.int64)
    boxes = np.zeros((ny * nx, 4), np.int64)
    warren = np.zeros(ny * nx, np.bool_)
    stack = np.zeros((ny * nx + 1, 4), np.int64)
    stack[0] = np.array([0, 0, nx, ny])
    top, leaves = 1, 0
    while top > 0:
        top -= 1
        a, b, c, d = stack[top]
        w, h = xs[c] - xs[a], ys[d] - ys[b]
        tight = 1.0 - openness(world, rules, x0 + (xs[a] + xs[c]) // 2, y0 + (ys[b] + ys[d]) // 2)
        limit = (16.0 + 48.0 * uniform(state)) * (0.3 + tight * 0.0 + 1.0 - tight) * rules.room_scale
        is_warren = w * h < 4.0 * limit and (c - a) * (d - b) >= 6 and chance(state, rules.warren * tight * tight)
        cut_x = _cut(state, xs, a, c)
        cut_y = _cut(state, ys, b, d)
        narrow = w > 2.6 * h or h > 2.6 * w
        if is_warren or (cut_x < 0 and cut_y < 0) or (w * h < limit and not narrow):
            boxes[leaves] = stack[top]
            warren[leaves] = is_warren
            leaf[b:d, a:c] = leaves
            leaves += 1
            continue
        across_x = cut_y < 0 or (cut_x >= 0 and chance(state, _lean(w, h)))
        if across_x:
            stack[top] = np.array([a, b, cut_x, d])
            stack[top + 1] = np.array([cut_x, b, c, d])
        else:
            stack[top] = np.array([a, b, c, cut_y])
            stack[top + 1] = np.array([a, cut_y, c, d])
        top += 2
    return leaf, boxes[:leaves], warren[:leaves]


@njit(cache=True)
def _lean(w, h):
    """Probability of cutting the width: nearly always the longer side is cut."""
    return 0.92 if w > 1.15 * h else (0.08 if h > 1.15 * w else 0.5)


@njit(cache=True)
def _cut(state, lines, a, c):
    """A line to cut at, mostly in the middle half and leaving 2 cells on both sides, or -1."""
    length = lines[c] - lines[a]
    at = lines[a] + length * (0.25 + 0.5 * uniform(state))
    best, miss = np.int64(-1), 1e9
    for k in range(a + 1, c):
        if lines[k] - lines[a] >= 2 and lines[c] - lines[k] >= 2 and abs(lines[k] - at) < miss:
            best, miss = k, abs(lines[k] - at)
    return best


@njit(cache=True)
def between_rooms(state, world, rules, leaf, warren, passage_e, passage_n, xs, ys):
    """What stands between bays: part (ny, nx) int, and walls on east and north sides of bays.

    wall (2, ny, nx): 0 nothing, 1 wall, 2 wall with an opening that the maze needs or that makes a loop.
    """
    ny, nx = leaf.shape
    part = np.arange(ny * nx)
    wall = np.zeros((2, ny, nx), np.uint8)
    for y in range(ny):
        for x in range(nx):
            for axis in range(2):
                x2, y2 = x + 1 - axis, y + axis
                if x2 >= nx or y2 >= ny:
                    continue
                same = leaf[y, x] == leaf[y2, x2]
                passage = passage_e[y, x] if axis == 0 else passage_n[y, x]
                if same and (not warren[leaf[y, x]] or passage):
                    unite(part, y * nx + x, y2 * nx + x2)
                else:
                    wall[axis, y, x] = 1
    return part, wall


@njit(cache=True)
def join_parts(state, rules, part, wall, passage_e, passage_n):
    """Mark (2) the walls that the maze opens: each passage that joins two parts not joined yet, and some more."""
    _, ny, nx = wall.shape
    joined = part.copy()
    for at in range(ny * nx):
        y, x = at // nx, at % nx
        for axis in range(2):
            x2, y2 = x + 1 - axis, y + axis
            if x2 >= nx or y2 >= ny or wall[axis, y, x] != 1:
                continue
            passage = passage_e[y, x] if axis == 0 else passage_n[y, x]
            a, b = find(joined, at), find(joined, y2 * nx + x2)
            if passage and a != b:
                unite(joined, a, b)
                wall[axis, y, x] = 2
            elif passage and chance(state, rules.loops):
                wall[axis, y, x] = 2


@njit(cache=True)
def shuffle(state, items):
    """Put an array in random order, in place. Source: Fisher and Yates; Durstenfeld, CACM 7(7), 1964."""
    for k in range(len(items) - 1, 0, -1):
        j = below(state, k + 1)
        items[k], items[j] = items[j], items[k]


@njit(cache=True)
def ceiling(state, rules, area_cells, height):
    """A room's ceiling height in units of 0.1 mm."""
    tall = rules.tall * (0.3 + 1.4 * height)
    if area_cells >= 36 and chance(state, tall):
        return between(state, 0, 5) * 3000 + 45000
    u = uniform(state)
    if area_cells < 12 and u < 0.10:
        return 24384
    if area_cells > 50 and u < 0.12:
        return 30480
    return rules.ceiling
