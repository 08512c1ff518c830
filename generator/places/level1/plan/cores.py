"""Stair cores and shafts, about the middles of column lines inside a tile; modules of the tile."""

from __future__ import annotations

from typing import NamedTuple

from ..plan_settings import PlanSettings
from .tiles import EDGE, Tile
from .uses import Use

CORE, HALL_CORE = 5, 9
"""Modules from the column line in a core's middle to its face: 3.05 m; and how long a core of a hall is."""


class Core(NamedTuple):
    """A stair core or shaft: what it covers across and along the aisles, and which of the span lines it stands on."""

    s0: float
    t0: float
    s1: float
    t1: float
    line: int


def cores(tile: Tile, settings: PlanSettings) -> list[Core]:
    """List the cores of a tile: two at most, each one bay long, on different span lines inside the tile."""
    bays, lines = len(tile.bay_lines) - 1, tile.span_lines
    free = list(range(1, len(lines) - 1))
    out = []
    for k in range(2):
        if not free or tile.draw("core", k) >= settings.cores:
            continue
        line = free.pop(int(tile.draw("core line", k) * len(free)))
        if tile.use == Use.CARPARK:
            bay = 2 + int(tile.draw("core bay", k) * (bays - 4))
            t0, t1 = tile.bay_lines[bay], tile.bay_lines[bay + 1]
        else:
            t0 = EDGE + HALL_CORE + int(tile.draw("core bay", k) * (tile.along - 2 * EDGE - 3 * HALL_CORE))
            t1 = t0 + HALL_CORE
        out.append(Core(lines[line] - CORE, t0, lines[line] + CORE, t1, line))
    return out
