"""Which occluders may stand between a chart and a lens: the hull of both in plan, walked through the plan grid.

Kernels take an array and a row, never a row of an array: two threads that count references to one array hinder each
other, and that alone took two thirds of the time of direct light."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ...kernel_options import ENTRY, INNER

SLACK_M = 1e-3
"""Occluders that reach less than this into a shaft are outside it (they bound it)."""
RECESSED_M = 0.05
"""A wall that ends this little below a lens still parts the rooms: lenses are recessed into the ceiling."""
FULL, HIDDEN, MIXED = 0, 1, 2


@njit(
    "boolean(float64, float64, float64, float64, float64, float64, float64[:, ::1], float64[:, ::1], int64)",
    **INNER,
)  # fmt: skip
def crosses(px, py, pz, dx, dy, dz, ends, z, s):
    """Does the way p + t d, 0 < t < 1, cross upright span s?"""
    ex, ey = ends[s, 2] - ends[s, 0], ends[s, 3] - ends[s, 1]
    den = dx * ey - dy * ex
    if abs(den) < 1e-12:
        return False
    qx, qy = ends[s, 0] - px, ends[s, 1] - py
    t = (qx * ey - qy * ex) / den
    if t <= 0.0 or t >= 1.0:
        return False
    a = (qx * dy - qy * dx) / den
    if a < -1e-7 or a > 1.0 + 1e-7:
        return False
    h = pz + t * dz
    return z[s, 0] + a * (z[s, 2] - z[s, 0]) <= h <= z[s, 1] + a * (z[s, 3] - z[s, 1])


@njit(**INNER)
def crosses_triangle(px, py, pz, dx, dy, dz, tri, t):
    """Does the way p + t d, 0 < t < 1, cross triangle t? Source: Möller and Trumbore 1997."""
    ax, ay, az = tri[t, 1, 0] - tri[t, 0, 0], tri[t, 1, 1] - tri[t, 0, 1], tri[t, 1, 2] - tri[t, 0, 2]
    bx, by, bz = tri[t, 2, 0] - tri[t, 0, 0], tri[t, 2, 1] - tri[t, 0, 1], tri[t, 2, 2] - tri[t, 0, 2]
    hx, hy, hz = dy * bz - dz * by, dz * bx - dx * bz, dx * by - dy * bx
    det = ax * hx + ay * hy + az * hz
    if abs(det) < 1e-14:
        return False
    sx, sy, sz = px - tri[t, 0, 0], py - tri[t, 0, 1], pz - tri[t, 0, 2]
    u = (sx * hx + sy * hy + sz * hz) / det
    if u < 0.0 or u > 1.0:
        return False
    qx, qy, qz = sy * az - sz * ay, sz * ax - sx * az, sx * ay - sy * ax
    v = (dx * qx + dy * qy + dz * qz) / det
    if v < 0.0 or u + v > 1.0:
        return False
    return 0.0 < (bx * qx + by * qy + bz * qz) / det < 1.0


@njit(**INNER)
def is_tall(z, s, low, high):
    """Does span s stand in all ways between two heights?"""
    return z[s, 0] <= low and z[s, 2] <= low and z[s, 1] >= high - RECESSED_M and z[s, 3] >= high - RECESSED_M


@njit(
    "boolean(float64[:, ::1], float64[:, ::1], float64[:, ::1], float64[:, ::1], int64)",
    **INNER,
)  # fmt: skip
def covers(chart, lens, ends, z, s):
    """Does span s cross every way from a chart's corners (4, 3) to a lens' corners (4, 3)? Then none is free."""
    for i in range(4):
        x, y, h = chart[i, 0], chart[i, 1], chart[i, 2]
        for j in range(4):
            if not crosses(x, y, h, lens[j, 0] - x, lens[j, 1] - y, lens[j, 2] - h, ends, z, s):
                return False
    return True


@njit(**INNER)
def find_cover(chart, lens, grid, ends, z):
    """A span that hides the whole lens from the whole chart, among those on the way between their middles; or -1."""
    nx, ny, cell, start, items = grid
    px = 0.25 * (chart[0, 0] + chart[1, 0] + chart[2, 0] + chart[3, 0])
    py = 0.25 * (chart[0, 1] + chart[1, 1] + chart[2, 1] + chart[3, 1])
    pz = 0.25 * (chart[0, 2] + chart[1, 2] + chart[2, 2] + chart[3, 2])
    dx = 0.25 * (lens[0, 0] + lens[1, 0] + lens[2, 0] + lens[3, 0]) - px
    dy = 0.25 * (lens[0, 1] + lens[1, 1] + lens[2, 1] + lens[3, 1]) - py
    dz = 0.25 * (lens[0, 2] + lens[1, 2] + lens[2, 2] + lens[3, 2]) - pz
    i, j = math.floor(px / cell), math.floor(py / cell)
    step_x, step_y = (1 if dx > 0.0 else -1), (1 if dy > 0.0 else -1)
    each_x = abs(cell / dx) if dx != 0.0 else np.inf
    each_y = abs(cell / dy) if dy != 0.0 else np.inf
    next_x = ((i + (step_x > 0)) * cell - px) / dx if dx != 0.0 else np.inf
    next_y = ((j + (step_y > 0)) * cell - py) / dy if dy != 0.0 else np.inf
    for _ in range(4096):
        if 0 <= i < nx and 0 <= j < ny:
            for k in range(start[j * nx + i], start[j * nx + i + 1]):
                s = items[k]
                if crosses(px, py, pz, dx, dy, dz, ends, z, s) and covers(chart, lens, ends, z, s):
                    return s
        if min(next_x, next_y) > 1.0:
            return -1
        if next_x < next_y:
            i += step_x
            next_x += each_x
        else:
            j += step_y
            next_y += each_y
    return -1


@njit(**ENTRY)
def hull(chart, lens, out):
    """Convex hull in plan, counter-clockwise, of two times four points; out (16, 2); the number of its corners.

    Source: Andrew's monotone chain, Inf. Proc. Lett. 9, 1979.
    """
    x = np.empty(8)
    y = np.empty(8)
    for k in range(4):
        x[k], y[k], x[k + 4], y[k + 4] = chart[k, 0], chart[k, 1], lens[k, 0], lens[k, 1]
    for a in range(1, 8):
        b = a
        while b > 0 and (x[b] < x[b - 1] or (x[b] == x[b - 1] and y[b] < y[b - 1])):
            x[b], x[b - 1], y[b], y[b - 1] = x[b - 1], x[b], y[b - 1], y[b]
            b -= 1
    n = np.int64(0)
    for k in range(8):
        while n >= 2 and _turn(out, n, x[k], y[k]) <= 1e-12:
            n -= 1
        out[n, 0], out[n, 1] = x[k], y[k]
        n += 1
    floor = n + 1
    for k in range(6, -1, -1):
        while n >= floor and _turn(out, n, x[k], y[k]) <= 1e-12:
            n -= 1
        out[n, 0], out[n, 1] = x[k], y[k]
        n += 1
    return n - 1


@njit(**INNER)
def _turn(out, n, x, y):
    ax, ay = out[n - 1, 0] - out[n - 2, 0], out[n - 1, 1] - out[n - 2, 1]
    return ax * (y - out[n - 2, 1]) - ay * (x - out[n - 2, 0])


@njit(**INNER)
def sides(ring, n, out):
    """A convex ring's edges, SLACK_M further in, as unit vectors and offsets, into out (16, 3); their number."""
    count = 0
    for k in range(n):
        m = k + 1 if k + 1 < n else 0
        ex, ey = ring[m, 0] - ring[k, 0], ring[m, 1] - ring[k, 1]
        size = math.sqrt(ex * ex + ey * ey)
        if size < 1e-9:
            continue
        ux, uy = ex / size, ey / size
        out[count, 0], out[count, 1], out[count, 2] = ux, uy, ux * ring[k, 1] - uy * ring[k, 0] + SLACK_M
        count += 1
    return count


