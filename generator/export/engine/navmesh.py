"""A navigation mesh of one chunk: free floor as triangles that know their neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ...plan.floorplan import CHUNK_M
from .free_floor import GRID_M, LEAST_M2, RAMP_M, FreeFloor

SIDES = ("west", "south", "east", "north")


@dataclass(frozen=True)
class Navmesh:
    """Triangles (T, 3) into vertices (V, 3), metres from the chunk's south-west corner, counter-clockwise from above;
    neighbour (T, 3): the triangle across the edge from each corner to the next, or -1; island (T,): triangles that hang
    together inside the chunk have one number; border: edges (E, 2) on each of SIDES, where the next chunk goes on."""

    vertices: NDArray[np.float64]
    triangles: NDArray[np.int64]
    neighbour: NDArray[np.int64]
    island: NDArray[np.int64]
    border: dict[str, NDArray[np.int64]]


def navmesh(floor: FreeFloor, low: NDArray[np.float64]) -> Navmesh:
    """Cut the free floor of the chunk whose south-west corner is ``low`` (2,) into triangles.

    Corners on a border depend on the world alone, so that the meshes of two chunks meet edge to edge.
    """
    square = shapely.box(*low, *(low + CHUNK_M))
    place, face = [np.zeros((0, 3))], [np.zeros((0, 3), np.int64)]
    count = 0
    for shape, height in zip(floor.level, floor.height, strict=True):
        for polygon in _polygons(shape, square, floor):
            corner, triangle = _triangulated(polygon)
            z = _heights(corner, height, floor)
            place.append(np.column_stack([corner - low, z]))
            face.append(triangle + count)
            count += len(corner)
    return _joined(np.concatenate(place), np.concatenate(face))


def _polygons(shape: shapely.Geometry, square: shapely.Polygon, floor: FreeFloor) -> list[shapely.Polygon]:
    """The parts of a level in a square, without islands; along ramps they are cut, so that only a strip slopes."""
    inside = shapely.set_precision(shapely.intersection(shape, square), GRID_M)
    parts = [p for p in shapely.get_parts(inside) if p.geom_type == "Polygon"]
    kept = [p for p in parts if p.area >= LEAST_M2 or not square.contains_properly(p)]
    near = floor.ramp[shapely.dwithin(floor.ramp, square, RAMP_M)] if len(floor.ramp) else floor.ramp
    if not len(near):
        return kept
    strip = shapely.union_all(shapely.buffer(near, RAMP_M, cap_style="flat"))
    out = []
    for polygon in kept:
        noded = shapely.union_all([polygon.boundary, shapely.intersection(strip.boundary, polygon)], grid_size=GRID_M)
        cells = shapely.get_parts(shapely.polygonize([noded]))
        out += [cell for cell in cells if polygon.contains(cell.representative_point())]
    return out


def _triangulated(polygon: shapely.Polygon) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Corners (V, 2) of a polygon and triangles (T, 3) that fill it, counter-clockwise.

    Constrained Delaunay triangles keep every corner; ears would leave those out that lie on a straight edge, where a
    neighbour's triangles may end.
    """
    part = shapely.orient_polygons(shapely.get_parts(shapely.constrained_delaunay_triangles(polygon)))
    corner = shapely.get_coordinates(part).reshape(-1, 4, 2)[:, :3].reshape(-1, 2)
    return corner, np.arange(len(corner)).reshape(-1, 3)


def _heights(corner: NDArray[np.float64], height: float, floor: FreeFloor) -> NDArray[np.float64]:
    """(V,) heights of a level's corners: those on a step that is climbed lie half way up it."""
    z = np.full(len(corner), height)
    if len(floor.ramp):
        at, step = shapely.STRtree(floor.ramp).query(shapely.points(corner), predicate="dwithin", distance=2 * GRID_M)
        beside = np.abs(floor.middle[step] - height) <= 0.5
        z[at[beside]] = floor.middle[step[beside]]
    return z


def _joined(place: NDArray[np.float64], face: NDArray[np.int64]) -> Navmesh:
    """Triangles with one vertex for every place, and their neighbours."""
    key = np.round(place / GRID_M).astype(np.int64)
    same, index = np.unique(key, axis=0, return_inverse=True)
    face = index.reshape(-1)[face]
    face = face[(face != np.roll(face, 1, axis=1)).all(axis=1)]
    neighbour = _neighbours(face)
    return Navmesh(
        same.astype(np.float64) * GRID_M, face, neighbour, _islands(neighbour), _border(same, face, neighbour)
    )


def _neighbours(face: NDArray[np.int64]) -> NDArray[np.int64]:
    """(T, 3) the triangle that has the same edge the other way round."""
    edges = {(int(f[k]), int(f[(k + 1) % 3])): t for t, f in enumerate(face) for k in range(3)}
    rows = [[edges.get((int(f[(k + 1) % 3]), int(f[k])), -1) for k in range(3)] for f in face]
    return np.array(rows, np.int64).reshape(-1, 3)


def _islands(neighbour: NDArray[np.int64]) -> NDArray[np.int64]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    row, side = np.nonzero(neighbour >= 0)
    links = coo_array((np.ones(len(row), bool), (row, neighbour[row, side])), shape=(len(neighbour),) * 2)
    return connected_components(links, directed=False)[1].astype(np.int64)


def _border(key: NDArray[np.int64], face: NDArray[np.int64], neighbour: NDArray[np.int64]) -> dict[str, NDArray]:
    """Edges without a neighbour that lie on each side of the chunk."""
    row, side = np.nonzero(neighbour < 0)
    edge = np.column_stack([face[row, side], face[row, (side + 1) % 3]])
    far = round(CHUNK_M / GRID_M)
    lines = dict(zip(SIDES, ((0, 0), (1, 0), (0, far), (1, far)), strict=True))
    return {name: edge[(key[edge, axis] == at).all(axis=1)] for name, (axis, at) in lines.items()}
