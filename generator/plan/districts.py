"""District maps: smooth random functions over hundreds of metres that make one district unlike another.

Sums of value noise on lattices of whole cells, so that they are exact at any distance from the origin, mapped to
an even spread over 0..1 by the normal distribution's integral.
Source: Perlin, "An image synthesizer", SIGGRAPH 1985 (fade curve 6t^5 - 15t^4 + 10t^3 of his 2002 revision).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER
from .random_kernels import key, unit

_SPREAD = 0.1756
"""Standard deviation of ``_raw`` over the plane: of 0.65 of one octave and 0.35 of one at a third of its length."""


@njit(**INNER)
def _octave(world, stream, x, y, length):
    """Value noise in 0..1 at cell (x, y) on a lattice of ``length`` cells.

    Its knots, where extremes lie, are moved by the seed, so that the world's origin is a place like any other.
    """
    h = key(world, stream, length, -1, -1)
    x += np.int64(h % np.uint64(length))
    y += np.int64((h >> np.uint64(32)) % np.uint64(length))
    i, j = x // length, y // length
    u, v = (x - i * length) / length, (y - j * length) / length
    u = u * u * u * (u * (6.0 * u - 15.0) + 10.0)
    v = v * v * v * (v * (6.0 * v - 15.0) + 10.0)
    a, b = unit(key(world, stream, i, j, length)), unit(key(world, stream, i + 1, j, length))
    c, d = unit(key(world, stream, i, j + 1, length)), unit(key(world, stream, i + 1, j + 1, length))
    return (a * (1 - u) + b * u) * (1 - v) + (c * (1 - u) + d * u) * v


@njit("float64(uint64, int64, int64, int64, int64)", **INNER)
def _raw(world, district_map, x, y, length):
    slow = _octave(world, 40 + district_map, x, y, length)
    return 0.65 * slow + 0.35 * _octave(world, 50 + district_map, x, y, max(length // 3, 1))


@njit("float64(uint64, int64, int64, int64, int64)", **ENTRY)
def even(world, district_map, x, y, length):
    """Map number ``district_map`` at cell (x, y), spread about evenly over 0..1; ``length`` cells between its hills."""
    z = (_raw(world, district_map, x, y, length) - 0.5) / _SPREAD
    return 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))


@njit(**ENTRY)
def share(level, part, soft):
    """How far an evenly spread level lies in the topmost ``part`` of its range, 0..1 with a border ``soft`` wide."""
    if part <= 0.0:
        return 0.0
    t = min(max((level - (1.0 - part)) / soft + 0.5, 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)
