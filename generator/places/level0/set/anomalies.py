"""Anomalies: now and then one thing breaks the rules. Each kind is rare enough to be doubted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ....geometry.footprints import Footprints, in_the_way
from ....geometry.items import Burning, Item, hanging, lifted, standing, tipped
from ....geometry.scatter import clear_spots, drawn_cells, unit
from ....geometry.sites import Places, Stretches, middle_places
from ....plan.floorplan import CELL_M, CHUNK_CELLS, Floorplan, LampState, WallKind
from ....plan.floors import floor_at
from ....seed import Rng, hash64, rng_for
from ..look_settings import LookSettings
from ..plan.lamps import KELVIN
from .furnish import MIDDLE_M, spots_of

SQUARE_CELLS = 16
"""At most one anomaly in each square of so many cells (19.5 m)."""
MOST = 0.4
"""Share of the squares that have one at look.anomalies = 1."""
ON_FLOOR, TRIES = 0.35, 8
"""Share of the anomalies that lie in the open floor, and how many places are tried for one."""
SHORT_WALLS = 0.02
"""Share of wall runs that stop short of the ceiling at look.anomalies = 1."""
GAP_M = 0.10


def short_walls(plan: Floorplan, look: LookSettings, seed: int) -> Floorplan:
    """Some walls stop 10 cm short of the ceiling, openings and all, and the light of the next room comes over."""
    chance = SHORT_WALLS * look.anomalies
    runs, inverse = np.unique(plan.wall_run, return_inverse=True)
    short = np.array([unit(seed, "build.short", int(run)) < chance for run in runs], bool)[inverse.ravel()]
    short &= np.isin(plan.wall_kind, [WallKind.WALL, WallKind.HEADER])
    if not short.any():
        return plan
    z = plan.wall_z.copy()
    z[short, 1] -= GAP_M
    return replace(plan, wall_z=z)


def anomalies(
    plan: Floorplan, walls: Stretches, prints: Footprints, taken: list[Item], look: LookSettings, seed: int
) -> list[Item]:
    """Things that should not be so, one kind at most in each square of the floor, clear of what is ``taken``."""
    cells, _ = drawn_cells(plan, seed, "build.wrong", SQUARE_CELLS, MOST * look.anomalies)
    middles = middle_places(plan, walls, MIDDLE_M)
    standing_here = spots_of(plan, taken)
    busy = np.concatenate([in_the_way(plan, prints), standing_here])
    free = clear_spots(middles.at, 1.0, standing_here)
    middles = Places(*(column[free] for column in vars(middles).values()))
    square = np.floor(middles.at / (SQUARE_CELLS * CELL_M)).astype(np.int64)
    items: list[Item] = []
    for cell in cells:
        corner = cell + np.array(plan.origin, np.int64) * CHUNK_CELLS
        rng = rng_for(seed, "build.wrong.kind", *corner.tolist())
        if rng.uniform() < ON_FLOOR:
            spots = (cell // SQUARE_CELLS + rng.uniform(0.15, 0.85, (TRIES, 2))) * (SQUARE_CELLS * CELL_M)
            clear = np.flatnonzero(clear_spots(spots, 1.9, busy))
            if len(clear):
                spot = spots[clear[0]]
                if rng.uniform() < 0.6:
                    found = lamps_on_floor(spot, rng, hash64(seed, "build.wrong.lamp", *corner.tolist()))
                else:
                    found = sunken_cabinet(spot, rng)
                items += lifted(found, float(floor_at(plan.floor_m, spot)[0]))
            continue
        at = _best(middles, square, cell // SQUARE_CELLS, seed)
        if at is not None:
            kind = WALL_KINDS[rng.choice(WALL_WEIGHTS)]
            items += lifted(kind(middles.at[at], middles.right[at], rng), middles.floor[at])
    return items


def chair_in_wall(at: NDArray[np.float64], right: NDArray[np.float64], rng: Rng) -> list[Item]:
    """A chair that is half in the wall, at no particular angle."""
    return [Item("stacking_chair", standing(at, rng.uniform(0.0, 2 * np.pi)))]


def chair_facing_wall(at: NDArray[np.float64], right: NDArray[np.float64], rng: Rng) -> list[Item]:
    """A chair that looks at the wall from two hands away."""
    into = _into(right)
    yaw = float(np.arctan2(right[1], right[0])) + np.pi
    return [Item("stacking_chair", standing(at - (0.42 + 0.1 * rng.uniform()) * into, yaw + 0.08 * rng.normal()))]


def high_outlet(at: NDArray[np.float64], right: NDArray[np.float64], rng: Rng) -> list[Item]:
    """An outlet at the height of one's eyes."""
    return [Item("outlet", hanging(at + 0.2 * rng.normal() * right, right, 1.60))]


