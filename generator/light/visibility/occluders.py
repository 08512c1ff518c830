"""What light cannot pass: upright faces as spans in plan with heights, loose triangles of props, in a plan grid.

Walls stand upright, so whether two points see each other is a question in plan with a height at each crossing.
Level faces of the building never part two free points without an upright face being crossed as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ...geometry.level import THIN_RUN, Level, Mesh, picked
from ...kernel_options import ENTRY, INNER

LOW_M = 0.10
"""Upright faces lower than this (trims, T-bars, lens frames) throw no shadow."""
PROP_M = 0.15
"""An instance whose bounding box is thinner than this (outlets, grilles, lenses) throws no shadow."""

SLIVER_M, SLIVER_M2 = 0.007, 6e-4
"""Faces of instances narrower or smaller than this throw no shadow."""
LEAN = 1e-3
"""Sides are level where they rise by less than this share of their length, plumb where they go aside by less."""


@dataclass(frozen=True)
class Spans:
    """Upright faces: trapezoids over spans in plan.

    ends (S, 4) x0, y0, x1, y1, the free side on the right of the way from start to end; z (S, 4) bottom and top
    at the start, bottom and top at the end; chart (S,) int32 the chart each lies in (of merged faces: one of them).
    """

    ends: NDArray[np.float64]
    z: NDArray[np.float64]
    chart: NDArray[np.int32]


def chart_faces(mesh: Mesh) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Faces sorted by chart: start (C + 1,) into order (F,)."""
    chart = mesh.vertex_chart[mesh.faces[:, 0]]
    order = np.argsort(chart, kind="stable")
    start = np.searchsorted(chart[order], np.arange(len(mesh.chart_origin) + 1))
    return start.astype(np.int64), order.astype(np.int64)


def full_charts(mesh: Mesh) -> NDArray[np.bool_]:
    """Charts (C,) whose triangles fill their rectangle."""
    return _filled(mesh.vertices, mesh.faces, mesh.vertex_chart, mesh.chart_u, mesh.chart_v)


def prop_charts(level: Level) -> NDArray[np.bool_]:
    """Charts (C,) of ``expand(level)`` big enough to throw a shadow, of instances big enough for that."""
    big = [(np.ptp(m.vertices, axis=0).min() >= PROP_M) & _broad(m) for m in level.instance_meshes]
    return np.concatenate([np.zeros(len(level.building.chart_origin), bool), *(big[k] for k in level.instances.mesh)])


def _broad(mesh: Mesh) -> NDArray[np.bool_]:
    """Charts (C,) that are no slivers: not the rolled edges, piping and knobs of furniture, nor what lies on others."""
    broad = (mesh.sides_m.min(axis=1) >= SLIVER_M) & (mesh.sides_m.prod(axis=1) >= SLIVER_M2)
    return np.asarray(broad & (mesh.chart_run != THIN_RUN))


def upright_spans(mesh: Mesh, wanted: NDArray[np.bool_]) -> Spans:
    """The upright faces of the wanted charts (C,) as spans."""
    upright = (np.abs(mesh.chart_normal[:, 2]) < 1e-3) & wanted
    full = full_charts(mesh) & ~_leaning(mesh)
    c = np.flatnonzero(upright & full)
    corners = mesh.chart_origin[c, None] + np.stack(
        [0 * mesh.chart_u[c], mesh.chart_u[c], mesh.chart_v[c], mesh.chart_u[c] + mesh.chart_v[c]], axis=1
    )
    ends, z = _spans_of_points(corners, mesh.chart_normal[c])
    f = np.flatnonzero((upright & ~full)[mesh.vertex_chart[mesh.faces[:, 0]]])
    more_ends, more_z, owner = _spans_of_triangles(mesh, f)
    ends, z = np.concatenate([ends, more_ends]), np.concatenate([z, more_z])
    chart = np.concatenate([c, owner]).astype(np.int32)
    return Spans(ends, z, chart)


def whole_charts(mesh: Mesh, spans: Spans) -> NDArray[np.bool_]:
    """Spans (S,) that are all of their chart, the chart's u along the span and its v upwards."""
    origin, u, v = (a[spans.chart] for a in (mesh.chart_origin, mesh.chart_u, mesh.chart_v))
    corners = np.column_stack([origin[:, :2], origin[:, :2] + u[:, :2]])
    top = origin[:, 2] + v[:, 2]
    same = np.abs(corners - spans.ends).max(axis=1) < 1e-6
    heights = np.column_stack([origin[:, 2], top, origin[:, 2], top])
    return same & (np.abs(heights - spans.z).max(axis=1) < 1e-6) & (np.abs(u[:, 2]) < 1e-9)


def high_spans(spans: Spans, low_m: float = LOW_M) -> Spans:
    """Those spans that are at least ``low_m`` high; by default high enough to throw a shadow."""
    keep = np.maximum(spans.z[:, 1], spans.z[:, 3]) - np.minimum(spans.z[:, 0], spans.z[:, 2]) >= low_m
    return picked(spans, keep)


