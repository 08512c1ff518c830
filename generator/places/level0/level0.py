"""Level 0 as a place."""

from __future__ import annotations

from ...plan.floorplan import Floorplan
from ..place import Place
from ..sounds import AIR_HANDLER, CARPET, FISSURED_TILE, GLUED_CARPET, GYPSUM_BOARD, Sounds
from .kit import KIT
from .plan.generate import floorplan
from .plan_settings import ON_MAPS
from .settings import Level0Scene
from .subjects import subject_of


def _plan(scene: Level0Scene, seed: int, chunks: tuple[int, int, int, int]) -> Floorplan:
    return floorplan(scene.plan, seed, chunks)


SOUNDS = Sounds(CARPET, floor=GLUED_CARPET, wall=GYPSUM_BOARD, ceiling=FISSURED_TILE, machines=(AIR_HANDLER,))
LEVEL0 = Place("level0", Level0Scene, _plan, KIT, SOUNDS, ON_MAPS, subject=subject_of, walled=True)
