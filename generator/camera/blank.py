"""What gives a camera's focus nothing to go by: a bare wall that fills the picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..plan.sight import Outlines, cast

SPREAD = np.radians([-24.0, -16.0, -8.0, 0.0, 8.0, 16.0, 24.0])
"""Directions, off the picture's middle, that are looked along."""
NEAR_M, FAR_M = 1.8, 4.5
"""A wall nearer than the first is wholly blank; one further off than the second shows its edges."""
FLAT_M = 0.12
"""How far the ends of sight may lie off one straight line."""


def blankness(lines: Outlines, places: NDArray[np.float64], yaws: NDArray[np.float64]) -> NDArray[np.float64]:
    """How blank (N,), 0..1, views from places (N, 2) in directions (N,) are: one flat wall, and how near it is."""
    out = np.zeros(len(yaws))
    for k, (place, yaw) in enumerate(zip(places, yaws, strict=True)):
        free = cast(lines, place, yaw + SPREAD)[0]
        ends = free[:, None] * np.stack([np.cos(SPREAD), np.sin(SPREAD)], axis=1)
        off = np.linalg.svd(ends - ends.mean(axis=0), compute_uv=False)[1] / np.sqrt(len(ends))
        if off < FLAT_M:
            out[k] = np.clip((FAR_M - free[len(free) // 2]) / (FAR_M - NEAR_M), 0.0, 1.0)
    return out
