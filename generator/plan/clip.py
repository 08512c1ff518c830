"""A part of a plan: a rectangle, and solid ground about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .floorplan import CELL_M, Floorplan, SolidKind
from .sight import solid_rings, wall_corners

GROUND_RUN = -(2**62)
"""Identity of the solid ground about a clipped plan: neither the maze's nor a patch's."""


def clipped(plan: Floorplan, low: NDArray[np.float64], high: NDArray[np.float64]) -> Floorplan:
    """A plan that is as it was in a rectangle, low and high (2,) metres, and solid outside: cheap to build.

    The rectangle is widened to whole cells; cells, rooms and district maps stay as they are.
    """
    low = np.maximum(np.floor(low / CELL_M), 0.0) * CELL_M
    high = np.minimum(np.ceil(high / CELL_M) * CELL_M, plan.size_m)
    corners = wall_corners(plan)
    wall = (corners.max(axis=1) > low).all(axis=1) & (corners.min(axis=1) < high).all(axis=1)
    lamp = ((plan.lamp_xy > low) & (plan.lamp_xy < high)).all(axis=1)
    rings = solid_rings(plan)
    near = [(ring.max(axis=0) > low).all() and (ring.min(axis=0) < high).all() for ring in rings]
    solid = np.flatnonzero(near)
    ground = _ground(np.array(plan.size_m), low, high)
    outlines = [rings[k] for k in solid] + ground
    rows = {f"wall_{name}": wall for name in ("xy", "thickness", "z", "kind", "crown", "run")}
    rows |= {f"lamp_{name}": lamp for name in ("xy", "kind", "axis", "z", "state", "id", "kelvin")}
    count = len(ground)
    return replace(
        plan,
        solid_xy=np.concatenate([np.zeros((0, 2)), *outlines]),
        solid_start=np.cumsum([0, *(len(ring) for ring in outlines)]),
        solid_kind=np.concatenate([plan.solid_kind[solid], np.full(count, SolidKind.BLOCK, np.uint8)]),
        solid_z=np.concatenate([plan.solid_z[solid], np.tile([plan.floor_m.min(), plan.ceiling_m.max()], (count, 1))]),
        solid_run=np.concatenate([plan.solid_run[solid], np.full(count, GROUND_RUN)]),
        **{name: getattr(plan, name)[keep] for name, keep in rows.items()},
    )


def _ground(
    size: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """The rectangles (4, 2) that are left of a region of ``size`` about a rectangle."""
    (w, h), (x0, y0), (x1, y1) = size, low, high
    sides = [(0.0, 0.0, w, y0), (0.0, y1, w, h), (0.0, y0, x0, y1), (x1, y0, w, y1)]
    return [np.array([[a, b], [c, b], [c, d], [a, d]]) for a, b, c, d in sides if c - a > 0.0 and d - b > 0.0]
