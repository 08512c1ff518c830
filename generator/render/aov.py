"""Passes (arbitrary output variables): what is under the pixels of a picture, as pure functions of it.

Each is of the surface at the pixel's centre; ``shown_part`` takes means over the edges as the radiance
has them. Directions and places are in the axes of the level, metres from its origin.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .aov_kernels import place_in_atlas, read_textures
from .edges import antialias
from .lamp_state import require_relief
from .picture import Picture
from .run_kernels import empty_batch
from .shading import Tables, Texture, centres, nearness_of, placed, shaded, tables_of
from .view import View, reprojection

PATINA_UNIT = np.float32(1 / 200)
"""A patina's code for no change of colour is 200."""


def nearness(picture: Picture) -> NDArray[np.float32]:
    """One over the distance (H, W) along the camera's axis, 1/m; 0 where nothing is seen."""
    return nearness_of(picture.facet, picture.drawable.facets, picture.view)


def depth(picture: Picture) -> NDArray[np.float32]:
    """Distance (H, W) along the camera's axis, metres; infinite where nothing is seen."""
    with np.errstate(divide="ignore"):
        return np.reciprocal(nearness(picture))


def position(picture: Picture) -> NDArray[np.float32]:
    """Place (H, W, 3) of what is seen, metres from the level's origin; NaN where nothing is seen."""
    view, far = picture.view, depth(picture).astype(np.float64)
    far[np.isinf(far)] = np.nan
    x, y = _centres(view)
    rays = view.corner + x[..., None] * view.across + y[..., None] * view.down
    return (view.eye + far[..., None] * rays).astype(np.float32)


def motion(picture: Picture, other: View) -> NDArray[np.float32]:
    """How far (H, W, 2) what is seen lies to the right and below in another view, in pixels.

    other: of the same level, from ``view_of(picture.drawable.origin, …)``. Where nothing is seen it is taken to be
    infinitely far off; what lies behind the other camera has no place in its picture and gets NaN.
    """
    x, y = _centres(picture.view)
    here = np.stack([np.ones_like(x), x, y, nearness(picture)], axis=-1) @ reprojection(picture.view, other).T
    ahead = np.where(here[..., 2:] > 0, here[..., 2:], np.nan)
    return (here[..., :2] / ahead - np.stack([x, y], axis=-1)).astype(np.float32)


def material(picture: Picture) -> NDArray[np.int32]:
    """Material (H, W) of what is seen, an index into the level's; -1 where nothing is seen."""
    return _of_facets(picture, picture.drawable.facets.material)


def instance(picture: Picture) -> NDArray[np.int32]:
    """Fixture or prop (H, W) that is seen, an index into the level's instances; -1 for the building and for nothing."""
    return _of_facets(picture, picture.drawable.facets.instance)


def coverage(picture: Picture) -> NDArray[np.float32]:
    """Share (H, W) of each pixel, 0..1, that the surface at its centre covers; 0 where nothing is."""
    out, edges = np.where(picture.facet >= 0, np.float32(1), np.float32(0)), picture.edges
    surface = np.append(picture.drawable.facets.surface, -1)
    pixel = np.repeat(np.arange(len(edges.row)), np.diff(edges.begin))
    own = surface[picture.facet[edges.row, edges.column]][pixel]
    same = (surface[edges.facet] == own) & (own >= 0)
    mixed = np.diff(edges.begin) > 0
    share = np.bincount(pixel, edges.share * same, len(edges.row))
    out[edges.row[mixed], edges.column[mixed]] = share[mixed]
    return out


def albedo(picture: Picture) -> NDArray[np.float32]:
    """Reflectance (H, W, 3), linear Rec.709, of texture and patina; 0 where nothing is seen."""
    return _albedo(picture, picture.facet, centres(picture.view))


def normal(picture: Picture) -> NDArray[np.float32]:
    """Unit normal (H, W, 3) of the surface and its relief, turned to the camera; 0 where nothing is seen.

    Raises ValueError when the textures were made without relief.
    """
    return _normal(picture, picture.facet, centres(picture.view))


def texels(picture: Picture) -> NDArray[np.float32]:
    """Light (H, W, 3) of the lightmap, irradiance / π, its texels chequered and its charts in colours that differ
    between neighbours; 0 where there is none."""
    tables, frame = _placed(picture, picture.facet)
    return shaded(
        picture.drawable,
        tables,
        frame,
        picture.facet,
        centres(picture.view),
        picture.view,
        picture.lamp_output,
        chequered=True,
    )


