"""Loops over the texels of atlases and pictures (compiled)."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY


@njit(**ENTRY)
def sample(image, chart_place, chart_size, chart, chart_uv, out):
    """Add to ``out`` (N, 3) what an atlas (H, W, 3 or more) holds at ``chart_uv`` (N, 2), clipped to 0..1, of charts
    ``chart`` (N,); nothing in charts without texels."""
    for n in range(len(chart)):
        c = chart[n]
        wide, high = chart_size[c, 0], chart_size[c, 1]
        if wide < 1 or high < 1:
            continue
        x = min(max(chart_uv[n, 0], 0.0), 1.0) * (wide - 1)
        y = min(max(chart_uv[n, 1], 0.0), 1.0) * (high - 1)
        i, j = int(x), int(y)
        a, b = x - i, y - j
        i += chart_place[c, 0]
        j += chart_place[c, 1]
        for k in range(3):
            near = image[j, i, k] * (1.0 - a) + image[j, i + 1, k] * a
            far = image[j + 1, i, k] * (1.0 - a) + image[j + 1, i + 1, k] * a
            out[n, k] += near * (1.0 - b) + far * b


@njit(**ENTRY)
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


@njit(**ENTRY)
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


@njit(**ENTRY)
def look_up(values, table, out):
    """Fill ``out`` (N, K) with what a ``table`` (65536, 1 or K) holds for ``values`` (N, K), clipped to 0..1."""
    for n in range(len(values)):
        for k in range(values.shape[1]):
            step = values[n, k] * np.float32(65535.0) + np.float32(0.5)
            nearest = np.int64(min(max(step, np.float32(0.0)), np.float32(65535.0)))
            out[n, k] = table[nearest, min(k, table.shape[1] - 1)]


@njit(**ENTRY)
def relaid(image, source_place, source_size, place, texels, pad, out):
    """Fill ``out`` (H, W, 3): each chart's samples of ``image``, at ``texels`` (K, 2) from ``place`` (K, 2) on, between
    samples where those are fewer, and ``pad`` texels of repeated border around them."""
    for k in range(len(place)):
        wide, high = source_size[k]
        if wide < 1 or high < 1:
            continue
        nu, nv = texels[k]
        for b in range(-pad, nv + pad):
            y = min(max(b, 0), nv - 1) / (nv - 1) * (high - 1)
            j = min(int(y), max(high - 2, 0))
            t = y - j
            j += source_place[k, 1]
            for a in range(-pad, nu + pad):
                x = min(max(a, 0), nu - 1) / (nu - 1) * (wide - 1)
                i = min(int(x), max(wide - 2, 0))
                s = x - i
                i += source_place[k, 0]
                for c in range(3):
                    near = image[j, i, c] * (1.0 - s) + image[j, i + 1, c] * s
                    far = image[j + 1, i, c] * (1.0 - s) + image[j + 1, i + 1, c] * s
                    out[place[k, 1] + b, place[k, 0] + a, c] = near * (1.0 - t) + far * t