def merged(spans: Spans) -> Spans:
    """Touching spans of equal heights in one line as one: long walls hide more at once."""
    level = (spans.z[:, 0] == spans.z[:, 2]) & (spans.z[:, 1] == spans.z[:, 3])
    way = spans.ends[:, 2:] - spans.ends[:, :2]
    length = np.hypot(*way.T)
    way = way / length[:, None]
    offset = spans.ends[:, 0] * way[:, 1] - spans.ends[:, 1] * way[:, 0]
    along = (spans.ends[:, :2] * way).sum(axis=1)
    line = np.column_stack([way, offset, spans.z[:, :2]]).round(4) + 0.0
    order = np.lexsort([along, *line.T[::-1], ~level])
    same = (line[order][1:] == line[order][:-1]).all(axis=1) & level[order][1:] & level[order][:-1]
    touch = np.abs(along[order][1:] - (along + length)[order][:-1]) < 1e-3
    first = np.concatenate([[True], ~(same & touch)])[: len(order)]
    last = np.concatenate([first[1:], [True]])[: len(order)]
    head, tail = order[first], order[last]
    ends = np.column_stack([spans.ends[head, :2], spans.ends[tail, 2:]])
    return Spans(ends, spans.z[head], spans.chart[head])


def loose_triangles(mesh: Mesh, wanted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Corners (T, 3, 3) of the wanted charts' faces that are not upright."""
    f = (wanted & (np.abs(mesh.chart_normal[:, 2]) >= 1e-3))[mesh.vertex_chart[mesh.faces[:, 0]]]
    return mesh.vertices[mesh.faces[f]]


def _leaning(mesh: Mesh) -> NDArray[np.bool_]:
    """Charts (C,) whose sides are neither level nor plumb: braces, which fill no upright rectangle."""
    sides = np.stack([mesh.chart_u, mesh.chart_v], axis=1).astype(np.float64)
    up = np.abs(sides[..., 2]) / np.maximum(np.linalg.norm(sides, axis=2), 1e-12)
    return np.asarray(((up > LEAN) & (up < 1.0 - LEAN)).any(axis=1))


def _spans_of_points(points: NDArray[np.float64], normal: NDArray) -> tuple[NDArray, NDArray]:
    """Bounding rectangles of upright point sets (N, K, 3) that face normal (N, 3)."""
    right = np.column_stack([-normal[:, 1], normal[:, 0]]).astype(np.float64)
    along = (points[:, :, :2] * right[:, None]).sum(axis=2)
    pick = np.arange(len(points))
    a, b = points[pick, along.argmin(axis=1), :2], points[pick, along.argmax(axis=1), :2]
    low, high = points[:, :, 2].min(axis=1), points[:, :, 2].max(axis=1)
    return np.column_stack([a, b]).reshape(-1, 4), np.column_stack([low, high, low, high]).reshape(-1, 4)


def _spans_of_triangles(mesh: Mesh, f: NDArray[np.int64]) -> tuple[NDArray, NDArray, NDArray]:
    """Upright triangles, each as two trapezoids on both sides of its middle corner."""
    chart = mesh.vertex_chart[mesh.faces[f, 0]]
    p = mesh.vertices[mesh.faces[f]]
    normal = mesh.chart_normal[chart].astype(np.float64)
    right = np.column_stack([-normal[:, 1], normal[:, 0]])
    along = (p[:, :, :2] * right[:, None]).sum(axis=2)
    order = along.argsort(axis=1, kind="stable")
    p = np.take_along_axis(p, order[:, :, None], axis=1)
    s = np.take_along_axis(along, order, axis=1)
    share = (s[:, 1] - s[:, 0]) / np.maximum(s[:, 2] - s[:, 0], 1e-12)
    cut = p[:, 0] + share[:, None] * (p[:, 2] - p[:, 0])
    low, high = np.minimum(cut[:, 2], p[:, 1, 2]), np.maximum(cut[:, 2], p[:, 1, 2])
    z0, z2 = p[:, 0, 2], p[:, 2, 2]
    ends = np.concatenate(
        [np.column_stack([p[:, 0, :2], cut[:, :2]]), np.column_stack([cut[:, :2], p[:, 2, :2]])]
    ).reshape(-1, 4)
    z = np.concatenate([np.column_stack([z0, z0, low, high]), np.column_stack([low, high, z2, z2])]).reshape(-1, 4)
    wide = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]) > 1e-6
    return ends[wide], z[wide], np.tile(chart, 2)[wide]


@njit(**ENTRY)
def _filled(vertices, faces, vertex_chart, u, v):
    """Where the areas of a chart's triangles add up to its rectangle's."""
    total, side, other = np.zeros(len(u)), np.empty(3), np.empty(3)
    for f in range(len(faces)):
        i, j, k = faces[f]
        for d in range(3):
            side[d], other[d] = vertices[j, d] - vertices[i, d], vertices[k, d] - vertices[i, d]
        total[vertex_chart[i]] += 0.5 * _area(side, other)
    full = np.zeros(len(u), np.bool_)
    for c in range(len(u)):
        full[c] = total[c] > _area(u[c], v[c]) * (1.0 - 1e-4)
    return full


@njit(**INNER)
def _area(a, b):
    """Area of the parallelogram of two sides (3,)."""
    x, y, z = a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    return np.sqrt(x * x + y * y + z * z)
