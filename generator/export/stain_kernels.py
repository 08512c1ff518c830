"""Difference of two patinas, texel by texel, and where it is large (compiled)."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def deviation(size, place, fine, parent, low, high, slow_size, slow_place, slow, out):
    """Fill ``out`` (H, W) with the largest difference of factors between ``fine`` (H, W, 4) and ``slow``, read between
    its texels. Chart c of ``fine`` is the part ``low`` to ``high`` (C, 2) of chart ``parent[c]`` of ``slow``."""
    for c in range(len(size)):
        wide, high_px = size[c]
        p = parent[c]
        if wide == 0 or slow_size[p, 0] == 0:
            continue
        for row in range(high_px):
            b = low[c, 1] + row / (high_px - 1) * (high[c, 1] - low[c, 1])
            y = slow_place[p, 1] + b * (slow_size[p, 1] - 1)
            y0 = int(y)
            ay = y - y0
            for column in range(wide):
                a = low[c, 0] + column / (wide - 1) * (high[c, 0] - low[c, 0])
                x = slow_place[p, 0] + a * (slow_size[p, 0] - 1)
                x0 = int(x)
                ax = x - x0
                worst = 0.0
                for k in range(3):
                    near = slow[y0, x0, k] * (1 - ax) + slow[y0, x0 + 1, k] * ax
                    far = slow[y0 + 1, x0, k] * (1 - ax) + slow[y0 + 1, x0 + 1, k] * ax
                    level = near * (1 - ay) + far * ay
                    worst = max(worst, abs(fine[place[c, 1] + row, place[c, 0] + column, k] - level))
                out[place[c, 1] + row, place[c, 0] + column] = worst / 200.0


@njit(cache=True)
def outline(size, place, foot, deviation, least, owner, found):
    """Note in ``owner`` (H, W) the chart of every texel, and in ``found`` (H, W) where ``deviation`` (H, W) is above
    ``least`` and the texel not below ``foot`` (C,), a share of its chart's height."""
    for c in range(len(size)):
        wide, high = size[c]
        begin = np.ceil(foot[c] * (high - 1))
        for row in range(high):
            j = place[c, 1] + row
            for i in range(place[c, 0], place[c, 0] + wide):
                owner[j, i] = c
                found[j, i] = row >= begin and deviation[j, i] > least
