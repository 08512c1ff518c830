"""A window on the endless floor: every block that reaches into it, put into one raster of cells."""

from __future__ import annotations

import numpy as np
from numba import njit

from .bits import below, between, key, stream, unit
from .fields import even, openness, sample
from .maze import carve
from .rooms import bay_lines, between_rooms, ceiling, divide, find, join_parts
from .tiling import block_box, blocks_over, border
from .walls import MODULE, WALL, open_up, opening_kind

MARGIN = 4
"""Cells around a window that are drawn too, so that joints, heights and lamps at its edge know what lies outside."""
_BLOCK, _SEAM, _LAMP = 12, 13, 14


@njit(cache=True)
def block(world, rules, i, j):
    """The inside of block (i, j): (box, what, jamb, thick, run, room, ceil), arrays over its cells."""
    x0, y0, x1, y1 = block_box(world, i, j)
    ident = key(world, _BLOCK, i, j, 0)
    state = stream(ident)
    w, h = x1 - x0, y1 - y0
    xs, ys = bay_lines(state, w), bay_lines(state, h)
    leaf, boxes, warren = divide(state, world, rules, xs, ys, x0, y0)
    ny, nx = leaf.shape
    passage_e, passage_n = carve(rules.maze, ny, nx, state)
    part, wall = between_rooms(state, world, rules, leaf, warren, passage_e, passage_n, xs, ys)
    join_parts(state, rules, part, wall, passage_e, passage_n)
    area = np.zeros(ny * nx, np.int64)
    for y in range(ny):
        for x in range(nx):
            area[find(part, y * nx + x)] += (xs[x + 1] - xs[x]) * (ys[y + 1] - ys[y])
    high = np.zeros(ny * nx, np.int64)
    height = even(world, 4, (x0 + x1) // 2, (y0 + y1) // 2, rules.wave)
    for k in range(ny * nx):
        if area[k] > 0:
            high[k] = ceiling(state, rules, area[k], height)
    what = np.zeros((2, h, w), np.uint8)
    jamb = np.zeros((2, 2, h, w), np.int16)
    thick = np.zeros((2, h, w), np.int16)
    run = np.zeros((2, h, w), np.int64)
    room = np.zeros((h, w), np.int64)
    ceil = np.zeros((h, w), np.int64)
    base = np.int64(ident >> np.uint64(1))
    for y in range(ny):
        for x in range(nx):
            k = find(part, y * nx + x)
            room[ys[y] : ys[y + 1], xs[x] : xs[x + 1]] = base ^ k
            ceil[ys[y] : ys[y + 1], xs[x] : xs[x + 1]] = high[k]
            for axis in range(2):
                kind = wall[axis, y, x]
                if kind == 0:
                    continue
                line = (xs[x + 1] if axis == 0 else ys[y + 1]) - 1
                a, b = (ys[y], ys[y + 1]) if axis == 0 else (xs[x], xs[x + 1])
                for c in range(a, b):
                    cy, cx = (c, line) if axis == 0 else (line, c)
                    what[axis, cy, cx] = WALL
                    thick[axis, cy, cx] = 1200
                    run[axis, cy, cx] = base ^ (1 << 20) ^ (axis << 19) ^ (line + 1)
                if kind == 2:
                    o = between(state, a, b - 1)
                    e = min(b, o + 1 + below(state, 3))
                    open_up(state, rules, (what, jamb), axis, line, o, e, opening_kind(state, rules, e - o))
    return (x0, y0, x1, y1), what, jamb, thick, run, room, ceil


@njit(cache=True)
def seam(world, rules, i, j):
    """The border through vertex (i, j): (axis, line, from, to) in cells, what, jamb, thick, run along it."""
    axis = (i + j) % 2
    line = border(world, i, j)
    if axis == 0:
        a, b = border(world, i, j - 1), border(world, i, j + 1)
        t1, t2 = border(world, i - 1, j), border(world, i + 1, j)
    else:
        a, b = border(world, i - 1, j), border(world, i + 1, j)
        t1, t2 = border(world, i, j - 1), border(world, i, j + 1)
    n = b - a
    state = stream(key(world, _SEAM, i, j, 0))
    at = openness(world, rules, line if axis == 0 else (a + b) // 2, (a + b) // 2 if axis == 0 else line)
    closed = np.ones(n, np.bool_)
    pos = between(state, 1, 8)
    while pos < n:
        wide = between(state, 1, 2 + int(7 * at * at))
        closed[pos : min(pos + wide, n)] = False
        pos += wide + 3 + below(state, int(13 - 7 * at))
    for t in (a, t1, t2, b):
        closed[max(t - a - 1, 0) : min(t - a + 1, n)] = True
    for low, high in ((a, min(t1, t2)), (max(t1, t2), b)):
        if closed[low - a : high - a].all():
            p = between(state, low + 1, high - 3) - a
            closed[p : p + 1 + below(state, 2)] = False
    what = np.full((2, n, n), WALL, np.uint8)
    what = np.full((1, n, 1), WALL, np.uint8)
    jamb = np.zeros((1, 2, n, 1), np.int16)
    k = 0
    while k < n:
        if closed[k]:
            k += 1
            continue
        e = k
        while e < n and not closed[e]:
            e += 1
        open_up(state, rules, (what, jamb), 0, 0, k, e, opening_kind(state, rules, e - k))
        k = e
    ident = np.int64(key(world, _SEAM, i, j, 1) >> np.uint64(1))
    return axis, line, a, what[0, :, 0], jamb[0, :, :, 0], ident


@njit(cache=True)
def window(world, rules, x0, y0, nx, ny):
    """Everything that stands on cells x0.., y0..: (what, jamb, thick, run, room, ceil)."""
    what = np.zeros((2, ny, nx), np.uint8)
    jamb = np.zeros((2, 2, ny, nx), np.int16)
    thick = np.zeros((2, ny, nx), np.int16)
    run = np.zeros((2, ny, nx), np.int64)
    room = np.zeros((ny, nx), np.int64)
    ceil = np.zeros((ny, nx), np.int64)
    i0, i1 = blocks_over(x0, x0 + nx)
    j0, j1 = blocks_over(y0, y0 + ny)
    for j in range(j0, j1 + 1):
        for i in range(i0, i1 + 1):
            bx0, by0, bx1, by1 = block_box(world, i, j)
            u0, v0, u1, v1 = max(bx0, x0), max(by0, y0), min(bx1, x0 + nx), min(by1, y0 + ny)
            if u0 >= u1 or v0 >= v1:
                continue
            _, w2, j2, t2, r2, room2, c2 = block(world, rules, i, j)
            to_y, to_x = slice(v0 - y0, v1 - y0), slice(u0 - x0, u1 - x0)
            of_y, of_x = slice(v0 - by0, v1 - by0), slice(u0 - bx0, u1 - bx0)
            what[:, to_y, to_x] = w2[:, of_y, of_x]
            jamb[:, :, to_y, to_x] = j2[:, :, of_y, of_x]
            thick[:, to_y, to_x] = t2[:, of_y, of_x]
            run[:, to_y, to_x] = r2[:, of_y, of_x]
            room[to_y, to_x] = room2[of_y, of_x]
            ceil[to_y, to_x] = c2[of_y, of_x]
    for j in range(j0 - 1, j1 + 2):
        for i in range(i0 - 1, i1 + 2):
            axis, line, a, w2, j2, ident = seam(world, rules, i, j)
            for k in range(len(w2)):
                cx, cy = (line - 1 - x0, a + k - y0) if axis == 0 else (a + k - x0, line - 1 - y0)
                if 0 <= cx < nx and 0 <= cy < ny:
                    what[axis, cy, cx] = w2[k]
                    jamb[axis, 0, cy, cx], jamb[axis, 1, cy, cx] = j2[0, k], j2[1, k]
                    thick[axis, cy, cx] = 1500
                    run[axis, cy, cx] = ident
    return what, jamb, thick, run, room, ceil


@njit(cache=True)
def lamps(world, rules, x0, y0, ny, nx, ceil, rows):
    """Troffers over a raster at cell (x0, y0): rows (x, y, axis, z, state) in 0.1 mm, ids, kelvin."""
    shut = np.zeros((2 * ny, 2 * nx), np.bool_)
    for n in range(len(rows)):
        axis, line, a, b, t = rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3], rows[n, 8] // 2
        p, q, c, d = max((line - t) // MODULE, 0), (line + t - 1) // MODULE, max(a // MODULE, 0), (b - 1) // MODULE
        if axis == 0:
            shut[c : d + 1, p : q + 1] = True
        else:
            shut[p : q + 1, c : d + 1] = True
    out = np.empty((ny * nx, 5), np.int64)
    ids = np.empty(ny * nx, np.uint64)
    kelvin = np.empty(ny * nx, np.float64)
    n = 0
    step_x, step_y = 4, 4
    for y in range(2 * ny):
        for x in range(0, 2 * nx, 2):
            wx, wy = 2 * x0 + x, 2 * y0 + y
            if wx % step_x != 0 or wy % step_y != 1 or shut[y, x] or shut[y, x + 1]:
                continue
            h = key(world, _LAMP, wx, wy, 0)
            power = sample(world, rules, wx // 2, wy // 2)[3]
            dead = 1.0 - (1.0 - rules.dead) * power
            u = unit(h)
            out[n, 0], out[n, 1], out[n, 2] = (x + 1) * MODULE, y * MODULE + MODULE // 2, 0
            out[n, 3] = ceil[y // 2, x // 2]
            out[n, 4] = 1 if u < dead else (2 if u < dead + rules.failing * power else 0)
            ids[n] = h
            kelvin[n] = 4150.0
            n += 1
    return out[:n], ids[:n], kelvin[:n]
