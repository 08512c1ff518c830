"""Do walls that meet one another part a chart from a lens?

Seen in plan, the ways from a chart to a lens lie in the hull of both. Two edges of it lead from one to the other, the
bridges. Where walls as high as the ways make a chain from bridge to bridge, inside the hull and clear of chart and
lens, no way is free, though each wall alone may leave some. In level0 this finds five of six lamps that light no
sample of a chart and that no single wall hides.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ...kernel_options import ENTRY, INNER
from .shafts import is_tall

JOINT_M = 1e-6
"""Ends of walls nearer to one another than this meet."""


@njit(**ENTRY)
def chain_closes(ring, n, chart, lens, low, high, ends, z, found, count, room):
    """Do some of the first ``count`` of the ``found`` spans, from ``low`` to ``high``, bar all ways?

    ring (16, 2): the ``hull`` of chart (4, 3) and lens (4, 3), of n corners. room: ``chain_buffers``.
    """
    done, across, stack, edge = room
    if _bridges(ring, n, lens, edge) != 2:
        return False
    top = 0
    for f in range(count):
        s = found[f]
        tall = is_tall(z, s, low, high)
        done[f] = not tall
        if tall:
            across[f] = _passes(ends, s, ring, n, edge[1])
            if _passes(ends, s, ring, n, edge[0]):
                stack[top], done[f] = f, True
                top += 1
    while top > 0:
        top -= 1
        f = stack[top]
        s = found[f]
        if _cuts(ends, s, chart) or _cuts(ends, s, lens):
            continue
        if across[f]:
            return True
        for g in range(count):
            if not done[g] and _meet(ends, s, found[g], ring, n):
                stack[top], done[g] = g, True
                top += 1
    return False


@njit(**ENTRY)
def chain_buffers(most):
    """What ``chain_closes`` writes on, for at most so many spans."""
    return (
        np.empty(most, np.bool_),
        np.empty(most, np.bool_),
        np.empty(most, np.int64),
        np.empty(2, np.int64),
    )


@njit(**INNER)
def _bridges(ring, n, lens, edge):
    """Edges of a hull from a corner of the lens to one of the chart or back, two into ``edge``; their number."""
    count = 0
    before = _of_lens(ring, n - 1, lens)
    for k in range(n):
        here = _of_lens(ring, k, lens)
        if here != before:
            if count < 2:
                edge[count] = k - 1 if k > 0 else n - 1
            count += 1
        before = here
    return count


@njit(**INNER)
def _of_lens(ring, k, lens):
    """Is corner k of a ring one of the lens'?"""
    own = False
    for c in range(4):
        own |= ring[k, 0] == lens[c, 0] and ring[k, 1] == lens[c, 1]
    return own


@njit(**INNER)
def _passes(ends, s, ring, n, k):
    """Does span s cross or touch edge k of a ring?"""
    m = k + 1 if k + 1 < n else 0
    return _crosses(ends, s, ring[k, 0], ring[k, 1], ring[m, 0], ring[m, 1])


@njit(**INNER)
def _cuts(ends, s, quad):
    """Does span s cross or touch a side of a quad (4, 3), as seen in plan?"""
    cut = False
    for k in range(4):
        m = k + 1 if k < 3 else 0
        cut |= _crosses(ends, s, quad[k, 0], quad[k, 1], quad[m, 0], quad[m, 1])
    return cut


@njit(**INNER)
def _crosses(ends, s, ax, ay, bx, by):
    """Does span s cross or touch the line from a to b?"""
    dx, dy = bx - ax, by - ay
    ex, ey = ends[s, 2] - ends[s, 0], ends[s, 3] - ends[s, 1]
    den = dx * ey - dy * ex
    if abs(den) < 1e-12:
        return False
    qx, qy = ends[s, 0] - ax, ends[s, 1] - ay
    t, a = (qx * ey - qy * ex) / den, (qx * dy - qy * dx) / den
    return 0.0 <= t <= 1.0 and -1e-7 <= a <= 1.0 + 1e-7


@njit(**INNER)
def _meet(ends, s, r, ring, n):
    """Do spans s and r have an end in common that lies inside a convex ring?"""
    for i in range(0, 4, 2):
        x, y = ends[s, i], ends[s, i + 1]
        for j in range(0, 4, 2):
            if abs(ends[r, j] - x) < JOINT_M and abs(ends[r, j + 1] - y) < JOINT_M and _inside(x, y, ring, n):
                return True
    return False


@njit(**INNER)
def _inside(x, y, ring, n):
    """Does a convex ring hold a point?"""
    for k in range(n):
        m = k + 1 if k + 1 < n else 0
        ex, ey = ring[m, 0] - ring[k, 0], ring[m, 1] - ring[k, 1]
        if ex * (y - ring[k, 1]) - ey * (x - ring[k, 0]) < 0.0:
            return False
    return True
