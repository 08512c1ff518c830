"""What takes the place of ceiling tiles: troffers, return-air grilles, and now and then nothing."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import shapely
from numpy.typing import NDArray

from ....geometry.footprints import Footprints, snapped
from ....geometry.holes import Holes, boxes
from ....geometry.panels import Boxes
from ....geometry.scatter import drawn_cells
from ....plan.floorplan import CELL_M, MODULE_M, Floorplan
from ....plan.floors import floor_at
from ..look_settings import LookSettings
from .troffer import TEE_M

VOID_M = 2 * MODULE_M
"""How far that space reaches beyond the missing tile."""
GRILLE_CELLS, GRILLE_CHANCE = 8, 0.3
"""One return-air grille at most in each square of so many cells, and how often."""
MISSING_CELLS, MISSING_CHANCE = 16, 0.12
REACH_M = 0.35
"""What stands up to less than this under the ceiling is in the way of ceiling fixtures."""


class HoleKind(IntEnum):
    """What fills a hole in the ceiling."""

    TROFFER = 0
    GRILLE = 1
    MISSING = 2


def ceiling_holes(plan: Floorplan, prints: Footprints, look: LookSettings, seed: int) -> Holes:
    """All holes of a plan's ceiling; grilles and missing tiles keep clear of walls, lamps and steps of the ceiling."""
    troffer = np.where(plan.lamp_axis[:, None] == 0, [[MODULE_M, MODULE_M / 2]], [[MODULE_M / 2, MODULE_M]])
    lamps = boxes(plan.lamp_xy, troffer)
    busy = np.concatenate([prints.polygon[prints.z[:, 1] - prints.floor > 2.0], lamps])
    long = look.ceiling_grid == "2x4"
    tile = np.array([MODULE_M / 2, MODULE_M if long else MODULE_M / 2])
    cells, draw = drawn_cells(plan, seed, "build.grille", GRILLE_CELLS, GRILLE_CHANCE * look.fittings)
    grilles = _clear(plan, _in_cell(cells, draw, long), tile, busy, 0.0)
    busy = np.concatenate([busy, boxes(grilles, tile)])
    chance = MISSING_CHANCE + look.decay * plan.district_maps["decay"]
    cells, draw = drawn_cells(plan, seed, "build.missing", MISSING_CELLS, chance * look.fittings)
    missing = _clear(plan, _in_cell(cells, draw, long), tile, busy, VOID_M)
    center = np.concatenate([plan.lamp_xy, grilles, missing])
    half = np.concatenate([troffer, np.tile(tile, (len(grilles) + len(missing), 1))])
    kind = np.repeat([HoleKind.TROFFER, HoleKind.GRILLE, HoleKind.MISSING], [len(lamps), len(grilles), len(missing)])
    void = np.full(len(center), shapely.Polygon(), object)
    void[kind == HoleKind.MISSING] = boxes(missing, tile + VOID_M)
    z = np.concatenate([plan.lamp_z, floor_at(plan.ceiling_m, grilles), floor_at(plan.ceiling_m, missing)])
    opens = kind == HoleKind.MISSING
    return Holes(center, half, snapped(z), kind.astype(np.int8), opens, boxes(center, half), void)


def neighbours_bars(holes: Holes) -> list[Boxes]:
    """For each hole, in its own frame, what the T-bars around holes beside it take of those around it.

    To everyone its own module; of the rest of two rings that cross, the one further south or west takes all.
    """
    taken: list[list[tuple[float, ...]]] = [[] for _ in holes.kind]
    rings = boxes(holes.center, holes.half + TEE_M / 2)
    for a, b in zip(*shapely.STRtree(rings).query(rings, predicate="overlaps"), strict=True):
        if holes.z[a] == holes.z[b]:
            later = tuple(snapped(holes.center[b] - holes.center[a])) < (0.0, 0.0)
            half = holes.half[b] + (TEE_M / 2 if later else 0.0)
            away = holes.center[b] - holes.center[a]
            taken[a].append(_in_frame(away - half, away + half, holes.half[a]))
    return [tuple(sorted(boxes)) for boxes in taken]


def _in_frame(low: NDArray[np.float64], high: NDArray[np.float64], half: NDArray[np.float64]) -> tuple[float, ...]:
    """A box about a hole as (x0, y0, x1, y1) in the hole's frame, whose long side runs along x."""
    (x0, y0), (x1, y1) = np.round(low, 6), np.round(high, 6)
    box = (y0, -x1, y1, -x0) if half[1] > half[0] else (x0, y0, x1, y1)
    return tuple(map(float, box))


def _in_cell(cells: NDArray[np.int64], draw: NDArray[np.float64], long: bool) -> NDArray[np.float64]:
    """The middle (K, 2) of one of the tiles of each cell; ``draw`` (K, 2) in 0..1."""
    module = np.floor(2 * draw)
    if long:
        module[:, 1] = 0.5
    return (cells + (module + 0.5) / 2) * CELL_M


def _clear(
    plan: Floorplan, center: NDArray[np.float64], half: NDArray[np.float64], busy: NDArray[np.object_], around: float
) -> NDArray[np.float64]:
    """Those places whose tile meets nothing busy, under a ceiling that is even ``around`` metres about it."""
    if not len(center):
        return center
    hit = shapely.STRtree(busy).query(boxes(center, half), predicate="intersects")[0]
    free = np.ones(len(center), bool)
    free[hit] = False
    reach = half + around + 0.1
    corners = [floor_at(plan.ceiling_m, center + reach * turn) for turn in ([1, 1], [1, -1], [-1, 1], [-1, -1], [0, 0])]
    return center[free & (np.ptp(corners, axis=0) < 1e-6)]
