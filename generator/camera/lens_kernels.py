"""The inner loops of the lens: distortion, point spread, vignetting."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import INNER
from .kernels import OPTIONS, SINGLE

HALF_WIDTH, HALF_HEIGHT = 0.8, 0.6
"""Half a picture of 4:3 when half its diagonal is 1."""


@njit(**OPTIONS | INNER)
def _places(dy, mid_x, mid_y, norm_x, norm_y, barrel, height, places):
    """Where each pixel of a line looks: columns either side, row, and shares of the way to the next."""
    left, right, across, top, down = places
    inverse = SINGLE(1.0) / (SINGLE(1.0) + barrel)
    width = len(left)
    v = dy * norm_y
    for x in range(width):
        dx = SINGLE(x) - mid_x
        u = dx * norm_x
        s = (SINGLE(1.0) + barrel * (u * u + v * v)) * inverse
        px = min(max(mid_x + dx * s, SINGLE(0.0)), SINGLE(width - 1))
        py = min(max(mid_y + dy * s, SINGLE(0.0)), SINGLE(height - 1))
        left[x] = np.int32(px)
        right[x] = min(left[x] + np.int32(1), np.int32(width - 1))
        across[x] = px - SINGLE(left[x])
        top[x] = np.int32(py)
        down[x] = py - SINGLE(top[x])


@njit(**OPTIONS | INNER)
def _look(source, places, out):
    """A line of light (3, W), between four pixels each of source (S * 3 W,)."""
    left, right, across, top, down = places
    pitch = np.uint32(3 * len(left))
    last = np.uint32(len(source)) - pitch
    for x in range(len(left)):
        a, b, r = np.uint32(3) * np.uint32(left[x]), np.uint32(3) * np.uint32(right[x]), np.uint32(top[x]) * pitch
        s = min(np.uint32(r + pitch), last)
        w, f = down[x], across[x]
        i, j, k, m = np.uint64(r + a), np.uint64(s + a), np.uint64(r + b), np.uint64(s + b)
        for c in range(3):
            d = np.uint64(c)
            p = source[i + d] + w * (source[j + d] - source[i + d])
            q = source[k + d] + w * (source[m + d] - source[k + d])
            out[c, x] = p + f * (q - p)


@njit(**OPTIONS)
def bend_field(source, step, first, barrel, out):
    """Distort: every pixel takes the light of the place that the lens has it look at.

    source: (S, W, 3) radiance of two-row footprints. step: source rows a line of ``out``. first: source row of its
    first line. barrel: distortion at the corner. out: (rows, 3, W).
    """
    height, width = source.shape[0], source.shape[1]
    half = SINGLE(0.5)
    mid_x, mid_y = half * SINGLE(width - 1), half * SINGLE(height - 1)
    norm_x, norm_y = SINGLE(HALF_WIDTH) / max(mid_x, half), SINGLE(HALF_HEIGHT) / max(mid_y, half)
    left, right, top = np.empty(width, np.int32), np.empty(width, np.int32), np.empty(width, np.int32)
    across, down = np.empty(width, np.float32), np.empty(width, np.float32)
    places, light = (left, right, across, top, down), source.reshape(-1)
    for j in range(out.shape[0]):
        dy = SINGLE(first + step * j) - mid_y
        _places(dy, mid_x, mid_y, norm_x, norm_y, barrel, height, places)
        _look(light, places, out[j])


@njit(**OPTIONS)
def gather_cells(light, across, down, out):
    """Light of cells, each shared out between its neighbours by distance: (rows, 3, W) to (h, w, 3).

    across, down: weights of twice as many pixels and lines as a cell has, which add up to 1; the border is repeated.
    """
    rows, width = light.shape[0], light.shape[2]
    wide, tall = len(across) // 2, len(down) // 2
    padded = np.empty(wide * (out.shape[1] + 1), np.float32)
    before = wide // 2
    line = padded[before : before + width]
    for i in range(out.shape[0]):
        for c in range(3):
            line[:] = SINGLE(0.0)
            for t in range(2 * tall):
                here, weight = light[min(max(i * tall + t - tall // 2, 0), rows - 1), c], down[t]
                for x in range(width):
                    line[x] += weight * here[x]
            padded[:before], padded[before + width :] = line[0], line[width - 1]
            for k in range(out.shape[1]):
                total = SINGLE(0.0)
                for t in range(2 * wide):
                    total += across[t] * padded[k * wide + t]
                out[i, k, c] = total


@njit(**OPTIONS)
def halve(fine, out):
    """Halve a picture (H, W, 3) both ways, with weights 1 3 3 1; the border is repeated."""
    h, w = fine.shape[0], fine.shape[1]
    eighth, three = SINGLE(0.125), SINGLE(0.375)
    line = np.empty((w, 3), np.float32)
    for i in range(out.shape[0]):
        a, b = fine[max(2 * i - 1, 0)], fine[2 * i]
        c, d = fine[min(2 * i + 1, h - 1)], fine[min(2 * i + 2, h - 1)]
        for x in range(w):
            for k in range(3):
                line[x, k] = eighth * (a[x, k] + d[x, k]) + three * (b[x, k] + c[x, k])
        for x in range(out.shape[1]):
            p, q, r, s = max(2 * x - 1, 0), 2 * x, min(2 * x + 1, w - 1), min(2 * x + 2, w - 1)
            for k in range(3):
                out[i, x, k] = eighth * (line[p, k] + line[s, k]) + three * (line[q, k] + line[r, k])


@njit(**OPTIONS)
def add_doubled(coarse, fine):
    """Add a picture of half the size to ``fine`` (H, W, 3), interpolated; the border is repeated."""
    near, far = SINGLE(0.75), SINGLE(0.25)
    h, w = coarse.shape[0], coarse.shape[1]
    line = np.empty((w, 3), np.float32)
    for j in range(fine.shape[0]):
        here, beside = coarse[j // 2], coarse[min(max(j // 2 + 2 * (j % 2) - 1, 0), h - 1)]
        for x in range(w):
            for k in range(3):
                line[x, k] = near * here[x, k] + far * beside[x, k]
        for x in range(fine.shape[1]):
            a, b = x // 2, min(max(x // 2 + 2 * (x % 2) - 1, 0), w - 1)
            for k in range(3):
                fine[j, x, k] += near * line[a, k] + far * line[b, k]


@njit(**OPTIONS | INNER)
def _blur_down(light, before, j, c, taps, out):
    """Channel c of line j blurred with the lines above it, of which ``before`` keeps the light, and below it."""
    k = len(taps) // 2
    here, middle = light[j, c], taps[k]
    for x in range(len(out)):
        out[x] = middle * here[x]
    for t in range(1, k + 1):
        above, below, tap = before[max(j - t, 0) % (k + 1), c], light[min(j + t, len(light) - 1), c], taps[k + t]
        for x in range(len(out)):
            out[x] += tap * (above[x] + below[x])


@njit(**OPTIONS | INNER)
def _blur_across(padded, taps, out):
    """A line (W,) blurred along itself; padded: (W + 2 k,), whose border is filled here."""
    k, n = len(taps) // 2, len(out)
    padded[:k] = padded[k]
    padded[n + k :] = padded[n + k - 1]
    middle, here = taps[k], padded[k : k + n]
    for x in range(n):
        out[x] = middle * here[x]
    for t in range(1, k + 1):
        left, right, tap = padded[k - t : k - t + n], padded[k + t : k + t + n], taps[k + t]
        for x in range(n):
            out[x] += tap * (left[x] + right[x])


@njit(**OPTIONS | INNER)
def _widen(cells, wide, out):
    """A row of cells (w, 3) at full width (3, W), interpolated between the middles of cells of ``wide`` pixels."""
    count, width, step = cells.shape[0], out.shape[1], SINGLE(1.0) / SINGLE(wide)
    for cell in range(-1, count):
        here, after = cells[max(cell, 0)], cells[min(cell + 1, count - 1)]
        first = cell * wide + wide // 2
        for c in range(3):
            slope = (after[c] - here[c]) * step
            value = here[c] + SINGLE(0.5) * slope
            for x in range(max(first, 0), min(first + wide, width)):
                out[c, x] = value + SINGLE(x - first) * slope


@njit(**OPTIONS | INNER)
def _add_between(above, below, share, out):
    """Add what lies a share of the way between two lines (W,)."""
    for x in range(len(out)):
        out[x] += above[x] + share * (below[x] - above[x])


@njit(**OPTIONS | INNER)
def _weigh(line, exposure, left, loss, sums):
    """Vignetting and exposure of a line (W,), and what of it is over white, which is added to ``sums``."""
    one, none = SINGLE(1.0), SINGLE(0.0)
    for x in range(len(line)):
        line[x] *= exposure * (left - loss[x])
        sums[x] += line[x] if line[x] > one else none


@njit(**OPTIONS)
def expose_field(light, across, down, glow, wide, tall, shape, exposure, vignetting, column):
    """Spread the light of a field and expose it, in place: core of the point spread, glow, vignetting, exposure.

    light: (rows, 3, W); on return the signal, in white levels. across, down: odd numbers of symmetric taps of the core.
    glow: (h, w, 3) light of the tails in cells of ``wide`` pixels by ``tall`` lines, empty for none. shape: (first,
    step, height), the frame's row of the first line, rows a line, and its height in such rows. column: (3, W) sums of
    signal over white, added to.
    """
    first, step, height = shape
    rows, width = light.shape[0], light.shape[2]
    k, m = len(across) // 2, len(down) // 2
    before, padded = np.empty((m + 1, 3, width), np.float32), np.empty(width + 2 * k, np.float32)
    above, below, top = np.zeros((3, width), np.float32), np.zeros((3, width), np.float32), -1
    share, last = SINGLE(0.0), glow.shape[0] - 1
    half = SINGLE(0.5)
    mid_x, mid_y = half * SINGLE(width - 1), half * SINGLE(height - 1)
    norm_x, norm_y = SINGLE(HALF_WIDTH) / max(mid_x, half), SINGLE(HALF_HEIGHT) / max(mid_y, half)
    loss = np.empty(width, np.float32)
    for x in range(width):
        u = (SINGLE(x) - mid_x) * norm_x
        loss[x] = vignetting * u * u
    for j in range(rows):
        for c in range(3):
            for x in range(width):
                before[j % (m + 1), c, x] = light[j, c, x]
        if last >= 0:
            at = min(max((SINGLE(j) + half) / SINGLE(tall) - half, SINGLE(0.0)), SINGLE(last))
            if int(at) != top:
                top = int(at)
                if top > 0:
                    above, below = below, above
                else:
                    _widen(glow[0], wide, above)
                _widen(glow[min(top + 1, last)], wide, below)
            share = at - SINGLE(top)
        v = (SINGLE(first + step * j) - mid_y) * norm_y
        for c in range(3):
            signal = light[j, c]
            _blur_down(light, before, j, c, down, padded[k : k + width])
            _blur_across(padded, across, signal)
            if last >= 0:
                _add_between(above[c], below[c], share, signal)
            _weigh(signal, exposure, SINGLE(1.0) - vignetting * v * v, loss, column[c])
