"""Antialiased edges: what the samples of an edge pixel see is worked out from the triangles around it.

Both renderers find one facet for each pixel's centre. Where the surface changes between neighbours, four samples of
each pixel are looked for on the surfaces that the 3 × 3 pixels about it see, walking from triangle to triangle of a
surface; the nearest surface that holds the sample wins, and the sample takes the colour of the nearest pixel that sees
it. Exact, but for surfaces so small that no centre near by sees them; a tenth of the cost of shading every sample.
Source: Chajdas, McGuire and Luebke, "Subpixel reconstruction antialiasing", I3D 2011, with exact visibility;
Olano and Greer, "Triangle scan conversion using 2D homogeneous coordinates", HWWS 1997.
"""

from __future__ import annotations

import numpy as np
from numba import njit

PATTERN = np.array([[0.375, 0.875], [0.875, 0.625], [0.125, 0.375], [0.625, 0.125]], np.float32)
"""Samples in a pixel, x right and y down. Source: the standard 4-sample pattern of Direct3D 10.1."""
WALK = 8
"""Triangles of one surface that are tried on the way to a sample."""
CLOSER = np.float32(1 + 1e-5)
"""By how much a surface must be closer than the one found before: more than rounding."""


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
def antialias(picture, faces, surface, across, corners, eye, rays):
    """Replace the edge pixels of picture (H, W, 3) by the mean of their samples.

    faces (H, W) facet of each pixel's centre, -1 for none; surface (F,), across (F, 3) as in
    ``Facets``; corners (F, 3, 3) metres;
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
    k = 0
    for y in range(h):
        for x in range(w):
            if not edge[y, x]:
                continue
            n = _facets_about(near, faces, y, x)
            for s in range(len(PATTERN)):
                u, v = x + PATTERN[s, 0], y + PATTERN[s, 1]
                seen = _seen_at(rows, known, near, n, u, v, across, corners, eye, rays)
                row, column = _pixel_with(faces, seen, y, x, u, v)
                for d in range(3):
                    mended[k, d] += picture[row, column, d] * np.float32(0.25)
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


@njit(cache=True, nogil=True, forceinline=True)
def _facets_about(near, faces, y, x):
    """Write the facets that the 3 × 3 pixels about a pixel see, its own first, each once; returns how many."""
    h, w = faces.shape
    n = 0
    if faces[y, x] >= 0:
        near[0], n = faces[y, x], 1
    for v in range(max(y - 1, 0), min(y + 2, h)):
        for u in range(max(x - 1, 0), min(x + 2, w)):
            f = faces[v, u]
            new = f >= 0
            for i in range(n):
                new &= near[i] != f
            if new:
                near[n] = f
                n += 1
    return n


@njit(cache=True, nogil=True, forceinline=True)
def _seen_at(rows, known, near, n, u, v, across, corners, eye, rays):
    """The nearest of the facets whose surface holds a sample, -1 where none does."""
    nearest, seen = np.float32(0), -1
    for i in range(n):
        f = near[i]
        for _ in range(WALK):
            if not known[f]:
                known[f] = True
                _project(rows, f, corners, eye, rays)
            worst, side = np.float32(0), -1
            for k in range(3):
                value = rows[f, 3 * k] + rows[f, 3 * k + 1] * u + rows[f, 3 * k + 2] * v
                if value < worst:
                    worst, side = value, k
            if side < 0:
                closeness = rows[f, 9] + rows[f, 10] * u + rows[f, 11] * v
                if closeness > nearest * CLOSER:
                    nearest, seen = closeness, near[i]
                break
            f = across[f, (side + 1) % 3]
            if f < 0:
                break
    return seen


@njit(cache=True, nogil=True, forceinline=True)
def _pixel_with(faces, f, y, x, u, v):
    """The pixel about (y, x), itself if it can be, whose centre sees facet f and is the nearest to a sample."""
    best, row, column = np.float32(np.inf), y, x
    if f < 0 or faces[y, x] == f:
        return row, column
    h, w = faces.shape
    for j in range(max(y - 1, 0), min(y + 2, h)):
        for i in range(max(x - 1, 0), min(x + 2, w)):
            apart = (i + 0.5 - u) ** 2 + (j + 0.5 - v) ** 2
            if faces[j, i] == f and apart < best:
                best, row, column = apart, j, i
    return row, column
