"""Build a region: whole chunks, cut at its edges, with walls where the cut opens them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..geometry.footprints import SNAP_M
from ..geometry.level import Level, Mesh, expand, joined, picked
from ..geometry.panels import rectangles
from ..plan.floorplan import CHUNK_M
from ..surface.palette import Role
from .border import lids, owned
from .region import Region, region_chunks
from .triangle_soup import Soup, mixed, soup_of, stacked, turned, welded

if TYPE_CHECKING:
    from ..scene import Scene

GRID_M = 1e-5
"""Places in a section nearer to each other than this are one: finer than the building's snapping lines."""


def build_region(scene: Scene, seed: int, region: Region, closed: bool = True) -> Level:
    """Build exactly the region: the chunks that cover it, cut at its edges.

    closed: free space at the edges is walled off, and doorways on the border of a chunk too; else it is left open.
    """
    from ..places.verbs import build, floorplan

    level = build(floorplan(scene, seed, region_chunks(region)), scene, seed, closed)
    return clip_level(level, region, closed)


def clip_level(level: Level, region: Region, closed: bool = True, whole: bool = False) -> Level:
    """The part of a level that lies in a region; its origin stays the same chunk.

    closed: where the cut crosses free space a papered wall is put. Instances stay whole, and stay when their middle is
    inside; a hole in the ceiling for one that does not is closed above it. The cut lies within 0.05 mm of the edge,
    between the building's snapping lines, so that it never runs along a face. whole: all instances stay.
    """
    corner = np.multiply(level.origin, CHUNK_M)
    low, high = np.array([region.x0, region.y0]) - corner, np.array([region.x1, region.y1]) - corner
    sides = (1.0, low, low), (-1.0, high, level.size_m - high)
    planes = [_Plane(k, sign, _between(at[k])) for sign, at, inset in sides for k in (0, 1) if inset[k] > SNAP_M]
    if not planes:
        return level
    kept, everything = soup_of(level.building), soup_of(expand(level)[0])
    for plane in planes:
        kept, _ = _clipped(kept, plane)
    parts = [mesh_of(kept, level.building)]
    for plane in planes if closed else []:
        across = picked(everything, np.isin(_inside(everything, plane).sum(axis=1), (1, 2)))
        for other in planes:
            across = across if other is plane else _clipped(across, other)[0]
        wall = _wall(_clipped(across, plane)[1], level)
        parts += [wall] if wall is not None else []
    if whole:
        return replace(level, building=joined(parts))
    keep = owned(level, low, high)
    lid = lids(level, ~keep, low, high)
    parts += [lid] if lid is not None else []
    return with_instances(replace(level, building=joined(parts)), keep)


@dataclass(frozen=True)
class _Plane:
    """x (axis 0) or y (axis 1) = value, in metres from the level's origin; what lies on the side ``sign`` stays."""

    axis: int
    sign: float
    value: float


@dataclass(frozen=True)
class _Cut:
    """Where triangles met a plane: segments (S, 2, 2) of (along, z), and the way (S, 2) in the plane to free space."""

    plane: _Plane
    segments: NDArray[np.float64]
    free: NDArray[np.float64]


def _between(value: float) -> float:
    """The nearest place midway between two snapping lines."""
    return (np.floor(value / SNAP_M) + 0.5) * SNAP_M


def _inside(soup: Soup, plane: _Plane) -> NDArray[np.bool_]:
    """(T, 3) corners on the plane's side."""
    return np.asarray(plane.sign * (soup.position[:, :, plane.axis] - plane.value) > 0)


def _clipped(soup: Soup, plane: _Plane) -> tuple[Soup, _Cut]:
    """The triangles' parts on the plane's side, and the cut."""
    axis, value, inside = plane.axis, plane.value, _inside(soup, plane)
    count = inside.sum(axis=1)
    one, two = np.flatnonzero(count == 1), np.flatnonzero(count == 2)
    tip = turned(picked(soup, one), inside[one].argmax(axis=1))
    base = turned(picked(soup, two), (~inside[two]).argmax(axis=1))
    s, t = _shares(tip, axis, value), _shares(base, axis, value)
    z, i = np.zeros(len(one)), np.ones(len(one))
    tips = mixed(tip, _rows([[i, z, z], [1 - s[0], s[0], z], [1 - s[1], z, s[1]]]))
    z, i = np.zeros(len(two)), np.ones(len(two))
    right = mixed(base, _rows([[1 - t[0], t[0], z], [z, i, z], [z, z, i]]))
    left = mixed(base, _rows([[1 - t[0], t[0], z], [z, z, i], [1 - t[1], z, t[1]]]))
    for part, corners in ((tips, (1, 2)), (right, (0,)), (left, (0, 2))):
        part.position[:, corners, axis] = value
    other = [1 - axis, 2]
    segments = np.concatenate([tips.position[:, 1:][..., other], left.position[:, [2, 0]][..., other]])
    free = np.concatenate([tip.normal[:, 0][:, other], base.normal[:, 0][:, other]])
    kept = stacked([picked(soup, count == 3), tips, right, left])
    sides = kept.position[:, 1:] - kept.position[:, :1]
    area = np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1)
    return picked(kept, area > SNAP_M**2), _Cut(plane, segments, free)


def _shares(soup: Soup, axis: int, value: float) -> tuple[NDArray, NDArray]:
    """How far along the edges from corner 0 to corners 1 and 2 the plane lies; the same from either end's triangle."""
    a = soup.position[:, 0, axis]
    return tuple((value - a) / (soup.position[:, k, axis] - a) for k in (1, 2))  # type: ignore[return-value]


