"""Which lamps may light which place: lists of lamps on squares of the plan, so that no chart asks all lamps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SQUARE_M = 4.8768
"""Side of a square: four cells."""


def lamp_reach(lens: NDArray[np.float64], lowest_m: float, highest_m: float, cutoff: float) -> NDArray[np.float64]:
    """Distance (L,) in plan beyond which a lens (L, 16) adds less than ``cutoff`` of its radiance, times its weight.

    A lens adds there * here * area / (pi d^4), both below d; a level one's ``there`` is its height over the point.
    """
    if cutoff <= 0.0:
        return np.full(len(lens), np.inf)
    area, half = lens[:, 12] * lens[:, 15] / (np.pi * cutoff), lens[:, 13]
    height = np.maximum(np.abs(lens[:, 2] - lowest_m), np.abs(highest_m - lens[:, 2]))
    level = np.abs(lens[:, 11]) > 0.999
    reach = np.where(level, np.cbrt(area * height), np.sqrt(area)) + half
    return np.maximum(reach, 3.0)


def lamp_lists(
    center: NDArray[np.float64], reach: NDArray[np.float64], middle: NDArray[np.float64], spread: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """For things in plan with middles (K, 2) and half diagonals ``spread`` (K,), the lamps that may reach each.

    center (L, 2), reach (L,). Returns the list (K,) of each thing, start and items: list k is
    items[start[k]:start[k + 1]], in the order of the lamps.
    """
    low = middle.min(axis=0, initial=np.inf)
    square = np.floor((middle - low) / SQUARE_M).astype(np.int64)
    nx, ny = (int(n) + 1 for n in square.max(axis=0, initial=0))
    own = square[:, 1] * nx + square[:, 0]
    pad = np.zeros(nx * ny)
    np.maximum.at(pad, own, spread)
    lists = [np.zeros(0, np.int64)] * (nx * ny)
    for k in np.unique(own):
        corner = np.array([k % nx, k // nx]) * SQUARE_M
        away = np.maximum(np.maximum(corner - (center - low), (center - low) - (corner + SQUARE_M)), 0.0)
        lists[k] = np.flatnonzero(np.hypot(*away.T) <= reach + pad[k])
    start = np.cumsum([0, *map(len, lists)])
    return own, start, np.concatenate([*lists, np.zeros(0, np.int64)]).astype(np.int32)
