"""Cages: stores fenced with wire mesh, in car parks and halls, and about transformers; modules of the tile."""

from __future__ import annotations

from typing import NamedTuple

from ..plan_settings import PlanSettings
from .cores import Core, cores
from .tiles import EDGE, SPAN, Tile
from .uses import Use

PANEL = 3
"""Modules of a panel of mesh: 6 ft."""
IN_CARPARKS, IN_HALLS = 0.34, 0.6
"""Share of car parks and of halls with a cage, where there is room for one."""
OFF = 0.7
"""Modules that a cage keeps from a column line."""


class Cage(NamedTuple):
    """A cage: what it covers across and along the aisles, whole panels; which way across the aisle lies; which of its
    front's panels is the gate, which stands open; the column line behind it."""

    s0: float
    t0: float
    s1: float
    t1: float
    way: int
    gate: int
    line: int


class Panel(NamedTuple):
    """A panel of mesh: the middle of its foot, whether it stands across the aisles, whether it is the gate."""

    s: float
    t: float
    across: bool
    gate: bool


def stores(tile: Tile, settings: PlanSettings) -> list[Cage]:
    """List the cages of a tile that things are kept in."""
    if tile.use == Use.PLANT:
        return []
    if tile.use == Use.CARPARK:
        return _in_a_row(tile, cores(tile, settings)) if tile.draw("cage") < IN_CARPARKS else []
    return _in_a_hall(tile) if tile.draw("cage") < IN_HALLS else []


def _in_a_row(tile: Tile, taken: list[Core]) -> list[Cage]:
    """One between two columns of an inner row of stalls, in their stead, not at a core."""
    places = [
        (line, t) for line in range(1, len(tile.span_lines) - 1) for t in tile.bay_lines[1:-2]
        if not any(c.line == line and c.t0 < t + tile.bay and t < c.t1 for c in taken)
    ]  # fmt: skip
    if not places:
        return []
    line, t = places[int(tile.draw("cage place") * len(places))]
    way = 1 if tile.draw("cage way") < 0.5 else -1
    t0 = t + (tile.bay - 3 * PANEL) / 2
    s = tile.span_lines[line] + way * OFF
    s0, s1 = sorted((s, s + way * 3 * PANEL))
    return [Cage(s0, t0, s1, t0 + 3 * PANEL, way, int(tile.draw("cage gate") * 3), line)]


def _in_a_hall(tile: Tile) -> list[Cage]:
    """One at the joint that others' roller doors are not on, between where its wall may have openings."""
    places = range(EDGE + SPAN - 5, tile.along - SPAN // 2, SPAN)
    if not places:
        return []
    t0 = places[int(tile.draw("cage bay") * len(places))]
    s0 = EDGE + OFF
    return [Cage(s0, t0, s0 + 3 * PANEL, t0 + 4 * PANEL, 1, int(tile.draw("cage gate") * 4), 0)]


def panels_of(cage: Cage) -> list[Panel]:
    """List the panels about a cage."""
    along, across = round((cage.t1 - cage.t0) / PANEL), round((cage.s1 - cage.s0) / PANEL)
    front, back = (cage.s1, cage.s0) if cage.way > 0 else (cage.s0, cage.s1)
    out = [Panel(front, cage.t0 + (k + 0.5) * PANEL, False, k == cage.gate) for k in range(along)]
    out += [Panel(back, cage.t0 + (k + 0.5) * PANEL, False, False) for k in range(along)]
    return out + [Panel(cage.s0 + (k + 0.5) * PANEL, t, True, False) for t in (cage.t0, cage.t1) for k in range(across)]
