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
def water_shares(sharp, spread, at, patina, rays):
    """Share of the sharp and of the spread mirror image in every pixel, into sharp, spread (H, W) float32, both 0.

    at (H, W, 2): place of the pixel in the atlas, as from ``place_in_atlas``, -1 where nothing mirrors; patina
    (H', W', 4): its factors; rays (3, 3): corner, across, down, as ``View.rays``.
    """
    for row in range(sharp.shape[0]):
        for column in range(sharp.shape[1]):
            if at[row, column, 0] < 0:
                continue
            wet = (_between(patina, at[row, column, 0], at[row, column, 1]) - WET) / (MOST - WET)
            if wet <= 0.0:
                continue
            x = rays[0, 0] + (column + 0.5) * rays[1, 0] + (row + 0.5) * rays[2, 0]
            y = rays[0, 1] + (column + 0.5) * rays[1, 1] + (row + 0.5) * rays[2, 1]
            z = rays[0, 2] + (column + 0.5) * rays[1, 2] + (row + 0.5) * rays[2, 2]
            share = fresnel(-z / np.sqrt(x * x + y * y + z * z))
            t = min(max((wet - STANDS[0]) / (STANDS[1] - STANDS[0]), 0.0), 1.0)
            still = t * t * (3.0 - 2.0 * t)
            sharp[row, column] = share * still
            spread[row, column] = share * (1.0 - still) * wet


@njit(**ENTRY)
def mix_in(radiance, share, light, sharp, spread, image, coarse, pitch):
    """Mix mirror images into a picture (H, W, 3) by their shares (H, W): one (H, W, 3), and one (h, w, 3) of which a
    pixel is ``pitch`` wide. share (H, W), light (H, W, 3): what they take of it, and what they add."""
    for row in range(radiance.shape[0]):
        for column in range(radiance.shape[1]):
            a, b = sharp[row, column], spread[row, column]
            if a + b > 0.0:
                share[row, column] = a + b
                for k in range(3):
                    light[row, column, k] = a * image[row, column, k] + b * coarse[row // pitch, column // pitch, k]
                    seen = radiance[row, column, k] * (np.float32(1.0) - a - b)
                    radiance[row, column, k] = (
                        seen + a * image[row, column, k] + b * coarse[row // pitch, column // pitch, k]
                    )


@njit(**INNER)
def _between(patina, x, y):
    """The patina's fourth channel between the four texels about a place, texels' centres at + 0.5."""
    x, y = max(x - 0.5, 0.0), max(y - 0.5, 0.0)
    i, j = min(int(x), patina.shape[1] - 2), min(int(y), patina.shape[0] - 2)
    a, b = x - i, y - j
    low = patina[j, i, 3] * (1.0 - a) + patina[j, i + 1, 3] * a
    return low * (1.0 - b) + (patina[j + 1, i, 3] * (1.0 - a) + patina[j + 1, i + 1, 3] * a) * b
