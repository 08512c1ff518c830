"""Level 2 as a place."""

from __future__ import annotations

from ...plan.floorplan import Floorplan
from ..place import Place
from ..sounds import BRICKWORK_DB, CONCRETE, STONE, Machine, Sounds
from .kit import KIT
from .pipes.make import services
from .plan.generate import floorplan
from .settings import Level2Scene

CIRCULATION_PUMP = Machine(-2.0, 50.0, 4.5, 24.5, 0.55, 1.0, (60.0, 300.0))
"""A circulation pump, always two rooms away: the hum of its motor in the pipes."""
STEAM_LEAK = Machine(-9.0, 2600.0, 3.0, 0.0, 0.0, 0.5, (20.0, 90.0))
"""A gland that has leaked for years somewhere along the main: a hiss."""
SOUNDS = Sounds(
    STONE, 3.0, CONCRETE, CONCRETE, CONCRETE, BRICKWORK_DB, (CIRCULATION_PUMP, STEAM_LEAK),
    thuds_per_hour=45.0, drips_per_minute=11.0, ticks_per_minute=4.0,
)  # fmt: skip


def _plan(scene: Level2Scene, seed: int, chunks: tuple[int, int, int, int]) -> Floorplan:
    return floorplan(scene.plan, seed, chunks)


LEVEL2 = Place("level2", Level2Scene, _plan, KIT, SOUNDS, services=services, walled=True)
