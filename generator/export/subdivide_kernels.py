"""Longest-edge splitting of a net of triangles (compiled)."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER

CORNERS = np.array([[0, 3, 2], [0, 3, 5], [3, 2, 5], [3, 1, 2], [3, 1, 4], [3, 4, 2]])
"""Corners of the children of a triangle a, b, c that is cut at ab: of a, b, c and the middles of ab, bc, ca. The first
comes where ca is whole, the next two where it is split; the fourth where bc is whole, the others where it is split."""
SIDES = np.array([[3, 9, 2], [3, 11, 8], [9, 7, 11], [4, 1, 9], [4, 5, 10], [10, 6, 9]])
"""Edges of the same: of ab, bc, ca; their halves at a, b, b, c, c, a; from the middle of ab to c, to bc's, to ca's."""


@njit(**ENTRY)
def close(edge, longest, split):
    """Split (E,) the longest edge too wherever another of a triangle (F, 3) is, until that holds everywhere."""
    changed = True
    while changed:
        changed = False
        for t in range(len(edge)):
            own = edge[t, longest[t]]
            if not split[own] and (split[edge[t, 0]] or split[edge[t, 1]] or split[edge[t, 2]]):
                split[own] = changed = True


@njit(**ENTRY)
def find_longest(place, edge, end, rim, step_m, largest, out):
    """Fill ``out`` (F,): which of each triangle's edges (F, 3) is the longest but for rims, in whole steps of
    ``step_m``, and of equal ones the last by number; ``largest``: more than any number."""
    for t in range(len(edge)):
        best = -2.0
        for k in range(3):
            e = edge[t, k]
            p, q = place[end[e, 0]], place[end[e, 1]]
            x, y, z = q[0] - p[0], q[1] - p[1], q[2] - p[2]
            rank = -1.0 if rim[e] else np.rint(np.sqrt(x * x + y * y + z * z) / step_m) * largest + e
            if rank > best:
                best, out[t] = rank, k


@njit(**ENTRY)
def children(rows, edge, node, weight, longest, end, middle, halves, across):
    """What triangles ``rows`` (R,) of a net become, their longest edges all split.

    middle (E,): the node in the middle of each split edge, -1 in whole ones. halves (E,): the first of a split edge's
    two halves, at its first end. across: the first of three edges for each of ``rows``, from the middle of its longest.
    Returns weights (G, 3, 3), nodes (G, 3), edges (G, 3) and the place in ``rows`` of the parent (G,), one child of
    each of ``rows`` first, then the others; and the ends (3 R, 2) of the edges across, -1 where there is none.
    """
    count = 0
    for t in rows:
        for case in range(6):
            count += _happens(case, edge[t], longest[t], middle)
    weights, parent = np.empty((count, 3, 3)), np.empty(count, np.int64)
    nodes, edges = np.empty((count, 3), np.int64), np.empty((count, 3), np.int64)
    inner = np.empty((3 * len(rows), 2), np.int64)
    name, side, corner = np.empty(6, np.int64), np.empty(12, np.int64), np.empty((6, 3))
    others = len(rows)
    for r in range(len(rows)):
        t = rows[r]
        for k in range(3):
            turn = (longest[t] + k) % 3
            e, name[k] = edge[t, turn], node[t, turn]
            second = name[k] == end[e, 1]
            name[3 + k], side[k] = middle[e], e
            side[3 + 2 * k], side[4 + 2 * k] = halves[e] + second, halves[e] + 1 - second
            side[9 + k] = across + 3 * r + k
            corner[k] = weight[t, turn]
        for k in range(3):
            corner[3 + k] = 0.5 * (corner[k] + corner[(k + 1) % 3])
            inner[3 * r + k, 0] = name[3]
            inner[3 * r + k, 1] = name[2 + k]
        inner[3 * r + 1, 1], inner[3 * r + 2, 1] = name[4], name[5]
        born = 0
        for case in range(6):
            if _happens(case, edge[t], longest[t], middle):
                g = others + born - 1 if born else r
                born += 1
                parent[g] = r
                for k in range(3):
                    nodes[g, k], edges[g, k] = name[CORNERS[case, k]], side[SIDES[case, k]]
                    weights[g, k] = corner[CORNERS[case, k]]
        others += born - 1
    return weights, nodes, edges, parent, inner


@njit(**INNER)
def _happens(case, edge, longest, middle):
    """Whether a triangle has a child of the kind ``case`` of ``CORNERS``."""
    beside = middle[edge[(longest + (2 if case < 3 else 1)) % 3]] >= 0
    return beside != (case % 3 == 0)


@njit(**ENTRY)
def measure(rows, node, place, flat_m, length, tall):
    """Of triangles ``rows`` (R,) fill ``length`` (R, 3) of the edges from each corner to the next, and ``tall`` (R, 3),
    whether they reach further than ``flat_m`` from it."""
    side = np.empty((3, 3))
    for r in range(len(rows)):
        for k in range(3):
            p, q = node[rows[r], k], node[rows[r], (k + 1) % 3]
            for axis in range(3):
                side[k, axis] = place[q, axis] - place[p, axis]
            length[r, k] = np.sqrt(side[k, 0] ** 2 + side[k, 1] ** 2 + side[k, 2] ** 2)
        x = side[0, 1] * side[1, 2] - side[0, 2] * side[1, 1]
        y = side[0, 2] * side[1, 0] - side[0, 0] * side[1, 2]
        z = side[0, 0] * side[1, 1] - side[0, 1] * side[1, 0]
        area = np.sqrt(x * x + y * y + z * z)
        for k in range(3):
            tall[r, k] = area > flat_m * length[r, k]


@njit(**ENTRY)
def interpolate(weights, values, out):
    """Fill ``out`` (F, 3, K) with sums over j of ``weights`` (F, 3, 3) [i, j] times ``values`` (F, 3, K) [j]."""
    for f in range(len(values)):
        for i in range(3):
            a, b, c = weights[f, i, 0], weights[f, i, 1], weights[f, i, 2]
            for k in range(values.shape[2]):
                out[f, i, k] = a * values[f, 0, k] + b * values[f, 1, k] + c * values[f, 2, k]
