"""The inner loops of the camera's electronics.

Each pass is a function of its own with plain loops, which is what lets the compiler turn them into vectors.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER

OPTIONS: dict[str, Any] = ENTRY | {"fastmath": {"nnan", "ninf", "nsz"}}
"""What every kernel of camera and tape is compiled with. Only freedoms that change no value: with reassociation or
contraction a freshly compiled kernel and the same one out of the cache differ in their last bits."""
SINGLE = np.float32
COUNTER_STEP = np.uint32(0x9E3779B9)


@njit(**OPTIONS | INNER)
def scrambled(key, i):
    """32 bits from a key and a counter. Source: MurmurHash3 finaliser, Appleby."""
    x = np.uint32(key + np.uint32(i) * COUNTER_STEP)
    x = np.uint32((x ^ np.uint32(x >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    x = np.uint32((x ^ np.uint32(x >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(x ^ np.uint32(x >> np.uint32(16)))


@njit(**OPTIONS | INNER)
def gauss(key, i):
    """A number of unit variance, nearly normal, from a key and a counter: the sum of four bytes."""
    x = scrambled(key, i)
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


@njit(**OPTIONS | INNER)
def _sense(signal, column, well, read, shot, key, cell, out):
    """A line (W,) of one channel: smear, the well's limit, and the noise of the sensor's own pixels, ``cell`` (W,)."""
    for x in range(len(out)):
        out[x] = min(max(signal[x] + column[x], SINGLE(0.0)), well)
    if read > 0:
        for x in range(len(out)):
            out[x] += math.sqrt(read * read + shot * out[x]) * gauss(key, cell[x])


@njit(**OPTIONS | INNER)
def _respond(row, factor, knee, fit, setup):
    """Gain and white, knee, BT.709 transfer with its power as a polynomial of the root, and setup lost; in place."""
    start, slope, limit = knee
    f0, f1, f2, f3, f4, f5 = fit
    scale = SINGLE(1.0) / (SINGLE(1.0) - setup)
    for x in range(len(row)):
        v = row[x] * factor
        bent = min(start + slope * (v - start), limit)
        v = bent if v > start else v
        s = math.sqrt(max(v, SINGLE(0.0)))
        power = f0 + s * (f1 + s * (f2 + s * (f3 + s * (f4 + s * f5))))
        video = SINGLE(4.5) * v if v < SINGLE(0.018) else SINGLE(1.099) * power - SINGLE(0.099)
        row[x] = (video - setup) * scale


@njit(**OPTIONS | INNER)
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


@njit(**OPTIONS | INNER)
def _sharpen(luma, reach, lift, out):
    """Aperture correction: what differs from the mean ``reach`` pixels away is lifted."""
    n = len(luma)
    for x in range(n):
        out[x] = luma[x]
    if n > 2 * reach:
        middle, before, after = out[reach : n - reach], luma[: n - 2 * reach], luma[2 * reach :]
        for x in range(len(middle)):
            middle[x] += lift * (middle[x] - SINGLE(0.5) * (before[x] + after[x]))


@njit(**OPTIONS | INNER)
def _assemble(luma, red, blue, out):
    for x in range(len(luma)):
        out[x, 0] = luma[x] + red[x]
        out[x, 1] = luma[x] - SINGLE(0.299 / 0.587) * red[x] - SINGLE(0.114 / 0.587) * blue[x]
        out[x, 2] = luma[x] + blue[x]


@njit(**OPTIONS)
def develop_field(signal, column, keys, white, noise, columns, well, knee, fit, setup, reach, lift, sequential, out):
    """The electronics of one field: smear, well, noise, gain, white, knee and transfer, aperture correction.

    signal: (rows, 3, W). column: (3, W) smear added. keys: (rows,) uint32. white: (3,) gain times white factors. noise:
    (read rms, shot variance). columns: the sensor's. knee: (start, slope, limit). fit: (6,) polynomial of the root for
    the power 0.45. setup: video level that becomes black. reach: pixels between the taps of the aperture correction.
    lift: its strength. sequential: colour differences come on alternate lines. out: (rows, W, 3) R'G'B'.
    """
    rows, width = signal.shape[0], signal.shape[2]
    read, shot = noise
    red, green, blue = np.empty(width, np.float32), np.empty(width, np.float32), np.empty(width, np.float32)
    luma, sharp = np.empty(width, np.float32), np.empty(width, np.float32)
    held_red, held_blue = np.zeros(width, np.float32), np.zeros(width, np.float32)
    own = abs(columns - width) * 8 <= columns
    cell = np.empty(width, np.uint32)
    for x in range(width):
        cell[x] = x if own else (x * columns) // width
    for j in range(rows):
        for c, row in enumerate((red, green, blue)):
            key = np.uint32(keys[j] + np.uint32(c) * np.uint32(0x632BE5AB))
            _sense(signal[j, c], column[c], well, read, shot, key, cell, row)
            _respond(row, white[c], knee, fit, setup)
        keep_red, keep_blue = sequential and j % 2 == 1, sequential and j % 2 == 0 and j > 0
        _differ(red, green, blue, luma, keep_red, keep_blue, held_red, held_blue)
        _sharpen(luma, reach, lift, sharp)
        _assemble(sharp, held_red, held_blue, out[j])
