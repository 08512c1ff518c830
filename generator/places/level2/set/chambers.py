"""What stands in chambers, at the ends of tunnels and in their floors: it follows from the place in the world alone."""

from __future__ import annotations

import numpy as np

from ....geometry.items import Item, hanging, standing
from ....plan.lattice import MODULE, UNIT_M
from ..plan.graph import Leg, draw
from ..plan.tunnels import EAST, NORTH, SOUTH, WEST, Junction, body, ladder_of, shaft_of
from ..plan.twins import SILL, Twin

PIECES = ("pump", "pump", "switchgear", "switchgear", "tank")
FILLED = 0.45
"""Share of a chamber's four quarters that something stands in: the same in a whole chamber."""
SUMPS = 0.7
"""Share of chambers, but for those under shafts, whose drains lead to a sump there."""
DOORS = 0.6
"""Share of the ends without a chamber that have a door, which does not open."""
DRAIN = 20
"""Modules of the world from drain to drain."""
Origin = tuple[int, int]


def pieces(found: dict[int, Junction], origin: Origin) -> list[Item]:
    """List the machines of chambers, the ladders of shafts and the doors of ends, metres from an origin of 0.1 mm."""
    out: list[Item] = []
    for junction in found.values():
        if junction.chamber:
            out += _quarters(junction, origin) if shaft_of(junction) is None else [_ladder(junction, origin)]
        elif sum(arm is not None for arm in junction.arms) == 1 and draw(junction.node.ident, "door") < DOORS:
            out.append(_door(junction, origin))
    return out


def sumps(found: dict[int, Junction], origin: Origin) -> list[Item]:
    """List the sumps in the middles of chambers."""
    return [
        Item("sump", standing(_local(j.node.x, j.node.y, origin), (j.node.ident % 2) * np.pi / 2))
        for j in found.values()
        if j.chamber and shaft_of(j) is None and draw(j.node.ident, "sump") < SUMPS
    ]


def _quarters(junction: Junction, origin: Origin) -> list[Item]:
    """A kind of machine in some of a chamber's quarters, all turned one way, clear of its walls and of the ways."""
    ident, (x0, y0, x1, y1) = junction.node.ident, junction.box
    kind = PIECES[int(draw(ident, "piece") * len(PIECES))]
    turn = int(draw(ident, "piece turn") * 4)
    out = []
    for k, (u, v) in enumerate(((0.27, 0.27), (0.73, 0.27), (0.27, 0.73), (0.73, 0.73))):
        if draw(ident, "quarter", k) < FILLED:
            at = _local(x0 + u * (x1 - x0), y0 + v * (y1 - y0), origin)
            out.append(Item(kind, standing(at, turn * np.pi / 2)))
    return out


def _ladder(junction: Junction, origin: Origin) -> Item:
    """A ladder on the northern side of a shaft."""
    shaft = shaft_of(junction)
    assert shaft is not None
    x, y = _local((shaft.x0 + shaft.x1) / 2, shaft.y1, origin)
    return Item(f"ladder_{ladder_of(junction)}", standing((x, y - 0.16), 0.0))


def _door(junction: Junction, origin: Origin) -> Item:
    """A door in the end wall of a tunnel."""
    x0, y0, x1, y1 = junction.box
    way = next(k for k, arm in enumerate(junction.arms) if arm is not None)
    node = junction.node
    at, right = {
        EAST: ((x0, node.y), (0.0, 1.0)), WEST: ((x1, node.y), (0.0, -1.0)),
        NORTH: ((node.x, y0), (-1.0, 0.0)), SOUTH: ((node.x, y1), (1.0, 0.0)),
    }[way]  # fmt: skip
    return Item("steel_door", hanging(_local(*at, origin), right, 0.0))


def drains(legs: list[Leg], found: dict[int, Junction], origin: Origin) -> list[Item]:
    """List the drains in the middle of tunnels."""
    out = []
    for leg in legs:
        clear = body(leg, found[leg.low.ident], found[leg.high.ident])
        low, high = (clear.x0, clear.x1) if leg.axis == 0 else (clear.y0, clear.y1)
        pitch = DRAIN * MODULE
        for at in range(-(-(low + MODULE) // pitch) * pitch, high - MODULE, pitch):
            place = (at, leg.line) if leg.axis == 0 else (leg.line, at)
            out.append(Item("drain", standing(_local(*place, origin), 0.0)))
    return out


def grilles(found: list[Twin], origin: Origin) -> list[Item]:
    """List the grilles between tunnels and the narrow ones beside them."""
    out = []
    for twin in found:
        right = (1.0, 0.0) if twin.leg.axis == 0 else (0.0, 1.0)
        for g in twin.grilles:
            at = _local((g.x0 + g.x1) / 2, (g.y0 + g.y1) / 2, origin)
            out.append(Item("grille", hanging(at, right, SILL * UNIT_M)))
    return out


def _local(x: float, y: float, origin: Origin) -> tuple[float, float]:
    return (x - origin[0]) * UNIT_M, (y - origin[1]) * UNIT_M
