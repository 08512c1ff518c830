"""A part of a plan: some of its cells, and solid ground about them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .floorplan import CELL_M, Floorplan, SolidKind
from .floors import BESIDE_M
from .sight import ring_boxes, solid_rings, wall_boxes

GROUND_RUN = -(2**62)
"""Identity of the solid ground about a clipped plan: neither the maze's nor a patch's."""


def clipped(plan: Floorplan, cells: NDArray[np.bool_]) -> Floorplan:
    """A plan that is as it was in some of its ``cells`` (NY, NX), and solid outside: cheap to build.

    Cells, rooms and district maps stay as they are.
    """
    wall, solid = _reach_into(cells, wall_boxes(plan)), np.flatnonzero(_reach_into(cells, ring_boxes(plan)))
    lamp = ~_reach_into(~cells, np.column_stack([plan.lamp_xy - BESIDE_M, plan.lamp_xy + BESIDE_M]))
    rings, ground = solid_rings(plan), _ground(cells)
    outlines = [rings[k] for k in solid] + ground
    rows = {f"wall_{name}": wall for name in ("xy", "thickness", "z", "kind", "crown", "run")}
    rows |= {f"lamp_{name}": lamp for name in ("xy", "kind", "axis", "z", "state", "id", "kelvin")}
    count = len(ground)
    return replace(
        plan,
        solid_xy=np.concatenate([np.zeros((0, 2)), *outlines]),
        solid_start=np.cumsum([0, *(len(ring) for ring in outlines)]),
        solid_kind=np.concatenate([plan.solid_kind[solid], np.full(count, SolidKind.BLOCK, np.uint8)]),
        solid_z=np.concatenate([plan.solid_z[solid], np.tile([plan.floor_m.min(), plan.ceiling_m.max()], (count, 1))]),
        solid_run=np.concatenate([plan.solid_run[solid], np.full(count, GROUND_RUN)]),
        **{name: getattr(plan, name)[keep] for name, keep in rows.items()},
    )


def cells_between(shape: tuple[int, int], low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The cells of a plan of ``shape`` that a rectangle, low and high (2,) metres, reaches into."""
    first, last = (f(at / CELL_M).astype(int).clip(0) for f, at in ((np.floor, low), (np.ceil, high)))
    cells = np.zeros(shape, np.bool_)
    cells[first[1] : last[1], first[0] : last[0]] = True
    return cells


def _reach_into(cells: NDArray[np.bool_], boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which boxes (N, 4) x0, y0, x1, y1 reach into any of the cells.

    Source of the sums: Crow, "Summed-area tables for texture mapping", SIGGRAPH 1984.
    """
    table = np.pad(np.cumsum(np.cumsum(cells, axis=0), axis=1), ((1, 0), (1, 0)))
    last = np.array(cells.shape[::-1])
    i0, j0 = np.clip(np.floor(boxes[:, :2] / CELL_M).astype(int), 0, last).T
    i1, j1 = np.clip(np.ceil(boxes[:, 2:] / CELL_M).astype(int), 0, last).T
    return np.asarray(table[j1, i1] - table[j0, i1] - table[j1, i0] + table[j0, i0] > 0)


def _ground(cells: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Rectangles (4, 2) in metres, that together are all but the cells: runs of a row, with the same runs above."""
    edges = np.diff(np.pad(~cells, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    runs: dict[tuple[int, int], int] = {}
    boxes = []
    for j, row in enumerate([*edges, np.zeros(0)]):
        now = set(zip(np.flatnonzero(row == 1).tolist(), np.flatnonzero(row == -1).tolist(), strict=True))
        boxes += [(i0, runs.pop((i0, i1)), i1, j) for i0, i1 in sorted(runs.keys() - now)]
        runs = {run: runs.get(run, j) for run in sorted(now)}
    return [np.array([[a, b], [c, b], [c, d], [a, d]]) * CELL_M for a, b, c, d in boxes]
