"""Walking in plan: where a body of a given breadth may stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .floorplan import Floorplan, SolidKind
from .floors import floors_beside
from .ground import barred
from .sight import wall_boxes, wall_corners

PITCH_M = 0.1016
"""Pixel of the walking raster: a sixth of a module."""
CLEARANCE_M = 0.25
"""Half the breadth of shoulders."""
HEAD_M = 1.7
"""Only what stands below this height is in the way; headers and arches spring higher."""


def footprints(plan: Floorplan) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Outlines of all that stands on the floor, and of ground where nobody walks, as boxes: xy (V, 2) metres and start
    (S + 1,), as ``Floorplan.solid_xy``."""
    low, _ = floors_beside(plan.floor_m, wall_boxes(plan))
    corners = wall_corners(plan)[plan.wall_z[:, 0] < low + HEAD_M]
    closed = barred(plan)[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    rings = np.concatenate([corners, closed]).reshape(-1, 2)
    stands = np.flatnonzero(plan.solid_kind != SolidKind.STEP)
    sizes = np.concatenate([np.full(len(rings) // 4, 4), np.diff(plan.solid_start)[stands]])
    solid = np.repeat(plan.solid_kind != SolidKind.STEP, np.diff(plan.solid_start))
    return np.concatenate([rings, plan.solid_xy[solid]]), np.concatenate([[0], np.cumsum(sizes)])


def walkable(plan: Floorplan, clearance_m: float = CLEARANCE_M) -> NDArray[np.bool_]:
    """Draw a raster (ny, nx), row 0 in the south: may a disc of radius ``clearance_m`` stand with its centre here?"""
    from .rays import lower_about

    columns, rows = (round(side / PITCH_M) for side in plan.size_m)
    gap = np.full((rows, columns), clearance_m + PITCH_M)
    lower_about(gap, PITCH_M, *footprints(plan))
    return (gap > 0.0) & (gap >= clearance_m)


def is_free(plan: Floorplan, xy: ArrayLike, clearance_m: float = CLEARANCE_M) -> NDArray[np.bool_]:
    """Tell whether points (P, 2) or (2,) are free: inside the plan, further than ``clearance_m`` metres from walls."""
    import shapely

    points = np.asarray(xy, np.float64)
    rings, start = footprints(plan)
    owner = np.repeat(np.arange(len(start) - 1), np.diff(start))
    polygons = shapely.polygons(shapely.linearrings(rings, indices=owner))
    free = np.asarray(((points >= 0) & (points <= plan.size_m)).all(axis=-1))
    places = shapely.points(points.reshape(-1, 2))
    near = shapely.STRtree(polygons).query(places, predicate="dwithin", distance=clearance_m)
    free.reshape(-1)[near[0]] = False
    return free


def nearest_free(plan: Floorplan, xy: ArrayLike, clearance_m: float = CLEARANCE_M) -> tuple[float, float] | None:
    """Find the nearest free point: the point itself, or a free pixel's centre; None when nothing is free."""
    x, y = (float(c) for c in np.asarray(xy, np.float64))
    if is_free(plan, (x, y), clearance_m):
        return x, y
    free = walkable(plan, clearance_m)
    rows, columns = np.nonzero(free)
    if not len(rows):
        return None
    px, py = (columns + 0.5) * PITCH_M, (rows + 0.5) * PITCH_M
    k = int(np.argmin((px - x) ** 2 + (py - y) ** 2))
    return float(px[k]), float(py[k])
