"""A bulkhead lamp: an oval body of cast iron, a jar of glass with a bulb in it, a cage over that."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....geometry.kit import Emitter, Index
from ....geometry.level import Mesh, joined, placed
from ....geometry.rounded import cushion, tube

BODY, RIM = (0.145, 0.088), 0.042
"""Half length and breadth of the body; how far its rim stands off."""
JAR, HIGH = (0.082, 0.047), 0.125
"""Half length and breadth of the jar, and how far its top stands off."""
FLANK = 0.075
"""Where the part of its flanks begins that light comes from: below, the body keeps it from the wall."""
CAGE_OFF_M, CAGE_OVER_M, WIRE_M = 0.016, 0.012, 0.0035
"""How far beside and over the jar its cage is, and the radius of its wires."""
LUMENS, PASSED = 1500.0, 0.68
"""Of a 100 W bulb at half its life; what old glass, dust and cage let through."""
WAYS = {
    "ceiling": np.array([[1, 0, 0], [0, -1, 0], [0, 0, -1]], float),
    "left": np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]], float),
    "right": np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], float),
}
"""How a lamp is turned that looks up by itself: down from the ceiling, or off the wall at high or at low y."""


def _turn(way: str) -> NDArray[np.float64]:
    out = np.eye(4)
    out[:3, :3] = WAYS[way]
    return out


def bulkhead(way: str, index: Index, corners=(), taken=()) -> Mesh:
    """A bulkhead about the middle of its back, its long side along x."""
    body = cushion(BODY, 0.08, ((0.0, 0.0), (0.004, RIM - 0.008), (0.02, RIM)), index["cast_grey"], "Z")
    jar = cushion(JAR, 0.045, ((0.0, RIM), (0.002, 0.085), (0.012, 0.112), (0.030, HIGH)), index["jar"], "Z")
    return placed(joined([body, jar, *_cage(index["iron"])]), _turn(way))


def _cage(material: int) -> list[Mesh]:
    """Three hoops across the jar, one along it, and a ring about it."""
    x, y, top = JAR[0] + CAGE_OFF_M, JAR[1] + CAGE_OFF_M, HIGH + CAGE_OVER_M
    hoops = [[(at, -y, RIM), (at, -y, 0.10), (at, -0.5 * y, top), (at, 0.5 * y, top), (at, y, 0.10), (at, y, RIM)]
             for at in (-0.055, 0.0, 0.055)]  # fmt: skip
    hoops.append([(-x, 0, RIM), (-x, 0, 0.10), (-0.6 * x, 0, top), (0.6 * x, 0, top), (x, 0, 0.10), (x, 0, RIM)])
    turn = 2 * np.pi * np.arange(12) / 12
    ring = np.column_stack([x * np.cos(turn), y * np.sin(turn), np.full(12, 0.085)])
    return [*(tube(hoop, WIRE_M, 4, material) for hoop in hoops), tube(ring, WIRE_M, 4, material, closed=True)]


def emitters(way: str) -> tuple[Emitter, ...]:
    """What the lamp sends out: off the wall, outside its cage, whose shade PASSED has; and to four sides, at the edges
    of its body, which would hide the wall under it."""
    (x, y), high, middle = JAR, (HIGH - FLANK) / 2, (HIGH + FLANK) / 2
    sides = [((0.0, 0.0, HIGH + CAGE_OVER_M + WIRE_M + 0.001), (x, 0.0, 0.0), (0.0, y, 0.0), (0.0, 0.0, 1.0))]
    for sign in (-1.0, 1.0):
        sides.append(((0.0, sign * (BODY[1] + 0.001), middle), (x, 0.0, 0.0), (0.0, 0.0, high), (0.0, sign, 0.0)))
        sides.append(((sign * (BODY[0] + 0.001), 0.0, middle), (0.0, y, 0.0), (0.0, 0.0, high), (sign, 0.0, 0.0)))
    turned = [[tuple((WAYS[way] @ np.array(v)).tolist()) for v in side] for side in sides]
    return tuple(Emitter(center, u, v, normal) for center, u, v, normal in turned)


def luminance(sides: tuple[Emitter, ...]) -> float:
    """cd/m² of some emitters, so that together they give what passes of a bulb's light."""
    area = sum(4.0 * float(np.linalg.norm(e.half_u) * np.linalg.norm(e.half_v)) for e in sides)
    return LUMENS * PASSED / (np.pi * area)
