"""Which lamps each chart may see, and what may stand between: asked once, for all grids that are laid on the chart."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ...geometry.level import Mesh
from ...kernel_options import ENTRY, INNER
from ..samples import INSET_M, LIFT_M, Samples, chart_shares, picked_samples
from ..threads import in_threads
from .lamp_lists import lamp_lists, lamp_reach
from .shafts import collect, covers, find_cover, hull
from .wall_chains import chain_buffers, chain_closes

GRAIN = 512
"""Charts that are asked for at once."""
MOST = 512
"""Most occluders listed between one chart and one lens."""


@dataclass(frozen=True)
class VisibleLamps:
    """The pairs (S,) of a chart and a lamp that it may see, chart after chart, lamps in ascending order.

    start (C + 1,), lamp (S,): chart c has lamp[start[c]:start[c + 1]].
    spans, triangles (S, 2): from where to where in ``span`` and ``triangle`` the occluders are listed that may stand
    between the chart and the lamp.
    """

    start: NDArray[np.int64]
    lamp: NDArray[np.int32]
    spans: NDArray[np.int64]
    span: NDArray[np.int32]
    triangles: NDArray[np.int64]
    triangle: NDArray[np.int32]

    def picked(self, wanted: NDArray[np.bool_]) -> VisibleLamps:
        """Pick the wanted pairs (S,)."""
        kept = np.flatnonzero(wanted)
        chart = np.searchsorted(self.start, kept, side="right") - 1
        start = np.concatenate([[0], np.cumsum(np.bincount(chart, minlength=len(self.start) - 1))])
        return replace(self, start=start, lamp=self.lamp[kept], spans=self.spans[kept], triangles=self.triangles[kept])


def visible_lamps(
    mesh: Mesh,
    sine: NDArray[np.float64],
    wanted: NDArray[np.bool_],
    more: Samples,
    occluders: tuple,
    lens: NDArray[np.float64],
    corner: NDArray[np.float64],
    lit: NDArray[np.bool_],
    cutoff: float,
) -> VisibleLamps:
    """List which of the lit lamps (L,) are visible to the samples of the wanted charts (C,), and to ``more`` on any.

    sine (C,): by how much normals lean away from their chart's, as in ``Bends``. lens, corner:
    ``area_light.lens_tables``. occluders: ``direct.kernel_occluders``. A lamp is left out of a chart where, unhidden,
    it would add less than ``cutoff`` of its radiance, times its weight, at corners and middle, and where one upright
    face or a chain of them hides all of it from all places that samples stand at.
    """
    asked = wanted.copy()
    asked[more.chart] = True
    chart, lamp = np.flatnonzero(asked), np.flatnonzero(lit)
    part = _parts(mesh, wanted, more)[chart]
    u, v = mesh.chart_u[chart], mesh.chart_v[chart]
    middle = (mesh.chart_origin[chart] + 0.5 * (u + v))[:, :2]
    spread = 0.5 * (np.linalg.norm(u, axis=1) + np.linalg.norm(v, axis=1))
    z = mesh.vertices[:, 2]
    lens, corner = lens[lamp], corner[lamp]
    lists = lamp_lists(lens[:, :2], lamp_reach(lens, z.min(), z.max(), cutoff), middle, spread)
    frame = mesh.chart_origin[chart], u, v, mesh.chart_normal[chart].astype(np.float64), sine[chart]
    ranges = range(0, len(chart), GRAIN)
    found: list[tuple[NDArray, ...]] = [_nothing()] * (len(ranges) + 1)

    def task(k0: int, k1: int) -> None:
        found[k0 // GRAIN] = _visible_rows(k0, k1, frame, part, lens, corner, lists, occluders, cutoff)

    in_threads(task, len(chart), GRAIN)
    counts, rows, span_counts, span, triangle_counts, triangle = map(np.concatenate, zip(*found, strict=True))
    count = np.zeros(len(wanted), np.int64)
    count[chart] = counts
    start = np.concatenate([[0], np.cumsum(count)])
    spans, triangles = _ranges(span_counts), _ranges(triangle_counts)
    return VisibleLamps(start, lamp[rows].astype(np.int32), spans, span, triangles, triangle)


def _parts(mesh: Mesh, wanted: NDArray[np.bool_], more: Samples) -> NDArray[np.float64]:
    """From where to where along u and v (C, 4), as shares, samples stand on each chart."""
    inset = np.minimum(INSET_M / mesh.sides_m, 0.25)
    part = np.stack([inset, 1.0 - inset], axis=2).reshape(-1, 4)
    only = ~wanted[more.chart]
    few, share = picked_samples(more, chart_shares(mesh, more), only)
    if len(few.chart):
        low, high = (f.reduceat(share, few.start[:-1]) for f in (np.minimum, np.maximum))
        part[few.chart] = np.stack([low, high], axis=2).reshape(-1, 4)
    return part


def _nothing() -> tuple[NDArray, ...]:
    """What ``_visible_rows`` gives for no charts."""
    return tuple(np.zeros(0, kind) for kind in (np.int64, np.int64, np.int64, np.int32, np.int64, np.int32))


def _ranges(count: NDArray[np.int64]) -> NDArray[np.int64]:
    """From where to where (S, 2) lists of these lengths lie when one follows the other."""
    end = np.cumsum(count)
    return np.column_stack([end - count, end])


@njit(**ENTRY)
def _visible_rows(k0, k1, frame, part, lens, corner, lists, occluders, cutoff):
    """How many lamps charts k0 to k1 may see, and which; of each how many spans may hide it, which; and triangles."""
    square, first, listed = lists
    grid, ends, z, tri_grid, triangles, boxes = occluders
    normal, sine = frame[3], frame[4]
    count = np.zeros(k1 - k0, np.int64)
    most = 0
    for k in range(k0, k1):
        most += first[square[k] + 1] - first[square[k]]
    out, span_count, tri_count = np.empty(most, np.int64), np.zeros(most, np.int64), np.zeros(most, np.int64)
    span, tri = np.empty(16384, np.int32), np.empty(1024, np.int32)
    found, tri_found = np.empty(MOST, np.int32), np.empty(MOST, np.int32)
    stamp, tri_stamp = np.zeros(len(ends), np.int64), np.zeros(len(triangles), np.int64)
    whole, box, opening, ring = np.empty((4, 3)), np.empty((4, 3)), np.empty((4, 3)), np.empty((16, 2))
    side = np.empty((16, 3))
    covering = np.full(len(lens), -1, np.int64)
    room = chain_buffers(MOST)
    total = spans = tris = mark = 0
    for k in range(k0, k1):
        nx, ny, nz = normal[k, 0], normal[k, 1], normal[k, 2]
        _corners(k, frame, 0.0, 1.0, 0.0, 1.0, 0.0, whole)
        _corners(k, frame, part[k, 0], part[k, 1], part[k, 2], part[k, 3], LIFT_M, box)
        for q in range(first[square[k]], first[square[k] + 1]):
            m = listed[q]
            if not _matters(whole, nx, ny, nz, sine[k], lens, corner, m, cutoff):
                continue
            for c in range(12):
                opening[c // 3, c % 3] = corner[m, c // 3, c % 3]
            if _hidden(box, opening, grid, ends, z, covering, m):
                continue
            out[total] = m
            z0, z1 = min(box[:, 2].min(), opening[:, 2].min()), max(box[:, 2].max(), opening[:, 2].max())
            n = hull(box, opening, ring)
            mark += 1
            span_count[total], tri_count[total] = collect(
                ring, n, z0, z1, grid, ends, z, tri_grid, boxes, stamp, tri_stamp, mark, side, found, tri_found
            )
            if chain_closes(ring, n, box, opening, z0, z1, ends, z, found, span_count[total], room):
                continue
            if spans + MOST > len(span):
                span = _longer(span)
            if tris + MOST > len(tri):
                tri = _longer(tri)
            for s in range(span_count[total]):
                span[spans + s] = found[s]
            for s in range(tri_count[total]):
                tri[tris + s] = tri_found[s]
            spans += span_count[total]
            tris += tri_count[total]
            total += 1
            count[k - k0] += 1
    return (
        count, out[:total].copy(), span_count[:total].copy(), span[:spans].copy(), tri_count[:total].copy(),
        tri[:tris].copy(),
    )  # fmt: skip


@njit(**INNER)
def _longer(items):
    """A list (N,) with as much room again."""
    longer = np.empty(2 * len(items), np.int32)
    for k in range(len(items)):
        longer[k] = items[k]
    return longer


@njit(**INNER)
def _corners(k, frame, a0, a1, b0, b1, lift, box):
    """Corners (4, 3) of the part of chart k between some shares of its sides, lifted off it, metres."""
    origin, u, v, normal, _ = frame
    for c in range(4):
        a = a0 if c in (0, 3) else a1
        b = b0 if c < 2 else b1
        for d in range(3):
            box[c, d] = origin[k, d] + a * u[k, d] + b * v[k, d] + lift * normal[k, d]


@njit(**INNER)
def _hidden(box, corner, grid, ends, z, covering, m):
    """Does one span hide lens m from the box? The one that hid it from another box lately (covering) is asked first."""
    s = covering[m]
    if s >= 0 and covers(box, corner, ends, z, s):
        return True
    s = find_cover(box, corner, grid, ends, z)
    if s >= 0:
        covering[m] = s
    return s >= 0


@njit(**INNER)
def _matters(chart, nx, ny, nz, sine, lens, corner, m, cutoff):
    """May lens m light a chart (4, 3), whose normals lean by ``sine``, above the cut-off, were nothing between them?"""
    front = behind = False
    for k in range(4):
        x, y, z = corner[m, k, 0] - chart[0, 0], corner[m, k, 1] - chart[0, 1], corner[m, k, 2] - chart[0, 2]
        front |= x * nx + y * ny + z * nz > 1e-6 - sine * math.sqrt(x * x + y * y + z * z)
        x, y, z = chart[k, 0] - lens[m, 0], chart[k, 1] - lens[m, 1], chart[k, 2] - lens[m, 2]
        behind |= x * lens[m, 9] + y * lens[m, 10] + z * lens[m, 11] > 1e-6
    if not (front and behind):
        return False
    for k in range(5):
        a, b = (k, k) if k < 4 else (0, 2)
        dx = lens[m, 0] - 0.5 * (chart[a, 0] + chart[b, 0])
        dy = lens[m, 1] - 0.5 * (chart[a, 1] + chart[b, 1])
        dz = lens[m, 2] - 0.5 * (chart[a, 2] + chart[b, 2])
        d2 = dx * dx + dy * dy + dz * dz
        if d2 < 9.0:
            return True
        there = -(dx * lens[m, 9] + dy * lens[m, 10] + dz * lens[m, 11])
        here = dx * nx + dy * ny + dz * nz + lens[m, 13] + sine * math.sqrt(d2)
        if there > 0.0 and there * here * lens[m, 12] * lens[m, 15] > cutoff * math.pi * d2 * d2:
            return True
    return False
