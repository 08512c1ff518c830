"""Compiled steps over a batch of runs: where they look on their facets, and what textures and atlases hold there.

A run is up to eight pixels of a row that see one facet. Arithmetic is done for all pixels of a run at once, side by
side. Each step goes through all runs of a batch before the next does: what one run waits for, a root or a texel that
is far away in memory, does not hold up the others. A field of 640 x 240 pixels takes 8.2 core-ms to shade in level0 and
11 in blackout; the same in plain loops, pixel by pixel, took 12.3 and 23.4.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..kernel_options import ENTRY, INNER
from .lanes import between, fetch, floored, keep, least, most, ramp, single, take, take_four, whole
from .texture_filter import LOD_BIAS, TAP_SPACING

ZERO, HALF, ONE, TWO, TINY = (np.float32(c) for c in (0, 0.5, 1, 2, 1e-12))
SPACING, BIAS = np.float32(TAP_SPACING), np.float32(LOD_BIAS)
L0, L1, L2, L3 = (np.float32(c) for c in (0.44183587, -0.26653628, 0.14701877, -0.04424374))
"""Least squares for (log2(1 + t) - t) / (t (1 - t))."""
RUN, BATCH = 8, 64
"""Pixels of a run, whose footprint is worked out as one; runs of a batch."""
FAST = {"contract", "reassoc", "arcp", "nsz", "nnan", "ninf"}
STEP: dict[str, Any] = INNER | {"fastmath": FAST, "_nrt": False}
WHOLE: dict[str, Any] = ENTRY | {"fastmath": FAST, "_nrt": False}
"""They make no arrays, and count no references to those that they are given, which would take half of their time."""
PART = STEP | {"forceinline": True}
REACH, U, V, A, B, RED, GREEN, BLUE = (k * RUN * BATCH for k in range(8))
"""Rows of ``Batch.lanes``: how far off a surface is along its ray; u and v in periods; a and b in 0..1; baked light."""
COLOUR, PATINA, GLOW, DENT = (np.int64(k * 4 * RUN * BATCH) for k in range(4))
"""Parts of ``Batch.texels``; typed, as for each literal the steps that take one would be compiled again."""
FIRST = np.int64(0)
"""The first row, column and texel."""


class Batch(NamedTuple):
    """Runs, and what the steps find out about them.

    facet, length (BATCH,): facet of each, and its number of pixels; place (BATCH,): its first in the flat picture; free
    (BATCH,): 1 where later runs write over all lanes beyond its last pixel, so that they may be written with it.
    middle (BATCH, 3): column and row of its first pixel's middle, column of its own. lanes: rows of RUN numbers for
    each run; texels: parts of four channels for each pixel. level (BATCH, 7): number of taps, then first texel, width
    and height of a finer and a coarser level; tap (BATCH, 3): step of taps in u and v, share of the coarser level.
    texel (RUN,), share (2 * RUN,), pixels (4 * RUN,): lanes that are read one by one.
    """

    facet: NDArray[np.int64]
    length: NDArray[np.int64]
    free: NDArray[np.int64]
    place: NDArray[np.int64]
    middle: NDArray[np.float32]
    lanes: NDArray[np.float32]
    texels: NDArray[np.float32]
    level: NDArray[np.int64]
    tap: NDArray[np.float32]
    texel: NDArray[np.int32]
    share: NDArray[np.float32]
    pixels: NDArray[np.float32]


def empty_batch() -> Batch:
    """Make room for a batch."""
    whole, single, (facet, length, free, place) = np.int64, np.float32, np.zeros((4, BATCH), np.int64)
    return Batch(facet, length, free, place, np.zeros((BATCH, 3), single), np.zeros(8 * RUN * BATCH, single),
                 np.zeros(16 * RUN * BATCH, single), np.zeros((BATCH, 7), whole), np.zeros((BATCH, 3), single),
                 np.zeros(RUN, np.int32), np.zeros(2 * RUN, single), np.zeros(4 * RUN, single))  # fmt: skip


@njit(**STEP)
def gather(batch, faces, start_of, row, column):
    """Fill a batch with runs from a row and column on, row by row; their number, and the row and column after them.

    faces (H, W): facet of each sample, -1 for none; start_of (H, 2) float32: column and row in the picture of the first
    of each row, pixels' centres at + 0.5.
    """
    height, width = faces.shape
    n = 0
    while row < height and n < BATCH:
        start, f = column, faces[row, column]
        stop = min(start + RUN, width)
        while column < stop and faces[row, column] == f:
            column += 1
        if f >= 0:
            batch.facet[n], batch.length[n], batch.place[n] = f, column - start, row * width + start
            batch.middle[n, 0], batch.middle[n, 1] = start_of[row, 0] + np.float32(start), start_of[row, 1]
            batch.middle[n, 2] = start_of[row, 0] + HALF * np.float32(start + column - 1)
            batch.free[n] = start + RUN <= width
            for k in range(column, min(start + RUN, width)):
                if faces[row, k] < 0:
                    batch.free[n] = 0
            n += 1
        if column == width:
            row, column = row + 1, 0
    return n, row, column


@njit(**STEP)
def follow(batch, n, frame):
    """What the pixels of n runs see of their facets: rows REACH to B.

    Indices are unsigned, here and in what reads texels: for others numba looks whether they count from the end.
    """
    zero = np.float32(0)
    for r in range(n):
        f, at, y = np.uint64(batch.facet[r]), ramp() + batch.middle[r, 0], batch.middle[r, 1]
        reach = ONE / (at * frame[f, 1] + (frame[f, 0] + frame[f, 2] * y))
        keep(batch.lanes, REACH + RUN * r, reach)
        u = (at * frame[f, 5] + (frame[f, 4] + frame[f, 6] * y)) * reach + frame[f, 3]
        v = (at * frame[f, 9] + (frame[f, 8] + frame[f, 10] * y)) * reach + frame[f, 7]
        a = (at * frame[f, 13] + (frame[f, 12] + frame[f, 14] * y)) * reach + frame[f, 11]
        b = (at * frame[f, 17] + (frame[f, 16] + frame[f, 18] * y)) * reach + frame[f, 15]
        keep(batch.lanes, U + RUN * r, u)
        keep(batch.lanes, V + RUN * r, v)
        keep(batch.lanes, A + RUN * r, least(most(a, zero), ONE))
        keep(batch.lanes, B + RUN * r, least(most(b, zero), ONE))


@njit(**PART)
def footprint(frame, f, x, y):
    """How u and v of facet f, in periods, change from a pixel at (x, y) to the next across and to the next down."""
    f = np.uint64(f)
    w1, w2, u1, u2, v1, v2 = frame[f, 1], frame[f, 2], frame[f, 5], frame[f, 6], frame[f, 9], frame[f, 10]
    reach = ONE / (frame[f, 0] + w1 * x + w2 * y)
    qu, qv = (frame[f, 4] + u1 * x + u2 * y) * reach, (frame[f, 8] + v1 * x + v2 * y) * reach
    return reach * (u1 - qu * w1), reach * (v1 - qv * w1), reach * (u2 - qu * w2), reach * (v2 - qv * w2)


@njit(**WHOLE, forceinline=True)
def log2(x):
    """The logarithm of a normal positive float32 to within 2e-5: its exponent, and a polynomial of its mantissa."""
    bits = np.float32(x).view(np.int32)
    t = np.int32((bits & 0x007FFFFF) | 0x3F800000).view(np.float32) - ONE
    q = L0 + t * (L1 + t * (L2 + t * L3))
    return np.float32((bits >> 23) - 127) + t + t * (ONE - t) * q


@njit(**PART)
def probe(texture, m, ux, vx, uy, vy, max_taps, blend):
    """How material m is read over a footprint (derivatives in periods), as stated in ``filter``: number of taps,
    their step in u and v, share of the coarser level, then first texel, width and height of both levels. Without
    ``blend`` the nearer level alone is read."""
    w, h = np.float32(texture.width[m, 0]), np.float32(texture.height[m, 0])
    ux, uy, vx, vy = ux * w, uy * w, vx * h, vy * h
    uu, uv, vv = ux * ux + uy * uy, ux * vx + uy * vy, vx * vx + vy * vy
    root = np.sqrt((uu - vv) * (uu - vv) + np.float32(4) * uv * uv)
    major2, minor2 = max(HALF * (uu + vv + root), TINY), max(HALF * (uu + vv - root), TINY)
    taps = 1
    if max_taps > 1:
        taps = max(min(int(np.ceil(np.sqrt(major2 / minor2) / SPACING - np.float32(1e-3))), max_taps), 1)
    reach = SPACING * np.float32(taps)
    lod = HALF * log2(max(minor2, major2 / (reach * reach))) + BIAS
    last = texture.levels[m] - 1
    lod = min(max(lod, np.float32(0)), np.float32(last))
    step_u, step_v = np.float32(0), np.float32(0)
    if taps > 1:
        a, b = (uv, major2 - uu) if vv > uu else (major2 - vv, uv)
        scale = np.sqrt(major2 / max(a * a + b * b, TINY)) / np.float32(taps)
        step_u, step_v = a * scale / w, b * scale / h
    k = int(lod)
    share = lod - np.float32(k)
    share = min(max(np.float32(2) * share - HALF, np.float32(0)), ONE) if blend else np.floor(share + HALF)
    if share == ONE:
        k, share = min(k + 1, last), np.float32(0)
    fine = np.int64(texture.first[m, k]), np.int64(texture.width[m, k]), np.int64(texture.height[m, k])
    k = min(k + 1, last)
    coarse = np.int64(texture.first[m, k]), np.int64(texture.width[m, k]), np.int64(texture.height[m, k])
    return taps, step_u, step_v, share, fine, coarse


@njit(**STEP)
def find_levels(batch, n, frame, material, texture, max_taps, blend):
    """How the texture of each run is read: ``level`` and ``tap``; no taps where its material has none."""
    for r in range(n):
        f, middle = batch.facet[r], batch.middle[r]
        m = material[f]
        if texture.levels[m] == 0:
            batch.level[r, 0] = 0
            continue
        ux, vx, uy, vy = footprint(frame, f, middle[2], middle[1])
        taps, step_u, step_v, share, fine, coarse = probe(texture, m, ux, vx, uy, vy, max_taps, blend)
        batch.tap[r, 0], batch.tap[r, 1], batch.tap[r, 2] = step_u, step_v, share
        batch.level[r, 0] = taps
        for d in range(3):
            batch.level[r, 1 + d], batch.level[r, 4 + d] = fine[d], coarse[d]
        _fetch_ahead(batch, r, texture.texels, fine)


@njit(**PART)
def _fetch_ahead(batch, r, texels, level):
    """Have the texels about a run's middle taps fetched."""
    w = level[1]
    _place(batch, r, level, np.float32(0), np.float32(0))
    for k in range(0, RUN, 2):
        at = np.int64(4) * batch.texel[k]
        fetch(texels, at)
        fetch(texels, at + 4 * (w + 2))


