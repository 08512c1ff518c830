"""Hypostyle: one hall of columns, at a pitch that slips."""

from __future__ import annotations

import numpy as np

from .....plan.lattice import CELL, MODULE
from ..partitions import PILLAR
from .canvas import Canvas, Site

CEILINGS = (0, 0, 3048, 18000)
"""How much higher than usual the hall is, 0.1 mm."""
MISSING = 0.02
"""Share of columns that are not there."""


def hypostyle(site: Site) -> Canvas:
    """Draw columns of one size; every few of them the pitch grows by a module, and rows lag behind."""
    ceiling = site.ceiling + CEILINGS[site.below(4)]
    canvas = Canvas(site, 5 if ceiling > 40000 else (3, 4, 5)[site.below(3)], ceiling)
    half, lag = site.between(5, 11) * 500, site.between(2, 5)
    columns, rows = np.array(_slipping(site, 2 * site.w)), np.array(_slipping(site, 2 * site.h))
    x = (columns + np.arange(len(rows))[:, None] // lag) * MODULE
    at = np.stack([x, np.broadcast_to(rows[:, None] * MODULE, x.shape)], axis=-1).reshape(-1, 2)
    at = at[((at > half) & (at < np.array([site.w, site.h]) * CELL - half)).all(axis=1)]
    at = at[[not site.chance(MISSING) for _ in at]]
    canvas.solids(np.concatenate([at - half, at + half], axis=1), PILLAR, ceiling)
    return canvas


def _slipping(site: Site, length: int) -> list[int]:
    """Places along a side, modules: a pitch of 5 to 8 that now and then takes one more, and starts again."""
    pitch, after = site.between(5, 8), site.between(3, 6)
    places, at, k = [], site.below(4) - 12, 0
    while at < length:
        places.append(at)
        k += 1
        at += pitch + min(k // after, 4)
        k = 0 if k >= 5 * after else k
    return places
