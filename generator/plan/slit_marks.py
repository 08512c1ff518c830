"""Slits on a map: gaps that are there to look into are crossed out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .cut import Box, corners_of
from .floorplan import Floorplan
from .sheet import RED, Item, Lines, Rings, ToPage

APART_M = 1.0
"""Length of a cross along a gap."""
LEGEND = "red crosses: gaps to look into only"


def slit_marks(plan: Floorplan, to_page: ToPage, scale: float) -> Iterator[Item]:
    """Tint the slits and cross them out, from end to end."""
    if not len(plan.slit_box):
        return
    yield Rings(list(to_page(corners_of(plan.slit_box))), RED, opacity=0.12)
    crosses = np.concatenate([_crosses(box) for box in plan.slit_box])
    yield Lines(to_page(crosses).reshape(-1, 4), RED, max(0.4, 0.025 * scale))


def _crosses(box: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ends (N, 2, 2) of the diagonals of a box's parts of about APART_M."""
    low, high = box[:2], box[2:]
    along = int(np.argmax(high - low))
    lines = np.linspace(low[along], high[along], max(round((high - low)[along] / APART_M), 1) + 1)
    ends = np.stack([lines[:-1], lines[1:]], axis=1)
    across = np.broadcast_to([low[1 - along], high[1 - along]], ends.shape)
    rising = np.stack([ends, across], axis=2)
    crossed = np.concatenate([rising, np.stack([ends, across[:, ::-1]], axis=2)])
    return crossed if along == 0 else crossed[..., ::-1]


def has_slits(plan: Floorplan, box: Box) -> bool:
    """Whether a slit lies in a box of a plan."""
    low, high = plan.slit_box[:, :2], plan.slit_box[:, 2:]
    return bool(((high > box[:2]) & (low < box[2:])).all(axis=1).any())
