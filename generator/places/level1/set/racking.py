"""Bodies of what a warehouse keeps: frames and beams of pallet racks, pallets, what stands on them, roller doors."""

from __future__ import annotations

import numpy as np

from ....geometry.kit import Index
from ....geometry.level import Mesh, joined, shadeless
from ....geometry.shapes import bar, box
from ..plan.racks import BAY_M, DEPTH_M, HEIGHTS_M, LEVELS_M, LOAD_M, PALLET_M
from ..plan.uses import Use

POST_M = (0.076, 0.070)
"""Width along the row and depth of a rack's posts."""
BEAM_M = (0.115, 0.050)
"""Height and thickness of a rack's beams."""
ROLLER_M = (3.05, 3.66)
"""Clear width and height of a roller door, 10 ft × 12 ft."""


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
