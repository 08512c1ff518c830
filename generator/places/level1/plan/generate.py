"""Scene and seed to floorplan: a window on the endless car park."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import CELL_MODULES, CHUNK_CELLS, Floorplan, WallKind
from ....plan.lattice import CELL, MODULE, UNIT_M
from ....plan.rows import Drawing, check_chunks, plan_of_drawing
from ....seed import hash64
from ..plan_settings import PlanSettings
from .fields import district_maps
from .lamps import tile_lamps
from .layout import blocks, has_racks, is_parking
from .plant import plant_rows
from .structure import HIGHEST, Structure, beams, columns, structure_of
from .tiles import EDGE, SPAN, Tile, corner_of, tiles
from .uses import USE_NAMES, Use
from .walls import fire_walls

MARGIN = 2
"""Cells around a region that are drawn too."""
RISE = 2500
"""How much higher than usual the highest slab of a car park lies, 0.1 mm: as high as its fire walls go."""
WALKED = 0.15
"""Traffic of a plant room."""
DRIVEN = (0.55, 1.0)
"""Traffic of a tile that nobody parks in, and of an aisle."""


class _View(NamedTuple):
    """The window in modules of the world, its cells, and the tiles that touch it."""

    x0: int
    y0: int
    shape: tuple[int, int]
    tiles: list[tuple[Tile, Structure]]


def floorplan(settings: PlanSettings, seed: int, chunks: tuple[int, int, int, int]) -> Floorplan:
    """Plan a rectangle of chunks (i0, j0, i1, j1), half-open.

    Whatever stands on a cell is a function of (settings, seed, cell) alone, never of the rectangle asked for.
    Raises NoclipError when the rectangle is empty or reaches beyond ±2^30 chunks.
    """
    check_chunks(chunks)
    i0, j0, i1, j1 = (int(c) for c in chunks)
    nx, ny = (i1 - i0) * CHUNK_CELLS, (j1 - j0) * CHUNK_CELLS
    view = _view(settings, seed, i0 * CHUNK_CELLS - MARGIN, j0 * CHUNK_CELLS - MARGIN, nx + 2 * MARGIN, ny + 2 * MARGIN)
    world = np.uint64(hash64(seed, "level1.plan"))
    maps = district_maps(settings, world, view.x0 // CELL_MODULES, view.y0 // CELL_MODULES, *view.shape[::-1])
    ceil, room, traffic, use = _cells(view, settings)
    top = HIGHEST if max(settings.shares) > 0.0 else round(settings.ceiling_m / UNIT_M) + RISE
    rows = [part for tile, built in view.tiles for part in (
        columns(tile, built, view.x0, view.y0),
        beams(tile, built, view.x0, view.y0),
        fire_walls(tile, settings, max(top, built.ceiling), view.x0, view.y0),
        blocks(tile, settings, built.ceiling, view.x0, view.y0),
        plant_rows(tile, built, settings, view.x0, view.y0),
    )]  # fmt: skip
    drawn = np.concatenate(rows)
    lamps = [tile_lamps(tile, built, settings, maps["power"], view.x0, view.y0) for tile, built in view.tiles]
    lamp, ident, kind, kelvin = (np.concatenate(column) for column in zip(*lamps, strict=True))
    maps["traffic"] = traffic
    if max(settings.shares) > 0.0:
        maps["grammar"] = use
    inner = np.s_[MARGIN : MARGIN + ny, MARGIN : MARGIN + nx]
    districts = {name: np.ascontiguousarray(values[inner]) for name, values in maps.items()}
    passable = _passable(drawn, view.shape)
    return plan_of_drawing(
        (i0, j0, i1, j1),
        Drawing(MARGIN, drawn, np.zeros_like(ceil), ceil, room, passable, districts, lamp, ident, kind, kelvin),
    )


def _view(settings: PlanSettings, seed: int, x0: int, y0: int, nx: int, ny: int) -> _View:
    """The window of nx by ny cells from a cell of the world."""
    left, low = x0 * CELL_MODULES, y0 * CELL_MODULES
    found = tiles(seed, left, low, left + nx * CELL_MODULES, low + ny * CELL_MODULES, settings.shares)
    return _View(left, low, (ny, nx), [(tile, structure_of(tile, settings)) for tile in found])


def _cells(
    view: _View, settings: PlanSettings
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Ceiling, room, traffic and use of every cell: a tile is a room, and its joints lie on lines of cells."""
    ceil, room = np.zeros(view.shape, np.int64), np.zeros(view.shape, np.int64)
    traffic, use = np.zeros(view.shape, np.float32), np.zeros(view.shape, np.float32)
    for tile, built in view.tiles:
        left, low = ((c // CELL) for c in corner_of(tile, view.x0, view.y0))
        right, high = left + (tile.x1 - tile.x0) // CELL_MODULES, low + (tile.y1 - tile.y0) // CELL_MODULES
        at = np.s_[max(low, 0) : max(high, 0), max(left, 0) : max(right, 0)]
        ceil[at], room[at] = built.ceiling, tile.ident
        use[at] = tile.use / (len(USE_NAMES) - 1)
        traffic[at] = _driven(tile, settings)[
            max(-low, 0) : max(-low, 0) + ceil[at].shape[0], max(-left, 0) : max(-left, 0) + ceil[at].shape[1]
        ]
    return ceil, room, traffic, use


def _driven(tile: Tile, settings: PlanSettings) -> NDArray[np.float32]:
    """How much each of a tile's cells is driven on: its aisles, and the bays that join them."""
    if tile.use == Use.PLANT:
        return np.full(((tile.y1 - tile.y0) // CELL_MODULES, (tile.x1 - tile.x0) // CELL_MODULES), WALKED, np.float32)
    kept_free = is_parking(tile, settings) or has_racks(tile, settings)
    s = (np.arange(tile.across // CELL_MODULES) + 0.5) * CELL_MODULES
    t = (np.arange(tile.along // CELL_MODULES) + 0.5) * CELL_MODULES
    wide = SPAN / 2 if has_racks(tile, settings) else SPAN
    aisle = np.abs((s - EDGE) % wide - wide / 2) < (4.5 if wide < SPAN else 5.5)
    ends = (t < tile.bay) | (t > tile.along - tile.bay)
    driven = np.where(aisle[None, :] | ends[:, None], DRIVEN[1], 0.0 if kept_free else DRIVEN[0]).astype(np.float32)
    return np.ascontiguousarray(driven.T) if tile.turned else driven


def _passable(rows: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """May one walk from a cell to its east (0), north (1) neighbour? Not where most of their side is wall."""
    out = np.ones((2, *shape), np.bool_)
    for axis, line, start, end in rows[(rows[:, 0] < 2) & (rows[:, 4] == WallKind.WALL), :4].tolist():
        k = line // CELL - 1
        a, b = max((start + MODULE) // CELL, 0), max((end + MODULE) // CELL, 0)
        if 0 <= k < shape[1 - axis]:
            out[(0, np.s_[a:b], k) if axis == 0 else (1, k, np.s_[a:b])] = False
    return out
