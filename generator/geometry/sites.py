"""Where on walls things may hang or stand: the same places from whatever region the wall is seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import CELL_M, CHUNK_CELLS, CHUNK_M, Floorplan
from .arrangement import Arrangement
from .footprints import Footprints
from .level import counted
from .shell import Quads
from .wall_base import last_of_chain, wall_bases

RHYTHM = 3
"""Places in the middle of walls come one in so many cells, so that what hangs there keeps apart."""
_UNIT_M = 1e-4


@dataclass(frozen=True)
class Places:
    """Places on walls: at (N, 2) metres; floor (N,) its height before them; right (N, 2) unit, the viewer's right;
    inward (N, 2) unit, along the wall away from its end; key (N, 3) stable over the world."""

    at: NDArray[np.float64]
    floor: NDArray[np.float64]
    right: NDArray[np.float64]
    inward: NDArray[np.float64]
    key: NDArray[np.int64]


@dataclass(frozen=True)
class Stretches:
    """Straight, unbroken faces of walls over their whole height, walked with the room to the left.

    start, end (M, 2) metres; floor (M,) its height; way (M, 2) unit; length (M,); ceiling (M,) least height;
    whole (M, 2): whether start and end are ends of the wall and neither the region's border nor a step;
    outer (M, 2): whether an opening or a free corner is there.
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    floor: NDArray[np.float64]
    way: NDArray[np.float64]
    length: NDArray[np.float64]
    ceiling: NDArray[np.float64]
    whole: NDArray[np.bool_]
    outer: NDArray[np.bool_]


def stretches(plan: Floorplan, cut: Arrangement, quads: Quads, prints: Footprints) -> Stretches:
    """The straight faces of full-height walls."""
    base = wall_bases(cut, quads)
    wall = np.append(prints.is_wall, False)[quads.print[base.quad]]
    high = quads.z[base.quad, 1]
    wall &= high - base.floor > 2.0
    last = last_of_chain(wall & wall[base.after] & base.straight, base.after)
    first = np.flatnonzero(wall & (last >= 0))
    end = last[first]
    start, stop, way = base.start[first], base.end[end], base.way[first]
    onward, back = base.way[base.after[end]], base.way[base.before[first]]
    whole = np.stack([_inside(plan, start), _inside(plan, stop)], axis=1)
    whole &= ~np.stack([base.open[first, 0], base.open[end, 1]], axis=1)
    outer = np.stack([_turn(back, way) < -0.5, _turn(way, onward) < -0.5], axis=1)
    length = np.linalg.norm(stop - start, axis=1)
    ceiling = np.minimum(high[first], high[end])
    return Stretches(start, stop, base.floor[first], way, length, ceiling, whole, outer & whole)


def end_places(plan: Floorplan, walls: Stretches, gap: float, room: float, outer: bool = False) -> Places:
    """Places ``gap`` metres from the ends of stretches at least ``room`` metres long; at one end only of short ones.

    outer: only at openings and free corners.
    """
    fits = (walls.length >= room)[:, None] & (walls.outer if outer else walls.whole)
    fits[:, 1] &= walls.length >= 2 * room
    k, side = np.nonzero(fits)
    corner = np.where(side[:, None] == 0, walls.start[k], walls.end[k])
    way = walls.way[k] * np.where(side == 0, 1.0, -1.0)[:, None]
    return Places(corner + gap * way, walls.floor[k], -walls.way[k], way, _key(plan, corner, way))


def middle_places(plan: Floorplan, walls: Stretches, room: float) -> Places:
    """Places in the middle of every third cell along walls, with ``room`` metres of wall to both sides."""
    fit = np.flatnonzero((walls.length >= 2 * room) & (np.abs(walls.way).max(axis=1) > 1 - 1e-9))
    axis = np.abs(walls.way[fit]).argmax(axis=1)
    inset = room * walls.way[fit, axis]
    ends = np.sort([walls.start[fit, axis] + inset, walls.end[fit, axis] - inset], axis=0)
    first, last = np.ceil(ends[0] / CELL_M - 0.5).astype(np.int64), np.floor(ends[1] / CELL_M - 0.5).astype(np.int64)
    before = np.array(plan.origin, np.int64)[axis] * CHUNK_CELLS
    first += -(first + before) % RHYTHM
    count = np.maximum((last - first) // RHYTHM + 1, 0)
    own, nth = counted(count)
    spots, rights = walls.start[fit[own]], -walls.way[fit[own]]
    spots[np.arange(len(own)), axis[own]] = (first[own] + RHYTHM * nth + 0.5) * CELL_M
    return Places(spots, walls.floor[fit[own]], rights, rights, _key(plan, spots, rights))


def _key(plan: Floorplan, at: NDArray[np.float64], way: NDArray[np.float64]) -> NDArray[np.int64]:
    """(N, 3) integers of a place in the world and a direction."""
    corner = np.array(plan.origin, np.int64) * round(CHUNK_M / _UNIT_M)
    turn = np.round(np.arctan2(way[:, 1], way[:, 0]) / (np.pi / 8)).astype(np.int64) % 16
    return np.column_stack([corner + np.round(at / _UNIT_M).astype(np.int64), turn])


def _inside(plan: Floorplan, at: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Places that do not lie on the region's border."""
    return np.asarray(((at > 1e-3) & (at < np.array(plan.size_m) - 1e-3)).all(axis=1))


def _turn(way: NDArray[np.float64], onward: NDArray[np.float64]) -> NDArray[np.float64]:
    return way[:, 0] * onward[:, 1] - way[:, 1] * onward[:, 0]
