"""Bodies of what a warehouse keeps: frames and beams of pallet racks, pallets, what stands on them, roller doors."""

from __future__ import annotations

import numpy as np

from ....geometry.kit import Index
from ....geometry.level import Mesh, joined, moved, placed, shadeless
from ....geometry.rounded import bevelled
from ....geometry.shapes import bar, box, turned
from ..plan.docks import ROLLER_M
from ..plan.racks import BAY_M, DEPTH_M, HEIGHTS_M, LEVELS_M, LOAD_M, PALLET_M
from ..plan.uses import Use

POST_M = (0.076, 0.070)
"""Width along the row and depth of a rack's posts."""
BEAM_M = (0.115, 0.050)
"""Height and thickness of a rack's beams."""
LEVELLER_M = (1.98, 2.44)
"""Width and length of a dock leveller, 6 ft 6 in by 8 ft. Source: makers' sheets of hydraulic levellers."""


def frame(use: Use):
    """Give what makes an upright frame for a hall's levels, its row along x."""
    high = LEVELS_M[use][-1] + 0.35

    def mesh(index: Index) -> Mesh:
        steel, foot = index["rack/upright"], index["iron"]
        w, d = POST_M
        posts, y = [], DEPTH_M / 2
        for side in (-1, 1):
            y0, y1 = sorted((side * y, side * (y - d)))
            posts.append(box((-w / 2, y0, 0.008), (w / 2, y1, high), steel, "z"))
            posts.append(box((-0.08, y0 - 0.03, 0.0), (0.08, y1 + 0.03, 0.008), foot, "z"))
        inner, step = y - d / 2, 1.15
        rungs = np.arange(0.2, high - 0.2, step)
        braces = [bar((0.0, -inner, z), (0.0, inner, z), 0.032, steel) for z in rungs]
        slopes = [
            bar((0.0, -inner * s, z), (0.0, inner * s, z + step), 0.032, steel)
            for s, z in zip((1, -1) * len(rungs), rungs[:-1], strict=False)
        ]
        thin = joined([*braces, *slopes])
        return joined([*posts, shadeless(thin, np.abs(thin.chart_normal[:, 0]) < 0.5)])

    return mesh


def beams(index: Index) -> Mesh:
    """A pair of beams, their tops at z = 0, from upright to upright along x, with the connectors at their ends."""
    half, y = (BAY_M - POST_M[0]) / 2, DEPTH_M / 2
    high, thick = BEAM_M
    parts = []
    for side in (-1, 1):
        y0, y1 = sorted((side * (y - 0.01), side * (y - 0.01 - thick)))
        parts.append(box((-half, y0, -high), (half, y1, 0.0), index["rack/beam"], "xX"))
        for end in (-1, 1):
            x0, x1 = sorted((end * half, end * (half - 0.006)))
            out = sorted((side * (y + 0.004), side * (y - 0.01)))
            connector = box((x0 - 0.02, out[0], -0.19), (x1 + 0.02, out[1], 0.03), index["rack/beam"], "z")
            parts.append(shadeless(connector))  # it lies in the shadow of beam and post
    return joined(parts)


def pallet(index: Index) -> Mesh:
    """A pallet of two-way stringers, its boards across x; the tops of its boards and its stringers throw its shadow."""
    long, deep, high = PALLET_M
    wood = index["wood"]
    boards = [x - long / 2 for x in np.linspace(0.05, long - 0.05, 7)]
    feet = [box((x - 0.045, -deep / 2, 0.0), (x + 0.045, deep / 2, 0.016), wood, "z") for x in boards[::3]]
    parts = [shadeless(foot) for foot in feet]
    for x in boards:
        corners = (x - 0.045, -deep / 2, high - 0.017), (x + 0.045, deep / 2, high)
        parts += [box(*corners, wood, "xXyYz"), shadeless(box(*corners, wood, "Z"))]
    for y in (-deep / 2 + 0.02, 0.0, deep / 2 - 0.02):
        parts.append(box((-long / 2, y - 0.019, 0.016), (long / 2, y + 0.019, high - 0.017), wood, "zZ"))
    return joined(parts)


