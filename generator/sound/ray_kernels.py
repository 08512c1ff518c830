"""Compiled kernels of acoustics: rays that carry sound about a hall, and which of its image sources are heard."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER
from ..plan.floorplan import CELL_M
from ..plan.random_kernels import mix, unit

FLOOR, WALL, CEILING = 0, 1, 2
OCTAVES = 6
GOLDEN_ANGLE = math.pi * (3.0 - math.sqrt(5.0))
FAINT = 1e-7
"""A ray ends when it carries less than this share of what it set out with: 70 dB down."""
SKIN_M = 1e-7
MIRRORED = 2
"""Orders of reflection that image sources stand for; rays carry the rest."""


@njit(**INNER)
def _crossing(px, py, dx, dy, e):
    """Path length to where a way in plan crosses an edge, or infinity; and whether it comes from the edge's right."""
    ex, ey = e[2] - e[0], e[3] - e[1]
    cross = dx * ey - dy * ex
    if abs(cross) < 1e-15:
        return np.inf, False
    t = ((e[0] - px) * ey - (e[1] - py) * ex) / cross
    s = ((e[0] - px) * dy - (e[1] - py) * dx) / cross
    if t < 0.0 or s < -1e-9 or s > 1.0 + 1e-9:
        return np.inf, False
    return t, cross < 0.0


