"""Level 0 as a place."""

from __future__ import annotations

from ...plan.floorplan import Floorplan
from ..place import Place
from ..sounds import CARPET, Sounds
from .kit import KIT
from .plan.generate import floorplan
from .settings import Level0Scene


def _plan(scene: Level0Scene, seed: int, chunks: tuple[int, int, int, int]) -> Floorplan:
    return floorplan(scene.plan, seed, chunks)


LEVEL0 = Place("level0", Level0Scene, _plan, KIT, Sounds(CARPET))
