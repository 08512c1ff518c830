"""Compiled antialiasing: which facets a pixel at an edge holds, how much of it each covers, whose colour it takes.

A facet's side is a line of the picture. Its distance d from a pixel's centre is told in units in which the pixel lies
wholly on one side where |d| is 0.5 or more; so whether a facet meets, or fills, a pixel are comparisons.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .coverage import OFFSETS, SLOPES
from .raster import EDGE_ON_M3, NEAR_M, project

TILE = 8
"""Rows and columns of a tile; what is farther than all that is seen in a tile and those about it counts as hidden."""
HIDDEN = 1 - 1e-4
"""Share of that nearness below which something is hidden: less than 1 by more than rounding."""
CLOSER = 1e-5
"""By how much, relative, a surface must be closer than another to hide it: more than rounding."""
LEAST = 1 / 512
"""Share of a pixel below which a facet in it is left out."""
MOST = 48
"""Facets in one pixel that are told apart."""
BLOCK = 16
"""Columns of a block of a row, for looking up pixels by their column."""
OUTSIDE = -2
"""In place of a surface: outside the picture."""
FULL = np.uint64(0xFFFFFFFFFFFFFFFF)
NONE = np.uint64(0)


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
    """A chained list of facets for each of N pixels: where it begins (N,), and of every entry the next one (K,), -1 for
    the end, and the index of its facet in ``Sides`` (K,)."""

    first: NDArray[np.int32]
    after: NDArray[np.int32]
    which: NDArray[np.int32]


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, forceinline=True, error_model="numpy")
def _differ(surface, f, g):
    return f < 0 or g < 0 or surface[f] != surface[g]


@njit(cache=True, nogil=True, error_model="numpy")
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
    out = np.empty_like(tile)
    for r in range(rows):
        for c in range(columns):
            low = np.inf
            for i in range(max(r - 1, 0), min(r + 2, rows)):
                for j in range(max(c - 1, 0), min(c + 2, columns)):
                    low = min(low, tile[i, j])
            out[r, c] = low * HIDDEN
    return out


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, forceinline=True, error_model="numpy")
def _columns(sides, k, y, margin, x0, x1):
    """Half-open range of the columns of a row, among x0 to x1, where all sides' distances are over ``margin``."""
    left, right = float(x0), float(x1) - 1.0
    for s in range(3):
        rest, slope, over = sides[k, 3 * s] + sides[k, 3 * s + 2] * y - margin, sides[k, 3 * s + 1], sides[k, 12 + s]
        if slope > 0:
            left = max(left, -rest * over - 0.5)
        elif slope < 0:
            right = min(right, -rest * over - 0.5)
        elif rest <= 0:
            right = left - 1
    return int(np.ceil(left)), int(np.floor(right)) + 1


