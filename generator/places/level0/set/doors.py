"""Meshes of doors on walls with nothing behind them: half of them are wrong in some way.

How often there is a door: ``table``. Which stand open: ``furnish``.

x to the viewer's right, y into the wall, the origin at the floor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....geometry.level import Mesh, joined, moved, placed
from ....geometry.rounded import bevelled, surround
from ....geometry.shapes import box, on_wall, turned
from ..surfaces.painted import PAINTED_M
from .fittings import laid

LEAF_M, HIGH_M = 0.91, 2.04
"""A flush door of 3 ft by 6 ft 8 in."""
THICK_M = 0.035
"""A leaf of 1 3/8 in."""
FACE_M, GAP_M, JAMB_M = 0.0235, 0.0035, 0.010
"""How far a shut leaf and its jamb stand before the wall and base trim; the gap between; what shows of the jamb."""
DEEP_M = 0.0208
"""How far before the wall the gap's ground lies, and the stop: just before the base trim."""
CASING_M, PROUD_M = 0.060, 0.032
"""Breadth of the casing's boards, and how far they stand before the wall."""
CASING = (
    (0.0, FACE_M), (0.0, 0.0255), (0.004, 0.028), (0.009, 0.028), (0.012, 0.025), (0.036, 0.0275), (0.046, 0.0315),
    (0.053, PROUD_M), (0.058, 0.029), (CASING_M, 0.024), (CASING_M, 0.0),
)  # fmt: skip
"""A casing's profile from its inner edge: a bead, a slope, and a back band; metres beyond the jamb, and proud."""
HINGE_M = 0.034
"""How far before the wall a leaf turns: what is behind it clears the wall from 20 degrees on."""
ROSE = ((0.0325, 0.0), (0.0325, 0.003), (0.030, 0.0065), (0.024, 0.0085), (0.0135, 0.010))
NECK = ((0.0105, 0.010), (0.0105, 0.026), (0.0125, 0.030))
BALL = ((0.0125, 0.030), (0.0215, 0.035), (0.0265, 0.043), (0.0270, 0.050), (0.0245, 0.0575), (0.0185, 0.0625),
        (0.0090, 0.0648))  # fmt: skip
"""A knob of 54 mm on its rose, radius and how far before the leaf. Source: ANSI/BHMA A156.2, bored locks."""
KNOB_UP_M, BACKSET_M = 0.95, 0.070
"""Middle of a knob over the floor and before the leaf's edge. Source: ANSI/BHMA A156.115, 2 3/4 in backset."""
AJAR = {"door_ajar": np.radians(26.0), "door_open": np.radians(71.0)}
"""Kinds of door that do not shut, and how far their leaf stands out."""


@dataclass(frozen=True)
class Door:
    """A shut door. width, high: of its leaf. foot: of all of it over the floor. knobs: where they sit, to the right of
    the leaf's middle as a share of the way to the usual place, and up."""

    width: float = LEAF_M
    high: float = HIGH_M
    foot: float = 0.0
    knobs: tuple[tuple[float, float], ...] = ((1.0, KNOB_UP_M),)


DOORS = {
    "blank_door": Door(),
    "door_low": Door(high=1.46, knobs=((1.0, 0.72),)),
    "door_narrow": Door(width=0.43),
    "door_tall": Door(high=2.52),
    "door_small": Door(width=0.46, high=1.02, knobs=((1.0, 0.475),)),
    "door_knob_by_hinges": Door(knobs=((-1.0, KNOB_UP_M),)),
    "door_two_knobs": Door(knobs=((1.0, KNOB_UP_M), (-1.0, KNOB_UP_M))),
    "door_knob_high": Door(knobs=((1.0, 1.62),)),
    "door_knob_middle": Door(knobs=((0.0, 1.02),)),
    "door_without_knob": Door(knobs=()),
    "door_hung_high": Door(foot=0.20),
}
"""Shut doors by kind: the first is right, all others wrong in one way."""
WRONG_LEAVES = tuple(DOORS)[1:]
WRONG = (*WRONG_LEAVES, "door_frame")
"""Doors that are wrong but shut; the last is a casing with nothing but the wall in it."""


