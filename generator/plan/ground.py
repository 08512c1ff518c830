"""The ground that one walks on: the cells' floors with the steps on them, and where it falls too far to step."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .floorplan import CELL_M, Floorplan, SolidKind

PARTS = 4
"""Steps end on lines so many to a cell."""
PART_M = CELL_M / PARTS
"""Tread of a step: 0.3048 m (12 in). Source: International Building Code 1011.5.2, treads of at least 11 in."""
STEP_M = 0.2
"""What one person steps up or down, at most."""
HEAD_M = 1.8
"""What leaves less free over the ground cannot be walked under."""
PIT_M = 1.0
"""Nobody goes where the floor lies deeper than this beside its neighbour's."""
FLIGHT_M = 0.65
"""A flight that rises higher than this over its cell's floor leads nowhere, and is not walked on."""
_EPS, _HALF_M = 1e-6, 1e-3


def is_level(plan: Floorplan) -> bool:
    """Tell whether all the ground of a plan has one height."""
    return bool(np.ptp(plan.floor_m) == 0.0) and not (plan.solid_kind == SolidKind.STEP).any()


def ground(plan: Floorplan) -> NDArray[np.float64]:
    """Raster the height of the ground (PARTS * NY, PARTS * NX) on squares of PART_M."""
    out = _parted(plan.floor_m)
    for k in np.flatnonzero(plan.solid_kind == SolidKind.STEP):
        ring = plan.solid_xy[plan.solid_start[k] : plan.solid_start[k + 1]]
        (x0, y0), (x1, y1) = (np.round(end / PART_M).astype(int) for end in (ring.min(axis=0), ring.max(axis=0)))
        part = out[y0:y1, x0:x1]
        np.maximum(part, plan.solid_z[k, 1], out=part)
    return out


def squares(plan: Floorplan) -> tuple[NDArray[np.float64], float]:
    """Give the ground on the largest squares that do, and their side, metres: cells where no step lies."""
    if (plan.solid_kind == SolidKind.STEP).any():
        return ground(plan), PART_M
    return plan.floor_m, CELL_M


def _parted(cells: NDArray) -> NDArray:
    """Cells (NY, NX) as squares of PART_M."""
    return cells.repeat(PARTS, axis=0).repeat(PARTS, axis=1)


def ground_at(plan: Floorplan, xy: ArrayLike) -> NDArray[np.float64]:
    """Height (K,) of the ground at places (K, 2) in plan; beyond the region, of the nearest square."""
    places = np.asarray(xy, np.float64).reshape(-1, 2)
    if is_level(plan):
        return np.full(len(places), plan.floor_m[0, 0])
    raster = ground(plan)
    at = np.floor(places / PART_M).astype(int)
    return np.asarray(raster[np.clip(at[:, 1], 0, len(raster) - 1), np.clip(at[:, 0], 0, raster.shape[1] - 1)])


def pits(plan: Floorplan) -> NDArray[np.bool_]:
    """Find the cells (NY, NX) that nobody could climb out of: their floor lies deep beside a neighbour's."""
    deep = np.zeros(plan.floor_m.shape, bool)
    for axis in (0, 1):
        fall = np.diff(plan.floor_m, axis=axis)
        low, high = (slice(0, -1), slice(1, None)) if axis == 0 else (np.s_[:, :-1], np.s_[:, 1:])
        deep[low] |= fall > PIT_M
        deep[high] |= fall < -PIT_M
    return deep


def shut(plan: Floorplan) -> NDArray[np.bool_]:
    """Find the squares of PART_M where nobody walks: pits, blind flights, what is too low to stand under."""
    height, floor, ceiling = ground(plan), _parted(plan.floor_m), _parted(plan.ceiling_m)
    return np.asarray(_parted(pits(plan)) | (ceiling - height < HEAD_M) | (height - floor > FLIGHT_M))


def barred(plan: Floorplan) -> NDArray[np.float64]:
    """Boxes (N, 4) x0, y0, x1, y1 of the ground where nobody walks, slits too; and, a hair wide, the edges over which
    it falls by more than STEP_M."""
    if is_level(plan):
        return plan.slit_box
    height, closed = ground(plan), shut(plan)
    y, x = np.nonzero(closed)
    boxes = [plan.slit_box, np.column_stack([x, y, x + 1, y + 1]) * PART_M]
    hair = np.array([-_HALF_M, -_HALF_M, _HALF_M, _HALF_M])
    for axis, (dx, dy) in ((1, (0, 1)), (0, (1, 0))):
        falls = np.abs(np.diff(height, axis=axis)) > STEP_M + _EPS
        both = np.logical_and(*((closed[:, :-1], closed[:, 1:]) if axis == 1 else (closed[:-1], closed[1:])))
        y, x = np.nonzero(falls & ~both)
        y, x = y + (axis == 0), x + (axis == 1)
        boxes.append(np.column_stack([x, y, x + dx, y + dy]) * PART_M + hair)
    return np.concatenate(boxes)
