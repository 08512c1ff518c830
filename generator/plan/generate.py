"""Scene and seed to floorplan: a window on the endless floor, as walls, rooms and lamps."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..errors import NoclipError
from ..scene.plan import PlanSettings
from ..seed import hash64
from .floorplan import CELL_M, CHUNK_CELLS, CHUNK_LIMIT, Floorplan

FIELD_NAMES = ("openness", "decay", "damp", "power", "height")
_UNIT_M = 1e-4


class Rules(NamedTuple):
    """The plan's settings as plain numbers for the compiled kernels: lengths in cells or 0.1 mm."""

    maze: int
    openness: float
    openness_range: float
    wave: int
    room_scale: float
    warren: float
    loops: float
    braid: float
    ceiling: int
    tall: float
    plain: float
    header: float
    doorway: float
    arch: float
    dead: float
    failing: float
    blackout: float
    damp: float
    decay: float


def rules_of(settings: PlanSettings) -> Rules:
    """The settings in the kernels' units."""
    from .maze import NAMES

    s = settings
    return Rules(
        NAMES.index(s.maze), s.openness, s.openness_range, max(8, round(s.field_m / CELL_M)), s.room_scale,
        s.warren, s.loops, s.braid, round(s.ceiling_m / _UNIT_M), s.tall, s.plain, s.header, s.doorway, s.arch,
        s.lamps_dead, s.lamps_failing, s.blackout, s.damp, s.decay,
    )  # fmt: skip


def floorplan(settings: PlanSettings, seed: int, chunks: tuple[int, int, int, int]) -> Floorplan:
    """The plan of a rectangle of chunks (i0, j0, i1, j1), half-open.

    Whatever stands on a cell is a function of (settings, seed, cell) alone, never of the rectangle asked for.
    Raises NoclipError when the rectangle is empty or reaches beyond ±2^30 chunks.
    """
    from . import fields, window
    from .walls import WALL as SHUT
    from .walls import WINDOW, pieces

    i0, j0, i1, j1 = (int(c) for c in chunks)
    if i1 <= i0 or j1 <= j0:
        raise NoclipError(f"region {i0},{j0},{i1},{j1} holds no chunk: the second corner must lie beyond the first")
    if min(i0, j0) < -CHUNK_LIMIT or max(i1, j1) > CHUNK_LIMIT + 1:
        raise NoclipError(f"region {i0},{j0},{i1},{j1} lies outside the world: chunks go from -2^30 to 2^30")
    world = np.uint64(hash64(seed, "plan"))
    rules = rules_of(settings)
    m, nx, ny = window.MARGIN, (i1 - i0) * CHUNK_CELLS, (j1 - j0) * CHUNK_CELLS
    x0, y0 = i0 * CHUNK_CELLS - m, j0 * CHUNK_CELLS - m
    what, jamb, thick, run, room, ceil = window.window(world, rules, x0, y0, nx + 2 * m, ny + 2 * m)
    rows, runs = pieces(what, jamb, thick, run, ceil)
    lamp, lamp_id, kelvin = window.lamps(world, rules, x0, y0, ny + 2 * m, nx + 2 * m, ceil, rows)

    shift = m * 12192
    size = np.array([nx, ny]) * 12192
    xy, keep = _clipped(rows, shift, size)
    rows, runs = rows[keep], runs[keep]
    at = lamp[:, :2] - shift
    lit = ((at >= 0) & (at < size)).all(axis=1)
    inner = slice(m, m + ny), slice(m, m + nx)
    values = fields.raster(world, rules, x0 + m, y0 + m, ny, nx)
    passable = (what != SHUT) & (what != WINDOW)
    return Floorplan(
        chunks=(i0, j0, i1, j1),
        wall_xy=xy * _UNIT_M,
        wall_thickness=rows[:, 8] * _UNIT_M,
        wall_z=rows[:, 5:7] * _UNIT_M,
        wall_kind=rows[:, 4].astype(np.uint8),
        wall_crown=rows[:, 7] * _UNIT_M,
        wall_run=runs,
        solid_xy=np.zeros((0, 2)),
        solid_start=np.zeros(1, np.int64),
        solid_kind=np.zeros(0, np.uint8),
        solid_z=np.zeros((0, 2)),
        solid_run=np.zeros(0, np.int64),
        ceiling_m=ceil[inner] * _UNIT_M,
        room=room[inner],
        open_east=passable[0][inner],
        open_north=passable[1][inner],
        fields={name: values[k] for k, name in enumerate(FIELD_NAMES)},
        lamp_xy=at[lit] * _UNIT_M,
        lamp_axis=lamp[lit, 2].astype(np.uint8),
        lamp_z=lamp[lit, 3] * _UNIT_M,
        lamp_state=lamp[lit, 4].astype(np.uint8),
        lamp_id=lamp_id[lit],
        lamp_kelvin=kelvin[lit],
    )


def _clipped(rows: np.ndarray, shift: int, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre lines (W, 4) in 0.1 mm from the region's corner, cut at its border, and which rows are left."""
    axis = rows[:, 0]
    line = rows[:, 1] - shift
    a = np.maximum(rows[:, 2] - shift, 0)
    b = np.minimum(rows[:, 3] - shift, size[1 - axis])
    keep = (a < b) & (line >= 0) & (line <= size[axis])
    upright = np.stack([line, a, line, b], axis=1)
    level = np.stack([a, line, b, line], axis=1)
    return np.where(axis[:, None] == 0, upright, level)[keep], keep
