"""Fewer rays for the same picture: one ray in sixteen, then the rest only where something begins or ends.

Rays are traced on a grid of every ``CELL``-th pixel. A cell between four of them is traced in full when its corners
see different surfaces, or when the outline of a surface crosses it that is not hidden behind what the corners see
(so nothing thin is lost). In all other cells one plane covers every pixel, and which of the corners' facets a pixel
lies on is a matter of chart coordinates.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

CELL = 4
NEAR_M = 0.01
HIDDEN = 0.998
"""An outline is hidden where it is farther than the cell's plane by more than this share of its distance."""
INSIDE = 1e-4
"""Tolerance of chart coordinates, as a share of the chart."""


def neighbours(corners: NDArray[np.float64], surface: NDArray[np.int32]) -> NDArray[np.int32]:
    """(F, 3) the triangle of the same surface across the side from corner k to the next, or -1.

    corners (F, 3, 3) metres; surface (F,).
    """
    across = np.full((len(corners), 3), -1, np.int32)
    if not len(corners):
        return across
    points = np.rint(corners.reshape(-1, 3) * 1e4).astype(np.int64)
    low = points.min(axis=0)
    span = points.max(axis=0) - low + 1
    packed = ((points - low) * [1, span[0], span[0] * span[1]]).sum(axis=1)
    name = np.unique(packed, return_inverse=True)[1].reshape(-1, 3).astype(np.int64)
    start, end = name.reshape(-1), name[:, [1, 2, 0]].reshape(-1)
    side = np.minimum(start, end) * (name.max() + 1) + np.maximum(start, end)
    order = np.lexsort((side, np.repeat(surface, 3)))
    a, b = order[:-1], order[1:]
    pair = np.flatnonzero((side[a] == side[b]) & (surface[a // 3] == surface[b // 3]))
    across.reshape(-1)[a[pair]], across.reshape(-1)[b[pair]] = b[pair] // 3, a[pair] // 3
    return across


def outlines(corners: NDArray[np.float64], across: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sides of triangles that no other triangle of their surface shares.

    Returns segments (S, 2, 3) and the facet (S,) that each belongs to.
    """
    facet, side = np.nonzero(across < 0)
    return np.stack([corners[facet, side], corners[facet, (side + 1) % 3]], axis=1), facet


def grid_lines(count: int) -> NDArray[np.int64]:
    """Every ``CELL``-th of ``count`` columns or rows, and the last."""
    return np.unique(np.append(np.arange(0, count, CELL), count - 1))


@njit(cache=True, nogil=True)
def chosen_rays(rays, ys, xs):
    """Directions (len(xs), 3) float32 through the centres of pixels at rows ys and columns xs."""
    out = np.empty((len(xs), 3), np.float32)
    for i in range(len(xs)):
        for d in range(3):
            out[i, d] = rays[0, d] + (xs[i] + 0.5) * rays[1, d] + (ys[i] + 0.5) * rays[2, d]
    return out


@njit(cache=True, nogil=True)
def busy_cells(seen, columns, rows, surface, frame):
    """Cells (R - 1, C - 1) whose corners seen (R, C) lie on several surfaces, and one over the farthest distance of
    the corners of each."""
    busy = np.zeros((len(rows) - 1, len(columns) - 1), np.bool_)
    farthest = np.zeros(busy.shape, np.float32)
    for r in range(busy.shape[0]):
        for c in range(busy.shape[1]):
            least = np.float32(np.inf)
            first = seen[r, c]
            for k in range(4):
                i, j = r + k // 2, c + k % 2
                f = seen[i, j]
                if f < 0:
                    busy[r, c], least = True, np.float32(0)
                    continue
                busy[r, c] |= first < 0 or surface[f] != surface[first]
                least = min(least, frame[f, 0] + frame[f, 1] * (columns[j] + 0.5) + frame[f, 2] * (rows[i] + 0.5))
            farthest[r, c] = least
    return busy, farthest


@njit(cache=True, nogil=True)
def mark_outlines(busy, farthest, segments, owner, normal, eye, clip, width, height):
    """Mark the cells that an outline crosses which is turned to the eye and not hidden.

    clip (3, 3): rows that give a point from the eye its x, y in pixels, both times its distance, and that distance.
    """
    for s in range(len(segments)):
        f = owner[s]
        facing = 0.0
        for d in range(3):
            facing += normal[f, d] * (eye[d] - segments[s, 0, d])
        if facing <= 0:
            continue
        x0, y0, z0 = 0.0, 0.0, 0.0
        x1, y1, z1 = 0.0, 0.0, 0.0
        for d in range(3):
            p, q = segments[s, 0, d] - eye[d], segments[s, 1, d] - eye[d]
            x0, y0, z0 = x0 + clip[0, d] * p, y0 + clip[1, d] * p, z0 + clip[2, d] * p
            x1, y1, z1 = x1 + clip[0, d] * q, y1 + clip[1, d] * q, z1 + clip[2, d] * q
        t0, t1 = _visible_part(x0, y0, z0, x1, y1, z1, width, height)
        if t0 >= t1:
            continue
        ax, ay, az = x0 + t0 * (x1 - x0), y0 + t0 * (y1 - y0), z0 + t0 * (z1 - z0)
        bx, by, bz = x0 + t1 * (x1 - x0), y0 + t1 * (y1 - y0), z0 + t1 * (z1 - z0)
        _walk(busy, farthest, ax / az, ay / az, 1 / az, bx / bz, by / bz, 1 / bz)


@njit(cache=True, nogil=True)
def facets_in_view(corners, normal, eye, clip, width, height):
    """Facets (N,) that face the eye and are not wholly outside one side of the picture, and the depth (N,) of the
    nearest corner of each; clip as in ``mark_outlines``."""
    chosen = np.empty(len(corners), np.int64)
    depth = np.empty(len(corners), np.float32)
    n = 0
    for f in range(len(corners)):
        facing = 0.0
        for d in range(3):
            facing += normal[f, d] * (eye[d] - corners[f, 0, d])
        if facing <= 0:
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


@njit(cache=True, nogil=True, forceinline=True)
def _visible_part(x0, y0, z0, x1, y1, z1, width, height):
    """Ends t0, t1 of what a segment, in clip coordinates, has inside the picture; t0 >= t1 where nothing.

    Source: Liang and Barsky, ACM TOG 3(1), 1984.
    """
    t0, t1 = 0.0, 1.0
    for k in range(5):
        if k == 0:
            a, b = z0 - NEAR_M, z1 - NEAR_M
        elif k == 1:
            a, b = x0, x1
        elif k == 2:
            a, b = width * z0 - x0, width * z1 - x1
        elif k == 3:
            a, b = y0, y1
        else:
            a, b = height * z0 - y0, height * z1 - y1
        if a < 0 and b < 0:
            return 1.0, 0.0
        if a < 0:
            t0 = max(t0, a / (a - b))
        elif b < 0:
            t1 = min(t1, a / (a - b))
    return t0, t1


@njit(cache=True, nogil=True)
def _walk(busy, farthest, x0, y0, w0, x1, y1, w1):
    """Mark cells along a segment of the picture; w is one over the distance."""
    steps = int(max(abs(x1 - x0), abs(y1 - y0)) * (2.0 / CELL)) + 1
    h, w = busy.shape
    for k in range(steps + 1):
        t = k / steps
        column = min(max(int((x0 + t * (x1 - x0) - 0.5) / CELL), 0), w - 1)
        row = min(max(int((y0 + t * (y1 - y0) - 0.5) / CELL), 0), h - 1)
        if not busy[row, column] and w0 + t * (w1 - w0) >= HIDDEN * farthest[row, column]:
            busy[row, column] = True


@njit(cache=True, nogil=True)
def fill_cells(faces, seen, columns, rows, busy, frame):
    """Write the grid and the quiet cells into faces (H, W), -2 where a ray is still needed; returns their places
    (N,), (N,): rows and columns."""
    faces[:] = -2
    for r in range(busy.shape[0]):
        for c in range(busy.shape[1]):
            if busy[r, c]:
                continue
            f0 = seen[r, c]
            f1, f2, f3 = seen[r, c + 1], seen[r + 1, c], seen[r + 1, c + 1]
            alike = f0 == f1 and f0 == f2 and f0 == f3
            for y in range(rows[r], rows[r + 1] + 1):
                for x in range(columns[c], columns[c + 1] + 1):
                    if alike or _holds(frame, f0, x + 0.5, y + 0.5):
                        faces[y, x] = f0
                    elif _holds(frame, f1, x + 0.5, y + 0.5):
                        faces[y, x] = f1
                    elif _holds(frame, f2, x + 0.5, y + 0.5):
                        faces[y, x] = f2
                    elif _holds(frame, f3, x + 0.5, y + 0.5):
                        faces[y, x] = f3
    for r in range(len(rows)):
        for c in range(len(columns)):
            faces[rows[r], columns[c]] = seen[r, c]
    return np.nonzero(faces == -2)


@njit(cache=True, nogil=True, forceinline=True)
def _holds(frame, f, x, y):
    """Does the facet's chart hold the picture's point?"""
    reach = 1 / (frame[f, 0] + frame[f, 1] * x + frame[f, 2] * y)
    a = frame[f, 11] + (frame[f, 12] + frame[f, 13] * x + frame[f, 14] * y) * reach
    b = frame[f, 15] + (frame[f, 16] + frame[f, 17] * x + frame[f, 18] * y) * reach
    return -INSIDE <= a <= 1 + INSIDE and -INSIDE <= b <= 1 + INSIDE
