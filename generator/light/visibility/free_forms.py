"""What is neither a straight wall nor a floor or ceiling: pipes, slopes, ducts. What it hides, Embree says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ...geometry.level import FREE_RUN, Level, Mesh
from ...kernel_options import ENTRY, INNER
from ...plan.floorplan import CELL_M
from ...plan.grid import PlanGrid, grid_of_boxes
from ..threads import in_threads
from .shafts import box_reaches_in, hull, row_range
from .visible_lamps import VisibleLamps

SLACK_M = 0.01
"""Samples and rays stand off their surface, so boxes are taken this much larger."""


@dataclass(frozen=True)
class FreeForms:
    """The faces of all charts of ``FREE_RUN``. scene: of Embree; chart (F,) of each face, normal (F, 3); boxes (B, 4)
    x0, y0, x1, y1 and heights (B, 2) of the charts, in a plan grid."""

    scene: Any
    chart: NDArray[np.int64]
    normal: NDArray[np.float32]
    boxes: NDArray[np.float64]
    heights: NDArray[np.float64]
    grid: PlanGrid

    def hide(self, start: NDArray[np.float32], way: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Whether anything lies between ``start`` and ``start + way`` (N, 3)."""
        return np.asarray(self.scene.run(start, way, dists=np.ones(len(way), np.float32), query="OCCLUDED") >= 0)


def free_charts(mesh: Mesh) -> NDArray[np.bool_]:
    """Charts (C,) that block light by their faces."""
    return mesh.chart_run == FREE_RUN


def free_forms(level: Level, mesh: Mesh) -> FreeForms | None:
    """The free forms of a level, of ``expand(level)``; None where it has none."""
    free = free_charts(mesh)
    if not free.any():
        return None
    from embreex.mesh_construction import TriangleMesh
    from embreex.rtcore_scene import EmbreeScene

    chart = mesh.vertex_chart[mesh.faces[:, 0]].astype(np.int64)
    faces = mesh.faces[free[chart]]
    chart = chart[free[chart]]
    scene = EmbreeScene()
    TriangleMesh(scene, mesh.vertices.astype(np.float32), faces)
    order = np.argsort(chart, kind="stable")
    first = np.flatnonzero(np.diff(chart[order], prepend=-1))
    corner = mesh.vertices[faces[order]]
    low = np.minimum.reduceat(corner.min(axis=1), first) - SLACK_M
    high = np.maximum.reduceat(corner.max(axis=1), first) + SLACK_M
    boxes = np.column_stack([low[:, :2], high[:, :2]])
    heights = np.column_stack([low[:, 2], high[:, 2]])
    grid = grid_of_boxes(level.ceiling_m.shape, boxes)
    return FreeForms(scene, chart, mesh.chart_normal[chart], boxes, heights, grid)


def free_between(free: FreeForms, mesh: Mesh, visible: VisibleLamps, corner: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether free forms may stand between the chart and the lamp of each pair (S,); corner (L, 4, 3) of the lenses."""
    out = np.zeros(len(visible.lamp), np.bool_)

    def task(k0: int, k1: int) -> None:
        _between_rows(
            k0, k1, visible.start, visible.lamp, mesh.chart_origin, mesh.chart_u, mesh.chart_v, corner, free.grid,
            free.boxes, free.heights, out,
        )  # fmt: skip

    in_threads(task, len(mesh.chart_origin), 512)
    return out


@njit(**ENTRY)
def _between_rows(k0, k1, start, lamp, origin, u, v, corner, grid, boxes, heights, out):
    """``free_between`` for the pairs of charts k0 to k1."""
    chart, lens, ring = np.empty((4, 3)), np.empty((4, 3)), np.empty((16, 2))
    for k in range(k0, k1):
        for c in range(4):
            for d in range(3):
                chart[c, d] = origin[k, d] + (c in (1, 2)) * u[k, d] + (c >= 2) * v[k, d]
        for j in range(start[k], start[k + 1]):
            for c in range(12):
                lens[c // 3, c % 3] = corner[lamp[j], c // 3, c % 3]
            z0, z1 = min(chart[:, 2].min(), lens[:, 2].min()), max(chart[:, 2].max(), lens[:, 2].max())
            out[j] = _some_in(ring, hull(chart, lens, ring), z0, z1, grid, boxes, heights)


@njit(**INNER)
def _some_in(ring, n, z0, z1, grid, boxes, heights):
    """May any box overlap a convex ring in plan, between two heights?"""
    (ny, nx), start, items = grid
    j0 = max(int(np.floor((ring[:n, 1].min() - SLACK_M) / CELL_M)), 0)
    j1 = min(int(np.floor((ring[:n, 1].max() + SLACK_M) / CELL_M)), ny - 1)
    for j in range(j0, j1 + 1):
        low, high = row_range(ring, n, j * CELL_M - SLACK_M, (j + 1) * CELL_M + SLACK_M)
        if low > high:
            continue
        i0, i1 = max(int(np.floor(low / CELL_M)), 0), min(int(np.floor(high / CELL_M)), nx - 1)
        for square in range(j * nx + i0, j * nx + i1 + 1):
            for k in range(start[square], start[square + 1]):
                s = items[k]
                if heights[s, 0] < z1 and heights[s, 1] > z0 and box_reaches_in(boxes, s, ring, n):
                    return True
    return False
