"""Base trim: a thin painted board along the feet of walls, mitred at corners."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import CELL_M
from .arrangement import Arrangement
from .feet import feet, last_of_chain
from .fixtures import rectangles
from .level import Mesh, joined
from .shell import Quads

TRIM_HEIGHT_M = 0.09
TRIM_DEPTH_M = 0.012
STOCK_M = 4 * CELL_M
"""Boards are cut at every such line of the world: 4.88 m, the usual stock of 16 ft."""


def base_trim(plan: Arrangement, quads: Quads, wears: NDArray[np.bool_], material: int) -> Mesh:
    """Fronts and upper ledges of the boards. wears (Q,): which quads have one; only those on the floor may."""
    foot = feet(plan, quads)
    way, after = foot.way, foot.after
    bevel = _mitre(way, way[after])
    before = np.arange(len(after))
    before[after] = np.arange(len(after))
    front0, front1 = foot.start + TRIM_DEPTH_M * bevel[before], foot.end + TRIM_DEPTH_M * bevel
    worn = wears[foot.quad]
    last = last_of_chain(worn & worn[after] & foot.straight & ~_on_cut(foot.end, way), after)
    first = np.flatnonzero(worn & (last >= 0))
    end = last[first]
    return _boards(foot.start[first], foot.end[end], front0[first], front1[end], material)


def _on_cut(place: NDArray[np.float64], way: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(E,) whether a board that runs along ``way`` is cut at ``place``."""
    lines = place / STOCK_M
    on_line = np.abs(lines - np.round(lines)) * STOCK_M < 1e-4
    return np.any(on_line & (np.abs(way) > 0.5), axis=1)


def _mitre(way: NDArray[np.float64], onward: NDArray[np.float64]) -> NDArray[np.float64]:
    """(E, 2) where the front's corner lies, per metre of depth, between an edge and the next."""
    left = np.stack([-way[:, 1], way[:, 0]], axis=1)
    left2 = np.stack([-onward[:, 1], onward[:, 0]], axis=1)
    return (left + left2) / np.maximum(1.0 + (left * left2).sum(axis=1, keepdims=True), 0.2)


def _boards(p: NDArray, q: NDArray, front0: NDArray, front1: NDArray, material: int) -> Mesh:
    """Front rectangles and ledges of boards from p to q whose fronts run from front0 to front1."""
    n = len(p)
    floor = np.zeros((n, 1))
    rise = np.tile([0.0, 0.0, TRIM_HEIGHT_M], (n, 1))
    kind = np.full(n, material)
    front = rectangles(np.hstack([front1, floor]), np.hstack([front0 - front1, floor]), rise, kind)
    along = q - p
    ledge = rectangles(
        np.hstack([p, floor + TRIM_HEIGHT_M]), np.hstack([along, floor]), np.hstack([front0 - p, floor]), kind
    )
    corners = np.stack([p, q, front1, front0], axis=1).reshape(-1, 2)
    vertices = np.column_stack([corners, np.full(len(corners), TRIM_HEIGHT_M)])
    up = np.tile(np.array([0, 0, 1], np.float32), (n, 1))
    ledge = replace(ledge, vertices=vertices, normals=np.repeat(up, 4, axis=0), chart_normal=up)
    return joined([front, ledge])
