"""Direct light: the exact irradiance of each lens times the share of it that is seen."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..build.level import Mesh
from ..plan.floorplan import CELL_M
from .blockers import PlanGrid, Spans
from .polygon import lens_light
from .samples import INSET_M, LIFT_M, Samples
from .shaft import (
    FULL,
    HIDDEN,
    MIXED,
    collect_boxes,
    collect_spans,
    covers,
    crosses,
    crosses_triangle,
    find_cover,
    hull,
)
from .threads import in_threads

LATTICE = 34
"""Points on a lens where it is partly hidden: a Fibonacci lattice, which an edge sweeps one point at a time."""
LATTICE_STEP = 21
MOST = 512
"""Most blockers listed between one chart and one lens."""


def direct_light(
    mesh: Mesh,
    samples: Samples,
    blockers: tuple,
    lens: NDArray[np.float64],
    corner: NDArray[np.float64],
    radiance: NDArray[np.float64],
    cutoff: float,
    done=None,
) -> NDArray[np.float32]:
    """Irradiance / pi (N, 3) of the given lamps at the samples.

    lens, corner: ``polygon.lens_tables``; radiance (L, 3). blockers: ``kernel_blockers``. A lamp is left out of a
    chart where, unhidden, it would add less than ``cutoff`` times its radiance at its corners and its middle.
    """
    out = np.zeros((len(samples.position), 3), np.float32)
    hulls = _chart_corners(mesh, samples.chart)
    normal = mesh.chart_normal[samples.chart].astype(np.float64)
    tables = (lens, corner, np.ascontiguousarray(radiance, np.float64))
    rows = (samples.start, samples.position, normal, hulls)

    def task(k0: int, k1: int) -> None:
        _direct_rows(k0, k1, rows, tables, *blockers, cutoff, out)

    in_threads(task, len(samples.chart), 64, done)
    return out


def kernel_blockers(spans: Spans, grid: PlanGrid, triangles: NDArray, boxes: NDArray, triangle_grid: PlanGrid) -> tuple:
    """The arrays that the kernels take."""
    return _grid(grid), spans.ends, spans.z, _grid(triangle_grid), triangles, boxes


def _grid(grid: PlanGrid) -> tuple:
    return grid.shape[0], grid.shape[1], CELL_M, grid.start, grid.items


def _chart_corners(mesh: Mesh, chart: NDArray[np.int64]) -> NDArray[np.float64]:
    """Corners (K, 4, 3) of the samples' rectangle of each chart."""
    u, v = mesh.chart_u[chart], mesh.chart_v[chart]
    edge = [np.minimum(INSET_M / np.linalg.norm(w, axis=1), 0.25)[:, None] for w in (u, v)]
    base = mesh.chart_origin[chart] + LIFT_M * mesh.chart_normal[chart]
    parts = [
        base + (edge[0] if a == 0 else 1 - edge[0]) * u + (edge[1] if b == 0 else 1 - edge[1]) * v
        for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))
    ]
    return np.ascontiguousarray(np.stack(parts, axis=1))


@njit(cache=True, nogil=True)
def _direct_rows(k0, k1, rows, tables, grid, ends, z, tri_grid, triangles, boxes, cutoff, out):
    """Direct light of all lamps on charts k0 to k1."""
    start, position, normal, hulls = rows
    lens, corner, radiance = tables
    stamp = np.zeros(len(ends), np.int64)
    tri_stamp = np.zeros(len(triangles), np.int64)
    found = np.empty(MOST, np.int32)
    tri_found = np.empty(MOST, np.int32)
    ring = np.empty((16, 2))
    covering = np.full(4, -1, np.int64)
    mark = 0
    for k in range(k0, k1):
        n = normal[k]
        low, high = hulls[k, :, 2].min(), hulls[k, :, 2].max()
        for m in range(len(lens)):
            if not _matters(hulls[k], n, lens[m], corner[m], cutoff):
                continue
            hidden = False
            for c in range(4):
                s = covering[c]
                if s >= 0 and covers(hulls[k], corner[m], ends[s], z[s]):
                    hidden = True
                    break
            if hidden:
                continue
            s = find_cover(hulls[k], corner[m], grid, ends, z)
            if s >= 0:
                covering[mark & 3] = s
                mark += 1
                continue
            mark += 1
            size = hull(hulls[k], corner[m], ring)
            lens_low, lens_high = corner[m, :, 2].min(), corner[m, :, 2].max()
            z0, z1 = min(low, lens_low), max(high, lens_high)
            count = collect_spans(ring, size, z0, z1, grid, ends, z, stamp, mark, found)
            tri_count = 0
            if len(triangles):
                tri_count = collect_boxes(ring, size, tri_grid, boxes, tri_stamp, mark, tri_found)
            _light_chart(
                start[k], start[k + 1], position, n, lens[m], corner[m], radiance[m],
                ends, z, found[:count], triangles, tri_found[:tri_count], out,
            )  # fmt: skip


