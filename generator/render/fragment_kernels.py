"""Compiled antialiasing, second part: how much of a pixel each of its facets covers, and whose colour it takes.

Distances from sides are told as in ``edge_kernels``.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER
from .coverage import OFFSETS, SLOPES

CLOSER = 1e-5
"""By how much, relative, a surface must be closer than another to hide it: more than rounding."""
LEAST = 1 / 512
"""Share of a pixel below which a facet in it is left out."""
MOST = 48
"""Facets in one pixel that are told apart."""
OUTSIDE = -2
"""In place of a surface: outside the picture."""
FULL = np.uint64(0xFFFFFFFFFFFFFFFF)
NONE = np.uint64(0)


@njit(**INNER, forceinline=True)
def _count(mask):
    """Number of bits of a word. Source: Warren, Hacker's Delight, 5-1."""
    m = mask - ((mask >> np.uint64(1)) & np.uint64(0x5555555555555555))
    m = (m & np.uint64(0x3333333333333333)) + ((m >> np.uint64(2)) & np.uint64(0x3333333333333333))
    m = (m + (m >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((m * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(**INNER, forceinline=True)
def _mask(masks, direction, d):
    """Samples on the inner side of a line."""
    return masks[direction, int(min(max((d + 0.5) * OFFSETS + 1, 0.0), OFFSETS + 1.0))]


@njit(**INNER, forceinline=True)
def _half_plane(a, b, d):
    """Share of a pixel in which a x + b y + d is not negative, where |a| + |b| = 1 and |d| < 0.5."""
    low, high = min(abs(a), abs(b)), max(abs(a), abs(b))
    t = min(d + 0.5, 0.5 - d)
    part = t * t / (2 * low * high) if t < low else (t - 0.5 * low) / high
    return part if d < 0 else 1 - part


@njit(**INNER)
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


@njit(**INNER, forceinline=True)
def _samples(line, direction, k, x, y, masks):
    """Samples of the pixel with its centre at (x, y) that facet k covers, and how far it is inside of its sides."""
    d0 = line[k, 0] + line[k, 1] * x + line[k, 2] * y
    d1 = line[k, 3] + line[k, 4] * x + line[k, 5] * y
    d2 = line[k, 6] + line[k, 7] * x + line[k, 8] * y
    mask = _mask(masks, direction[k, 0], d0) & _mask(masks, direction[k, 1], d1)
    return mask & _mask(masks, direction[k, 2], d2), min(d0, d1, d2)


@njit(**INNER)
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


@njit(**INNER, forceinline=True)
def _in_front(front, i, j, masks):
    """Samples at which the first of two facets is nearer; front (M, 3): the nearness of facets at the pixel's centre,
    1/m, and its slopes in x and y."""
    q0, q1, q2 = front[i, 0] - front[j, 0], front[i, 1] - front[j, 1], front[i, 2] - front[j, 2]
    steep, least = abs(q1) + abs(q2), CLOSER * front[j, 0]
    if abs(q0) >= 0.5 * steep:
        return FULL if q0 > least else NONE
    if 0.5 * steep <= least:
        return NONE
    row = int(np.rint((q1 / steep + 1) * (0.5 * SLOPES))) + (SLOPES + 1 if q2 < 0 else 0)
    return _mask(masks, row, q0 / steep)


@njit(**ENTRY)
def resolve(ys, xs, lists, placed, faces, surface, tables):
    """The fragments of N pixels: where those of each begin (N + 1,), and of each the facet that stands for its
    surface, -1 for nothing, its share of the pixel, and the pixel, an index into the flat picture, whose colour it
    takes (K,); -1 - j where no centre about sees it: then it is fragment alone[j] (J,), and its middle is at column
    and row place (J, 2).

    lists: of ``list_facets``; placed: ``Sides``; faces (H, W): what centres see; tables: ``CoverageTables``. Where
    nothing hides a facet, its share is its area; of others, and of nothing, the shares of samples are scaled to what
    is left.
    """
    (first, chain), (names, line, _, direction), (masks, sums, nearest) = lists, placed, tables
    h, w = faces.shape
    begin = np.zeros(len(ys) + 1, np.int32)
    room = len(chain) + len(ys)
    facet, share, source = np.empty(room, np.int32), np.empty(room, np.float32), np.empty(room, np.int32)
    alone, place, lone = np.empty(room, np.int32), np.empty((room, 2), np.float32), 0
    entry, own, area = np.empty(MOST, np.int32), np.empty(MOST, np.int32), np.empty(MOST)
    whole, seen = np.empty(MOST, np.uint64), np.empty(MOST, np.uint64)
    px, py, front, about = np.empty((2, 8)), np.empty((2, 8)), np.empty((MOST, 3)), np.empty(9, np.int32)
    n = 0
    for p in range(len(ys)):
        y, x, met, at = ys[p], xs[p], np.int64(0), first[p]
        while at >= 0 and met < MOST:
            at, k = chain[at, 0], chain[at, 1]
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
            front[met, 0] = line[k, 9] + line[k, 10] * (x + 0.5) + line[k, 11] * (y + 0.5)
            front[met, 1], front[met, 2] = line[k, 10], line[k, 11]
            for i in range(met):
                both = whole[i] & mask
                if both != NONE:
                    nearer = _in_front(front, met, i, masks)
                    seen[i] &= ~(both & nearer)
                    seen[met] &= ~(both & ~nearer)
            met += 1
        if met == 1 and names[entry[0]] == faces[y, x] and whole[0] == FULL:
            begin[p + 1] = n
            continue
        count, union, one = 0, NONE, True
        for i in range(met):
            if seen[i] != NONE:
                entry[count], whole[count], seen[count] = entry[i], whole[i], seen[i]
                own[count] = surface[names[entry[i]]]
                union |= seen[i]
                one &= own[count] == own[0]
                count += 1
        if one and union == FULL and faces[y, x] >= 0 and own[0] == surface[faces[y, x]]:
            facet[n], share[n], source[n], n = names[entry[0]], 1, y * w + x, n + 1
            begin[p + 1] = n
            continue
        start, empty, exact, loose = n, False, 0.0, 0.0
        for k in range(9):
            v, u = y + k // 3 - 1, x + k % 3 - 1
            f = faces[v, u] if 0 <= v < h and 0 <= u < w else OUTSIDE
            about[k] = surface[f] if f >= 0 else f
            if f == -1 and union != FULL:
                empty, source[n] = True, v * w + u
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
                if facet[j] >= 0 and surface[facet[j]] == own[i]:
                    known = j
            total += part
            if known >= 0:
                share[known] += part
                continue
            facet[n], share[n] = f, part
            k, mx, my = _nearest(about, own[i], seen[i], sums)
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


@njit(**INNER, forceinline=True)
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


@njit(**ENTRY)
def mix(picture, alone, ys, xs, begin, share, source):
    """Replace N pixels of picture (H, W, C) by the means of their fragments; alone (J, C): colours of those that no
    centre about sees."""
    width, count = picture.shape[1], picture.shape[2]
    out = np.empty((len(ys), count), np.float32)
    for p in range(len(ys)):
        for d in range(count):
            out[p, d] = picture[ys[p], xs[p], d] if begin[p] == begin[p + 1] else np.float32(0)
        for j in range(begin[p], begin[p + 1]):
            at = source[j]
            y, x = at // width, at % width
            for d in range(count):
                out[p, d] += share[j] * (picture[y, x, d] if at >= 0 else alone[-1 - at, d])
    for p in range(len(ys)):
        for d in range(count):
            picture[ys[p], xs[p], d] = out[p, d]
