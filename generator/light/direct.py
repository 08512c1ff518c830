"""Direct light: the exact irradiance of each lens times the share of it that is seen."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..geometry.level import Mesh
from ..kernel_options import ENTRY, INNER
from ..plan.floorplan import CELL_M
from ..plan.grid import PlanGrid
from .area_light import lens_light, open_lens
from .samples import Samples, dual_sides
from .threads import in_threads
from .visibility.occluders import Spans
from .visibility.shafts import (
    FULL,
    HIDDEN,
    MIXED,
    covers,
    crosses,
    crosses_triangle,
    hull,
    is_tall,
    reaches_in,
    sides,
)
from .visibility.visible_lamps import MOST, VisibleLamps

PIECE = 5
"""Occluders are sifted again for pieces of a chart of this many samples along u and v."""


def direct_light(
    mesh: Mesh,
    samples: Samples,
    normal: NDArray[np.float64],
    todo: NDArray[np.bool_],
    occluders: tuple,
    lamps: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    visible: VisibleLamps,
    out: NDArray[np.float32],
) -> NDArray[np.bool_]:
    """Write the irradiance / pi of the lamps that each chart may see into ``out`` (N, B) at the samples ``todo`` (N,).

    Returns which pairs (S,) bring light to any of these samples.

    normal (N, 3): the samples'.
    lamps: lens and corner of ``area_light.lens_tables``, radiance (L, B) in B bands. occluders: ``kernel_occluders``.
    """
    out[todo] = 0.0
    lit = np.zeros(len(visible.lamp), np.bool_)
    row = np.flatnonzero(np.diff(visible.start)[samples.chart])
    chart = samples.chart[row]
    u, v = mesh.chart_u[chart], mesh.chart_v[chart]
    frame = (mesh.chart_origin[chart], u, v, *dual_sides(u, v))
    rows = (samples.start[row], samples.size[row], samples.position, normal, todo)
    seen = (
        visible.start[chart], visible.start[chart + 1], visible.lamp, visible.spans, visible.span, visible.triangles,
        visible.triangle,
    )  # fmt: skip

    def task(k0: int, k1: int) -> None:
        _direct_rows(k0, k1, rows, frame, lamps, seen, occluders, out, lit)

    in_threads(task, len(chart), 64)
    return lit


def kernel_occluders(
    spans: Spans, grid: PlanGrid, triangles: NDArray, boxes: NDArray, triangle_grid: PlanGrid
) -> tuple:
    """The arrays that the kernels take."""
    return _grid(grid), spans.ends, spans.z, _grid(triangle_grid), triangles, boxes


def _grid(grid: PlanGrid) -> tuple:
    return grid.shape[1], grid.shape[0], CELL_M, grid.start, grid.items


@njit(**ENTRY)
def _direct_rows(k0, k1, rows, frame, lamps, seen, occluders, out, lit):
    """Direct light of the lamps seen on charts k0 to k1, and which of these pairs bring any."""
    first, last, listed, spans, span, tris, tri = seen
    _, ends, z, _, triangles, _ = occluders
    lens, corner, radiance = lamps
    start, size, _, _, todo = rows
    found = np.empty(MOST, np.int32)
    for k in range(k0, k1):
        if not todo[start[k] : start[k] + size[k, 0] * size[k, 1]].any():
            continue
        for j in range(first[k], last[k]):
            m, count = listed[j], spans[j, 1] - spans[j, 0]
            for s in range(count):
                found[s] = span[spans[j, 0] + s]
            lit[j] = _light_chart(
                k, rows, frame, lens[m], corner[m], radiance[m], ends, z, found[:count], triangles,
                tri[tris[j, 0] : tris[j, 1]], out,
            )  # fmt: skip


@njit(**INNER)
def _piece_box(k, a0, a1, b0, b1, nu, first, position, todo, frame, box):
    """Corners (4, 3) of the smallest part of chart k that holds the piece's samples to do; False if there is none."""
    origin, u, v, dual_u, dual_v = frame
    low_a = low_b = np.inf
    high_a = high_b = -np.inf
    some, some_a, some_b = first, 0.0, 0.0
    for b in range(b0, b1):
        for a in range(a0, a1):
            s = first + b * nu + a
            if not todo[s]:
                continue
            x, y, z = position[s, 0] - origin[k, 0], position[s, 1] - origin[k, 1], position[s, 2] - origin[k, 2]
            at_a = x * dual_u[k, 0] + y * dual_u[k, 1] + z * dual_u[k, 2]
            at_b = x * dual_v[k, 0] + y * dual_v[k, 1] + z * dual_v[k, 2]
            low_a, high_a = min(low_a, at_a), max(high_a, at_a)
            low_b, high_b = min(low_b, at_b), max(high_b, at_b)
            some, some_a, some_b = s, at_a, at_b
    if low_a > high_a:
        return False
    for i in range(3):
        base = position[some, i] - some_a * u[k, i] - some_b * v[k, i]
        box[0, i] = base + low_a * u[k, i] + low_b * v[k, i]
        box[1, i] = base + high_a * u[k, i] + low_b * v[k, i]
        box[2, i] = base + high_a * u[k, i] + high_b * v[k, i]
        box[3, i] = base + low_a * u[k, i] + high_b * v[k, i]
    return True


