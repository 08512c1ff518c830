"""The plan cut along every line that matters: lattice, walls, solids and fixtures.

In this planar arrangement every face lies in one lattice cell and is solid or free as a whole at any height, and
faces share their edges exactly; so floors, walls and ceilings raised from it cannot crack, overlap or reach
through a wall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ..plan.floorplan import CELL_M
from .footprints import SNAP_M


@dataclass(frozen=True)
class Arrangement:
    """node (P, 2) metres; face (F,) shapely polygons, outer ring counter-clockwise; face_center (F, 2) inside each.

    Directed edges have their face on the left: edge (E, 2) node indices, edge_face (E,), edge_next (E,) the edge that
    goes on around the face, edge_twin (E,) the one that runs the other way, or -1 on the region's border.
    """

    node: NDArray[np.float64]
    face: NDArray[np.object_]
    face_center: NDArray[np.float64]
    edge: NDArray[np.int64]
    edge_face: NDArray[np.int64]
    edge_next: NDArray[np.int64]
    edge_twin: NDArray[np.int64]

    @property
    def edge_twin_face(self) -> NDArray[np.int64]:
        """(E,) the face on the right, or -1 outside the region."""
        return np.where(self.edge_twin >= 0, self.edge_face[self.edge_twin], -1)


def arrange(
    size_m: tuple[float, float],
    outlines: NDArray[np.object_],
    lattice: bool = True,
    ground: Sequence[shapely.Geometry] = (),
) -> Arrangement:
    """Cut a region of ``size_m`` metres along the given polygons' outlines, and its lattice unless told not to.

    ground: polygons that are solid from floor to roof, where the lattice is of no use.
    """
    region = shapely.box(0.0, 0.0, *size_m)
    clipped = shapely.intersection(shapely.boundary(outlines), region)
    cells = _lattice(size_m) if lattice else np.array([shapely.boundary(region)])
    for polygon in ground:
        cells = shapely.difference(cells, polygon)
    lines = np.concatenate([cells, clipped[~shapely.is_empty(clipped)]])
    noded = shapely.get_parts(shapely.union_all(lines, grid_size=SNAP_M))
    faces = shapely.orient_polygons(shapely.get_parts(shapely.polygonize(noded)))
    _, xy, (ring_start, face_start) = shapely.to_ragged_array(faces)
    key = np.round(xy / SNAP_M).astype(np.int64)
    unique, node_of = np.unique(key[:, 0] * 2**31 + key[:, 1], return_inverse=True)
    node = np.stack([unique >> 31, unique & (2**31 - 1)], axis=1) * SNAP_M
    last = np.zeros(len(xy), bool)
    last[ring_start[1:] - 1] = True
    start = np.flatnonzero(~last)
    edge = np.stack([node_of[start], node_of[start + 1]], axis=1)
    ring_face = np.repeat(np.arange(len(faces)), np.diff(face_start))
    edge_face = np.repeat(ring_face, np.diff(ring_start) - 1)
    center = shapely.get_coordinates(shapely.point_on_surface(faces))
    follow = np.arange(1, len(edge) + 1)
    first = ring_start[:-1] - np.arange(len(ring_start) - 1)
    follow[np.append(first[1:], len(edge)) - 1] = first
    return Arrangement(node, faces, center, edge, edge_face, follow, _twins(edge, len(node)))


def _lattice(size_m: tuple[float, float]) -> NDArray[np.object_]:
    """Every cell line of the region, its border included."""
    w, h = size_m
    x = np.arange(round(w / CELL_M) + 1) * CELL_M
    y = np.arange(round(h / CELL_M) + 1) * CELL_M
    upright = np.stack([np.stack([x, 0 * x], 1), np.stack([x, 0 * x + h], 1)], axis=1)
    level = np.stack([np.stack([0 * y, y], 1), np.stack([0 * y + w, y], 1)], axis=1)
    return shapely.linestrings(np.concatenate([upright, level]))


def _twins(edge: NDArray[np.int64], nodes: int) -> NDArray[np.int64]:
    """(E,) the edge that runs against each, -1 where there is none."""
    code = edge[:, 0] * nodes + edge[:, 1]
    back = edge[:, 1] * nodes + edge[:, 0]
    order = np.argsort(code)
    at = np.minimum(np.searchsorted(code[order], back), len(order) - 1)
    found = order[at]
    return np.where(code[found] == back, found, -1)
