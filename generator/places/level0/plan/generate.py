"""Scene and seed to floorplan: a window on the endless floor, as walls, rooms and lamps."""

from __future__ import annotations

import numpy as np

from ....plan.floorplan import CELL_M, CHUNK_CELLS, DISTRICT_MAPS, Floorplan
from ....plan.lattice import UNIT_M, WALL, WINDOW
from ....plan.rows import Drawing, check_chunks, plan_of_drawing
from ....seed import hash64
from ..plan_settings import PlanSettings
from .patch import patched

MARGIN_CELLS = 7
"""Cells around a region that are drawn too, so that joints, heights and lamps at its edge know what lies outside."""


def rules_of(settings: PlanSettings) -> np.void:
    """The settings as one record for the compiled kernels: lengths in cells or 0.1 mm, the maze by number."""
    from ....plan.maze import NAMES

    values = settings.model_dump(exclude={"patch"}) | {
        "maze": NAMES.index(settings.maze),
        "wave": max(8, round(settings.district_m / CELL_M)),
        "ceiling": round(settings.ceiling_m / UNIT_M),
    }
    record = np.zeros(1, [(name, np.int64 if isinstance(v, int) else np.float64) for name, v in values.items()])
    for name, value in values.items():
        record[name] = value
    return record[0]


def floorplan(settings: PlanSettings, seed: int, chunks: tuple[int, int, int, int]) -> Floorplan:
    """The plan of a rectangle of chunks (i0, j0, i1, j1), half-open.

    Whatever stands on a cell is a function of (settings, seed, cell) alone, never of the rectangle asked for.
    Raises NoclipError when the rectangle is empty or reaches beyond ±2^30 chunks.
    """
    from ....plan.walls import walls
    from .districts import raster
    from .lamps import lamps, shut_modules
    from .traffic import traffic
    from .window import window

    i0, j0, i1, j1 = chunks = tuple(int(c) for c in chunks)  # type: ignore[assignment]
    check_chunks(chunks)
    world = np.uint64(hash64(seed, "plan"))
    rules = rules_of(settings)
    m, nx, ny = MARGIN_CELLS, (i1 - i0) * CHUNK_CELLS, (j1 - j0) * CHUNK_CELLS
    x0, y0 = i0 * CHUNK_CELLS - m, j0 * CHUNK_CELLS - m
    view = window(world, rules, x0, y0, nx + 2 * m, ny + 2 * m)
    rows = np.concatenate([walls(view.what, view.jamb, view.thick, view.run, view.ceil), view.pieces])
    shut = shut_modules(ny + 2 * m, nx + 2 * m, rows)
    lamp, lamp_id, lamp_kind, kelvin = lamps(world, rules, x0, y0, view.ceil, view.room, view.grid, shut)
    values = raster(world, rules, x0 + m, y0 + m, ny, nx)
    maps = {name: values[k] for k, name in enumerate(DISTRICT_MAPS)}
    passable = (view.what != WALL) & (view.what != WINDOW)
    maps["traffic"] = traffic(passable)[m : m + ny, m : m + nx]
    flat = np.zeros_like(view.ceil)
    drawn = Drawing(m, rows, flat, view.ceil, view.room, passable, maps, lamp, lamp_id, lamp_kind, kelvin)
    return patched(plan_of_drawing(chunks, drawn), settings.patch)
