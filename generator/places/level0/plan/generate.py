"""Scene and seed to floorplan: a window on the endless floor, as walls, rooms and lamps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import CELL_M, CHUNK_CELLS, DISTRICT_MAPS, Floorplan
from ....plan.lattice import SLIT, UNIT_M, WALL, WINDOW
from ....plan.rows import Drawing, check_chunks, plan_of_drawing, rings_of
from ....seed import hash64
from ..plan_settings import NAMES, PlanSettings
from .patch import patched

if TYPE_CHECKING:
    from .block import Block

MARGIN_CELLS = 7
"""Cells around a region that are drawn too, so that joints, heights and lamps at its edge know what lies outside."""


LAID_OVER = {"patch", "heights", "grammar", "grammars", "corridors", "long_views", "long_walls"}
"""Settings of what is laid over the offices; the kernels do not know them."""


def rules_of(settings: PlanSettings) -> np.void:
    """The settings as one record for the compiled kernels: lengths in cells or 0.1 mm, the maze by number."""
    from ....plan import maze

    values = settings.model_dump(exclude=LAID_OVER) | {
        "maze": maze.NAMES.index(settings.maze),
        "wave": max(8, round(settings.district_m / CELL_M)),
        "ceiling": round(settings.ceiling_m / UNIT_M),
    }
    record = np.zeros(1, [(name, np.int64 if isinstance(v, int) else np.float64) for name, v in values.items()])
    for name, value in values.items():
        record[name] = value
    record.flags.writeable = False  # so that it can be a key
    return record[0]


def is_mixed(settings: PlanSettings) -> bool:
    """Is anything laid over the offices?"""
    others = any(weight for name, weight in _weights(settings).items() if name != "offices")
    return others or settings.corridors or settings.long_views > 0.0 or settings.long_walls > 0.0


def _weights(settings: PlanSettings) -> dict[str, float]:
    """The weights of all grammars by name; where one is fixed it alone has weight."""
    if settings.grammar:
        return {name: float(name == settings.grammar) for name in NAMES}
    return settings.grammars.model_dump()


def floorplan(settings: PlanSettings, seed: int, chunks: tuple[int, int, int, int]) -> Floorplan:
    """The plan of a rectangle of chunks (i0, j0, i1, j1), half-open.

    Whatever stands on a cell is a function of (settings, seed, cell) alone, never of the rectangle asked for.
    Raises NoclipError when the rectangle is empty or reaches beyond ±2^30 chunks.
    """
    from ....plan.walls import walls
    from .districts import raster
    from .lamps import lamps
    from .traffic import traffic

    i0, j0, i1, j1 = chunks = tuple(int(c) for c in chunks)  # type: ignore[assignment]
    check_chunks(chunks)
    world = np.uint64(hash64(seed, "plan"))
    rules = rules_of(settings)
    m, nx, ny = MARGIN_CELLS, (i1 - i0) * CHUNK_CELLS, (j1 - j0) * CHUNK_CELLS
    x0, y0 = i0 * CHUNK_CELLS - m, j0 * CHUNK_CELLS - m
    view, grammar = _drawn(settings, world, rules, (x0, y0, nx + 2 * m, ny + 2 * m))
    bars = walls(view.what, view.jamb, view.thick, view.run, view.ceil)
    shut = _shut(view, bars, grammar is not None)
    lamp, lamp_id, lamp_kind, kelvin = lamps(world, rules, x0, y0, view.ceil, view.room, view.grid, shut)
    values = raster(world, rules, x0 + m, y0 + m, ny, nx)
    maps = {name: values[k] for k, name in enumerate(DISTRICT_MAPS)}
    passable = (view.what != WALL) & (view.what != WINDOW)
    inner = slice(m, m + ny), slice(m, m + nx)
    maps["traffic"] = traffic(passable)[inner]
    if grammar is not None:
        maps["grammar"] = grammar[inner]
    flat, rows = np.zeros_like(view.ceil), np.concatenate([bars, view.pieces])
    drawn = Drawing(m, rows, flat, view.ceil, view.room, passable, maps, lamp, lamp_id, lamp_kind, kelvin)
    if settings.heights > 0.0:
        from .raised import raised

        return patched(raised(chunks, drawn, settings, world, view), settings.patch)
    return patched(plan_of_drawing(chunks, drawn), settings.patch)


def _drawn(
    settings: PlanSettings, world: np.uint64, rules: np.void, window: tuple[int, int, int, int]
) -> tuple[Block, NDArray[np.float32] | None]:
    """What stands in a window x0, y0, nx, ny, and the map of its grammars, None where all are offices."""
    if not is_mixed(settings):
        from .window import window as of_offices

        return of_offices(world, rules, *window), None
    from .grammars.mixed import Mix, mixed_window

    mix = Mix(tuple(_weights(settings).items()), settings.corridors, settings.long_views, settings.long_walls)
    return mixed_window(world, rules, mix, *window)


def _shut(view: Block, bars: NDArray[np.int64], mixed: bool) -> NDArray[np.bool_]:
    """Modules of the ceiling that something reaches; where districts are mixed, no more than it reaches."""
    from .lamps import shut_modules

    ny, nx = view.room.shape
    if not mixed:
        return shut_modules(ny, nx, np.concatenate([bars, view.pieces]))
    from .grammars.pieces import shut_under, thin

    crooked, others = thin(view.pieces[~rings_of(view.pieces, (SLIT,))])
    return shut_modules(ny, nx, np.concatenate([bars, others])) | shut_under(crooked, ny, nx)