@njit(**PART)
def _place(batch, r, level, shift_u, shift_v):
    """The upper left of the four texels about each pixel of a run in a level, which repeats."""
    first, w, h = level
    u, v = take(batch.lanes, U + RUN * r) + shift_u, take(batch.lanes, V + RUN * r) + shift_v
    _keep_place(batch, (u - floored(u)) * np.float32(w) + HALF, (v - floored(v)) * np.float32(h) + HALF, first, w + 2)


@njit(**PART)
def _keep_place(batch, x, y, first, pitch):
    """The texel at or before places x, y in rows of ``pitch`` from ``first`` on, and shares of the way to the next."""
    x0, y0 = whole(x), whole(y)
    keep(batch.texel, 0, y0 * pitch + x0 + first)
    keep(batch.share, 0, x - single(x0))
    keep(batch.share, RUN, y - single(y0))


@njit(**STEP)
def read(batch, n, texels, part):
    """Four channels, 0..1, of the texture of n runs, read as ``level`` and ``tap`` say, into a part of ``texels``."""
    for r in range(n):
        taps, to = batch.level[r, 0], part + 4 * RUN * r
        for k in range(4 * RUN):
            batch.texels[to + k] = np.float32(0)
        step_u, step_v, share = batch.tap[r, 0], batch.tap[r, 1], batch.tap[r, 2]
        norm = np.float32(1.0 / 65535.0) / np.float32(max(taps, 1))
        fine = batch.level[r, 1], batch.level[r, 2], batch.level[r, 3]
        coarse = batch.level[r, 4], batch.level[r, 5], batch.level[r, 6]
        for tap in range(taps):
            shift = np.float32(tap) - HALF * np.float32(taps - 1)
            _add_level(batch, r, texels, fine, shift * step_u, shift * step_v, (ONE - share) * norm, to)
            if share > 0:
                _add_level(batch, r, texels, coarse, shift * step_u, shift * step_v, share * norm, to)


