"""The inner loops of the camera: lens and sensor, then the electronics."""

from __future__ import annotations

import numpy as np
from numba import njit

OPTIONS = {"cache": True, "fastmath": True, "error_model": "numpy"}
BLOCK_X = 8
BLOCK_Y = 4
"""Pixels and field lines of a cell of the coarse highlight picture."""


@njit(**OPTIONS)
def gauss(key, i):
    """A number of unit variance, nearly normal, from a key and a counter. Source: MurmurHash3 finaliser, Appleby."""
    x = np.uint32(key + np.uint32(i) * np.uint32(0x9E3779B9))
    x = np.uint32((x ^ np.uint32(x >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    x = np.uint32((x ^ np.uint32(x >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    x = np.uint32(x ^ np.uint32(x >> np.uint32(16)))
    b = np.uint32(0xFF)
    s = np.int32(x & b) + np.int32((x >> np.uint32(8)) & b)
    s += np.int32((x >> np.uint32(16)) & b) + np.int32(x >> np.uint32(24))
    return np.float32(s - 510) * np.float32(1.0 / 147.80)


@njit(**OPTIONS)
def expose_field(source, step, first, rows, exposure, barrel, vignetting, out, excess, column):
    """Lens and sensor of one field: distortion, vignetting, two-row footprint, exposure.

    source: (S, W, 3) radiance. step: source rows a field line: 2 where ``source`` is a whole picture whose row pairs
    are summed here, 1 where it is the field. first: source row of the field's first line. out: (rows, W, 3) signal, in
    white levels. excess: (rows / BLOCK_Y, W / BLOCK_X, 3) sums of what is over white; column: (W, 3) sums of signal
    over white. Both are added to.
    """
    height, width = source.shape[0], source.shape[1]
    one, half = np.float32(1.0), np.float32(0.5)
    mid_x, mid_y = half * np.float32(width - 1), half * np.float32(height - 1)
    norm_x = np.float32(0.8) / max(mid_x, one)
    norm_y = np.float32(0.6) / max(mid_y, one)
    inverse = one / (one + barrel)
    wide = step == 2
    for j in range(rows):
        dy = np.float32(first + step * j) - mid_y
        for x in range(width):
            dx = np.float32(x) - mid_x
            q = dx * norm_x * dx * norm_x + dy * norm_y * dy * norm_y
            s = (one + barrel * q) * inverse
            px, py = mid_x + dx * s, mid_y + dy * s
            px = min(max(px, np.float32(0.0)), np.float32(width - 1))
            py = min(max(py, np.float32(0.0)), np.float32(height - 1))
            x0, y0 = int(px), int(py)
            fx, fy = px - np.float32(x0), py - np.float32(y0)
            x1 = min(x0 + 1, width - 1)
            y1 = min(y0 + 1, height - 1)
            ya = max(y0 - 1, 0)
            yb = min(y0 + 2, height - 1)
            if wide:
                wa, w0 = np.float32(0.25) * (one - fy), half - np.float32(0.25) * fy
                w1, wb = np.float32(0.25) + np.float32(0.25) * fy, np.float32(0.25) * fy
            else:
                wa, w0, w1, wb = np.float32(0.0), one - fy, fy, np.float32(0.0)
            light = exposure * (one - vignetting * q)
            for c in range(3):
                a = wa * source[ya, x0, c] + w0 * source[y0, x0, c] + w1 * source[y1, x0, c] + wb * source[yb, x0, c]
                b = wa * source[ya, x1, c] + w0 * source[y0, x1, c] + w1 * source[y1, x1, c] + wb * source[yb, x1, c]
                v = (a + fx * (b - a)) * light
                out[j, x, c] = v
                if v > one:
                    excess[j // BLOCK_Y, x // BLOCK_X, c] += min(v, np.float32(8.0)) - one
                    column[x, c] += v


@njit(**OPTIONS)
def develop_field(signal, halo, column, keys, white, noise, well, curve, curve_scale, reach, lift, sequential, out):
    """The electronics of one field: halo, smear, well, noise, gain, white, knee and transfer, aperture correction.

    signal: (rows, W, 3). halo: coarse picture added. column: (W, 3) smear added. keys: (rows,) uint32. white: (3,) gain
    times white factors. noise: (read rms, shot variance). curve: transfer from -32 / curve_scale up. reach: pixels
    between the taps of the aperture correction. lift: its strength. sequential: colour differences come on alternate
    lines, the missing one from the line before. out: (rows, W, 3) float32 R'G'B'.
    """
    rows, width = signal.shape[0], signal.shape[1]
    read, shot = noise
    one, zero, half = np.float32(1.0), np.float32(0.0), np.float32(0.5)
    top = np.float32(len(curve) - 2)
    glow = np.empty((halo.shape[1], 3), np.float32)
    level = np.empty((3, width), np.float32)
    luma = np.empty(width, np.float32)
    red, blue = np.zeros((2, width), np.float32)
    for j in range(rows):
        fy = (np.float32(j) + half) / np.float32(BLOCK_Y) - half
        y0 = min(max(int(np.floor(fy)), 0), halo.shape[0] - 1)
        y1 = min(y0 + 1, halo.shape[0] - 1)
        fy = min(max(fy - np.float32(y0), zero), one)
        for i in range(halo.shape[1]):
            for c in range(3):
                glow[i, c] = halo[y0, i, c] + fy * (halo[y1, i, c] - halo[y0, i, c])
        for c in range(3):
            key = np.uint32(keys[j] + np.uint32(c) * np.uint32(0x632BE5AB))
            factor = white[c]
            row = level[c]
            for x in range(width):
                fx = (np.float32(x) + half) / np.float32(BLOCK_X) - half
                x0 = min(max(int(fx), 0), halo.shape[1] - 1)
                x1 = min(x0 + 1, halo.shape[1] - 1)
                fx = min(max(fx - np.float32(x0), zero), one)
                s = signal[j, x, c] + glow[x0, c] + fx * (glow[x1, c] - glow[x0, c]) + column[x, c]
                row[x] = min(max(s, zero), well)
            if read > 0:
                for x in range(width):
                    row[x] += np.sqrt(read * read + shot * row[x]) * gauss(key, x)
            for x in range(width):
                t = min(max(row[x] * factor * curve_scale + np.float32(32.0), zero), top)
                i = int(t)
                row[x] = curve[i] + (t - np.float32(i)) * (curve[i + 1] - curve[i])
        for x in range(width):
            green = np.float32(0.587) * level[1, x]
            luma[x] = np.float32(0.299) * level[0, x] + green + np.float32(0.114) * level[2, x]
        keep_red = sequential and j % 2 == 1
        keep_blue = sequential and j % 2 == 0 and j > 0
        for x in range(width):
            if not keep_red:
                red[x] = level[0, x] - luma[x]
            if not keep_blue:
                blue[x] = level[2, x] - luma[x]
        for x in range(width):
            before, after = luma[max(x - reach, 0)], luma[min(x + reach, width - 1)]
            edged = luma[x] + lift * (luma[x] - half * (before + after))
            out[j, x, 0] = edged + red[x]
            out[j, x, 1] = edged - np.float32(0.299 / 0.587) * red[x] - np.float32(0.114 / 0.587) * blue[x]
            out[j, x, 2] = edged + blue[x]
