"""The inner loops of the camera: lens and sensor, then the electronics.

Each pass is a function of its own with plain loops, which is what lets the compiler turn them into vectors.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

OPTIONS: dict[str, Any] = {"cache": True, "fastmath": {"nnan", "ninf", "nsz"}, "error_model": "numpy"}
"""What every kernel of camera and tape is compiled with. Only freedoms that change no value: with reassociation or
contraction a freshly compiled kernel and the same one out of the cache differ in their last bits."""
SINGLE = np.float32
BLOCK_X = 8
BLOCK_Y = 4
"""Pixels and field lines of a cell of the coarse highlight picture."""
EXCESS_CAP = np.float32(8.0)
"""Light over white that counts for scatter, white levels."""
COUNTER_STEP = np.uint32(0x9E3779B9)


@njit(**OPTIONS)
def gauss(key, i):
    """A number of unit variance, nearly normal, from a key and a counter. Source: MurmurHash3 finaliser, Appleby."""
    x = np.uint32(key + np.uint32(i) * COUNTER_STEP)
    x = np.uint32((x ^ np.uint32(x >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    x = np.uint32((x ^ np.uint32(x >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    x = np.uint32(x ^ np.uint32(x >> np.uint32(16)))
    b = np.uint32(0xFF)
    s = np.int32(x & b) + np.int32((x >> np.uint32(8)) & b)
    s += np.int32((x >> np.uint32(16)) & b) + np.int32(x >> np.uint32(24))
    return SINGLE(s - 510) * SINGLE(1.0 / 147.80)


@njit(**OPTIONS)
def sum_row_pairs(source, out):
    """The two-row footprint of every row of (H, W, 3): half of it and a quarter of either neighbour."""
    rows = source.shape[0]
    flat, to = source.reshape(rows, -1), out.reshape(rows, -1)
    for j in range(rows):
        above, here, below, line = flat[max(j - 1, 0)], flat[j], flat[min(j + 1, rows - 1)], to[j]
        for i in range(len(line)):
            line[i] = SINGLE(0.5) * here[i] + SINGLE(0.25) * (above[i] + below[i])


@njit(**OPTIONS)
def _rays(dy, mid_x, mid_y, norm_x, norm_y, barrel, vignetting, exposure, height, rays):
    """Where each pixel of a line looks: columns either side, row, shares of the way, and exposure less vignetting."""
    left, right, across, top, down, light = rays
    inverse = SINGLE(1.0) / (SINGLE(1.0) + barrel)
    width = len(left)
    v = dy * norm_y
    for x in range(width):
        dx = SINGLE(x) - mid_x
        u = dx * norm_x
        q = u * u + v * v
        s = (SINGLE(1.0) + barrel * q) * inverse
        px = min(max(mid_x + dx * s, SINGLE(0.0)), SINGLE(width - 1))
        py = min(max(mid_y + dy * s, SINGLE(0.0)), SINGLE(height - 1))
        left[x] = np.int32(px)
        right[x] = min(left[x] + np.int32(1), np.int32(width - 1))
        across[x] = px - SINGLE(left[x])
        top[x] = np.int32(py)
        down[x] = py - SINGLE(top[x])
        light[x] = exposure * (SINGLE(1.0) - vignetting * q)


@njit(**OPTIONS)
def _look(source, rays, out):
    """A line of light (3 W,) through the lens, between four pixels each of source (S * 3 W,)."""
    left, right, across, top, down, light = rays
    pitch = np.uint32(3 * len(left))
    last = np.uint32(len(source)) - pitch
    for x in range(len(left)):
        a, b, r = np.uint32(3) * np.uint32(left[x]), np.uint32(3) * np.uint32(right[x]), np.uint32(top[x]) * pitch
        s = min(np.uint32(r + pitch), last)
        e = light[x]
        w = down[x]
        w0, w1 = (SINGLE(1.0) - w) * e, w * e
        f = across[x]
        i, j, k, m = np.uint64(r + a), np.uint64(s + a), np.uint64(r + b), np.uint64(s + b)
        for c in range(3):
            d = np.uint64(c)
            p = w0 * source[i + d] + w1 * source[j + d]
            q = w0 * source[k + d] + w1 * source[m + d]
            out[np.uint64(3 * x + c)] = p + f * (q - p)


@njit(**OPTIONS)
def _highest(line):
    top = SINGLE(0.0)
    for i in range(len(line)):
        top = max(top, line[i])
    return top


@njit(**OPTIONS)
def _collect(line, excess, column):
    """Add a line's light over white to its cells of the coarse picture and to the columns' sums."""
    one = SINGLE(1.0)
    for x in range(line.shape[0]):
        for c in range(3):
            v = line[x, c]
            if v > one:
                excess[x // BLOCK_X, c] += min(v, EXCESS_CAP) - one
                column[x, c] += v


@njit(**OPTIONS)
def expose_field(source, step, first, rows, exposure, barrel, vignetting, out, excess, column):
    """Lens and sensor of one field: distortion, vignetting, exposure.

    source: (S, W, 3) radiance of two-row footprints. step: source rows a field line. first: source row of the first
    line. out: (rows, W, 3) signal, in white levels. excess: (rows / BLOCK_Y, W / BLOCK_X, 3) sums of what is over
    white; column: (W, 3) sums of signal over white. Both are added to.
    """
    height, width = source.shape[0], source.shape[1]
    half = SINGLE(0.5)
    mid_x, mid_y = half * SINGLE(width - 1), half * SINGLE(height - 1)
    norm_x, norm_y = SINGLE(0.8) / max(mid_x, half), SINGLE(0.6) / max(mid_y, half)
    left, right, top = np.empty(width, np.int32), np.empty(width, np.int32), np.empty(width, np.int32)
    across, down, gain = np.empty(width, np.float32), np.empty(width, np.float32), np.empty(width, np.float32)
    rays, light = (left, right, across, top, down, gain), source.reshape(-1)
    for j in range(rows):
        dy = SINGLE(first + step * j) - mid_y
        _rays(dy, mid_x, mid_y, norm_x, norm_y, barrel, vignetting, exposure, height, rays)
        line = out[j].reshape(-1)
        _look(light, rays, line)
        if _highest(line) > SINGLE(1.0):
            _collect(out[j], excess[j // BLOCK_Y], column)


@njit(**OPTIONS)
def _halo_line(halo, j, glow, out):
    """One line of the coarse halo picture at full width: (W, 3)."""
    cells = halo.shape[1]
    fy = (SINGLE(j) + SINGLE(0.5)) / SINGLE(BLOCK_Y) - SINGLE(0.5)
    y0 = min(max(np.int64(math.floor(fy)), 0), halo.shape[0] - 1)
    y1 = min(y0 + 1, halo.shape[0] - 1)
    fy = min(max(fy - SINGLE(y0), SINGLE(0.0)), SINGLE(1.0))
    for i in range(cells):
        for c in range(3):
            glow[i, c] = halo[y0, i, c] + fy * (halo[y1, i, c] - halo[y0, i, c])
    width = out.shape[0]
    for cell in range(-1, cells):
        here, after = glow[max(cell, 0)], glow[min(cell + 1, cells - 1)]
        red, green, blue = here[0], here[1], here[2]
        to_red, to_green, to_blue = after[0] - red, after[1] - green, after[2] - blue
        first = cell * BLOCK_X + BLOCK_X // 2
        for x in range(max(first, 0), min(first + BLOCK_X, width)):
            f = (SINGLE(x - first) + SINGLE(0.5)) * SINGLE(1.0 / BLOCK_X)
            out[x, 0] = red + f * to_red
            out[x, 1] = green + f * to_green
            out[x, 2] = blue + f * to_blue


@njit(**OPTIONS)
def _sense(signal, stray, column, c, well, read, shot, key, out):
    """Channel c of a line (3 W,) to (W,): stray light and smear, the well's limit, noise."""
    for x in range(len(out)):
        p = np.uint64(3 * x + c)
        out[x] = min(max(signal[p] + stray[p] + column[p], SINGLE(0.0)), well)
    if read > 0:
        for x in range(len(out)):
            out[x] += math.sqrt(read * read + shot * out[x]) * gauss(key, x)


