"""Meshes of flat panels, one chart each: what fixtures and props are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .level import Mesh, counted

Sides = Sequence[Sequence[float]]
Boxes = Sequence[Sequence[float]]
"""Rectangles (x0, y0, x1, y1) in metres, in a fixture's own frame."""
Panel = tuple[ArrayLike, int]


def rectangles(
    origin: NDArray[np.float64], u: NDArray[np.float64], v: NDArray[np.float64], material: NDArray[np.int16]
) -> Mesh:
    """N rectangles as a Mesh, one chart each, seen from the side of u × v. origin, u, v (N, 3) metres."""
    origin, u, v = (np.asarray(a, dtype=np.float64).reshape(-1, 3) for a in (origin, u, v))
    material = np.asarray(material, dtype=np.int16)
    n = len(origin)
    corner = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float64)
    chart = np.repeat(np.arange(n), 4)
    at = np.tile(corner, (n, 1))
    size = np.column_stack([np.linalg.norm(u, axis=1), np.linalg.norm(v, axis=1)])
    normal = np.cross(u, v)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    base = 4 * np.arange(n)[:, None, None]
    return Mesh(
        vertices=origin[chart] + at[:, :1] * u[chart] + at[:, 1:] * v[chart],
        normals=normal[chart].astype(np.float32),
        uv=(at * size[chart]).astype(np.float32),
        faces=(base + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3).astype(np.int32),
        face_material=np.repeat(material, 2),
        vertex_chart=chart.astype(np.int32),
        chart_uv=at.astype(np.float32),
        chart_origin=origin,
        chart_u=u,
        chart_v=v,
        chart_normal=normal.astype(np.float32),
        chart_material=material,
        chart_run=np.zeros(n, np.int64),
    )


def panel(outline: ArrayLike, material: int) -> Mesh:
    """One convex polygon, (N, 3) metres, counter-clockwise from its visible side; charted along its first edge."""
    return panels([(outline, material)])


def panels(outlines: Sequence[Panel]) -> Mesh:
    """Several of them, in order, each an outline and its material."""
    corners = [np.asarray(outline, dtype=np.float64) for outline, _ in outlines]
    count = np.array([len(corner) for corner in corners])
    index = np.arange(count.max())
    given = index < count[:, None]
    points = np.zeros((*given.shape, 3))
    points[given] = np.concatenate(corners)
    points = np.take_along_axis(points, np.minimum(index, count[:, None] - 1)[..., None], axis=1)
    material = np.array([kind for _, kind in outlines], np.int16)
    away = points - points[:, :1]
    u = away[:, 1] / np.linalg.norm(away[:, 1], axis=1, keepdims=True)
    across = np.cross(u[:, None], away)
    widest = np.linalg.norm(across, axis=2).argmax(axis=1)
    v = np.cross(across[np.arange(len(u)), widest], u)
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    at = np.stack([(away * u[:, None]).sum(axis=2), (away * v[:, None]).sum(axis=2)], axis=2)
    low, size = at.min(axis=1), np.ptp(at, axis=1)
    origin = points[:, 0] + low[:, :1] * u + low[:, 1:] * v
    charts = rectangles(origin, size[:, :1] * u, size[:, 1:] * v, material)
    chart = np.repeat(np.arange(len(count)), count).astype(np.int32)
    owner, nth = counted(count - 2)
    fan = np.column_stack([np.zeros_like(nth), nth + 1, nth + 2]) + (np.cumsum(count) - count)[owner, None]
    inside = at - low[:, None]
    return replace(
        charts,
        vertices=points[given],
        normals=charts.chart_normal[chart],
        uv=inside[given].astype(np.float32),
        faces=fan.astype(np.int32),
        face_material=material[owner],
        vertex_chart=chart,
        chart_uv=(inside / size[:, None])[given].astype(np.float32),
    )


def framed_hole(
    half: ArrayLike, inner: ArrayLike, depth: float, frame: int, back: int, corners: Sides = ((), (), (), ())
) -> Mesh:
    """What closes a rectangular hole in the ceiling: a flat frame, and a back plate ``depth`` metres above it.

    half, inner: half sizes of hole and opening in x and y. corners: for each side of the hole, counter-clockwise seen
    from above and starting with the one at low y, how far along it (metres, ascending) the ceiling has corners of
    its own; they become corners of the frame too, so that nothing gapes.
    """
    return panels(frame_panels(half, inner, depth, frame, back, corners))


def frame_panels(half: ArrayLike, inner: ArrayLike, depth: float, frame: int, back: int, corners: Sides) -> list[Panel]:
    signs = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], dtype=float)
    outer, opening = signs * [*np.asarray(half), 0], signs * [*np.asarray(inner), 0]
    raised = opening + np.array([0.0, 0.0, depth])
    parts: list[Panel] = []
    for k in range(4):
        n = (k + 1) % 4
        way = (outer[n] - outer[k]) / np.linalg.norm(outer[n] - outer[k])
        extra = [outer[k] + s * way for s in reversed(corners[k])]
        parts.append(([opening[k], opening[n], outer[n], *extra, outer[k]], frame))
        parts.append(([opening[n], opening[k], raised[k], raised[n]], frame))
    parts.append((raised[::-1], back))
    return parts
