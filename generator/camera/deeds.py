"""What an operator does about a sight: how far to turn, how long to look, where to stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..seed import Rng
from .easing import LEAST_JERK_PEAK
from .notice import Sight, Surroundings, clear
from .reactions import CORRECTING_S, Deed, Reaction, step_s
from .turns import wrapped

Way = Callable[[float], NDArray[np.float64]]
"""Places (2,) on the route so many metres ahead."""
TURN, TURN_BACK = np.radians(95.0), np.radians(140.0)
"""Peak speeds at which a camera at the eye is turned to something, and behind, radians a second.
Source: heads turned as fast as people can reach 780°/s, those of walkers stay under 90°/s; Grossman et al., "Frequency
and velocity of rotational head perturbations during locomotion", Experimental Brain Research 70, 1988."""
HOLD_S: dict[Deed, tuple[float, float]] = {
    "stop": (2.1, 4.0), "linger": (2.0, 2.7), "glance": (0.5, 1.0), "back": (0.5, 0.9),
}  # fmt: skip
STAND_M = (2.2, 4.0)
"""How near an operator comes before stopping, where the route leads nearer."""
ON_S = 2.5
"""Longest time that an operator walks on, looking, before stopping."""
STOPPING_MS = 0.8
"""How fast, metres a second."""
ZOOMED, ZOOM = 0.3, 1.5
"""Share of full stops with a zoom, and how much of one."""
STEPPED = 0.6
"""Share of full stops with a step off the route."""
FARTHEST = np.radians(105.0)
"""Nobody who walks on looks further aside than this."""


def offset(at: tuple[float, float, float], here: NDArray[np.float64], body: float) -> float:
    """Measure the angle to a thing off the body's direction, radians."""
    return float(wrapped(np.arctan2(at[1] - here[1], at[0] - here[0]) - body))


def planned(
    deed: Deed, sight: Sight, now: float, here: NDArray[np.float64], yaw: float, body: float, rng: Rng
) -> Reaction:
    """Plan a look at something: the further to turn, the longer it takes, and the more it overshoots."""
    aim, to = yaw - body, offset(sight.at, here, body)
    turn, home = abs(to - aim), abs(to) + np.radians(12.0)
    u = rng.uniform(size=5)
    fastest = TURN_BACK if deed == "back" else TURN
    turn_s, back_s = (max(LEAST_JERK_PEAK * angle / fastest, 0.45) for angle in (turn, home))
    turn_s, back_s = turn_s * (0.95 + 0.3 * u[0]), back_s * (0.95 + 0.3 * u[4])
    low, high = HOLD_S[deed]
    over = (0.03 + 0.08 * u[2]) * min(turn / np.radians(25.0), 1.0)
    scan = np.radians(3.0 + 4.0 * abs(2.0 * u[3] - 1.0)) * (1.0 if u[3] < 0.5 else -1.0)
    scan = scan if deed in ("stop", "linger") else 0.0
    hold_s = low + (high - low) * u[1]
    which = deed, sight.what, sight.key, -1, sight.at
    return Reaction(*which, now, turn_s, hold_s, back_s, over, scan, 1.0, (0.0, 0.0), 0.0)


def within(made: Reaction, body: float, way: Way) -> Reaction:
    """Give up a look before the thing is too far behind, and as slowly as the angle by then asks for."""
    if made.deed == "back":
        return made
    speed = {"stop": 0.0, "linger": 0.6, "glance": 1.1}[made.deed]
    off, start = 0.0, STOPPING_MS * made.on_s
    for t in np.arange(0.0, made.held_s - made.start_s + made.hold_s, 0.1):
        off = offset(made.at, way(start + speed * float(t)), _heading(way, start + speed * float(t), body))
        if speed and abs(off) > FARTHEST and t > made.turn_s:
            made = replace(made, hold_s=max(float(t) - made.turn_s, CORRECTING_S))
            break
    return replace(made, back_s=max(made.back_s, LEAST_JERK_PEAK * abs(off) / TURN))


def _heading(way: Way, at: float, body: float) -> float:
    """Which way the body is turned at a place ahead."""
    to = way(at + 1.0) - way(at)
    return float(np.arctan2(to[1], to[0])) if np.hypot(*to) > 0.05 else body


def scanned(made: Reaction, others: list[Sight], here: NDArray[np.float64]) -> Reaction:
    """Let a look shift to a second thing where one is near the first in the picture."""
    first = np.arctan2(made.at[1] - here[1], made.at[0] - here[0])
    for other in others:
        off = offset(other.at, here, float(first))
        if other.what == "thing" and abs(off) < np.radians(28.0):
            return replace(made, also=other.key, scan=off, hold_s=made.hold_s + 0.8)
    return made


def stopped(made: Reaction, around: Surroundings, way: Way, longest: float, rng: Rng) -> Reaction:
    """Make a look a full stop: how far the operator walks on, whether with a zoom, and where to step.

    longest: times that the lens gets longer than at its widest.
    """
    near = rng.uniform(*STAND_M)
    ahead = np.arange(0.0, ON_S * STOPPING_MS, 0.2)
    places = np.array([way(float(a)) for a in ahead])
    away = np.hypot(*(np.array(made.at[:2]) - places).T)
    closer = np.flatnonzero((away <= near) | (np.append(np.diff(away), 0.0) > -0.02))
    on = float(ahead[closer[0]] if len(closer) else ahead[-1]) / STOPPING_MS
    draw = rng.uniform(size=3)
    zoom = min(ZOOM, longest) if draw[0] < ZOOMED else 1.0
    stand = way(on * STOPPING_MS + 0.3)
    step = _step(np.array(made.at[:2]) - stand, draw[2]) if draw[1] < STEPPED else (0.0, 0.0)
    step = next((s for s in (step, (0.5 * step[0], 0.5 * step[1])) if _roomy(around, s, way, on)), (0.0, 0.0))
    hold = made.hold_s if step == (0.0, 0.0) else max(made.hold_s, step_s(step) + 1.2)
    return replace(made, on_s=on, zoom=zoom, step=step, hold_s=max(hold, 3.0) if zoom > 1.0 else hold)


def _step(to: NDArray[np.float64], draw: float) -> tuple[float, float]:
    """A step towards a thing, or aside where it is near."""
    away = max(float(np.hypot(*to)), 1e-6)
    along = to / away
    if away > 2.0:
        long = min(0.35 + 0.55 * draw, away - 1.4)
        return float(long * along[0]), float(long * along[1])
    side = (0.25 + 0.3 * draw) * (1.0 if draw < 0.5 else -1.0)
    return float(-side * along[1]), float(side * along[0])


def _roomy(around: Surroundings, step: tuple[float, float], way: Way, on_s: float) -> bool:
    """Whether nothing is in the way of a step, from wherever it is begun or ended on the route."""
    ahead = np.arange(0.0, on_s * 0.9 + 3.0, 0.15)
    places = np.array([way(float(a)) for a in ahead])[:, None] + np.linspace(0.0, 1.0, 6)[:, None] * np.array(step)
    return clear(around, places.reshape(-1, 2))
