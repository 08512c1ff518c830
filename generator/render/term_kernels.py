"""Compiled shading by terms: what ``shade`` adds up, told apart."""

from __future__ import annotations

from numba import njit

from ..kernel_options import ENTRY
from .beam_kernels import lamp_light
from .lanes import ramp
from .run_kernels import FIRST, PART, WHOLE, ZERO, follow, four, gather, minus, place_in_chart, plus, put, times
from .shade_kernels import light_of, light_on, light_runs, with_flicker
from .surface_kernels import colours, lens_light, read_relief, read_surfaces

RADIANCE, ALBEDO, LIGHT, DIRECT, BOUNCED, EMISSION, CAMERA, GROUPS = range(8)
"""Images that there are, in this order: the sum; what is sent back of white light; what falls on surfaces; what is sent
back of the lamps' own light and of what is bounced; what lenses emit; what the camera's lamp adds; then, of each group
of lamps, direct, bounced and emission together."""


@njit(**PART)
def _tell_groups(out, shape, slot, batch, r, atlas, parts, table, lamp_group, light, colour, glow):
    """Light (3 lanes) that a run gets straight from lamps; each group's image is written, if they are wanted.

    light: of all lamps; colour, glow: what the run sends back and what its lens sends out. Groups that do not light the
    chart are passed over, their images are 0 already. Failing lamps are the last group; what the others leave of the
    light is the first one's.
    """
    f, dark, groups = batch.facet[r], (ramp() * ZERO, ramp() * ZERO, ramp() * ZERO), len(parts.direct)
    chart, lamp, straight, rest = table.chart[f], table.lamp[f], dark, light
    rect, width, weight = four(table.light, chart), atlas.width, table.weight[chart]
    baked = rect[2] >= ZERO
    if baked:
        place_in_chart(batch, r, rect, width)
        straight = with_flicker(straight, batch, r, parts.flicker_direct, weight, width)
    for g in range(groups - 1, -1, -1):
        some = baked and parts.lit[chart, g]
        own = light_of(batch, r, parts.direct[g], width) if some else dark
        straight = plus(straight, own)
        if slot[GROUPS] < 0:
            continue
        if g == 0:
            own, some = rest, True
        elif baked:
            if parts.lit[chart, groups + g]:
                own, some = plus(own, light_of(batch, r, parts.bounced[g - 1], width)), True
            if g == groups - 1:
                own, some = with_flicker(own, batch, r, atlas.flicker, weight, width), some or weight.any()
            rest = minus(rest, own)
        if lamp >= 0 and lamp_group[lamp] == g:
            put(out, shape, slot[GROUPS + g], batch, r, plus(times(colour, own), glow))
        elif some:
            put(out, shape, slot[GROUPS + g], batch, r, times(colour, own))
    return straight


@njit(**WHOLE)
def shade_terms(
    out, slot, faces, start_of, frame, rays, table, albedo, emission, relief, atlas, parts, lamp_group, beam,
    max_taps, blend, batch,
):  # fmt: skip
    """The wanted images of rows of samples, channels of rows of out (H, 3 N, W), 0 before.

    slot (GROUPS + G,): where each image begins among the channels, -3 where it is not wanted. All else as in ``shade``,
    whose radiance the terms add up to but for rounding; parts: ``PartTables``; lamp_group (L,); beam: without a
    camera's lamp, one that is open nowhere, (0, 0).
    """
    flat, opened, dark = out.reshape(-1), beam.open.reshape(-1), (ramp() * ZERO, ramp() * ZERO, ramp() * ZERO)
    shape, row, column = out.shape[1:], FIRST, FIRST
    while row < len(faces):
        n, row, column = gather(batch, faces, start_of, row, column)
        follow(batch, n, frame)
        read_surfaces(batch, n, frame, table, albedo, emission, atlas, max_taps, blend)
        if len(opened):
            read_relief(batch, n, frame, table.material, relief, blend)
        light_runs(batch, n, atlas, table, False)
        for r in range(n):
            f, light = batch.facet[r], light_on(batch, r)
            m, lamp, glow, lit = table.material[f], table.lamp[f], dark, dark
            colour, wet = colours(batch, r, table, rays, atlas.pile[m])
            if lamp >= 0 and emission.levels[m] > 0:
                glow = lens_light(batch, r, atlas, m, lamp)
                put(flat, shape, slot[EMISSION], batch, r, glow)
            if len(opened):
                lit = lamp_light(batch, r, rays, table, atlas, beam, opened, frame[f, 19], colour, wet)
                put(flat, shape, slot[CAMERA], batch, r, lit)
            straight = _tell_groups(flat, shape, slot, batch, r, atlas, parts, table, lamp_group, light, colour, glow)
            put(flat, shape, slot[RADIANCE], batch, r, plus(plus(times(colour, light), glow), lit))
            put(flat, shape, slot[ALBEDO], batch, r, colour)
            put(flat, shape, slot[LIGHT], batch, r, light)
            put(flat, shape, slot[DIRECT], batch, r, times(colour, straight))
            put(flat, shape, slot[BOUNCED], batch, r, times(colour, minus(light, straight)))


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
