"""The noun of the light stage: irradiance on the charts of a level, packed in one atlas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LAYERS = 3
"""Failing lamps are coloured so that at most this many overlap on any chart."""


@dataclass(frozen=True)
class LightParts:
    """What the light of a lightmap is made of: of which lamps, and how much of it straight from them.

    group: names of groups of lamps, the failing ones last where there are any; lamp_group (L,) int32: that of each row
    of ``level.lamps``. All images are in the lightmap's atlas.
    direct (G, H, W, 3) float32: the part of ``steady`` that comes straight from the lamps of each group.
    bounced (G - 1, H, W, 3): the part that is bounced, of the groups after the first; the first has the rest.
    flicker_direct (LAYERS or 0, H, W, 3): the part of ``flicker`` that comes straight from its lamps.
    """

    group: tuple[str, ...]
    lamp_group: NDArray[np.int32]
    direct: NDArray[np.float32]
    bounced: NDArray[np.float32]
    flicker_direct: NDArray[np.float32]


@dataclass(frozen=True)
class Lightmap:
    """Linear irradiance / pi per sample: times albedo it is the radiance of a diffuse surface.

    Charts are those of ``expand(level)``: the building's first, then each instance's in order.
    chart_size (C, 2) int32: samples along u and v, at least 2 each; (0, 0) when the chart was not baked.
    chart_place (C, 2) int32: column, row of the chart's first sample in the atlas. Sample (a, b) of a chart
        stands at chart_uv = (a / (nu - 1), b / (nv - 1)); one guard texel of repeated border lies around it.
    steady (H, W, 3) float32: all lamps that do not fail, with all their bounces.
    flicker (LAYERS, H, W, 3) float32: one layer per colour of failing lamps, each lamp at full output; its
        array has shape (0, H, W, 3) where nothing fails.
    chart_lamp (C, LAYERS) int32: which failing lamp, by its first row in ``level.lamps``, layer k of a chart
        carries, -1 for none.
    parts: what all this is made of, where it was asked for.
    """

    chart_size: NDArray[np.int32]
    chart_place: NDArray[np.int32]
    steady: NDArray[np.float32]
    flicker: NDArray[np.float32]
    chart_lamp: NDArray[np.int32]
    parts: LightParts | None = None