@njit(**PART)
def _add_level(batch, r, texels, level, shift_u, shift_v, weight, to):
    """Add what a level of a texture holds under a run."""
    _place(batch, r, level, shift_u, shift_v)
    for k in range(batch.length[r]):
        texel = between(texels, np.int64(batch.texel[k]), level[1] + 2, batch.share[k], batch.share[RUN + k])
        keep(batch.texels, to + 4 * k, take_four(batch.texels, to + 4 * k) + texel * weight)


@njit(**PART)
def place_in_chart(batch, r, rect, pitch):
    """The upper left of the four texels about each pixel of a run in a chart's rectangle of an atlas, whose samples
    stand at + 0.5, into ``texel`` and ``share``."""
    left, top, wide, high = rect
    x = take(batch.lanes, A + RUN * r) * wide + (left - HALF)
    y = take(batch.lanes, B + RUN * r) * high + (top - HALF)
    _keep_place(batch, x, y, FIRST, pitch)


@njit(**STEP)
def fetch_patina(batch, n, chart, rects, texels, pitch):
    """Have the codes fetched that ``read_patina`` reads."""
    for r in range(n):
        rect = four(rects, chart[batch.facet[r]])
        if rect[2] < 0:
            continue
        place_in_chart(batch, r, rect, pitch)
        for k in range(0, RUN, 2):
            at = np.int64(4) * batch.texel[k]
            fetch(texels, at)
            fetch(texels, at + 4 * pitch)


