"""Fixtures: one mesh each, placed many times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..plan.floorplan import MODULE_M
from .level import Mesh, joined

FLANGE_M = 0.024
"""Visible frame of a recessed troffer within its module; the T-bar that carries it covers half of it."""
TEE_M, TEE_DROP_M = 0.024, 0.006
"""Face of an exposed T-bar, centred on the module's line, and how far it hangs below the tiles."""
RECESS_M = 0.012
"""Depth of the lens above the ceiling's plane."""
LENS_HALF_M = (MODULE_M - FLANGE_M, MODULE_M / 2 - FLANGE_M)
"""Half length and half width of the lens."""
Sides = Sequence[Sequence[float]]


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
    points = np.asarray(outline, dtype=np.float64)
    u = points[1] - points[0]
    u /= np.linalg.norm(u)
    across = np.cross(u, points - points[0])
    v = np.cross(across[np.argmax(np.linalg.norm(across, axis=1))], u)
    v /= np.linalg.norm(v)
    at = np.column_stack([(points - points[0]) @ u, (points - points[0]) @ v])
    low, size = at.min(axis=0), np.ptp(at, axis=0)
    chart = rectangles(points[0] + low[0] * u + low[1] * v, size[0] * u, size[1] * v, np.array([material]))
    n = len(points)
    fan = np.stack([np.zeros(n - 2), np.arange(1, n - 1), np.arange(2, n)], axis=1).astype(np.int32)
    return replace(
        chart,
        vertices=points,
        normals=np.repeat(chart.chart_normal, n, axis=0),
        uv=(at - low).astype(np.float32),
        faces=fan,
        face_material=np.full(n - 2, material, np.int16),
        vertex_chart=np.zeros(n, np.int32),
        chart_uv=((at - low) / size).astype(np.float32),
    )


def framed_hole(
    half: ArrayLike, inner: ArrayLike, depth: float, frame: int, back: int, corners: Sides = ((), (), (), ())
) -> Mesh:
    """What closes a rectangular hole in the ceiling: a flat frame, and a back plate ``depth`` metres above it.

    half, inner: half sizes of hole and opening in x and y. corners: for each side of the hole, counter-clockwise seen
    from above and starting with the one at low y, how far along it (metres, ascending) the ceiling has corners of
    its own; they become corners of the frame too, so that nothing gapes.
    """
    signs = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], dtype=float)
    outer, opening = signs * [*np.asarray(half), 0], signs * [*np.asarray(inner), 0]
    raised = opening + np.array([0.0, 0.0, depth])
    parts = []
    for k in range(4):
        n = (k + 1) % 4
        way = (outer[n] - outer[k]) / np.linalg.norm(outer[n] - outer[k])
        extra = [outer[k] + s * way for s in reversed(corners[k])]
        parts.append(panel([opening[k], opening[n], outer[n], *extra, outer[k]], frame))
        parts.append(panel([opening[n], opening[k], raised[k], raised[n]], frame))
    parts.append(panel(raised[::-1], back))
    return joined(parts)


def tees(half: ArrayLike, steel: int) -> Mesh:
    """The T-bars around a module of ``half`` size in x and y: faces mitred at the corners, outer and inner edges."""
    signs = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], dtype=float)
    middle, drop = signs * [*np.asarray(half), 0], np.array([0.0, 0.0, -TEE_DROP_M])
    outer, inner = middle + signs * TEE_M / 2, middle - signs * TEE_M / 2
    parts = []
    for k in range(4):
        n = (k + 1) % 4
        parts.append(panel([inner[k] + drop, inner[n] + drop, outer[n] + drop, outer[k] + drop], steel))
        parts.append(panel([outer[k] + drop, outer[n] + drop, outer[n], outer[k]], steel))
        parts.append(panel([inner[n] + drop, inner[k] + drop, inner[k], inner[n]], steel))
    return joined(parts)


def troffer(frame: int, lens: int, steel: int, corners: Sides = ((), (), (), ())) -> Mesh:
    """A recessed 2 × 4 ft troffer around the origin of the ceiling's plane, its long side along x, facing down.

    frame, lens, steel: material indices, the last of its T-bars. corners: as in ``framed_hole``.
    """
    half = (MODULE_M, MODULE_M / 2)
    return joined([framed_hole(half, LENS_HALF_M, RECESS_M, frame, lens, corners), tees(half, steel)])
