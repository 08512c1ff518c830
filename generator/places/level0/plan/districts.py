"""The district maps of Level 0: how open, decayed, damp, powered and high its districts are."""

from __future__ import annotations

import numpy as np
from numba import njit

from ....kernel_options import ENTRY
from ....plan.districts import even, share

OPENNESS, DECAY, DAMP, POWER, HEIGHT, LAMPS, GRAIN, TURN, TINT = range(9)


@njit(**ENTRY)
def openness(world, rules, x, y):
    """The map that opens or closes the plan, 0..1: the scene's mean and range around it."""
    u = even(world, OPENNESS, x, y, rules.wave)
    return min(max(rules.openness + rules.openness_range * (2.0 * u - 1.0), 0.0), 1.0)


@njit(**ENTRY)
def sample(world, rules, x, y):
    """All five public maps at cell (x, y): openness, decay, damp, power, height, each 0..1."""
    decay = share(even(world, DECAY, x, y, rules.wave), rules.decay, 0.3)
    damp = share(even(world, DAMP, x, y, rules.wave), rules.damp, 0.3)
    power = 1.0 - share(even(world, POWER, x, y, rules.wave), rules.blackout, 0.08)
    height = even(world, HEIGHT, x, y, rules.wave)
    return openness(world, rules, x, y), decay, damp, power, height


@njit(**ENTRY)
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
