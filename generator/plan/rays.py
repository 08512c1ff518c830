"""Compiled kernels of sight and walking: rays through a grid's edges, and polygons grown on a raster."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER
from .floorplan import CELL_M


@njit(**INNER)
def _meet(px, py, dx, dy, e):
    """Distance along a ray to an edge, or infinity."""
    ex, ey = e[2] - e[0], e[3] - e[1]
    cross = dx * ey - dy * ex
    if abs(cross) < 1e-15:
        return np.inf
    t = ((e[0] - px) * ey - (e[1] - py) * ex) / cross
    s = ((e[0] - px) * dy - (e[1] - py) * dx) / cross
    return t if t >= 0.0 and -1e-12 <= s <= 1.0 + 1e-12 else np.inf


@njit(**ENTRY)
def cast_rays(edges, grid, points, angles):
    """Free distance (P, A) along each angle from each point: a walk through the cells.

    Source: Amanatides and Woo, "A fast voxel traversal algorithm for ray tracing", Eurographics 1987.
    """
    out, (ny, nx) = np.empty((len(points), len(angles))), grid.shape
    for a in range(len(angles)):
        dx, dy = math.cos(angles[a]), math.sin(angles[a])
        step_x, step_y = 1 if dx > 0 else -1, 1 if dy > 0 else -1
        gap_x = CELL_M / abs(dx) if abs(dx) > 1e-12 else np.inf
        gap_y = CELL_M / abs(dy) if abs(dy) > 1e-12 else np.inf
        for p in range(len(points)):
            px, py = points[p, 0], points[p, 1]
            x, y = int(px // CELL_M), int(py // CELL_M)
            next_x = ((x + (step_x > 0)) * CELL_M - px) / dx if gap_x < np.inf else np.inf
            next_y = ((y + (step_y > 0)) * CELL_M - py) / dy if gap_y < np.inf else np.inf
            best, end = np.inf, 0.0
            while 0 <= x < nx and 0 <= y < ny:
                b = y * nx + x
                for k in range(grid.start[b], grid.start[b + 1]):
                    best = min(best, _meet(px, py, dx, dy, edges[grid.items[k]]))
                leave = min(next_x, next_y)
                end = min(best, leave)
                if best <= leave:
                    break
                if next_x < next_y:
                    x += step_x
                    next_x += gap_x
                else:
                    y += step_y
                    next_y += gap_y
            out[p, a] = end
    return out


@njit(**ENTRY)
def lower_about(gap, pitch, xy, start):
    """Lower a raster of distances (ny, nx), metres, to those from its pixels' middles to polygons; 0 inside them.

    xy (V, 2), start (S + 1,): the polygons, as ``Floorplan.solid_xy``. What ``gap`` holds before is the farthest that
    is looked.
    """
    ny, nx = gap.shape
    reach = gap.max()
    for n in range(len(start) - 1):
        ring = xy[start[n] : start[n + 1]]
        x0, y0 = int((ring[:, 0].min() - reach) / pitch - 0.5), int((ring[:, 1].min() - reach) / pitch - 0.5)
        x1, y1 = int((ring[:, 0].max() + reach) / pitch + 0.5), int((ring[:, 1].max() + reach) / pitch + 0.5)
        for j in range(max(y0, 0), min(y1, ny - 1) + 1):
            for i in range(max(x0, 0), min(x1, nx - 1) + 1):
                x, y = (i + 0.5) * pitch, (j + 0.5) * pitch
                least, odd = gap[j, i] ** 2, False
                k = len(ring) - 1
                for m in range(len(ring)):
                    ax, ay = ring[k, 0], ring[k, 1]
                    ex, ey = ring[m, 0] - ax, ring[m, 1] - ay
                    t = min(max(((x - ax) * ex + (y - ay) * ey) / max(ex * ex + ey * ey, 1e-12), 0.0), 1.0)
                    least = min(least, (x - ax - t * ex) ** 2 + (y - ay - t * ey) ** 2)
                    if (ay > y) != (ring[m, 1] > y) and x < ax + (y - ay) / ey * ex:
                        odd = not odd
                    k = m
                gap[j, i] = 0.0 if odd else least**0.5


@njit(**ENTRY)
def sees(edges, grid, points):
    """Which of the points (P, 2) see one another: (P, P) bool, symmetric, false on the diagonal."""
    n = len(points)
    out = np.zeros((n, n), np.bool_)
    angle, one = np.empty(1), np.empty((1, 2))
    for a in range(n):
        one[0] = points[a]
        for b in range(a + 1, n):
            dx, dy = points[b, 0] - points[a, 0], points[b, 1] - points[a, 1]
            angle[0] = math.atan2(dy, dx)
            free = cast_rays(edges, grid, one, angle)[0, 0]
            out[a, b] = out[b, a] = free >= math.hypot(dx, dy)
    return out
