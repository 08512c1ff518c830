"""Compiled kernels of the route planner: cheapest ways over a raster, and curves drawn away from walls."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER

STEPS = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 1], [-1, 1], [-1, -1], [1, -1]], np.int64)


@njit(**ENTRY)
def ways(price, row, column, limit):
    """Cheapest way from one pixel to all others within ``limit``: cost (ny, nx) and the step back (ny, nx) int8.

    price (ny, nx): cost of a pixel's length, at least 1, infinite where nobody may stand. Costs that nothing reaches
    are infinite; those beyond the limit are no more than upper bounds.
    Source: Dijkstra, "A note on two problems in connexion with graphs", Numerische Mathematik 1, 1959; pixels wait in
    buckets as wide as the cheapest step, whose costs are final when their turn comes: Denardo and Fox,
    "Shortest-route methods: 1", Operations Research 27, 1979.
    """
    ny, nx = price.shape
    cost = np.full((ny, nx), np.inf)
    back = np.full((ny, nx), -1, np.int8)
    done = np.zeros((ny, nx), np.bool_)
    dearest = 1.0
    for each in price.flat:
        if each < np.inf:
            dearest = max(dearest, each)
    count = int(1.5 * dearest) + 3
    bucket, filled = np.empty((count, 1024), np.int64), np.zeros(count, np.int64)
    cost[row, column] = 0.0
    bucket[0, 0], filled[0] = row * nx + column, 1
    waiting, turn = 1, 0
    while waiting and turn <= limit:
        own = turn % count
        for n in range(filled[own]):
            y, x = bucket[own, n] // nx, bucket[own, n] % nx
            if done[y, x]:
                continue
            done[y, x] = True
            for k in range(8):
                dx, dy = STEPS[k]
                u, v = x + dx, y + dy
                if u < 0 or v < 0 or u >= nx or v >= ny or not price[v, u] < np.inf:
                    continue
                if dx != 0 and dy != 0 and not (price[y, u] < np.inf and price[v, x] < np.inf):
                    continue
                length = 1.4142135623730951 if dx != 0 and dy != 0 else 1.0
                reach = cost[y, x] + length * 0.5 * (price[y, x] + price[v, u])
                if reach < cost[v, u]:
                    cost[v, u] = reach
                    back[v, u] = k
                    to = int(reach) % count
                    if filled[to] == bucket.shape[1]:
                        wider = np.empty((count, 2 * filled[to]), np.int64)
                        wider[:, : filled[to]] = bucket
                        bucket = wider
                    bucket[to, filled[to]] = v * nx + u
                    filled[to] += 1
                    waiting += 1
        waiting -= filled[own]
        filled[own] = 0
        turn += 1
    return cost, back


@njit(**ENTRY)
def trace(back, row, column):
    """Pixels (N, 2) row, column of the way to a pixel, from its start."""
    rows, columns = [row], [column]
    y, x = row, column
    while back[y, x] >= 0:
        dx, dy = STEPS[back[y, x]]
        x, y = x - dx, y - dy
        rows.append(y)
        columns.append(x)
    out = np.empty((len(rows), 2), np.int64)
    for n in range(len(rows)):
        out[n, 0], out[n, 1] = rows[len(rows) - 1 - n], columns[len(rows) - 1 - n]
    return out


@njit(**INNER)
def _gap(room, pitch, x, y):
    """Distance to the nearest wall, metres, and its gradient, by bilinear interpolation of the raster ``room``."""
    u, v = x / pitch - 0.5, y / pitch - 0.5
    i = min(max(int(u), 0), room.shape[1] - 2)
    j = min(max(int(v), 0), room.shape[0] - 2)
    a, b = min(max(u - i, 0.0), 1.0), min(max(v - j, 0.0), 1.0)
    p, q, r, s = room[j, i], room[j, i + 1], room[j + 1, i], room[j + 1, i + 1]
    low, high = p + a * (q - p), r + a * (s - r)
    return low + b * (high - low), ((q - p) * (1 - b) + (s - r) * b) / pitch, (high - low) / pitch


@njit(**ENTRY)
def relax(curve, fixed, room, pitch, wanted, rounds, smooth):
    """A curve (N, 2) metres made smooth and drawn away from walls, in place; its first ``fixed`` points stay.

    room (ny, nx): distance to the nearest wall, metres, at pixels of ``pitch``. wanted: distance kept where there is
    room for it. smooth: share of the bending taken out each round.
    """
    n = len(curve)
    for _ in range(rounds):
        for k in range(max(fixed, 2), n - 2):
            for c in range(2):
                bend = (
                    curve[k - 2, c] - 4 * curve[k - 1, c] + 6 * curve[k, c] - 4 * curve[k + 1, c] + curve[k + 2, c]
                ) / 16
                pull = (curve[k - 1, c] + curve[k + 1, c]) / 2 - curve[k, c]
                curve[k, c] += smooth * (0.15 * pull - bend)
            gap, gx, gy = _gap(room, pitch, curve[k, 0], curve[k, 1])
            if gap < wanted:
                push = 0.3 * (wanted - gap) / max((gx * gx + gy * gy) ** 0.5, 0.3)
                push = min(push, 0.02)
                curve[k, 0] += push * gx
                curve[k, 1] += push * gy


@njit(**ENTRY)
def line_gap(room, pitch, ax, ay, bx, by):
    """Smallest distance to a wall along a straight line, metres."""
    count = int(np.ceil(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 / (0.5 * pitch))) + 1
    least = np.inf
    for k in range(count + 1):
        t = k / count
        gap = _gap(room, pitch, ax + t * (bx - ax), ay + t * (by - ay))[0]
        least = min(least, gap)
    return least


@njit(**ENTRY)
def line_gaps(room, pitch, curve):
    """Smallest distance to a wall at the points of a curve (N, 2), metres."""
    least = np.inf
    for k in range(len(curve)):
        least = min(least, _gap(room, pitch, curve[k, 0], curve[k, 1])[0])
    return least
