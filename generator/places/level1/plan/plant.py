"""Plant rooms: banks of machines on plinths at both sides of an aisle, partitions between them; modules of a tile.

A span is a room, or part of one: what it is for is drawn once for it, and banks stand bay by bay along it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import MODULE_M as M
from ....plan.floorplan import SolidKind, WallKind
from ....plan.lattice import COLUMNS, MODULE, UNIT_M
from ....plan.rows import ring_rows
from ..plan_settings import PlanSettings
from .cages import OFF, PANEL, Cage
from .cores import cores
from .structure import Structure
from .tiles import EDGE, SPAN, Tile, box_in, corner_of
from .uses import Use
from .walls import HEAD, THICK

PLINTH = 1200
"""Height of a plinth, 0.1 mm: 4 to 6 in of concrete under what runs or weighs. Source: practice of mechanical rooms."""
MARGIN_M = 0.15
"""How far a plinth reaches beyond what stands on it."""
BANK_FROM, BANK_TO = 2.0, 1.5
"""Modules from a beam's middle that a bank begins at, and ends before the next."""
DEEP = 11.0
"""Modules from the column line that a bank may take."""
OPENING_CLEAR = 7
"""Modules on each side of a way through a wall that stay free."""
DOOR = 4
"""Modules of a way through a partition."""
FILLED, TAKEN_OUT = 0.82, 0.14
"""Share of the bays with a bank; of machines that were taken out and left their plinths."""
ALONG, ACROSS = 0.5, 0.35
"""Share of the inner column lines along aisles, and of beams over them, with a partition."""


class Stand(NamedTuple):
    """A kind of machine and where it stands in a bank: metres along from the bank's middle; out of the column line's
    middle to its back; its length along and its depth."""

    kind: str
    along: float
    back: float
    long: float
    deep: float


THEMES: dict[str, tuple[float, tuple[Stand, ...]]] = {
    "air": (0.32, (Stand("air_handler", 0.0, 0.8, 6.4, 2.1),)),
    "heat": (0.18, (Stand("boiler", -2.3, 0.8, 1.9, 4.3), Stand("boiler", 2.3, 0.8, 1.9, 4.3))),
    "water": (0.14, tuple(Stand("tank", at, 1.0, 1.6, 1.6) for at in (-3.1, 0.0, 3.1))),
    "pumps": (0.12, tuple(Stand("pump", at, 1.2, 0.7, 1.5) for at in (-3.0, -1.0, 1.0, 3.0))),
    "power": (0.14, (Stand("switchgear", 0.0, 1.1, 7.2, 0.9),)),
    "mesh": (0.10, (Stand("transformer", -2.2, 1.6, 1.9, 1.2), Stand("transformer", 2.2, 1.6, 1.9, 1.2))),
}
"""What rooms are for: how often, and what a bank of them is. Sizes from makers' sheets: an air handler of 10 m³/s, a
fire-tube boiler of 1 MW, a buffer tank of 4 m³, close-coupled pumps, nine cubicles of 0.8 m, a dry-type transformer of
1 MVA."""


class Bank(NamedTuple):
    """A bank: its theme, the column line at its back and which way its front looks (1, -1 across), from where to where
    along it may reach, its span and its bay."""

    theme: str
    line: float
    way: int
    t0: float
    t1: float
    span: int
    bay: int

    @property
    def key(self) -> tuple[int, int, int]:
        """What tells it from the tile's other banks."""
        return self.span, self.bay, self.way

    @property
    def middle(self) -> float:
        """Its middle along the aisle."""
        return (self.t0 + self.t1) / 2


class Machine(NamedTuple):
    """A machine: its kind, its middle, which way its front looks across the aisles, the bank that it belongs to; gone:
    only its plinth is left."""

    kind: str
    s: float
    t: float
    way: int
    bank: Bank
    stand: Stand
    gone: bool


class Partition(NamedTuple):
    """A partition: axis 0 along the aisles, 1 across; its line, from where to where, and the middles of its ways
    through."""

    axis: int
    line: float
    start: float
    end: float
    ways: tuple[float, ...]


def theme_of(tile: Tile, span: int) -> str:
    """Name what a span of plant rooms is for."""
    draw = tile.draw("plant theme", span)
    for name, (share, _) in THEMES.items():
        if draw < share:
            return name
        draw -= share
    return "air"


def partitions(tile: Tile, settings: PlanSettings) -> list[Partition]:
    """List the partitions of a tile's plant rooms: every one has a way through, those across in the aisle."""
    if tile.use != Use.PLANT:
        return []
    out = []
    taken = cores(tile, settings)
    bays = range(len(tile.bay_lines) - 1)
    for k, line in enumerate(tile.span_lines[1:-1]):
        free = [b for b in bays if not any(c.line == k + 1 and _in_bay(tile, b, c.t0, c.t1) for c in taken)]
        if not free or tile.draw("plant along", k) >= ALONG:
            continue
        sure = free[int(tile.draw("plant way", k) * len(free))]
        ways = [b for b in free if b == sure or tile.draw("plant other way", k, b) < 0.2]
        out.append(Partition(0, line, 0.0, tile.along, tuple(tile.bay_lines[b] + tile.bay / 2 for b in ways)))
    for span, left in enumerate(tile.span_lines[:-1]):
        for n, t in enumerate(tile.bay_lines[1:-1]):
            if tile.draw("plant across", span, n) < ACROSS:
                out.append(Partition(1, t + 1.0, left, left + SPAN, (left + SPAN / 2,)))
    return out


