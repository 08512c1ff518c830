"""What a point sees all around: one walk in plan answers all elevations of one direction."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..geometry.level import Level, Mesh
from ..kernel_options import ENTRY, INNER
from ..plan.floorplan import CELL_M
from ..plan.grid import PlanGrid
from .threads import in_threads
from .visibility.free_forms import FreeForms
from .visibility.occluders import Spans, chart_faces

RASTER = 8
"""Squares of the chart maps per cell: 0.1524 m."""
PLANE_M = 0.05
"""A level face this near to the floor or the ceiling of its cell belongs to it (lenses are recessed a little)."""
NOTHING, FLOOR, CEILING = -1, -2, -3
"""What a ray can meet beside a span: nothing (it left the region, or ended on what is no chart), floor or ceiling."""
FLOOR_MAP, CAP_MAP, CEILING_MAP, SOFFIT_MAP = range(4)
BOARD_M = 0.02
"""The back of a face nearer than this is not met: it is a board on the wall that the point lies on."""
BACK_M = 0.01
"""A ray that meets a face from behind came in through a level face at least this far before it."""
FAR_M = 1e4
"""No ray goes further."""
ASKEW = 0.5 + 0.00381966
"""Where in its stratum an azimuth lies: none at 45°, along which a lattice has corners behind one another."""


@dataclass(frozen=True)
class Rays:
    """Cosine-weighted directions of one kind of receiver, equal in weight: azimuths (A,) about the normal's own,
    and slopes (A, K): metres up per metre in plan."""

    azimuth: NDArray[np.float64]
    slope: NDArray[np.float64]


def level_rays(azimuths: int, elevations: int, up: bool) -> Rays:
    """Strata of a level face's half space. Source: Malley's map, equal steps of sin² of the zenith angle."""
    azimuth = 2.0 * np.pi * (np.arange(azimuths) + ASKEW) / azimuths
    shift = ((np.arange(azimuths) * 0.6180339887498949) % 1.0)[:, None]
    s2 = (np.arange(elevations)[None] + shift) / elevations
    s2 = np.clip(s2, 1e-4, 1.0 - 1e-6)
    slope = np.sqrt((1.0 - s2) / s2)
    return Rays(azimuth, slope if up else -slope)


def upright_rays(azimuths: int, elevations: int) -> Rays:
    """Strata of an upright face's half space: cos(azimuth) and cos²(elevation) part, so each is cut evenly."""
    azimuth = np.arcsin(2.0 * (np.arange(azimuths) + 0.5) / azimuths - 1.0)
    shift = ((np.arange(azimuths) * 0.6180339887498949) % 1.0)[:, None]
    share = (np.arange(elevations)[None] + shift) / elevations
    e = np.linspace(-np.pi / 2, np.pi / 2, 4097)
    cdf = (e + np.pi / 2 + 0.5 * np.sin(2 * e)) / np.pi
    elevation = np.interp(np.clip(share, 1e-6, 1 - 1e-6), cdf, e)
    return Rays(azimuth, np.tan(elevation))


@dataclass(frozen=True)
class Surroundings:
    """What gathering rays can meet: spans with their charts, and maps of the level faces' charts.

    maps (4, NY, NX) int32 of charts on squares of CELL_M / RASTER: floor, caps above it, ceiling, soffits below it.
    patch_start (C,) int64 and patch_size (C, 2) int32: patches of each chart, u first. whole (S,): spans that are all
    of their chart, with the chart's u along the span and its v upwards.
    """

    spans: Spans
    grid: PlanGrid
    floor_m: NDArray[np.float64]
    ceiling_m: NDArray[np.float64]
    maps: NDArray[np.int32]
    origin: NDArray[np.float64]
    u_per_m: NDArray[np.float64]
    v_per_m: NDArray[np.float64]
    patch_start: NDArray[np.int64]
    patch_size: NDArray[np.int32]
    whole: NDArray[np.bool_]
    free: FreeForms | None