@njit(cache=True, nogil=True, forceinline=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
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
            x0, x1 = _columns(sides, k, y + 0.5, -0.5, boxes[k, 0], boxes[k, 1])
            spans[r, 0], spans[r, 1], r = x0, x1, r + 1
            inner0 = inner1 = x1
            if x1 - x0 > 2:
                inner0, inner1 = _columns(sides, k, y + 0.5, 0.5, boxes[k, 0], boxes[k, 1])
            for x in range(x0, x1):
                if inner0 <= x < inner1:
                    continue
                if edge[y, x]:
                    continue
                f = faces[y, x]
                if f >= 0 and surface[f] == own:
                    continue
                if n0 + n1 * (x + 0.5) + n2 * (y + 0.5) + reach >= _hiding(faces, place, sides, far, y, x):
                    edge[y, x] = True
    return spans


@njit(cache=True, nogil=True, error_model="numpy")
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
            for x in range(b * BLOCK, min(b * BLOCK + BLOCK, w)):
                ys[n], xs[n] = y, x
                n += edge[y, x]
        before[y, blocks] = n
    return ys[:n], xs[:n], before


@njit(cache=True, nogil=True, error_model="numpy")
def list_facets(ys, xs, before, spans, faces, placed, place, far):
    """The ``Lists`` of the facets that meet each of N pixels and are not hidden; ys, xs, before: of
    ``flagged``; spans: of ``flag_unseen``."""
    _, sides, boxes, _ = placed
    first, least = np.full(len(xs), -1, np.int32), np.empty(len(xs))
    for p in range(len(xs)):
        least[p] = _hiding(faces, place, sides, far, ys[p], xs[p])
    room = 6 * len(xs) + 16
    after, which, n, r = np.empty(room, np.int32), np.empty(room, np.int32), 0, 0
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
                    if n == len(after):
                        after, which = _longer(after), _longer(which)
                    after[n], which[n], first[p] = first[p], k, n
                    n += 1
                p += 1
    return Lists(first, after[:n], which[:n])


@njit(cache=True, nogil=True, error_model="numpy")
def _longer(values):
    out = np.empty(2 * len(values), values.dtype)
    for i in range(len(values)):
        out[i] = values[i]
    return out


@njit(cache=True, nogil=True, forceinline=True, error_model="numpy")
def _count(mask):
    """Number of bits of a word. Source: Warren, Hacker's Delight, 5-1."""
    m = mask - ((mask >> np.uint64(1)) & np.uint64(0x5555555555555555))
    m = (m & np.uint64(0x3333333333333333)) + ((m >> np.uint64(2)) & np.uint64(0x3333333333333333))
    m = (m + (m >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((m * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(cache=True, nogil=True, forceinline=True, error_model="numpy")
def _mask(masks, direction, d):
    """Samples on the inner side of a line."""
    if d >= 0.5:
        return FULL
    if d <= -0.5:
        return NONE
    return masks[direction, int((d + 0.5) * OFFSETS)]


@njit(cache=True, nogil=True, forceinline=True, error_model="numpy")
def _half_plane(a, b, d):
    """Share of a pixel in which a x + b y + d is not negative, where |a| + |b| = 1 and |d| < 0.5."""
    low, high = min(abs(a), abs(b)), max(abs(a), abs(b))
    t = min(d + 0.5, 0.5 - d)
    part = t * t / (2 * low * high) if t < low else (t - 0.5 * low) / high
    return part if d < 0 else 1 - part


@njit(cache=True, nogil=True, error_model="numpy")
def _clipped(sides, k, d0, d1, d2, px, py):
    """Area of the part of a pixel within three sides of facet k at distances d0, d1, d2 from its centre, and its
    middle. px, py (2, 8): room for corners. Source: Sutherland and Hodgman, CACM 17(1), 1974."""
    px[0, 0], px[0, 1], px[0, 2], px[0, 3] = -0.5, 0.5, 0.5, -0.5
    py[0, 0], py[0, 1], py[0, 2], py[0, 3] = -0.5, -0.5, 0.5, 0.5
    n, now = 4, 0
    for s in range(3):
        d = d0 if s == 0 else d1 if s == 1 else d2
        if d >= 0.5 or n == 0:
            continue
        a, b, m = sides[k, 3 * s + 1], sides[k, 3 * s + 2], 0
        xi, yi = px[now, n - 1], py[now, n - 1]
        vi = a * xi + b * yi + d
        for j in range(n):
            xj, yj = px[now, j], py[now, j]
            vj = a * xj + b * yj + d
            if (vi < 0) != (vj < 0):
                t = vi / (vi - vj)
                px[1 - now, m], py[1 - now, m] = xi + t * (xj - xi), yi + t * (yj - yi)
                m += 1
            if vj >= 0:
                px[1 - now, m], py[1 - now, m] = xj, yj
                m += 1
            xi, yi, vi = xj, yj, vj
        n, now = m, 1 - now
    area, mx, my = 0.0, 0.0, 0.0
    for j in range(n):
        i = j - 1 if j > 0 else n - 1
        area += px[now, i] * py[now, j] - px[now, j] * py[now, i]
        mx += px[now, j]
        my += py[now, j]
    return 0.5 * abs(area), mx / max(n, 1), my / max(n, 1)


@njit(cache=True, nogil=True, forceinline=True, error_model="numpy")
def _samples(line, direction, k, x, y, masks):
    """Samples of the pixel with its centre at (x, y) that facet k covers, and how far it is inside of its sides."""
    d0 = line[k, 0] + line[k, 1] * x + line[k, 2] * y
    d1 = line[k, 3] + line[k, 4] * x + line[k, 5] * y
    d2 = line[k, 6] + line[k, 7] * x + line[k, 8] * y
    inside = min(d0, d1, d2)
    if inside >= 0.5:
        return FULL, inside
    mask = _mask(masks, direction[k, 0], d0) & _mask(masks, direction[k, 1], d1)
    return mask & _mask(masks, direction[k, 2], d2), inside


@njit(cache=True, nogil=True, error_model="numpy")
def _area(line, k, x, y, px, py):
    """Share of the pixel with its centre at (x, y) that facet k covers, and its middle from there."""
    d0 = line[k, 0] + line[k, 1] * x + line[k, 2] * y
    d1 = line[k, 3] + line[k, 4] * x + line[k, 5] * y
    d2 = line[k, 6] + line[k, 7] * x + line[k, 8] * y
    cut = (d0 < 0.5) + (d1 < 0.5) + (d2 < 0.5)
    if cut == 0:
        return 1.0, 0.0, 0.0
    if cut == 1:
        s, d = (0, d0) if d0 < 0.5 else (3, d1) if d1 < 0.5 else (6, d2)
        return _half_plane(line[k, s + 1], line[k, s + 2], d), line[k, s + 1], line[k, s + 2]
    if cut == 2:
        i, j = (3, 6) if d0 >= 0.5 else (0, 6) if d1 >= 0.5 else (0, 3)
        di, dj = d1 if d0 >= 0.5 else d0, d1 if d2 >= 0.5 else d2
        ai, bi, aj, bj = line[k, i + 1], line[k, i + 2], line[k, j + 1], line[k, j + 2]
        meets = 0.5 * abs(ai * bj - aj * bi)
        if ai * aj + bi * bj < 0 and (abs(bi * dj - bj * di) >= meets or abs(aj * di - ai * dj) >= meets):
            off = 0.5 * (dj - di)
            return max(_half_plane(ai, bi, di) + _half_plane(aj, bj, dj) - 1, 0.0), off * ai, off * bi
    return _clipped(line, k, d0, d1, d2, px, py)


@njit(cache=True, nogil=True, forceinline=True, error_model="numpy")
def _in_front(line, k, j, x, y, masks):
    """Samples of the pixel with its centre at (x, y) at which facet k is nearer than facet j."""
    q1, q2 = line[k, 10] - line[j, 10], line[k, 11] - line[j, 11]
    q0 = line[k, 9] - line[j, 9] + q1 * x + q2 * y
    steep, least = abs(q1) + abs(q2), CLOSER * (line[j, 9] + line[j, 10] * x + line[j, 11] * y)
    if abs(q0) >= 0.5 * steep:
        return FULL if q0 > least else NONE
    if 0.5 * steep <= least:
        return NONE
    row = int(np.rint((q1 / steep + 1) * (0.5 * SLOPES))) + (SLOPES + 1 if q2 < 0 else 0)
    return _mask(masks, row, q0 / steep)


@njit(cache=True, nogil=True, error_model="numpy")
def resolve(ys, xs, lists, placed, faces, surface, tables):
    """The fragments of N pixels: where those of each begin (N + 1,), and of each the facet that stands for its
    surface, -1 for nothing, its share of the pixel, and the pixel, an index into the flat picture, whose colour it
    takes (K,); -1 - j where no centre about sees it: then it is fragment alone[j] (J,), and its middle is at column
    and row place (J, 2).

    lists: of ``list_facets``; placed: ``Sides``; faces (H, W): what centres see; tables: ``CoverageTables``. Where
    nothing hides a facet, its share is its area; of others, and of nothing, the shares of samples are scaled to what
    is left.
    """
    (first, after, which), (names, line, _, direction), (masks, sums, nearest) = lists, placed, tables
    h, w = faces.shape
    begin = np.zeros(len(ys) + 1, np.int32)
    room = len(which) + len(ys)
    facet, share, source = np.empty(room, np.int32), np.empty(room, np.float32), np.empty(room, np.int32)
    alone, place, lone = np.empty(room, np.int32), np.empty((room, 2), np.float32), 0
    entry, area = np.empty(MOST, np.int32), np.empty(MOST)
    whole, seen = np.empty(MOST, np.uint64), np.empty(MOST, np.uint64)
    px, py, about = np.empty((2, 8)), np.empty((2, 8)), np.empty(9, np.int32)
    n = 0
    for p in range(len(ys)):
        y, x, met, at = ys[p], xs[p], 0, first[p]
        while at >= 0 and met < MOST:
            k, at = which[at], after[at]
            mask, inside = _samples(line, direction, k, x + 0.5, y + 0.5, masks)
            if inside <= -0.5:
                continue
            if mask == NONE:
                size, mx, my = _area(line, k, x + 0.5, y + 0.5, px, py)
                if size < LEAST:
                    continue
                i, j = int((mx + 0.5) * len(nearest)), int((my + 0.5) * len(nearest))
                mask = nearest[min(max(i, 0), len(nearest) - 1), min(max(j, 0), len(nearest) - 1)]
            entry[met], whole[met], seen[met] = k, mask, mask
            for i in range(met):
                both = whole[i] & mask
                if both != NONE:
                    front = _in_front(line, k, entry[i], x + 0.5, y + 0.5, masks)
                    seen[i] &= ~(both & front)
                    seen[met] &= ~(both & ~front)
            met += 1
        if met == 1 and names[entry[0]] == faces[y, x] and whole[0] == FULL:
            begin[p + 1] = n
            continue
        count, union, one = 0, NONE, True
        for i in range(met):
            if seen[i] != NONE:
                entry[count], whole[count], seen[count] = entry[i], whole[i], seen[i]
                union |= seen[i]
                one &= surface[names[entry[i]]] == surface[names[entry[0]]]
                count += 1
        start, empty, exact, loose = n, False, 0.0, 0.0
        if not one or union != FULL or faces[y, x] < 0 or surface[names[entry[0]]] != surface[faces[y, x]]:
            for k in range(9):
                v, u = y + k // 3 - 1, x + k % 3 - 1
                f = faces[v, u] if 0 <= v < h and 0 <= u < w else OUTSIDE
                about[k] = surface[f] if f >= 0 else f
                if f == -1 and union != FULL:
                    empty, source[n] = True, v * w + u
        else:
            about[4] = surface[faces[y, x]]
        if empty:
            loose = 1 - _count(union) / 64.0
            facet[n] = -1
            one, n = False, n + 1
        for i in range(count):
            area[i] = 1.0
            if not one:
                area[i], _, _ = _area(line, entry[i], x + 0.5, y + 0.5, px, py)
            if seen[i] == whole[i]:
                exact += area[i]
            else:
                area[i] *= _count(seen[i]) / _count(whole[i])
                loose += area[i]
        scale = max(1.0 - exact, 0.0) / loose if loose > 0 else 1.0
        total = np.float32(0)
        if empty:
            total = share[start] = np.float32((1 - _count(union) / 64.0) * scale)
        for i in range(count):
            part = np.float32(area[i] if seen[i] == whole[i] else area[i] * scale)
            f, known = names[entry[i]], -1
            for j in range(start, n):
                if facet[j] >= 0 and surface[facet[j]] == surface[f]:
                    known = j
            total += part
            if known >= 0:
                share[known] += part
                continue
            facet[n], share[n] = f, part
            k, mx, my = _nearest(about, surface[f], seen[i], sums)
            source[n] = (y + k // 3 - 1) * w + x + k % 3 - 1
            if k < 0:
                source[n], alone[lone] = -1 - lone, n
                place[lone, 0], place[lone, 1] = x + np.float32(0.5) + mx, y + np.float32(0.5) + my
                lone += 1
            n += 1
        if n == start or total <= 0:
            facet[start], share[start], source[start], n = faces[y, x], 1, y * w + x, start + 1
            total = np.float32(1)
        for j in range(start, n):
            share[j] /= total
        begin[p + 1] = n
    return begin, facet[:n], share[:n], source[:n], alone[:lone], place[:lone]


@njit(cache=True, nogil=True, forceinline=True, error_model="numpy")
def _nearest(about, own, mask, sums):
    """Which of the 3 × 3 pixels about one sees the surface ``own``: itself, 4, if it can be, else the nearest to the
    middle of a mask's samples; -1 for none; and that middle, where it was needed. about (9,): their surfaces."""
    mx, my = np.float32(0), np.float32(0)
    if about[4] == own:
        return 4, mx, my
    found, matches = -1, 0
    for k in range(9):
        if about[k] == own:
            found, matches = k, matches + 1
    if matches == 1:
        return found, mx, my
    number = np.float32(0)
    for b in range(8):
        value = np.int64((mask >> np.uint64(8 * b)) & np.uint64(255))
        number, mx, my = number + sums[b, value, 0], mx + sums[b, value, 1], my + sums[b, value, 2]
    mx, my = mx / number, my / number
    best = np.float32(np.inf)
    for k in range(9):
        if about[k] == own:
            apart = (np.float32(k % 3 - 1) - mx) ** 2 + (np.float32(k // 3 - 1) - my) ** 2
            if apart < best:
                best, found = apart, k
    return found, mx, my


@njit(cache=True, nogil=True, error_model="numpy")
def mix(picture, alone, ys, xs, begin, share, source):
    """Replace N pixels of picture (H, W, 3) by the means of their fragments; alone (J, 3): colours of those that no
    centre about sees."""
    flat = picture.reshape(-1, 3)
    out = np.empty((len(ys), 3), np.float32)
    for p in range(len(ys)):
        for d in range(3):
            out[p, d] = picture[ys[p], xs[p], d] if begin[p] == begin[p + 1] else np.float32(0)
        for j in range(begin[p], begin[p + 1]):
            at = source[j]
            for d in range(3):
                out[p, d] += share[j] * (flat[at, d] if at >= 0 else alone[-1 - at, d])
    for p in range(len(ys)):
        for d in range(3):
            picture[ys[p], xs[p], d] = out[p, d]