def _in_bay(tile: Tile, bay: int, t0: float, t1: float) -> bool:
    return tile.bay_lines[bay] < t1 and t0 < tile.bay_lines[bay + 1]


def banks(tile: Tile, settings: PlanSettings) -> list[Bank]:
    """List the banks of a tile: none where a core stands or where there is, or may be, a way through behind it."""
    if tile.use != Use.PLANT:
        return []
    taken = cores(tile, settings)
    ways = {(wall.line, way) for wall in partitions(tile, settings) if wall.axis == 0 for way in wall.ways}
    outer = tile.span_lines[0], tile.span_lines[-1]
    found = []
    for span, left in enumerate(tile.span_lines[:-1]):
        for line, way in ((left, 1), (left + SPAN, -1)):
            for n, t in enumerate(tile.bay_lines[:-1]):
                t0, t1 = t + BANK_FROM, t + tile.bay - BANK_TO
                s0, s1 = sorted((line, line + way * DEEP))
                at_core = any(c.s0 < s1 and s0 < c.s1 and c.t0 - 1 < t1 and t0 < c.t1 + 1 for c in taken)
                at_way = (line, t + tile.bay / 2) in ways or (line in outer and _meets_opening(t0, t1))
                if at_core or at_way or tile.draw("plant bank", span, n, way) >= FILLED:
                    continue
                found.append(Bank(theme_of(tile, span), line, way, t0, t1, span, n))
    return found


def _meets_opening(t0: float, t1: float) -> bool:
    """Tell whether a stretch along a joint reaches where a fire wall may have an opening."""
    middles = np.arange(EDGE + SPAN / 2, t1 + SPAN, SPAN)
    return bool(((middles - OPENING_CLEAR < t1) & (t0 < middles + OPENING_CLEAR)).any())


def machines(tile: Tile, settings: PlanSettings) -> list[Machine]:
    """List the machines of a tile, those too that are gone."""
    out = []
    for bank in banks(tile, settings):
        for n, stand in enumerate(THEMES[bank.theme][1]):
            s = bank.line + bank.way * (stand.back + stand.deep / 2) / M
            gone = tile.draw("plant gone", *bank.key, n) < TAKEN_OUT
            out.append(Machine(stand.kind, s, bank.middle + stand.along / M, bank.way, bank, stand, gone))
    return out


def transformer_cages(tile: Tile, settings: PlanSettings) -> list[Cage]:
    """List the cages of a tile: one about each bank of transformers."""
    out = []
    for bank in banks(tile, settings):
        if bank.theme == "mesh":
            count = int((bank.t1 - bank.t0) / PANEL)
            t0 = bank.middle - PANEL * count / 2
            s = bank.line + bank.way * OFF
            s0, s1 = sorted((s, s + bank.way * 3 * PANEL))
            gate = int(tile.draw("cage gate", *bank.key) * count)
            out.append(Cage(s0, t0, s1, t0 + PANEL * count, bank.way, gate, bank.span))
    return out


def plant_rows(tile: Tile, built: Structure, settings: PlanSettings, x0: int, y0: int) -> NDArray[np.int64]:
    """List a tile's plinths as rings and its partitions as bars from the place (x0, y0) of the world in modules."""
    corner = corner_of(tile, x0, y0)
    parts = [np.zeros((0, COLUMNS), np.int64)]
    for machine in machines(tile, settings):
        half_s, half_t = ((size / 2 + MARGIN_M) / M for size in (machine.stand.deep, machine.stand.long))
        a, b, c, d = box_in(tile, machine.s - half_s, machine.t - half_t, machine.s + half_s, machine.t + half_t)
        ring = np.round(np.array([(a, b), (c, b), (c, d), (a, d)]) * MODULE).astype(np.int64) + np.array(corner)
        parts.append(ring_rows(ring[None], SolidKind.BLOCK, 0, PLINTH, tile.ident ^ 5))
    for wall in partitions(tile, settings):
        parts.append(_wall(tile, wall, built.ceiling, corner))
    return np.concatenate(parts)


def _wall(tile: Tile, wall: Partition, ceiling: int, corner: tuple[int, int]) -> NDArray[np.int64]:
    """A partition with its ways through, as rows of walls and headers."""
    axis = wall.axis ^ int(tile.turned)
    line = corner[axis] + round(wall.line * MODULE)
    base, run = corner[1 - axis], tile.ident ^ (6 + wall.axis)
    at, rows = base + round(wall.start * MODULE), []
    for way in wall.ways:
        a, b = (base + round((way + sign * DOOR / 2) * MODULE) for sign in (-1, 1))
        rows.append([axis, line, at, a, WallKind.WALL, 0, ceiling, 0, THICK, run])
        rows.append([axis, line, a, b, WallKind.HEADER, HEAD, ceiling, 0, THICK, run])
        at = b
    rows.append([axis, line, at, base + round(wall.end * MODULE), WallKind.WALL, 0, ceiling, 0, THICK, run])
    return np.array(rows, np.int64)


PLINTH_M = PLINTH * UNIT_M
"""Height of a plinth, metres."""
