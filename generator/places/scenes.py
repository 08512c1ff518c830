"""What can be asked of each place: its kind of scene, by the place's name."""

from __future__ import annotations

from ..scene.scene import Scene
from .level0.settings import Level0Scene
from .level1.settings import Level1Scene
from .level2.settings import Level2Scene

SCENES: dict[str, type[Scene]] = {"level0": Level0Scene, "level1": Level1Scene, "level2": Level2Scene}
