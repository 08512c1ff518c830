"""Bodies of what holds pipes and sits on them: struts, arms, sleeves, joints, flanges, valves, labels.

What is on a wall has the wall at y = 0, its foot or the pipe's height at z = 0; what is on a pipe has the pipe's middle
along x, and is seen from low y.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ....geometry.kit import Index
from ....geometry.level import Mesh, joined, moved, placed
from ....geometry.panels import panels
from ....geometry.pipes import sides_for
from ....geometry.rounded import tube
from ....geometry.shapes import box, turned
from ....geometry.smooth import smoothed
from ....plan.floorplan import MODULE_M
from ..pipes.fittings import STATION
from ..pipes.lines import BY_NAME, TRAY, TRAY_HALF_M, Line, label_size
from ..surfaces.labels import SIZES, label_name

STRUT_M = 0.041
"""Side of a strut. Source: makers' sheets of metal framing channel, 1 5/8 in."""
STRUTS = ((1.98, 2.9), (0.0, 0.7), (0.0, 1.2), (0.0, 1.75), (0.0, 2.25), (0.0, 2.9))
"""From where to where struts reach: over doorways and grilles, where nothing is held under them, else off the floor."""
ALONG = np.array([[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]], float)
"""Lays along x what stands along z."""
OUT = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], float)
"""Turns to low y, off a wall, what stands along z."""


def strut(ends: tuple[float, float], index: Index) -> Mesh:
    """A length of channel bolted to the wall, slotted side out."""
    half, (foot, high) = STRUT_M / 2, ends
    low, top = (-half, -STRUT_M, max(foot, 0.06)), (half, 0.0, high)
    return joined([box(low, top, index["zinc"], "yY"), box(low, top, index["channel"], "xXYzZ")])


def arm(line: Line, index: Index) -> Mesh:
    """An arm under a line, and the bolt that is bent over it; a clip about conduit, a flat bar under a tray."""
    r, y = line.radius, -line.before
    if line is TRAY:
        reach = y - TRAY_HALF_M - 0.02
        bar = box((-STRUT_M / 2, reach, -r - 0.016), (STRUT_M / 2, 0.0, -r), index["zinc"], "Y")
        return joined([bar, box((-0.06, -0.008, -r - 0.05), (0.06, 0.0, r + 0.03), index["zinc"], "Y")])
    if line.outside < 0.05:
        clip = box((-0.012, y - r - 0.003, -r - 0.003), (0.012, y + r + 0.003, r + 0.003), index["zinc"], "Y")
        return joined([clip, box((-0.010, y + r, -0.010), (0.010, 0.0, 0.010), index["zinc"], "yY")])
    parts = [box((-STRUT_M / 2, y - r - 0.03, -r - STRUT_M), (STRUT_M / 2, 0.0, -r), index["zinc"], "Y")]
    turn = np.linspace(0.0, np.pi, 6)
    over = np.column_stack([0 * turn, y + (r + 0.004) * np.cos(turn), (r + 0.004) * np.sin(turn)])
    feet = [[[0.0, end[1], -r - 0.02]] for end in (over[0], over[-1])]
    parts.append(tube(np.concatenate([feet[0], over, feet[1]]), 0.005, 3, index["iron"]))
    return joined(parts)


def reach(line: Line, index: Index) -> Mesh:
    """The room that a line takes from walkers between two stations; it is never drawn."""
    half = STATION * MODULE_M / 2
    return box((-half, -line.before - line.radius, -line.radius), (half, 0.0, line.radius), index["iron"])


def sleeve(line: Line, index: Index) -> Mesh:
    """The collar about a line that goes into a wall."""
    r = line.radius
    if line is TRAY:
        x, z = TRAY_HALF_M, TRAY.radius
        frame = [box((-x - 0.04, -0.012, side * (z + 0.02) - 0.02), (x + 0.04, 0.0, side * (z + 0.02) + 0.02),
                     index["iron"], "Y") for side in (-1, 1)]  # fmt: skip
        return joined([*frame, box((-x - 0.04, -0.004, -z), (x + 0.04, 0.0, z), index["letter/black"], "Y")])
    profile = [(r + 0.045, 0.0), (r + 0.045, 0.010), (r + 0.012, 0.014), (r + 0.002, 0.03)]
    return placed(turned(profile, 12, index["iron"], ""), OUT)


