"""Compiled shading of samples whose facet is known: the Embree renderer's half of what ``mesh.frag`` does."""

from __future__ import annotations

from math import floor

import numpy as np
from numba import njit

from ..kernel_options import ENTRY
from .beam_kernels import lamp_light
from .lanes import between_three, floored, keep, keep_in_turn, ramp, single, take, take_every_fourth, whole
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
    place_in_chart,
    plus,
    scaled,
    times,
)
from .surface_kernels import colours, lens_light, read_relief, read_surfaces


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


@njit(**STEP)
def light_of(batch, r, texels, width):
    """Irradiance / pi (3 lanes) of one image of a lightmap, rows of ``width``, in a run that is placed in its chart."""
    for k in range(batch.length[r]):
        texel = between_three(texels, np.int64(batch.texel[k]), width, batch.share[k], batch.share[RUN + k])
        keep(batch.pixels, 4 * k, texel)
    red, green, blue, _ = take_every_fourth(batch.pixels, 0)
    return red, green, blue


@njit(**PART)
def with_flicker(light, batch, r, images, weight, width):
    """Light (3 lanes) and that of failing lamps; images (K, 3 * H * W); weight (K,) of each now."""
    for k in range(len(images)):
        if weight[k] > ZERO:
            light = plus(light, scaled(light_of(batch, r, images[k], width), weight[k]))
    return light


@njit(**STEP)
def light_runs(batch, n, atlas, table, chequered):
    """Irradiance / pi of n runs: rows RED to BLUE. chequered: with every other texel dimmed, in its chart's colour."""
    for r in range(n):
        chart, light = table.chart[batch.facet[r]], (ramp() * ZERO, ramp() * ZERO, ramp() * ZERO)
        rect = four(table.light, chart)
        if rect[2] >= ZERO:
            place_in_chart(batch, r, rect, atlas.width)
            light = light_of(batch, r, atlas.steady, atlas.width)
            light = with_flicker(light, batch, r, atlas.flicker, table.weight[chart], atlas.width)
            if chequered:
                dim, tint = _chequer(batch, r, rect), table.colour[chart]
                light = light[0] * dim * tint[0], light[1] * dim * tint[1], light[2] * dim * tint[2]
        keep(batch.lanes, RED + RUN * r, light[0])
        keep(batch.lanes, GREEN + RUN * r, light[1])
        keep(batch.lanes, BLUE + RUN * r, light[2])


@njit(**PART)
def _chequer(batch, r, rect):
    """1 on the white squares of a chequered lightmap, a half on the black ones, of a run in a chart's rectangle."""
    x, y = take(batch.lanes, A + RUN * r) * rect[2] + rect[0], take(batch.lanes, B + RUN * r) * rect[3] + rect[1]
    half = single(whole(x) + whole(y)) * HALF
    return ONE - (half - floored(half))


@njit(**PART)
def light_on(batch, r):
    """What ``light_runs`` found for a run (3 lanes)."""
    at = RUN * r
    return take(batch.lanes, RED + at), take(batch.lanes, GREEN + at), take(batch.lanes, BLUE + at)


@njit(**PART)
def _put_in_turn(out, batch, r, lanes):
    """Write three lanes of a run to out (H * W * 3,)."""
    if batch.free[r]:
        keep_in_turn(out, 3 * batch.place[r], lanes[0], lanes[1], lanes[2])
        return
    keep_in_turn(batch.pixels, 0, lanes[0], lanes[1], lanes[2])
    for k in range(3 * batch.length[r]):
        out[3 * batch.place[r] + k] = batch.pixels[k]


@njit(**WHOLE)
def shade(
    out, faces, start_of, frame, rays, table, albedo, emission, relief, atlas, beam, max_taps, blend, chequered, batch
):
    """Radiance out (H * W * 3,), 0 before, of rows of samples, a pixel's width apart.

    faces (H, W), start_of (H, 2): of ``gather``. rays (3, 3) float32: corner, across, down. The footprint is worked out
    once for every run of up to RUN pixels of a row on one facet.
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
            _put_in_turn(out, batch, r, seen)
