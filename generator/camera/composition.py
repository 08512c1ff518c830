"""What a stranger would notice first in a picture of empty rooms: how much each view makes of the things in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..geometry.landmarks import Landmarks
from ..plan.floorplan import CHUNK_M, Floorplan
from ..plan.ground import ground_at
from ..plan.sight import cast, outlines
from ..seed import rng_for
from .dusk import to_light
from .turns import wrapped

NEAR_M, FAR_M = 2.5, 12.0
READS = 0.08
"""Angle, radians, from which a thing is seen at once: 43 lines of 480 at 62° across."""
RISE = float(np.radians(17.0))
"""A thing is in the picture's height where its middle is less than this off the horizon, radians; the picture ends at
24.2°, less what the camera is tipped."""
DATE_RISE, DATE_RIGHT = float(np.radians(-10.0)), -0.15
"""Lower than this, and left of this share of half the picture's breadth, the date is written over things."""
MIDDLE, RIM = 0.6, 0.9
"""Shares of half the picture's breadth: up to the first a thing counts wholly, beyond the second not at all."""
SIDE_M = 0.25
"""A thing is in sight where both its sides, so far from its middle, are."""
HEIGHTS_M = (0.8, 1.6, 2.25)
"""Heights in plan that sight is tried at: the knee, over half walls; the eye; under headers."""
BEFORE_M = 0.15
VIEWS = 4
"""Places that are tried about each thing, to look at it from."""
REACH_M = (3.5, 8.5)


def noticed(
    plan: Floorplan, landmarks: Landmarks, worth: NDArray[np.float64], places: NDArray[np.float64],
    angles: NDArray[np.float64], fov: float,
) -> NDArray[np.float64]:  # fmt: skip
    """How well each picture, from places (P, 2) in directions angles (A,), shows one thing: (P, A) in 0..1.

    worth (N,): of each thing. One thing is best; of many, each takes something away from the others.
    """
    value, to, rise = _values(plan, landmarks, worth, places)
    left = np.arctan2(to[..., 1], to[..., 0])[:, None] - angles[:, None]
    left = wrapped(left) / (fov / 2)
    under_date = (rise < DATE_RISE)[:, None] & (left > DATE_RIGHT)
    central = np.clip((RIM - np.abs(left)) / (RIM - MIDDLE), 0.0, 1.0) * np.where(under_date, 0.5, 1.0)
    total = (value[:, None] * central).sum(axis=2)
    return (total * np.exp(1.0 - total)) ** 2


def low_sides(
    plan: Floorplan, landmarks: Landmarks, worth: NDArray[np.float64], at: tuple[float, float], yaw: float, fov: float
) -> tuple[float, float]:
    """What would be lost under a date low on the left, and on the right, of a picture from one place (x, y)."""
    value, to, rise = _values(plan, landmarks, worth, np.array([at], np.float64))
    away = np.hypot(to[0, :, 0], to[0, :, 1])
    low = rise[0] - np.arctan2(0.5 * landmarks.size, away) < DATE_RISE
    left = wrapped(np.arctan2(to[0, :, 1], to[0, :, 0]) - yaw) / (fov / 2)
    inside = low & (np.abs(left) < 1.0)
    return float(value[0, inside & (left > 0.0)].sum()), float(value[0, inside & (left < 0.0)].sum())


def _values(
    plan: Floorplan, landmarks: Landmarks, worth: NDArray[np.float64], places: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """What each thing is worth from places (P, N), the way to it (P, N, 2), and its angle over the horizon (P, N)."""
    to = landmarks.at[None, :, :2] - places[:, None]
    away = np.hypot(to[..., 0], to[..., 1])
    rise = np.arctan2(landmarks.at[None, :, 2] - (HEIGHTS_M[1] + ground_at(plan, places)[:, None]), away)
    facing = np.where(landmarks.out.any(axis=1), -(to * landmarks.out).sum(axis=2) / np.maximum(away, 1e-9), 1.0)
    shown = (away > NEAR_M) & (away < FAR_M) & (np.abs(rise) < RISE) & (facing > 0.2)
    reads = np.clip(landmarks.size / np.maximum(away, NEAR_M) / READS, 0.0, 1.0) * np.clip(1.4 * facing, 0.0, 1.0)
    value = worth * reads * lit(plan, landmarks) * shown
    value *= _in_sight(plan, landmarks, places, value > 0.02)
    return value, to, rise


def worth_of(landmarks: Landmarks, seed: int) -> NDArray[np.float64]:
    """What things (N,) are worth to a seed: each kind more to one, less to another."""
    kinds, which = np.unique(landmarks.number, return_inverse=True)
    taste = np.array([np.exp(0.4 * rng_for(seed, "camera.taste", int(k)).normal()) for k in kinds], np.float64)
    return landmarks.worth * taste[which.ravel()]


def lit(plan: Floorplan, landmarks: Landmarks) -> NDArray[np.float64]:
    """How well things (N,) are lit, 0.3..1, by the nearest lamp that burns."""
    return np.clip((6.0 - to_light(plan, landmarks.at[:, :2])) / 3.0, 0.3, 1.0)


def views_of(plan: Floorplan, landmarks: Landmarks, seed: int) -> NDArray[np.float64]:
    """Places (VIEWS × N, 2) about things to look at them from, before those that lie against a wall."""
    out = np.zeros((len(landmarks.kind), VIEWS, 2))
    for k, (x, y, _) in enumerate(landmarks.at):
        corner = np.round((np.array(plan.origin) * CHUNK_M + (x, y)) * 1000).astype(np.int64)
        u = rng_for(seed, "camera.near", *corner.tolist()).uniform(size=(2, VIEWS))
        front = np.arctan2(landmarks.out[k, 1], landmarks.out[k, 0]) if landmarks.out[k].any() else None
        turn = 2 * np.pi * u[0] if front is None else front + (u[0] - 0.5) * np.radians(110.0)
        reach = REACH_M[0] + (REACH_M[1] - REACH_M[0]) * u[1]
        out[k] = (x, y) + reach[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return out.reshape(-1, 2)


def _in_sight(
    plan: Floorplan, landmarks: Landmarks, places: NDArray[np.float64], asked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(P, N) whether nothing of the plan stands before a thing, its two sides included; only where ``asked``."""
    at = landmarks.at[:, :2] + BEFORE_M * landmarks.out
    seen = asked.copy()
    height = landmarks.at[:, 2] - ground_at(plan, landmarks.at[:, :2])
    low, eye, high = HEIGHTS_M
    for level, of in ((eye, height < np.inf), (low, height < eye - 0.3), (high, height > eye + 0.5)):
        lines = outlines(plan, level)
        for p in np.flatnonzero((seen & of).any(axis=1)):
            n = np.flatnonzero(seen[p] & of)
            to = at[n] - places[p]
            away = np.hypot(to[:, 0], to[:, 1])
            side = np.arctan2(SIDE_M, away)
            turn = np.arctan2(to[:, 1], to[:, 0]) + side * np.array([[-1.0], [1.0]])
            free = cast(lines, places[p], turn.ravel())[0].reshape(2, -1)
            seen[p, n] = (free > away - BEFORE_M).all(axis=0)
    return seen
