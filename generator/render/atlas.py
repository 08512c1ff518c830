"""The inputs of shading that do not change from frame to frame, in the form both renderers read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..light.lightmap import LAYERS, Lightmap
from ..surface.material import Patina


@dataclass(frozen=True)
class Charts:
    """Where each chart lies in the two atlases, and what it looks like when its texels are shown.

    light, patina (C, 4) float32: column and row of the first sample's centre, then columns and rows from the first
    sample to the last; the third is negative where the chart was not baked (black) or has no patina (factor 1).
    lamp (C, LAYERS) int32: failing lamp of each flicker layer, or -1. colour (C, 3) float32 for ``aov.texels``.
    """

    light: NDArray[np.float32]
    patina: NDArray[np.float32]
    lamp: NDArray[np.int32]
    colour: NDArray[np.float32]


def charts_of(lightmap: Lightmap, patina: Patina) -> Charts:
    """The chart table of a lightmap and its patina."""
    return Charts(
        _rectangles(lightmap.chart_place, lightmap.chart_size),
        _rectangles(patina.chart_place, patina.chart_size),
        lightmap.chart_lamp.astype(np.int32).reshape(-1, LAYERS),
        _chart_colours(len(lightmap.chart_size)),
    )


def _rectangles(place: NDArray[np.int32], size: NDArray[np.int32]) -> NDArray[np.float32]:
    """Rows (x, y, width, height) of sample positions; samples stand at texel centres."""
    baked = np.all(size > 0, axis=1, keepdims=True)
    rect = np.concatenate([place + 0.5, np.maximum(size - 1, 0)], axis=1)
    return np.where(baked, rect, [[0.5, 0.5, -1.0, -1.0]]).astype(np.float32)


def _chart_colours(count: int) -> NDArray[np.float32]:
    """Colours that differ between neighbours. Source: Roberts, the R3 sequence (plastic constant in 3D)."""
    steps = 1.2207440846057596 ** -np.arange(1.0, 4.0)
    return (0.25 + 0.75 * ((np.arange(count)[:, None] * steps) % 1.0)).astype(np.float32)
