"""What stands and hangs in a region, known without building it, and the floor that it takes from walkers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from ..plan.floorplan import Floorplan
from ..scene.look import LookSettings
from ..scene.patch import Patch
from .anomalies import short_walls, wrong_things
from .arrangement import arrange
from .ceiling import Holes, ceiling_holes
from .dress import PLAIN
from .footprints import Footprints, footprints
from .furnish import demanded_things, left_behind, middle_fittings
from .items import Item, made
from .shell import quads
from .sites import Stretches, stretches
from .slabs import slabs


def things(plan: Floorplan, look: LookSettings, patches: Sequence[Patch], seed: int) -> tuple[list[Item], Holes]:
    """What ``build`` would put into a plan but for the smallest, and the holes in its ceiling.

    The result for a place does not depend on the region, but for the region's outermost two cells.
    """
    plan = short_walls(plan, look, seed)
    prints = footprints(plan)
    holes = ceiling_holes(plan, prints, look, seed)
    walls = wall_faces(plan, prints, holes)
    found = demanded_things(plan, patches) + middle_fittings(plan, walls, prints, look, seed)
    found += left_behind(plan, prints, found, look, seed)
    return found + wrong_things(plan, walls, prints, found, look, seed), holes


def wall_faces(plan: Floorplan, prints: Footprints, holes: Holes) -> Stretches:
    """The straight faces of full-height walls, as ``build`` finds them, from what stands on the floor alone."""
    low = prints.z[:, 0] <= 0.0
    standing = Footprints(**{f.name: getattr(prints, f.name)[low] for f in fields(Footprints)})
    none = replace(holes, **{f.name: getattr(holes, f.name)[:0] for f in fields(Holes)})
    cut = arrange(plan.size_m, standing.polygon, lattice=False)
    return stretches(plan, cut, quads(cut, slabs(plan, cut, standing, none), standing, True), standing)


def hulls(items: Iterable[Item], head_m: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Convex outlines in plan of what reaches below ``head_m``: xy (V, 2) and start (N + 1,), as ``solid_xy``."""
    rings = [np.zeros((0, 2))]
    for item in items:
        corners = _corners(item.kind) @ item.place[:3, :3].T + item.place[:3, 3]
        if corners[:, 2].min() < head_m:
            rings.append(shapely.get_coordinates(shapely.convex_hull(shapely.multipoints(corners[:, :2]))))
    return np.concatenate(rings), np.cumsum([len(ring) for ring in rings])


@lru_cache
def _corners(kind: str) -> NDArray[np.float64]:
    """The corners (V, 3) of a kind of thing."""
    return made(kind, dict.fromkeys(PLAIN, 0)).vertices