def chart_maps(level: Level, mesh: Mesh, wanted: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The maps of ``Surroundings`` for the level faces of the wanted charts (C,)."""
    ny, nx = level.ceiling_m.shape
    maps = np.full((4, ny * RASTER, nx * RASTER), NOTHING, np.int32)
    start, order = chart_faces(mesh)
    level_face = np.flatnonzero((np.abs(mesh.chart_normal[:, 2]) > 0.999) & wanted)
    ends = level.floor_m, level.ceiling_m
    _paint(maps, level_face, start, order, mesh.vertices, mesh.faces, mesh.chart_normal, ends)
    return maps


def gather_hits(
    around: Surroundings, position: NDArray[np.float64], normal: NDArray[np.float64], fineness: int
) -> NDArray[np.int32]:
    """Patches (N, 2 * fineness²) that equally weighted cosine rays from position (N, 3) meet, or ``NOTHING``.

    normal (N, 3). The rays of all points with one normal are alike, so what they err by varies smoothly.
    """
    azimuths, elevations = 2 * fineness, fineness
    up, down = level_rays(azimuths, elevations, True), level_rays(azimuths, elevations, False)
    side = upright_rays(azimuths, elevations)
    hits = np.empty((len(position), azimuths * elevations), np.int32)
    scene = (
        around.grid.shape[1], around.grid.shape[0], CELL_M, around.grid.start, around.grid.items,
        around.spans.ends, around.spans.z, around.spans.chart, (around.floor_m, around.ceiling_m), around.maps,
        around.origin, around.u_per_m, around.v_per_m, around.patch_start, around.patch_size, around.whole,
    )  # fmt: skip
    rays = (up.azimuth, up.slope, down.slope, side.azimuth, side.slope)

    def task(k0: int, k1: int) -> None:
        here, part = position[k0:k1], hits[k0:k1]
        ways = np.empty((0 if around.free is None else k1 - k0, part.shape[1], 4), np.float32)
        _gather_rows(here, normal[k0:k1], rays, scene, part, ways)
        if around.free is not None:
            _meet_free_forms(around, around.free, here, ways, part)

    in_threads(task, len(position), 256)
    return hits


def _meet_free_forms(
    around: Surroundings,
    free: FreeForms,
    position: NDArray[np.float64],
    ways: NDArray[np.float32],
    hits: NDArray[np.int32],
) -> None:
    """Write patches of free forms over the hits (N, R) of rays that meet these first; NOTHING for their backs."""
    count = hits.shape[1]
    start = np.repeat(position, count, axis=0).astype(np.float32)
    way = np.ascontiguousarray(ways[..., :3]).reshape(-1, 3)
    far = np.where(np.isfinite(ways[..., 3]), ways[..., 3], FAR_M).ravel().astype(np.float32)
    found = free.scene.run(start, way, dists=far, output=1)
    ray = np.flatnonzero(found["primID"] >= 0)
    chart = free.chart[found["primID"][ray]]
    place = start[ray] + found["tfar"][ray, None] * way[ray] - around.origin[chart]
    share = [(place * per[chart]).sum(axis=1) for per in (around.u_per_m, around.v_per_m)]
    size = around.patch_size[chart]
    nu, nv = (np.clip((share[k] * size[:, k]).astype(np.int64), 0, np.maximum(size[:, k] - 1, 0)) for k in (0, 1))
    front = (way[ray] * free.normal[found["primID"][ray]]).sum(axis=1) < 0.0
    patch = around.patch_start[chart] + nv * size[:, 0] + nu
    hits.reshape(-1)[ray] = np.where(front & (size[:, 0] > 0), patch, NOTHING)


@njit(**ENTRY)
def _gather_rows(position, normal, rays, scene, hits, ways):
    """Hits of some points; ``ways`` (N, R, 4), unless empty: direction of each ray per metre in plan, and how far it
    goes in plan."""
    round_azimuth, up, down, side_azimuth, side = rays
    count, elevations = up.shape
    level_x, level_y, x, y = np.empty(count), np.empty(count), np.empty(count), np.empty(count)
    for a in range(count):
        level_x[a], level_y[a] = math.cos(round_azimuth[a]), math.sin(round_azimuth[a])
    askew_x, askew_y, askew = (
        np.empty(count * elevations),
        np.empty(count * elevations),
        np.empty((count * elevations, 1)),
    )
    state = (
        np.empty(elevations), np.empty(elevations), np.empty(elevations, np.int32), np.empty(elevations, np.int32),
        np.empty(elevations, np.int32),
    )  # fmt: skip
    for k in range(len(position)):
        n0, n1, n2 = normal[k, 0], normal[k, 1], normal[k, 2]
        if n2 > 0.999:
            _look_around(k, position, level_x, level_y, up, scene, state, hits, ways)
        elif n2 < -0.999:
            _look_around(k, position, level_x, level_y, down, scene, state, hits, ways)
        elif abs(n2) < 1e-3:
            base = math.atan2(n1, n0)
            for a in range(count):
                x[a], y[a] = math.cos(base + side_azimuth[a]), math.sin(base + side_azimuth[a])
            _look_around(k, position, x, y, side, scene, state, hits, ways)
        else:
            flat = math.sqrt(n0 * n0 + n1 * n1)
            tx, ty = n1 / flat, -n0 / flat
            bx, by, bz = -n2 * ty, n2 * tx, n0 * ty - n1 * tx
            for a in range(count):
                for e in range(elevations):
                    z = up[a, e] / math.sqrt(1.0 + up[a, e] * up[a, e])
                    r = math.sqrt(max(1.0 - z * z, 0.0))
                    c, s = r * level_x[a], r * level_y[a]
                    dx = c * tx + s * bx + z * n0
                    dy = c * ty + s * by + z * n1
                    plan = max(math.sqrt(dx * dx + dy * dy), 1e-6)
                    ray = a * elevations + e
                    askew_x[ray], askew_y[ray] = dx / plan, dy / plan
                    askew[ray, 0] = (s * bz + z * n2) / plan
            _look_around(k, position, askew_x, askew_y, askew, scene, state, hits, ways)


@njit(**INNER)
def _look_around(row, position, way_x, way_y, slopes, scene, state, hits, ways):
    """Patches that rays from a point along (way_x, way_y) (A,), each with its slopes (A, K), meet, into its hits."""
    best, along, met, going, which = state
    nx, ny, cell, start, items, ends, z, span_chart, planes, maps, origin, per_u, per_v, first, size, whole = scene
    px, py, pz = position[row, 0], position[row, 1], position[row, 2]
    for a in range(len(way_x)):
        dx, dy = way_x[a], way_y[a]
        _walk(
            px, py, pz, dx, dy, slopes, a, nx, ny, cell, start, items, ends, z, planes, best, along, met, going, which
        )
        for k in range(slopes.shape[1]):
            ray = a * slopes.shape[1] + k
            s, t, slope = met[k], best[k], slopes[a, k]
            hits[row, ray] = NOTHING
            if len(ways):
                ways[row, ray, 0], ways[row, ray, 1], ways[row, ray, 2], ways[row, ray, 3] = dx, dy, slope, t
            if s == NOTHING:
                continue
            x, y, h = px + t * dx, py + t * dy, pz + t * slope
            layer = FLOOR_MAP if s == FLOOR else CEILING_MAP
            if s >= 0:
                chart = span_chart[s]
                if dx * (ends[s, 3] - ends[s, 1]) - dy * (ends[s, 2] - ends[s, 0]) > 0.0:
                    x, y = x - BACK_M * dx, y - BACK_M * dy
                    layer = SOFFIT_MAP if slope > 0.0 else CAP_MAP
                elif whole[s]:
                    nu, nv = size[chart, 0], size[chart, 1]
                    if nu > 0:
                        b = min(max(int((h - z[s, 0]) / (z[s, 1] - z[s, 0]) * nv), 0), nv - 1)
                        hits[row, ray] = first[chart] + b * nu + min(max(int(along[k] * nu), 0), nu - 1)
                    continue
                else:
                    hits[row, ray] = _patch(chart, x, y, h, origin, per_u, per_v, first, size)
                    continue
            hits[row, ray] = _level_patch(x, y, layer, nx, ny, cell, maps, origin, per_u, per_v, first, size)


@njit(**INNER)
def _walk(
    px, py, pz, dx, dy, slopes, a, nx, ny, cell, start, items, ends, z, planes, best, along_best, met, going, which
):
    """Walk the plan grid from p along (dx, dy): how far each ray of slopes[a] goes in plan, what it meets and where
    along that."""
    count = slopes.shape[1]
    floor, ceiling = planes
    for k in range(count):
        best[k], met[k], going[k] = np.inf, NOTHING, k
    i, j = math.floor(px / cell), math.floor(py / cell)
    step_x, step_y = (1 if dx > 0.0 else -1), (1 if dy > 0.0 else -1)
    each_x = abs(cell / dx) if abs(dx) > 1e-12 else np.inf
    each_y = abs(cell / dy) if abs(dy) > 1e-12 else np.inf
    next_x = ((i + (step_x > 0)) * cell - px) / dx if abs(dx) > 1e-12 else np.inf
    next_y = ((j + (step_y > 0)) * cell - py) / dy if abs(dy) > 1e-12 else np.inf
    while 0 <= i < nx and 0 <= j < ny:
        for q in range(start[j * nx + i], start[j * nx + i + 1]):
            s = items[q]
            ex, ey = ends[s, 2] - ends[s, 0], ends[s, 3] - ends[s, 1]
            den = dx * ey - dy * ex
            if abs(den) < 1e-12:
                continue
            qx, qy = ends[s, 0] - px, ends[s, 1] - py
            t = (qx * ey - qy * ex) / den
            along = (qx * dy - qy * dx) / den
            if t <= 0.0 or along < -1e-7 or along > 1.0 + 1e-7:
                continue
            if den > 0.0 and (t * den) ** 2 < BOARD_M**2 * (ex * ex + ey * ey):
                continue
            low = z[s, 0] + along * (z[s, 2] - z[s, 0]) - pz
            high = z[s, 1] + along * (z[s, 3] - z[s, 1]) - pz
            for g in range(count):
                k = going[g]
                rise = slopes[a, k] * t
                if t < best[k] and low <= rise <= high:
                    best[k], along_best[k], which[k] = t, along, s
        leave = min(next_x, next_y)
        bottom, top, kept = floor[j, i] - pz, ceiling[j, i] - pz, 0
        for g in range(count):
            k = going[g]
            rise = slopes[a, k] * leave
            plane = np.inf
            if slopes[a, k] > 0.0:
                if rise >= top:
                    plane = top / slopes[a, k]
            elif rise <= bottom and slopes[a, k] < 0.0:
                plane = bottom / slopes[a, k]
            if best[k] <= leave + 1e-9 and best[k] <= plane + 1e-6:
                met[k] = which[k]
            elif plane <= leave:
                best[k] = plane
                met[k] = CEILING if slopes[a, k] > 0.0 else FLOOR
            else:
                going[kept] = k
                kept += 1
        count = kept
        if count == 0:
            return
        if next_x < next_y:
            i += step_x
            next_x += each_x
        else:
            j += step_y
            next_y += each_y


@njit(**INNER)
def _level_patch(x, y, kind, nx, ny, cell, maps, origin, per_u, per_v, first, size):
    """The patch of a level face at x, y: the chart of the map's square or of one beside it that holds the point."""
    i, j = int(x * RASTER / cell), int(y * RASTER / cell)
    for layer in (kind, kind ^ 1):
        for d in range(9):
            a, b = i + (0, 1, -1, 0, 0, 1, 1, -1, -1)[d], j + (0, 0, 0, 1, -1, 1, -1, 1, -1)[d]
            if 0 <= a < nx * RASTER and 0 <= b < ny * RASTER and maps[layer, b, a] >= 0:
                chart = maps[layer, b, a]
                found = _patch(chart, x, y, origin[chart, 2], origin, per_u, per_v, first, size)
                if found >= 0:
                    return found
    return NOTHING


@njit(**INNER)
def _patch(chart, x, y, z, origin, per_u, per_v, first, size):
    """The patch of a chart at a point on it, or NOTHING outside its rectangle."""
    if size[chart, 0] == 0:
        return NOTHING
    rx, ry, rz = x - origin[chart, 0], y - origin[chart, 1], z - origin[chart, 2]
    a = rx * per_u[chart, 0] + ry * per_u[chart, 1] + rz * per_u[chart, 2]
    b = rx * per_v[chart, 0] + ry * per_v[chart, 1] + rz * per_v[chart, 2]
    if a < -1e-3 or a > 1.001 or b < -1e-3 or b > 1.001:
        return NOTHING
    nu, nv = size[chart, 0], size[chart, 1]
    return first[chart] + min(max(int(b * nv), 0), nv - 1) * nu + min(max(int(a * nu), 0), nu - 1)


@njit(**ENTRY)
def _paint(maps, charts, start, order, vertices, faces, normal, planes):
    """Write each level chart into the squares of its map whose middles, or that its small faces, cover."""
    ny, nx = maps.shape[1:]
    step = CELL_M / RASTER
    floor, ceiling = planes
    for c in charts:
        for f in range(start[c], start[c + 1]):
            a, b, d = vertices[faces[order[f], 0]], vertices[faces[order[f], 1]], vertices[faces[order[f], 2]]
            i0, i1 = int(min(a[0], b[0], d[0]) / step), int(max(a[0], b[0], d[0]) / step)
            j0, j1 = int(min(a[1], b[1], d[1]) / step), int(max(a[1], b[1], d[1]) / step)
            area = (b[0] - a[0]) * (d[1] - a[1]) - (b[1] - a[1]) * (d[0] - a[0])
            if area == 0.0:
                continue
            for j in range(max(j0, 0), min(j1, ny - 1) + 1):
                for i in range(max(i0, 0), min(i1, nx - 1) + 1):
                    x, y = (i + 0.5) * step, (j + 0.5) * step
                    u = ((x - a[0]) * (d[1] - a[1]) - (y - a[1]) * (d[0] - a[0])) / area
                    v = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / area
                    inside = u >= 0.0 and v >= 0.0 and u + v <= 1.0
                    row, column = min(j // RASTER, len(ceiling) - 1), min(i // RASTER, ceiling.shape[1] - 1)
                    if normal[c, 2] > 0.0:
                        layer = FLOOR_MAP if abs(a[2] - floor[row, column]) < PLANE_M else CAP_MAP
                    else:
                        layer = CEILING_MAP if abs(a[2] - ceiling[row, column]) < PLANE_M else SOFFIT_MAP
                    if inside or maps[layer, j, i] < 0:
                        maps[layer, j, i] = c
