"""What steps make of a walk: the body rises and sinks with every tread, and takes them one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .path import STEP_M, Route

LIFT_M = 0.36
"""Way over which a step lifts the body: from the heel's strike before it to that after it."""
STAIR_MS = {"run": 1.1, "walk": 0.55}
"""Speed on steps, m/s: one tread of 0.305 m with each step of 1.6 a second. Source: Fruin, Pedestrian Planning and
Design, 1971: 0.5 to 0.6 m/s on stairs, a third more in haste."""
BEFORE_M, AFTER_M = 0.5, 0.3
"""The operator is slow from so far before a step, to so far after it."""


def lifts(route: Route) -> NDArray[np.float64]:
    """(N,) height, metres, that the ground lifts the body to at the points of a route: eased over each step."""
    if route.floor is None or not len(route.floor):
        return np.zeros(len(route.xy))
    reach = round(LIFT_M / STEP_M / 2)
    weight = 1.0 + np.cos(np.linspace(-np.pi, np.pi, 2 * reach + 3)[1:-1])
    first = float(route.floor[0])
    level = np.pad(route.floor - first, reach, mode="edge")
    return np.asarray(first + np.convolve(level, weight / weight.sum(), mode="valid"))


def stair_limit(route: Route, word: str) -> NDArray[np.float64]:
    """(N,) fastest speed at the points of a route, m/s, where steps ask for one; infinite elsewhere."""
    limit = np.full(len(route.xy), np.inf)
    if route.floor is not None:
        for k in np.flatnonzero(np.diff(route.floor)):
            limit[max(k - round(BEFORE_M / STEP_M), 0) : k + round(AFTER_M / STEP_M)] = STAIR_MS[word]
    return limit
