"""What stands on the plan: every wall and solid as a polygon in plan with a height range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ..plan.floorplan import Floorplan, SolidKind, WallKind
from ..plan.floors import floors_beside, step_edges
from ..plan.sight import solid_rings

SNAP_M = 1e-4
"""Plan coordinates are snapped to this grid: it divides module, cell and chunk exactly."""
HEAD_M = 1.8
"""What begins higher than this over the floor leaves it free."""


@dataclass(frozen=True)
class Footprints:
    """N upright prisms.

    polygon (N,) shapely polygons, metres; z (N, 2) bottom and top; floor (N,) the lowest beside it;
    along (N, 2) unit direction of a wall, 0 for other shapes; run (N,) int64; is_wall (N,) bool: walls rather than
    pillars and blocks; is_step (N,) bool: they raise the floor.
    """

    polygon: NDArray[np.object_]
    z: NDArray[np.float64]
    floor: NDArray[np.float64]
    along: NDArray[np.float64]
    run: NDArray[np.int64]
    is_wall: NDArray[np.bool_]
    is_step: NDArray[np.bool_]


def footprints(plan: Floorplan) -> Footprints:
    """Every wall and solid of a plan, snapped; arches count from their springing up (``arches`` rounds them)."""
    p0, p1 = plan.wall_xy[:, :2], plan.wall_xy[:, 2:]
    length = np.maximum(np.linalg.norm(p1 - p0, axis=1, keepdims=True), SNAP_M)
    along = (p1 - p0) / length
    side = np.stack([-along[:, 1], along[:, 0]], axis=1) * plan.wall_thickness[:, None] / 2
    corners = np.stack([p0 - side, p1 - side, p1 + side, p0 + side], axis=1)
    walls = shapely.polygons(snapped(corners))
    solids = np.array([shapely.Polygon(snapped(ring)) for ring in solid_rings(plan)], dtype=object)
    upright = np.isin(plan.solid_kind, [SolidKind.CURVED_WALL, SolidKind.OBLIQUE_WALL])
    polygon = np.concatenate([walls, solids])
    return Footprints(
        polygon=polygon,
        z=snapped(np.concatenate([plan.wall_z.reshape(-1, 2), plan.solid_z.reshape(-1, 2)])),
        floor=snapped(floors_beside(plan.floor_m, shapely.bounds(polygon))[0]),
        along=np.concatenate([along, np.zeros((len(solids), 2))]),
        run=np.concatenate([plan.wall_run, plan.solid_run]).astype(np.int64),
        is_wall=np.concatenate([np.ones(len(walls), bool), upright]),
        is_step=np.concatenate([np.zeros(len(walls), bool), plan.solid_kind == SolidKind.STEP]),
    )


def in_the_way(plan: Floorplan, prints: Footprints) -> NDArray[np.object_]:
    """Outlines in plan of what leaves less than HEAD_M free over the floor, and the edges of its steps."""
    return np.concatenate([prints.polygon[prints.z[:, 0] - prints.floor < HEAD_M], step_edges(plan)])


def is_arch(plan: Floorplan) -> NDArray[np.bool_]:
    """(W,) which walls are arches; those on the region's border, cut in half, count as plain headers."""
    x0, y0, x1, y1 = plan.wall_xy.T
    w, h = plan.size_m
    on_border = ((x0 == x1) & ((x0 < SNAP_M) | (x0 > w - SNAP_M))) | ((y0 == y1) & ((y0 < SNAP_M) | (y0 > h - SNAP_M)))
    return (plan.wall_kind == WallKind.ARCH) & ~on_border


def snapped(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres rounded to the snapping grid."""
    return np.round(np.asarray(values, dtype=np.float64) / SNAP_M) * SNAP_M
