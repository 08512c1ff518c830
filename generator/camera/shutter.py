"""The open shutter: what moves in the picture while a field is exposed is drawn out along its way."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..kernel_options import INNER
from .kernels import OPTIONS

SINGLE = np.float32
HALF = SINGLE(0.5)
ONE, TWO = np.uint64(1), np.uint64(2)
STILL_PX = SINGLE(0.5)
"""Ways shorter than this are not seen in a picture."""
TAP_PX = SINGLE(2.0)
"""Distance between the looks that are taken along a way; each is the mean of four pixels."""
MOST_TAPS = 24
PIECE, ALIKE_PX = 16, SINGLE(0.75)
"""So many pixels of a row are moved as one where their ways differ by less than this."""


def smeared(
    radiance: NDArray[np.float32], nearness: NDArray[np.float32], ways: NDArray[np.float64]
) -> NDArray[np.float32]:
    """A picture (H, W, 3) as a shutter sees it that was open while the camera moved and turned.

    nearness (H, W): one over the distance along the camera's axis, 1/m. ways (2, 3, 4): what takes (1, column, row,
    nearness) of a pixel to its place, times its depth there, and that depth, as the shutter opens and as it closes.
    Every pixel is the mean along the straight way that its own surface point took; the border is repeated.
    Source: gather along per-pixel velocity, Potmesil and Chakravarty, SIGGRAPH 1983.
    """
    out = np.empty_like(radiance)
    _smear(radiance, nearness, ways.astype(np.float32), out)
    return out


@njit(**OPTIONS | INNER)
def _way(ways, x, y, near):
    """How far (columns, rows) the point at a pixel's middle moves while the shutter is open."""
    z0 = ways[0, 2, 0] + ways[0, 2, 1] * x + ways[0, 2, 2] * y + ways[0, 2, 3] * near
    z1 = ways[1, 2, 0] + ways[1, 2, 1] * x + ways[1, 2, 2] * y + ways[1, 2, 3] * near
    z0, z1 = SINGLE(1.0) / max(z0, SINGLE(0.1)), SINGLE(1.0) / max(z1, SINGLE(0.1))
    x0 = (ways[0, 0, 0] + ways[0, 0, 1] * x + ways[0, 0, 2] * y + ways[0, 0, 3] * near) * z0
    y0 = (ways[0, 1, 0] + ways[0, 1, 1] * x + ways[0, 1, 2] * y + ways[0, 1, 3] * near) * z0
    x1 = (ways[1, 0, 0] + ways[1, 0, 1] * x + ways[1, 0, 2] * y + ways[1, 0, 3] * near) * z1
    y1 = (ways[1, 1, 0] + ways[1, 1, 1] * x + ways[1, 1, 2] * y + ways[1, 1, 3] * near) * z1
    return x1 - x0, y1 - y0


@njit(**OPTIONS | INNER)
def _taps(dx, dy):
    """How many looks a way takes; 1 for none."""
    long = max(abs(dx), abs(dy))
    return 1 if long < STILL_PX else min(int(long / TAP_PX) + 2, MOST_TAPS)


@njit(**OPTIONS)
def _smear(picture, nearness, ways, out):
    """Pieces of rows on which all ways are alike are moved as one; the rest pixel by pixel."""
    h, w = nearness.shape
    light, to = picture.reshape(-1), out.reshape(-1)
    for row in range(h):
        y = SINGLE(row) + HALF
        for start in range(0, w, PIECE):
            stop = min(start + PIECE, w)
            first, last = nearness[row, start], nearness[row, stop - 1]
            dx, dy = _way(ways, SINGLE(start) + HALF, y, first)
            ex, ey = _way(ways, SINGLE(stop) - HALF, y, last)
            alike = max(abs(ex - dx), abs(ey - dy)) < ALIKE_PX
            low, high = SINGLE(0.9) * min(first, last), SINGLE(1.1) * max(first, last)
            for column in range(start, stop):
                alike &= low <= nearness[row, column] <= high
            dx, dy = HALF * (dx + ex), HALF * (dy + ey)
            across, down = int(HALF * abs(dx)) + 2, int(HALF * abs(dy)) + 2
            if alike and start >= across and stop + across <= w and row >= down and row + down < h:
                _move_piece(light, 3 * w, 3 * (row * w + start), 3 * (stop - start), dx, dy, to)
                continue
            for column in range(start, stop):
                dx, dy = _way(ways, SINGLE(column) + HALF, y, nearness[row, column])
                _move_pixel(light, w, h, column, row, dx, dy, to)


@njit(**OPTIONS | INNER)
def _move_piece(light, pitch, first, count, dx, dy, to):
    """Mean of ``count`` floats of a picture from ``first`` on, rows of ``pitch``, moved along one way inside it.

    Indices are unsigned: for others numba looks whether they count from the end.
    """
    taps = _taps(dx, dy)
    place = np.uint64(first)
    if taps == 1:
        for m in range(count):
            to[place + np.uint64(m)] = light[place + np.uint64(m)]
        return
    for m in range(count):
        to[place + np.uint64(m)] = SINGLE(0.0)
    share = SINGLE(1.0) / SINGLE(taps)
    for k in range(taps):
        t = (SINGLE(k) + HALF) * share - HALF
        i, j = math.floor(t * dx), math.floor(t * dy)
        a, b = t * dx - SINGLE(i), t * dy - SINGLE(j)
        q, s = a * (SINGLE(1.0) - b) * share, a * b * share
        p, r = (SINGLE(1.0) - b) * share - q, b * share - s
        above = np.uint64(first + j * pitch + 3 * i)
        below = np.uint64(first + (j + 1) * pitch + 3 * i)
        for n in range(count):
            at = np.uint64(n)
            here, there = above + at, below + at
            right, beyond = here + np.uint64(3), there + np.uint64(3)
            to[place + at] += p * light[here] + q * light[right] + r * light[there] + s * light[beyond]


@njit(**OPTIONS | INNER)
def _move_pixel(light, w, h, column, row, dx, dy, to):
    """Mean along one pixel's way, the border repeated."""
    count = _taps(dx, dy)
    share = SINGLE(1.0) / SINGLE(count)
    red = green = blue = SINGLE(0.0)
    for k in range(count):
        t = (SINGLE(k) + HALF) * share - HALF if count > 1 else SINGLE(0.0)
        px = min(max(SINGLE(column) + t * dx, SINGLE(0.0)), SINGLE(w - 1))
        py = min(max(SINGLE(row) + t * dy, SINGLE(0.0)), SINGLE(h - 1))
        i, j = int(px), int(py)
        u, v = min(i + 1, w - 1), min(j + 1, h - 1)
        a, b = px - SINGLE(i), py - SINGLE(j)
        q, s = a * (SINGLE(1.0) - b), a * b
        p, r = SINGLE(1.0) - b - q, b - s
        c, d = np.uint64(3 * (j * w + i)), np.uint64(3 * (j * w + u))
        e, f = np.uint64(3 * (v * w + i)), np.uint64(3 * (v * w + u))
        red += p * light[c] + q * light[d] + r * light[e] + s * light[f]
        green += p * light[c + ONE] + q * light[d + ONE] + r * light[e + ONE] + s * light[f + ONE]
        blue += p * light[c + TWO] + q * light[d + TWO] + r * light[e + TWO] + s * light[f + TWO]
    place = np.uint64(3 * (row * w + column))
    to[place], to[place + ONE], to[place + TWO] = red * share, green * share, blue * share