@njit(**INNER)
def reaches_in(ends, s, side, n):
    """Does span s reach in between some ``sides``? Source: Cyrus and Beck, CGIP 8, 1978."""
    t0, t1 = 0.0, 1.0
    x0, y0, x1, y1 = ends[s, 0], ends[s, 1], ends[s, 2], ends[s, 3]
    for k in range(n):
        ux, uy, offset = side[k, 0], side[k, 1], side[k, 2]
        a, b = ux * y0 - uy * x0 - offset, ux * y1 - uy * x1 - offset
        if a < 0.0 and b < 0.0:
            return False
        if a < 0.0:
            t0 = max(t0, a / (a - b))
        elif b < 0.0:
            t1 = min(t1, a / (a - b))
        if t0 >= t1:
            return False
    return True


@njit(**INNER)
def box_reaches_in(boxes, s, ring, n):
    """May box s of (N, 4) overlap a convex ring?"""
    for k in range(n):
        m = k + 1 if k + 1 < n else 0
        ex, ey = ring[m, 0] - ring[k, 0], ring[m, 1] - ring[k, 1]
        x = boxes[s, 0] if ey > 0.0 else boxes[s, 2]
        y = boxes[s, 3] if ex > 0.0 else boxes[s, 1]
        if ex * (y - ring[k, 1]) - ey * (x - ring[k, 0]) < 0.0:
            return False
    return True


