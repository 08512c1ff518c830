"""Quads and level polygons as one Mesh with charts and real-size texture coordinates."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .arrangement import Arrangement
from .footprints import SNAP_M
from .level import Mesh, counted
from .plates import Plates
from .shell import Quads

DEEPEST = 2**23
"""Floors lie less than so many steps of SNAP_M, 839 m, under or over the origin."""


def quad_mesh(
    plan: Arrangement, quads: Quads, material: NDArray[np.int16], run: NDArray[np.int64], shift: NDArray[np.float64]
) -> Mesh:
    """Upright quads as triangles; neighbours' heights along a shared upright edge become vertices of both.

    material, run (Q,); shift (Q,) metres added to u, so that a pattern does not depend on the region's origin.
    """
    p, q = plan.node[quads.start], plan.node[quads.end]
    width = np.linalg.norm(q - p, axis=1)
    u = (q - p) / width[:, None]
    stack = _edge_heights(quads)
    chart, side, z = _quad_vertices(quads, stack)
    xy = np.where(side[:, None] == 0, p[chart], q[chart])
    low, high = quads.z[chart].T
    start = (p * u).sum(axis=1) + shift
    normal = np.stack([u[:, 1], -u[:, 0], np.zeros(len(u))], axis=1).astype(np.float32)
    up = np.zeros((len(u), 3))
    up[:, 2] = quads.z[:, 1] - quads.z[:, 0]
    faces = _quad_faces(chart, side)
    return Mesh(
        vertices=np.column_stack([xy, z]),
        normals=normal[chart],
        uv=np.column_stack([start[chart] + side * width[chart], z]).astype(np.float32),
        faces=faces,
        face_material=material[chart[faces[:, 0]]].astype(np.int16),
        vertex_chart=chart.astype(np.int32),
        chart_uv=np.column_stack([side, (z - low) / (high - low)]).astype(np.float32),
        chart_origin=np.column_stack([p, quads.z[:, 0]]),
        chart_u=np.column_stack([u * width[:, None], np.zeros(len(u))]),
        chart_v=up,
        chart_normal=normal,
        chart_material=material.astype(np.int16),
        chart_run=run,
    )


def level_mesh(plates: Plates, run: NDArray[np.int64]) -> Mesh:
    """Level polygons as triangles, a chart each. run (N,).

    Their texture coordinates are x and y: a chunk is a whole number of ceiling and carpet periods.
    """
    xy, chart, faces = _triangulated(plates.polygon)
    owner = chart[faces[:, 0]]
    down = plates.up[owner] < 0
    faces[down] = faces[down][:, ::-1]
    box = shapely.bounds(plates.polygon)
    size = box[:, 2:] - box[:, :2]
    flat = np.zeros(len(size))
    normal = np.column_stack([flat, flat, plates.up]).astype(np.float32)
    return Mesh(
        vertices=np.column_stack([xy, plates.z[chart]]),
        normals=normal[chart],
        uv=xy.astype(np.float32),
        faces=faces.astype(np.int32),
        face_material=plates.material[owner],
        vertex_chart=chart.astype(np.int32),
        chart_uv=((xy - box[chart, :2]) / size[chart]).astype(np.float32),
        chart_origin=np.column_stack([box[:, :2], plates.z]),
        chart_u=np.column_stack([size[:, 0], flat, flat]),
        chart_v=np.column_stack([flat, size[:, 1], flat]),
        chart_normal=normal,
        chart_material=plates.material,
        chart_run=run,
    )


def _edge_heights(quads: Quads) -> tuple[NDArray, NDArray]:
    """All (node, height) corners of quads, sorted and without repeats: node (K,), z (K,)."""
    node = np.concatenate([quads.start, quads.start, quads.end, quads.end])
    z = np.concatenate([quads.z[:, 0], quads.z[:, 1]] * 2)
    code = np.unique(_corner_code(node, z))
    return code >> 24, ((code & (2**24 - 1)) - DEEPEST) * SNAP_M


def _corner_code(node: NDArray[np.int64], z: NDArray[np.float64]) -> NDArray[np.int64]:
    """One integer for a node and a height, in steps of SNAP_M from DEEPEST."""
    return node * 2**24 + np.round(z / SNAP_M).astype(np.int64) + DEEPEST


def _quad_vertices(quads: Quads, stack: tuple[NDArray, NDArray]) -> tuple[NDArray, NDArray, NDArray]:
    """Vertices of every quad: its right side upwards, then its left side downwards: chart, side (0, 1), z."""
    node, height = stack
    code = _corner_code(node, height)
    parts = []
    for side, corner in ((0, quads.start), (1, quads.end)):
        first = np.searchsorted(code, _corner_code(corner, quads.z[:, 0]))
        count = np.searchsorted(code, _corner_code(corner, quads.z[:, 1])) - first + 1
        chart, nth = counted(count)
        parts.append((chart, np.full(len(chart), side), height[first[chart] + nth]))
    charts, sides, heights = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((heights, sides, charts))
    return charts[order], sides[order], heights[order]


def _quad_faces(chart: NDArray[np.int64], side: NDArray[np.int64]) -> NDArray[np.int32]:
    """Triangles between the two vertex columns of every quad, counter-clockwise from the free side."""
    right = np.bincount(chart[side == 0])
    left = np.bincount(chart[side == 1])
    base = np.cumsum(right + left) - (right + left)
    plain = np.flatnonzero((right == 2) & (left == 2))
    b = base[plain]
    faces = [np.stack([b, b + 2, b + 3], 1), np.stack([b, b + 3, b + 1], 1)]
    for k in np.flatnonzero((right > 2) | (left > 2)):
        column0 = base[k] + np.arange(right[k])
        column1 = base[k] + right[k] + np.arange(left[k])
        faces.append(_strip(column0, column1))
    return np.concatenate(faces).astype(np.int32)


def _strip(column0: NDArray[np.int64], column1: NDArray[np.int64]) -> NDArray[np.int64]:
    """Two upward columns of vertices joined by triangles, walking up the shorter one last."""
    fan0 = [(column0[0], column1[k], column1[k + 1]) for k in range(len(column1) - 1)]
    fan1 = [(column0[k], column1[-1], column0[k + 1]) for k in range(len(column0) - 1)]
    return np.array(fan0 + fan1)


def _triangulated(polygon: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Corners (V, 2) of all polygons, the polygon of each (V,), and triangles (T, 3) of corners."""
    _, xy, (ring_start, polygon_start) = shapely.to_ragged_array(polygon)
    last = np.zeros(len(xy), bool)
    last[ring_start[1:] - 1] = True
    owner = np.repeat(np.repeat(np.arange(len(polygon)), np.diff(polygon_start)), np.diff(ring_start))
    xy, owner = xy[~last], owner[~last]
    first = np.searchsorted(owner, np.arange(len(polygon) + 1))
    simple = np.flatnonzero((np.diff(first) == 4) & (np.diff(polygon_start) == 1))
    corners = xy[first[simple][:, None] + np.arange(4)]
    step = np.roll(corners, -1, axis=1) - corners
    after = np.roll(step, -1, axis=1)
    turn = step[..., 0] * after[..., 1] - step[..., 1] * after[..., 0]
    simple = simple[(turn > 1e-7).all(axis=1)]
    base = first[simple][:, None]
    quads = np.concatenate([base + np.array(corner) for corner in ((0, 1, 2), (0, 2, 3))])
    other = np.setdiff1d(np.arange(len(polygon)), simple)
    if not len(other):
        return xy, owner, quads
    low = np.round(shapely.bounds(polygon)[:, :2] / SNAP_M).astype(np.int64)
    places = np.round(shapely.get_coordinates(polygon[other]) / SNAP_M).astype(np.int64)
    own = np.repeat(other, shapely.get_num_coordinates(polygon[other]))
    local = shapely.set_coordinates(polygon[other].copy(), places - low[own])  # whole numbers: the same in any region
    parts, index = shapely.get_parts(shapely.constrained_delaunay_triangles(local), return_index=True)
    corner = shapely.get_coordinates(shapely.orient_polygons(parts)).reshape(-1, 4, 2)[:, :3].astype(np.int64)
    code = _code(owner, np.round(xy / SNAP_M).astype(np.int64) - low[owner])
    order = np.argsort(code)
    wanted = _code(other[index][:, None], corner)
    return xy, owner, np.concatenate([quads, order[np.searchsorted(code[order], wanted)]])


def _code(polygon: NDArray[np.int64], local: NDArray[np.int64]) -> NDArray[np.int64]:
    """One integer for a polygon and a place in it, in steps of SNAP_M from its low corner (less than 104 m)."""
    return polygon * 2**40 + local[..., 0] * 2**20 + local[..., 1]
