"""Scene and seed to floorplan: a window on the endless floor, as walls, rooms and lamps."""

from __future__ import annotations

import numpy as np

from ..errors import NoclipError
from ..scene.plan import PlanSettings
from ..seed import hash64
from .floorplan import CELL_M, CHUNK_CELLS, CHUNK_LIMIT, DISTRICT_MAPS, Floorplan
from .patch import patched

_UNIT_M = 1e-4
MARGIN_CELLS = 7
"""Cells around a region that are drawn too, so that joints, heights and lamps at its edge know what lies outside."""
RING = 2


def rules_of(settings: PlanSettings) -> np.void:
    """The settings as one record for the compiled kernels: lengths in cells or 0.1 mm, the maze by number."""
    from .maze import NAMES

    values = settings.model_dump(exclude={"patch"}) | {
        "maze": NAMES.index(settings.maze),
        "wave": max(8, round(settings.field_m / CELL_M)),
        "ceiling": round(settings.ceiling_m / _UNIT_M),
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
    from .districts import raster
    from .lamps import lamps, shut_modules
    from .openings import CELL, WINDOW
    from .openings import WALL as SHUT
    from .walls import walls
    from .window import window

    i0, j0, i1, j1 = (int(c) for c in chunks)
    if i1 <= i0 or j1 <= j0:
        raise NoclipError(f"region {i0},{j0},{i1},{j1} holds no chunk: the second corner must lie beyond the first")
    if min(i0, j0) < -CHUNK_LIMIT or max(i1, j1) > CHUNK_LIMIT + 1:
        raise NoclipError(f"region {i0},{j0},{i1},{j1} lies outside the world: chunks go from -2^30 to 2^30")
    world = np.uint64(hash64(seed, "plan"))
    rules = rules_of(settings)
    m, nx, ny = MARGIN_CELLS, (i1 - i0) * CHUNK_CELLS, (j1 - j0) * CHUNK_CELLS
    x0, y0 = i0 * CHUNK_CELLS - m, j0 * CHUNK_CELLS - m
    view = window(world, rules, x0, y0, nx + 2 * m, ny + 2 * m)
    rows = np.concatenate([walls(view.what, view.jamb, view.thick, view.run, view.ceil), view.pieces])
    shut = shut_modules(ny + 2 * m, nx + 2 * m, rows)
    lamp, lamp_id, kelvin = lamps(world, rules, x0, y0, view.ceil, view.room, view.grid, shut)
    values = raster(world, rules, x0 + m, y0 + m, ny, nx)

    shift, size = m * CELL, np.array([nx, ny]) * CELL
    xy, bars = _cut_bars(rows[rows[:, 0] < RING], shift, size)
    solid_xy, solid_start, rings = _cut_rings(view.pieces, shift, size)
    at = lamp[:, :2] - shift
    lit = ((at >= 0) & (at < size)).all(axis=1)
    inner = slice(m, m + ny), slice(m, m + nx)
    passable = (view.what != SHUT) & (view.what != WINDOW)
    plan = Floorplan(
        chunks=(i0, j0, i1, j1),
        wall_xy=xy * _UNIT_M,
        wall_thickness=bars[:, 8] * _UNIT_M,
        wall_z=bars[:, 5:7] * _UNIT_M,
        wall_kind=bars[:, 4].astype(np.uint8),
        wall_crown=bars[:, 7] * _UNIT_M,
        wall_run=bars[:, 9],
        solid_xy=solid_xy * _UNIT_M,
        solid_start=solid_start,
        solid_kind=rings[:, 4].astype(np.uint8),
        solid_z=rings[:, 5:7] * _UNIT_M,
        solid_run=rings[:, 9],
        floor_m=np.zeros((ny, nx)),
        ceiling_m=np.asarray(view.ceil[inner] * _UNIT_M, np.float64),
        room=view.room[inner],
        open_east=passable[0][inner],
        open_north=passable[1][inner],
        district_maps={name: values[k] for k, name in enumerate(DISTRICT_MAPS)},
        lamp_xy=at[lit] * _UNIT_M,
        lamp_kind=np.zeros(np.count_nonzero(lit), np.uint8),
        lamp_axis=lamp[lit, 2].astype(np.uint8),
        lamp_z=lamp[lit, 3] * _UNIT_M,
        lamp_state=lamp[lit, 4].astype(np.uint8),
        lamp_id=lamp_id[lit],
        lamp_kelvin=kelvin[lit],
    )
    return patched(plan, settings.patch)


def _cut_rings(pieces: np.ndarray, shift: int, size: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Polygons in 0.1 mm, cut at the region's border: corners, starts, and the head rows of those that are left."""
    parts: list[np.ndarray] = []
    kept: list[int] = []
    for k in np.flatnonzero(pieces[:, 0] == RING).tolist():
        ring = pieces[k + 1 : k + 1 + pieces[k, 1], 1:3] - shift
        low, high = ring.min(axis=0), ring.max(axis=0)
        if (low >= 0).all() and (high <= size).all():
            parts.append(ring)
            kept.append(k)
        elif (high > 0).all() and (low < size).all():
            cut = _cut_ring(ring, size)
            parts += cut
            kept += [k] * len(cut)
    starts = np.cumsum([0, *(len(p) for p in parts)])
    return np.concatenate([np.zeros((0, 2), np.int64), *parts]), starts, pieces[np.array(kept, np.int64)]


def _cut_ring(ring: np.ndarray, size: np.ndarray) -> list[np.ndarray]:
    """What is left of a polygon in the rectangle from 0 to ``size``, counter-clockwise, in whole 0.1 mm."""
    from shapely import Polygon, box, get_parts, orient_polygons

    cut = get_parts(orient_polygons(Polygon(ring).intersection(box(0, 0, *size))))
    rings = [np.round(np.array(p.exterior.coords)[:-1]).astype(np.int64) for p in cut if p.geom_type == "Polygon"]
    return [r for r in rings if len(r) >= 3]


def _cut_bars(rows: np.ndarray, shift: int, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre lines (W, 4) in 0.1 mm from the region's corner, cut at its border, and the rows of those left."""
    axis = rows[:, 0]
    line = rows[:, 1] - shift
    a = np.maximum(rows[:, 2] - shift, 0)
    b = np.minimum(rows[:, 3] - shift, size[1 - axis])
    keep = (a < b) & (line >= 0) & (line <= size[axis])
    upright = np.stack([line, a, line, b], axis=1)
    level = np.stack([a, line, b, line], axis=1)
    return np.where(axis[:, None] == 0, upright, level)[keep], rows[keep]
