"""Anomalies: now and then one thing breaks the rules. Each kind is rare enough to be doubted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ....geometry.footprints import Footprints, in_the_way
from ....geometry.items import Item, lifted
from ....geometry.scatter import clear_spots, drawn_cells, unit
from ....geometry.sites import Places, Stretches, middle_places
from ....plan.floorplan import CELL_M, CHUNK_CELLS, Floorplan, WallKind
from ....plan.floors import floor_at
from ....seed import hash64, rng_for
from ..look_settings import LookSettings
from .anomaly_kinds import DEEP, ON_FLOOR, ON_WALL
from .furnish import MIDDLE_M, into_wall, spots_of

SQUARE_CELLS = 16
"""At most one anomaly in each square of so many cells (19.5 m)."""
MOST = 0.4
"""Share of the squares that have one at look.anomalies = 1."""
FLOOR_SHARE, TRIES = 0.35, 8
"""Share of the anomalies that lie in the open floor, and how many places are tried for one."""
ROOM_M = 0.9
"""Radius of the free floor that some kinds need, a metre before their wall."""
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
        if rng.uniform() < FLOOR_SHARE:
            spots = (cell // SQUARE_CELLS + rng.uniform(0.15, 0.85, (TRIES, 2))) * (SQUARE_CELLS * CELL_M)
            clear = np.flatnonzero(clear_spots(spots, 1.9, busy))
            if len(clear):
                spot, kind = spots[clear[0]], list(ON_FLOOR)[rng.choice(list(ON_FLOOR.values()))]
                floor, ceiling = (float(floor_at(plane, spot)[0]) for plane in (plan.floor_m, plan.ceiling_m))
                ident = hash64(seed, "build.wrong.lamp", *corner.tolist())
                items += lifted(kind(spot, ceiling - floor, rng, ident), floor)
            continue
        at = _best(middles, square, cell // SQUARE_CELLS, seed)
        if at is not None:
            before = middles.at[at] - into_wall(middles.right[at])
            roomy = clear_spots(before[None], ROOM_M, busy)[0]
            kinds = {kind: often for kind, often in ON_WALL.items() if roomy or kind not in DEEP}
            hung = list(kinds)[rng.choice(list(kinds.values()))]
            items += lifted(hung(middles.at[at], middles.right[at], rng), middles.floor[at])
    return items


def _best(places: Places, square: NDArray[np.int64], wanted: NDArray[np.int64], seed: int) -> int | None:
    """Of the places well inside a square the one with the least draw, None where there is none."""
    low = wanted * SQUARE_CELLS * CELL_M
    inner = ((places.at > low + 1.5) & (places.at < low + SQUARE_CELLS * CELL_M - 1.5)).all(axis=1)
    mine = np.flatnonzero((square == wanted).all(axis=1) & inner)
    if not len(mine):
        return None
    return int(min(mine, key=lambda k: unit(seed, "build.wrong.place", *places.key[k].tolist())))
