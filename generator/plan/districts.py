"""District maps: smooth random functions over hundreds of metres that make one district unlike another.

Sums of value noise on lattices of whole cells, so that they are exact at any distance from the origin, mapped to
an even spread over 0..1 by the normal distribution's integral.
Source: Perlin, "An image synthesizer", SIGGRAPH 1985 (fade curve 6t^5 - 15t^4 + 10t^3 of his 2002 revision).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from .random_kernels import key, unit

OPENNESS, DECAY, DAMP, POWER, HEIGHT, LAMPS, GRAIN, TURN, TINT = range(9)
_SPREAD = 0.1756
"""Standard deviation of ``_raw`` over the plane: of 0.65 of one octave and 0.35 of one at a third of its length."""


@njit(cache=True)
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


@njit("float64(uint64, int64, int64, int64, int64)", cache=True)
def _raw(world, district_map, x, y, length):
    slow = _octave(world, 40 + district_map, x, y, length)
    return 0.65 * slow + 0.35 * _octave(world, 50 + district_map, x, y, max(length // 3, 1))


@njit("float64(uint64, int64, int64, int64, int64)", cache=True)
def even(world, district_map, x, y, length):
    """Map number ``district_map`` at cell (x, y), spread about evenly over 0..1; ``length`` cells between its hills."""
    z = (_raw(world, district_map, x, y, length) - 0.5) / _SPREAD
    return 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))


@njit(cache=True)
def share(level, part, soft):
    """How far an evenly spread level lies in the topmost ``part`` of its range, 0..1 with a border ``soft`` wide."""
    if part <= 0.0:
        return 0.0
    t = min(max((level - (1.0 - part)) / soft + 0.5, 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


@njit(cache=True)
def openness(world, rules, x, y):
    """The map that opens or closes the plan, 0..1: the scene's mean and range around it."""
    u = even(world, OPENNESS, x, y, rules.wave)
    return min(max(rules.openness + rules.openness_range * (2.0 * u - 1.0), 0.0), 1.0)


@njit(cache=True)
def sample(world, rules, x, y):
    """All five public maps at cell (x, y): openness, decay, damp, power, height, each 0..1."""
    decay = share(even(world, DECAY, x, y, rules.wave), rules.decay, 0.3)
    damp = share(even(world, DAMP, x, y, rules.wave), rules.damp, 0.3)
    power = 1.0 - share(even(world, POWER, x, y, rules.wave), rules.blackout, 0.08)
    height = even(world, HEIGHT, x, y, rules.wave)
    return openness(world, rules, x, y), decay, damp, power, height


@njit(cache=True)
def raster(world, rules, x0, y0, ny, nx):
    """The five maps over a rectangle of cells: (5, ny, nx) float32, interpolated from every fourth cell.

    Every fourth cell of the world, not of the window, so that the window does not matter.
    """
    out = np.empty((5, ny, nx), np.float32)
    j0, i0 = y0 // 4, x0 // 4
    gy, gx = (y0 + ny) // 4 - j0 + 2, (x0 + nx) // 4 - i0 + 2
    coarse = np.empty((gy, gx, 5))
    for j in range(gy):
        for i in range(gx):
            values = sample(world, rules, (i0 + i) * 4, (j0 + j) * 4)
            for k in range(5):
                coarse[j, i, k] = values[k]
    for y in range(ny):
        for x in range(nx):
            j, i = (y0 + y) // 4 - j0, (x0 + x) // 4 - i0
            v, u = (y0 + y) % 4 / 4.0, (x0 + x) % 4 / 4.0
            for k in range(5):
                low = coarse[j, i, k] * (1 - u) + coarse[j, i + 1, k] * u
                high = coarse[j + 1, i, k] * (1 - u) + coarse[j + 1, i + 1, k] * u
                out[k, y, x] = low * (1 - v) + high * v
    return out
