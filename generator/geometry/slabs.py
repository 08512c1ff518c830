"""Which part of the height over every face of the arrangement is solid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ..plan.floorplan import Floorplan
from ..plan.floors import floor_at
from .arrangement import Arrangement
from .footprints import Footprints, snapped
from .holes import PLENUM_M, TILE_M, Holes

DECK_M = 1.0
"""The slab above the highest ceiling, solid everywhere, that closes the building."""


@dataclass(frozen=True)
class Slabs:
    """z (S + 1,) heights, ascending from the lowest floor; solid (F, S) is face f solid between z[s] and z[s + 1]?

    floor, ceiling (F,) height of the floor of each face, steps included, and of the ceiling over it. cover (2, N):
    pairs (face, footprint) that overlap, but for steps.
    """

    z: NDArray[np.float64]
    solid: NDArray[np.bool_]
    floor: NDArray[np.float64]
    ceiling: NDArray[np.float64]
    cover: NDArray[np.int64]


def slabs(plan: Floorplan, arrangement: Arrangement, prints: Footprints, holes: Holes) -> Slabs:
    """Stack walls, solids, what is under the floors and above the ceilings into slabs.

    Open holes lead to the dark space above. A cell whose floor is not below its ceiling is solid.
    """
    floor, ceiling = (floor_at(snapped(z), arrangement.face_center) for z in (plan.floor_m, plan.ceiling_m))
    cover = _cover(arrangement, prints)
    on_step = prints.is_step[cover[1]]
    np.maximum.at(floor, cover[0, on_step], prints.z[cover[1, on_step], 1])
    cover = cover[:, ~on_step]
    above = holes.z[holes.opens]
    inner = np.unique(np.concatenate([prints.z.ravel(), floor, ceiling, above + TILE_M, above + PLENUM_M]))
    z = _distinct(np.concatenate([[floor.min()], inner[inner > floor.min()], [ceiling.max() + DECK_M]]))
    delta = np.zeros((len(ceiling), len(z)), np.int32)
    bottom = np.searchsorted(z, prints.z[cover[1], 0] - 1e-6)
    top = np.searchsorted(z, prints.z[cover[1], 1] - 1e-6)
    np.add.at(delta, (cover[0], np.minimum(bottom, top)), 1)
    np.add.at(delta, (cover[0], top), -1)
    solid = np.cumsum(delta, axis=1)[:, :-1] > 0
    solid |= z[None, :-1] > ceiling[:, None] - 1e-6
    solid |= z[None, 1:] < floor[:, None] + 1e-6
    _open_up(solid, z, arrangement, holes)
    return Slabs(z, solid, floor, ceiling, cover)


def _open_up(solid: NDArray[np.bool_], z: NDArray[np.float64], arrangement: Arrangement, holes: Holes) -> None:
    """Clear ``solid`` in open holes and in the dark space above them."""
    at = shapely.points(arrangement.face_center)
    for k in np.flatnonzero(holes.opens):
        level = z[:-1] - holes.z[k]
        tile = (level > -1e-5) & (level < TILE_M - 1e-5)
        void = (level > TILE_M - 1e-5) & (level < PLENUM_M - 1e-5)
        solid[np.ix_(shapely.contains(holes.polygon[k], at), tile)] = False
        solid[np.ix_(shapely.contains(holes.void[k], at), void)] = False


def _cover(arrangement: Arrangement, prints: Footprints) -> NDArray[np.int64]:
    """(2, N) face and footprint indices: which footprints stand on which faces."""
    tree = shapely.STRtree(prints.polygon)
    return tree.query(shapely.points(arrangement.face_center), predicate="within")


def _distinct(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ascending heights without repeats closer than the snapping grid."""
    z = np.unique(z)
    return z[np.concatenate([[True], np.diff(z) > 1e-5])]
