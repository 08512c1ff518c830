"""A plan's floor moved to several heights, and what stands on it with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from .floorplan import Floorplan, WallKind
from .floors import floors_beside
from .sight import ring_boxes, wall_boxes


def on_floors(plan: Floorplan, floor_m: ArrayLike) -> Floorplan:
    """A plan of a level floor, its floor moved to ``floor_m`` (NY, NX) metres, and what stands on it with it.

    What stands at z = 0 goes down to the lower floor beside it; half walls, sills and the undersides of openings rise
    with the higher one, at most to the ceiling. Ceilings, lamps, and what hangs from the ceiling stay.
    """
    floor = np.array(np.broadcast_to(np.asarray(floor_m, np.float64), plan.ceiling_m.shape))
    low, high = floors_beside(floor, wall_boxes(plan))
    bottom, top = plan.wall_z.T
    stands, opening = bottom == 0.0, np.isin(plan.wall_kind, [WallKind.HEADER, WallKind.ARCH])
    free = np.isin(plan.wall_kind, [WallKind.HALF, WallKind.SILL])
    wall_top = np.where(free, top + high, top)
    wall_bottom = np.where(stands, low, np.where(opening, np.minimum(bottom + high, top), bottom))
    crown = np.where(plan.wall_crown > 0.0, np.minimum(plan.wall_crown + high, top), plan.wall_crown)
    under, _ = floors_beside(floor, ring_boxes(plan))
    solid_bottom = np.where(plan.solid_z[:, 0] == 0.0, under, plan.solid_z[:, 0])
    return replace(
        plan,
        floor_m=floor,
        wall_z=np.column_stack([wall_bottom, wall_top]),
        wall_crown=crown,
        solid_z=np.column_stack([solid_bottom, plan.solid_z[:, 1]]),
    )
