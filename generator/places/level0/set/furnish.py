"""Fittings and props: what hangs on walls and ceilings, and the little that was left behind."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from ....geometry.footprints import Footprints, in_the_way
from ....geometry.items import PLAIN_EDGES, Burning, Item, hanging, lifted, standing
from ....geometry.kit import Luminaire, Prop, Site
from ....geometry.panels import Sides
from ....geometry.scatter import clear_spots, drawn_cells, unit
from ....geometry.sites import Places, Stretches, end_places, middle_places
from ....plan.floorplan import CELL_M, CHUNK_CELLS, Floorplan, LampState
from ....plan.floors import floor_at
from ....seed import hash64, rng_for
from ..look_settings import LookSettings
from ..patch_settings import Patch
from ..plan.patch import corner_of
from .ceiling import HoleKind, Holes, neighbours_bars
from .doors import AJAR, WRONG
from .table import LUMINAIRES, PROPS

STANDS_OPEN, WRONG_DOORS = 0.20, 0.50
"""Of the doors, those that stand open where they have the floor for it, on the wall; and all that are wrong, those
too."""
SIGNS_LIT = 0.67
"""Of the exit signs, those that still have current."""
SWING_M, PASS_M = 0.95, 1.4
"""Floor that an open leaf needs before its wall, and that must be left beyond it to walk by."""
MIDDLE_M = 1.2
"""Wall that a thing in its middle has to both sides."""
SPRINKLER_CELLS, SPRINKLED_ROOMS = 4, 0.3
"""Sprinklers come every 4.88 m, in this share of the rooms. Source: NFPA 13, at most 4.6 to 6.1 m apart."""
DETECTOR_CELLS, DETECTOR_CHANCE = 8, 0.10
LEFT_CELLS = 16
"""Furniture is left at most once in a square of so many cells."""
STACK, STACK_CHANCE = "stack_of_chairs", 0.03
"""An arrangement of chairs, and the share of the squares that have one; what stands alone the table says."""
FREE_M = 1.5
"""Floor that furniture needs around it."""


def hole_fillers(plan: Floorplan, holes: Holes, corners: list[Sides]) -> list[Item]:
    """Troffers, grilles, and the bars around missing tiles; the first items are the plan's lamps in order."""
    items = []
    taken = neighbours_bars(holes)
    for k, kind in enumerate(holes.kind):
        turned = holes.half[k, 1] > holes.half[k, 0]
        place = standing(holes.center[k], np.pi / 2 if turned else 0.0, holes.z[k])
        long = "2x4" if abs(holes.half[k, 0] - holes.half[k, 1]) > 0.1 else "2x2"
        if kind == HoleKind.TROFFER:
            items.append(Item(LUMINAIRES[plan.lamp_kind[k]].kind, place, k, corners[k], taken[k]))
        elif kind == HoleKind.GRILLE:
            items.append(Item(f"grille_{long}", place, -1, corners[k]))
        else:
            items.append(Item(f"tile_bars_{long}", place, -1, PLAIN_EDGES))
    return items


def patch_things(plan: Floorplan, patches: Sequence[Patch]) -> list[Item]:
    """What patches put in stated places of this region."""
    items = []
    for patch in patches:
        corner = corner_of(plan, patch)
        for thing in patch.thing:
            at = corner + np.array(thing.at)
            if (at > 0).all() and (at < plan.size_m).all():
                there = standing(at, np.radians(thing.right_deg), thing.z)
                items += lifted([Item(thing.kind, there)], float(floor_at(plan.floor_m, at)[0]))
    return items


def end_fittings(plan: Floorplan, walls: Stretches, look: LookSettings, seed: int) -> list[Item]:
    """What hangs near the ends of walls and beside openings: outlets, switches."""
    items = []
    ends, jambs = end_places(plan, walls, 0.0, 1.2), end_places(plan, walls, 0.18, 0.6, outer=True)
    for row in rows_of(Site.WALL_END):
        for k in _drawn(ends, seed, f"build.{row.kind}", _chance(row, look)):
            gap = 0.40 + 0.10 * unit(seed, f"build.{row.kind}.gap", *ends.key[k])
            items.append(_hung(row, ends.at[k] + gap * ends.inward[k], ends.right[k], ends.floor[k]))
    for row in rows_of(Site.OPENING):
        for k in _drawn(jambs, seed, f"build.{row.kind}", _chance(row, look)):
            items.append(_hung(row, jambs.at[k], jambs.right[k], jambs.floor[k]))
    return items


