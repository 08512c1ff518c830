"""Sight in plan: what can be seen from a place, cast against the outlines of all that stands at eye height."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .floorplan import Floorplan, WallKind
from .floors import floors_beside
from .grid import PlanGrid, grid_of_lines

EYE_M = 1.6
"""Eye height of a standing grown-up; half walls (1.0 to 1.5 m) do not reach it, headers (from 1.75 m) hang above."""
TROFFER_M = (0.6096, 0.3048)
"""Half length and breadth of a lamp, 2 x 4 ft, where nothing else is said."""
SNAP_M = 1e-4
"""A wall ends at a floor or ceiling that it ends this near to."""


class Outlines(NamedTuple):
    """Edges that block, (E, 4) x0, y0, x1, y1 metres, and the cells that each touches, for the ray walk."""

    edge: NDArray[np.float64]
    grid: PlanGrid


def wall_corners(plan: Floorplan) -> NDArray[np.float64]:
    """Corners (W, 4, 2) of every wall's rectangle, counter-clockwise, metres."""
    p, q = plan.wall_xy[:, :2], plan.wall_xy[:, 2:]
    along = (q - p) / np.maximum(np.linalg.norm(q - p, axis=1), 1e-12)[:, None]
    side = np.stack([along[:, 1], -along[:, 0]], axis=1) * plan.wall_thickness[:, None] / 2
    return np.stack([p + side, q + side, q - side, p - side], axis=1)


def lamp_corners(plan: Floorplan, halves: ArrayLike = TROFFER_M, inset_m: float = 0.0) -> NDArray[np.float64]:
    """Corners (L, 4, 2) of every lamp, counter-clockwise, metres; ``inset_m`` smaller on every side.

    halves: half length and breadth, of all lamps or (K, 2) by ``lamp_kind``.
    """
    own = np.asarray(halves, np.float64).reshape(-1, 2)
    own = own[plan.lamp_kind] if len(own) > 1 else np.tile(own, (len(plan.lamp_kind), 1))
    half = np.where(plan.lamp_axis[:, None] == 0, own, own[:, ::-1]) - inset_m
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)
    return np.asarray(plan.lamp_xy[:, None] + square * half[:, None])


def solid_rings(plan: Floorplan) -> list[NDArray[np.float64]]:
    """The outline (V, 2) of every solid, metres."""
    return np.split(plan.solid_xy, plan.solid_start[1:-1]) if len(plan.solid_kind) else []


def wall_boxes(plan: Floorplan) -> NDArray[np.float64]:
    """Give the bounding boxes (W, 4) x0, y0, x1, y1 of the walls."""
    corners = wall_corners(plan)
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def ring_boxes(plan: Floorplan) -> NDArray[np.float64]:
    """Give the bounding boxes (S, 4) of the solids."""
    if not len(plan.solid_kind):
        return np.zeros((0, 4))
    low, high = (f.reduceat(plan.solid_xy, plan.solid_start[:-1]) for f in (np.minimum, np.maximum))
    return np.concatenate([low, high], axis=1)


def outlines(plan: Floorplan, eye_m: float = EYE_M) -> Outlines:
    """Collect the edges of everything that stands at height ``eye_m`` metres over every floor beside it, and of what
    stands from its floor to its ceiling."""
    tall = _parts_views(plan, plan.wall_z, wall_boxes(plan), eye_m) & (plan.wall_kind != WallKind.ARCH)
    corners = wall_corners(plan)[tall]
    edges = [edges_of(corners).reshape(-1, 4)]
    for ring, parts in zip(solid_rings(plan), _parts_views(plan, plan.solid_z, ring_boxes(plan), eye_m), strict=True):
        if parts:
            edges.append(edges_of(ring))
    edge = np.ascontiguousarray(np.concatenate(edges))
    return Outlines(edge, grid_of_lines(plan.ceiling_m.shape, edge))


def closings(plan: Floorplan) -> Outlines:
    """Collect the edges of what stands from its floor to its ceiling: no light passes there."""
    walls, rings = _closes(plan, plan.wall_z, wall_boxes(plan)), solid_rings(plan)
    edges = [edges_of(wall_corners(plan)[walls]).reshape(-1, 4)]
    edges += [edges_of(rings[k]) for k in np.flatnonzero(_closes(plan, plan.solid_z, ring_boxes(plan)))]
    edge = np.ascontiguousarray(np.concatenate(edges))
    return Outlines(edge, grid_of_lines(plan.ceiling_m.shape, edge))


def edges_of(rings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Join the corners (..., K, 2) of rings to edges (..., K, 4): x0, y0, x1, y1, the last back to the first corner."""
    return np.concatenate([rings, np.roll(rings, -1, axis=-2)], axis=-1)


def _parts_views(
    plan: Floorplan, z: NDArray[np.float64], boxes: NDArray[np.float64], eye_m: float
) -> NDArray[np.bool_]:
    """Whether prisms with bottoms and tops z (N, 2) stand between eyes ``eye_m`` over any floors beside them."""
    low, high = floors_beside(plan.floor_m, boxes)
    tall = (z[:, 0] < low + eye_m) & (z[:, 1] > high + eye_m)
    if np.ptp(plan.floor_m) == 0.0:
        return tall
    return tall | _closes(plan, z, boxes)


def _closes(plan: Floorplan, z: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether prisms with bottoms and tops z (N, 2) stand from the lowest floor beside them to the highest ceiling."""
    low, high = floors_beside(plan.floor_m, boxes)[0], floors_beside(plan.ceiling_m, boxes)[1]
    return np.asarray((z[:, 0] <= low + SNAP_M) & (z[:, 1] >= high - SNAP_M))


def cast(lines: Outlines, xy: ArrayLike, angles: ArrayLike) -> NDArray[np.float64]:
    """Cast rays from points (P, 2) along angles (A,) radians: free distances (P, A) metres, up to the plan's edge."""
    from .rays import cast_rays

    points = np.ascontiguousarray(np.atleast_2d(np.asarray(xy, np.float64)))
    turns = np.ascontiguousarray(np.asarray(angles, np.float64))
    return cast_rays(*lines, points, turns)


def isovist(plan: Floorplan, xy: ArrayLike, rays: int = 720, eye_m: float = EYE_M) -> NDArray[np.float64]:
    """Measure the free distance (rays,) metres all around a place, from +x counter-clockwise.

    Source: Benedikt, "To take hold of space: isovists and isovist fields", Environment and Planning B 6, 1979.
    """
    return cast(outlines(plan, eye_m), xy, np.arange(rays) * (2 * np.pi / rays))[0]


def sightline(plan: Floorplan, p: ArrayLike, q: ArrayLike, eye_m: float = EYE_M) -> float:
    """Measure how many metres one sees from p towards q, at most their distance (then q is in view)."""
    to = np.asarray(q, np.float64) - np.asarray(p, np.float64)
    free = cast(outlines(plan, eye_m), p, [np.arctan2(to[1], to[0])])[0, 0]
    return float(min(free, np.hypot(to[0], to[1])))
