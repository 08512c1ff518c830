"""Where an agent's middle may stand: floors less what stands on them, shrunk by its radius, level by level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ...plan.floorplan import Floorplan
from ...plan.ground import PART_M, is_level, shut, squares
from .agent import Agent
from .cells import ground_of
from .colliders import Collider, in_the_way

ARC = 4
"""Chords of a quarter of a circle round a corner."""
GRID_M = 1e-4
"""Corners lie on this grid, the plan's own, so that neighbouring chunks name a shared corner alike."""
LEAST_M2 = 0.05
"""Islands of floor smaller than this are left out: nobody turns round on them."""
RAMP_M = 0.3
"""A step that an agent climbs becomes a ramp this far to each side of its edge."""


@dataclass(frozen=True)
class FreeFloor:
    """Where an agent's middle may stand. level (K,) polygons in plan and height (K,) of their floor, metres from the
    plan's origin; ramps: lines (S,) along which floors of two heights meet that an agent climbs, and their height in
    between (S,)."""

    level: NDArray[np.object_]
    height: NDArray[np.float64]
    ramp: NDArray[np.object_]
    middle: NDArray[np.float64]


def free_floor(
    plan: Floorplan, upright: Sequence[Collider], agent: Agent, closed: tuple[float, ...] | None
) -> FreeFloor:
    """Find the free floor of a plan between what stands ``upright`` on it.

    closed: a box x0, y0, x1, y1 whose edge is a wall and outside of which is none.

    The radius is widened by 2 %, so that the chords round a corner come no nearer to it than the radius.
    """
    reach = agent.radius_m / np.cos(np.pi / 4 / ARC)
    solid = _obstacles(plan, upright, agent)
    ramp, middle, cliff = _steps(plan, agent)
    near = shapely.buffer(np.concatenate([solid, cliff]), reach, quad_segs=ARC)
    x0, y0, x1, y1 = closed or (0.0, 0.0, *plan.size_m)
    inset = reach if closed else 0.0
    whole = shapely.box(x0 + inset, y0 + inset, x1 - inset, y1 - inset)
    free = shapely.difference(whole, shapely.union_all(near))
    levels, heights = [], []
    ground, side = squares(plan)
    for height in np.unique(ground):
        part = shapely.intersection(free, ground_of(ground == height, side))
        levels.append(shapely.set_precision(part, GRID_M))
        heights.append(float(height))
    return FreeFloor(np.array(levels, object), np.array(heights), ramp, middle)


def _obstacles(plan: Floorplan, upright: Sequence[Collider], agent: Agent) -> NDArray[np.object_]:
    """Outlines of what leaves an agent no room over the floor: walls, solids, things, cells with too low a ceiling; and
    of slits."""
    blocks = np.flatnonzero(in_the_way(plan, upright, agent.height_m)).tolist()
    solid = [shapely.Polygon(upright[k].outline) for k in blocks if upright[k].kind != "floor"]
    low = ground_of(plan.ceiling_m - plan.floor_m < agent.height_m)
    slits = shapely.box(*plan.slit_box.T)
    return np.array([*solid, *slits, low, *([] if is_level(plan) else [ground_of(shut(plan), PART_M)])], object)


def _steps(plan: Floorplan, agent: Agent) -> tuple[NDArray[np.object_], NDArray[np.float64], NDArray[np.object_]]:
    """Lines between squares of two heights: those that are climbed with their middle heights, and the others."""
    lines, low, high = [], [], []
    ground, side = squares(plan)
    for axis in (1, 0):
        j, i = np.nonzero(np.diff(ground, axis=axis))
        a, b = ground[j, i], ground[j + (axis == 0), i + (axis == 1)]
        start = np.column_stack([i + (axis == 1), j + (axis == 0)])
        end = start + np.array([0, 1] if axis == 1 else [1, 0])
        lines.append(np.stack([start, end], axis=1))
        low.append(np.minimum(a, b))
        high.append(np.maximum(a, b))
    line = np.asarray(shapely.linestrings(np.concatenate(lines) * side), object).reshape(-1)
    bottom, top = np.concatenate(low), np.concatenate(high)
    climbed = top - bottom <= agent.step_m + 1e-9
    return line[climbed], 0.5 * (bottom + top)[climbed], line[~climbed]