def _hung(row: Prop, at: NDArray[np.float64], right: NDArray[np.float64], floor: float) -> Item:
    """A prop on a wall at a place, or in front of it."""
    return Item(row.kind, hanging(at - row.away_m * into_wall(right), right, floor + row.height_m))


def into_wall(right: NDArray[np.float64]) -> NDArray[np.float64]:
    """The direction (2,) into the wall of a viewer whose right is ``right``."""
    return np.array([-right[1], right[0]])


def middle_fittings(plan: Floorplan, walls: Stretches, prints: Footprints, look: LookSettings, seed: int) -> list[Item]:
    """Doors, signs, clocks, and now and then a cabinet or a cooler, in the middle of walls."""
    items = []
    middles = middle_places(plan, walls, MIDDLE_M)
    rows = rows_of(Site.WALL)
    edges = np.cumsum([_chance(prop, look) for prop in rows])
    busy = in_the_way(plan, prints)
    for k in _drawn(middles, seed, "build.middle", edges[-1]):
        draw = unit(seed, "build.middle", *middles.key[k])
        row = rows[int(np.searchsorted(edges, draw, side="right"))]
        hung = _hung(row, middles.at[k], middles.right[k], middles.floor[k])
        item = _lit(hung, row.lamp, seed, middles.key[k])
        items.append(item._replace(kind=_door(middles, k, busy, seed)) if row.kind == "blank_door" else item)
    return items


def _lit(item: Item, lamp: Luminaire | None, seed: int, key: NDArray[np.int64]) -> Item:
    """A thing that is a lamp with current, two times in three; any other as it is."""
    if lamp is None or unit(seed, "build.exit", *key) > SIGNS_LIT:
        return item
    kelvin = lamp.kelvin[0] + np.ptp(lamp.kelvin) * unit(seed, "build.exit.kelvin", *key)
    return item._replace(burns=Burning(hash64(seed, "build.exit.lamp", *key), float(kelvin), LampState.ON))


def _chance(prop: Prop, look: LookSettings) -> float:
    """How often a place of its site has a prop."""
    return math.prod((getattr(look, name) for name in prop.often), start=prop.chance)


def _door(middles: Places, k: int, busy: NDArray[np.object_], seed: int) -> str:
    """Which door a place has: half are right and shut; one stands open only where one can still walk past it."""
    draw = unit(seed, "build.door", *middles.key[k])
    if draw > WRONG_DOORS:
        return "blank_door"
    out = -into_wall(middles.right[k])
    lane = middles.at[k] + out * np.array([[SWING_M], [SWING_M + PASS_M / 2]])
    if draw > STANDS_OPEN or not clear_spots(lane, 0.9 * min(SWING_M, PASS_M / 2 + 0.1), busy).all():
        return WRONG[int(len(WRONG) * unit(seed, "build.door.wrong", *middles.key[k]))]
    return "door_ajar" if draw < 0.6 * STANDS_OPEN else "door_open"


def ceiling_fittings(plan: Floorplan, holes: Holes, prints: Footprints, look: LookSettings, seed: int) -> list[Item]:
    """Sprinklers in some rooms, smoke detectors here and there, all in the middle of a tile."""
    rows, columns = plan.ceiling_m.shape
    y, x = np.mgrid[0:rows:SPRINKLER_CELLS, 0:columns:SPRINKLER_CELLS].reshape(2, -1)
    chance = SPRINKLED_ROOMS * min(look.fittings, 1.0)
    wet = np.array([unit(seed, "build.sprinkler", int(room)) < chance for room in plan.room[y, x]], bool)
    sprinklers = np.column_stack([x, y])[wet]
    detectors, _ = drawn_cells(plan, seed, "build.detector", DETECTOR_CELLS, DETECTOR_CHANCE * look.fittings)
    busy = np.concatenate([prints.polygon[prints.z[:, 1] - prints.floor > 2.0], holes.polygon])
    items = []
    for kind, cells, shift in (("sprinkler", sprinklers, 0.25), ("smoke_detector", detectors, 0.75)):
        spots = (cells + np.array([shift, 0.5])) * CELL_M
        for k in np.flatnonzero(clear_spots(spots, 0.15, busy)):
            items.append(Item(kind, standing(spots[k], 0.0, plan.ceiling_m[cells[k, 1], cells[k, 0]])))
    return items


