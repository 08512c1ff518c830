"""Bodies of what stands in chambers and at ends: pumps, switchgear, tanks, ladders. Each about its place on the floor,
seen from low y; what leads up ends in the ceiling of a chamber."""

from __future__ import annotations

import numpy as np

from ....geometry.kit import Index
from ....geometry.level import Mesh, joined, moved, placed
from ....geometry.rounded import bevelled, filleted, tube
from ....geometry.shapes import box, turned
from ..plan.tunnels import CHAMBER_HIGH, LADDERS
from ..plan.twins import BROAD, HEAD, SILL
from .fittings import ALONG, OUT

SUMP_M = (0.6, 0.45)
"""Half length and breadth of a sump's opening."""
TOP_M = CHAMBER_HIGH * 1e-4 + 0.05
RUNG_M, RAILS_M = 0.305, 0.41
"""From rung to rung, and between the rails. Source: OSHA 1910.27 (1974): 12 in and at least 16 in."""


def _along(profile: list[tuple[float, float]], sides: int, material: int, at: tuple[float, float, float]) -> Mesh:
    """A body of revolution that lies along x about a place."""
    return placed(turned(profile, sides, material, "zZ"), moved(at) @ ALONG)


def pump(index: Index) -> Mesh:
    """A pump and its motor on a plinth, its delivery up into the ceiling, its suction out of the floor."""
    iron, green = index["iron"], index["paint/green"]
    z = 0.47
    ribs = [(0.150 + 0.014 * (k % 2), -0.52 + 0.028 * k) for k in range(15)]
    motor = [(0.10, -0.60), (0.145, -0.585), (0.150, -0.525), *ribs, (0.12, -0.10), (0.05, -0.09)]
    volute = [(0.06, 0.16), (0.20, 0.17), (0.235, 0.20), (0.235, 0.30), (0.20, 0.33), (0.09, 0.34)]
    parts = [
        box((-0.72, -0.32, 0.0), (0.72, 0.32, 0.16), index["plinth"], "z"),
        bevelled((-0.66, -0.20, 0.16), (0.46, 0.20, 0.24), index["cast_grey"], "z", 0.006),
        _along(motor, 14, index["paint/blue"], (0.0, 0.0, z)),
        _along([(0.03, -0.10), (0.03, 0.17)], 8, iron, (0.0, 0.0, z)),
        _along(volute, 16, green, (0.0, 0.0, z)),
        box((-0.48, -0.16, 0.24), (-0.14, 0.16, z - 0.10), index["cast_grey"], "z"),
        box((0.19, -0.12, 0.24), (0.31, 0.12, z - 0.15), index["cast_grey"], "z"),
        bevelled((-0.36, -0.24, z + 0.02), (-0.20, -0.14, z + 0.18), index["cast_grey"], "Y"),
        tube(np.array([[0.25, 0.12, z], [0.25, 0.12, TOP_M]]), 0.057, 10, green),
        tube(filleted([[0.34, 0.0, z], [0.62, 0.0, z], [0.62, 0.0, -0.02]], 0.13), 0.057, 10, green),
        placed(turned([(0.11, 0.0), (0.11, 0.05)], 14, iron, "zZ"), moved((0.25, 0.12, 1.05))),
        placed(turned([(0.11, 0.0), (0.11, 0.05)], 14, iron, "zZ"), moved((0.25, 0.12, 1.45))),
        placed(turned([(0.085, 0.0), (0.115, 0.15), (0.085, 0.35)], 14, iron, ""), moved((0.25, 0.12, 1.10))),
    ]
    return joined(parts)


def switchgear(index: Index) -> Mesh:
    """Two cabinets of switchgear on a channel, one door not quite shut, and the conduits that feed them."""
    grey, iron, zinc = index["cabinet"], index["iron"], index["zinc"]
    parts = [box((-0.84, -0.25, 0.0), (0.84, 0.27, 0.08), iron, "z")]
    for left, ajar in ((-0.82, 0.0), (0.01, 0.09)):
        parts.append(bevelled((left, -0.24, 0.08), (left + 0.81, 0.26, 2.08), grey, "z", 0.006))
        door = bevelled((0.02, -0.022, 0.12), (0.79, 0.0, 2.04), grey, "Y", 0.004)
        turn = moved((left, -0.242, 0.0))
        c, s = np.cos(ajar), np.sin(ajar)
        turn[:2, :2] = [[c, s], [-s, c]]
        parts.append(placed(door, turn))
        for k in range(5):
            z = 0.32 + 0.035 * k
            parts.append(placed(box((0.2, -0.026, z), (0.6, -0.021, z + 0.014), iron, "Y"), turn))
        parts.append(placed(box((0.70, -0.05, 1.02), (0.73, -0.022, 1.20), iron, "Y"), turn))
        parts.append(placed(box((0.26, -0.024, 1.62), (0.54, -0.022, 1.80), index["letter/black"], "Y"), turn))
        parts += [tube(np.array([[left + x, 0.10, 2.06], [left + x, 0.10, TOP_M]]), 0.021, 8, zinc) for x in (0.2, 0.6)]
    return joined(parts)


