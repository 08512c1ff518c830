"""Antialiased edges: what the samples of an edge pixel see is worked out from the triangles around it.

Both renderers find one facet for each pixel's centre. Where the surface changes between neighbours, four samples of
each pixel are looked for on the surfaces that the 3 × 3 pixels about it see, walking from triangle to triangle of a
surface; the nearest surface that holds the sample wins, and the sample takes the colour of the nearest pixel that sees
it. Exact, but for surfaces so small that no centre near by sees them; a tenth of the cost of shading every sample.
Source: Chajdas, McGuire and Luebke, "Subpixel reconstruction antialiasing", I3D 2011, with exact visibility.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .raster import project

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
def edge_samples(faces, surface, across, corners, eye, rays):
    """The edge pixels' rows and columns (N,), and what their samples see (N, 4): one of the facets that the 3 × 3
    pixels about see, which stands for its surface, or -1.

    faces (H, W) facet of each pixel's centre, -1 for none; surface (F,), across (F, 3) as in ``Facets``;
    corners (F, 3, 3) metres; eye (3,), rays (3, 3): corner, across, down.
    Pass after pass, each one nest of loops: a helper called from within one would count references to its arrays, which
    took two thirds of the time.
    """
    ys, xs = np.nonzero(_edges(faces, surface))
    return ys, xs, _seen_facets(_facets_about(faces, ys, xs), ys, xs, across, corners, eye, rays)


@njit(cache=True, nogil=True)
def antialias(picture, faces, ys, xs, seen):
    """Replace the edge pixels of picture (H, W, 3) by the mean of their samples, as ``edge_samples`` found them."""
    mended = _mended(picture, faces, ys, xs, seen)
    for k in range(len(ys)):
        for d in range(3):
            picture[ys[k], xs[k], d] = mended[k, d]


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
def _facets_about(faces, ys, xs):
    """The facets (N, 9) that the 3 × 3 pixels about each of some see, its own first, each once, then -1."""
    h, w = faces.shape
    near = np.full((len(ys), 9), -1, np.int32)
    for k in range(len(ys)):
        y, x, n = ys[k], xs[k], 0
        if faces[y, x] >= 0:
            near[k, 0], n = faces[y, x], 1
        for v in range(max(y - 1, 0), min(y + 2, h)):
            for u in range(max(x - 1, 0), min(x + 2, w)):
                f = faces[v, u]
                new = f >= 0
                for i in range(n):
                    new &= near[k, i] != f
                if new:
                    near[k, n] = f
                    n += 1
    return near


@njit(cache=True, nogil=True)
def _seen_facets(near, ys, xs, across, corners, eye, rays):
    """For each pixel and sample the nearest (N, 4) of the pixel's facets (N, 9) whose surface holds it, else -1."""
    rows, known = np.empty((len(corners), 12), np.float32), np.zeros(len(corners), np.bool_)
    seen = np.full((len(ys), len(PATTERN)), -1, np.int32)
    nearest = np.empty(len(PATTERN), np.float32)
    for k in range(len(ys)):
        x, y = np.float32(xs[k]), np.float32(ys[k])
        nearest[:] = np.float32(0)
        for first in near[k]:
            if first < 0:
                break
            for s in range(len(PATTERN)):
                u, v, f = x + PATTERN[s, 0], y + PATTERN[s, 1], first
                for _ in range(WALK):
                    if not known[f]:
                        known[f] = True
                        project(rows[f], corners, f, eye, rays)
                    a = rows[f, 0] + rows[f, 1] * u + rows[f, 2] * v
                    b = rows[f, 3] + rows[f, 4] * u + rows[f, 5] * v
                    c = rows[f, 6] + rows[f, 7] * u + rows[f, 8] * v
                    worst = min(a, b, c)
                    if worst >= 0:
                        closeness = rows[f, 9] + rows[f, 10] * u + rows[f, 11] * v
                        if closeness > nearest[s] * CLOSER:
                            nearest[s], seen[k, s] = closeness, first
                        break
                    f = across[f, 1 if a == worst else 2 if b == worst else 0]
                    if f < 0:
                        break
    return seen


@njit(cache=True, nogil=True)
def _mended(picture, faces, ys, xs, seen):
    """The mean (N, 3) of each pixel's samples: each takes the colour of the pixel about, itself if it can be, whose
    centre sees the sample's facet and is the nearest to the sample."""
    h, w = faces.shape
    mended = np.zeros((len(ys), 3), np.float32)
    for k in range(len(ys)):
        y, x = ys[k], xs[k]
        for s in range(len(PATTERN)):
            f, best, row, column = seen[k, s], np.float32(np.inf), y, x
            if f >= 0 and faces[y, x] != f:
                u, v = PATTERN[s, 0] - np.float32(0.5), PATTERN[s, 1] - np.float32(0.5)
                for j in range(max(y - 1, 0), min(y + 2, h)):
                    for i in range(max(x - 1, 0), min(x + 2, w)):
                        if faces[j, i] != f:
                            continue
                        apart = (np.float32(i - x) - u) ** 2 + (np.float32(j - y) - v) ** 2
                        if apart < best:
                            best, row, column = apart, j, i
            for d in range(3):
                mended[k, d] += picture[row, column, d] * np.float32(0.25)
    return mended
