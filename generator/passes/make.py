"""The passes of a picture, as named channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Level
from ..plan.floorplan import CELL_M, Floorplan
from ..render.lamp import CameraLamp
from ..render.lamp_state import require_relief
from ..render.picture import Drawable, Picture
from ..render.run_kernels import empty_batch
from ..render.shading import Tables, centres, nearness_of, placed, tables_of
from ..render.terms import TermTables, term_tables, terms_of
from ..render.view import View, reprojection
from .catalogue import MATTES, Wanted
from .cryptomatte import codes, layer_channels, manifest, matte
from .ids import Ids, ids_of
from .kernels import fill_normals, fill_places, fill_rooms

Channels = dict[str, NDArray[Any]]
"""Images (H, W) float32 by the names of their channels."""
EXACT = ("Z", "position.", "forward.", "backward.", "crypto_", "normal", "st.")
"""How the names of channels begin that are never means of several pixels."""
SINGLE = np.float32


@dataclass(frozen=True)
class PassTables:
    """What the passes of all pictures of a drawable are worked out from."""

    wanted: Wanted
    tables: Tables
    terms: TermTables | None
    ids: Ids
    code: dict[str, NDArray[np.float32]]
    manifest: dict[str, str]


def pass_tables(wanted: Wanted, level: Level, drawable: Drawable, plan: Floorplan | None) -> PassTables:
    """Prepare the passes of a level's drawable; plan: of the level's chunks, where rooms are wanted.

    Raises ValueError when the textures were made without relief and normals are wanted, or the lightmap was baked
    without parts and light is.
    """
    if "normal" in wanted.names:
        require_relief(drawable.textures.relief.levels)
    terms = term_tables(drawable, wanted.names) if wanted.parts else None
    ids = ids_of(level, drawable.facets, plan if "room" in wanted.names else None)
    names = {"material": ids.materials, "object": ids.things, "room": ids.rooms}
    mattes = [name for name in MATTES if name in wanted.names]
    told: dict[str, str] = {}
    for name in mattes:
        told |= manifest(layer_of(name), names[name])
    code = {name: codes(names[name]) for name in mattes}
    return PassTables(wanted, tables_of(drawable), terms, ids, code, told)


def layer_of(name: str) -> str:
    """Give the layer's name of a Cryptomatte."""
    return f"crypto_{name}"


def channels(
    picture: Picture,
    ready: PassTables,
    eye: Sequence[float],
    camera_lamp: CameraLamp | None = None,
    around: tuple[View, View] | None = None,
) -> Channels:
    """Work out the wanted passes of a picture, drawn with the same ``camera_lamp``.

    eye: where it was taken from, in the metres that places are to be told in. around: the views of the next field and
    of the one before, where motion is wanted.
    """
    out: Channels = {}
    names = ready.wanted.names
    if ready.terms is not None:
        images = terms_of(picture, ready.terms, camera_lamp)
        for k, layer in enumerate(ready.terms.layer):
            out |= _three("" if layer == "radiance" else layer, images[..., 3 * k : 3 * k + 3])
    elif "radiance" in names:
        out |= _three("", picture.radiance)
    if "mirror" in names:
        dry = np.zeros((*picture.facet.shape, 3), SINGLE)
        out |= _three("mirror", dry if picture.mirror is None else picture.mirror.light)
    if {"depth", "position", "motion"} & set(names):
        out |= _places(picture, names, eye, around)
    if "normal" in names:
        out |= _normals(picture, ready.tables)
    for name in ready.code:
        ids, fragments, code = _ids(picture, ready, name)
        ranked = matte(ids, fragments, picture.edges, code, ready.wanted.levels)
        out |= layer_channels(layer_of(name), ranked)
    return out


def _places(picture: Picture, names: Sequence[str], eye: Sequence[float], around: tuple[View, View] | None) -> Channels:
    """Depth, position and motion."""
    view = picture.view
    others = [reprojection(view, other) for other in around or ()]
    near = nearness_of(picture.facet, picture.drawable.facets, view)
    told = np.empty((view.height, 4 + 2 * len(others), view.width), SINGLE)
    fill_places(told, near, view.rays, np.asarray(eye, float), np.reshape(others, (-1, 3, 4)))
    out: Channels = {"Z": told[:, 0]} if "depth" in names else {}
    if "position" in names:
        out |= {f"position.{axis}": told[:, 1 + k] for k, axis in enumerate("XYZ")}
    if "motion" in names:
        layers = [f"{layer}.{axis}" for layer in ("forward", "backward") for axis in "uv"]
        out |= {layer: told[:, 4 + k] for k, layer in enumerate(layers)}
    return out


def _normals(picture: Picture, tables: Tables) -> Channels:
    """Normals in the world's axes and in the camera's: right, up, back."""
    view, facet = picture.view, picture.facet
    start, frame = centres(view), placed(picture.drawable.facets, facet, view)
    axes = np.stack([view.right, view.up, -view.forward]).astype(SINGLE)
    out = np.zeros((len(facet), 6, facet.shape[1]), SINGLE)
    fill_normals(out, facet, start, frame, tables.facets, tables.relief, False, axes, empty_batch())
    images = out.swapaxes(1, 2)
    return _three("normal", images[..., :3], "XYZ") | _three("normal_camera", images[..., 3:], "XYZ")


def _ids(
    picture: Picture, ready: PassTables, name: str
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """What centres see (H, W) and the fragments at edges (K,), and the id of each such facet or room."""
    view, facets, edges, ids = picture.view, picture.drawable.facets, picture.edges, ready.ids
    if name != "room":
        return picture.facet, edges.facet, ready.code[name][ids.material if name == "material" else ids.thing]
    rooms = np.empty(picture.facet.shape, np.int32)
    lone = edges.facet[edges.alone].reshape(-1, 1)
    alone = np.empty((len(lone), 1), np.int32)
    for out, facet, start in ((rooms, picture.facet, centres(view)), (alone, lone, edges.place)):
        fill_rooms(out, facet, start, facets.normal, facets.anchor, view.eye, view.rays, ids.room, CELL_M)
    both = np.concatenate([rooms.reshape(-1), alone[::-1, 0]])
    return rooms, np.where(edges.facet >= 0, both[edges.source], np.int32(-1)), ready.code[name]


def _three(layer: str, image: NDArray[np.float32], letters: str = "RGB") -> Channels:
    """Three channels (H, W) of an image."""
    prefix = f"{layer}." if layer else ""
    return {prefix + letter: image[..., k] for k, letter in enumerate(letters)}
