"""How a walker looks where the way goes: ahead of the body, leaning into bends, slow at thresholds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import CHUNK_M
from ..plan.sight import cast
from ..seed import rng_for, share_of
from .easing import LEAST_JERK_PEAK, eased
from .path import STEP_M, Around, Route

FARTHEST = float(np.radians(22.0))
"""How far the gaze leads the body in a turn. Source: head and gaze lead the path by 25° or less; Imai et al.,
"Interaction of the body, head, and eyes during walking and turning", Experimental Brain Research 136, 2001."""
EVERY_S = (0.45, 1.3)
MOVE_S = (0.26, 0.42)
"""Time between movements of the gaze, and how long one takes."""
FASTEST = float(np.radians(75.0))
"""Peak speed of such a movement, radians a second."""
WANDER = float(np.radians(2.0))
LEAN, LEAN_MOST = 0.055, float(np.radians(3.5))
"""Roll into a bend, radians for each radian of it within a metre at 1 m/s, and the most. Source: the head rolls to the
inner side of a turn; Imai et al., 2001."""
EVERY_M, BESIDE_M = 0.1, 1.2
"""The way is looked at every so often, so that no wall falls between; and how far before and behind a threshold."""
NARROW_M, WIDER_M = 1.7, 1.2
"""A threshold: free breadth across the way, and how much broader it is a little before or behind."""
HESITATING, SLOW_MS = 0.5, (0.28, 0.45)
"""Share of thresholds that are hesitated at, and the speed there."""
BEFORE_M = 0.8
"""The operator is slow from so far before a threshold on."""
ANY_MS, ROOM_M = 9.0, 4.0
"""No limit of speed; and as far as free breadth counts."""


class Gaze:
    """The look ahead of one walk, forward in time."""

    def __init__(self, seed: int) -> None:
        self._rng = rng_for(seed, "camera.gaze")
        self._from, self._to, self._begins, self._takes, self._next = 0.0, 0.0, 0.0, 0.3, 0.4

    def at(self, now: float, ahead: float) -> float:
        """How far the camera is turned off the body, radians, where the way goes on at an angle ``ahead`` off it."""
        if now >= self._next:
            u = self._rng.uniform(size=3)
            self._from, self._begins = self._to, now
            self._to = float(np.clip(0.55 * ahead, -FARTHEST, FARTHEST)) + WANDER * (2.0 * u[0] - 1.0)
            least = LEAST_JERK_PEAK * abs(self._to - self._from) / FASTEST
            self._takes = max(MOVE_S[0] + (MOVE_S[1] - MOVE_S[0]) * u[1], least)
            self._next = now + self._takes + EVERY_S[0] + (EVERY_S[1] - EVERY_S[0]) * u[2]
        return self._from + (self._to - self._from) * eased((now - self._begins) / self._takes)


def lean_at(xy: NDArray[np.float64], at_m: float, speed: float) -> float:
    """Roll, radians, of a walker who leans into the bend of a route (N, 2) about a place ``at_m`` along it."""
    k, reach = int(at_m / STEP_M), round(0.5 / STEP_M)
    if k < reach or k + 2 * reach >= len(xy):
        return 0.0
    before, after = xy[k] - xy[k - reach], xy[k + 2 * reach] - xy[k + reach]
    bend = np.arctan2(before[0] * after[1] - before[1] * after[0], before @ after)
    return float(np.clip(-LEAN * bend * speed, -LEAN_MOST, LEAN_MOST))


def hesitations(route: Route, where: Around, seed: int) -> NDArray[np.float64]:
    """(N,) speed that an operator has left, m/s, just before some of the narrow places that lead from room to room."""
    limit, (low, high) = np.full(len(route.xy), ANY_MS), SLOW_MS
    for k in _thresholds(route.xy, where):
        corner = np.round(np.array(route.origin) * CHUNK_M + route.xy[k]).astype(np.int64)
        draw = share_of(seed, "camera.threshold", *corner.tolist())
        if draw < HESITATING:
            limit[max(k - round(BEFORE_M / STEP_M), 0) : k] = low + (high - low) * draw / HESITATING
    return limit


def _thresholds(xy: NDArray[np.float64], where: Around) -> NDArray[np.int64]:
    """Which points of a route (N, 2) lie in a narrow place with room before or behind it."""
    every, beside = round(EVERY_M / STEP_M), round(BESIDE_M / EVERY_M)
    at = np.arange(every, len(xy) - every, every)
    if len(at) <= 2 * beside:
        return np.zeros(0, np.int64)
    way = xy[at + every] - xy[at - every]
    across = np.arctan2(way[:, 1], way[:, 0])[:, None] + [-np.pi / 2, np.pi / 2]
    eyes = zip(xy[at] + where.shift, across, strict=True)
    broad = np.array([np.minimum(cast(where.lines, eye, turns)[0], ROOM_M).sum() for eye, turns in eyes])
    here, room = broad[beside:-beside], np.maximum(broad[: -2 * beside], broad[2 * beside :])
    least = np.minimum(broad[beside - 1 : -beside - 1], broad[beside + 1 : len(broad) - beside + 1])
    return at[beside:-beside][(here <= NARROW_M) & (here <= least) & (room > here + WIDER_M)]
