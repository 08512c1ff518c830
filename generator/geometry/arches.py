"""Arches: headers whose square underside is rounded to half an ellipse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import Floorplan
from .footprints import is_arch, snapped
from .level import Mesh
from .panels import rectangles
from .shell import Levels, Quads

FACETS = 24
"""Flat pieces of an arch's underside."""


def arch_quads(plan: Floorplan, quads: Quads, levels: Levels) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which quads (Q,) are the two sides of an arch, and which level polygons (N,) its square underside."""
    arch = np.append(is_arch(plan), np.zeros(len(plan.solid_kind) + 1, bool))  # the last entry answers print -1
    spring = np.append(snapped(plan.wall_z[:, 0]), np.full(len(plan.solid_kind) + 1, np.inf))
    sides = arch[quads.print] & (np.abs(quads.z[:, 0] - spring[quads.print]) < 1e-6)
    return sides, arch[levels.print] & (levels.up < 0)


def arch_sides(plan: Floorplan, mesh: Mesh, quads: Quads) -> Mesh:
    """The plain side quads ``mesh`` of arches with their lower edge bent up to the curve."""
    parts = []
    bends = _bends(plan, quads, mesh)
    for chart in range(len(mesh.chart_origin)):
        wall = quads.print[chart]
        p, u = mesh.chart_origin[chart], mesh.chart_u[chart]
        top = mesh.chart_v[chart][2]
        ends = _station(plan, wall, np.stack([p[:2], p[:2] + u[:2]]))
        cut = bends[wall]
        cut = cut[(cut > ends.min() + 1e-6) & (cut < ends.max() - 1e-6)]
        s = np.concatenate([[ends[0]], np.sort(cut)[:: 1 if ends[1] > ends[0] else -1], [ends[1]]])
        a = (s - ends[0]) / (ends[1] - ends[0])
        b = np.clip((_curve(plan, wall, s) - p[2]) / top, 0.0, 1.0)
        parts.append(np.column_stack([np.append(a, [1.0, 0.0]), np.append(b, [1.0, 1.0])]))
    return _bent(mesh, parts)


def arch_soffits(plan: Floorplan, mesh: Mesh, quads: Quads, material: NDArray[np.int16]) -> Mesh:
    """The curved undersides, as flat facets, of the arches whose plain side quads are ``mesh``.

    material (Q,): of the sides; an underside has that of one of its sides. Its pattern goes on from both jambs, and
    meets at the crown.
    """
    origin, u, v, hung, kind = [], [], [], [], []
    for wall, s in _bends(plan, quads, mesh).items():
        p0, way, side, _ = _frame(plan, wall)
        z = _curve(plan, wall, s)
        up = _hung(plan.wall_z[wall, 0], s, z)
        for half in (0.0, 0.5):  # the lattice cuts the jambs along their middle
            foot = np.column_stack([p0 + s[:, None] * way + (half - 0.5) * side, z])
            across = half * plan.wall_thickness[wall]
            origin.append(foot[:-1])
            u.append(np.tile(np.append(side / 2, 0.0), (len(s) - 1, 1)))
            v.append(np.diff(foot, axis=0))
            hung.append(np.column_stack([np.full(len(up) - 1, across), up[:-1], up[1:]]))
            kind.append(np.full(len(s) - 1, material[np.argmax(quads.print == wall)]))
    facets = rectangles(*(np.concatenate(each) for each in (origin, u, v, kind)))
    return replace(facets, uv=_patterned(facets, np.concatenate(hung)))


def _hung(spring: float, s: NDArray[np.float64], z: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N,) height in the pattern, metres, of points of an underside: as far over the spring as along the curve."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(s), np.diff(z)))])
    return np.asarray(spring + np.minimum(along, along[-1] - along))


def _patterned(facets: Mesh, hung: NDArray[np.float64]) -> NDArray[np.float32]:
    """UVs of facets, from the metres (N, 3) where each lies in the pattern: across at its start, up at both ends."""
    across, low, high = hung[facets.vertex_chart].T
    a, b = facets.chart_uv.T.astype(np.float64)
    broad = facets.sides_m[facets.vertex_chart, 0]
    return np.column_stack([across + a * broad, low + b * (high - low)]).astype(np.float32)


def _bends(plan: Floorplan, quads: Quads, mesh: Mesh) -> dict[int, NDArray[np.float64]]:
    """For every arch, the distances along it where its facets or its sides' quads end, ascending."""
    bends = {}
    ends = np.concatenate([mesh.chart_origin, mesh.chart_origin + mesh.chart_u])[:, :2]
    for wall in np.unique(quads.print):
        own = np.tile(quads.print == wall, 2)
        s = np.sort(np.concatenate([_stations(plan, wall), _station(plan, wall, ends[own])]))
        bends[int(wall)] = s[np.concatenate([[True], np.diff(s) > 1e-6])]
    return bends


