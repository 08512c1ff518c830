"""Holes in a ceiling, which a fixture fills or nothing does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .footprints import snapped

TILE_M = 0.019
"""Thickness of a ceiling about an open hole (a mineral tile of 3/4 in)."""
PLENUM_M = 0.55
"""Height of the dark space that an open hole shows."""


@dataclass(frozen=True)
class Holes:
    """Rectangles of missing ceiling: center (H, 2), half (H, 2) size along x and y, z (H,), kind (H,) the place's own
    number of what fills them; opens (H,): nothing does.

    Those of recessed lamps come first, in the plan's order. ``polygon`` and ``void`` (H,): their outlines, and those of
    the dark space above (of those that open, else empty).
    """

    center: NDArray[np.float64]
    half: NDArray[np.float64]
    z: NDArray[np.float64]
    kind: NDArray[np.int8]
    opens: NDArray[np.bool_]
    polygon: NDArray[np.object_]
    void: NDArray[np.object_]


def no_holes() -> Holes:
    """A ceiling without any."""
    none, shapes = np.zeros((0, 2)), np.zeros(0, object)
    return Holes(none, none, np.zeros(0), np.zeros(0, np.int8), np.zeros(0, np.bool_), shapes, shapes)


def boxes(center: NDArray[np.float64], half: NDArray[np.float64]) -> NDArray[np.object_]:
    """(H,) rectangles about places (H, 2), of half sizes (H, 2), snapped."""
    low, high = snapped(center - half), snapped(center + half)
    return shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
