"""Pallet racks in halls: rows of bays on and between column lines, what is left on their beams; modules of the tile."""

from __future__ import annotations

from typing import NamedTuple

from ....plan.floorplan import MODULE_M as M
from ..plan_settings import PlanSettings
from .cores import Core, cores
from .layout import has_racks, offices
from .tiles import EDGE, SPAN, Tile
from .uses import Use

BAY_M, DEPTH_M = 2.7432, 1.07
"""A bay from upright to upright, 9 ft, and a frame's depth, 42 in: for two pallets of 48 × 40 in. Source: makers'
sheets of selective pallet racks."""
BAY, DEPTH = BAY_M / M, DEPTH_M / M
LEVELS_M = {Use.MIXED: (1.55, 3.05), Use.WAREHOUSE: (1.55, 3.05, 4.55)}
"""Tops of the beams that pallets stand on."""
FLUE, BEHIND = 0.125, 0.72
"""Half the gap between two rows back to back, and how far from a column line's middle a row's back stands."""
CLEAR_ENDS = 7
"""Modules from a joint that stay free at the ends of rows."""
PALLET_M = (1.22, 1.02, 0.152)
"""Source: ISO 6780, 48 × 40 in; 6 in high."""
LOAD_M = (1.20, 0.80)
"""Length and depth of what stands on a pallet: three cartons by two."""
HEIGHTS_M = (0.6, 0.9, 1.2)
"""Of loads: two, three or four courses of cartons."""
GONE = 0.10
"""Share of pairs of beams that were taken out."""


class Bay(NamedTuple):
    """A bay of a rack: the middle of its depth and its beginning, in modules across and along the aisles; row, nth."""

    s: float
    t: float
    row: int
    nth: int


class Load(NamedTuple):
    """What stands on a pallet: middle in modules, the pallet's foot and the load's height in metres; course: of
    HEIGHTS_M, -1 for a bare pallet; wrapped: in film."""

    s: float
    t: float
    z: float
    course: int
    wrapped: bool


def bays(tile: Tile, settings: PlanSettings) -> list[Bay]:
    """List the bays of a tile's racks: a row beside each inner column line, two back to back in most spans' middles."""
    if not has_racks(tile, settings):
        return []
    start, most = EDGE + CLEAR_ENDS, int((tile.along - 2 * EDGE - 2 * CLEAR_ENDS) / BAY)
    taken = cores(tile, settings) + offices(tile, settings)
    out = []
    for row, s in enumerate(_rows(tile)):
        if tile.draw("rack row", row) < 0.18:
            continue
        first = int(3 * tile.draw("rack first", row) ** 2)
        last = most - int(4 * tile.draw("rack last", row) ** 2)
        gap = _crossing(tile, most)
        out += [
            Bay(s, start + n * BAY, row, n) for n in range(first, last)
            if n not in gap and not any(_meets(s, start + n * BAY, c) for c in taken)
        ]  # fmt: skip
    return out


def _rows(tile: Tile) -> list[float]:
    """Where rows stand across the aisles."""
    out: list[float] = []
    for k, line in enumerate(tile.span_lines[1:-1]):
        side = 1.0 if tile.draw("rack side", k) < 0.5 else -1.0
        out.append(line + side * (BEHIND + DEPTH / 2))
    for k in range(tile.spans):
        if tile.draw("rack middle", k) < 0.75:
            middle = EDGE + (k + 0.5) * SPAN
            out += [middle - FLUE - DEPTH / 2, middle + FLUE + DEPTH / 2]
    return out


def _crossing(tile: Tile, most: int) -> range:
    """The bays that every row of a long tile leaves out for an aisle across."""
    if most < 14:
        return range(0)
    at = most // 3 + int(tile.draw("rack crossing") * most / 3)
    return range(at, at + 2)


def _meets(s: float, t: float, core: Core) -> bool:
    """Tell whether a bay stands in or too near a core or an office."""
    return core.s0 - 5 < s < core.s1 + 5 and core.t0 - 2 < t + BAY and t < core.t1 + 2


def frames(found: list[Bay]) -> list[tuple[float, float]]:
    """List where upright frames stand: at both ends of bays, one between two."""
    return sorted({(bay.s, round(bay.t + end * BAY, 6)) for bay in found for end in (0, 1)})


def beams_of(tile: Tile, bay: Bay) -> list[float]:
    """List the heights in metres of a bay's pairs of beams that are left."""
    levels = LEVELS_M[tile.use]
    return [z for k, z in enumerate(levels) if tile.draw("rack beam", bay.row, bay.nth, k) >= GONE]


def loads(tile: Tile, found: list[Bay]) -> list[Load]:
    """List what was left: most rows are bare, some are half full."""
    out = []
    for bay in found:
        full = 0.45 * tile.draw("rack full", bay.row) ** 2.5 + 0.02
        for level, z in enumerate([0.0, *beams_of(tile, bay)]):
            for slot in (0, 1):
                key = bay.row, bay.nth, 2 * level + slot
                if tile.draw("load", *key) >= full:
                    continue
                course = int(4 * tile.draw("load high", *key)) - 1
                nudge = 0.10 * (tile.draw("load at", *key) - 0.5)
                t = bay.t + BAY * (0.27 + 0.46 * slot) + nudge
                wrapped = tile.draw("load wrapped", *key) < 0.35
                out.append(Load(bay.s, t, z, course, wrapped))
    return out
