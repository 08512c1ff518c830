"""What stands in a region, known without building it: faces of walls, and the floor that things take from walkers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from ..plan.floorplan import CELL_M, Floorplan
from .arrangement import arrange
from .footprints import Footprints
from .holes import Holes
from .items import Item
from .kit import Kit, mesh_of
from .level import picked
from .shell import quads
from .sites import Stretches, stretches
from .slabs import slabs


def wall_faces(plan: Floorplan, prints: Footprints, holes: Holes) -> Stretches:
    """The straight faces of full-height walls, as ``build`` finds them, from what stands on the floor alone."""
    low = prints.z[:, 0] <= prints.floor
    standing, none = picked(prints, low), picked(holes, slice(0))
    cut = arrange(plan.size_m, np.concatenate([standing.polygon, _other_floors(plan)]), lattice=False)
    return stretches(plan, cut, quads(cut, slabs(plan, cut, standing, none), standing, True), standing)


def _other_floors(plan: Floorplan) -> NDArray[np.object_]:
    """The cells whose floor has not the usual height, as polygons."""
    heights, count = np.unique(plan.floor_m, return_counts=True)
    j, i = np.nonzero(plan.floor_m != heights[count.argmax()])
    return np.asarray(shapely.box(i * CELL_M, j * CELL_M, (i + 1) * CELL_M, (j + 1) * CELL_M), object)


def hulls(items: Sequence[Item], kit: Kit, head_m: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Convex outlines in plan of what reaches below ``head_m``: xy (V, 2) and start (N + 1,), as ``solid_xy``."""
    rings, index = [np.zeros((0, 2))], dict.fromkeys(kit.surfaces, 0)
    corner = {kind: mesh_of(kit, kind, index).vertices for kind in dict.fromkeys(item.kind for item in items)}
    for item in items:
        corners = corner[item.kind] @ item.place[:3, :3].T + item.place[:3, 3]
        if corners[:, 2].min() < head_m:
            rings.append(shapely.get_coordinates(shapely.convex_hull(shapely.multipoints(corners[:, :2]))))
    return np.concatenate(rings), np.cumsum([len(ring) for ring in rings])
