"""Caps: thin boards that lie on half walls and window sills and stand over on both sides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ..plan.floorplan import Floorplan, WallKind
from .footprints import SNAP_M, Footprints
from .level import Mesh
from .mesh import level_mesh
from .panels import rectangles
from .plates import Plates

THICK_M = 0.022
OVERHANG_M = 0.018
"""A 7/8 in board, 18 mm over the paper all around; where its ends meet a wall they are let into it."""


def wall_caps(plan: Floorplan, prints: Footprints, material: int) -> list[Mesh]:
    """The boards on every half wall and every sill: tops, edges, and the undersides that stand over."""
    under, z = _capped(plan, prints)
    if not len(under):
        return []
    region = shapely.box(0.0, 0.0, *plan.size_m)
    board = shapely.intersection(shapely.buffer(under, OVERHANG_M, join_style="mitre"), region)
    lips = shapely.difference(board, under)
    parts = []
    for shape, height, up in ((board, z + THICK_M, 1), (lips, z, -1)):
        pieces, owner = shapely.get_parts(shapely.set_precision(shape, SNAP_M), return_index=True)
        pieces = shapely.orient_polygons(shapely.normalize(pieces))
        n = len(pieces)
        kind, none = np.full(n, material, np.int16), np.zeros(n, np.int64)
        flat = level_mesh(Plates(pieces, height[owner], np.full(n, up, np.int8), kind, none), none)
        across = np.ptp(shapely.bounds(pieces).reshape(-1, 2, 2), axis=1)
        turned = (across[:, 1] > across[:, 0])[flat.vertex_chart]
        parts.append(replace(flat, uv=np.where(turned[:, None], flat.uv[:, ::-1], flat.uv)))  # grain along the board
    return [*parts, _edges(board, z, material)]


def _capped(plan: Floorplan, prints: Footprints) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """What is capped, pieces that touch as one, and the height of each top."""
    low = np.flatnonzero(np.isin(plan.wall_kind, [WallKind.HALF, WallKind.SILL]))
    top = prints.z[low, 1]
    heights = np.unique(top)
    joint = np.array([shapely.union_all(prints.polygon[low[top == z]]) for z in heights], object)
    parts, owner = shapely.get_parts(joint, return_index=True)
    return parts, heights[owner]


def _edges(board: NDArray[np.object_], z: NDArray[np.float64], material: int) -> Mesh:
    """The upright edges of the boards."""
    ring, owner = shapely.get_rings(shapely.orient_polygons(shapely.get_parts(board)), return_index=True)
    part_of = shapely.get_parts(board, return_index=True)[1]
    starts, ends, heights = [], [], []
    for line, part in zip(ring, owner, strict=True):
        at = shapely.get_coordinates(line)
        starts.append(at[:-1])
        ends.append(at[1:])
        heights.append(np.full(len(at) - 1, z[part_of[part]]))
    p, q, low = np.concatenate(starts), np.concatenate(ends), np.concatenate(heights)
    rise = np.tile([0.0, 0.0, THICK_M], (len(p), 1))
    return rectangles(np.column_stack([p, low]), np.column_stack([q - p, 0 * low]), rise, np.full(len(p), material))