def _frame(plan: Floorplan, wall: int) -> tuple[NDArray, NDArray, NDArray, float]:
    """Start, unit direction, vector across the thickness and length of a wall."""
    p0, p1 = plan.wall_xy[wall, :2], plan.wall_xy[wall, 2:]
    length = float(np.linalg.norm(p1 - p0))
    way = (p1 - p0) / length
    return p0, way, np.array([-way[1], way[0]]) * plan.wall_thickness[wall], length


def _station(plan: Floorplan, wall: int, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance along a wall of points in plan."""
    p0, way, _, _ = _frame(plan, wall)
    return (xy - p0) @ way


def _stations(plan: Floorplan, wall: int) -> NDArray[np.float64]:
    """Distances along an arch where its underside bends; closer together where it is steep."""
    angle = np.linspace(0.0, np.pi, FACETS + 1)
    return (1.0 - np.cos(angle)) / 2.0 * _frame(plan, wall)[3]


def _curve(plan: Floorplan, wall: int, s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Height of the underside at distance s: straight between stations."""
    length = _frame(plan, wall)[3]
    at = _stations(plan, wall)
    rise = plan.wall_crown[wall] - plan.wall_z[wall, 0]
    z = plan.wall_z[wall, 0] + rise * np.sqrt(np.clip(1.0 - (2.0 * at / length - 1.0) ** 2, 0.0, 1.0))
    return np.interp(s, at, z)


def _bent(mesh: Mesh, outlines: list[NDArray[np.float64]]) -> Mesh:
    """``mesh`` with each chart's triangles replaced by a fan; an outline is the curve, then its top corners."""
    chart = np.concatenate([np.full(len(at), k) for k, at in enumerate(outlines)])
    at = np.concatenate(outlines)
    faces, base = [], 0
    for outline in outlines:
        faces.append(base + _fan(outline))
        base += len(outline)
    joined = np.concatenate(faces).astype(np.int32)
    size = mesh.sides_m
    first = np.searchsorted(mesh.vertex_chart, np.arange(len(size)))
    corner = mesh.uv[first] - mesh.chart_uv[first] * size
    return replace(
        mesh,
        vertices=mesh.chart_origin[chart] + at[:, :1] * mesh.chart_u[chart] + at[:, 1:] * mesh.chart_v[chart],
        normals=mesh.chart_normal[chart],
        uv=(corner[chart] + at * size[chart]).astype(np.float32),
        faces=joined,
        face_material=mesh.chart_material[chart[joined[:, 0]]],
        vertex_chart=chart.astype(np.int32),
        chart_uv=at.astype(np.float32),
    )


def _fan(outline: NDArray[np.float64]) -> NDArray[np.int64]:
    """Triangles over a curve with one summit: its rising part from the top left, its falling from the top right."""
    n = len(outline) - 2
    right, left = n, n + 1
    summit = int(np.argmax(outline[:n, 1]))
    rising = [(left, k, k + 1) for k in range(summit)]
    falling = [(right, k, k + 1) for k in range(summit, n - 1)]
    return np.array([*rising, (left, summit, right), *falling])
