"""The kinds of anomaly: a usual thing with one thing wrong. Each is a function, and a row with its weight.

On walls: (at, right, rng) → items within 1.2 m to both sides, ``at`` (2,) on the wall, ``right`` the viewer's right. In
the open floor: (at, ceiling, rng, ident) → items within 1.9 m. Heights are over the floor there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ....geometry.items import Burning, Item, hanging, standing, tipped
from ....plan.floorplan import LampState
from ....seed import Rng
from ..plan.lamps import KELVIN
from .furnish import into_wall, stack_of_chairs

Vector = NDArray[np.float64]


def chair_in_wall(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """A chair that is half in the wall, at no particular angle."""
    return [Item("stacking_chair", standing(at, rng.uniform(0.0, 2 * np.pi)))]


def chair_facing_wall(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """A chair that looks at the wall from two hands away."""
    into = into_wall(right)
    yaw = float(np.arctan2(right[1], right[0])) + np.pi
    return [Item("stacking_chair", standing(at - (0.42 + 0.1 * rng.uniform()) * into, yaw + 0.08 * rng.normal()))]


def high_outlet(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """An outlet at the height of one's eyes."""
    return [Item("outlet", hanging(at + 0.2 * rng.normal() * right, right, 1.60))]


def crowd_of_switches(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """Seven switches in a row, all of them down, in the middle of a wall."""
    return [Item("switch", hanging(at + 0.085 * (k - 3) * right, right, 1.22)) for k in range(7)]


def step_to_nothing(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """One carpeted step up to a wall."""
    return [Item("step", hanging(at, right, 0.0))]


def painted_arrow(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """An arrow painted on the paper at shoulder height, a little askew; it may point to the left."""
    place = hanging(at, right, 1.35 + 0.1 * rng.normal())
    return [Item("arrow", tipped(place, rng.uniform(-0.08, 0.08) + (np.pi if rng.uniform() < 0.5 else 0.0), 0.0))]


def small_door(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """A door sunk into the floor up to its knob."""
    return [Item("blank_door", hanging(at, right, -0.72))]


def cabinet_facing_wall(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """A filing cabinet with its drawers to the wall."""
    return [Item("filing_cabinet", hanging(at - 0.38 * into_wall(right), -right, 0.0))]


def cooler_facing_wall(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """A water cooler that nobody can drink from: its taps are against the wall."""
    return [Item("water_cooler", hanging(at - 0.26 * into_wall(right), -right, 0.0))]


def row_facing_wall(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """Four chairs in a row before a bare wall, as if something were to be seen there."""
    yaw = float(np.arctan2(right[1], right[0])) + np.pi
    back = 0.95 * into_wall(right)
    return [
        Item("stacking_chair", standing(at + 0.58 * (k - 1.5) * right - back, yaw + 0.02 * rng.normal()))
        for k in range(4)
    ]


def ladder_of_outlets(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """Outlets one over the other from the floor to out of reach, a foot apart."""
    return [Item("outlet", hanging(at, right, 0.33 + 0.3048 * k)) for k in range(7)]


def low_exit(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """A dark exit sign at the height of one's ankles; half of the time it hangs on its head."""
    place = hanging(at, right, 0.31)
    return [Item("exit_sign", tipped(place, np.pi if rng.uniform() < 0.5 else 0.0, 0.0))]


def many_exits(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """Three exit signs side by side, with no way out below them."""
    return [Item("exit_sign", hanging(at + 0.40 * (k - 1) * right, right, 2.33)) for k in range(3)]


def clocks_that_agree(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """Five clocks in a row, as in a bank, that all show the same time."""
    return [Item("clock", hanging(at + 0.44 * (k - 2) * right, right, 1.90)) for k in range(5)]


def wrong_clock(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """A clock of thirteen hours, or one that runs backwards."""
    return [Item("clock_13" if rng.uniform() < 0.5 else "clock_backward", hanging(at, right, 1.75))]


def detectors_on_wall(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """Smoke detectors on the wall, at the height of one's eyes, in a square of nine."""
    flat = [
        tipped(hanging(at + 0.2 * x * right, right, 1.55 + 0.2 * z), 0.0, -np.pi / 2)
        for x in (-1, 0, 1)
        for z in (-1, 0, 1)
    ]
    return [Item("smoke_detector", place) for place in flat]


def three_narrow_doors(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """Three doors side by side, each too narrow to go through."""
    return [Item("door_narrow", hanging(at + 0.68 * (k - 1) * right, right, 0.0)) for k in range(3)]


def stair_to_wall(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """A carpeted stair that goes up to a wall."""
    return [Item("stair", hanging(at, right, 0.0))]


def door_over_floor(at: Vector, right: Vector, rng: Rng) -> list[Item]:
    """A small door high up on a wall, its sill at the height of one's chest."""
    return [Item("door_small", hanging(at, right, 1.30))]


def ring_of_chairs(at: Vector, ceiling: float, rng: Rng, ident: int) -> list[Item]:
    """Six chairs in a ring: they face outwards."""
    start = rng.uniform(0.0, 2 * np.pi)
    turns = start + np.pi / 3 * np.arange(6)
    return [Item("stacking_chair", standing(at + 0.95 * _towards(turn), turn + np.pi / 2)) for turn in turns]


def sinking_chairs(at: Vector, ceiling: float, rng: Rng, ident: int) -> list[Item]:
    """Three chairs in a row that look the same way: one stands, one is in the carpet up to its seat, of one there is
    but the back."""
    turn = rng.uniform(0.0, 2 * np.pi)
    return [
        Item("stacking_chair", standing(at + 1.05 * (k - 1) * _towards(turn), turn + 0.04 * rng.normal(), -deep))
        for k, deep in enumerate((0.0, 0.395, 0.60))
    ]


def chair_on_ceiling(at: Vector, ceiling: float, rng: Rng, ident: int) -> list[Item]:
    """A chair that stands on the ceiling."""
    return [Item("stacking_chair", tipped(standing(at, rng.uniform(0.0, 2 * np.pi), ceiling), np.pi, 0.0))]


def high_stack(at: Vector, ceiling: float, rng: Rng, ident: int) -> list[Item]:
    """A stack of chairs that is taller than whoever stacked it."""
    return stack_of_chairs(at, rng.uniform(0.0, 2 * np.pi), 14)


def sunken_desk(at: Vector, ceiling: float, rng: Rng, ident: int) -> list[Item]:
    """A desk of which only the top has not gone into the carpet, and a chair drawn up to it."""
    yaw = rng.uniform(0.0, 2 * np.pi)
    front = _towards(yaw - np.pi / 2)
    return [
        Item("desk", tipped(standing(at, yaw, -0.52), 0.03 * rng.normal(), 0.02 * rng.normal())),
        Item("stacking_chair", standing(at + 0.75 * front, yaw + np.pi, -0.02)),
    ]


def cabinets_back_to_back(at: Vector, ceiling: float, rng: Rng, ident: int) -> list[Item]:
    """Four filing cabinets that face one another so closely that no drawer opens."""
    start = rng.uniform(0.0, 2 * np.pi)
    turns = start + np.pi / 2 * np.arange(4)
    return [Item("filing_cabinet", standing(at + 0.56 * _towards(turn), turn - np.pi / 2)) for turn in turns]


def lamps_on_floor(at: Vector, ceiling: float, rng: Rng, ident: int) -> list[Item]:
    """Three to five troffers lying about on the floor, lens up; half of the time most of them burn."""
    count, start, current = rng.integers(3, 6), rng.uniform(0.0, 2 * np.pi), rng.uniform() < 0.5
    items = []
    for k in range(count):
        turn = start + 2 * np.pi * k / count
        reach = 0.95 + 0.15 * rng.uniform()
        place = standing(at + reach * _towards(turn), turn + np.pi / 2 + 0.25 * rng.normal())
        draw, kelvin = rng.uniform(), rng.uniform(*KELVIN)
        state = LampState.FAILING if draw < 0.15 else LampState.ON
        burns = Burning((ident + k) % 2**64, kelvin, state) if current and draw < 0.75 else None
        items.append(Item("loose_troffer", place, burns=burns))
    return items


def sunken_cabinet(at: Vector, ceiling: float, rng: Rng, ident: int) -> list[Item]:
    """A filing cabinet that has gone into the carpet by half, leaning a little."""
    place = standing(at, rng.uniform(0.0, 2 * np.pi), -0.55)
    return [Item("filing_cabinet", tipped(place, 0.06 * rng.normal(), 0.06 * rng.normal()))]


WallKind = Callable[[Vector, Vector, Rng], list[Item]]
FloorKind = Callable[[Vector, float, Rng, int], list[Item]]
ON_WALL: dict[WallKind, float] = {
    chair_in_wall: 0.13,
    chair_facing_wall: 0.13,
    high_outlet: 0.15,
    crowd_of_switches: 0.08,
    step_to_nothing: 0.10,
    painted_arrow: 0.14,
    small_door: 0.08,
    cabinet_facing_wall: 0.08,
    cooler_facing_wall: 0.05,
    row_facing_wall: 0.08,
    ladder_of_outlets: 0.07,
    low_exit: 0.06,
    many_exits: 0.05,
    clocks_that_agree: 0.05,
    wrong_clock: 0.06,
    detectors_on_wall: 0.05,
    three_narrow_doors: 0.06,
    stair_to_wall: 0.06,
    door_over_floor: 0.06,
}
"""Kinds on walls, and how often each comes beside the others."""
DEEP = {cabinet_facing_wall, cooler_facing_wall, row_facing_wall, stair_to_wall}
"""Those that need the floor before their wall."""
ON_FLOOR: dict[FloorKind, float] = {
    lamps_on_floor: 0.55,
    sunken_cabinet: 0.22,
    ring_of_chairs: 0.10,
    sinking_chairs: 0.09,
    chair_on_ceiling: 0.09,
    high_stack: 0.06,
    sunken_desk: 0.08,
    cabinets_back_to_back: 0.07,
}
"""Kinds in the open floor."""


def _towards(turn: float) -> Vector:
    """The unit vector (2,) at an angle."""
    return np.array([np.cos(turn), np.sin(turn)])
