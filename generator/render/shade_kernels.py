"""Compiled shading of samples whose facet is known: the Embree renderer's half of what ``mesh.frag`` does."""

from __future__ import annotations

from math import floor

import numpy as np
from numba import njit

from ..kernel_options import ENTRY
from .beam_kernels import lamp_light
from .lanes import floored, keep, keep_in_turn, ramp, single, take, whole
from .run_kernels import (
    BLUE,
    FIRST,
    GREEN,
    HALF,
    ONE,
    PART,
    RED,
    RUN,
    STEP,
    WHOLE,
    ZERO,
    A,
    B,
    follow,
    four,
    gather,
    plus,
    scaled,
    times,
)
from .surface_kernels import colours, lens_light, read_relief, read_surfaces

STEADY = np.float32(0.25)
"""Texels of the lightmap over which light is taken as even in a run: what that errs by is a thousandth of an eight-bit
step in the mean over pictures, and less than one anywhere."""


@njit(**ENTRY)
def place_facets(frame, stamp, faces, anchor, normal, values, gradients, eye, corner, across, down):
    """Write, for every facet met for the first time, its row of ``frame`` (F, 20) float32.

    Columns 0:3: one over the distance along the ray, as a linear function 1, x, y of the picture's coordinates;
    then for each of the four values its constant and the three coefficients of what is divided by that distance;
    last 1 where the facet is seen from behind, else -1.
    """
    for i in range(len(faces)):
        f = faces[i]
        if f < 0 or stamp[f]:
            continue
        stamp[f] = True
        reach = 0.0
        for d in range(3):
            reach += normal[f, d] * (anchor[f, d] - eye[d])
        if abs(reach) < 1e-9:
            reach = 1e-9
        n0, n1, n2 = 0.0, 0.0, 0.0
        for d in range(3):
            n0 += normal[f, d] * corner[d]
            n1 += normal[f, d] * across[d]
            n2 += normal[f, d] * down[d]
        frame[f, 0], frame[f, 1], frame[f, 2] = n0 / reach, n1 / reach, n2 / reach
        frame[f, 19] = np.sign(reach)
        for k in range(4):
            base, c0, c1, c2 = values[f, k], 0.0, 0.0, 0.0
            for d in range(3):
                g = gradients[f, k, d]
                base += g * (eye[d] - anchor[f, d])
                c0 += g * corner[d]
                c1 += g * across[d]
                c2 += g * down[d]
            if k < 2:
                base -= floor(base)
            row = 3 + 4 * k
            frame[f, row], frame[f, row + 1], frame[f, row + 2], frame[f, row + 3] = base, c0, c1, c2


@njit(**PART)
def read_light(texels, width, x, y):
    """Three channels of an atlas with rows of ``width`` at (x, y) in texels; samples stand at + 0.5."""
    x, y = x - HALF, y - HALF
    x0, y0 = int(x), int(y)
    ax, ay, t = x - np.float32(x0), y - np.float32(y0), texels
    p, q = np.uint64(3 * (y0 * width + x0)), np.uint64(3 * ((y0 + 1) * width + x0))
    a0, b0 = t[p], t[q]
    a1, b1 = t[p + np.uint64(1)], t[q + np.uint64(1)]
    a2, b2 = t[p + np.uint64(2)], t[q + np.uint64(2)]
    a3, b3 = t[p + np.uint64(3)], t[q + np.uint64(3)]
    a4, b4 = t[p + np.uint64(4)], t[q + np.uint64(4)]
    a5, b5 = t[p + np.uint64(5)], t[q + np.uint64(5)]
    a0, a1, a2 = a0 + ay * (b0 - a0), a1 + ay * (b1 - a1), a2 + ay * (b2 - a2)
    a3, a4, a5 = a3 + ay * (b3 - a3), a4 + ay * (b4 - a4), a5 + ay * (b5 - a5)
    return a0 + ax * (a3 - a0), a1 + ax * (a4 - a1), a2 + ax * (a5 - a2)


@njit(**PART)
def place_light(batch, r, rect):
    """Write to ``share`` where a run lies in a chart's rectangle of the lightmap; whether light is even over it."""
    left, top, wide, high = rect
    keep(batch.share, 0, take(batch.lanes, A + RUN * r) * wide + left)
    keep(batch.share, RUN, take(batch.lanes, B + RUN * r) * high + top)
    last = batch.length[r] - 1
    return max(abs(batch.share[last] - batch.share[0]), abs(batch.share[RUN + last] - batch.share[RUN])) < STEADY


