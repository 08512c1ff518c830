"""Places to begin at: the widest free floor of a chunk's rooms, facing the longest view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ...plan.floorplan import Floorplan
from ...plan.ground import ground_at
from ...plan.sight import cast, outlines
from ..region import Chunk
from .cells import chunk_cells, chunk_corner, ground_of
from .free_floor import FreeFloor
from .navmesh import Navmesh

MOST = 8
"""Spawn points of a chunk, in its largest rooms."""
APART_M = 4.0
"""Spawn points are at least so far from each other."""
WAYS = 32
"""Directions that are looked in for the longest view."""


@dataclass(frozen=True)
class Spawn:
    """A place to stand (3,), metres from the chunk's south-west corner, the way to look (yaw, radians, 0 = east,
    counter-clockwise), and the free floor about it, metres."""

    place: NDArray[np.float64]
    yaw: float
    clear_m: float


def spawns_of(plan: Floorplan, floor: FreeFloor, mesh: Navmesh, chunk: Chunk) -> list[Spawn]:
    """Find places on the largest island of a chunk's navigation mesh, the widest of its largest rooms first."""
    if not len(mesh.triangles):
        return []
    low = chunk_corner(chunk, plan.origin)
    ground = _largest(mesh)
    found = [(circle.length, np.asarray(circle.coords)[0]) for circle in _middles(plan, ground, chunk)]
    kept: list[tuple[float, NDArray]] = []
    for clear, at in sorted(found, key=lambda pair: (-pair[0], *pair[1])):
        if all(np.hypot(*(at - other)) >= APART_M for _, other in kept) and len(kept) < MOST:
            kept.append((float(clear), at))
    if not kept:
        return []
    places = np.array([at for _, at in kept])
    angle = np.arange(WAYS) * (2.0 * np.pi / WAYS)
    view = cast(outlines(plan), places + low, angle)
    z = ground_at(plan, places + low)
    best = angle[view.argmax(axis=1)]
    return [Spawn(np.array([*places[k], z[k]]), float(best[k]), kept[k][0]) for k in range(len(kept))]


def _largest(mesh: Navmesh) -> shapely.Geometry:
    """The ground of the island with the largest area."""
    triangle = shapely.polygons(mesh.vertices[mesh.triangles][..., :2])
    area = np.bincount(mesh.island, shapely.area(triangle))
    return shapely.union_all(triangle[mesh.island == area.argmax()])


def _middles(plan: Floorplan, ground: shapely.Geometry, chunk: Chunk) -> list[shapely.LineString]:
    """For each room of the chunk with free ground, the radius of the largest circle on it, from its middle."""
    room = plan.room[chunk_cells(chunk, plan.origin)]
    out = []
    for ident in np.unique(room):
        parts = shapely.get_parts(shapely.intersection(ground, ground_of(room == ident)))
        own = max((p for p in parts if p.geom_type == "Polygon"), key=lambda p: p.area, default=None)
        if own is not None and own.area > 0.5:
            out.append(shapely.maximum_inscribed_circle(own, tolerance=0.05))
    return out
