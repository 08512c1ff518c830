"""Compiled shading by terms: what ``shade`` adds up, told apart."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER
from ..surface.lay import MOST, WET
from .shade_kernels import (
    FAST,
    HALF,
    ONE,
    RUN,
    STEADY,
    UNIT,
    facet_normal,
    follow,
    footprint,
    four,
    lit_by_beam,
    pile_lean,
    pile_slant,
    probe,
    read,
    read_light,
    read_patina,
    relief_normal,
)

RADIANCE, ALBEDO, LIGHT, DIRECT, BOUNCED, EMISSION, CAMERA, GROUPS = range(8)
"""Images that there are, in this order: the sum; what is sent back of white light; what falls on surfaces; what is sent
back of the lamps' own light and of what is bounced; what lenses emit; what the camera's lamp adds; then, of each group
of lamps, direct, bounced and emission together."""


ALL, STRAIGHT, INDIRECT, SUMS = range(4)
"""Light on a surface, of all lamps; then comes that of each group."""


@njit(**INNER, fastmath=FAST, forceinline=True)
def _light_terms(into, atlas, parts, weight, chart, x, y):
    """Irradiance / pi at (x, y) in texels of the lightmap into (SUMS + G, 3): all, straight, bounced, and that of each
    group of lamps. Groups that do not light the chart are passed over."""
    groups, fails = len(parts.direct), SUMS + len(parts.direct) - 1
    into[:] = np.float32(0)
    steady = read_light(atlas.steady, atlas.width, x, y)
    for d in range(3):
        into[ALL, d] = into[SUMS, d] = steady[d]
    for g in range(groups):
        if parts.lit[chart, g]:
            own = read_light(parts.direct[g], atlas.width, x, y)
            for d in range(3):
                into[STRAIGHT, d] += own[d]
                if g > 0:
                    into[SUMS + g, d] += own[d]
                    into[SUMS, d] -= own[d]
        if g > 0 and parts.lit[chart, groups + g]:
            own = read_light(parts.bounced[g - 1], atlas.width, x, y)
            for d in range(3):
                into[SUMS + g, d] += own[d]
                into[SUMS, d] -= own[d]
    for k in range(len(atlas.flicker)):
        share = weight[chart, k]
        if share > 0:
            whole = read_light(atlas.flicker[k], atlas.width, x, y)
            own = read_light(parts.flicker_direct[k], atlas.width, x, y)
            for d in range(3):
                into[ALL, d] += share * whole[d]
                into[STRAIGHT, d] += share * own[d]
                into[fails, d] += share * whole[d]
    for d in range(3):
        into[INDIRECT, d] = into[ALL, d] - into[STRAIGHT, d]


@njit(**ENTRY, fastmath=FAST)
def shade_terms(
    out, slot, faces, start_of, frame, rays, table, albedo, emission, relief, atlas, parts, lamp_group, beam,
    taps, blend,
):  # fmt: skip
    """The wanted images of rows of samples, side by side in out (H, W, 3 N) float32.

    slot (GROUPS + G,): where each image begins among the channels, -3 where it is not wanted. All else as in ``shade``,
    whose radiance the terms add up to but for rounding; parts: ``PartTables``; lamp_group (L,); beam: without a
    camera's lamp, one that is open nowhere, (0, 0).
    """
    height, width = faces.shape
    zero = np.float32(0)
    places = np.empty((5, width), np.float32)
    groups = len(parts.direct)
    light, step = np.zeros((SUMS + groups, 3), np.float32), np.zeros((SUMS + groups, 3), np.float32)
    for row in range(height):
        left, y, end = start_of[row, 0], start_of[row, 1], 0
        while end < width:
            begin, f = end, faces[row, end]
            while end < width and faces[row, end] == f:
                end += 1
            if f < 0:
                out[row, begin:end] = zero
                continue
            follow(frame, f, left + np.float32(begin), y, np.int64(begin), end - begin, places)
            m, chart, lamp = table.material[f], table.chart[f], table.lamp[f]
            glows = lamp >= 0 and emission.levels[m] > 0
            bent = beam.open.size > 0
            light_x, light_y, light_w, light_h = four(table.light, chart)
            patina_x, patina_y, patina_w, patina_h = four(table.patina, chart)
            baked, aged = light_w >= 0, patina_w >= 0
            for start in range(begin, end, RUN):
                stop = min(start + RUN, end)
                middle = left + HALF * np.float32(start + stop - 1)
                ux, vx, uy, vy = footprint(frame, f, middle, y)
                colour_probe = probe(albedo, m, ux, vx, uy, vy, taps, blend)
                glow_probe = probe(emission, m, ux, vx, uy, vy, taps, blend) if glows else colour_probe
                dent_probe = probe(relief, m, ux, vx, uy, vy, 1, blend) if bent else colour_probe
                tip, deeper, swept = ONE, zero, zero
                if atlas.pile[m] != zero:
                    k = (start + stop) // 2
                    facing = facet_normal(table, f, chart, places[3, k], places[4, k])
                    tip, deeper, swept = pile_slant(facing, rays, middle, y)
                    deeper *= atlas.pile[m]
                a0, b0, a1, b1 = places[3, start], places[4, start], places[3, stop - 1], places[4, stop - 1]
                even = max(abs(a1 - a0) * light_w, abs(b1 - b0) * light_h) < STEADY
                if not baked:
                    light[:] = zero
                elif even:
                    x0, y0, x1, y1 = a0 * light_w, b0 * light_h, a1 * light_w, b1 * light_h
                    _light_terms(light, atlas, parts, table.weight, chart, light_x + x0, light_y + y0)
                    _light_terms(step, atlas, parts, table.weight, chart, light_x + x1, light_y + y1)
                    share = ONE / np.float32(max(stop - 1 - start, 1))
                    for t in range(SUMS + groups):
                        for d in range(3):
                            step[t, d] = (step[t, d] - light[t, d]) * share
                            light[t, d] -= step[t, d]
                for column in range(start, stop):
                    u, v, a, b = places[1, column], places[2, column], places[3, column], places[4, column]
                    if baked and even:
                        for t in range(SUMS + groups):
                            for d in range(3):
                                light[t, d] += step[t, d]
                    elif baked:
                        x0, y0 = a * light_w, b * light_h
                        _light_terms(light, atlas, parts, table.weight, chart, light_x + x0, light_y + y0)
                    red, green, blue, gap = read(albedo.texels, colour_probe, u, v)
                    seen, wet = tip + deeper * gap, zero
                    red, green, blue = red * seen, green * seen, blue * seen
                    if aged:
                        px, py = patina_x + a * patina_w, patina_y + b * patina_h
                        pr, pg, pb, pw = read_patina(atlas.patina, atlas.patina_width, px, py)
                        kept = UNIT * (ONE + swept * pile_lean(pw))
                        red, green, blue = red * pr * kept, green * pg * kept, blue * pb * kept
                        wet = max(pw - np.float32(WET), zero) * np.float32(1 / (MOST - WET))
                    colour, glow, lit = (red, green, blue), (zero, zero, zero), (zero, zero, zero)
                    if glows:
                        er, eg, eb, _ = read(emission.texels, glow_probe, u, v)
                        peak = atlas.emission[m]
                        glow = (
                            er * peak * atlas.emitted[lamp, 0],
                            eg * peak * atlas.emitted[lamp, 1],
                            eb * peak * atlas.emitted[lamp, 2],
                        )
                    if bent and beam.open[row, column] > 0:
                        dent = read(relief.texels, dent_probe, u, v)
                        normal = relief_normal(table, f, chart, a, b, frame[f, 19], dent)
                        x, reach = left + np.float32(column), places[0, column]
                        hx = (rays[0, 0] + x * rays[1, 0] + y * rays[2, 0]) * reach
                        hy = (rays[0, 1] + x * rays[1, 1] + y * rays[2, 1]) * reach
                        hz = (rays[0, 2] + x * rays[1, 2] + y * rays[2, 2]) * reach
                        shine, metal, falls = atlas.specular[m], atlas.metallic[m], beam.open[row, column]
                        br, bg, bb = lit_by_beam(beam, hx, hy, hz, normal, colour, dent[3], shine, metal, wet)
                        lit = np.float32(falls * br), np.float32(falls * bg), np.float32(falls * bb)
                    for d in range(3):
                        _put(out, row, column, slot[RADIANCE] + d, colour[d] * light[ALL, d] + glow[d] + lit[d])
                        _put(out, row, column, slot[ALBEDO] + d, colour[d])
                        _put(out, row, column, slot[LIGHT] + d, light[ALL, d])
                        _put(out, row, column, slot[DIRECT] + d, colour[d] * light[STRAIGHT, d])
                        _put(out, row, column, slot[BOUNCED] + d, colour[d] * light[INDIRECT, d])
                        _put(out, row, column, slot[EMISSION] + d, glow[d])
                        _put(out, row, column, slot[CAMERA] + d, lit[d])
                    if slot[GROUPS] < 0:
                        continue
                    for g in range(groups):
                        own = glow if glows and lamp_group[lamp] == g else (zero, zero, zero)
                        for d in range(3):
                            out[row, column, slot[GROUPS + g] + d] = colour[d] * light[SUMS + g, d] + own[d]


@njit(**INNER, fastmath=FAST, forceinline=True)
def _put(out, row, column, channel, value):
    """Write a value, where its image is wanted."""
    if channel >= 0:
        out[row, column, channel] = value


@njit(**ENTRY)
def chart_is_lit(images, width, place, size, out):
    """Whether any texel of each chart has light in each of images (N, 3 H W) of rows of ``width``, into out (C, N)."""
    for n in range(len(images)):
        for c in range(len(place)):
            out[c, n] = False
            for row in range(place[c, 1], place[c, 1] + size[c, 1]):
                first = 3 * (row * width + place[c, 0])
                for at in range(first, first + 3 * size[c, 0]):
                    out[c, n] |= images[n, at] != 0
