"""The border of the dark, which is where somebody with a camera light takes a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import CELL_M, Floorplan, LampState
from ..plan.near import nearest_m

DARK_M = 5.0
"""Further than this from every lamp that burns it is dark enough for a light of one's own."""
BORDER_M = 12.0
"""Up to so far from the nearest lamp that burns is the border of the dark."""
BURNING = (0.15, 0.8)
"""Share of a chunk's lamps that burn where the border runs through it."""
WITHIN_M, ENOUGH = (1.8, 6.0), 0.3
"""Distances that the camera's light reaches, and the share of a picture's breadth that is enough of them."""
GLIMPSE, GLIMPSE_WIDE = 0.18, 0.14
"""Share of a picture that is best lit by the lamps beyond the border, and how far off it may be."""


def has_border(plan: Floorplan) -> bool:
    """Whether some of a plan's lamps burn and some have no power."""
    burning = plan.lamp_state == LampState.ON
    return len(burning) > 0 and BURNING[0] < burning.mean() < BURNING[1]


def border_place(plan: Floorplan, near: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cell's middle (2,) at the border of the dark that is nearest to a place; else in the dark; else the place."""
    rows, columns = plan.ceiling_m.shape
    cells = (np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2) + 0.5) * CELL_M
    away = to_light(plan, cells.astype(np.float64))
    for wanted in ((away > DARK_M) & (away < BORDER_M), away > DARK_M):
        if wanted.any():
            found = cells[wanted]
            return np.asarray(found[np.argmin(np.hypot(*(found - near).T))])
    return near


def to_light(plan: Floorplan, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance (P,) of places (P, 2) to the nearest lamp that burns, metres; infinite where none does."""
    return nearest_m(plan.lamp_xy[plan.lamp_state == LampState.ON], places)


def dusk(
    plan: Floorplan, places: NDArray[np.float64], lit: NDArray[np.float64], seen: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How well pictures (P, TURNS) show the dark with a light at its end.

    lit (P, TURNS): share of each that the building lights. seen (P, TURNS, N): free distances across each, metres.
    """
    glimpse = np.exp(-(((lit - GLIMPSE) / GLIMPSE_WIDE) ** 2))
    stands = np.clip((to_light(plan, places) - 0.5 * DARK_M) / (0.5 * DARK_M), 0.0, 1.0)
    reached = ((seen > WITHIN_M[0]) & (seen < WITHIN_M[1])).mean(axis=2)
    return 2.0 * glimpse + 8.0 * stands[:, None] - 3.0 * lit + 3.0 * np.minimum(reached / ENOUGH, 1.0)
