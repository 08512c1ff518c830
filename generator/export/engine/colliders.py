"""What bodies collide with: upright prisms of convex outline, a box where the outline is a rectangle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ...geometry.footprints import footprints, is_arch
from ...geometry.items import Item
from ...geometry.kit import Kit, mesh_of
from ...plan.floorplan import CHUNK_M, Floorplan
from ...plan.floors import floors_beside
from ..region import Chunk
from .cells import chunk_cells, chunk_corner, level_rectangles

ARCH_SLICES = 8
"""Hulls of an arch's head: each reaches down to the lower of its two ends, at most 0.31 m under the curve."""
SLAB_M = 0.3
"""Floors and ceilings are this thick beyond the lowest and the highest of them, so that nothing fast slips through."""
LEAST_M2 = 1e-6
"""Outlines smaller than this are left out: slivers of a cut at a chunk's border."""
RIGHT = 1e-6
"""Sides whose cosine is smaller than this are at right angles."""


@dataclass(frozen=True)
class Collider:
    """An upright prism: ``kind`` (wall, floor, ceiling, furniture), convex outline (V, 2) counter-clockwise in metres
    from the plan's origin, bottom and top."""

    kind: str
    outline: NDArray[np.float64]
    bottom: float
    top: float

    @property
    def is_box(self) -> bool:
        """Whether its outline is a rectangle."""
        side = np.roll(self.outline, -1, axis=0) - self.outline
        unit = side / np.linalg.norm(side, axis=1, keepdims=True)
        return len(side) == 4 and bool((np.abs((unit * np.roll(unit, 1, axis=0)).sum(axis=1)) < RIGHT).all())


def plan_colliders(plan: Floorplan, chunk: Chunk, upright: Sequence[Collider]) -> list[Collider]:
    """Find everything solid of one chunk of a plan: floor, ceiling, and what stands ``upright``, cut at its border.

    What a chunk gets does not depend on what else the plan holds.
    """
    low = chunk_corner(chunk, plan.origin)
    square = shapely.box(*low, *(low + CHUNK_M))
    shape = np.array([shapely.Polygon(solid.outline) for solid in upright], object)
    near = np.flatnonzero(shapely.intersects(shape, square)).tolist()
    return [*_slabs(plan, chunk), *(piece for k in near for piece in _cut(upright[k], square))]


def furniture_of(items: list[Item], kit: Kit, plan: Floorplan, head_m: float) -> list[Collider]:
    """Give the hulls of a plan's things that reach below ``head_m`` metres over the lowest floor beside them."""
    index = dict.fromkeys(kit.surfaces, 0)
    corner = {kind: mesh_of(kit, kind, index).vertices for kind in dict.fromkeys(item.kind for item in items)}
    out = []
    for item in items:
        at = corner[item.kind] @ item.place[:3, :3].T + item.place[:3, 3]
        bottom, top = float(at[:, 2].min()), float(at[:, 2].max())
        if top - bottom > 0:
            out.append(Collider("furniture", _snug(at[:, :2], item.place[:2, 0]), bottom, top))
    return [out[k] for k in np.flatnonzero(in_the_way(plan, out, head_m))]