@njit(**OPTIONS)
def _sense_coarse(signal, stray, column, c, well, read, shot, key, columns, out):
    """The same where the picture's pixels are not the sensor's: the noise is the sensor's."""
    width = len(out)
    for x in range(width):
        p = np.uint64(3 * x + c)
        s = min(max(signal[p] + stray[p] + column[p], SINGLE(0.0)), well)
        out[x] = s + math.sqrt(read * read + shot * s) * gauss(key, (x * columns) // width)


@njit(**OPTIONS)
def _respond(row, factor, knee, fit):
    """Gain and white, knee, and BT.709 transfer with its power as a polynomial of the root, in place."""
    start, slope, limit = knee
    f0, f1, f2, f3, f4, f5 = fit
    for x in range(len(row)):
        v = row[x] * factor
        bent = min(start + slope * (v - start), limit)
        v = bent if v > start else v
        s = math.sqrt(max(v, SINGLE(0.0)))
        power = f0 + s * (f1 + s * (f2 + s * (f3 + s * (f4 + s * f5))))
        row[x] = SINGLE(4.5) * v if v < SINGLE(0.018) else SINGLE(1.099) * power - SINGLE(0.099)


@njit(**OPTIONS)
def _differ(red, green, blue, luma, keep_red, keep_blue, held_red, held_blue):
    """Luma, and the colour differences: the one that this line does not carry stays the line before's."""
    for x in range(len(luma)):
        luma[x] = SINGLE(0.299) * red[x] + SINGLE(0.587) * green[x] + SINGLE(0.114) * blue[x]
    if not keep_red:
        for x in range(len(luma)):
            held_red[x] = red[x] - luma[x]
    if not keep_blue:
        for x in range(len(luma)):
            held_blue[x] = blue[x] - luma[x]


@njit(**OPTIONS)
def _sharpen(luma, reach, lift, out):
    """Aperture correction: what differs from the mean ``reach`` pixels away is lifted."""
    n = len(luma)
    out[:] = luma
    if n > 2 * reach:
        middle, before, after = out[reach : n - reach], luma[: n - 2 * reach], luma[2 * reach :]
        for x in range(len(middle)):
            middle[x] += lift * (middle[x] - SINGLE(0.5) * (before[x] + after[x]))


@njit(**OPTIONS)
def _assemble(luma, red, blue, out):
    for x in range(len(luma)):
        out[x, 0] = luma[x] + red[x]
        out[x, 1] = luma[x] - SINGLE(0.299 / 0.587) * red[x] - SINGLE(0.114 / 0.587) * blue[x]
        out[x, 2] = luma[x] + blue[x]


@njit(**OPTIONS)
def develop_field(signal, halo, column, keys, white, noise, columns, well, knee, fit, reach, lift, sequential, out):
    """The electronics of one field: halo, smear, well, noise, gain, white, knee and transfer, aperture correction.

    signal: (rows, W, 3). halo: coarse picture added, empty for none. column: (W, 3) smear added. keys: (rows,) uint32.
    white: (3,) gain times white factors. noise: (read rms, shot variance). columns: the sensor's. knee: (start, slope,
    limit). fit: (6,) polynomial of the root for the power 0.45. reach: pixels between the taps of the aperture
    correction. lift: its strength. sequential: colour differences come on alternate lines. out: (rows, W, 3) R'G'B'.
    """
    rows, width = signal.shape[0], signal.shape[1]
    read, shot = noise
    stray, glow = np.zeros((width, 3), np.float32), np.empty((halo.shape[1], 3), np.float32)
    red, green, blue = np.empty(width, np.float32), np.empty(width, np.float32), np.empty(width, np.float32)
    luma, sharp = np.empty(width, np.float32), np.empty(width, np.float32)
    held_red, held_blue = np.zeros(width, np.float32), np.zeros(width, np.float32)
    scatter, smear = stray.reshape(-1), column.reshape(-1)
    own = abs(columns - width) * 8 <= columns or read <= 0
    for j in range(rows):
        if halo.shape[0] > 0:
            _halo_line(halo, j, glow, stray)
        line = signal[j].reshape(-1)
        for c, row in enumerate((red, green, blue)):
            key = np.uint32(keys[j] + np.uint32(c) * np.uint32(0x632BE5AB))
            if own:
                _sense(line, scatter, smear, c, well, read, shot, key, row)
            else:
                _sense_coarse(line, scatter, smear, c, well, read, shot, key, columns, row)
            _respond(row, white[c], knee, fit)
        keep_red, keep_blue = sequential and j % 2 == 1, sequential and j % 2 == 0 and j > 0
        _differ(red, green, blue, luma, keep_red, keep_blue, held_red, held_blue)
        _sharpen(luma, reach, lift, sharp)
        _assemble(sharp, held_red, held_blue, out[j])
