"""Tables that the shading kernels read, and the facets of a picture placed for them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..surface.pyramid import Pyramids
from .aov_kernels import fill_nearness
from .facets import Facets
from .lamp import Beam
from .lamp_state import flicker_weights, lens_radiance
from .picture import Drawable
from .run_kernels import empty_batch
from .shade_kernels import place_facets, shade
from .texture_filter import MAX_TAPS
from .view import View

OVER_M = 0.02
"""What lies less than this over a mirror is part of it: paint, grates."""


class FacetTable(NamedTuple):
    """Columns of ``Facets``, ``Charts`` and ``Bends`` that the kernels read, and the flicker weights (C, LAYERS) of the
    frame."""

    material: NDArray[np.int32]
    chart: NDArray[np.int32]
    lamp: NDArray[np.int32]
    normal: NDArray[np.float32]
    tangent: NDArray[np.float32]
    light: NDArray[np.float32]
    patina: NDArray[np.float32]
    weight: NDArray[np.float32]
    colour: NDArray[np.float32]
    bend: NDArray[np.int32]
    corner: NDArray[np.float32]


class Texture(NamedTuple):
    """The columns of ``Pyramids``."""

    texels: NDArray[np.uint16]
    first: NDArray[np.int32]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    levels: NDArray[np.int32]


class Atlas(NamedTuple):
    """steady (3 * H * W,), flicker (K, 3 * H * W) float32, rows of ``width`` texels; patina (4 * H * W,) uint8, rows
    of ``patina_width``. emission (M,) peaks; specular, metallic (M,); pile (M,); emitted (L, 3) radiance of each
    lamp's lens now.
    """

    steady: NDArray[np.float32]
    flicker: NDArray[np.float32]
    patina: NDArray[np.uint8]
    width: int
    patina_width: int
    emission: NDArray[np.float32]
    specular: NDArray[np.float32]
    metallic: NDArray[np.float32]
    pile: NDArray[np.float32]
    emitted: NDArray[np.float32]


class Tables(NamedTuple):
    """All that is read of a drawable, lamps at full output. taps: how often a texture is read along a pixel's longer
    axis at most; blend: whether two of its levels are mixed, or the nearer one taken."""

    facets: FacetTable
    albedo: Texture
    emission: Texture
    relief: Texture
    atlas: Atlas
    taps: int
    blend: bool


def tables_of(drawable: Drawable) -> Tables:
    """The tables of a drawable; what can be is shared with it."""
    f, charts, light = drawable.facets, drawable.charts, drawable.lightmap
    textures, patina = drawable.textures, drawable.patina.factor
    return Tables(
        facets=FacetTable(
            f.material,
            f.chart,
            f.lamp,
            f.normal.astype(np.float32),
            f.tangent,
            charts.light,
            charts.patina,
            flicker_weights(charts.lamp, None),
            charts.colour,
            f.bends.row,
            f.bends.corner.astype(np.float32),
        ),
        albedo=_texture(textures.albedo),
        emission=_texture(textures.emission),
        relief=_texture(textures.relief),
        atlas=Atlas(
            steady=light.steady.reshape(-1),
            flicker=light.flicker.reshape(len(light.flicker), light.steady.size),
            patina=patina.reshape(-1),
            width=light.steady.shape[1],
            patina_width=patina.shape[1],
            emission=textures.peak,
            specular=textures.specular,
            metallic=textures.metallic,
            pile=textures.pile,
            emitted=lens_radiance(drawable.lamps, None),
        ),
        taps=MAX_TAPS[drawable.quality],
        blend=drawable.quality != "draft",
    )


class Shader:
    """Shades facets of a drawable on the processor."""

    def __init__(self, drawable: Drawable) -> None:
        self._drawable, self._tables = drawable, tables_of(drawable)
        self._frame = np.zeros((len(drawable.facets.anchor), 20), np.float32)

    def shade(
        self, facet: NDArray[np.int32], view: View, lamp_output: NDArray | None, beam: Beam | None
    ) -> NDArray[np.float32]:
        """Radiance (H, W, 3) of facets (H, W) at the centres of a view's pixels, 0 for -1."""
        place(self._frame, self._drawable.facets, facet, view)
        return shaded(self._drawable, self._tables, self._frame, facet, centres(view), view, lamp_output, beam)

    def shade_some(
        self,
        facet: NDArray[np.int32],
        at: NDArray[np.float32],
        view: View,
        lamp_output: NDArray | None,
        beam: Beam | None,
    ) -> NDArray[np.float32]:
        """Radiance (N, 3) of facets (N,) at columns and rows (N, 2) of a view, pixels' centres at + 0.5."""
        place(self._frame, self._drawable.facets, facet, view)
        one = facet.reshape(-1, 1)
        return shaded(self._drawable, self._tables, self._frame, one, at, view, lamp_output, beam)[:, 0]


