"""Irradiance of flat rectangular lenses, without visibility."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

FAR = 5.0
"""Beyond this many half diagonals a 2 x 2 Gauss rule is within 1e-3 of the exact formula."""
_NODE = 1.0 / math.sqrt(3.0)


@njit(cache=True, nogil=True, inline="always")
def _edge(ax, ay, az, bx, by, bz, nx, ny, nz):
    """One edge's part of the exact formula, seen from the origin."""
    cx, cy, cz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    size = math.sqrt(cx * cx + cy * cy + cz * cz)
    if size < 1e-15:
        return 0.0
    angle = math.atan2(size, ax * bx + ay * by + az * bz)
    return angle * (cx * nx + cy * ny + cz * nz) / size


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def lens_light(px, py, pz, nx, ny, nz, lens, corner):
    """Irradiance / (pi * radiance) at p with normal n from a whole lens.

    lens (14,): centre, half_u, half_v, normal, area, half diagonal; corner (4, 3).
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


def lens_tables(lamps) -> tuple[np.ndarray, np.ndarray]:
    """The kernels' tables of ``Lamps``: lens (L, 14) and corner (L, 4, 3)."""
    u, v = lamps.half_u, lamps.half_v
    sizes = np.linalg.norm(u, axis=1), np.linalg.norm(v, axis=1)
    area, reach = 4.0 * sizes[0] * sizes[1], np.hypot(*sizes)
    lens = np.column_stack([lamps.center, u, v, lamps.normal, area, reach]).astype(np.float64)
    corner = np.stack([lamps.center + a * u + b * v for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))], axis=1)
    return np.ascontiguousarray(lens), np.ascontiguousarray(corner)