@njit(cache=True, nogil=True)
def _matters(chart, n, lens, corner, cutoff):
    """May a lens light a chart (4, 3) by more than the cut-off, were nothing between them?"""
    front = behind = False
    for k in range(4):
        front |= (corner[k, 0] - chart[0, 0]) * n[0] + (corner[k, 1] - chart[0, 1]) * n[1] + (
            corner[k, 2] - chart[0, 2]
        ) * n[2] > 0.0
        behind |= (chart[k, 0] - lens[0]) * lens[9] + (chart[k, 1] - lens[1]) * lens[10] + (
            chart[k, 2] - lens[2]
        ) * lens[11] > 1e-6
    if not (front and behind):
        return False
    for k in range(5):
        a, b = (k, k) if k < 4 else (0, 2)
        dx = lens[0] - 0.5 * (chart[a, 0] + chart[b, 0])
        dy = lens[1] - 0.5 * (chart[a, 1] + chart[b, 1])
        dz = lens[2] - 0.5 * (chart[a, 2] + chart[b, 2])
        d2 = dx * dx + dy * dy + dz * dz
        if d2 < 9.0:
            return True
        there = -(dx * lens[9] + dy * lens[10] + dz * lens[11])
        here = dx * n[0] + dy * n[1] + dz * n[2] + lens[13]
        if there > 0.0 and there * here * lens[12] > cutoff * math.pi * d2 * d2:
            return True
    return False


@njit(cache=True, nogil=True)
def _light_chart(s0, s1, position, n, lens, corner, radiance, ends, z, found, triangles, tri_found, out):
    """Add one lens to the samples of one chart, given what may stand between."""
    active = np.empty(len(found), np.int32)
    for s in range(s0, s1):
        px, py, pz = position[s, 0], position[s, 1], position[s, 2]
        state, count = FULL, 0
        if len(found):
            state, count = _sift(px, py, pz, corner, ends, z, found, active)
            if state == HIDDEN:
                continue
        light = lens_light(px, py, pz, n[0], n[1], n[2], lens, corner)
        if light > 0.0 and (state == MIXED or len(tri_found)):
            light *= _seen(px, py, pz, n, lens, ends, z, active[:count], triangles, tri_found)
        out[s, 0] += light * radiance[0]
        out[s, 1] += light * radiance[1]
        out[s, 2] += light * radiance[2]


@njit(cache=True, nogil=True)
def _sift(px, py, pz, corner, ends, z, found, active):
    """What the blockers do to a lens seen from one point; those that may hide a part of it go to ``active``."""
    count = 0
    for f in range(len(found)):
        s = found[f]
        left0 = right0 = left1 = right1 = 0
        for c in range(4):
            cx, cy = corner[c, 0] - px, corner[c, 1] - py
            a = cx * (ends[s, 1] - py) - cy * (ends[s, 0] - px)
            b = cx * (ends[s, 3] - py) - cy * (ends[s, 2] - px)
            left0 += a >= 0.0
            right0 += a <= 0.0
            left1 += b >= 0.0
            right1 += b <= 0.0
        if (left0 == 4 and left1 == 4) or (right0 == 4 and right1 == 4):
            continue
        all_crossed = True
        for c in range(4):
            if not crosses(px, py, pz, corner[c, 0] - px, corner[c, 1] - py, corner[c, 2] - pz, ends[s], z[s]):
                all_crossed = False
                break
        if all_crossed:
            return HIDDEN, 0
        active[count] = s
        count += 1
    return (MIXED if count else FULL), count


@njit(cache=True, nogil=True)
def _seen(px, py, pz, n, lens, ends, z, active, triangles, tri_found):
    """Share of a lens' light that passes, over a lattice of points on it."""
    seen = whole = 0.0
    last = 0
    for i in range(LATTICE):
        a = 2.0 * (i + 0.5) / LATTICE - 1.0
        b = 2.0 * (((i * LATTICE_STEP) % LATTICE) + 0.5) / LATTICE - 1.0
        dx = lens[0] + a * lens[3] + b * lens[6] - px
        dy = lens[1] + a * lens[4] + b * lens[7] - py
        dz = lens[2] + a * lens[5] + b * lens[8] - pz
        here = dx * n[0] + dy * n[1] + dz * n[2]
        if here <= 0.0:
            continue
        d2 = dx * dx + dy * dy + dz * dz
        w = -here * (dx * lens[9] + dy * lens[10] + dz * lens[11]) / (d2 * d2)
        whole += w
        free = True
        for k in range(len(active)):
            m = active[(k + last) % len(active)]
            if crosses(px, py, pz, dx, dy, dz, ends[m], z[m]):
                free = False
                last = (k + last) % len(active)
                break
        if free:
            for k in range(len(tri_found)):
                if crosses_triangle(px, py, pz, dx, dy, dz, triangles[tri_found[k]]):
                    free = False
                    break
        if free:
            seen += w
    return seen / whole if whole > 0.0 else 0.0
