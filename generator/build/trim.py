"""Base trim: a thin painted board along the feet of walls, mitred at corners."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import CELL_M
from .arrangement import Arrangement
from .fixtures import rectangles
from .level import Mesh, joined
from .shell import Quads

TRIM_HEIGHT_M = 0.09
TRIM_DEPTH_M = 0.012
STOCK_M = 4 * CELL_M
"""Boards are cut at every such line of the world: 4.88 m, the usual stock of 16 ft."""


def base_trim(plan: Arrangement, quads: Quads, wears: NDArray[np.bool_], material: int) -> Mesh:
    """Fronts and upper ledges of the boards. wears (Q,): which quads have one; only those on the floor may."""
    foot = np.flatnonzero(quads.z[:, 0] == 0.0)
    a, b = quads.end[foot], quads.start[foot]  # walked so that the room lies to the left
    after = _followers(plan.node, a, b)
    way = plan.node[b] - plan.node[a]
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    bevel = _mitre(way, way[after])
    before = np.arange(len(after))
    before[after] = np.arange(len(after))
    p, q = plan.node[a], plan.node[b]
    front0, front1 = p + TRIM_DEPTH_M * bevel[before], q + TRIM_DEPTH_M * bevel
    worn = wears[foot]
    straight = ((way * way[after]).sum(axis=1) > 1 - 1e-9) & (after != np.arange(len(after)))
    last = _board_ends(worn & worn[after] & straight & ~_on_cut(q, way), after)
    first = np.flatnonzero(worn & (last >= 0))
    end = last[first]
    return _boards(p[first], q[end], front0[first], front1[end], material)


def _on_cut(place: NDArray[np.float64], way: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(E,) whether a board that runs along ``way`` is cut at ``place``."""
    lines = place / STOCK_M
    on_line = np.abs(lines - np.round(lines)) * STOCK_M < 1e-4
    return np.any(on_line & (np.abs(way) > 0.5), axis=1)


def _board_ends(goes_on: NDArray[np.bool_], after: NDArray[np.int64]) -> NDArray[np.int64]:
    """(E,) the last edge of the board that starts at each edge, -1 where none starts."""
    starts = np.ones(len(after), bool)
    starts[after[goes_on]] = False
    head = np.flatnonzero(starts)
    end = head.copy()
    while goes_on[end].any():
        end = np.where(goes_on[end], after[end], end)
    last = np.full(len(after), -1)
    last[head] = end
    return last


def _followers(node: NDArray[np.float64], a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """(E,) index of the edge that follows each edge a → b around its room; itself where the region's border ends it."""
    order = np.argsort(a, kind="stable")
    first = np.searchsorted(a[order], b, side="left")
    count = np.searchsorted(a[order], b, side="right") - first
    after = np.where(count > 0, order[np.minimum(first, len(order) - 1)], np.arange(len(order)))
    for k in np.flatnonzero(count > 1):  # two corners that touch: turn as far to the left as the room allows
        options = order[first[k] : first[k] + count[k]]
        back = node[a[k]] - node[b[k]]
        ahead = node[b[options]] - node[a[options]]
        angle = np.arctan2(back[0] * ahead[:, 1] - back[1] * ahead[:, 0], ahead @ back)
        after[k] = options[np.argmin(-angle % (2 * np.pi))]
    return after


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
