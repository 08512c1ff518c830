"""Profiles of Level 0's base trim and chair rail, and what they are made of."""

from __future__ import annotations

from ..surfaces.papers import CHAIR_RAIL_M

TRIM_HEIGHT_M = 0.09
TRIM_DEPTH_M = 0.012
BASE = ((TRIM_DEPTH_M, 0.0), (TRIM_DEPTH_M, TRIM_HEIGHT_M), (0.0, TRIM_HEIGHT_M))
"""Profile of the base trim, upwards: how far before the wall, and how high."""
BASES = ("trim", "wood", "plastic/dark")
"""What base trim is made of: painted boards, stained ones, a black cove base."""
BASE_SHARES = (0.6, 0.2, 0.2)
_LOW, _TOP = CHAIR_RAIL_M
RAIL = ((0.006, _LOW), (0.015, _LOW + 0.046), (0.0, _TOP))
"""Profile of a chair rail, a swelling under a sloping top, open below, where nobody looks; a door's leaf stands before
it."""
