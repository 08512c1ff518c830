"""The stages' verbs for a scene, whichever place it is of."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from ..errors import NoclipError
from ..geometry import build as build_kit
from ..geometry.items import Item
from ..geometry.landmarks import Landmarks
from ..geometry.landmarks import landmarks as landmarks_of
from ..geometry.level import Level
from ..plan.floorplan import Floorplan
from ..scene.scene import Scene
from ..surface.make import materials as made
from ..surface.material import Material
from .known import PLACES
from .place import Place


def place_of(scene: Scene) -> Place:
    """Look up the place that a scene is of."""
    return PLACES[scene.place]


def code_of(scene: Scene) -> str:
    """Hash the module of a place of one's own, for what is kept of it; '' for a place that ships with the package."""
    source = Path(inspect.getsourcefile(type(scene)) or "")
    if Path(__file__).parents[1] in source.resolve().parents or not source.is_file():
        return ""
    return hashlib.blake2b(source.read_bytes(), digest_size=16).hexdigest()


def floorplan(scene: Scene, seed: int, chunks: tuple[int, int, int, int]) -> Floorplan:
    """Plan a rectangle of chunks (i0, j0, i1, j1), half-open, of a scene's place.

    Raises NoclipError when the rectangle is empty or reaches beyond ±2^30 chunks.
    """
    return place_of(scene).plan(scene, seed, chunks)


def build(plan: Floorplan, scene: Scene, seed: int, closed: bool = True) -> Level:
    """Build a closed, dressed and furnished level of a plan of a scene's place; closed: as in ``geometry.build``."""
    return build_kit(plan, place_of(scene).kit, scene, seed, closed)


def materials(names: Sequence[str], scene: Scene, texture_px: int = 1024) -> tuple[Material, ...]:
    """Make a material for each name of a surface of a scene's place; texture_px as in ``surface.materials``.

    Raises NoclipError, with the nearest names, when there is no such surface.
    """
    surfaces = place_of(scene).kit.surfaces
    for name in names:
        if name not in surfaces:
            near = get_close_matches(name, surfaces, 3, 0.4) or surfaces
            raise NoclipError(f"there is no material {name!r}: use {', '.join(near)}")
    return made((surfaces[name] for name in names), scene.look, texture_px)


def landmarks(plan: Floorplan, scene: Scene, seed: int) -> Landmarks:
    """Find what one would notice in a plan of a scene's place."""
    return landmarks_of(plan, place_of(scene).kit, scene, seed)


def things(plan: Floorplan, scene: Scene, seed: int) -> list[Item]:
    """Find what one could walk into on a plan of a scene's place, known without building it."""
    return place_of(scene).kit.things(plan, scene, seed)[0]
