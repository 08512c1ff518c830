"""Narrow tunnels beside some others, seen through grilles in the wall between, and entered by one doorway. 0.1 mm."""

from __future__ import annotations

from typing import NamedTuple

from ....plan.lattice import MODULE
from ..plan_settings import PlanSettings
from .graph import MAIN, WALK, Leg, draw
from .tunnels import Clear, Junction, body

WALL, WIDE, HIGH = 3000, 11000, 21300
"""Of the wall between; clear width and height of the tunnel behind it."""
INSET, LEAST = 30000, 300000
"""It begins so far from both ends of its tunnel, which is so long at least."""
LINES_UNDER = 19700
"""Lines under this would run across doorway and grilles: such a wall has none."""
SILL, HEAD, BROAD, APART = 8000, 18000, 12192, 6 * MODULE
"""Lower and upper edge of a grille, its breadth, and from one to the next."""
DOOR = (9100, 19500)
"""Width and height of the doorway."""


class Twin(NamedTuple):
    """A narrow tunnel beside a leg, on its left or right: its own clear space, the doorway's, the grilles'."""

    leg: Leg
    left: bool
    space: Clear
    door: Clear
    grilles: tuple[Clear, ...]

    @property
    def walked(self) -> list[Clear]:
        """What one can walk through, from the tunnel itself on."""
        return [self.space, self.door]

    @property
    def way_in(self) -> Clear:
        """From the middle of the tunnel through the doorway to the middle of the narrow one."""
        (x0, x1), (y0, y1) = (sorted((getattr(self.door, c + "0"), getattr(self.door, c + "1"))) for c in "xy")
        deep = WIDE // 2 + WALL
        return (
            self.door._replace(y0=y0 - deep, y1=y1 + deep)
            if self.leg.axis == 0
            else self.door._replace(x0=x0 - deep, x1=x1 + deep)
        )


def twin_side(leg: Leg, share: float) -> bool | None:
    """Tell whether the narrow tunnel beside a leg is to its left; None where there is none, as beside most."""
    long = leg.span[1] - leg.span[0] >= LEAST
    if not long or leg.section not in (MAIN, WALK) or draw(leg.ident, "twin") >= share:
        return None
    return draw(leg.ident, "twin left") < 0.5


def twin_of(leg: Leg, found: dict[int, Junction], settings: PlanSettings) -> Twin | None:
    """Give the narrow tunnel beside a leg; None where there is none."""
    left = twin_side(leg, settings.twins)
    if left is None:
        return None
    clear = body(leg, found[leg.low.ident], found[leg.high.ident])
    low, high = (clear.x0, clear.x1) if leg.axis == 0 else (clear.y0, clear.y1)
    start, end = low + INSET, high - INSET
    space = _beside(leg, left, start, end, (WALL, WALL + WIDE), HIGH)
    at = start + MODULE if draw(leg.ident, "twin door") < 0.5 else end - MODULE - DOOR[0]
    door = _beside(leg, left, at, at + DOOR[0], (0, WALL), DOOR[1])
    places = range(start + 2 * MODULE + DOOR[0], end - 2 * MODULE - DOOR[0] - BROAD, APART)
    grilles = tuple(_beside(leg, left, place, place + BROAD, (0, WALL), HEAD) for place in places)
    return Twin(leg, left, space, door, grilles)


def _beside(leg: Leg, left: bool, start: int, end: int, across: tuple[int, int], high: int) -> Clear:
    """Clear space along a leg, so far beyond its left or right wall."""
    sign = 1 if left == (leg.axis == 0) else -1
    edge = leg.line + sign * (leg.section.wide // 2)
    near, far = sorted(edge + sign * depth for depth in across)
    box = (start, near, end, far) if leg.axis == 0 else (near, start, far, end)
    return Clear(*box, high, leg.ident ^ 0x5A5A)


def twins(legs: list[Leg], found: dict[int, Junction], settings: PlanSettings) -> list[Twin]:
    """List the narrow tunnels beside some legs."""
    every = (twin_of(leg, found, settings) for leg in legs)
    return [twin for twin in every if twin is not None]
