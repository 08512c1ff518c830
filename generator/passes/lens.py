"""Passes as the lens draws them, and the map that tells how.

Colours lie between four pixels, as ``camera.lens_kernels.bend_field`` has them, whose geometry this is; all else is of
the nearest pixel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..camera.lens_kernels import HALF_HEIGHT, HALF_WIDTH
from .make import EXACT, Channels

ROUNDS = 8
"""Rounds in which the place of a bent point is found: each has an eighth of the error of the one before, or less."""


def distorted(images: Channels, barrel: float) -> Channels:
    """Bend channels (H, W) as a lens of barrel distortion ``barrel`` draws them; adds the ST map.

    The map, ``st.R`` and ``st.G``, tells for every pixel which place of the undistorted picture it shows, in shares of
    its width from the left and of its height from below.
    """
    height, width = next(iter(images.values())).shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    px, py = _seen_from(x, y, barrel, width, height)
    i, j = np.rint(px).astype(int), np.rint(py).astype(int)
    out = {name: image[j, i] if name.startswith(EXACT) else _between(image, px, py) for name, image in images.items()}
    for way in ("forward", "backward"):
        if f"{way}.u" in out:
            u, v = out[f"{way}.u"].astype(float), out[f"{way}.v"].astype(float)
            ex, ey = _drawn_at(px + u, py - v, barrel, width, height)
            out[f"{way}.u"], out[f"{way}.v"] = (ex - x).astype(np.float32), (y - ey).astype(np.float32)
    st = {"st.R": (px + 0.5) / width, "st.G": 1.0 - (py + 0.5) / height}
    return out | {name: image.astype(np.float32) for name, image in st.items()}


def _seen_from(
    x: NDArray[np.float64], y: NDArray[np.float64], barrel: float, width: int, height: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Column and row of the undistorted picture that pixels of the distorted one show."""
    mid_x, mid_y, norm_x, norm_y = _frame(width, height)
    dx, dy = x - mid_x, y - mid_y
    scale = (1.0 + barrel * ((dx * norm_x) ** 2 + (dy * norm_y) ** 2)) / (1.0 + barrel)
    return np.clip(mid_x + dx * scale, 0.0, width - 1.0), np.clip(mid_y + dy * scale, 0.0, height - 1.0)


def _drawn_at(
    x: NDArray[np.float64], y: NDArray[np.float64], barrel: float, width: int, height: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the lens draws columns and rows of the undistorted picture."""
    mid_x, mid_y, norm_x, norm_y = _frame(width, height)
    dx, dy = x - mid_x, y - mid_y
    qx, qy = dx.copy(), dy.copy()
    for _ in range(ROUNDS):
        scale = (1.0 + barrel) / (1.0 + barrel * ((qx * norm_x) ** 2 + (qy * norm_y) ** 2))
        qx, qy = dx * scale, dy * scale
    return mid_x + qx, mid_y + qy


def _frame(width: int, height: int) -> tuple[float, float, float, float]:
    """The picture's middle in pixels, and what takes pixels from there to half diagonals."""
    mid_x, mid_y = 0.5 * (width - 1), 0.5 * (height - 1)
    return mid_x, mid_y, HALF_WIDTH / max(mid_x, 0.5), HALF_HEIGHT / max(mid_y, 0.5)


def _between(image: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float32]:
    """An image at columns and rows, between four pixels."""
    i, j = x.astype(int), y.astype(int)
    k, m = np.minimum(i + 1, image.shape[1] - 1), np.minimum(j + 1, image.shape[0] - 1)
    a, b = x - i, y - j
    top, bottom = image[j, i] + a * (image[j, k] - image[j, i]), image[m, i] + a * (image[m, k] - image[m, i])
    return (top + b * (bottom - top)).astype(np.float32)
