"""Walking in plan: where a body of a given breadth may stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .floorplan import Floorplan
from .sight import wall_corners

PITCH_M = 0.1016
"""Pixel of the walking raster: a sixth of a module."""
CLEARANCE_M = 0.25
"""Half the breadth of shoulders."""
HEAD_M = 1.7
"""Only what stands below this height is in the way; headers and arches spring higher."""


def footprints(plan: Floorplan) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Outlines of all that stands on the floor: xy (V, 2) metres and start (S + 1,), as ``Floorplan.solid_xy``."""
    corners = wall_corners(plan)[plan.wall_z[:, 0] < HEAD_M]
    rings = corners.reshape(-1, 2)
    start = np.concatenate([np.arange(len(corners)) * 4, plan.solid_start + len(rings)])
    return np.concatenate([rings, plan.solid_xy]), start


def walkable(plan: Floorplan, clearance_m: float = CLEARANCE_M, pitch_m: float = PITCH_M) -> NDArray[np.bool_]:
    """Draw a raster (ny, nx), row 0 in the south: may a disc of radius ``clearance_m`` stand with its centre here?"""
    from .rays import block_out

    w, h = plan.size_m
    free = np.ones((round(h / pitch_m), round(w / pitch_m)), np.bool_)
    xy, start = footprints(plan)
    block_out(free, pitch_m, xy, start, clearance_m)
    return free


def is_free(plan: Floorplan, xy: ArrayLike, clearance_m: float = CLEARANCE_M) -> NDArray[np.bool_]:
    """Tell whether points (P, 2) or (2,) are free: inside the plan, ``clearance_m`` metres or more from any wall."""
    from .rays import far_from_edge, inside

    points = np.asarray(xy, np.float64)
    rings, start = footprints(plan)
    out = np.empty(points.reshape(-1, 2).shape[0], np.bool_)
    low = np.minimum.reduceat(rings, start[:-1]) if len(start) > 1 else np.zeros((0, 2))
    high = np.maximum.reduceat(rings, start[:-1]) if len(start) > 1 else np.zeros((0, 2))
    w, h = plan.size_m
    for n, (x, y) in enumerate(points.reshape(-1, 2)):
        near = (low - clearance_m < (x, y)).all(axis=1) & (high + clearance_m > (x, y)).all(axis=1)
        out[n] = 0 <= x <= w and 0 <= y <= h
        for k in np.flatnonzero(near):
            ring = rings[start[k] : start[k + 1]]
            edges = np.concatenate([ring, np.roll(ring, -1, axis=0)], axis=1)
            out[n] &= not inside(x, y, ring) and all(far_from_edge(x, y, e, clearance_m) for e in edges)
    return out.reshape(points.shape[:-1])


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
