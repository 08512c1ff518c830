"""Who walks in an exported level, and the rectangles of cells that its floors and ceilings are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...plan.floorplan import CELL_M


@dataclass(frozen=True)
class Agent:
    """The body that navigation and collision are made for, metres: radius, height, and the step it climbs."""

    radius_m: float = 0.3
    height_m: float = 1.8
    step_m: float = 0.2


AGENT = Agent()


def level_rectangles(height: NDArray[np.float64]) -> list[tuple[float, float, float, float, float]]:
    """Split a raster (NY, NX) of heights into rectangles of one height: (x0, y0, x1, y1, height) in metres."""
    left, out = np.ones(height.shape, bool), []
    for j in range(height.shape[0]):
        for i in np.flatnonzero(left[j]):
            if not left[j, i]:
                continue
            same = left[j, i:] & (height[j, i:] == height[j, i])
            wide = int(np.argmin(same)) if not same.all() else len(same)
            span = slice(i, i + wide)
            rows = (left[j:, span] & (height[j:, span] == height[j, i])).all(axis=1)
            deep = int(np.argmin(rows)) if not rows.all() else len(rows)
            left[j : j + deep, span] = False
            corners = np.array([i, j, i + wide, j + deep]) * CELL_M
            out.append((*corners.tolist(), float(height[j, i])))
    return out
