"""A level ready to be drawn, and what a renderer gives of it: the noun of the render stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Lamps, Level
from ..light.lightmap import Lightmap
from ..surface.material import Patina
from ..surface.textures import Textures
from .atlas import Charts, charts_of
from .edges import antialias, edge_samples
from .facets import Facets, facets_of
from .view import Quality, View


@dataclass(frozen=True)
class Drawable:
    """A level ready to be drawn: what both renderers and the passes read.

    origin: the level's chunk. quality: how finely textures are sampled, and whether edges are antialiased.
    """

    origin: tuple[int, int]
    lamps: Lamps
    facets: Facets
    charts: Charts
    textures: Textures
    lightmap: Lightmap
    patina: Patina
    quality: Quality


class Edges(NamedTuple):
    """The N pixels that edges run through: row and column (N,), and for each of their four samples one of the facets
    about, seen (N, 4), whose surface holds it, or -1."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    seen: NDArray[np.int32]


@dataclass(frozen=True)
class Picture:
    """What a camera sees, and where. The passes of ``aov`` are functions of it.

    radiance (H, W, 3) float32: linear, Rec.709 primaries, W·sr⁻¹·m⁻², not clamped. facet (H, W) int32: what the centre
    of each pixel sees, into ``drawable.facets``, -1 for nothing. edges: what else the pixels at edges see, from which
    ``aov.coverage`` follows; a draft has none. lamp_output (L,): every lamp's output meanwhile, 0..1, None for 1.
    """

    radiance: NDArray[np.float32]
    facet: NDArray[np.int32]
    edges: Edges
    view: View
    lamp_output: NDArray | None
    drawable: Drawable


def drawable_of(
    level: Level, lightmap: Lightmap, patina: Patina, textures: Textures, quality: Quality = "normal"
) -> Drawable:
    """The drawable of a level whose materials' textures are ``textures``, in their order."""
    facets, charts = facets_of(level, textures, lightmap), charts_of(lightmap, patina)
    return Drawable(level.origin, level.lamps, facets, charts, textures, lightmap, patina, quality)


def antialiased_picture(
    drawable: Drawable,
    view: View,
    radiance: NDArray[np.float32],
    facet: NDArray[np.int32],
    lamp_output: NDArray | None,
) -> Picture:
    """The picture of what the centres of pixels see, (H, W, 3) and (H, W); at its edges ``radiance`` is replaced by
    the mean of four samples, but in drafts."""
    edges = Edges(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 4), np.int32))
    if drawable.quality != "draft":
        f = drawable.facets
        edges = Edges(*edge_samples(facet, f.surface, f.across, f.corners, view.eye, view.rays))
        antialias(radiance, facet, *edges)
    return Picture(radiance, facet, edges, view, lamp_output, drawable)
