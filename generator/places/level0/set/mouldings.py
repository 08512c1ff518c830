"""Profiles of Level 0's base trim and chair rail, and what they are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..surfaces.papers import CHAIR_RAIL_M

TRIM_HEIGHT_M = 0.09
TRIM_DEPTH_M = 0.012
BASE = ((0.0195, 0.0), (TRIM_DEPTH_M, 0.018), (TRIM_DEPTH_M, TRIM_HEIGHT_M - 0.007), (0.0, TRIM_HEIGHT_M))
"""Profile of the base trim, upwards: how far before the wall, and how high. A shoe lies before a board whose top is
rolled; both are rounded by their normals alone."""
BASES = ("trim", "wood", "plastic/dark")
"""What base trim is made of: painted boards, stained ones, a black cove base."""
BASE_SHARES = (0.6, 0.2, 0.2)
_LOW, _TOP = CHAIR_RAIL_M
RAIL = (
    (0.005, _LOW), (0.009, _LOW + 0.011), (0.0075, _LOW + 0.020), (0.015, _LOW + 0.0299), (0.015, _LOW + 0.056),
    (0.0, _TOP),
)  # fmt: skip
"""Profile of a chair rail: a bead, an ogee, a nose whose top is rolled; open below, where nobody looks.
A door's leaf stands before it."""


def nosing(rise_m: float) -> NDArray[np.float64]:
    """Profile (K, 2) of the edge of a step so high: carpet laid over it, with a lip of 25 mm, rounded; open
    below, where nobody looks.

    Source: International Building Code 1011.5.5, nosings of 3/4 to 1 1/4 in.
    """
    lip = np.array([(0.017, -0.034), (0.024, -0.024), (0.025, -0.013), (0.017, -0.003), (0.0, 0.0)])
    return np.asarray(lip + np.array([0.0, rise_m]))
