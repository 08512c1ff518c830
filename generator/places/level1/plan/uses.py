"""What the tiles of a district are used for: car park, warehouse, and what lies between the two."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from ....plan.districts import even
from ....plan.floorplan import CELL_M, CELL_MODULES
from ....seed import hash64

HILLS_M = 300.0
"""Distance between hills of the map that halls follow."""
USE_MAP = 5
"""Its number among the district maps."""
BETWEEN, JITTER = 0.11, 0.07
"""Half the part of the map, where half of the floor is halls, that is neither; how far a tile departs from it."""


class Use(IntEnum):
    """What a tile was built for. MIXED: a hall of middling height, parked in, racked or empty."""

    CARPARK = 0
    MIXED = 1
    WAREHOUSE = 2


USE_NAMES = ("car park", "mixed", "warehouse")


def use_at(seed: int, x: int, y: int, halls: float, jitter: float) -> Use:
    """Tell the use of a tile whose middle is the place (x, y) of the world in modules.

    halls: share of the floor that lies in halls, counting half of what is mixed. jitter: 0..1, the tile's own.
    """
    if halls <= 0.0 or halls >= 1.0:
        return Use.WAREHOUSE if halls >= 1.0 else Use.CARPARK
    wave = round(HILLS_M / CELL_M)
    rank = even(np.uint64(hash64(seed, "level1.plan")), USE_MAP, x // CELL_MODULES, y // CELL_MODULES, wave)
    rank += JITTER * (jitter - 0.5)
    soft = BETWEEN * min(1.0, 4.0 * halls * (1.0 - halls))
    return Use.WAREHOUSE if rank < halls - soft else Use.MIXED if rank < halls + soft else Use.CARPARK