@njit(**STEP)
def read_patina(batch, n, chart, rects, texels, pitch):
    """The codes of a patina under n runs into the part PATINA. rects: of the charts, as in ``Charts``; samples stand at
    + 0.5."""
    for r in range(n):
        rect = four(rects, chart[batch.facet[r]])
        if rect[2] < 0:
            continue
        place_in_chart(batch, r, rect, pitch)
        for k in range(batch.length[r]):
            texel = between(texels, np.int64(batch.texel[k]), pitch, batch.share[k], batch.share[RUN + k])
            keep(batch.texels, PATINA + 4 * (RUN * r + k), texel)


@njit(**PART)
def four(table, k):
    return table[k, 0], table[k, 1], table[k, 2], table[k, 3]


@njit(**PART)
def dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@njit(**PART)
def plus(a, b):
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


@njit(**PART)
def minus(a, b):
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


@njit(**PART)
def times(a, b):
    return a[0] * b[0], a[1] * b[1], a[2] * b[2]


@njit(**PART)
def scaled(a, factor):
    return a[0] * factor, a[1] * factor, a[2] * factor


@njit(**STEP)
def put(out, shape, channel, batch, r, lanes):
    """Write three lanes of a run to three channels of out (H * C * W,), from one that is not negative on.

    shape: (C, W). Rows hold their channels one after the other: whole images would stand in each other's way in the
    processor's cache, pixels with all their channels would have lanes taken apart.
    """
    if channel < 0:
        return
    count, width = shape
    row = batch.place[r] // width
    at = batch.place[r] + (row * (count - 1) + channel) * width
    if batch.free[r]:
        keep(out, at, lanes[0])
        keep(out, at + width, lanes[1])
        keep(out, at + 2 * width, lanes[2])
        return
    keep(batch.pixels, 0, lanes[0])
    keep(batch.pixels, RUN, lanes[1])
    keep(batch.pixels, 2 * RUN, lanes[2])
    for d in range(3):
        for k in range(batch.length[r]):
            out[at + d * width + k] = batch.pixels[d * RUN + k]
