"""What carries: columns, the beams from column to column, and the heights that follow from them; 0.1 mm."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import SolidKind, WallKind
from ....plan.lattice import MODULE
from ....plan.rows import ring_rows
from ....seed import Rng
from ..plan_settings import PlanSettings
from .tiles import EDGE, Tile, corner_of, in_tile
from .uses import Use

BEAM_WIDE = 3840
"""Width of a beam: 356 mm at its foot and 406 mm at its head, in the mean. Source: McClone, long-span forms."""
EDGE_WIDE = 3000
"""Width of the beams along a movement joint."""
ROUND = 12
"""Sides of a round column."""
CLEAR = {Use.MIXED: (40000, 2000, 6), Use.WAREHOUSE: (67000, 2000, 4), Use.PLANT: (43000, 2000, 5)}
"""Least height under the beams of a hall, and by how much and in how many steps it varies, 0.1 mm. Source: warehouses
of the 1980s had 22 to 24 ft; CBRE, building specifications."""
DEEP = {Use.MIXED: (7100, 7600, 8100), Use.WAREHOUSE: (9100, 9900, 10700), Use.PLANT: (7100, 7600, 8100)}
"""How deep the beams of a hall are."""
HIGHEST = 67000 + 3 * 2000 + 10700
"""The highest slab of all."""


class Structure(NamedTuple):
    """What carries a tile. ceiling: underside of the slab over the floor; deep: how far beams hang below it; half: half
    sides of a column along x and y, or its radius twice; round: is it."""

    ceiling: int
    deep: int
    half: tuple[int, int]
    round: bool


def structure_of(tile: Tile, settings: PlanSettings) -> Structure:
    """Size a tile's structure: beams 0.56 to 0.66 m under the slab, columns of 0.4 to 0.6 m, longer along the span."""
    rng = tile.rng("structure")
    if tile.use != Use.CARPARK:
        return _hall(tile, rng)
    rise = 500 * rng.integers(-1, 6)
    deep = (5600, 6100, 6600)[rng.integers(0, 3)]
    ceiling = max(round(settings.ceiling_m * 1e4) + rise, 23400 + deep)
    circular = rng.uniform() < 0.25
    thin, wide = (2000, 3000)[rng.integers(0, 2)], (2500, 3000)[rng.integers(0, 2)]
    half = (2800, 2800) if circular else (thin, wide) if tile.turned else (wide, thin)
    return Structure(ceiling, deep, half, circular)


def _hall(tile: Tile, rng: Rng) -> Structure:
    """Size a hall's structure: deeper beams higher up, columns of 0.5 to 0.6 m."""
    low, step, steps = CLEAR[tile.use]
    deep = DEEP[tile.use][rng.integers(0, 3)]
    ceiling = low + step * rng.integers(0, steps) + deep
    thin = (2500, 3000)[rng.integers(0, 2)]
    return Structure(ceiling, deep, (thin, 3000) if tile.turned else (3000, thin), False)


def column_places(tile: Tile) -> NDArray[np.int64]:
    """Give the middles (N, 2) of a tile's columns, 0.1 mm from its corner."""
    places = [in_tile(tile, s, t) for s in tile.span_lines for t in tile.bay_lines]
    return np.array(places, np.int64) * MODULE


def columns(tile: Tile, built: Structure, x0: int, y0: int) -> NDArray[np.int64]:
    """List a tile's columns as rings from the place (x0, y0) of the world in modules."""
    at = column_places(tile) + corner_of(tile, x0, y0)
    around = at[:, None] + np.round(column_outline(built)).astype(np.int64)
    return ring_rows(around, SolidKind.PILLAR, 0, built.ceiling, tile.ident)


def column_outline(built: Structure) -> NDArray[np.float64]:
    """Give the corners (K, 2) of a column about its middle, counter-clockwise, 0.1 mm."""
    if built.round:
        turn = 2 * np.pi * (np.arange(ROUND) + 0.5) / ROUND
        return np.column_stack([np.cos(turn), np.sin(turn)]) * built.half[0]
    return np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * np.array(built.half)


def beams(tile: Tile, built: Structure, x0: int, y0: int) -> NDArray[np.int64]:
    """List the beams over a tile: one from joint to joint on every column line across the aisles, and one along each
    of the two joints that it ends at, so that every slab edge is carried."""
    left, low = corner_of(tile, x0, y0)
    across, along = (1, 0) if tile.turned else (0, 1)
    corner = left, low
    first, last = EDGE * MODULE, (tile.across - EDGE) * MODULE
    near, far = EDGE * MODULE, (tile.along - EDGE) * MODULE
    rows = [
        _beam(along, corner[along] + t * MODULE, corner[across] + first, corner[across] + last, BEAM_WIDE, tile, built)
        for t in tile.bay_lines
    ]
    rows += [
        _beam(across, corner[across] + s, corner[along] + near, corner[along] + far, EDGE_WIDE, tile, built)
        for s in (first, last)
    ]
    return np.array(rows, np.int64)


def _beam(axis: int, line: int, start: int, end: int, wide: int, tile: Tile, built: Structure) -> list[int]:
    """The row of a beam: ``axis`` is the one that it lies across."""
    foot = built.ceiling - built.deep
    return [axis, line, start, end, WallKind.HEADER, foot, built.ceiling, 0, wide, tile.ident]
