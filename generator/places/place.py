"""What a place is: a kind of scene, a plan, a kit for its set, and how it sounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..geometry.kit import Kit
from ..plan.floorplan import Floorplan
from ..plan.sheet import Service
from ..scene.scene import Scene
from .sounds import Sounds
from .subject import Subject


@dataclass(frozen=True)
class Place:
    """A place that scenes can be of.

    name: what ``scene.place`` calls it. scene: its kind of scene, with what can be asked of its plan and look.
    plan: (scene, seed, (i0, j0, i1, j1)) → Floorplan of these chunks; whatever stands on a cell follows from scene,
    seed and cell alone. kit: what its set is made of. sounds: how it sounds. districts: the kinds of districts that
    its map "grammar" counts, spread evenly over 0..1; maps name them. services: (plan, scene, seed) → lines that
    its maps show besides the building. subject: scene → what its pictures are of, where it asks for one kind of
    district.
    """

    name: str
    scene: type[Scene]
    plan: Callable[[Any, int, tuple[int, int, int, int]], Floorplan]
    kit: Kit
    sounds: Sounds
    districts: tuple[str, ...] = ()
    services: Callable[[Floorplan, Any, int], Sequence[Service]] = lambda plan, scene, seed: ()
    subject: Callable[[Any], Subject | None] = lambda scene: None
    walled: bool = False
