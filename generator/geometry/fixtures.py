"""Fixtures: one mesh each, placed many times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..plan.floorplan import MODULE_M
from .level import Mesh

FLANGE_M = 0.024
"""Visible frame of a recessed troffer within its module; the T-bar that carries it covers half of it."""
TEE_M, TEE_DROP_M = 0.024, 0.006
"""Face of an exposed T-bar, centred on the module's line, and how far it hangs below the tiles."""
RECESS_M = 0.012
"""Depth of the lens above the ceiling's plane."""
LENS_HALF_M = (MODULE_M - FLANGE_M, MODULE_M / 2 - FLANGE_M)
"""Half length and half width of the lens."""
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
    owner = np.repeat(np.arange(len(count)), count - 2)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(count - 2) - (count - 2), count - 2)
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
    return panels(_frame(half, inner, depth, frame, back, corners))


def _frame(half: ArrayLike, inner: ArrayLike, depth: float, frame: int, back: int, corners: Sides) -> list[Panel]:
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


def tees(half: ArrayLike, steel: int) -> Mesh:
    """The T-bars around a module of ``half`` size in x and y: faces mitred at the corners, outer and inner edges."""
    return panels(_mitred_tees(half, steel))


def _mitred_tees(half: ArrayLike, steel: int) -> list[Panel]:
    signs = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], dtype=float)
    middle, drop = signs * [*np.asarray(half), 0], np.array([0.0, 0.0, -TEE_DROP_M])
    outer, inner = middle + signs * TEE_M / 2, middle - signs * TEE_M / 2
    parts: list[Panel] = []
    for k in range(4):
        n = (k + 1) % 4
        parts.append(([inner[k] + drop, inner[n] + drop, outer[n] + drop, outer[k] + drop], steel))
        parts.append(([outer[k] + drop, outer[n] + drop, outer[n], outer[k]], steel))
        parts.append(([inner[n] + drop, inner[k] + drop, inner[k], inner[n]], steel))
    return parts


def _shared_tees(half: ArrayLike, steel: int, taken: Boxes) -> list[Panel]:
    """T-bars around a module beside others: cut along all edges; ``taken`` is theirs but for the module."""
    x, y = np.asarray(half)
    wide, boxes = TEE_M / 2, np.asarray(taken, dtype=float)
    lines = []
    for axis, reach in enumerate((x, y)):
        own = reach + np.array([-wide, 0.0, wide])
        met = np.clip(boxes[:, axis::2].ravel(), -reach - wide, reach + wide)
        lines.append(np.unique(np.round(np.concatenate([own, -own, met]), 6)))
    at = np.stack(np.meshgrid(*[(line[1:] + line[:-1]) / 2 for line in lines], indexing="ij"), axis=-1)
    inside, module = (np.abs(at) < [x - wide, y - wide]).all(axis=-1), (np.abs(at) < [x, y]).all(axis=-1)
    theirs = ~module & ((at[:, :, None] > boxes[:, :2]) & (at[:, :, None] < boxes[:, 2:])).all(axis=-1).any(axis=-1)
    ours = ~inside & ~theirs
    empty = np.pad(inside, 1, constant_values=True)
    parts: list[Panel] = []

    def edge(x0: float, y0: float, x1: float, y1: float) -> None:
        """An upright edge, seen with its start on the left."""
        parts.append(([(x0, y0, -TEE_DROP_M), (x1, y1, -TEE_DROP_M), (x1, y1, 0.0), (x0, y0, 0.0)], steel))

    xs, ys = lines
    for j, (y0, y1) in enumerate(pairwise(ys)):
        for a, b in _runs(ours[:, j]):
            face = [(xs[a], y1), (xs[b], y1), (xs[b], y0), (xs[a], y0)]
            parts.append(([(x, y, -TEE_DROP_M) for x, y in face], steel))
        for a, b in _runs(ours[:, j] & empty[1:-1, j]):
            edge(xs[a], y0, xs[b], y0)
        for a, b in _runs(ours[:, j] & empty[1:-1, j + 2]):
            edge(xs[b], y1, xs[a], y1)
    for i, (x0, x1) in enumerate(pairwise(xs)):
        for a, b in _runs(ours[i] & empty[i, 1:-1]):
            edge(x0, ys[b], x0, ys[a])
        for a, b in _runs(ours[i] & empty[i + 2, 1:-1]):
            edge(x1, ys[a], x1, ys[b])
    return parts


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From where to where a row (N,) is True without a break."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def troffer(frame: int, lens: int, steel: int, corners: Sides = ((), (), (), ()), taken: Boxes = ()) -> Mesh:
    """A recessed 2 × 4 ft troffer around the origin of the ceiling's plane, its long side along x, facing down.

    frame, lens, steel: material indices, the last of its T-bars. corners: as in ``framed_hole``. taken: where beyond
    its module the T-bars of troffers beside it run, so that no bar lies in another.
    """
    half = (MODULE_M, MODULE_M / 2)
    bars = _shared_tees(half, steel, taken) if len(taken) else _mitred_tees(half, steel)
    return panels([*_frame(half, LENS_HALF_M, RECESS_M, frame, lens, corners), *bars])
