"""Compiled rays through the pixels of a picture."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY


@njit(**ENTRY)
def pixel_rays(rays, width, height):
    """Directions (height * width, 3) float32 through the centres of pixels, row by row."""
    out = np.empty((height * width, 3), np.float32)
    for i in range(height * width):
        for d in range(3):
            out[i, d] = rays[0, d] + (i % width + 0.5) * rays[1, d] + (i // width + 0.5) * rays[2, d]
    return out


@njit(**ENTRY)
def chosen_rays(rays, ys, xs):
    """Directions (len(xs), 3) float32 through the centres of pixels at rows ys and columns xs."""
    out = np.empty((len(xs), 3), np.float32)
    for i in range(len(xs)):
        for d in range(3):
            out[i, d] = rays[0, d] + (xs[i] + 0.5) * rays[1, d] + (ys[i] + 0.5) * rays[2, d]
    return out