def crowd_of_switches(at: NDArray[np.float64], right: NDArray[np.float64], rng: Rng) -> list[Item]:
    """Seven switches in a row, all of them down, in the middle of a wall."""
    return [Item("switch", hanging(at + 0.085 * (k - 3) * right, right, 1.22)) for k in range(7)]


def step_to_nothing(at: NDArray[np.float64], right: NDArray[np.float64], rng: Rng) -> list[Item]:
    """One carpeted step up to a wall."""
    return [Item("step", hanging(at, right, 0.0))]


def painted_arrow(at: NDArray[np.float64], right: NDArray[np.float64], rng: Rng) -> list[Item]:
    """An arrow painted on the paper at shoulder height, a little askew; it may point to the left."""
    place = hanging(at, right, 1.35 + 0.1 * rng.normal())
    return [Item("arrow", tipped(place, rng.uniform(-0.08, 0.08) + (np.pi if rng.uniform() < 0.5 else 0.0), 0.0))]


def small_door(at: NDArray[np.float64], right: NDArray[np.float64], rng: Rng) -> list[Item]:
    """A door sunk into the floor up to its knob."""
    return [Item("blank_door", hanging(at, right, -0.72))]


def lamps_on_floor(at: NDArray[np.float64], rng: Rng, ident: int) -> list[Item]:
    """Three to five troffers lying about on the floor, lens up; half of the time most of them burn."""
    count, start, current = rng.integers(3, 6), rng.uniform(0.0, 2 * np.pi), rng.uniform() < 0.5
    items = []
    for k in range(count):
        turn = start + 2 * np.pi * k / count
        reach = 0.95 + 0.15 * rng.uniform()
        spot = at + reach * np.array([np.cos(turn), np.sin(turn)])
        place = standing(spot, turn + np.pi / 2 + 0.25 * rng.normal())
        draw, kelvin = rng.uniform(), rng.uniform(*KELVIN)
        state = LampState.FAILING if draw < 0.15 else LampState.ON
        burns = Burning((ident + k) % 2**64, kelvin, state) if current and draw < 0.75 else None
        items.append(Item("loose_troffer", place, burns=burns))
    return items


def sunken_cabinet(at: NDArray[np.float64], rng: Rng) -> list[Item]:
    """A filing cabinet that has gone into the carpet by half, leaning a little."""
    place = standing(at, rng.uniform(0.0, 2 * np.pi), -0.55)
    return [Item("filing_cabinet", tipped(place, 0.06 * rng.normal(), 0.06 * rng.normal()))]


WallKindOfWrong = Callable[[NDArray[np.float64], NDArray[np.float64], Rng], list[Item]]
WALL_KINDS: tuple[WallKindOfWrong, ...] = (
    chair_in_wall,
    chair_facing_wall,
    high_outlet,
    crowd_of_switches,
    step_to_nothing,
    painted_arrow,
    small_door,
)
WALL_WEIGHTS = (0.16, 0.16, 0.2, 0.08, 0.14, 0.18, 0.08)


def _best(places: Places, square: NDArray[np.int64], wanted: NDArray[np.int64], seed: int) -> int | None:
    """Of the places well inside a square the one with the least draw, None where there is none."""
    low = wanted * SQUARE_CELLS * CELL_M
    inner = ((places.at > low + 1.5) & (places.at < low + SQUARE_CELLS * CELL_M - 1.5)).all(axis=1)
    mine = np.flatnonzero((square == wanted).all(axis=1) & inner)
    if not len(mine):
        return None
    return int(min(mine, key=lambda k: unit(seed, "build.wrong.place", *places.key[k].tolist())))


def _into(right: NDArray[np.float64]) -> NDArray[np.float64]:
    """The direction into the wall of a viewer whose right is ``right``."""
    return np.array([-right[1], right[0]])