def joint(line: Line, index: Index) -> Mesh:
    """Where two lengths of a line meet: a band of aluminium over lagging, a grooved coupling, a hub of cast iron."""
    r = line.radius
    if line is TRAY:
        near = box((-0.06, -TRAY_HALF_M - 0.003, 0.01 - r), (0.06, -TRAY_HALF_M, r - 0.01), index["zinc"], "Y")
        far = box((-0.06, TRAY_HALF_M, 0.01 - r), (0.06, TRAY_HALF_M + 0.003, r - 0.01), index["zinc"], "y")
        return joined([near, far])
    if line.lagging:
        return placed(turned([(r + 0.002, -0.012), (r + 0.002, 0.012)], 12, index["aluminium"], ""), ALONG)
    proud, half = (0.028, 0.07) if line.name == "sewage" else (0.016, 0.03) if line.outside > 0.05 else (0.005, 0.025)
    profile = [(r, -half), (r + proud, -half + 0.008), (r + proud, half - 0.008), (r, half)]
    return placed(turned(profile, sides_for(r), index[line.coat], ""), ALONG)


def flanges(line: Line, index: Index) -> Mesh:
    """Two flanges and their bolts. Source of the sizes: ASME B16.5, class 150, rounded."""
    r, thick = line.outside / 2, 0.022
    wide = r + 0.052
    parts = [
        placed(turned([(r, at), (wide, at), (wide, at + thick), (r, at + thick)], 16, index["iron"], ""), ALONG)
        for at in (-thick - 0.001, 0.001)
    ]
    for turn in 2 * np.pi * (np.arange(8) + 0.5) / 8:
        bolt = turned([(0.010, -0.04), (0.010, 0.04)], 6, index["iron"], "zZ")
        place = ALONG.copy()
        place[1:3, 3] = (r + 0.030) * np.cos(turn), (r + 0.030) * np.sin(turn)
        parts.append(placed(bolt, place))
    return joined(parts)


def valve(line: Line, index: Index) -> Mesh:
    """A gate valve between two flanges, its bonnet and wheel out to who turns it."""
    r = line.outside / 2
    wide, half = r + 0.05, 1.35 * r + 0.06
    paint = index["paint/red" if line.name == "fire" else "iron"]
    body = [(r, -half), (wide, -half), (wide, -half + 0.022), (r + 0.008, -half + 0.022), (1.35 * r + 0.012, 0.0),
            (r + 0.008, half - 0.022), (wide, half - 0.022), (wide, half), (r, half)]  # fmt: skip
    parts = [placed(turned(body, 16, paint, ""), ALONG)]
    neck, stem, reach = 0.75 * r + 0.012, 0.011, 2.2 * r + 0.09
    bonnet = [(neck, 0.8 * r), (neck, 1.3 * r + 0.02), (neck + 0.02, 1.3 * r + 0.02), (neck + 0.02, 1.3 * r + 0.05),
              (0.5 * neck, 1.7 * r + 0.06), (stem, 1.8 * r + 0.07), (stem, reach + 0.06)]  # fmt: skip
    parts.append(placed(turned(bonnet, 12, paint, "Z"), OUT))
    wheel, turn = 0.9 * r + 0.045, 2 * np.pi * np.arange(16) / 16
    ring = np.column_stack([wheel * np.cos(turn), np.full(16, -reach), wheel * np.sin(turn)])
    parts.append(tube(ring, 0.008, 6, index["paint/red"], closed=True))
    for k in range(3):
        tip = ring[[0, 5, 11][k]]
        parts.append(tube(np.array([[0.0, -reach, 0.0], tip]), 0.006, 4, index["paint/red"]))
    return joined(parts)


def trap(line: Line, index: Index) -> Mesh:
    """What drains a steam main: a tee under it, a valve, a steam trap, and on into the condensate line below."""
    del line
    iron, (steam, below) = index["iron"], (BY_NAME["steam"], BY_NAME["condensate"])
    drop, back = steam.heights["main"] - below.heights["main"], steam.before - below.before
    path = [[0.0, 0.0, -0.9 * steam.radius], [0.0, 0.0, -0.285], [0.0, 0.0, -0.31], [0.0, back, -drop + 0.02]]
    body = [(0.021, -0.02), (0.034, -0.012), (0.034, 0.03), (0.021, 0.038)]
    parts = [tube(np.array(path), 0.0133, 8, index["rust"])]
    parts.append(placed(turned(body, 10, iron, ""), moved((0.0, 0.0, -0.225))))
    parts.append(placed(turned([(0.03, 0.0), (0.03, 0.006)], 12, index["paint/red"], "zZ"), _at_front(-0.06, -0.21)))
    parts.append(placed(turned([(0.006, 0.0), (0.006, 0.06)], 6, iron, ""), _at_front(-0.0, -0.21)))
    saddle = [(steam.radius + 0.001, -0.05), (steam.radius + 0.004, -0.045), (steam.radius + 0.004, 0.045),
              (steam.radius + 0.001, 0.05)]  # fmt: skip
    parts.append(placed(turned(saddle, 12, index["aluminium"], ""), ALONG))
    return joined(parts)