def _rows(rows: list[list[NDArray]]) -> NDArray[np.float64]:
    """(F, 3, 3) weights from nine columns."""
    return np.stack([np.stack(row, axis=1) for row in rows], axis=1)


def _wall(cut: _Cut, level: Level) -> Mesh | None:
    """Papered panels over the free space in a cut, facing it: one for each stretch between two of its places.

    Over a stretch, whatever faces up and has a face looking down next above it bounds free space.
    """
    low, high, up = _slopes(cut)
    if not len(low):
        return None
    place = np.unique(np.concatenate([low[:, 0], high[:, 0]]))
    place = place[np.diff(place, prepend=-np.inf) > GRID_M]
    panels = []
    for a, b in itertools.pairwise(place):
        over = np.flatnonzero((low[:, 0] < a + GRID_M) & (high[:, 0] > b - GRID_M))
        share = (np.array([a, b])[:, None] - low[over, 0]) / (high[over, 0] - low[over, 0])
        z = low[over, 1] + share * (high[over, 1] - low[over, 1])
        order = np.lexsort((~up[over], z.sum(axis=0)))
        for bottom, top in itertools.pairwise(order):
            if up[over[bottom]] and not up[over[top]] and z[0, top] + z[1, top] > z[0, bottom] + z[1, bottom] + SNAP_M:
                panels.append([[a, z[0, bottom]], [b, z[1, bottom]], [b, z[1, top]], [a, z[0, top]]])
    if not panels:
        return None
    paper = int(np.flatnonzero(level.palette.role == Role.WALL)[0])
    return joined([_panel(np.array(corners), cut.plane, paper) for corners in panels])


def _slopes(cut: _Cut) -> tuple[NDArray, NDArray, NDArray]:
    """The segments that are not upright, as left ends (S, 2), right ends (S, 2), and whether free space is above."""
    first, last = cut.segments[:, 0], cut.segments[:, 1]
    keep = (np.abs(first[:, 0] - last[:, 0]) > 2 * GRID_M) & (np.abs(cut.free[:, 1]) > 1e-6)
    swap = (first[:, 0] > last[:, 0])[:, None]
    return np.where(swap, last, first)[keep], np.where(swap, first, last)[keep], cut.free[keep, 1] > 0


def _panel(corners: NDArray[np.float64], plane: _Plane, paper: int) -> Mesh:
    """A quadrilateral (4, 2) of a section, counter-clockwise in (along, z), as a mesh with one chart."""
    flip = plane.sign * (1 if plane.axis == 0 else -1) < 0
    at = corners[::-1] if flip else corners
    low, size = at.min(axis=0), np.ptp(at, axis=0)
    chart_uv = (at - low) / size
    u, v, origin = np.zeros(3), np.array([0.0, 0.0, size[1]]), np.zeros(3)
    u[1 - plane.axis] = size[0]
    origin[plane.axis], origin[1 - plane.axis], origin[2] = plane.value, low[0], low[1]
    if flip:
        origin, u, chart_uv = origin + u, -u, np.column_stack([1 - chart_uv[:, 0], chart_uv[:, 1]])
    return replace(
        rectangles(origin, u, v, np.array([paper], np.int16)),
        vertices=origin + chart_uv[:, :1] * u + chart_uv[:, 1:] * v,
        uv=np.column_stack([(-1 if flip else 1) * at[:, 0], at[:, 1]]).astype(np.float32),
        chart_uv=chart_uv.astype(np.float32),
        chart_run=np.array([-1], np.int64),
    )


def mesh_of(soup: Soup, charts: Mesh) -> Mesh:
    """A soup of a mesh's triangles as a mesh again; charts shrink to what is left, empty ones go."""
    used, chart = np.unique(soup.chart, return_inverse=True)
    chart = chart.ravel()
    low, high = np.full((len(used), 2), np.inf), np.full((len(used), 2), -np.inf)
    np.minimum.at(low, chart, soup.chart_uv.min(axis=1))
    np.maximum.at(high, chart, soup.chart_uv.max(axis=1))
    span = np.maximum(high - low, 1e-9)
    at = (soup.chart_uv - low[chart][:, None]) / span[chart][:, None]
    owner = np.repeat(chart, 3)
    corner = soup.position.reshape(-1, 3)
    first, index = welded(np.column_stack([owner, np.round(corner / 1e-6)]))
    u, v = charts.chart_u[used], charts.chart_v[used]
    return Mesh(
        vertices=corner[first],
        normals=soup.normal.reshape(-1, 3)[first],
        uv=soup.uv.reshape(-1, 2)[first].astype(np.float32),
        faces=index.reshape(-1, 3).astype(np.int32),
        face_material=soup.material.astype(np.int16),
        vertex_chart=owner[first].astype(np.int32),
        chart_uv=at.reshape(-1, 2)[first].astype(np.float32),
        chart_origin=charts.chart_origin[used] + low[:, :1] * u + low[:, 1:] * v,
        chart_u=u * span[:, :1],
        chart_v=v * span[:, 1:],
        chart_normal=charts.chart_normal[used],
        chart_material=charts.chart_material[used],
        chart_run=charts.chart_run[used],
    )


def with_instances(level: Level, keep: NDArray[np.bool_]) -> Level:
    """A level with only some of its instances, and the lamps they carry."""
    old = level.instances
    stays = np.flatnonzero(np.isin(level.lamps.lamp, old.lamp[keep]))
    number = np.full(len(level.lamps.center) + 1, -1, np.int32)
    number[stays] = np.arange(len(stays))
    held, emitters = picked(old, keep), picked(level.lamps, stays)
    return replace(
        level,
        instances=replace(held, lamp=number[held.lamp]),
        lamps=replace(emitters, lamp=number[emitters.lamp]),
    )