@njit(**INNER)
def _light_chart(k, rows, frame, lens, corner, radiance, ends, z, found, triangles, tri_found, out):
    """Add one lens to the samples of one chart, piece by piece, given what may stand between; is it seen at all?"""
    start, size, position, normal, todo = rows
    nu, nv = size[k]
    ring, side, box = np.empty((16, 2)), np.empty((16, 3)), np.empty((4, 3))
    part, part_corner = lens.copy(), corner.copy()
    near, active = np.empty(len(found), np.int32), np.empty(len(found), np.int32)
    recessed = lens[14] > 0.0
    seen = False
    one_piece = nu <= PIECE and nv <= PIECE
    for b0 in range(0, nv, PIECE):
        b1 = min(b0 + PIECE, nv)
        for a0 in range(0, nu, PIECE):
            a1 = min(a0 + PIECE, nu)
            if one_piece:
                count = len(found)
                for s in range(count):
                    near[s] = found[s]
            elif _piece_box(k, a0, a1, b0, b1, nu, start[k], position, todo, frame, box):
                count = _sift_piece(box, corner, ends, z, found, ring, side, near)
            else:
                continue
            if count < 0:
                continue
            for b in range(b0, b1):
                for a in range(a0, a1):
                    s = start[k] + b * nu + a
                    if not todo[s]:
                        continue
                    px, py, pz = position[s, 0], position[s, 1], position[s, 2]
                    nx, ny, nz = normal[s, 0], normal[s, 1], normal[s, 2]
                    if recessed and not open_lens(px, py, pz, lens, corner, part, part_corner):
                        continue
                    share = _share(
                        px, py, pz, nx, ny, nz, part, part_corner, ends, z, near, count, active, triangles, tri_found
                    )
                    if share > 0.0:
                        seen = True
                        for c in range(len(radiance)):
                            out[s, c] += share * radiance[c]
    return seen


@njit(**INNER)
def _sift_piece(box, corner, ends, z, found, ring, side, near):
    """Those occluders that reach in between a piece and a lens, into ``near``; their number, -1 when one hides it."""
    if len(found) == 0:
        return 0
    n = sides(ring, hull(box, corner, ring), side)
    count = 0
    for f in range(len(found)):
        s = found[f]
        if reaches_in(ends, s, side, n):
            if covers(box, corner, ends, z, s):
                found[0], found[f] = found[f], found[0]
                return -1
            near[count] = s
            count += 1
    return count


@njit(**INNER)
def _share(px, py, pz, nx, ny, nz, lens, corner, ends, z, near, listed, active, triangles, tri_found):
    """Irradiance / (pi * radiance) of a lens at p with normal n, less what the first ``listed`` of ``near`` hide."""
    state, count = FULL, 0
    if listed:
        state, count = sift(px, py, pz, corner, ends, z, near, listed, active)
        if state == HIDDEN:
            return 0.0
    light = lens_light(px, py, pz, nx, ny, nz, lens, corner)
    if light > 0.0 and (state == MIXED or len(tri_found)):
        points, step = lattice(light)
        light *= _seen(px, py, pz, nx, ny, nz, lens, ends, z, active, count, triangles, tri_found, points, step)
    return light


