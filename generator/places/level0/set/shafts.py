"""Shafts: fat solids of districts of cores with doors painted on their faces. No such door opens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....geometry.footprints import Footprints, in_the_way
from ....geometry.items import Item, hanging
from ....geometry.scatter import clear_spots, unit
from ....plan.floorplan import CELL_M, CHUNK_CELLS, Floorplan, SolidKind
from ....plan.floors import floor_at
from ....plan.sight import ring_boxes
from ..look_settings import LookSettings
from ..plan.grammars.known import value_of

PAINTED = "door_painted"
SHAFTS, FACES = 0.4, 0.5
"""Share of the solids that are shafts, and of a shaft's places for a door that have one."""
RHYTHM, BESIDE_CELLS = 3, 1
"""A face has a place for a door in one of so many cells, and so many cells of wall on both sides of it."""
CLEAR_M, BEFORE_M = 0.5, 0.7
"""Free floor, a radius, this far before a painted door: one may stand before it."""
SIDES = ((0, 0, (1.0, 0.0)), (0, 1, (-1.0, 0.0)), (1, 0, (0.0, -1.0)), (1, 1, (0.0, 1.0)))
"""Faces of a box, south, north, west, east: the axis that they lie along, low or high side, the right of a viewer."""


def painted_doors(plan: Floorplan, prints: Footprints, look: LookSettings, seed: int) -> list[Item]:
    """The painted doors of a region's shafts; what a face has does not depend on the region."""
    grammar, chance = plan.district_maps.get("grammar"), FACES * min(look.fittings * look.doors, 1.0)
    if grammar is None or chance == 0.0:
        return []
    is_core = grammar == np.float32(value_of("cores"))
    shafts = np.flatnonzero((plan.solid_kind == SolidKind.BLOCK) & _drawn_runs(plan.solid_run, seed))
    boxes, runs = ring_boxes(plan)[shafts], plan.solid_run[shafts].tolist()
    found = [p for box, run in zip(boxes, runs, strict=True) for p in _places(plan, box, run, chance, seed)]
    if not found:
        return []
    at, right = (np.array(column) for column in zip(*found, strict=True))
    before = at + BEFORE_M * np.column_stack([right[:, 1], -right[:, 0]])
    cell = np.floor(before / CELL_M).astype(int)
    inside = ((cell >= 0) & (cell < np.array(is_core.shape[::-1]))).all(axis=1)
    x, y = np.clip(cell, 0, np.array(is_core.shape[::-1]) - 1).T
    stands = inside & is_core[y, x] & clear_spots(before, CLEAR_M, in_the_way(plan, prints))
    floor = floor_at(plan.floor_m, before)
    return [Item(PAINTED, hanging(at[k], right[k], floor[k])) for k in np.flatnonzero(stands)]


def _drawn_runs(runs: NDArray[np.int64], seed: int) -> NDArray[np.bool_]:
    """Which solids are shafts, by their identity."""
    return np.array([unit(seed, "build.shaft", int(run)) < SHAFTS for run in runs], bool)


def _places(
    plan: Floorplan, box: NDArray[np.float64], run: int, chance: float, seed: int
) -> list[tuple[NDArray[np.float64], tuple[float, float]]]:
    """Places on the faces of a box x0, y0, x1, y1, and a viewer's right there."""
    found = []
    for number, (along, high, right) in enumerate(SIDES):
        across = 1 - along
        line = box[across + 2 * high]
        if not 1e-6 < line < plan.size_m[across] - 1e-6:
            continue
        low, end = (round(box[along + 2 * k] / CELL_M) for k in (0, 1))
        before = plan.origin[along] * CHUNK_CELLS
        for cell in range(low + BESIDE_CELLS, end - BESIDE_CELLS):
            key = before + cell
            if key % RHYTHM == run % RHYTHM and unit(seed, "build.shaft.door", run, number, key) < chance:
                at = np.empty(2)
                at[along], at[across] = (cell + 0.5) * CELL_M, line
                found.append((at, right))
    return found
