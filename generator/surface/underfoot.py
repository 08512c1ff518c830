"""How wet a bare slab is at some places: what its patina says there, without a mesh to lay it on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import Floorplan
from ..seed import hash64
from .lay import MOST, WET
from .palette import Ageing, Wear
from .patina import stacked_maps

SOLE_M = 0.1
"""Side of the square that is looked at about each place."""


def wetness(plan: Floorplan, age: Ageing, seed: int, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """How wet (N,) the slab is at places (N, 2) of a plan, metres: 0 dry, up to 0.6 damp, 1 where water stands."""
    from .concrete_layers import weather_concrete

    count = len(places)
    if not count:
        return np.zeros(0)
    size, place = np.full((count, 2), 2, np.int32), np.ones((count, 2), np.int32)
    place[:, 0] += 4 * np.arange(count, dtype=np.int32)
    corner, along_u, along_v = np.zeros((3, count, 3))
    corner[:, :2] = places - 0.5 * SOLE_M
    along_u[:, 0] = along_v[:, 1] = SOLE_M
    kinds = np.full(count, int(Wear.SLAB), np.int64)
    key = np.full(count, hash64(seed, "surface.patina", int(Wear.SLAB)), np.uint64)
    maps = stacked_maps(plan.district_maps)
    planes = np.stack([plan.floor_m, plan.ceiling_m], axis=2).astype(np.float64)
    feet = np.zeros(plan.floor_m.size + 1, np.int64), np.zeros((0, 4))
    out, look = np.zeros((4, 4 * count, 4), np.uint8), np.array([age.decay, age.damp, age.anomalies, age.tile_modules])
    origin, still = np.array(plan.origin, np.int64), np.zeros(count, np.int64)
    weather_concrete(
        size, place, corner, along_u, along_v, kinds, key, still, np.uint64(0), maps, planes, feet, origin, look, out
    )
    texels = np.stack([out[row, place[:, 0] + k, 3] for row in (1, 2) for k in (0, 1)], axis=1).astype(np.float64)
    return np.clip((texels - WET) / (MOST - WET), 0.0, 1.0).mean(axis=1)