@njit(**INNER)
def lattice(light):
    """Points of a Fibonacci lattice and its step, so that one point weighs less than 6e-4 of the lens' radiance.

    An edge that sweeps over such a lattice meets its points one at a time, whatever its direction.
    """
    if light > 0.01:
        return 89, 55
    if light > 1e-3:
        return 34, 21
    if light > 2e-4:
        return 13, 8
    return 5, 3


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def lens_point(px, py, pz, nx, ny, nz, lens, i, points, step):
    """The way from p to point i of a lens' lattice, and what light from there weighs; 0 below the horizon of n."""
    a = 2.0 * (i + 0.5) / points - 1.0
    b = 2.0 * (((i * step) % points) + 0.5) / points - 1.0
    dx = lens[0] + a * lens[3] + b * lens[6] - px
    dy = lens[1] + a * lens[4] + b * lens[7] - py
    dz = lens[2] + a * lens[5] + b * lens[8] - pz
    here = dx * nx + dy * ny + dz * nz
    if here <= 0.0:
        return dx, dy, dz, 0.0
    d2 = dx * dx + dy * dy + dz * dz
    return dx, dy, dz, -here * (dx * lens[9] + dy * lens[10] + dz * lens[11]) / (d2 * d2)


@njit(**INNER)
def sift(px, py, pz, corner, ends, z, near, listed, active):
    """What the first ``listed`` occluders do to a lens seen from p; what may hide a part of it goes to ``active``."""
    lx, ly, rx, ry, narrow = _wedge(px, py, corner)
    low = min(pz, min(min(corner[0, 2], corner[1, 2]), min(corner[2, 2], corner[3, 2])))
    high = max(pz, max(max(corner[0, 2], corner[1, 2]), max(corner[2, 2], corner[3, 2])))
    tall = True
    for f in range(listed):
        tall &= is_tall(z, near[f], low, high)
    count = 0
    for f in range(listed):
        s = near[f]
        ax, ay, bx, by = ends[s, 0] - px, ends[s, 1] - py, ends[s, 2] - px, ends[s, 3] - py
        if tall and ax * by - ay * bx > 0.0:
            continue
        if narrow:
            a_left, b_left = lx * ay - ly * ax >= 0.0, lx * by - ly * bx >= 0.0
            a_right, b_right = rx * ay - ry * ax <= 0.0, rx * by - ry * bx <= 0.0
            if (a_left and b_left) or (a_right and b_right):
                continue
            if ((a_left and b_right) or (a_right and b_left)) and _hides(px, py, pz, corner, ends, z, s):
                near[0], near[f] = near[f], near[0]
                return HIDDEN, 0
        active[count] = s
        count += 1
    return (MIXED if count else FULL), count


@njit(**INNER)
def _wedge(px, py, corner):
    """The leftmost and the rightmost corner of a lens as seen in plan, and whether it is seen from aside at all."""
    lx = rx = corner[0, 0] - px
    ly = ry = corner[0, 1] - py
    for c in range(1, 4):
        x, y = corner[c, 0] - px, corner[c, 1] - py
        if lx * y - ly * x > 0.0:
            lx, ly = x, y
        if rx * y - ry * x < 0.0:
            rx, ry = x, y
    narrow = True
    for c in range(4):
        x, y = corner[c, 0] - px, corner[c, 1] - py
        narrow &= lx * y - ly * x <= 0.0 and rx * y - ry * x >= 0.0
    return lx, ly, rx, ry, narrow


@njit(**INNER)
def _hides(px, py, pz, corner, ends, z, s):
    """Does span s cross the ways to all four corners of a lens?"""
    crossed = 0
    for c in range(4):
        crossed += crosses(px, py, pz, corner[c, 0] - px, corner[c, 1] - py, corner[c, 2] - pz, ends, z, s)
    return crossed == 4


@njit(**INNER)
def _seen(px, py, pz, nx, ny, nz, lens, ends, z, active, count, triangles, tri_found, points, step):
    """Share of a lens' light that passes, over a Fibonacci lattice of points on it."""
    seen = whole = 0.0
    last = 0
    for i in range(points):
        dx, dy, dz, w = lens_point(px, py, pz, nx, ny, nz, lens, i, points, step)
        if w == 0.0:
            continue
        whole += w
        free = True
        for q in range(count):
            m = q - 1 if 0 < q <= last else q
            m = last if q == 0 else m
            if crosses(px, py, pz, dx, dy, dz, ends, z, active[m]):
                free = False
                last = m
                break
        if free:
            for q in range(len(tri_found)):
                if crosses_triangle(px, py, pz, dx, dy, dz, triangles, tri_found[q]):
                    free = False
                    break
        if free:
            seen += w
    return seen / whole if whole > 0.0 else 0.0