@njit(**INNER)
def _next_face(hall, p, d):
    """Where a ray from p along d is reflected next: path length, what it meets (FLOOR to CEILING, -1: it leaves the
    plan), and the normal.

    Source: Amanatides and Woo, "A fast voxel traversal algorithm for ray tracing", Eurographics 1987.
    """
    ny, nx = hall.floor.shape
    x, y = int(p[0] // CELL_M), int(p[1] // CELL_M)
    step_x, step_y = 1 if d[0] > 0 else -1, 1 if d[1] > 0 else -1
    gap_x = CELL_M / abs(d[0]) if abs(d[0]) > 1e-12 else np.inf
    gap_y = CELL_M / abs(d[1]) if abs(d[1]) > 1e-12 else np.inf
    next_x = ((x + (step_x > 0)) * CELL_M - p[0]) / d[0] if gap_x < np.inf else np.inf
    next_y = ((y + (step_y > 0)) * CELL_M - p[1]) / d[1] if gap_y < np.inf else np.inf
    enter, side = 0.0, -1
    best, hit = np.inf, -1
    while 0 <= x < nx and 0 <= y < ny:
        low, high = hall.floor[y, x], hall.ceiling[y, x]
        z = p[2] + enter * d[2]
        if side >= 0 and (z < low or z > high):
            return enter, WALL, -step_x if side == 0 else 0.0, -step_y if side == 1 else 0.0, 0.0
        b = y * nx + x
        for k in range(hall.grid.start[b], hall.grid.start[b + 1]):
            edge = hall.grid.items[k]
            t, outside = _crossing(p[0], p[1], d[0], d[1], hall.edge[edge])
            if outside and t < best:
                z = p[2] + t * d[2]
                if hall.edge_z[edge, 0] <= z <= hall.edge_z[edge, 1]:
                    best, hit = t, edge
        leave = min(next_x, next_y)
        level = np.inf
        if d[2] < 0.0:
            level = max((low - p[2]) / d[2], 0.0)
        elif d[2] > 0.0:
            level = max((high - p[2]) / d[2], 0.0)
        if level <= min(best, leave):
            return level, FLOOR if d[2] < 0.0 else CEILING, 0.0, 0.0, 1.0 if d[2] < 0.0 else -1.0
        if best <= leave:
            e = hall.edge[hit]
            size = math.hypot(e[2] - e[0], e[3] - e[1])
            return best, WALL, (e[3] - e[1]) / size, -(e[2] - e[0]) / size, 0.0
        enter = leave
        if next_x < next_y:
            x += step_x
            next_x += gap_x
            side = 0
        else:
            y += step_y
            next_y += gap_y
            side = 1
    return enter, -1, 0.0, 0.0, 0.0


@njit(**INNER)
def _reflect(d, nx, ny, nz, scattering, key):
    """Turn a ray at a face: as off a mirror, or by Lambert's cosine; says whether it was scattered."""
    if unit(mix(key)) >= scattering:
        dot = 2.0 * (d[0] * nx + d[1] * ny + d[2] * nz)
        d[0] -= dot * nx
        d[1] -= dot * ny
        d[2] -= dot * nz
        return False
    turn, height = 2.0 * math.pi * unit(mix(key + np.uint64(1))), 2.0 * unit(mix(key + np.uint64(2))) - 1.0
    flat = math.sqrt(max(1.0 - height * height, 0.0))
    d[0], d[1], d[2] = nx + flat * math.cos(turn), ny + flat * math.sin(turn), nz + height
    size = math.sqrt(d[0] ** 2 + d[1] ** 2 + d[2] ** 2)
    if size < 1e-6:
        d[0], d[1], d[2] = nx, ny, nz
        return True
    d[0] /= size
    d[1] /= size
    d[2] /= size
    return True


@njit(**INNER)
def _within(p, d, length, ear, radius):
    """The part of a ray's way that lies within a radius of the ear in plan: path lengths from, to."""
    ox, oy = p[0] - ear[0], p[1] - ear[1]
    a, b, c = d[0] ** 2 + d[1] ** 2, ox * d[0] + oy * d[1], ox * ox + oy * oy - radius * radius
    if a < 1e-12:
        return (0.0, length) if c < 0.0 else (0.0, 0.0)
    root = b * b - a * c
    if root <= 0.0:
        return 0.0, 0.0
    root = math.sqrt(root)
    return max((-b - root) / a, 0.0), min((-b + root) / a, length)


@njit(**ENTRY)
def echogram(hall, source, ear, free, radius, reach, rays, step, bins, key):
    """Path times energy (bins, 6) that rays of all directions bring near an ear, by path length and octave.

    Near is what lies within ``radius`` of the ear in plan and in its sight; ``free`` (A,) are free distances about it
    from +x counter-clockwise. Rays end ``reach`` metres off in plan: openings absorb all. What image sources stand for
    is left out. step: metres of a bin. The rays carry 1 together.
    """
    out = np.zeros((bins, OCTAVES))
    p, d, energy = np.empty(3), np.empty(3), np.empty(OCTAVES)
    for ray in range(rays):
        d[2] = 1.0 - (2.0 * ray + 1.0) / rays
        flat, turn = math.sqrt(1.0 - d[2] * d[2]), GOLDEN_ANGLE * ray
        d[0], d[1] = flat * math.cos(turn), flat * math.sin(turn)
        p[:] = source
        energy[:] = 1.0 / rays
        path, order, mirrored = 0.0, 0, True
        while path < bins * step:
            length, face, nx, ny, nz = _next_face(hall, p, d)
            if not (mirrored and order <= MIRRORED):
                first, last = _within(p, d, length, ear, radius)
                if last > first:
                    middle = 0.5 * (first + last)
                    x, y = p[0] + middle * d[0] - ear[0], p[1] + middle * d[1] - ear[1]
                    way = int((math.atan2(y, x) / (2.0 * math.pi) + 1.0) * len(free)) % len(free)
                    b = int((path + middle) / step)
                    if b < bins and math.hypot(x, y) < free[way]:
                        for k in range(OCTAVES):
                            out[b, k] += energy[k] * (last - first)
            if face < 0:
                break
            for k in range(3):
                p[k] += length * d[k]
            if math.hypot(p[0] - ear[0], p[1] - ear[1]) > reach:
                break
            most = 0.0
            for k in range(OCTAVES):
                energy[k] *= hall.keep[face, k]
                most = max(most, energy[k])
            if most * rays < FAINT:
                break
            p[0] += SKIN_M * nx
            p[1] += SKIN_M * ny
            p[2] += SKIN_M * nz
            fresh = mix(key + np.uint64(ray)) + np.uint64(4) * np.uint64(order)
            mirrored = not _reflect(d, nx, ny, nz, hall.scatter[face], fresh) and mirrored
            path += length
            order += 1
    return out


@njit(**ENTRY)
def arrives(hall, ear, images, orders, source):
    """Which image sources (K, 3) of so many reflections (K,) are heard (K,): a ray from the ear towards one meets faces
    that lead it to the source, and no other."""
    out, p, d = np.zeros(len(images), np.bool_), np.empty(3), np.empty(3)
    for k in range(len(images)):
        left = 0.0
        for c in range(3):
            p[c], d[c] = ear[c], images[k, c] - ear[c]
            left += d[c] ** 2
        left = math.sqrt(left)
        for c in range(3):
            d[c] /= left
        for bounce in range(orders[k] + 1):
            length, face, nx, ny, nz = _next_face(hall, p, d)
            if length >= left - 1e-4:
                off = abs(p[0] + left * d[0] - source[0]) + abs(p[1] + left * d[1] - source[1])
                out[k] = bounce == orders[k] and off + abs(p[2] + left * d[2] - source[2]) < 1e-3
                break
            if face < 0:
                break
            p[0] += length * d[0] + SKIN_M * nx
            p[1] += length * d[1] + SKIN_M * ny
            p[2] += length * d[2] + SKIN_M * nz
            _reflect(d, nx, ny, nz, 0.0, np.uint64(0))
            left -= length
    return out
