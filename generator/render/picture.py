"""A level ready to be drawn, and what a renderer gives of it: the noun of the render stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Lamps, Level
from ..light.lightmap import Lightmap
from ..plan.floors import floor_at
from ..surface.lay import WET
from ..surface.material import Patina
from ..surface.palette import Wear
from ..surface.textures import Textures
from .atlas import Charts, charts_of
from .edges import Edges
from .facets import Facets, facets_of
from .view import Quality, View

LEVEL, FLAT_M = 0.9999, 0.02
"""Least upward share of a level face's normal, and most that paint lies over a floor; off kerbs water runs."""


@dataclass(frozen=True)
class Drawable:
    """A level ready to be drawn: what both renderers and the passes read.

    origin: the level's chunk. quality: how finely textures are sampled. mirrors (F,): facets of level floors on which
    there is water somewhere, which mirrors what is over it.
    """

    origin: tuple[int, int]
    lamps: Lamps
    facets: Facets
    charts: Charts
    textures: Textures
    lightmap: Lightmap
    patina: Patina
    quality: Quality
    mirrors: NDArray[np.bool_]


class Mirror(NamedTuple):
    """What wet floors mirror in a picture: the share (H, W) that it takes of what is under the water, and the light
    (H, W, 3) that it adds."""

    share: NDArray[np.float32]
    light: NDArray[np.float32]


@dataclass(frozen=True)
class Picture:
    """What a camera sees, and where. The passes of ``aov`` are functions of it.

    radiance (H, W, 3) float32: linear, Rec.709 primaries, W·sr⁻¹·m⁻², not clamped. facet (H, W) int32: what the centre
    of each pixel sees, into ``drawable.facets``, -1 for nothing. edges: what else the pixels at edges see, from which
    ``aov.coverage`` follows. lamp_output (L,): every lamp's output meanwhile, 0..1, None for 1.
    mirror: None where no floor is wet.
    """

    radiance: NDArray[np.float32]
    facet: NDArray[np.int32]
    edges: Edges
    view: View
    lamp_output: NDArray | None
    drawable: Drawable
    mirror: Mirror | None


def drawable_of(
    level: Level, lightmap: Lightmap, patina: Patina, textures: Textures, quality: Quality = "normal"
) -> Drawable:
    """The drawable of a level whose materials' textures are ``textures``, in their order."""
    facets, charts = facets_of(level, textures, lightmap), charts_of(lightmap, patina)
    mirrors = (level.palette.wear == Wear.SLAB)[facets.material] & (facets.normal[:, 2] > LEVEL)
    middle = facets.corners[mirrors].mean(axis=1)
    mirrors[mirrors] = middle[:, 2] < floor_at(level.floor_m, middle[:, :2]) + FLAT_M
    chart = np.unique(facets.chart[mirrors])
    dry = chart[[not _is_wet(patina, k) for k in chart.tolist()]]
    mirrors[np.isin(facets.chart, dry)] = False
    return Drawable(level.origin, level.lamps, facets, charts, textures, lightmap, patina, quality, mirrors)


def _is_wet(patina: Patina, chart: int) -> bool:
    """Tell whether there is water anywhere on a chart."""
    (x, y), (wide, high) = patina.chart_place[chart], patina.chart_size[chart]
    return bool((patina.factor[y : y + high, x : x + wide, 3] > WET).any())