def shut_door(index: dict[str, int], door: Door) -> Mesh:
    """A flush door in its casing, shut, on a wall with nothing behind it; the knob is real."""
    half, foot, top = door.width / 2, door.foot, door.foot + door.high
    rise = foot + 0.008
    parts = [
        bevelled((-half, -FACE_M, rise), (half, 0.0, top), index["door"], "Y", 0.0015),
        _gap(index, door.width, top, foot),
        _casing(index, door.width, top, foot),
    ]
    if foot > 0.0:
        parts.append(bevelled((-half, -DEEP_M, foot), (half, 0.0, rise - 0.003), index["wood"], "YxX", 0.001))
    for share, up in door.knobs:
        parts.append(laid(knob(index), (share * (half - BACKSET_M), -FACE_M, foot + up)))
    for z in (0.18, 0.5 * door.high - 0.05, door.high - 0.28):
        barrel = turned([(0.0065, 0.0), (0.0065, 0.089)], 8, index["metal/brass"])
        parts.append(placed(barrel, moved((-half - GAP_M / 2, -FACE_M - 0.003, foot + z))))
    return joined(parts)


def painted_door(index: dict[str, int]) -> Mesh:
    """A door painted on the wall, flat, its outline a few millimetres out of true."""
    (wide, high), half = PAINTED_M, PAINTED_M[0] / 2
    outline = [(-half, 0.0), (half, 0.0), (wide - half + 0.003, high - 0.004), (-half - 0.001, high)]
    return on_wall(outline, 0.0008, index["door/painted"])


def door_frame(index: dict[str, int]) -> Mesh:
    """A casing around nothing: the wall's own paper goes on within it."""
    return joined([
        _casing(index, LEAF_M, HIGH_M, 0.0), _gap(index, LEAF_M, HIGH_M, 0.0), _stop(index, LEAF_M, HIGH_M),
    ])  # fmt: skip


def open_door(index: dict[str, int], angle: float) -> Mesh:
    """A door whose leaf stands ``angle`` out of its casing: the wall's own paper goes on behind it."""
    steel = index["metal/brass"]
    parts = [
        bevelled((0.003, 0.0, 0.008), (LEAF_M - 0.005, THICK_M, HIGH_M), index["door"], edge=0.0015),
        laid(knob(index), (LEAF_M - BACKSET_M, 0.0, KNOB_UP_M)),
        placed(laid(knob(index), (BACKSET_M - LEAF_M, -THICK_M, KNOB_UP_M)), np.diag([-1.0, -1.0, 1.0, 1.0])),
        box((LEAF_M - 0.005, 0.006, 0.92), (LEAF_M - 0.0045, THICK_M - 0.006, 0.98), steel, "x"),
        bevelled((LEAF_M - 0.0045, 0.012, 0.940), (LEAF_M + 0.004, THICK_M - 0.012, 0.960), steel, "x", 0.001),
    ]
    for z in (0.20, 0.97, 1.75):
        barrel = turned([(0.0065, z), (0.0065, z + 0.089)], 8, steel)
        parts.append(placed(barrel, moved((-0.005, 0.0, 0.0))))
    turn = moved((-LEAF_M / 2, -HINGE_M, 0.0))
    c, s = np.cos(angle), np.sin(angle)
    turn[:2, :2] = [[c, s], [-s, c]]
    return joined([door_frame(index), placed(joined(parts), turn)])


def knob(index: dict[str, int]) -> Mesh:
    """A round knob on its rose, standing on z."""
    brass = index["metal/brass"]
    return joined([turned(ROSE, 16, brass, "Z"), turned(NECK, 8, brass, ""), turned(BALL, 16, brass, "Z")])


def _casing(index: dict[str, int], width: float, top: float, foot: float) -> Mesh:
    """The jamb's edge and the painted casing around it, mitred."""
    jamb = ((GAP_M, 0.0), (GAP_M, FACE_M), (GAP_M + JAMB_M, FACE_M))
    boards = [(GAP_M + JAMB_M + beyond, proud) for beyond, proud in CASING]
    return surround(width, top, foot, (*jamb, *boards[1:]), index["trim"])


def _gap(index: dict[str, int], width: float, top: float, foot: float) -> Mesh:
    """The dark gap around a leaf, a strip before the wall."""
    return surround(width, top, foot, ((0.0, DEEP_M), (GAP_M, DEEP_M)), index["plastic/dark"])


def _stop(index: dict[str, int], width: float, top: float) -> Mesh:
    """The stop that a leaf would shut against."""
    profile = ((-0.012, 0.0), (-0.012, DEEP_M - 0.002), (-0.009, DEEP_M), (0.0, DEEP_M))
    return surround(width, top, 0.0, profile, index["trim"])
