"""Level faces put together: what the plan's cuts parted within one cell becomes one polygon again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .arrangement import Arrangement
from .footprints import SNAP_M
from .holes import Holes
from .panels import Sides
from .shell import Levels, Quads


@dataclass(frozen=True)
class Plates:
    """Level polygons: polygon (N,) shapely, outer ring counter-clockwise; z, group, material (N,); up (N,) +1 or -1."""

    polygon: NDArray[np.object_]
    z: NDArray[np.float64]
    up: NDArray[np.int8]
    material: NDArray[np.int16]
    group: NDArray[np.int64]


def plates(
    cut: Arrangement, flats: Levels, quads: Quads, material: NDArray[np.int16], group: NDArray[np.int64]
) -> Plates:
    """Merge faces of one height, material and ``group`` (N,), and drop corners that no neighbour needs.

    A corner stays where any polygon of its height turns there, or an upright quad ends: so all that meet agree.
    """
    polygon, first = _merged(cut, flats, material, group)
    z, up = flats.z[first], flats.up[first]
    polygon = _simplified(polygon, _height(z), _quad_corners(cut, quads))
    return Plates(polygon, z, up, material[first], group[first])


def _height(z: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.round(z / SNAP_M).astype(np.int64)


def _merged(cut: Arrangement, flats: Levels, material: NDArray, group: NDArray) -> tuple[NDArray, NDArray]:
    """Polygons, and for each the first row of ``flats`` that it is made of."""
    key = np.stack([group, _height(flats.z), flats.up, material], axis=1)
    _, first, inverse, count = np.unique(key, axis=0, return_index=True, return_inverse=True, return_counts=True)
    inverse = inverse.ravel()
    alone = count[inverse] == 1
    many = np.flatnonzero(~alone)
    many = many[np.argsort(inverse[many], kind="stable")]
    _, start, sizes = np.unique(inverse[many], return_index=True, return_counts=True)
    row = np.repeat(np.arange(len(start)), sizes)
    table = np.full((len(start), sizes.max(initial=1)), None, object)
    table[row, np.arange(len(many)) - start[row]] = cut.face[flats.face[many]]
    united = shapely.coverage_union_all(table, axis=1) if len(table) else np.zeros(0, object)
    parts, owner = shapely.get_parts(united, return_index=True)
    polygon = np.concatenate([cut.face[flats.face[alone]], parts])
    return polygon, np.concatenate([np.flatnonzero(alone), first[inverse[many[start[owner]]]]])


def _quad_corners(cut: Arrangement, quads: Quads) -> NDArray[np.int64]:
    """(K, 3) places, in steps of SNAP_M, where upright quads have corners."""
    node = np.round(cut.node / SNAP_M).astype(np.int64)
    at = np.concatenate([quads.start, quads.start, quads.end, quads.end])
    z = _height(np.concatenate([quads.z[:, 0], quads.z[:, 1]] * 2))
    return np.column_stack([node[at], z])


def _simplified(polygon: NDArray[np.object_], z: NDArray[np.int64], corners: NDArray[np.int64]) -> NDArray[np.object_]:
    """The polygons without corners that lie in a straight line of all polygons of their height."""
    _, xy, (ring_start, polygon_start) = shapely.to_ragged_array(polygon)
    rings = len(ring_start) - 1
    ring = np.repeat(np.arange(rings), np.diff(ring_start))
    owner = np.repeat(np.arange(len(polygon)), np.diff(polygon_start))
    at = np.round(xy / SNAP_M).astype(np.int64)
    last = np.zeros(len(xy), bool)
    last[ring_start[1:] - 1] = True
    body = np.flatnonzero(~last)
    before = np.where(body == ring_start[ring[body]], ring_start[ring[body] + 1] - 2, body - 1)
    back, ahead = at[body] - at[before], at[body + 1] - at[body]
    turns = back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0] != 0
    place = np.column_stack([at[body], z[owner[ring[body]]]])
    _, code = np.unique(_codes(np.concatenate([place, corners])), return_inverse=True)
    needed = np.zeros(code.max() + 1, bool)
    needed[code[: len(body)][turns]] = True
    needed[code[len(body) :]] = True
    kept = body[needed[code[: len(body)]]]
    count = np.bincount(ring[kept], minlength=rings)
    start = np.concatenate([[0], np.cumsum(count + 1)])
    out = np.empty((start[-1], 2))
    slot = np.arange(len(kept)) + ring[kept]
    out[slot] = xy[kept]
    out[start[1:] - 1] = out[start[:-1]]
    kept_polygons = shapely.from_ragged_array(shapely.GeometryType.POLYGON, out, (start, polygon_start))
    return shapely.orient_polygons(shapely.normalize(kept_polygons))


def _codes(place: NDArray[np.int64]) -> NDArray[np.int64]:
    """One integer for each place (K, 3) in steps of SNAP_M."""
    _, xy = np.unique(place[:, 0] * 2**31 + place[:, 1], return_inverse=True)
    return xy.ravel() * 2**20 + place[:, 2]


def hole_corners(holes: Holes, plates: Plates) -> list[Sides]:
    """For each hole the corners along its sides that the ceiling around it has, as ``framed_hole`` wants them.

    plates: level polygons whose group is -1 - hole where a hole shall be. In the hole's own frame: long side along x.
    """
    sides: list[Sides] = [((), (), (), ())] * len(holes.kind)
    for k in np.flatnonzero(plates.group < 0):
        ring = shapely.get_coordinates(plates.polygon[k])[:-1]
        if len(ring) > 4:
            hole = -1 - int(plates.group[k])
            sides[hole] = _along_sides(ring - holes.center[hole], holes.half[hole])
    return sides


def _along_sides(ring: NDArray[np.float64], half: NDArray[np.float64]) -> Sides:
    """Distances of a ring's corners along the four sides of a rectangle, without the rectangle's own corners."""
    x, y = ring.T
    if half[1] > half[0]:  # turned by 90°: the long side's direction is +y
        x, y, half = y, -x, half[::-1]
    sides = []
    for edge, along, length in ((-y, x, 0), (x, y, 1), (y, -x, 0), (-x, -y, 1)):
        s = (along + half[length])[np.abs(edge - half[1 - length]) < 1e-4]
        sides.append(tuple(np.sort(s[(s > 1e-4) & (s < 2 * half[length] - 1e-4)])))
    return tuple(sides)
