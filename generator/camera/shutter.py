"""The open shutter: what a turn of the camera draws out in the picture."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


def panned(
    radiance: NDArray[np.float32], yaw: float, pitch: float, roll: float, fov: float, rows_per_line: float
) -> NDArray[np.float32]:
    """A picture as a shutter sees it that was open while the camera turned by yaw and pitch, radians.

    radiance: (H, W, 3); rows_per_line: its rows for one square pixel's height, 0.5 for a field. fov: across, radians.
    The smear is the same all over the picture, as it is in its middle.
    """
    focal = radiance.shape[1] / (2.0 * np.tan(fov / 2.0))
    across, up = -focal * yaw, focal * pitch
    x = np.cos(roll) * across - np.sin(roll) * up
    y = (np.sin(roll) * across + np.cos(roll) * up) * rows_per_line
    count = int(np.ceil(max(abs(x), abs(y))))
    if count < 1 or max(abs(x), abs(y)) < 0.4:
        return radiance
    out = np.empty_like(radiance)
    places = (np.arange(count + 1) + 0.5) / (count + 1) - 0.5
    _smear(radiance, (places * x).astype(np.float32), (places * y).astype(np.float32), out)
    return out


@njit(cache=True)
def _smear(picture, xs, ys, out):
    """Mean of the picture moved by each of some shifts, bilinear, its border repeated."""
    h, w = picture.shape[:2]
    share = np.float32(1.0 / len(xs))
    for y in range(h):
        row = out[y]
        row[:] = 0.0
        for k in range(len(xs)):
            i, j = int(np.floor(xs[k])), int(np.floor(ys[k]))
            a, b = xs[k] - np.float32(i), ys[k] - np.float32(j)
            low, high = picture[min(max(y + j, 0), h - 1)], picture[min(max(y + j + 1, 0), h - 1)]
            p, q = (np.float32(1) - a) * (np.float32(1) - b) * share, a * (np.float32(1) - b) * share
            r, s = (np.float32(1) - a) * b * share, a * b * share
            for x in range(w):
                u, v = min(max(x + i, 0), w - 1), min(max(x + i + 1, 0), w - 1)
                for c in range(3):
                    row[x, c] += p * low[u, c] + q * low[v, c] + r * high[u, c] + s * high[v, c]
