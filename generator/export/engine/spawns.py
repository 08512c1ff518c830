"""Places to begin at: the widest free floor of a chunk's rooms, facing the longest view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ...plan.floorplan import CELL_M, CHUNK_CELLS, CHUNK_M, Floorplan
from ...plan.floors import floor_at
from ...plan.sight import cast, outlines
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


def spawns_of(plan: Floorplan, floor: FreeFloor, mesh: Navmesh, chunk: tuple[int, int]) -> list[Spawn]:
    """Find places on the largest island of a chunk's navigation mesh, the widest of its largest rooms first."""
    if not len(mesh.triangles):
        return []
    low = (np.array(chunk) - plan.origin) * CHUNK_M
    ground = _largest(mesh)
    found = [(circle.length, np.asarray(circle.coords)[0]) for circle in _middles(plan, ground, low)]
    kept: list[tuple[float, NDArray]] = []
    for clear, at in sorted(found, key=lambda pair: (-pair[0], *pair[1])):
        if all(np.hypot(*(at - other)) >= APART_M for _, other in kept) and len(kept) < MOST:
            kept.append((float(clear), at))
    if not kept:
        return []
    places = np.array([at for _, at in kept])
    angle = np.arange(WAYS) * (2.0 * np.pi / WAYS)
    view = cast(outlines(plan), places + low, angle)
    z = floor_at(plan.floor_m, places + low)
    best = angle[view.argmax(axis=1)]
    return [Spawn(np.array([*places[k], z[k]]), float(best[k]), kept[k][0]) for k in range(len(kept))]


def _largest(mesh: Navmesh) -> shapely.Geometry:
    """The ground of the island with the largest area."""
    triangle = shapely.polygons(mesh.vertices[mesh.triangles][..., :2])
    area = np.bincount(mesh.island, shapely.area(triangle))
    return shapely.union_all(triangle[mesh.island == area.argmax()])


def _middles(plan: Floorplan, ground: shapely.Geometry, low: NDArray[np.float64]) -> list[shapely.LineString]:
    """For each room of the chunk with free ground, the radius of the largest circle on it, from its middle."""
    i, j = np.rint(low / CELL_M).astype(int)
    room = plan.room[j : j + CHUNK_CELLS, i : i + CHUNK_CELLS]
    out = []
    for ident in np.unique(room):
        row, col = np.nonzero(room == ident)
        cells = shapely.union_all(shapely.box(col * CELL_M, row * CELL_M, (col + 1) * CELL_M, (row + 1) * CELL_M))
        parts = shapely.get_parts(shapely.intersection(ground, cells))
        own = max((p for p in parts if p.geom_type == "Polygon"), key=lambda p: p.area, default=None)
        if own is not None and own.area > 0.5:
            out.append(shapely.maximum_inscribed_circle(own, tolerance=0.05))
    return out