def left_behind(plan: Floorplan, prints: Footprints, taken: list[Item], look: LookSettings, seed: int) -> list[Item]:
    """A chair, a stack of them, or a desk in the open floor, clear of what is ``taken``: rarely."""
    cells, spots = left_places(plan, look, seed)
    items: list[Item] = []
    busy = np.concatenate([in_the_way(plan, prints), spots_of(plan, taken)])
    for k in np.flatnonzero(clear_spots(spots, FREE_M, busy)):
        corner = cells[k] + np.array(plan.origin, np.int64) * CHUNK_CELLS
        rng = rng_for(seed, "build.left.kind", *corner.tolist())
        kinds, chances = _left()
        kind, yaw = kinds[rng.choice(chances)], rng.uniform(0.0, 2 * np.pi)
        if kind == "desk":
            found = desk_and_chair(spots[k], _squared(yaw) + 0.05 * rng.normal(), rng.uniform())
        elif kind == STACK:
            found = stack_of_chairs(spots[k], yaw, rng.integers(3, 6))
        else:
            found = [Item(kind, standing(spots[k], yaw))]
        items += lifted(found, float(floor_at(plan.floor_m, spots[k])[0]))
    return items


def left_places(plan: Floorplan, look: LookSettings, seed: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Cells and middles (K, 2), metres, of what furniture is left where FREE_M around it are free."""
    total = sum(_left()[1]) * look.props
    cells, draw = drawn_cells(plan, seed, "build.left", LEFT_CELLS, total)
    return cells, (cells + draw) * CELL_M


def rows_of(site: Site) -> list[Prop]:
    """The rows of the table that a site has."""
    return [prop for prop in PROPS.values() if prop.site is site]


def _left() -> tuple[list[str], list[float]]:
    """What is left in the open floor, and in which shares of the squares: the first two rows, stacks, the others."""
    rows = rows_of(Site.FLOOR)
    kinds, chances = [row.kind for row in rows], [row.chance for row in rows]
    return [*kinds[:2], STACK, *kinds[2:]], [*chances[:2], STACK_CHANCE, *chances[2:]]


def spots_of(plan: Floorplan, items: list[Item]) -> NDArray[np.object_]:
    """Where things stand on the floor, as discs of half a metre; of a metre where a door's leaf stands out."""
    place = np.array([item.place[:3, 3] for item in items]).reshape(-1, 3)
    low = [items[k] for k in np.flatnonzero(place[:, 2] - floor_at(plan.floor_m, place[:, :2]) < 0.05)]
    at = np.array([item.place[:2, 3] for item in low]).reshape(-1, 2)
    reach = np.array([1.0 if item.kind in AJAR else 0.5 for item in low])
    return np.asarray(shapely.buffer(shapely.points(at), reach, quad_segs=2), object)


def desk_and_chair(at: NDArray[np.float64], yaw: float, draw: float) -> list[Item]:
    """A desk, and two times in three its chair, pushed back a little."""
    items = [Item("desk", standing(at, yaw))]
    if draw < 2 / 3:
        c, s = np.cos(yaw), np.sin(yaw)
        x, y = -0.2, -0.62 - 0.3 * draw
        items.append(
            Item("stacking_chair", standing(at + np.array([c * x - s * y, s * x + c * y]), yaw + np.pi + draw - 0.3))
        )
    return items


def stack_of_chairs(at: NDArray[np.float64], yaw: float, count: int) -> list[Item]:
    """Chairs nested: each 75 mm higher and 20 mm further forward than the one below."""
    forward = np.array([np.sin(yaw), -np.cos(yaw)])
    return [Item("stacking_chair", standing(at + 0.02 * k * forward, yaw, 0.075 * k)) for k in range(count)]


def _squared(yaw: float) -> float:
    """The nearest right angle, radians."""
    return float(np.round(yaw / (np.pi / 2)) * np.pi / 2)


def _drawn(places: Places, seed: int, stream: str, chance: float) -> list[int]:
    """Which places win, each by its own draw."""
    return [k for k, key in enumerate(places.key.tolist()) if unit(seed, stream, *key) < chance]
