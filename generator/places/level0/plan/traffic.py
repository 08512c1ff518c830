"""Where people walk: through what is narrow, and from there into the rooms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

REACH = 3
"""Cells to each side that a way's width is looked for, and that a way goes on into a room."""
KEPT = 0.72
"""Share of the traffic that goes on into the next cell of a room."""


def traffic(passable: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How worn each cell is, (h, w) in 0..1: 1 where all walk through one cell, 0 in the middle of a hall.

    passable (2, h, w): may one walk to the cell's east, north neighbour? What lies up to 2 * REACH cells away matters.
    """
    east, north = passable
    across, along = _run(east, 1), _run(north, 0)
    worn = np.where(np.maximum(across, along) > REACH, _narrow(np.minimum(across, along)), 0.0)
    for edge, axis in ((east, 1), (north, 0)):
        beside = np.where(edge, _narrow(_run(_both(edge, 1 - axis), 1 - axis)), 0.0)
        worn = np.maximum(worn, np.maximum(beside, _moved(beside, 1, axis)))
    for _ in range(REACH):
        steps = [np.where(_moved(edge, k, axis), _moved(worn, k or -1, axis), 0.0)
                 for edge, axis in ((east, 1), (north, 0)) for k in (0, 1)]  # fmt: skip
        worn = np.maximum(worn, KEPT * np.maximum.reduce(steps))
    return worn.astype(np.float32)


def _narrow(width: NDArray) -> NDArray[np.float64]:
    """1 for a way one cell wide, 0 for the widest that is told apart."""
    widest = 2 * REACH + 1
    return (1.0 / width - 1.0 / widest) / (1.0 - 1.0 / widest)


def _run(edge: NDArray[np.bool_], axis: int) -> NDArray[np.int64]:
    """Cells (h, w) in a row along an axis that one may walk, at most REACH to each side; edge: on to the next one?"""
    width = np.ones(edge.shape, np.int64)
    on, back = np.ones(edge.shape, bool), np.ones(edge.shape, bool)
    for k in range(REACH):
        on &= _moved(edge, -k, axis)
        back &= _moved(edge, k + 1, axis)
        width += on.astype(np.int64) + back
    return width


def _both(edge: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    """Is there an opening here and in the next place along an axis?"""
    return edge & _moved(edge, -1, axis)


def _moved(values: NDArray, by: int, axis: int) -> NDArray:
    """Values moved by some places towards higher indices; what comes in from beyond the edge is 0."""
    out = np.zeros_like(values)
    size = values.shape[axis]
    to, of = [slice(None)] * 2, [slice(None)] * 2
    to[axis], of[axis] = slice(max(by, 0), size + min(by, 0)), slice(max(-by, 0), size - max(by, 0))
    out[tuple(to)] = values[tuple(of)]
    return out
