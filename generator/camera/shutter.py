"""The open shutter: what moves in the picture while a field is exposed is drawn out along its way."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .kernels import OPTIONS

SINGLE = np.float32
HALF = SINGLE(0.5)
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

    nearness (H, W): one over the distance along the camera's axis, 1/m. ways: from ``ways_between``. Every pixel is
    the mean along the straight way that its own surface point took; the border is repeated.
    Source: gather along per-pixel velocity, Potmesil and Chakravarty, SIGGRAPH 1983.
    """
    out = np.empty_like(radiance)
    _smear(radiance, nearness, ways.astype(np.float32), out)
    return out


def ways_between(
    rays: NDArray[np.float64],
    eye: NDArray[np.float64],
    ends: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> NDArray[np.float64]:
    """(2, 3, 4): what takes (1, column, row, nearness) of a pixel to its place, times its depth there, and that depth.

    rays (3, 3): corner, across, down; eye (3,): of the picture. ends: (eye (3,), clip (3, 3)) as the shutter opens and
    as it closes, clip as in ``View.clip``.
    """
    return np.stack([np.column_stack([clip @ rays.T, clip @ (eye - there)]) for there, clip in ends])


@njit(**OPTIONS)
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


@njit(**OPTIONS)
def _taps(dx, dy):
    """How many looks a way takes; 1 for none."""
    long = max(abs(dx), abs(dy))
    return 1 if long < STILL_PX else min(int(long / TAP_PX) + 2, MOST_TAPS)


@njit(**OPTIONS)
def _smear(picture, nearness, ways, out):
    """Pieces of rows on which all ways are alike are moved as one; the rest pixel by pixel."""
    h, w = nearness.shape
    lines, to = picture.reshape(h, -1), out.reshape(h, -1)
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
                _move_piece(lines, row, 3 * start, to[row, 3 * start : 3 * stop], dx, dy)
                continue
            for column in range(start, stop):
                dx, dy = _way(ways, SINGLE(column) + HALF, y, nearness[row, column])
                _move_pixel(picture, row, column, dx, dy, out)


@njit(**OPTIONS)
def _move_piece(lines, row, first, to, dx, dy):
    """Mean of a piece of a row, from float ``first`` of it on, moved along one way, all inside the picture."""
    count = _taps(dx, dy)
    if count == 1:
        to[:] = lines[row, first : first + len(to)]
        return
    to[:] = SINGLE(0.0)
    share = SINGLE(1.0) / SINGLE(count)
    for k in range(count):
        t = (SINGLE(k) + HALF) * share - HALF
        i, j = math.floor(t * dx), math.floor(t * dy)
        a, b = t * dx - SINGLE(i), t * dy - SINGLE(j)
        q, s = a * (SINGLE(1.0) - b) * share, a * b * share
        p, r = (SINGLE(1.0) - b) * share - q, b * share - s
        start = first + 3 * i
        _add(
            to, lines[row + j, start : start + len(to) + 3], lines[row + j + 1, start : start + len(to) + 3], p, q, r, s
        )


@njit(**OPTIONS)
def _add(to, above, below, p, q, r, s):
    for m in range(len(to)):
        to[m] += p * above[m] + q * above[m + 3] + r * below[m] + s * below[m + 3]


@njit(**OPTIONS)
def _move_pixel(picture, row, column, dx, dy, out):
    """Mean along one pixel's way, the border repeated."""
    h, w = picture.shape[:2]
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
        red += p * picture[j, i, 0] + q * picture[j, u, 0] + r * picture[v, i, 0] + s * picture[v, u, 0]
        green += p * picture[j, i, 1] + q * picture[j, u, 1] + r * picture[v, i, 1] + s * picture[v, u, 1]
        blue += p * picture[j, i, 2] + q * picture[j, u, 2] + r * picture[v, i, 2] + s * picture[v, u, 2]
    out[row, column, 0], out[row, column, 1], out[row, column, 2] = red * share, green * share, blue * share