def load(course: int, wrapped: bool):
    """Give what makes a load of so many courses of cartons, on its pallet's boards."""

    def mesh(index: Index) -> Mesh:
        x, y = LOAD_M[0] / 2, LOAD_M[1] / 2
        material = index["wrap" if wrapped else "carton"]
        return box((-x, -y, 0.0), (x, y, HEIGHTS_M[course]), material, "z")

    return mesh


def load_name(course: int, wrapped: bool) -> str:
    """Name a kind of load."""
    return f"{'wrapped' if wrapped else 'cartons'}_{course + 2}"


def roller_door(index: Index) -> Mesh:
    """A roller door that is down: guides, its slats, the hood over it, a bar at its foot."""
    (wide, high), steel = ROLLER_M, index["zinc"]
    half, guide = wide / 2, 0.10
    parts = [
        box((-half - guide, -0.07, 0.0), (-half, 0.0, high), steel, "Yz"),
        box((half, -0.07, 0.0), (half + guide, 0.0, high), steel, "Yz"),
        box((-half, -0.03, 0.05), (half, 0.0, high), index["roller"], "YxXzZ"),
        box((-half, -0.05, 0.0), (half, 0.0, 0.07), index["iron"], "Yz"),
        box((-half - 0.16, -0.46, high), (half + 0.16, 0.0, high + 0.48), index["enamel"], "Y"),
    ]
    return joined(parts)


def dock_gear(index: Index) -> Mesh:
    """What is on the wall beside a dock's door: rubber bumpers at the feet of its guides, a box of buttons with its
    conduit, a lamp on an arm that is turned away."""
    side, rubber, grey, zinc = ROLLER_M[0] / 2 + 0.10, index["sealant"], index["plant/grey"], index["zinc"]
    parts = [box((x - 0.13, -0.16, 0.02), (x + 0.13, 0.0, 0.53), rubber, "Y") for x in (-side - 0.13, side + 0.13)]
    x = side + 0.40
    parts.append(bevelled((x - 0.11, -0.13, 1.18), (x + 0.11, 0.0, 1.60), grey, "Y", 0.006))
    parts += [box((x - 0.03, -0.15, z), (x + 0.03, -0.13, z + 0.06), index[name], "Y")
              for z, name in ((1.25, "plant/red"), (1.36, "sealant"), (1.47, "sealant"))]  # fmt: skip
    parts.append(shadeless(bar((x, -0.03, 1.60), (x, -0.03, 4.4), 0.024, zinc)))
    y = -side - 0.45
    parts.append(box((y - 0.05, -0.08, 2.50), (y + 0.05, 0.0, 2.72), grey, "Y"))
    parts.append(shadeless(bar((y, -0.08, 2.61), (y - 0.25, -0.75, 2.66), 0.035, grey)))
    parts.append(_lamp_head(index, (y - 0.27, -0.80, 2.62)))
    return joined(parts)


def _lamp_head(index: Index, at: tuple[float, float, float]) -> Mesh:
    """The dead head of a dock lamp, which looks down, about its middle."""
    head = turned([(0.05, 0.14), (0.06, 0.10), (0.105, 0.0), (0.095, 0.0), (0.05, 0.06)], 12, index["plant/grey"], "")
    return placed(head, moved(at))


def leveller(index: Index) -> Mesh:
    """A dock leveller in the floor before a wall: its plate, its lip folded down at the wall, a curb of angle steel,
    painted sides."""
    half, long = LEVELLER_M[0] / 2, LEVELLER_M[1]
    steel, dark, yellow = index["tread"], index["sealant"], index["band/yellow"]
    over = 0.006
    return joined([
        shadeless(box((-half - 0.045, -long - 0.13, -0.002), (half + 0.045, -0.02, 0.002), dark, "z")),
        shadeless(box((-half, -long - 0.08, 0.0), (half, -0.42, over), steel, "z")),
        shadeless(box((-half + 0.06, -0.40, 0.0), (half - 0.06, -0.05, over), steel, "z")),
        *(shadeless(box((s - 0.05, -long - 0.13, 0.0), (s + 0.05, -0.02, 0.004), yellow, "z"))
          for s in (-half - 0.10, half + 0.10)),
    ])  # fmt: skip
