"""Meshes of doors on walls with nothing behind them.

How often there is a door: ``table``. Which stand open: ``furnish``.

x to the viewer's right, y into the wall, the origin at the floor.
"""

from __future__ import annotations

import numpy as np

from ....geometry.level import Mesh, joined, placed
from ....geometry.shapes import box, turned
from .fittings import laid

LEAF_M, HIGH_M = 0.91, 2.04
"""A flush door of 3 ft by 6 ft 8 in."""
THICK_M = 0.035
"""A leaf of 1 3/8 in."""
CASING_M, PROUD_M = 0.075, 0.024
"""Breadth of the casing's boards, and how far they stand before the wall."""
HINGE_M = 0.034
"""How far before the wall a leaf turns: what is behind it clears the wall from 20 degrees on."""
KNOB = ((0.012, 0.0), (0.012, 0.035), (0.027, 0.045), (0.024, 0.065))
AJAR = {"door_ajar": np.radians(26.0), "door_open": np.radians(71.0)}
"""Kinds of door that do not shut, and how far their leaf stands out."""


def blank_door(index: dict[str, int]) -> Mesh:
    """A flush door in its casing, shut, on a wall with nothing behind it; the knob is real."""
    half, steel = LEAF_M / 2, index["metal"]
    leaf = box((-half, -0.016, 0.008), (half, 0, HIGH_M), index["door"], "YxXzZ")
    hinges = [box((-half - 0.004, -0.030, z), (-half + 0.008, -0.014, z + 0.1), steel, "Y") for z in (0.25, 1.75)]
    return joined([leaf, _casing(index), laid(turned(KNOB, 6, steel, "Z"), (0.385, -0.016, 0.95)), *hinges])


def open_door(index: dict[str, int], angle: float) -> Mesh:
    """A door whose leaf stands ``angle`` out of its casing: the wall's own paper goes on behind it."""
    steel = index["metal"]
    knob = turned(KNOB, 8, steel, "Z")
    parts = [
        box((0.003, 0.0, 0.008), (LEAF_M - 0.005, THICK_M, HIGH_M), index["door"]),
        laid(knob, (LEAF_M - 0.07, 0.0, 0.95)),
        placed(laid(knob, (0.07 - LEAF_M, -THICK_M, 0.95)), np.diag([-1.0, -1.0, 1.0, 1.0])),
        box((LEAF_M - 0.005, 0.006, 0.92), (LEAF_M - 0.0045, THICK_M - 0.006, 0.98), steel, "x"),
    ]
    for z in (0.20, 0.97, 1.75):
        barrel = turned([(0.007, z), (0.007, z + 0.10)], 6, steel)
        parts.append(placed(barrel, _moved((-0.005, 0.0, 0.0))))
    turn = _moved((-LEAF_M / 2, -HINGE_M, 0.0))
    c, s = np.cos(angle), np.sin(angle)
    turn[:2, :2] = [[c, s], [-s, c]]
    return joined([_casing(index), placed(joined(parts), turn)])


def _casing(index: dict[str, int]) -> Mesh:
    """Two jambs and a head of painted boards."""
    paint, half = index["trim"], LEAF_M / 2
    reach, top = half + CASING_M, HIGH_M + CASING_M
    return joined([
        box((-reach, -PROUD_M, 0), (-half, 0, top), paint, "Yz"),
        box((half, -PROUD_M, 0), (reach, 0, top), paint, "Yz"),
        box((-half, -PROUD_M, HIGH_M), (half, 0, top), paint, "YxX"),
    ])  # fmt: skip


def _moved(by: tuple[float, float, float]) -> np.ndarray:
    out = np.eye(4)
    out[:3, 3] = by
    return out
