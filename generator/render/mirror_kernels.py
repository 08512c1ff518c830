"""How much of what it mirrors a wet floor sends on at each pixel (compiled)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

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


class Floors(NamedTuple):
    """What is asked of facets to find water on them: mirrors (F,), whether they are level floors; normal, anchor
    (F, 3), values (F, 4), gradients (F, 4, 3), chart (F,): of ``Facets``; rects (C, 4): ``patina`` of ``Charts``;
    patina (H', W', 4): its factors."""

    mirrors: NDArray[np.bool_]
    normal: NDArray[np.float64]
    anchor: NDArray[np.float64]
    values: NDArray[np.float64]
    gradients: NDArray[np.float64]
    chart: NDArray[np.int32]
    rects: NDArray[np.float32]
    patina: NDArray[np.uint8]


@njit(**ENTRY)
def find_water(sharp, spread, found, facet, floors, eye, rays):
    """Share of the sharp and of the spread mirror image in every pixel, into sharp, spread (H, W) float32, both 0; and
    which facets have water in the picture, into found (F,), False.

    facet (H, W): what each pixel sees, -1 for nothing; eye (3,); rays (3, 3): corner, across, down, as ``View.rays``.
    """
    reach, place = np.empty(3), np.empty((2, 4))
    for row in range(facet.shape[0]):
        last = np.int32(-1)
        for column in range(facet.shape[1]):
            f = facet[row, column]
            if f < 0 or not floors.mirrors[f]:
                continue
            if f != last:
                last = f
                _follow(reach, place, floors, f, eye, rays)
            left, top, wide, high = floors.rects[floors.chart[f]]
            if wide < 0.0:
                continue
            x, y = column + 0.5, row + 0.5
            far = 1.0 / (reach[0] + reach[1] * x + reach[2] * y)
            a = min(max(place[0, 0] + (place[0, 1] + place[0, 2] * x + place[0, 3] * y) * far, 0.0), 1.0)
            b = min(max(place[1, 0] + (place[1, 1] + place[1, 2] * x + place[1, 3] * y) * far, 0.0), 1.0)
            wet = (_between(floors.patina, left + a * wide, top + b * high) - WET) / (MOST - WET)
            if wet <= 0.0:
                continue
            found[f] = True
            east = rays[0, 0] + x * rays[1, 0] + y * rays[2, 0]
            north = rays[0, 1] + x * rays[1, 1] + y * rays[2, 1]
            down = -(rays[0, 2] + x * rays[1, 2] + y * rays[2, 2])
            share = fresnel(down / np.sqrt(east * east + north * north + down * down))
            t = min(max((wet - STANDS[0]) / (STANDS[1] - STANDS[0]), 0.0), 1.0)
            still = t * t * (3.0 - 2.0 * t)
            sharp[row, column] = share * still
            spread[row, column] = share * (1.0 - still) * wet


@njit(**INNER)
def _follow(reach, place, floors, f, eye, rays):
    """One over the distance to a facet along the rays (3,), and its last two values (2, 4) as in ``place_facets``."""
    away = 0.0
    for d in range(3):
        away += floors.normal[f, d] * (floors.anchor[f, d] - eye[d])
    if abs(away) < 1e-9:
        away = 1e-9
    for r in range(3):
        reach[r] = 0.0
        for d in range(3):
            reach[r] += floors.normal[f, d] * rays[r, d] / away
    for k in range(2):
        place[k, 0] = floors.values[f, 2 + k]
        for d in range(3):
            place[k, 0] += floors.gradients[f, 2 + k, d] * (eye[d] - floors.anchor[f, d])
        for r in range(3):
            place[k, 1 + r] = 0.0
            for d in range(3):
                place[k, 1 + r] += floors.gradients[f, 2 + k, d] * rays[r, d]


@njit(**ENTRY)
def mix_in(radiance, share, light, sharp, spread, image, coarse, at, pitch):
    """Mix mirror images into a picture (H, W, 3) by their shares (H, W), in place.

    share (H, W), light (H, W, 3): what they take of it, and what they add. image (h, w, 3), coarse (h', w', 3): parts
    of the two pictures, the latter's pixels ``pitch`` wide. at (2, 2): row and column of the first pixel of each in its
    picture.
    """
    for row in range(radiance.shape[0]):
        for column in range(radiance.shape[1]):
            a, b = sharp[row, column], spread[row, column]
            if a + b <= 0.0:
                continue
            share[row, column] = a + b
            for k in range(3):
                added = np.float32(0.0)
                if a > 0.0:
                    added += a * image[row - at[0, 0], column - at[0, 1], k]
                if b > 0.0:
                    added += b * coarse[row // pitch - at[1, 0], column // pitch - at[1, 1], k]
                light[row, column, k] = added
                radiance[row, column, k] = radiance[row, column, k] * (np.float32(1.0) - a - b) + added


@njit(**INNER)
def _between(patina, x, y):
    """The patina's fourth channel between the four texels about a place, texels' centres at + 0.5."""
    x, y = max(x - 0.5, 0.0), max(y - 0.5, 0.0)
    i, j = min(int(x), patina.shape[1] - 2), min(int(y), patina.shape[0] - 2)
    a, b = x - i, y - j
    low = patina[j, i, 3] * (1.0 - a) + patina[j, i + 1, 3] * a
    return low * (1.0 - b) + (patina[j + 1, i, 3] * (1.0 - a) + patina[j + 1, i + 1, 3] * a) * b
