"""The terms of a picture's radiance: by the light that makes them, filtered at edges as the picture is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .edges import antialias
from .lamp import Beam, CameraLamp, beam_at, beam_of, shadowed
from .picture import Drawable, Mirror, Picture
from .run_kernels import empty_batch
from .shading import Tables, centres, lit_tables, nearness_of, placed, tables_of
from .term_kernels import (
    ALBEDO,
    BOUNCED,
    CAMERA,
    DIRECT,
    EMISSION,
    GROUPS,
    LIGHT,
    RADIANCE,
    chart_is_lit,
    shade_terms,
)

TERMS = {
    "radiance": RADIANCE,
    "albedo": ALBEDO,
    "light": LIGHT,
    "direct": DIRECT,
    "bounced": BOUNCED,
    "emission": EMISSION,
    "camera": CAMERA,
}
"""Images by their names; ``groups`` are one more for each group of lamps."""


NO_LAMP = CameraLamp((0.0, 0.0, 0.0))


class PartTables(NamedTuple):
    """The images of ``LightParts``, each as (3 * H * W,); bounced is one fewer than direct. lit (C, 2 G): which charts
    each group lights straight, then bounced."""

    direct: NDArray[np.float32]
    bounced: NDArray[np.float32]
    flicker_direct: NDArray[np.float32]
    lit: NDArray[np.bool_]


@dataclass(frozen=True)
class TermTables:
    """What the terms of all pictures of a drawable are worked out from.

    layer: names of the images; slot: where each begins, as ``shade_terms`` has it. lamp_group (L,) int32.
    """

    tables: Tables
    parts: PartTables
    layer: tuple[str, ...]
    slot: NDArray[np.int32]
    lamp_group: NDArray[np.int32]


def term_tables(drawable: Drawable, wanted: Sequence[str]) -> TermTables:
    """Prepare the terms of a drawable's pictures. wanted: names of ``TERMS``, and ``groups``; others are passed over.

    Raises ValueError where its lightmap was baked without parts.
    """
    parts = drawable.lightmap.parts
    if parts is None:
        raise ValueError("this lightmap was baked without its parts")
    by_group = "groups" in wanted
    direct, bounced, lamp_group = parts.direct, parts.bounced, parts.lamp_group
    if not by_group:
        direct, bounced, lamp_group = direct.sum(axis=0, keepdims=True), bounced[:0], np.zeros_like(lamp_group)
    layers = [name for name in TERMS if name in wanted]
    slot = np.full(GROUPS + len(direct), -3, np.int32)
    slot[[TERMS[name] for name in layers]] = 3 * np.arange(len(layers))
    if by_group:
        slot[GROUPS:] = 3 * (len(layers) + np.arange(len(direct)))
        layers += [f"group_{name}" for name in parts.group]
    flat = [_flat(images) for images in (direct, bounced, parts.flicker_direct)]
    images = PartTables(flat[0], flat[1], flat[2], _lit_charts(drawable, flat[0], flat[1]))
    return TermTables(tables_of(drawable), images, tuple(layers), slot, lamp_group)


def terms_of(picture: Picture, ready: TermTables, camera_lamp: CameraLamp | None = None) -> NDArray[np.float32]:
    """Work out the wanted terms (H, W, 3 N) of a picture, drawn with the same ``camera_lamp``; averaged over pixels at
    edges as it is.

    direct and bounced: what surfaces send back; with emission, what the lamp on the camera adds and what water mirrors
    they make the radiance. Under water all but light are what is left of them. The albedo is of the surface as it is
    seen from the camera, the slant of a carpet's pile included, so that on one facet it makes direct + bounced of the
    light.
    """
    facet, edges, view = picture.facet, picture.edges, picture.view
    beam = beam_of(camera_lamp or NO_LAMP, view)
    if camera_lamp is not None:
        beam = shadowed(beam, nearness_of(facet, picture.drawable.facets, view))
    images = _shaded(picture, ready, facet, centres(view), beam)
    beam = beam if camera_lamp is None else beam_at(beam, edges.place)
    alone = _shaded(picture, ready, edges.facet[edges.alone].reshape(-1, 1), edges.place, beam)
    antialias(images, edges, alone[:, 0])
    if picture.mirror is not None:
        _put_under_water(images, ready.layer, picture.mirror)
    return images


def _put_under_water(images: NDArray[np.float32], layer: Sequence[str], mirror: Mirror) -> None:
    """Take from terms (H, W, 3 N) what a mirror hides of them, and add to the radiance what it shows."""
    row, column = np.nonzero(mirror.share)
    left = 1 - mirror.share[row, column][:, None]
    for k, name in enumerate(layer):
        if name != "light":
            images[row, column, 3 * k : 3 * k + 3] *= left
        if name == "radiance":
            images[row, column, 3 * k : 3 * k + 3] += mirror.light[row, column]


def _shaded(
    picture: Picture, ready: TermTables, facet: NDArray[np.int32], start: NDArray[np.float32], beam: Beam
) -> NDArray[np.float32]:
    """The images (H, W, 3 N) of rows of samples on facets (H, W), the first of each at column and row start (H, 2)."""
    drawable, view = picture.drawable, picture.view
    frame, t = placed(drawable.facets, facet, view), lit_tables(drawable, ready.tables, picture.lamp_output)
    out = np.zeros((len(facet), 3 * len(ready.layer), facet.shape[1]), np.float32)
    read = view.rays.astype(np.float32), t.facets, t.albedo, t.emission, t.relief, t.atlas, ready.parts
    how = ready.lamp_group, beam, t.taps, t.blend
    shade_terms(out, ready.slot, facet, start, frame, *read, *how, empty_batch())
    return out.swapaxes(1, 2)


def _lit_charts(drawable: Drawable, direct: NDArray[np.float32], bounced: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which charts (C, 2 G) each group lights straight, then bounced; the first group's rest is everywhere."""
    light, groups = drawable.lightmap, len(direct)
    out = np.ones((len(light.chart_size), 2 * groups), np.bool_)
    for images, columns in ((direct, slice(0, groups)), (bounced, slice(groups + 1, 2 * groups))):
        found = np.empty((len(out), len(images)), np.bool_)
        chart_is_lit(images, light.steady.shape[1], light.chart_place, light.chart_size, found)
        out[:, columns] = found
    return out


def _flat(images: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(images).reshape(len(images), -1 if len(images) else 0)
