"""Scene and seed to floorplan: a window on the endless tunnels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import CHUNK_CELLS, Floorplan, WallKind
from ....plan.lattice import CELL
from ....plan.rows import Drawing, check_chunks, plan_of_drawing
from ....seed import hash64
from ...level1.plan.fields import district_maps
from ..plan_settings import PlanSettings
from .graph import Leg, legs_about
from .ground import bars_of, ground, rows_of, soffits
from .lamps import KELVIN, cells_of, lamps, states
from .tunnels import Clear, Junction, clear_space, junctions, shaft_of, whole
from .twins import SILL, twins

ROCK = 24400
"""Ceiling of cells that hold nothing but ground, 0.1 mm."""
WALKED = 4000
"""How much of a cell's side is clear where one may walk through it, 0.1 mm."""
AROUND = 10
"""Cells about a window from which chambers and wide tunnels may reach into it."""


def floorplan(settings: PlanSettings, seed: int, chunks: tuple[int, int, int, int]) -> Floorplan:
    """Plan a rectangle of chunks (i0, j0, i1, j1), half-open.

    Whatever stands on a cell is a function of (settings, seed, cell) alone, never of the rectangle asked for.
    Raises NoclipError when the rectangle is empty or reaches beyond ±2^30 chunks.
    """
    check_chunks(chunks)
    i0, j0, i1, j1 = (int(c) for c in chunks)
    legs, found = window(settings, seed, (i0, j0, i1, j1))
    x0, y0 = i0 * CHUNK_CELLS * CELL, j0 * CHUNK_CELLS * CELL
    nx, ny = (i1 - i0) * CHUNK_CELLS, (j1 - j0) * CHUNK_CELLS
    beside = twins(legs, found, settings)
    walked = clear_space(legs, found) + [space for twin in beside for space in twin.walked]
    grilles = [grille for twin in beside for grille in twin.grilles]
    clear = walked + grilles
    ways = walked + [whole(leg) for leg in legs] + [twin.way_in for twin in beside]
    ceil, room, passable = _cells(clear, ways, x0, y0, ny, nx)
    low = soffits(clear, ceil, x0, y0)
    for shaft in (shaft for junction in found.values() if (shaft := shaft_of(junction)) is not None):
        i, j = (shaft.x0 - x0) // CELL, (shaft.y0 - y0) // CELL
        if 0 <= i < nx and 0 <= j < ny:
            ceil[j, i] = shaft.high
    rock = [box for j in range(j0, j1) for i in range(i0, i1) for box in ground(clear, i, j)]
    sills = [((g.x0, g.y0, g.x1, g.y1), 0, SILL) for g in grilles]
    rows = np.concatenate([
        rows_of(rock, x0, y0), bars_of(low, x0, y0, WallKind.HEADER), bars_of(sills, x0, y0, WallKind.SILL)
    ])  # fmt: skip
    maps = district_maps(settings, np.uint64(hash64(seed, "level2.plan")), x0 // CELL, y0 // CELL, nx, ny)
    mounted = lamps(legs, found, settings, seed, (x0, y0, x0 + nx * CELL, y0 + ny * CELL))
    cell = cells_of(mounted, x0, y0)
    state = states(mounted, maps["power"][cell[:, 1], cell[:, 0]].astype(np.float64), settings)
    lamp = np.array([(m.x - x0, m.y - y0, m.axis, m.z, s) for m, s in zip(mounted, state, strict=True)], np.int64)
    ident, kind = np.array([m.ident for m in mounted], np.uint64), np.array([m.kind for m in mounted], np.uint8)
    drawn = Drawing(
        0, rows, np.zeros_like(ceil), ceil, room, passable, maps, lamp.reshape(-1, 5), ident, kind,
        np.full(len(mounted), KELVIN),
    )  # fmt: skip
    return plan_of_drawing((i0, j0, i1, j1), drawn)


def window(
    settings: PlanSettings, seed: int, chunks: tuple[int, int, int, int]
) -> tuple[list[Leg], dict[int, Junction]]:
    """Give the legs that reach into a rectangle of chunks, and all junctions at their ends."""
    box = [c * CHUNK_CELLS + AROUND * sign for c, sign in zip(chunks, (-1, -1, 1, 1), strict=True)]
    every = legs_about(settings, seed, box[0], box[1], box[2], box[3])
    low, high = (box[0] * CELL, box[1] * CELL), (box[2] * CELL, box[3] * CELL)
    legs = [
        leg for leg in every
        if leg.low.x < high[0] and leg.high.x > low[0] and leg.low.y < high[1] and leg.high.y > low[1]
    ]  # fmt: skip
    near = {node.ident for leg in legs for node in (leg.low, leg.high)}
    return legs, junctions(every, near, settings)


def _cells(
    clear: list[Clear], ways: list[Clear], x0: int, y0: int, ny: int, nx: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Ceiling and room of every cell, and whether one may walk on to its eastern and northern neighbours.

    ways: what of it can be walked through, overlapping where it is joined.
    """
    ceil, room = np.zeros((ny, nx), np.int64), np.zeros((ny, nx), np.int64)
    passable = np.zeros((2, ny, nx), np.bool_)
    for c in sorted(clear, key=lambda c: c.high):
        at = _within(c.x0 - x0, c.x1 - x0, nx, 1), _within(c.y0 - y0, c.y1 - y0, ny, 1)
        ceil[at[1], at[0]] = np.maximum(ceil[at[1], at[0]], c.high)
        room[at[1], at[0]] = c.ident >> 2
    for c in ways:
        wide = _within(c.x0 - x0, c.x1 - x0, nx, WALKED), _within(c.y0 - y0, c.y1 - y0, ny, WALKED)
        passable[0, wide[1], _lines(c.x0 - x0, c.x1 - x0, nx)] = True
        passable[1, _lines(c.y0 - y0, c.y1 - y0, ny), wide[0]] = True
    ceil[ceil == 0] = ROCK
    return ceil, room, passable


def _within(low: int, high: int, count: int, least: int) -> slice:
    """The cells that a stretch reaches into by ``least`` or more."""
    first, last = (low + least + CELL - 1) // CELL - 1, (high - least) // CELL + 1
    return slice(min(max(first, 0), count), min(max(last, 0), count))


def _lines(low: int, high: int, count: int) -> slice:
    """The cells whose far side a stretch crosses."""
    return slice(min(max(low // CELL, 0), count), min(max(-(-high // CELL) - 1, 0), count))