def tank(index: Index) -> Mesh:
    """An upright tank on four legs, its seams banded, a gauge, and a line out of its head into the ceiling."""
    shell = [(0.10, 0.42), (0.40, 0.47), (0.52, 0.58), (0.54, 0.72), (0.54, 2.20), (0.52, 2.34), (0.40, 2.45),
             (0.10, 2.52)]  # fmt: skip
    parts = [turned(shell, 20, index["lagging"], "zZ")]
    parts += [turned([(0.546, z), (0.546, z + 0.03)], 20, index["aluminium"], "") for z in (0.80, 1.45, 2.10)]
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        at = 0.34 * x, 0.34 * y
        parts.append(box((at[0] - 0.03, at[1] - 0.03, 0.0), (at[0] + 0.03, at[1] + 0.03, 0.62), index["iron"], "zZ"))
        parts.append(box((at[0] - 0.08, at[1] - 0.08, 0.0), (at[0] + 0.08, at[1] + 0.08, 0.012), index["iron"], "z"))
    gauge = placed(turned([(0.055, 0.0), (0.055, 0.03)], 14, index["aluminium"], "zZ"), moved((0.0, -0.60, 1.62)) @ OUT)
    parts += [gauge, tube(np.array([[0.0, -0.60, 1.62], [0.0, -0.52, 1.62]]), 0.01, 6, index["iron"])]
    parts.append(tube(np.array([[0.0, 0.0, 2.50], [0.0, 0.0, TOP_M]]), 0.057, 10, index["rust"]))
    outlet = filleted([[0.0, 0.0, 0.44], [0.0, 0.0, 0.2], [0.0, 0.45, 0.2], [0.0, 0.45, -0.02]], 0.07)
    parts.append(tube(outlet, 0.03, 8,
                      index["rust"]))  # fmt: skip
    return joined(parts)


def grille(index: Index) -> Mesh:
    """A grille in the wall between two tunnels: a frame, upright bars, two flats across. Its sill is at z = 0."""
    half, high = BROAD * 1e-4 / 2, (HEAD - SILL) * 1e-4
    iron, deep = index["rust"], 0.02
    parts = [box((-half, -deep, z), (half, deep, z + 0.035), iron, "xX") for z in (0.0, high - 0.035)]
    parts += [box((x, -deep, 0.035), (x + 0.035, deep, high - 0.035), iron, "zZ") for x in (-half, half - 0.035)]
    bars = np.linspace(-half + 0.035, half - 0.035, 12)[1:-1]
    parts += [box((x - 0.009, -0.009, 0.035), (x + 0.009, 0.009, high - 0.035), iron, "zZ") for x in bars]
    parts += [box((-half, -0.012, z), (half, -0.009, z + 0.03), iron, "xXY") for z in (0.33 * high, 0.67 * high)]
    return joined(parts)


def sump(index: Index) -> Mesh:
    """A sump under its grating: a frame on the floor, bars on edge every 30 mm, cross rods, the dark below."""
    (x, y), rust, iron = SUMP_M, index["rust"], index["iron"]
    parts = [box((-x, -y, 0.0), (x, y, 0.004), index["letter/black"], "zxXyY")]
    parts += [box((-x - 0.04, s - 0.02, 0.0), (x + 0.04, s + 0.02, 0.036), rust, "z") for s in (-y - 0.02, y + 0.02)]
    parts += [box((s - 0.02, -y, 0.0), (s + 0.02, y, 0.036), rust, "zyY") for s in (-x - 0.02, x + 0.02)]
    bars = np.arange(-x + 0.03, x - 0.01, 0.03)
    parts += [box((at - 0.0025, -y, 0.006), (at + 0.0025, y, 0.034), iron, "zyY") for at in bars]
    parts += [box((-x, at - 0.003, 0.028), (x, at + 0.003, 0.034), iron, "zxX") for at in np.arange(-y + 0.1, y, 0.1)]
    return joined(parts)


def ladder(kind: int, index: Index) -> Mesh:
    """A ladder up a shaft: two rails, rungs, and nothing where it ends."""
    high, half = LADDERS[kind] * 1e-4 - 0.06, RAILS_M / 2
    parts = [box((x - 0.006, -0.03, 0.0), (x + 0.006, 0.03, high), index["iron"], "zZ") for x in (-half, half)]
    rungs = np.arange(RUNG_M, high - 0.05, RUNG_M)
    parts += [tube(np.array([[-half, 0.0, z], [half, 0.0, z]]), 0.011, 6, index["iron"]) for z in rungs]
    for z in (0.35, *np.arange(4.2, high - 0.2, 1.5)):
        parts += [box((x - 0.006, 0.03, z), (x + 0.006, 0.16, z + 0.04), index["iron"], "yY") for x in (-half, half)]
    return joined(parts)
