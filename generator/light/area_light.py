"""Irradiance of flat rectangular lenses, without visibility."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ..geometry.level import Level
from ..kernel_options import ENTRY, INNER
from ..plan.floors import floor_at

FAR = 5.0
"""Beyond this many half diagonals a 2 x 2 Gauss rule is within 1e-3 of the exact formula."""
DEEPEST_M = 0.1
"""A lens higher above its cell's ceiling than this is not recessed in it."""
_NODE = 1.0 / math.sqrt(3.0)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _edge(ax, ay, az, bx, by, bz, nx, ny, nz):
    """One edge's part of the exact formula, seen from the origin."""
    cx, cy, cz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    size = math.sqrt(cx * cx + cy * cy + cz * cz)
    if size < 1e-15:
        return 0.0
    angle = math.atan2(size, ax * bx + ay * by + az * bz)
    return angle * (cx * nx + cy * ny + cz * nz) / size


@njit(**ENTRY)
def exact_lens(px, py, pz, nx, ny, nz, corner):
    """Irradiance / (pi * radiance) at p with normal n from a rectangle (4, 3), cut at the horizon; never negative.

    Corners run clockwise as seen from the lit side or the other way round; the caller knows which side is lit.
    Source: Lambert 1760; Arvo, "Analytic methods for simulated light transport", 1995.
    """
    total = 0.0
    first = True
    fx = fy = fz = lx = ly = lz = 0.0
    for k in range(4):
        m = (k + 1) & 3
        ax, ay, az = corner[k, 0] - px, corner[k, 1] - py, corner[k, 2] - pz
        bx, by, bz = corner[m, 0] - px, corner[m, 1] - py, corner[m, 2] - pz
        da, db = ax * nx + ay * ny + az * nz, bx * nx + by * ny + bz * nz
        if da <= 0.0 and db <= 0.0:
            continue
        if da < 0.0:
            t = da / (da - db)
            ax, ay, az = ax + t * (bx - ax), ay + t * (by - ay), az + t * (bz - az)
        if db < 0.0:
            t = da / (da - db)
            bx, by, bz = ax + t * (bx - ax), ay + t * (by - ay), az + t * (bz - az)
        if first:
            fx, fy, fz = ax, ay, az
            first = False
        else:
            total += _edge(lx, ly, lz, ax, ay, az, nx, ny, nz)
        total += _edge(ax, ay, az, bx, by, bz, nx, ny, nz)
        lx, ly, lz = bx, by, bz
    if first:
        return 0.0
    total += _edge(lx, ly, lz, fx, fy, fz, nx, ny, nz)
    return abs(total) / (2.0 * math.pi)


@njit(**INNER)
def lens_light(px, py, pz, nx, ny, nz, lens, corner):
    """Irradiance / (pi * radiance) at p with normal n from a whole lens.

    lens (16,): centre, half_u, half_v, normal, area, half diagonal, recess, weight; corner (4, 3).
    """
    dx, dy, dz = lens[0] - px, lens[1] - py, lens[2] - pz
    if dx * lens[9] + dy * lens[10] + dz * lens[11] >= 0.0:
        return 0.0
    d2 = dx * dx + dy * dy + dz * dz
    side = dx * nx + dy * ny + dz * nz
    if d2 < (FAR * lens[13]) ** 2 or abs(side) < lens[13]:
        return exact_lens(px, py, pz, nx, ny, nz, corner)
    if side < 0.0:
        return 0.0
    total = 0.0
    for k in range(4):
        a = _NODE if k & 1 else -_NODE
        b = _NODE if k & 2 else -_NODE
        x = dx + a * lens[3] + b * lens[6]
        y = dy + a * lens[4] + b * lens[7]
        z = dz + a * lens[5] + b * lens[8]
        r2 = x * x + y * y + z * z
        total -= (x * nx + y * ny + z * nz) * (x * lens[9] + y * lens[10] + z * lens[11]) / (r2 * r2)
    return total * lens[12] / (4.0 * math.pi)


@njit(**INNER)
def open_lens(px, py, pz, lens, corner, part, part_corner):
    """The part of a recessed lens that shows through its opening from p, again a rectangle; False when none does.

    Seen from p the opening, ``lens[14]`` in front of the lens and of its size, is thrown back onto the lens' plane.
    Writes the part's centre, halves and corners.
    """
    depth = lens[14]
    away = (px - lens[0]) * lens[9] + (py - lens[1]) * lens[10] + (pz - lens[2]) * lens[11]
    if away <= depth:
        return False
    scale = away / (away - depth)
    for i in range(len(lens)):
        part[i] = lens[i]
    for side in range(2):
        x, y, z = lens[3 + 3 * side], lens[4 + 3 * side], lens[5 + 3 * side]
        at = ((px - lens[0]) * x + (py - lens[1]) * y + (pz - lens[2]) * z) / (x * x + y * y + z * z)
        low, high = max(at - (1.0 + at) * scale, -1.0), min(at + (1.0 - at) * scale, 1.0)
        if low >= high:
            return False
        middle, half = 0.5 * (low + high), 0.5 * (high - low)
        part[0] += middle * x
        part[1] += middle * y
        part[2] += middle * z
        part[3 + 3 * side], part[4 + 3 * side], part[5 + 3 * side] = half * x, half * y, half * z
        part[12] *= half
    for k in range(4):
        a = 1.0 if k == 1 or k == 2 else -1.0
        b = 1.0 if k >= 2 else -1.0
        for i in range(3):
            part_corner[k, i] = part[i] + a * part[3 + i] + b * part[6 + i]
    return True


def lens_tables(level: Level, reveal: float) -> tuple[np.ndarray, np.ndarray]:
    """The kernels' tables of a level's lamps: lens (L, 16) and corner (L, 4, 3).

    A lens that lies a little above its cell's ceiling and faces down is recessed by as much, in an opening of its size
    whose sides, and the lens that sees them, send back ``reveal`` of what they get. Half of that leaves, and fills what
    the opening's edge hides of the lens: to first order, as if it lay so much less deep.
    """
    lamps = level.lamps
    u, v = lamps.half_u, lamps.half_v
    sizes = np.linalg.norm(u, axis=1), np.linalg.norm(v, axis=1)
    area, reach = 4.0 * sizes[0] * sizes[1], np.hypot(*sizes)
    above = lamps.center[:, 2] - floor_at(level.ceiling_m, lamps.center[:, :2])
    recessed = (above > 0.0) & (above < DEEPEST_M) & (lamps.normal[:, 2] < -0.999)
    recess = np.where(recessed, above * max(1.0 - 0.5 * reveal, 0.0), lamps.recess)
    lens = np.column_stack([lamps.center, u, v, lamps.normal, area, reach, recess, lamps.weight]).astype(np.float64)
    corner = np.stack([lamps.center + a * u + b * v for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))], axis=1)
    return np.ascontiguousarray(lens), np.ascontiguousarray(corner)
