"""Where bulkhead lamps are, and which of them burn; 0.1 mm."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import LampState
from ....plan.lattice import CELL, UNIT_M
from ..pipes.routing import is_bare, pipe_world
from ..plan_settings import PlanSettings
from .graph import MAIN, Leg, draw
from .tunnels import Junction, body
from .twins import Twin, twin_side, twins

APART = (60000, 90000)
"""From lamp to lamp along a tunnel."""
CEILING, LEFT, RIGHT = range(3)
"""Kinds of lamps: under the ceiling; on the wall to the left or the right of who looks east or north."""
ON_WALL, BELOW = 20500, 4000
"""Height of a lamp on a wall, and how far below the ceiling it is at least."""
HALF_M = 0.13
"""How much of the wall over and under a lamp is its own."""
KELVIN = 2800.0
BURNS = 0.8
"""Share of the lamps in chambers that burn where there is power: whoever came last, worked there."""


TWINS_DEAD = 0.4
"""Share of the narrow tunnels behind grilles whose circuit is dead."""


class Mounted(NamedTuple):
    """A lamp: its place in the world, axis, height, kind, its own number, and the chance that it is dead."""

    x: int
    y: int
    axis: int
    z: int
    kind: int
    ident: int
    dead: float


def lamps(
    legs: list[Leg], found: dict[int, Junction], settings: PlanSettings, seed: int, box: tuple[int, int, int, int]
) -> list[Mounted]:
    """List the lamps of legs and chambers in a rectangle of the world."""
    world = pipe_world(seed)
    out = [lamp for leg in legs for lamp in _along(leg, found, settings, world)]
    out += [lamp for j in found.values() if j.chamber for lamp in _chamber(j, settings)]
    out += [lamp for twin in twins(legs, found, settings) for lamp in _in_twin(twin)]
    return [lamp for lamp in out if box[0] <= lamp.x < box[2] and box[1] <= lamp.y < box[3]]


def side_of(leg: Leg, settings: PlanSettings, world: np.uint64) -> int:
    """Say where a leg's lamps are: on a wall where no pipe is in the way, else under the ceiling."""
    if leg.section is MAIN or draw(leg.ident, "lamp side") < 0.3:
        return CEILING
    first = draw(leg.ident, "lamp left") < 0.5
    z = _height(leg) * UNIT_M
    for left in (first, not first):
        if twin_side(leg, settings.twins) is not left and is_bare(leg, left, z - HALF_M, z + HALF_M, world, settings):
            return LEFT if left else RIGHT
    return CEILING


def _height(leg: Leg) -> int:
    """Of a leg's lamps, where they are on a wall."""
    return min(ON_WALL, leg.section.high - BELOW)


def _along(leg: Leg, found: dict[int, Junction], settings: PlanSettings, world: np.uint64) -> list[Mounted]:
    """The lamps of a leg, evenly spaced; the whole of a dead circuit is dead."""
    clear = body(leg, found[leg.low.ident], found[leg.high.ident])
    low, high = (clear.x0, clear.x1) if leg.axis == 0 else (clear.y0, clear.y1)
    step = APART[0] + draw(leg.ident, "lamp step") * (APART[1] - APART[0])
    count = int((high - low) // step)
    side = side_of(leg, settings, world)
    half = leg.section.wide // 2
    across = leg.line + {CEILING: 0, LEFT: half, RIGHT: -half}[side] * (1 if leg.axis == 0 else -1)
    z = leg.section.high if side == CEILING else _height(leg)
    broken = draw(leg.ident, "circuit") < settings.circuits_dead
    dead = 1.0 if broken else settings.lamps_dead * 2.0 * draw(leg.ident, "dead")
    out = []
    for k in range(count):
        at = (low + high) // 2 + round((k - (count - 1) / 2) * step)
        x, y = (at, across) if leg.axis == 0 else (across, at)
        out.append(Mounted(x, y, leg.axis, z, side, leg.ident ^ (k + 1), dead))
    return out


def _in_twin(twin: Twin) -> list[Mounted]:
    """The lamps of a narrow tunnel, on a circuit of its own."""
    space, axis = twin.space, twin.leg.axis
    low, high = (space.x0, space.x1) if axis == 0 else (space.y0, space.y1)
    line = (space.y0 + space.y1) // 2 if axis == 0 else (space.x0 + space.x1) // 2
    dead = 1.0 if draw(space.ident, "circuit") < TWINS_DEAD else 0.35
    out = []
    for k, at in enumerate(range(low + APART[1] // 2, high, APART[1])):
        x, y = (at, line) if axis == 0 else (line, at)
        out.append(Mounted(x, y, axis, space.high, CEILING, space.ident ^ (k + 1), dead))
    return out


def _chamber(junction: Junction, settings: PlanSettings) -> list[Mounted]:
    """Two lamps under a chamber's ceiling."""
    x0, y0, x1, y1 = junction.box
    axis = junction.node.ident % 2
    out = []
    for k, share in enumerate((0.25, 0.75)):
        x = round(x0 + (x1 - x0) * (share if axis == 0 else 0.5))
        y = round(y0 + (y1 - y0) * (share if axis == 1 else 0.5))
        ident = junction.node.ident ^ (k + 1)
        out.append(Mounted(x, y, axis, junction.high, CEILING, ident, 1.0 - BURNS))
    return out


def states(found: list[Mounted], power: NDArray[np.float64], settings: PlanSettings) -> NDArray[np.int64]:
    """LampState (N,) of lamps that have so much ``power`` (N,), 0..1."""
    out = np.zeros(len(found), np.int64)
    for k, lamp in enumerate(found):
        burns = draw(lamp.ident, "lamp")
        if burns < lamp.dead + 1.15 * (1.0 - power[k]):
            out[k] = LampState.DEAD
        elif draw(lamp.ident, "failing") < settings.lamps_failing:
            out[k] = LampState.FAILING
        else:
            out[k] = LampState.ON
    return out


def cells_of(found: list[Mounted], x0: int, y0: int) -> NDArray[np.int64]:
    """Give the cells (N, 2) of lamps from the place (x0, y0) of the world."""
    return np.array([((lamp.x - x0) // CELL, (lamp.y - y0) // CELL) for lamp in found], np.int64).reshape(-1, 2)
