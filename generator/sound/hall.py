"""The noun of acoustics: what stands about an ear and what it absorbs, whichever place it is of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..places.sounds import Sounds
from ..plan.floorplan import Floorplan, WallKind
from ..plan.grid import PlanGrid, grid_of_lines
from ..plan.sight import edges_of, solid_rings, wall_corners


class Hall(NamedTuple):
    """Upright faces and levels that sound meets, in a plan's coordinates, metres.

    edge (E, 4): x0, y0, x1, y1 of upright faces; what is solid lies on their left. edge_z (E, 2): bottoms and tops.
    grid: the cells that each touches. floor, ceiling (NY, NX): heights. keep (3, 6): the reflected share of energy at
    floor, wall and ceiling, by octave. scatter (3,): the share of it that goes in all directions.
    """

    edge: NDArray[np.float64]
    edge_z: NDArray[np.float64]
    grid: PlanGrid
    floor: NDArray[np.float64]
    ceiling: NDArray[np.float64]
    keep: NDArray[np.float64]
    scatter: NDArray[np.float64]


def hall_of(plan: Floorplan, sounds: Sounds) -> Hall:
    """Collect what sound meets in a plan. An arch counts as a header down to its crown."""
    walls = edges_of(wall_corners(plan)).reshape(-1, 4)
    z = plan.wall_z.copy()
    arch = plan.wall_kind == WallKind.ARCH
    z[arch, 0] = plan.wall_crown[arch]
    rings = solid_rings(plan)
    edge = np.ascontiguousarray(np.concatenate([walls, *map(edges_of, rings)]))
    edge_z = np.concatenate([np.repeat(z, 4, axis=0), np.repeat(plan.solid_z, [len(ring) for ring in rings], axis=0)])
    linings = (sounds.floor, sounds.wall, sounds.ceiling)
    keep = 1.0 - np.array([lining.absorption for lining in linings])
    scatter = np.array([lining.scattering for lining in linings])
    floor, ceiling = (np.ascontiguousarray(height, np.float64) for height in (plan.floor_m, plan.ceiling_m))
    return Hall(edge, edge_z, grid_of_lines(plan.ceiling_m.shape, edge), floor, ceiling, keep, scatter)
