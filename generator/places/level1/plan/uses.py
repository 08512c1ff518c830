"""What the tiles of a district are used for: car park, warehouse, what lies between the two, and plant rooms."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from ....plan.districts import even
from ....plan.floorplan import CELL_M, CELL_MODULES
from ....seed import hash64
from ..plan_settings import FloorShares

HILLS_M = 300.0
"""Distance between hills of the maps that halls and plant rooms follow."""
USE_MAP, PLANT_MAP = 5, 6
"""Their numbers among the district maps."""
BETWEEN, JITTER = 0.11, 0.07
"""Half the part of the map, where half of the floor is halls, that is neither; how far a tile departs from it."""


class Use(IntEnum):
    """What a tile was built for. MIXED: a hall of middling height, parked in, racked or empty. PLANT: machines."""

    CARPARK = 0
    MIXED = 1
    WAREHOUSE = 2
    PLANT = 3


USE_NAMES = ("car park", "mixed", "warehouse", "plant")


def use_at(seed: int, x: int, y: int, shares: FloorShares, jitter: tuple[float, float]) -> Use:
    """Tell the use of a tile whose middle is the place (x, y) of the world in modules, as the maps alone have it.

    jitter: two draws in 0..1, the tile's own.
    """
    wave = round(HILLS_M / CELL_M)
    world = np.uint64(hash64(seed, "level1.plan"))
    at = x // CELL_MODULES, y // CELL_MODULES
    if shares.plant > 0.0 and even(world, PLANT_MAP, *at, wave) + JITTER * (jitter[1] - 0.5) < shares.plant:
        return Use.PLANT
    halls = shares.halls
    if halls <= 0.0 or halls >= 1.0:
        return Use.WAREHOUSE if halls >= 1.0 else Use.CARPARK
    rank = even(world, USE_MAP, *at, wave) + JITTER * (jitter[0] - 0.5)
    soft = BETWEEN * min(1.0, 4.0 * halls * (1.0 - halls))
    return Use.WAREHOUSE if rank < halls - soft else Use.MIXED if rank < halls + soft else Use.CARPARK
