"""Compiled antialiasing, first part: the pixels at edges, and which facets meet each.

A facet's side is a line of the picture. Its distance d from a pixel's centre is told in units in which the pixel lies
wholly on one side where |d| is 0.5 or more; so whether a facet meets, or fills, a pixel are comparisons.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..kernel_options import ENTRY, INNER
from .coverage import SLOPES
from .raster import EDGE_ON_M3, NEAR_M, project

TILE = 8
"""Rows and columns of a tile; what is farther than all that is seen in a tile and those about it counts as hidden."""
HIDDEN = 1 - 1e-4
"""Share of that nearness below which something is hidden: less than 1 by more than rounding."""
BLOCK = 16
"""Columns of a block of a row, for looking up pixels by their column."""


class Sides(NamedTuple):
    """The sides of K facets of a picture.

    facet (K,). line (K, 15): the distance of each of three sides, as functions 1, x, y of the picture, not negative
    inside; one over the distance from the eye, likewise; one over the slopes of the three in x. box (K, 4): half-open
    ranges of columns and rows. direction (K, 3): rows of ``half_plane_masks``.
    """

    facet: NDArray[np.int32]
    line: NDArray[np.float64]
    box: NDArray[np.int32]
    direction: NDArray[np.int32]


class Lists(NamedTuple):
    """A chained list of facets for each of N pixels: where it begins (N,), and entries (K, 2): the next one, -1 for the
    end, and the index of the facet in ``Sides``."""

    first: NDArray[np.int32]
    entry: NDArray[np.int32]


@njit(**ENTRY)
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


@njit(**ENTRY)
def surface_changes(faces, surface):
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


@njit(**INNER, forceinline=True)
def _differ(surface, f, g):
    return f < 0 or g < 0 or surface[f] != surface[g]


@njit(**ENTRY)
def farthest_seen(faces, normal, anchor, eye, rays):
    """One over the distance (rows, columns of tiles), 1/m, of the farthest that the centres of pixels in each tile and
    the eight about it see; 0 where one of them sees nothing."""
    h, w = faces.shape
    rows, columns = (h + TILE - 1) // TILE, (w + TILE - 1) // TILE
    tile = np.full((rows, columns), np.inf)
    last, c0, c1, c2 = -1, 0.0, 0.0, 0.0
    for y in range(h):
        x = 0
        while x < w:
            f, start, stop = faces[y, x], x, min(w, (x // TILE + 1) * TILE)
            while x < stop and faces[y, x] == f:
                x += 1
            low = 0.0
            if f >= 0:
                if f != last:
                    last, reach, c0, c1, c2 = f, 0.0, 0.0, 0.0, 0.0
                    for d in range(3):
                        reach += normal[f, d] * (anchor[f, d] - eye[d])
                        c0 += normal[f, d] * rays[0, d]
                        c1 += normal[f, d] * rays[1, d]
                        c2 += normal[f, d] * rays[2, d]
                    if abs(reach) < 1e-9:
                        reach = 1e-9
                    c0, c1, c2 = c0 / reach, c1 / reach, c2 / reach
                low = c0 + c2 * (y + 0.5) + min(c1 * (start + 0.5), c1 * (x - 0.5))
            tile[y // TILE, start // TILE] = min(tile[y // TILE, start // TILE], low)
    out = np.empty((rows, columns))
    for r in range(rows):
        for c in range(columns):
            low = np.inf
            for i in range(max(r - 1, 0), min(r + 2, rows)):
                for j in range(max(c - 1, 0), min(c + 2, columns)):
                    low = min(low, tile[i, j])
            out[r, c] = low * HIDDEN
    return out


@njit(**ENTRY)
def place_sides(corners, chosen, far, eye, rays, clip, shape):
    """The ``Sides`` of those of chosen (N,) that are not hidden in a picture of a shape (H, W).

    corners (F, 3, 3) metres; far: of ``farthest_seen``; eye (3,), rays (3, 3), clip (3, 3): as in ``View``.
    """
    height, width = shape
    facets, n = np.empty(len(chosen), np.int32), 0
    sides, boxes = np.empty((len(chosen), 15)), np.empty((len(chosen), 4), np.int32)
    directions, row = np.empty((len(chosen), 3), np.int32), np.empty(12)
    for f in chosen:
        left, right, top, bottom, near = float(width), 0.0, float(height), 0.0, 0.0
        for k in range(3):
            x, y, z = 0.0, 0.0, 0.0
            for d in range(3):
                p = corners[f, k, d] - eye[d]
                x, y, z = x + clip[0, d] * p, y + clip[1, d] * p, z + clip[2, d] * p
            if z < NEAR_M:
                left, right, top, bottom, near = 0.0, float(width), 0.0, float(height), np.inf
                break
            left, right = min(left, x / z), max(right, x / z)
            top, bottom, near = min(top, y / z), max(bottom, y / z), max(near, 1 / z)
        x0, x1 = max(int(np.floor(left)), 0), min(int(np.ceil(right)), width)
        y0, y1 = max(int(np.floor(top)), 0), min(int(np.ceil(bottom)), height)
        seen = False
        for r in range(y0 // TILE, (y1 + TILE - 1) // TILE):
            for c in range(x0 // TILE, (x1 + TILE - 1) // TILE):
                seen |= near >= far[r, c]
            if seen:
                break
        if not seen or project(row, corners, f, eye, rays) < EDGE_ON_M3:
            continue
        for k in range(3):
            a, b = row[3 * k + 1], row[3 * k + 2]
            size = abs(a) + abs(b)
            if size > 0:
                for d in range(3):
                    sides[n, 3 * k + d] = row[3 * k + d] / size
                a = a / size
                sides[n, 12 + k] = size / row[3 * k + 1] if row[3 * k + 1] != 0 else 0.0
                directions[n, k] = int(np.rint((a + 1) * (0.5 * SLOPES))) + (SLOPES + 1 if b < 0 else 0)
            else:
                sides[n, 3 * k], sides[n, 3 * k + 1], sides[n, 3 * k + 2] = np.sign(row[3 * k]), 0.0, 0.0
                sides[n, 12 + k], directions[n, k] = 0.0, 0
        for d in range(9, 12):
            sides[n, d] = row[d]
        boxes[n, 0], boxes[n, 1], boxes[n, 2], boxes[n, 3] = x0, x1, y0, y1
        facets[n] = f
        n += 1
    return Sides(facets[:n], sides[:n], boxes[:n], directions[:n])


@njit(**INNER, forceinline=True)
def _columns(sides, k, y, x0, x1):
    """Half-open ranges of the columns of a row, among x0 to x1, in which a facet meets pixels, and fills them."""
    left, right, inner_left, inner_right = float(x0), float(x1) - 1.0, float(x0), float(x1) - 1.0
    for s in range(3):
        rest, slope, over = sides[k, 3 * s] + sides[k, 3 * s + 2] * y, sides[k, 3 * s + 1], sides[k, 12 + s]
        outer, inner = -(rest + 0.5) * over - 0.5, -(rest - 0.5) * over - 0.5
        if slope > 0:
            left, inner_left = max(left, outer), max(inner_left, inner)
        elif slope < 0:
            right, inner_right = min(right, outer), min(inner_right, inner)
        elif rest <= 0.5:
            inner_right = inner_left - 1
            if rest <= -0.5:
                right = left - 1
    inner0, inner1 = int(np.ceil(inner_left)), int(np.floor(inner_right)) + 1
    return int(np.ceil(left)), int(np.floor(right)) + 1, inner0, inner1


@njit(**INNER, forceinline=True)
def _hiding(faces, place, line, far, y, x):
    """Nearness, 1/m, below which all is hidden in a pixel: of the facet at its centre, if that fills the pixel."""
    k, low = place[faces[y, x]] if faces[y, x] >= 0 else -1, far[y // TILE, x // TILE]
    if k < 0:
        return low
    u, v = x + 0.5, y + 0.5
    for s in range(0, 9, 3):
        if line[k, s] + line[k, s + 1] * u + line[k, s + 2] * v < 0.5:
            return low
    spread = 0.5 * (abs(line[k, 10]) + abs(line[k, 11]))
    return max((line[k, 9] + line[k, 10] * u + line[k, 11] * v - spread) * HIDDEN, low)


@njit(**ENTRY)
def flag_unseen(edge, faces, surface, placed, place, far):
    """Flag in edge (H, W) the pixels into which a facet comes whose surface their centres do not see, and which is
    not hidden. Gives the half-open range of columns (R, 2) that each facet meets in each row of its box.

    place (F,): the index of each facet in ``Sides``, -1 for none.
    """
    facets, sides, boxes, _ = placed
    rows = 0
    for k in range(len(facets)):
        rows += boxes[k, 3] - boxes[k, 2]
    spans, r = np.empty((rows, 2), np.int32), 0
    for k in range(len(facets)):
        own = surface[facets[k]]
        n0, n1, n2 = sides[k, 9], sides[k, 10], sides[k, 11]
        reach = 0.5 * (abs(n1) + abs(n2))
        for y in range(boxes[k, 2], boxes[k, 3]):
            x0, x1, inner0, inner1 = _columns(sides, k, y + 0.5, boxes[k, 0], boxes[k, 1])
            spans[r, 0], spans[r, 1], r = x0, x1, r + 1
            if x1 - x0 <= 2 or inner0 >= inner1:
                inner0 = inner1 = x1
            for i in range(x0, x1 - inner1 + inner0):
                x = i if i < inner0 else i + inner1 - inner0
                if edge[y, x]:
                    continue
                f = faces[y, x]
                if f >= 0 and surface[f] == own:
                    continue
                if n0 + n1 * (x + 0.5) + n2 * (y + 0.5) + reach >= _hiding(faces, place, sides, far, np.int64(y), x):
                    edge[y, x] = True
    return spans


@njit(**ENTRY)
def flagged(edge):
    """Rows and columns (N,) int32 of flagged pixels (H, W), row by row, and how many come before each block of
    every row, and before its end (H, blocks + 1)."""
    h, w = edge.shape
    blocks = (w + BLOCK - 1) // BLOCK
    ys, xs, before = np.empty(h * w, np.int32), np.empty(h * w, np.int32), np.empty((h, blocks + 1), np.int32)
    n = 0
    for y in range(h):
        for b in range(blocks):
            before[y, b] = n
            if (b + 1) * BLOCK <= w and not _any(edge, y, b * BLOCK):
                continue
            for x in range(b * BLOCK, min(b * BLOCK + BLOCK, w)):
                ys[n], xs[n] = y, x
                n += edge[y, x]
        before[y, blocks] = n
    return ys[:n], xs[:n], before


@njit(**INNER, forceinline=True)
def _any(edge, y, x):
    """Whether one of BLOCK pixels of a row from x on is flagged."""
    some = False
    for i in range(BLOCK):
        some |= edge[y, x + i]
    return some


@njit(**ENTRY)
def list_facets(ys, xs, before, spans, faces, placed, place, far):
    """The ``Lists`` of the facets that meet each of N pixels and are not hidden; ys, xs, before: of
    ``flagged``; spans: of ``flag_unseen``."""
    _, sides, boxes, _ = placed
    first, least = np.empty(len(xs), np.int32), np.empty(len(xs))
    for p in range(len(xs)):
        first[p], least[p] = -1, _hiding(faces, place, sides, far, np.int64(ys[p]), np.int64(xs[p]))
    entry, n, r = np.empty((6 * len(xs) + 16, 2), np.int32), 0, 0
    for k in range(len(sides)):
        n0, n1, n2 = sides[k, 9], sides[k, 10], sides[k, 11]
        reach = 0.5 * (abs(n1) + abs(n2))
        for y in range(boxes[k, 2], boxes[k, 3]):
            x0, x1, r = spans[r, 0], spans[r, 1], r + 1
            if x0 >= x1:
                continue
            p, end = before[y, x0 // BLOCK], before[y, before.shape[1] - 1]
            while p < end and xs[p] < x0:
                p += 1
            while p < end and xs[p] < x1:
                if n0 + n1 * (xs[p] + 0.5) + n2 * (y + 0.5) + reach >= least[p]:
                    if n == len(entry):
                        entry = np.concatenate((entry, entry))
                    entry[n, 0], entry[n, 1], first[p] = first[p], k, n
                    n += 1
                p += 1
    return Lists(first, entry[:n])
