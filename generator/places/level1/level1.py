"""Level 1 as a place."""

from __future__ import annotations

from ...plan.floorplan import Floorplan
from ..place import Place
from ..sounds import BRICKWORK_DB, CONCRETE, STONE, Machine, Sounds
from .kit import KIT
from .plan.generate import floorplan
from .plan.uses import USE_NAMES
from .set.map_lines import services
from .settings import Level1Scene

EXHAUST_FAN = Machine(-4.0, 63.0, 4.0, 29.0, 0.45, 2.0, (40.0, 180.0))
"""A garage's exhaust fan, two rooms away: large and slow, with the hum of its blades."""
SOUNDS = Sounds(
    STONE, 1.0, CONCRETE, CONCRETE, CONCRETE, BRICKWORK_DB, (EXHAUST_FAN,),
    thuds_per_hour=30.0, drips_per_minute=2.5, reach_m=100.0,
)  # fmt: skip


def _plan(scene: Level1Scene, seed: int, chunks: tuple[int, int, int, int]) -> Floorplan:
    return floorplan(scene.plan, seed, chunks)


LEVEL1 = Place("level1", Level1Scene, _plan, KIT, SOUNDS, districts=USE_NAMES, services=services)