def shown_part(picture: Picture, only: str | None) -> NDArray[np.float32]:
    """The part (H, W, 3) of a picture that ``--only`` names: albedo, normal (as 0.5 + 0.5 n) or texels, for anything
    else the radiance."""
    if only == "albedo":
        return _antialiased(picture, _albedo)
    if only == "normal":
        return _antialiased(picture, _normal_code)
    return texels(picture) if only == "texels" else picture.radiance


def _antialiased(picture: Picture, seen: Callable[[Picture, NDArray, NDArray], NDArray]) -> NDArray[np.float32]:
    """A pass (H, W, 3) averaged over the pixels at edges as the radiance is. seen: makes it of samples, as below."""
    out, edges = seen(picture, picture.facet, centres(picture.view)), picture.edges
    antialias(out, edges, seen(picture, edges.facet[edges.alone][:, None], edges.place)[:, 0])
    return out


def _albedo(picture: Picture, facet: NDArray[np.int32], start: NDArray[np.float32]) -> NDArray[np.float32]:
    """Reflectance (H, W, 3) of rows of samples, on facets (H, W), the first of each at column and row start (H, 2)."""
    tables, frame = _placed(picture, facet)
    colour = _textured(frame, facet, start, tables, tables.albedo, tables.taps)[..., :3]
    return colour * _patina(picture, frame, facet, start)


def _normal(picture: Picture, facet: NDArray[np.int32], start: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit normal (H, W, 3) of rows of samples, as in ``_albedo``."""
    require_relief(picture.drawable.textures.relief.levels)
    tables, frame = _placed(picture, facet)
    bend = 2 * _textured(frame, facet, start, tables, tables.relief, 1)[..., :3].astype(np.float64) - 1
    out, seen = np.zeros(bend.shape, np.float32), facet >= 0
    f = facet[seen]
    facing, along = tables.facets.normal[f].astype(np.float64), tables.facets.tangent[f]
    aside = along[:, 3:] * np.cross(facing, along[:, :3])
    facing = np.where(frame[f, 19:] > 0, -facing, facing)
    bent = sum(bend[seen][:, k, None] * axis for k, axis in enumerate((along[:, :3], aside, facing)))
    out[seen] = bent / np.linalg.norm(bent, axis=1, keepdims=True)
    return out


def _normal_code(picture: Picture, facet: NDArray[np.int32], start: NDArray[np.float32]) -> NDArray[np.float32]:
    """The normal (H, W, 3) of rows of samples, as in ``_albedo``, as 0.5 + 0.5 n; 0 where nothing is seen."""
    code = np.float32(0.5) + np.float32(0.5) * _normal(picture, facet, start)
    return np.where(facet[..., None] >= 0, code, np.float32(0))


def _centres(view: View) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Column and row (H, W) of the centres of pixels."""
    y, x = np.mgrid[0 : view.height, 0 : view.width] + 0.5
    return x, y


def _of_facets(picture: Picture, column: NDArray[np.int32]) -> NDArray[np.int32]:
    """A column (F,) of the facets at every pixel (H, W), -1 where nothing is seen."""
    return np.append(column, np.int32(-1))[picture.facet]


def _placed(picture: Picture, facet: NDArray[np.int32]) -> tuple[Tables, NDArray[np.float32]]:
    """What the kernels read of a picture's drawable, and the rows (F, 20) of the facets that are seen."""
    return tables_of(picture.drawable), placed(picture.drawable.facets, facet, picture.view)


def _textured(
    frame: NDArray[np.float32],
    facet: NDArray[np.int32],
    start: NDArray[np.float32],
    tables: Tables,
    texture: Texture,
    taps: int,
) -> NDArray[np.float32]:
    """Four channels (H, W, 4) of the materials' textures, 0 where nothing is seen."""
    out = np.zeros((*facet.shape, 4), np.float32)
    read_textures(out, facet, start, frame, tables.facets.material, texture, taps, tables.blend, empty_batch())
    return out


def _patina(
    picture: Picture, frame: NDArray[np.float32], facet: NDArray[np.int32], start: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What the patina leaves (H, W, 3) of each colour, between its texels."""
    atlas, at = picture.drawable.patina.factor[..., :3], np.full((*facet.shape, 2), -1, np.float32)
    chart, rects = picture.drawable.facets.chart, picture.drawable.charts.patina
    place_in_atlas(at, facet, start, frame, chart, rects, empty_batch())
    out, some = np.ones((*facet.shape, 3), np.float32), at[..., 0] >= 0
    x, y = (at[some] - np.float32(0.5)).T
    i, j = x.astype(int), y.astype(int)
    a, b = (x - i.astype(np.float32))[:, None], (y - j.astype(np.float32))[:, None]
    left, right = ((1 - b) * atlas[j, i + k] + b * atlas[j + 1, i + k] for k in (0, 1))
    out[some] = ((1 - a) * left + a * right) * PATINA_UNIT
    return out