def hydrant(line: Line, index: Index) -> Mesh:
    """A branch of the fire line: a tee, an angle valve with its wheel, a capped outlet for a hose."""
    r, red = line.outside / 2, index["paint/red"]
    tee = [(r, -0.10), (r + 0.014, -0.095), (r + 0.014, 0.095), (r, 0.10)]
    neck = [(0.034, 0.6 * r), (0.034, r + 0.07), (0.048, r + 0.075), (0.048, r + 0.13), (0.030, r + 0.14)]
    outlet = [(0.034, 0.0), (0.034, 0.09), (0.044, 0.095), (0.044, 0.125)]
    spindle = [(0.010, r + 0.13), (0.010, r + 0.21)]
    wheel, turn = 0.06, 2 * np.pi * np.arange(12) / 12
    ring = np.column_stack([wheel * np.cos(turn), np.full(12, -r - 0.21), wheel * np.sin(turn)])
    down = np.array([[1, 0, 0, 0], [0, -1, 0, -r - 0.10], [0, 0, -1, 0], [0, 0, 0, 1]], float)
    return joined([
        placed(turned(tee, 12, red, ""), ALONG), placed(turned(neck, 12, red, ""), OUT),
        placed(turned(outlet, 12, index["iron"], "Z"), down), placed(turned(spindle, 6, index["iron"], "Z"), OUT),
        tube(ring, 0.007, 5, red, closed=True),
        *(tube(np.array([ring[k], ring[k + 6]]), 0.005, 3, red) for k in (0, 3)),
    ])  # fmt: skip


def gauge(line: Line, index: Index) -> Mesh:
    """A pressure gauge on its cock, on top of a line."""
    r = line.outside / 2
    stem = turned([(0.007, 0.9 * r), (0.007, r + 0.10)], 6, index["iron"], "")
    case = placed(turned([(0.05, 0.0), (0.05, 0.035)], 14, index["iron"], "Z"), _at_front(0.02, r + 0.145))
    face = placed(turned([(0.044, 0.0355), (0.044, 0.036)], 14, index["letter/white"], "Z"), _at_front(0.02, r + 0.145))
    hand = box((-0.002, -0.0175, r + 0.13), (0.002, -0.0170, r + 0.18), index["letter/black"], "YxXzZ")
    return joined([stem, case, face, hand])


def open_end(line: Line, index: Index) -> Mesh:
    """Where a line was sawn off and left: the edge of its steel, dark inside; x points out of it."""
    r = line.radius
    rim = placed(turned([(r, -0.001), (0.88 * r, 0.0)], 12, index["rust"], ""), ALONG)
    dark = placed(turned([(0.88 * r, -0.02), (0.88 * r, -0.01)], 12, index["letter/black"], "Z"), ALONG)
    return joined([rim, dark])


def _at_front(y: float, z: float) -> NDArray[np.float64]:
    """Turns to low y what stands along z, from a place before the pipe's middle."""
    return moved((0.0, y, z)) @ OUT


def label(line: Line, index: Index) -> Mesh:
    """A label about the side of a line that is seen."""
    long, wide, _ = SIZES[label_size(line)]
    r = line.radius + 0.002
    return smoothed(_bowed(r, long, wide, index[label_name(line.label[0], label_size(line))]), np.pi / 3)


def _bowed(radius: float, long: float, wide: float, material: int) -> Mesh:
    """A sheet ``long`` along x, ``wide`` about a pipe, a little below its middle, where it can be read from."""
    turn = np.linspace(-wide / 2, wide / 2, 8) / radius - 0.15
    low = np.column_stack([np.full(8, -long / 2), -radius * np.cos(turn), radius * np.sin(turn)])
    high = low + np.array([long, 0.0, 0.0])
    mesh = panels([
        ([a, b, d, c], material) for (a, b), (c, d) in pairwise(zip(low, high, strict=True))
    ])  # fmt: skip
    return Mesh(**{**vars(mesh), "uv": _uv(long, wide)})


def _uv(long: float, wide: float) -> NDArray[np.float32]:
    up = np.linspace(0.0, wide, 8)
    return np.array([c for a, b in pairwise(up) for c in ((0, a), (long, a), (long, b), (0, b))], np.float32)
