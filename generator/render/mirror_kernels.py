"""How much of what it mirrors a wet floor sends on at each pixel (compiled)."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER
from ..surface.lay import MOST, WET

INDEX = 1.333
"""Refractive index of water at 20 °C in yellow light. Source: Hale and Querry, Applied Optics 12, 1973."""
STANDS = 0.7, 0.9
"""Wetness from which on water stands, and is level."""


@njit(**ENTRY)
def fresnel(cosine):
    """Share of unpolarised light that a level face of water reflects, of light at ``cosine`` from its normal.

    Source: Fresnel's equations, as in Cook and Torrance, ACM TOG 1, 1982.
    """
    c = min(max(cosine, 1e-4), 1.0)
    g = np.sqrt(INDEX * INDEX - 1.0 + c * c)
    first, second = (g - c) / (g + c), (c * (g + c) - 1.0) / (c * (g - c) + 1.0)
    return 0.5 * first * first * (1.0 + second * second)


@njit(**ENTRY)
def water_shares(out, at, codes, rays):
    """Share of the sharp and of the spread mirror image in every pixel, into out (H, W, 2) float32.

    at (H, W, 2): place of the pixel in the atlas, as from ``place_in_atlas``, -1 where nothing mirrors; codes (H', W'):
    the patina's fourth channel; rays (3, 3): corner, across, down, as ``View.rays``.
    """
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            out[row, column, 0] = out[row, column, 1] = np.float32(0.0)
            if at[row, column, 0] < 0:
                continue
            wet = (_between(codes, at[row, column, 0], at[row, column, 1]) - WET) / (MOST - WET)
            if wet <= 0.0:
                continue
            x = rays[0, 0] + (column + 0.5) * rays[1, 0] + (row + 0.5) * rays[2, 0]
            y = rays[0, 1] + (column + 0.5) * rays[1, 1] + (row + 0.5) * rays[2, 1]
            z = rays[0, 2] + (column + 0.5) * rays[1, 2] + (row + 0.5) * rays[2, 2]
            share = fresnel(-z / np.sqrt(x * x + y * y + z * z))
            t = min(max((wet - STANDS[0]) / (STANDS[1] - STANDS[0]), 0.0), 1.0)
            still = t * t * (3.0 - 2.0 * t)
            out[row, column, 0] = share * still
            out[row, column, 1] = share * (1.0 - still) * wet


@njit(**INNER)
def _between(codes, x, y):
    """The code between the four texels about a place, texels' centres at + 0.5."""
    x, y = max(x - 0.5, 0.0), max(y - 0.5, 0.0)
    i, j = min(int(x), codes.shape[1] - 2), min(int(y), codes.shape[0] - 2)
    a, b = x - i, y - j
    low = codes[j, i] * (1.0 - a) + codes[j, i + 1] * a
    return low * (1.0 - b) + (codes[j + 1, i] * (1.0 - a) + codes[j + 1, i + 1] * a) * b
