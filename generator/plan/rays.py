"""Compiled kernels of sight and walking: rays through binned edges, and rectangles and polygons grown on a raster."""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True)
def _span(edge, low, shape, size):
    """The bins that an edge's bounding box touches: (x0, y0, x1, y1), closed, clipped to the shape."""
    x0 = int((min(edge[0], edge[2]) - low[0] - 1e-9) // size)
    x1 = int((max(edge[0], edge[2]) - low[0] + 1e-9) // size)
    y0 = int((min(edge[1], edge[3]) - low[1] - 1e-9) // size)
    y1 = int((max(edge[1], edge[3]) - low[1] + 1e-9) // size)
    return max(x0, 0), max(y0, 0), min(x1, shape[1] - 1), min(y1, shape[0] - 1)


@njit(cache=True)
def sort_edges(edges, low, shape, size):
    """Edges sorted into bins: (start, index) as in ``Outlines``."""
    start = np.zeros(shape[0] * shape[1] + 1, np.int64)
    for n in range(len(edges)):
        x0, y0, x1, y1 = _span(edges[n], low, shape, size)
        for y in range(y0, y1 + 1):
            for x in range(x0, x1 + 1):
                start[y * shape[1] + x + 1] += 1
    start = np.cumsum(start)
    at = start[:-1].copy()
    index = np.empty(start[-1], np.int64)
    for n in range(len(edges)):
        x0, y0, x1, y1 = _span(edges[n], low, shape, size)
        for y in range(y0, y1 + 1):
            for x in range(x0, x1 + 1):
                index[at[y * shape[1] + x]] = n
                at[y * shape[1] + x] += 1
    return start, index


@njit(cache=True)
def _meet(px, py, dx, dy, e):
    """Distance along a ray to an edge, or infinity."""
    ex, ey = e[2] - e[0], e[3] - e[1]
    cross = dx * ey - dy * ex
    if abs(cross) < 1e-15:
        return np.inf
    t = ((e[0] - px) * ey - (e[1] - py) * ex) / cross
    s = ((e[0] - px) * dy - (e[1] - py) * dx) / cross
    return t if t >= 0.0 and -1e-12 <= s <= 1.0 + 1e-12 else np.inf


@njit(cache=True)
def cast_rays(edges, low, shape, start, index, size, points, angles):
    """Free distance (P, A) along each angle from each point: a walk through the bins.

    Source: Amanatides and Woo, "A fast voxel traversal algorithm for ray tracing", Eurographics 1987.
    """
    out = np.empty((len(points), len(angles)))
    for a in range(len(angles)):
        dx, dy = math.cos(angles[a]), math.sin(angles[a])
        step_x, step_y = 1 if dx > 0 else -1, 1 if dy > 0 else -1
        gap_x = size / abs(dx) if abs(dx) > 1e-12 else np.inf
        gap_y = size / abs(dy) if abs(dy) > 1e-12 else np.inf
        for p in range(len(points)):
            px, py = points[p, 0], points[p, 1]
            x, y = int((px - low[0]) // size), int((py - low[1]) // size)
            next_x = (low[0] + (x + (step_x > 0)) * size - px) / dx if gap_x < np.inf else np.inf
            next_y = (low[1] + (y + (step_y > 0)) * size - py) / dy if gap_y < np.inf else np.inf
            best, end = np.inf, 0.0
            while 0 <= x < shape[1] and 0 <= y < shape[0]:
                b = y * shape[1] + x
                for k in range(start[b], start[b + 1]):
                    best = min(best, _meet(px, py, dx, dy, edges[index[k]]))
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


@njit(cache=True)
def far_from_edge(x, y, e, reach):
    """Is (x, y) farther than ``reach`` from edge e?"""
    ex, ey = e[2] - e[0], e[3] - e[1]
    length = ex * ex + ey * ey
    t = 0.0 if length == 0.0 else min(max(((x - e[0]) * ex + (y - e[1]) * ey) / length, 0.0), 1.0)
    u, v = x - e[0] - t * ex, y - e[1] - t * ey
    return u * u + v * v >= reach * reach


@njit(cache=True)
def inside(x, y, ring):
    """Is (x, y) inside a polygon (V, 2)? Even-odd rule."""
    odd = False
    j = len(ring) - 1
    for i in range(len(ring)):
        if (ring[i, 1] > y) != (ring[j, 1] > y):
            at = ring[i, 0] + (y - ring[i, 1]) / (ring[j, 1] - ring[i, 1]) * (ring[j, 0] - ring[i, 0])
            if x < at:
                odd = not odd
        j = i
    return odd


@njit(cache=True)
def pixels_about(ring, reach, pitch, nx, ny):
    """First and last column and row, x0, y0, x1, y1, of a raster (ny, nx) within ``reach`` metres of a ring's box."""
    x0 = max(int((ring[:, 0].min() - reach) / pitch - 0.5), 0)
    y0 = max(int((ring[:, 1].min() - reach) / pitch - 0.5), 0)
    x1 = min(int((ring[:, 0].max() + reach) / pitch + 0.5), nx - 1)
    y1 = min(int((ring[:, 1].max() + reach) / pitch + 0.5), ny - 1)
    return x0, y0, x1, y1


@njit(cache=True)
def block_out(free, pitch, xy, start, reach):
    """Clear ``free`` (ny, nx) where a pixel's centre lies in a polygon or nearer than ``reach`` metres to it."""
    ny, nx = free.shape
    e = np.empty(4)
    for n in range(len(start) - 1):
        ring = xy[start[n] : start[n + 1]]
        x0, y0, x1, y1 = pixels_about(ring, reach, pitch, nx, ny)
        for j in range(y0, y1 + 1):
            y = (j + 0.5) * pitch
            for i in range(x0, x1 + 1):
                x = (i + 0.5) * pitch
                if not free[j, i]:
                    continue
                if inside(x, y, ring):
                    free[j, i] = False
                    continue
                for k in range(len(ring)):
                    m = (k + 1) % len(ring)
                    e[0], e[1], e[2], e[3] = ring[k, 0], ring[k, 1], ring[m, 0], ring[m, 1]
                    if not far_from_edge(x, y, e, reach):
                        free[j, i] = False
                        break


@njit(cache=True)
def sees(edges, low, shape, start, index, size, points):
    """Which of the points (P, 2) see one another: (P, P) bool, symmetric, false on the diagonal."""
    n = len(points)
    out = np.zeros((n, n), np.bool_)
    angle, one = np.empty(1), np.empty((1, 2))
    for a in range(n):
        one[0] = points[a]
        for b in range(a + 1, n):
            dx, dy = points[b, 0] - points[a, 0], points[b, 1] - points[a, 1]
            angle[0] = math.atan2(dy, dx)
            free = cast_rays(edges, low, shape, start, index, size, one, angle)[0, 0]
            out[a, b] = out[b, a] = free >= math.hypot(dx, dy)
    return out