def nearness_of(facet: NDArray[np.int32], facets: Facets, view: View) -> NDArray[np.float32]:
    """One over the distance (H, W) along the camera's axis of facets (H, W), 1/m; 0 where there is none."""
    out = np.empty(facet.shape, np.float32)
    fill_nearness(out, facet, facets.normal, facets.anchor, view.eye, view.rays)
    return out


def centres(view: View) -> NDArray[np.float32]:
    """Column and row (H, 2) of the middle of the first pixel of each row."""
    return np.stack([np.full(view.height, 0.5), np.arange(view.height) + 0.5], axis=1).astype(np.float32)


def place(frame: NDArray[np.float32], facets: Facets, facet: NDArray[np.int32], view: View) -> None:
    """Fill the rows of frame (F, 20) whose facets are among ``facet`` (H, W), as ``place_facets`` says."""
    met, f = np.zeros(len(facets.anchor), np.bool_), facets
    place_facets(frame, met, facet.reshape(-1), f.anchor, f.normal, f.values, f.gradients, view.eye, *view.rays)


def placed(facets: Facets, facet: NDArray[np.int32], view: View) -> NDArray[np.float32]:
    """Make a frame (F, 20) and fill those of its rows whose facets are among ``facet`` (H, W)."""
    frame = np.empty((len(facets.anchor), 20), np.float32)
    place(frame, facets, facet, view)
    return frame


def over(facets: Facets, chosen: NDArray[np.int64], height: float) -> NDArray[np.int64]:
    """Those of the chosen facets (N,) that reach over a mirror at a height, but for what lies on it."""
    first, second, third = (facets.corners[chosen, k, 2] for k in range(3))
    return chosen[np.maximum(np.maximum(first, second), third) > height + OVER_M]


def lit_tables(drawable: Drawable, tables: Tables, lamp_output: NDArray | None) -> Tables:
    """The tables of a drawable with its lamps at some output (L,), None for full."""
    facets = tables.facets._replace(weight=flicker_weights(drawable.charts.lamp, lamp_output))
    atlas = tables.atlas._replace(emitted=lens_radiance(drawable.lamps, lamp_output))
    return tables._replace(facets=facets, atlas=atlas)


def shaded(
    drawable: Drawable,
    tables: Tables,
    frame: NDArray[np.float32],
    facet: NDArray[np.int32],
    start: NDArray[np.float32],
    view: View,
    lamp_output: NDArray | None,
    beam: Beam | None = None,
    chequered: bool = False,
) -> NDArray[np.float32]:
    """Radiance (H, W, 3) of samples on their facets (H, W), whose rows of ``frame`` are filled, the first of each row
    at column and row start (H, 2); or, ``chequered``, the light / π that they get, as ``shade`` says."""
    t, rays = lit_tables(drawable, tables, lamp_output), view.rays.astype(np.float32)
    out = np.zeros((*facet.shape, 3), np.float32)
    read = t.facets, t.albedo, t.emission, t.relief, t.atlas
    how = beam, t.taps, t.blend, chequered
    shade(out.reshape(-1), facet, start, frame, rays, *read, *how, empty_batch())
    return out


def _texture(p: Pyramids) -> Texture:
    return Texture(p.texels, p.first, p.width, p.height, p.levels)
