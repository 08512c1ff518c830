"""What a tile is used for: stair cores and shafts, rows of stalls and the kerbs at their ends; modules of the tile."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import SolidKind
from ....plan.lattice import COLUMNS, MODULE
from ....plan.rows import ring_rows
from ..plan_settings import PlanSettings
from .cages import stores
from .cores import Core, cores
from .tiles import EDGE, SPAN, Tile, box_in, corner_of
from .uses import Use

STALL = 9
"""Modules that a stall is deep: 18 ft, 5.49 m. Source: Haahs, parking geometry."""
OFFICES, OFFICE, OFFICE_FROM = 0.4, (10, 17), 8
"""Share of halls with an office; modules that it is wide and long, and that it keeps from joints at least."""
OFFICE_HIGH, OFFICE_LINE = 27432, 100
"""Height of an office, 9 ft, 0.1 mm; what tells it from cores."""
MIXED_STALLS = 0.4
"""How much likelier a car park is parked in than a hall of middling height."""
KERB = 1500
"""Height of a kerb, 0.1 mm."""
ISLAND = (0.3, 2.1)
"""Modules before a row's first column that its kerb begins and ends at."""


class Stall(NamedTuple):
    """A stall: nose and mouth across the aisles, its two sides along them, and its row: 2 × span, 1 more at its far
    side."""

    nose: float
    mouth: float
    t0: float
    t1: float
    row: int

    @property
    def way(self) -> float:
        """Which way across the aisles the mouth lies from the nose, 1 or -1."""
        return 1.0 if self.mouth > self.nose else -1.0


def is_parking(tile: Tile, settings: PlanSettings) -> bool:
    """Tell whether a tile is marked out for parking."""
    if tile.use in (Use.WAREHOUSE, Use.PLANT):
        return False
    return tile.draw("use") < settings.stalls * (MIXED_STALLS if tile.use == Use.MIXED else 1.0)


def has_racks(tile: Tile, settings: PlanSettings) -> bool:
    """Tell whether racks stand in a tile."""
    if tile.use in (Use.CARPARK, Use.PLANT) or is_parking(tile, settings):
        return False
    return tile.draw("racked") < settings.racks


def offices(tile: Tile, settings: PlanSettings) -> list[Core]:
    """List the offices that stand in a hall under its roof: one at most, in the middle of a span, clear of cores."""
    if tile.use in (Use.CARPARK, Use.PLANT) or is_parking(tile, settings) or tile.draw("office") >= OFFICES:
        return []
    middle = EDGE + (int(tile.draw("office span") * tile.spans) + 0.5) * SPAN
    t0 = EDGE + OFFICE_FROM + int(tile.draw("office at") * (tile.along - 2 * EDGE - 2 * OFFICE_FROM - OFFICE[1]))
    return [Core(middle - OFFICE[0] / 2, t0, middle + OFFICE[0] / 2, t0 + OFFICE[1], OFFICE_LINE)]


def office_run(tile: Tile) -> int:
    """Give the run of a tile's office."""
    return tile.ident ^ (8 + OFFICE_LINE)


def stalls(tile: Tile, settings: PlanSettings) -> list[Stall]:
    """List the stalls of a tile: two between columns, four in halls; none in its first and last bay, at cores and
    cages, nor where a wall along its outermost row could have an opening."""
    if not is_parking(tile, settings):
        return []
    taken = [(c.line, c.t0, c.t1, 0) for c in cores(tile, settings)]
    taken += [(c.line, c.t0, c.t1, c.way) for c in stores(tile, settings)]
    lines, pairs = tile.span_lines, 1 if tile.use == Use.CARPARK else 2
    half = tile.bay / (2 * pairs)
    marks = [t + 2 * k * half for t in tile.bay_lines[1:-2] for k in range(pairs)]
    out = []
    for row in range(2 * tile.spans):
        line = row // 2 + row % 2
        way = 1 if row % 2 == 0 else -1
        outermost = line in (0, len(lines) - 1)
        if tile.draw("row", row) < 0.08:
            continue
        for t in marks:
            middle = t + half
            crossed = outermost and abs((middle - EDGE) % SPAN - SPAN / 2) < 8
            if crossed or any(
                own == line and t0 < t + 2 * half and t < t1 and side != -way for own, t0, t1, side in taken
            ):
                continue
            for t0 in (t, t + half):
                out.append(Stall(lines[line], lines[line] + way * STALL, t0, t0 + half, row))
    return out


def islands(tile: Tile, settings: PlanSettings) -> list[tuple[float, float, float, float]]:
    """List the raised islands of a tile, at both ends of its double rows of stalls: s0, t0, s1, t1."""
    if not is_parking(tile, settings) or tile.draw("islands") >= 0.55:
        return []
    first, last = tile.bay_lines[1], tile.bay_lines[-2]
    reach = STALL - 0.7
    inner = tile.span_lines[1:-1]
    low = [(s - reach, first - ISLAND[1], s + reach, first - ISLAND[0]) for s in inner]
    return low + [(s - reach, last + ISLAND[0], s + reach, last + ISLAND[1]) for s in inner]


def blocks(tile: Tile, settings: PlanSettings, ceiling: int, x0: int, y0: int) -> NDArray[np.int64]:
    """List a tile's cores, offices and kerbs as rings from the place (x0, y0) of the world in modules."""
    corner = np.array(corner_of(tile, x0, y0))
    parts = [np.zeros((0, COLUMNS), np.int64)]
    for core in cores(tile, settings):
        ring = _rectangle(tile, core.s0, core.t0, core.s1, core.t1) + corner
        parts.append(ring_rows(ring[None], SolidKind.BLOCK, 0, ceiling, tile.ident ^ (8 + core.line)))
    for office in offices(tile, settings):
        ring = _rectangle(tile, office.s0, office.t0, office.s1, office.t1) + corner
        parts.append(ring_rows(ring[None], SolidKind.BLOCK, 0, OFFICE_HIGH, office_run(tile)))
    for island in islands(tile, settings):
        ring = _rectangle(tile, *island, cut=0.5) + corner
        parts.append(ring_rows(ring[None], SolidKind.BLOCK, 0, KERB, tile.ident ^ 4))
    return np.concatenate(parts)


def _rectangle(tile: Tile, s0: float, t0: float, s1: float, t1: float, cut: float = 0.0) -> NDArray[np.int64]:
    """A rectangle's corners counter-clockwise, 0.1 mm from the tile's corner; ``cut``: modules off each corner."""
    x0, y0, x1, y1 = box_in(tile, s0, t0, s1, t1)
    if cut:
        ring = [(x0 + cut, y0), (x1 - cut, y0), (x1, y0 + cut), (x1, y1 - cut),
                (x1 - cut, y1), (x0 + cut, y1), (x0, y1 - cut), (x0, y0 + cut)]  # fmt: skip
    else:
        ring = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    return np.round(np.array(ring) * MODULE).astype(np.int64)
