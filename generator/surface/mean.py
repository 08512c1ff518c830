"""The mean of a picture (compiled)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..kernel_options import ENTRY


def mean_colour(image: NDArray[np.floating]) -> NDArray[np.float64]:
    """(3,) mean over a picture (H, W, 3), summed row by row in double precision."""
    pixels = image.reshape(-1, 3)
    return _sum(pixels) / len(pixels)


@njit(**ENTRY)
def _sum(pixels):
    red, green, blue = 0.0, 0.0, 0.0
    for k in range(len(pixels)):
        red += pixels[k, 0]
        green += pixels[k, 1]
        blue += pixels[k, 2]
    return np.array([red, green, blue])