def _snug(places: NDArray[np.float64], way: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rectangle (4, 2) along ``way`` (2,) about places (N, 2)."""
    x = way / max(float(np.linalg.norm(way)), 1e-9)
    frame = np.stack([x, [-x[1], x[0]]])
    (u0, v0), (u1, v1) = (places @ frame.T).min(axis=0), (places @ frame.T).max(axis=0)
    return np.array([[u0, v0], [u1, v0], [u1, v1], [u0, v1]]) @ frame


def in_the_way(plan: Floorplan, upright: Sequence[Collider], height_m: float) -> NDArray[np.bool_]:
    """(N,) which colliders leave less than ``height_m`` metres free over the lowest floor beside them."""
    boxes = np.array([[*c.outline.min(axis=0), *c.outline.max(axis=0)] for c in upright]).reshape(-1, 4)
    low, _ = floors_beside(plan.floor_m, boxes)
    return np.asarray(np.array([c.bottom for c in upright]) - low < height_m - 1e-6)


def _slabs(plan: Floorplan, chunk: Chunk) -> Iterator[Collider]:
    """Floors and ceilings of a chunk, as boxes over rectangles of one height."""
    low, cells = chunk_corner(chunk, plan.origin), chunk_cells(chunk, plan.origin)
    floor, ceiling = plan.floor_m[cells], plan.ceiling_m[cells]
    for kind, raster in (("floor", floor), ("ceiling", ceiling)):
        for x0, y0, x1, y1, z in level_rectangles(raster):
            outline = low + np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
            if kind == "floor":
                yield Collider(kind, outline, float(floor.min()) - SLAB_M, z)
            else:
                yield Collider(kind, outline, z, float(ceiling.max()) + SLAB_M)


def uprights(plan: Floorplan) -> Iterator[Collider]:
    """Give the walls, solids and steps of a plan, whole, as convex prisms."""
    prints = footprints(plan)
    arch = np.append(is_arch(plan), np.zeros(len(plan.solid_kind), bool))
    for k in range(len(prints.polygon)):
        bottom, top = (float(z) for z in prints.z[k])
        if top <= bottom:
            continue
        if arch[k]:
            yield from _arch(plan, int(k))
            continue
        for outline in convex_parts(prints.polygon[k]):
            yield Collider("floor" if prints.is_step[k] else "wall", outline, bottom, top)


def _arch(plan: Floorplan, k: int) -> Iterator[Collider]:
    """An arch's head in slices along it. Its underside: see ``WallKind.ARCH``."""
    p0, p1 = plan.wall_xy[k, :2], plan.wall_xy[k, 2:]
    way = p1 - p0
    side = np.array([way[1], -way[0]]) / np.linalg.norm(way) * plan.wall_thickness[k] / 2
    share = np.linspace(0.0, 1.0, ARCH_SLICES + 1)
    spring, rise = plan.wall_z[k, 0], plan.wall_crown[k] - plan.wall_z[k, 0]
    under = spring + rise * np.sqrt(np.maximum(1.0 - (2.0 * share - 1.0) ** 2, 0.0))
    for n in range(ARCH_SLICES):
        a, b = p0 + share[n] * way, p0 + share[n + 1] * way
        outline = np.stack([a + side, b + side, b - side, a - side])
        yield Collider("wall", outline, float(min(under[n], under[n + 1])), float(plan.wall_z[k, 1]))


def _cut(solid: Collider, square: shapely.Polygon) -> Iterator[Collider]:
    """The part of a prism over a square."""
    shape = shapely.Polygon(solid.outline)
    part = shape if square.contains(shape) else shapely.intersection(shape, square)
    for ring in convex_parts(part):
        yield Collider(solid.kind, ring, solid.bottom, solid.top)


def convex_parts(shape: shapely.Geometry) -> list[NDArray[np.float64]]:
    """Split polygons into convex outlines (V, 2), counter-clockwise: triangles, joined as long as they stay convex."""
    out = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.area < LEAST_M2:
            continue
        hull = shapely.convex_hull(part)
        out += [_ring(hull)] if hull.area - part.area < LEAST_M2 else [_ring(p) for p in _merged(_triangles(part))]
    return out


def _ring(polygon: shapely.Polygon) -> NDArray[np.float64]:
    """The outline of a convex polygon without corners that are none."""
    ring = np.asarray(shapely.orient_polygons(polygon).exterior.coords)[:-1]
    before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    return ring[turn > 1e-9]


def _triangles(polygon: shapely.Polygon) -> list[shapely.Polygon]:
    import mapbox_earcut as earcut

    rings = [np.asarray(r.coords)[:-1] for r in (polygon.exterior, *polygon.interiors)]
    corner = np.concatenate(rings)
    face = earcut.triangulate_float64(corner, np.cumsum([len(r) for r in rings]).astype(np.uint32)).reshape(-1, 3)
    return [shapely.Polygon(corner[f]) for f in face]


def _merged(parts: list[shapely.Polygon]) -> list[shapely.Polygon]:
    """Convex polygons joined two by two while what they fill together is convex (Hertel and Mehlhorn, 1983)."""
    done = False
    while not done:
        done = True
        for a in range(len(parts)):
            for b in range(a + 1, len(parts)):
                both = shapely.union(parts[a], parts[b])
                if shapely.convex_hull(both).area - both.area < LEAST_M2:
                    parts = [p for k, p in enumerate(parts) if k not in (a, b)] + [shapely.convex_hull(both)]
                    done = False
                    break
            if not done:
                break
    return parts
