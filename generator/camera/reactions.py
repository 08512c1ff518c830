"""Reactions: one look at something, as curves over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .easing import LEAST_JERK_PEAK, eased
from .notice import What

Deed = Literal["stop", "linger", "glance", "back"]
STEP_MS = 0.7
"""Peak speed of a step off the route, m/s."""
CORRECTING_S = 0.43
"""Time in which a turn that went too far is put right."""
AFTER_S = 0.4
"""The way back to the route takes so much longer than the way off it."""


@dataclass(frozen=True)
class Reaction:
    """One look at something.

    deed: what is done; what, key, at: of the ``Sight``; also: key of a second thing looked at, or -1. start_s: when the
    camera begins to turn, which takes turn_s; from then the look is held for hold_s, and given up within back_s.
    overshoot: share of the turn that is too much, then corrected. scan: radians that the look shifts by while held.
    zoom: factor. step (2,) metres off the route. on_s: how long the operator walks on before stopping.
    """

    deed: Deed
    what: What
    key: int
    also: int
    at: tuple[float, float, float]
    start_s: float
    turn_s: float
    hold_s: float
    back_s: float
    overshoot: float
    scan: float
    zoom: float
    step: tuple[float, float]
    on_s: float

    @property
    def held_s(self) -> float:
        """When the look is held first: turned, and for a stop standing."""
        return self.start_s + max(self.turn_s, self.on_s)

    @property
    def settled_s(self) -> float:
        """When the camera is on the thing, the overshoot corrected."""
        return self.start_s + self.turn_s + CORRECTING_S

    @property
    def free_s(self) -> float:
        """When the look is given up."""
        return self.held_s + self.hold_s

    @property
    def end_s(self) -> float:
        """When all is over, the step back to the route too."""
        return self.free_s + max(self.back_s, step_s(self.step) + AFTER_S if any(self.step) else 0.0)


def turned(r: Reaction, now: float) -> tuple[float, float]:
    """How much of the turn to the thing is done, over 1 where it overshoots; and radians beside the thing."""
    t, free = now - r.start_s, 1.0 - eased((now - r.free_s) / r.back_s)
    right = r.overshoot * eased((t - r.turn_s - 0.08) / (CORRECTING_S - 0.08))
    rise = eased(t / r.turn_s) * (1.0 + r.overshoot) - right
    return rise * free, r.scan * eased((now - r.held_s - 0.45 * r.hold_s) / 0.5) * free


def pace(r: Reaction, now: float) -> float:
    """Share of the beat's speed that is walked at."""
    if not r.start_s <= now < r.free_s:
        return 1.0
    if r.deed == "stop":
        return 0.75 if now < r.start_s + r.on_s else 0.0
    return {"linger": 0.4, "glance": 0.9, "back": 0.55}[r.deed]


def zoomed(r: Reaction, now: float) -> float:
    """How many times the lens is longer than at its widest."""
    return 1.0 + (r.zoom - 1.0) * eased((now - r.held_s - 0.2) / 1.3) * (1.0 - eased((now - r.free_s + 0.8) / 1.2))


def stepped(r: Reaction, now: float) -> NDArray[np.float64]:
    """How far (2,) off the route the operator stands, metres."""
    needs = step_s(r.step)
    share = eased((now - r.held_s) / needs) * (1.0 - eased((now - r.free_s) / (needs + AFTER_S)))
    return share * np.array(r.step)


def step_s(step: tuple[float, float]) -> float:
    """Seconds that a step off the route takes."""
    return max(LEAST_JERK_PEAK * float(np.hypot(*step)) / STEP_MS, 0.5)


def breath_held(r: Reaction, now: float) -> float:
    """How much the breath is held, 0..1."""
    if r.deed != "stop":
        return 0.0
    return eased((now - r.start_s - r.turn_s) / 0.5) * (1.0 - eased((now - r.free_s + 0.3) / 0.4))
