"""A drawing with heights laid over it, as a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import CELL_M, CHUNK_CELLS, CHUNK_M, Floorplan
from ....plan.floors import floors_beside
from ....plan.lattice import CELL
from ....plan.rows import Drawing, plan_of_drawing
from ....plan.sight import ring_boxes, wall_boxes
from ....plan.walls import walls
from ..patch_settings import Patch
from ..plan_settings import PlanSettings
from .block import Block
from .grammars.heights import Heights, heights

EPS_M = 1e-6


def raised(
    chunks: tuple[int, int, int, int], drawn: Drawing, settings: PlanSettings, world: np.uint64, view: Block
) -> Floorplan:
    """The plan of a level drawing of a view, with heights where its floor is open."""
    corner = chunks[0] * CHUNK_CELLS - drawn.margin, chunks[1] * CHUNK_CELLS - drawn.margin
    spared = [_cells(patch) for patch in settings.patch]
    laid = heights(world, settings.heights, view, corner, drawn.margin, spared)
    rows = drawn.rows
    if not np.array_equal(laid.ceil, view.ceil):
        rows = np.concatenate([walls(view.what, view.jamb, view.thick, view.run, laid.ceil), view.pieces])
    plan = plan_of_drawing(
        chunks,
        _lit(drawn, laid)._replace(
            rows=np.concatenate([rows, laid.steps]),
            floor=laid.floor,
            ceil=laid.ceil,
            passable=drawn.passable & ~laid.shut,
        ),
    )
    return _founded(plan)


def _cells(patch: Patch) -> tuple[int, int, int, int]:
    """The cells of the world that a patch covers, and one more on each side."""
    x, y = (round(at / CELL_M) for at in patch.at)
    w, h = (round(side / CELL_M) for side in patch.size)
    return x - 1, y - 1, x + w + 1, y + h + 1


def _lit(drawn: Drawing, laid: Heights) -> Drawing:
    """The drawing without the lamps that heights leave no place for, the others at their ceiling's height."""
    x, y = drawn.lamp[:, 0] // CELL, drawn.lamp[:, 1] // CELL
    stays = ~laid.unlit[y, x]
    lamp = drawn.lamp.copy()
    lamp[:, 3] = laid.ceil[y, x]
    return drawn._replace(
        lamp=lamp[stays], lamp_id=drawn.lamp_id[stays], lamp_kind=drawn.lamp_kind[stays], kelvin=drawn.kelvin[stays]
    )


def _founded(plan: Floorplan) -> Floorplan:
    """The plan with what stands on the usual floor let down to the lowest floor beside it."""
    plan = _parted(plan)
    return replace(
        plan,
        wall_z=_let_down(plan, plan.wall_z, wall_boxes(plan)),
        solid_z=_let_down(plan, plan.solid_z, ring_boxes(plan)),
    )


def _parted(plan: Floorplan) -> Floorplan:
    """The plan with the walls beside lower floors cut at the chunks' borders, as in a plan of one chunk."""
    low, _ = floors_beside(plan.floor_m, wall_boxes(plan))
    first, end = plan.wall_xy[:, :2], plan.wall_xy[:, 2:]
    count = np.where(low < 0.0, 1 + np.maximum(_chunk(end - EPS_M) - _chunk(first + EPS_M), 0.0).max(axis=1), 1).astype(
        np.int64
    )
    if (count == 1).all():
        return plan
    row = np.repeat(np.arange(len(count)), count)
    nth = (np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count))[:, None]
    line = (_chunk(first + EPS_M)[row] + nth) * CHUNK_M
    xy = np.column_stack([np.maximum(first[row], line), np.minimum(end[row], line + CHUNK_M)])
    stays = (count[row] == 1)[:, None] | np.tile(first == end, 2)[row]
    xy = np.where(stays, plan.wall_xy[row], xy)
    columns = ("thickness", "z", "kind", "crown", "run")
    return replace(plan, wall_xy=xy, **{f"wall_{name}": getattr(plan, f"wall_{name}")[row] for name in columns})


def _chunk(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chunks (N, 2) that places lie in, counted from the plan's origin."""
    return np.floor(xy / CHUNK_M)


def _let_down(plan: Floorplan, z: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    low, _ = floors_beside(plan.floor_m, boxes)
    return np.column_stack([np.where((z[:, 0] == 0.0) & (low < 0.0), low, z[:, 0]), z[:, 1]])
