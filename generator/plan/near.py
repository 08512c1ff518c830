"""The points of a plan that lie nearest to others."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray


def nearest_m(points: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance (P,) from places (P, 2) to the nearest of points (N, 2), metres; infinite where there is none."""
    if not len(points):
        return np.full(len(places), np.inf)
    tree = shapely.STRtree(shapely.points(points))
    (place, _), away = tree.query_nearest(shapely.points(places), return_distance=True, all_matches=False)
    out = np.empty(len(places))
    out[place] = away
    return out


def near_pairs(
    points: NDArray[np.float64], places: NDArray[np.float64], reach_m: float, most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Which of points (N, 2) are the ``most`` nearest to places (P, 2) and within ``reach_m``, one pair a row.

    Returns the pairs' place (K,), point (K,) and distance (K,), places in their order, each one's points near to far.
    """
    tree = shapely.STRtree(shapely.points(points))
    place, point = tree.query(shapely.points(places), predicate="dwithin", distance=reach_m)
    away = np.hypot(*(places[place] - points[point]).T)
    order = np.lexsort((point, away, place))
    place, point, away = place[order], point[order], away[order]
    rank = np.arange(len(place)) - np.searchsorted(place, place)
    kept = rank < most
    return place[kept], point[kept], away[kept]
