"""Fire walls on movement joints, and the openings that lead through them; 0.1 mm."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import WallKind
from ....plan.lattice import COLUMNS, MODULE
from ..plan_settings import PlanSettings
from .tiles import EDGE, SPAN, Tile, corner_of

THICK = 2032
"""A wall of 8-inch block."""
HEAD = 24400
"""Underside of the header over an opening for cars: 8 ft."""
WIDE, NARROW = 10, 4
"""Modules of an opening for cars, and of one for people."""


class Opening(NamedTuple):
    """A way through a wall: its middle, in modules from the wall's beginning, and its width."""

    middle: int
    wide: int


def is_wall(tile: Tile, axis: int, settings: PlanSettings) -> bool:
    """Tell whether the joint at a tile's east (0) or north (1) side is closed by a wall."""
    return tile.draw("wall", axis) < settings.walls


def openings(tile: Tile, axis: int) -> list[Opening]:
    """List the openings in the wall at a tile's east (0) or north (1) side: at least one, in line with aisles."""
    length = tile.y1 - tile.y0 if axis == 0 else tile.x1 - tile.x0
    middles = range(EDGE + SPAN // 2, length, SPAN)
    draws = [tile.draw("opening", axis, k) for k in range(len(middles))]
    sure = int(np.argmin(draws))
    found = []
    for k, (middle, draw) in enumerate(zip(middles, draws, strict=True)):
        if draw < 0.5 or k == sure:
            found.append(Opening(middle, WIDE))
        elif draw < 0.62:
            found.append(Opening(middle, NARROW))
    return found


def fire_walls(tile: Tile, settings: PlanSettings, height: int, x0: int, y0: int) -> NDArray[np.int64]:
    """List the walls that a tile owns as rows of bars from the place (x0, y0) of the world in modules."""
    left, low = corner_of(tile, x0, y0)
    wide, high = (tile.x1 - tile.x0) * MODULE, (tile.y1 - tile.y0) * MODULE
    rows: list[list[int]] = []
    for axis, line, start, length in ((0, left + wide, low, high), (1, low + high, left, wide)):
        if is_wall(tile, axis, settings):
            rows += _pieces(tile, axis, line, start, length, height)
    return np.array(rows, np.int64).reshape(-1, COLUMNS)


def _pieces(tile: Tile, axis: int, line: int, start: int, length: int, height: int) -> list[list[int]]:
    """A wall with its openings: rows of walls and headers, the ends lengthened into the corner."""
    run = tile.ident ^ (axis + 1)
    at, rows = start - THICK // 2, []
    for gap in openings(tile, axis):
        a, b = (start + (2 * gap.middle + sign * gap.wide) * MODULE // 2 for sign in (-1, 1))
        rows.append([axis, line, at, a, WallKind.WALL, 0, height, 0, THICK, run])
        rows.append([axis, line, a, b, WallKind.HEADER, HEAD, height, 0, THICK, run])
        at = b
    rows.append([axis, line, at, start + length + THICK // 2, WallKind.WALL, 0, height, 0, THICK, run])
    return rows
