"""Who walks in an exported level."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Agent:
    """The body that navigation and collision are made for, metres: radius, height, and the step it climbs."""

    radius_m: float = 0.3
    height_m: float = 1.8
    step_m: float = 0.2


AGENT = Agent()
