"""Compiled steps that tell what the surfaces of a run of pixels are like: their colours, normals and lenses' light."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..light.bends import bent_normal
from ..surface.lay import LAID, MOST, WET
from .lanes import least, most, ramp, root, take, take_every_fourth
from .pile import DEPTH, LAY, LEAN, MEAN_COSINE, MEAN_SHEEN, SHEEN
from .run_kernels import (
    COLOUR,
    DENT,
    GLOW,
    ONE,
    PART,
    PATINA,
    RUN,
    STEP,
    TINY,
    TWO,
    ZERO,
    A,
    B,
    fetch_patina,
    find_levels,
    four,
    read,
    read_patina,
    scaled,
)

UNIT = np.float32(1 / 200)
"""Of a patina's codes."""


@njit(**STEP)
def read_surfaces(batch, n, frame, table, albedo, emission, atlas, max_taps, blend):
    """What n runs read of colours, patinas and lenses: parts COLOUR, PATINA and GLOW."""
    fetch_patina(batch, n, table.chart, table.patina, atlas.patina, atlas.patina_width)
    find_levels(batch, n, frame, table.material, albedo, max_taps, blend)
    read_patina(batch, n, table.chart, table.patina, atlas.patina, atlas.patina_width)
    read(batch, n, albedo.texels, COLOUR)
    find_levels(batch, n, frame, table.material, emission, max_taps, blend)
    read(batch, n, emission.texels, GLOW)


@njit(**STEP)
def read_relief(batch, n, frame, material, relief, blend):
    """What n runs read of normal maps: part DENT."""
    find_levels(batch, n, frame, material, relief, 1, blend)
    read(batch, n, relief.texels, DENT)


@njit(**PART)
def facet_normal(table, face, chart, a, b):
    """The normal at a place of a facet's chart; (3 floats)."""
    if table.bend[chart] < 0:
        return table.normal[face, 0], table.normal[face, 1], table.normal[face, 2]
    x, y, z = bent_normal(table.corner[table.bend[chart]], a, b)
    return np.float32(x), np.float32(y), np.float32(z)


@njit(**PART)
def pile_slant(normal, rays, x, y):
    """How a pile looks at a pixel, as stated in ``pile``: its tips' factor, what a gap adds to it, what a lean does."""
    along, square, lay = ZERO, ZERO, ZERO
    for d in range(3):
        way = rays[0, d] + x * rays[1, d] + y * rays[2, d]
        along, square = along + way * normal[d], square + way * way
        if d < 2:
            lay -= way * np.float32(LAY[d])
    far = ONE / np.sqrt(square)
    cosine = min(abs(along) * far, ONE)
    graze = (ONE - cosine) * (ONE - cosine)
    tip = ONE + np.float32(SHEEN) * (graze * graze - np.float32(MEAN_SHEEN))
    return tip, np.float32(DEPTH) * (np.float32(MEAN_COSINE) - cosine), np.float32(LEAN) * lay * far


@njit(**PART)
def _run_slant(batch, r, table, rays, pile):
    """How a pile looks in a run: of ``pile_slant``, worked out at its middle."""
    if pile == ZERO:
        return ONE, ZERO, ZERO
    f, at = batch.facet[r], RUN * r + batch.length[r] // 2
    normal = facet_normal(table, f, table.chart[f], batch.lanes[A + at], batch.lanes[B + at])
    tip, deeper, swept = pile_slant(normal, rays, batch.middle[r, 2], batch.middle[r, 1])
    return tip, deeper * pile, swept


@njit(**PART)
def _painted(colour, slant, patina, aged):
    """What the surfaces of a run reflect (3 lanes) and how wet they are; slant: of ``pile_slant``."""
    red, green, blue, gap = colour
    tip, deeper, swept = slant
    seen, wet = gap * deeper + tip, gap * ZERO
    if aged:
        code = patina[3]
        flat = most((np.float32(WET) - code) * np.float32(1 / (WET - LAID)), ZERO)
        seen = seen * (least(code * np.float32(2 / LAID) - ONE, flat) * swept + ONE) * UNIT
        red, green, blue = red * patina[0], green * patina[1], blue * patina[2]
        wet = most(code - np.float32(WET), ZERO) * np.float32(1 / (MOST - WET))
    return (red * seen, green * seen, blue * seen), wet


@njit(**PART)
def colours(batch, r, table, rays, pile):
    """What the surfaces of a run reflect (3 lanes), and how wet they are."""
    texel = take_every_fourth(batch.texels, COLOUR + 4 * RUN * r)
    codes = take_every_fourth(batch.texels, PATINA + 4 * RUN * r)
    aged = table.patina[table.chart[batch.facet[r]], 2] >= ZERO
    return _painted(texel, _run_slant(batch, r, table, rays, pile), codes, aged)


@njit(**PART)
def normals(batch, r, table, behind):
    """The normals of a run (3 lanes) with its relief, on the viewer's side; behind: over 0 if that is the back."""
    dent, nothing, f = take_every_fourth(batch.texels, DENT + 4 * RUN * r), ramp() * ZERO, batch.facet[r]
    nx, ny, nz = nothing + table.normal[f, 0], nothing + table.normal[f, 1], nothing + table.normal[f, 2]
    if table.bend[table.chart[f]] >= 0:
        for k in range(batch.length[r]):
            at = RUN * r + k
            x, y, z = facet_normal(table, f, table.chart[f], batch.lanes[A + at], batch.lanes[B + at])
            batch.pixels[k], batch.pixels[RUN + k], batch.pixels[2 * RUN + k] = x, y, z
        nx, ny, nz = take(batch.pixels, 0), take(batch.pixels, RUN), take(batch.pixels, 2 * RUN)
    tx, ty, tz, hand = four(table.tangent, f)
    p, q = dent[0] * TWO - ONE, (dent[1] * TWO - ONE) * hand
    s = (dent[2] * TWO - ONE) * (-ONE if behind > ZERO else ONE)
    x = p * tx + q * (ny * tz - nz * ty) + s * nx
    y = p * ty + q * (nz * tx - nx * tz) + s * ny
    z = p * tz + q * (nx * ty - ny * tx) + s * nz
    return scaled((x, y, z), ONE / root(most(x * x + y * y + z * z, TINY)))


@njit(**PART)
def lens_light(batch, r, atlas, m, lamp):
    """Radiance (3 lanes) that a lamp's lens of material m sends out."""
    red, green, blue, _ = take_every_fourth(batch.texels, GLOW + 4 * RUN * r)
    peak = atlas.emission[m]
    return (
        red * (peak * atlas.emitted[lamp, 0]),
        green * (peak * atlas.emitted[lamp, 1]),
        blue * (peak * atlas.emitted[lamp, 2]),
    )