@njit(**STEP)
def light_of(batch, r, texels, width, even):
    """Irradiance / pi (3 lanes) of one image of a lightmap in a run that ``place_light`` has placed.

    Where it is even it is looked up at both ends, and taken to change evenly in between.
    """
    last = batch.length[r] - 1
    near = read_light(texels, width, batch.share[0], batch.share[RUN])
    if even:
        far = read_light(texels, width, batch.share[last], batch.share[RUN + last])
        step = ramp() * (ONE / np.float32(max(last, 1)))
        red, green = step * (far[0] - near[0]) + near[0], step * (far[1] - near[1]) + near[1]
        return red, green, step * (far[2] - near[2]) + near[2]
    for k in range(last + 1):
        red, green, blue = read_light(texels, width, batch.share[k], batch.share[RUN + k])
        batch.pixels[k], batch.pixels[RUN + k], batch.pixels[2 * RUN + k] = red, green, blue
    return take(batch.pixels, 0), take(batch.pixels, RUN), take(batch.pixels, 2 * RUN)


@njit(**PART)
def with_flicker(light, batch, r, images, weight, width, even):
    """Light (3 lanes) and that of failing lamps; images (K, 3 * H * W); weight (K,) of each now."""
    for k in range(len(images)):
        if weight[k] > ZERO:
            light = plus(light, scaled(light_of(batch, r, images[k], width, even), weight[k]))
    return light


@njit(**STEP)
def light_runs(batch, n, atlas, table, chequered):
    """Irradiance / pi of n runs: rows RED to BLUE. chequered: with every other texel dimmed, in its chart's colour."""
    for r in range(n):
        chart, light = table.chart[batch.facet[r]], (ramp() * ZERO, ramp() * ZERO, ramp() * ZERO)
        rect = four(table.light, chart)
        if rect[2] >= ZERO:
            even = place_light(batch, r, rect) and not chequered
            light = light_of(batch, r, atlas.steady, atlas.width, even)
            light = with_flicker(light, batch, r, atlas.flicker, table.weight[chart], atlas.width, even)
            if chequered:
                dim, tint = _chequer(batch), table.colour[chart]
                light = light[0] * dim * tint[0], light[1] * dim * tint[1], light[2] * dim * tint[2]
        keep(batch.lanes, RED + RUN * r, light[0])
        keep(batch.lanes, GREEN + RUN * r, light[1])
        keep(batch.lanes, BLUE + RUN * r, light[2])


@njit(**PART)
def _chequer(batch):
    """1 on the white squares of a chequered lightmap, a half on the black ones, of a run that is placed."""
    half = single(whole(take(batch.share, 0)) + whole(take(batch.share, RUN))) * HALF
    return ONE - (half - floored(half))


@njit(**PART)
def light_on(batch, r):
    """What ``light_runs`` found for a run (3 lanes)."""
    at = RUN * r
    return take(batch.lanes, RED + at), take(batch.lanes, GREEN + at), take(batch.lanes, BLUE + at)


@njit(**WHOLE)
def shade(
    out, faces, start_of, frame, rays, table, albedo, emission, relief, atlas, beam, max_taps, blend, chequered, batch
):
    """Radiance out (H * W * 3,), 0 before, of rows of samples, a pixel's width apart.

    faces (H, W), start_of (H, 2): of ``gather``. rays (3, 3) float32: corner, across, down. The footprint is worked out
    once for every run of up to RUN pixels of a row on one facet, and so is the light where it changes little within.
    beam: None without a camera lamp; then a kernel is compiled that knows of none. chequered: instead the light / pi
    alone, its texels chequered and its charts in their colours. batch: of ``empty_batch``.
    """
    row = column = FIRST
    while row < len(faces):
        n, row, column = gather(batch, faces, start_of, row, column)
        follow(batch, n, frame)
        if not chequered:
            read_surfaces(batch, n, frame, table, albedo, emission, atlas, max_taps, blend)
        if beam is not None:
            read_relief(batch, n, frame, table.material, relief, blend)
        light_runs(batch, n, atlas, table, chequered)
        for r in range(n):
            f, seen = batch.facet[r], light_on(batch, r)
            m, lamp = table.material[f], table.lamp[f]
            if not chequered:
                colour, wet = colours(batch, r, table, rays, atlas.pile[m])
                seen = times(colour, seen)
                if lamp >= 0 and emission.levels[m] > 0:
                    seen = plus(seen, lens_light(batch, r, atlas, m, lamp))
                if beam is not None:
                    opened = beam.open.reshape(-1)
                    seen = plus(seen, lamp_light(batch, r, rays, table, atlas, beam, opened, frame[f, 19], colour, wet))
            keep_in_turn(batch.pixels, 0, seen[0], seen[1], seen[2])
            for k in range(3 * batch.length[r]):
                out[3 * batch.place[r] + k] = batch.pixels[k]
