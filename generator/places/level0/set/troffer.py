"""The lay-in ceiling's T-bars, and the troffers that lie in it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ....geometry.level import Mesh
from ....geometry.panels import Boxes, Panel, Sides, frame_panels, panels
from ....plan.floorplan import MODULE_M

FLANGE_M = 0.024
"""Visible frame of a recessed troffer within its module; the T-bar that carries it covers half of it."""
TEE_M, TEE_DROP_M = 0.024, 0.006
"""Face of an exposed T-bar, centred on the module's line, and how far it hangs below the tiles."""
RECESS_M = 0.012
"""Depth of the lens above the ceiling's plane."""
LENS_HALF_M = (MODULE_M - FLANGE_M, MODULE_M / 2 - FLANGE_M)
"""Half length and half width of the lens."""


def tees(half: ArrayLike, steel: int) -> Mesh:
    """The T-bars around a module of ``half`` size in x and y: faces mitred at the corners, outer and inner edges."""
    return panels(_mitred_tees(half, steel))


def _mitred_tees(half: ArrayLike, steel: int) -> list[Panel]:
    signs = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], dtype=float)
    middle, drop = signs * [*np.asarray(half), 0], np.array([0.0, 0.0, -TEE_DROP_M])
    outer, inner = middle + signs * TEE_M / 2, middle - signs * TEE_M / 2
    parts: list[Panel] = []
    for k in range(4):
        n = (k + 1) % 4
        parts.append(([inner[k] + drop, inner[n] + drop, outer[n] + drop, outer[k] + drop], steel))
        parts.append(([outer[k] + drop, outer[n] + drop, outer[n], outer[k]], steel))
        parts.append(([inner[n] + drop, inner[k] + drop, inner[k], inner[n]], steel))
    return parts


def _shared_tees(half: ArrayLike, steel: int, taken: Boxes) -> list[Panel]:
    """T-bars around a module beside others: cut along all edges; ``taken`` is theirs but for the module."""
    x, y = np.asarray(half)
    wide, boxes = TEE_M / 2, np.asarray(taken, dtype=float)
    lines = []
    for axis, reach in enumerate((x, y)):
        own = reach + np.array([-wide, 0.0, wide])
        met = np.clip(boxes[:, axis::2].ravel(), -reach - wide, reach + wide)
        lines.append(np.unique(np.round(np.concatenate([own, -own, met]), 6)))
    at = np.stack(np.meshgrid(*[(line[1:] + line[:-1]) / 2 for line in lines], indexing="ij"), axis=-1)
    inside, module = (np.abs(at) < [x - wide, y - wide]).all(axis=-1), (np.abs(at) < [x, y]).all(axis=-1)
    theirs = ~module & ((at[:, :, None] > boxes[:, :2]) & (at[:, :, None] < boxes[:, 2:])).all(axis=-1).any(axis=-1)
    ours = ~inside & ~theirs
    empty = np.pad(inside, 1, constant_values=True)
    parts: list[Panel] = []

    def edge(x0: float, y0: float, x1: float, y1: float) -> None:
        """An upright edge, seen with its start on the left."""
        parts.append(([(x0, y0, -TEE_DROP_M), (x1, y1, -TEE_DROP_M), (x1, y1, 0.0), (x0, y0, 0.0)], steel))

    xs, ys = lines
    for j, (y0, y1) in enumerate(pairwise(ys)):
        for a, b in _runs(ours[:, j]):
            face = [(xs[a], y1), (xs[b], y1), (xs[b], y0), (xs[a], y0)]
            parts.append(([(x, y, -TEE_DROP_M) for x, y in face], steel))
        for a, b in _runs(ours[:, j] & empty[1:-1, j]):
            edge(xs[a], y0, xs[b], y0)
        for a, b in _runs(ours[:, j] & empty[1:-1, j + 2]):
            edge(xs[b], y1, xs[a], y1)
    for i, (x0, x1) in enumerate(pairwise(xs)):
        for a, b in _runs(ours[i] & empty[i, 1:-1]):
            edge(x0, ys[b], x0, ys[a])
        for a, b in _runs(ours[i] & empty[i + 2, 1:-1]):
            edge(x1, ys[a], x1, ys[b])
    return parts


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From where to where a row (N,) is True without a break."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def troffer(frame: int, lens: int, steel: int, corners: Sides = ((), (), (), ()), taken: Boxes = ()) -> Mesh:
    """A recessed 2 × 4 ft troffer around the origin of the ceiling's plane, its long side along x, facing down.

    frame, lens, steel: material indices, the last of its T-bars. corners: as in ``framed_hole``. taken: where beyond
    its module the T-bars of troffers beside it run, so that no bar lies in another.
    """
    half = (MODULE_M, MODULE_M / 2)
    bars = _shared_tees(half, steel, taken) if len(taken) else _mitred_tees(half, steel)
    return panels([*frame_panels(half, LENS_HALF_M, RECESS_M, frame, lens, corners), *bars])