@njit(**INNER)
def row_range(ring, n, y0, y1):
    """Lowest and highest x of a convex ring between two heights y."""
    low, high = np.inf, -np.inf
    for k in range(n):
        m = k + 1 if k + 1 < n else 0
        ax, ay, bx, by = ring[k, 0], ring[k, 1], ring[m, 0], ring[m, 1]
        if y0 <= ay <= y1:
            low, high = min(low, ax), max(high, ax)
        for y in (y0, y1):
            if (ay < y) != (by < y):
                x = ax + (bx - ax) * (y - ay) / (by - ay)
                low, high = min(low, x), max(high, x)
    return low, high


@njit(**INNER)
def collect(ring, n, z0, z1, grid, ends, z, tri_grid, boxes, stamp, tri_stamp, mark, side, found, tri_found):
    """Occluders in the shaft over ``ring``: spans that reach in between z0 and z1, boxes of triangles that may overlap.

    Returns how many of both were found, at most as many as there is room for. Both grids have the same squares.
    stamp, tri_stamp: what was asked for this ``mark`` already. side (16, 3): room for the ring's ``sides``.
    """
    nx, ny, cell, start, items = grid
    _, _, _, tri_start, tri_items = tri_grid
    count, tri_count, m = 0, 0, sides(ring, n, side)
    low_y, high_y = ring[:n, 1].min(), ring[:n, 1].max()
    j0, j1 = max(math.floor(low_y / cell), 0), min(math.floor(high_y / cell), ny - 1)
    for j in range(j0, j1 + 1):
        low, high = row_range(ring, n, j * cell, (j + 1) * cell)
        i0, i1 = max(math.floor(low / cell), 0), min(math.floor(high / cell), nx - 1)
        for square in range(j * nx + i0, j * nx + i1 + 1):
            for k in range(start[square], start[square + 1]):
                s = items[k]
                if stamp[s] == mark:
                    continue
                stamp[s] = mark
                if max(z[s, 1], z[s, 3]) <= z0 or min(z[s, 0], z[s, 2]) >= z1:
                    continue
                if reaches_in(ends, s, side, m) and count < len(found):
                    found[count] = s
                    count += 1
            for k in range(tri_start[square], tri_start[square + 1]):
                s = tri_items[k]
                if tri_stamp[s] != mark and box_reaches_in(boxes, s, ring, n) and tri_count < len(tri_found):
                    tri_found[tri_count] = s
                    tri_count += 1
                tri_stamp[s] = mark
    return count, tri_count
