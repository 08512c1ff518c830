"""Roller doors on the fire walls of halls: rows of loading docks with their numbers, a door by itself elsewhere.

They lead nowhere: what is behind the wall is another part of the same floor.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ....plan.floorplan import MODULE_M as M
from ..plan_settings import PlanSettings
from .tiles import EDGE, SPAN, Tile
from .uses import Use
from .walls import is_wall, openings

ROLLER_M = (3.05, 3.66)
"""Clear width and height of a roller door, 10 ft × 12 ft."""
STEP = SPAN / 4
"""Modules from the middle of a dock to the next: 15 ft, 4.57 m. Source: dock planning guides, 12 to 15 ft apart."""
DOCKS = {Use.MIXED: 0.3, Use.WAREHOUSE: 0.65}
"""Share of a hall's walls that are rows of docks."""
IN_ROW, ALONE = 0.92, 0.22
"""Share of the places in such a row, and elsewhere, that have a door."""
WRONG = 0.3
"""Share of rows, times ``look.anomalies`` and 3, that do not count on from dock to dock."""


class Dock(NamedTuple):
    """A roller door on a tile's east (0) or north (1) wall: its middle along it, in modules, and its number: 0 for a
    door that is no dock."""

    axis: int
    along: float
    number: int


def docks(tile: Tile, settings: PlanSettings, anomalies: float = 0.0) -> list[Dock]:
    """List the roller doors of a tile, between the openings of its walls; anomalies: how often numbers go wrong."""
    if tile.use not in DOCKS:
        return []
    out = []
    for axis in (0, 1):
        if not is_wall(tile, axis, settings):
            continue
        length = tile.y1 - tile.y0 if axis == 0 else tile.x1 - tile.x0
        gaps = openings(tile, axis)
        row = tile.draw("docks", axis) < DOCKS[tile.use]
        first, mood = 1 + int(60 * tile.draw("dock first", axis)), tile.draw("dock mood", axis)
        for n, along in enumerate(np.arange(EDGE + SPAN / 4, length - 6, STEP).tolist()):
            clear = all(abs(along - gap.middle) > gap.wide / 2 + ROLLER_M[0] / M / 2 + 1.0 for gap in gaps)
            if clear and tile.draw("roller", axis, n) < (IN_ROW if row else ALONE):
                out.append(Dock(axis, along, _number(first, n, mood, 3.0 * WRONG * anomalies) if row else 0))
    return out


def _number(first: int, nth: int, mood: float, wrong: float) -> int:
    """The number of a row's nth dock: where a row is wrong it counts down, or all have one."""
    if mood >= wrong:
        return first + nth
    return max(first - nth, 1) if mood < wrong / 2 else first
