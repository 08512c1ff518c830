"""Antialiased edges: what the samples of an edge pixel see is worked out from the triangles around it.

Both renderers find one facet for each pixel's centre. Where the surface changes between neighbours, four samples of
each pixel are tested against the triangles that the 3 × 3 pixels about it see, the nearest of those that hold the
sample wins, and the sample takes the colour of the nearest pixel that sees that triangle. Exact, but for triangles
so small that no centre near by sees them; a tenth of the cost of shading every pixel's samples.
Source: Chajdas, McGuire and Luebke, "Subpixel reconstruction antialiasing", I3D 2011, with exact visibility;
Olano and Greer, "Triangle scan conversion using 2D homogeneous coordinates", HWWS 1997.
"""

from __future__ import annotations

import numpy as np
from numba import njit

PATTERN = np.array([[0.375, 0.875], [0.875, 0.625], [0.125, 0.375], [0.625, 0.125]], np.float32)
"""Samples in a pixel, x right and y down. Source: the standard 4-sample pattern of Direct3D 10.1."""


@njit(cache=True, nogil=True)
def split(buffer):
    """Picture (H, W, 3) and facets (H, W) of a buffer (H, W, 4) whose rows run upwards; its fourth channel is the
    facet's index + 1, 0 for none."""
    h, w, _ = buffer.shape
    picture, faces = np.empty((h, w, 3), np.float32), np.empty((h, w), np.int32)
    for y in range(h):
        for x in range(w):
            for d in range(3):
                picture[y, x, d] = buffer[h - 1 - y, x, d]
            faces[y, x] = int(buffer[h - 1 - y, x, 3]) - 1
    return picture, faces


@njit(cache=True, nogil=True)
def antialias(picture, faces, surface, corners, eye, rays):
    """Replace the edge pixels of picture (H, W, 3) by the mean of their samples.

    faces (H, W) facet of each pixel's centre, -1 for none; surface (F,) as in ``Facets``; corners (F, 3, 3) metres;
    eye (3,), rays (3, 3): corner, across, down.
    """
    h, w = faces.shape
    edge = _edges(faces, surface)
    rows = np.empty((len(surface), 12), np.float32)
    known = np.zeros(len(surface), np.bool_)
    count = 0
    for y in range(h):
        for x in range(w):
            count += edge[y, x]
    mended = np.zeros((count, 3), np.float32)
    near = np.empty(9, np.int64)
    at = np.empty((9, 2), np.int64)
    k = 0
    for y in range(h):
        for x in range(w):
            if not edge[y, x]:
                continue
            n = 0
            for dy in range(-1, 2):
                for dx in range(-1, 2):
                    v, u = y + dy, x + dx
                    if 0 <= v < h and 0 <= u < w:
                        f = faces[v, u]
                        near[n], at[n, 0], at[n, 1] = f, v, u
                        n += 1
                        if f >= 0 and not known[f]:
                            known[f] = True
                            _project(rows, f, corners, eye, rays)
            for s in range(len(PATTERN)):
                v, u = _seen_at(rows, near, at, n, x, y, x + PATTERN[s, 0], y + PATTERN[s, 1])
                for d in range(3):
                    mended[k, d] += picture[v, u, d] * np.float32(0.25)
            k += 1
    k = 0
    for y in range(h):
        for x in range(w):
            if edge[y, x]:
                picture[y, x] = mended[k]
                k += 1


@njit(cache=True, nogil=True)
def _edges(faces, surface):
    """Pixels (H, W) bool that have another surface to the left, right, above or below."""
    h, w = faces.shape
    edge = np.zeros((h, w), np.bool_)
    for y in range(h):
        for x in range(w):
            f = faces[y, x]
            if x + 1 < w and faces[y, x + 1] != f and _differ(surface, f, faces[y, x + 1]):
                edge[y, x] = edge[y, x + 1] = True
            if y + 1 < h and faces[y + 1, x] != f and _differ(surface, f, faces[y + 1, x]):
                edge[y, x] = edge[y + 1, x] = True
    return edge


@njit(cache=True, nogil=True, forceinline=True)
def _differ(surface, f, g):
    return f < 0 or g < 0 or surface[f] != surface[g]


@njit(cache=True, nogil=True)
def _project(rows, f, corners, eye, rays):
    """Edge functions, not negative inside, and one over the distance, as functions 1, x, y of the picture."""
    p = corners[f] - eye
    volume = 0.0
    for k in range(3):
        a, b = p[(k + 1) % 3], p[(k + 2) % 3]
        nx, ny, nz = a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
        for r in range(3):
            rows[f, 3 * k + r] = nx * rays[r, 0] + ny * rays[r, 1] + nz * rays[r, 2]
        if k == 0:
            volume = p[0, 0] * nx + p[0, 1] * ny + p[0, 2] * nz
    side = -1.0 if volume < 0 else 1.0
    for r in range(3):
        total = 0.0
        for k in range(3):
            rows[f, 3 * k + r] *= side
            total += rows[f, 3 * k + r]
        rows[f, 9 + r] = total / max(abs(volume), 1e-12)


@njit(cache=True, nogil=True)
def _seen_at(rows, near, at, n, x, y, u, v):
    """Row and column of the pixel whose colour the sample (u, v) of pixel (x, y) takes."""
    best, nearest, facet = -1, np.float32(0), np.int64(-1)
    for i in range(n):
        f = near[i]
        if f < 0:
            continue
        closeness = rows[f, 9] + rows[f, 10] * u + rows[f, 11] * v
        if closeness < nearest:
            continue
        inside = True
        for k in range(3):
            inside &= rows[f, 3 * k] + rows[f, 3 * k + 1] * u + rows[f, 3 * k + 2] * v >= 0
        if not inside:
            continue
        if f != facet or _apart(at[i, 1], at[i, 0], u, v) < _apart(at[best, 1], at[best, 0], u, v):
            best, nearest, facet = i, closeness, f
    if best < 0:
        return y, x
    return at[best, 0], at[best, 1]


@njit(cache=True, nogil=True, forceinline=True)
def _apart(column, row, u, v):
    """Square of the distance of a pixel's centre from a sample."""
    return (column + 0.5 - u) ** 2 + (row + 0.5 - v) ** 2
