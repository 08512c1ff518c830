"""Where people walk: through what is narrow, and from there into the rooms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

REACH = 3
"""Cells to each side that a way's width is looked for, and that a way goes on into a room."""
KEPT = 0.72
"""Share of the traffic that goes on into the next cell of a room."""
WIDEST = 2 * REACH + 1
"""Cells of the widest way that is told apart."""
NARROW = np.array([0.0, *((1.0 / width - 1.0 / WIDEST) / (1.0 - 1.0 / WIDEST) for width in range(1, WIDEST + 1))])
"""By a way's width in cells: 1 for a way one cell wide, 0 for the widest."""


def traffic(passable: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How worn each cell is, (h, w) in 0..1: 1 where all walk through one cell, 0 in the middle of a hall.

    passable (2, h, w): may one walk to the cell's east, north neighbour? What lies up to 2 * REACH cells away matters.
    """
    worn = np.zeros(passable.shape[1:])
    across, along = _run(passable[0].T).T, _run(passable[1])
    wide = np.maximum(across, along) > REACH
    worn[wide] = NARROW[np.minimum(across, along)[wide]]
    sides = ((passable[0].T, worn.T), (passable[1], worn))  # each along the first axis
    besides = [np.where(edge, NARROW[_run((edge[:, :-1] & edge[:, 1:]).T, True).T], 0.0) for edge, _ in sides]
    for beside, (_, cells) in zip(besides, sides, strict=True):
        np.maximum(cells, beside, out=cells)
        np.maximum(cells[1:], beside[:-1], out=cells[1:])
    for _ in range(REACH):
        before = worn.copy()
        for (edge, cells), was in zip(sides, (before.T, before), strict=True):
            on = edge[:-1]
            np.maximum(cells[:-1], KEPT * was[1:], out=cells[:-1], where=on)
            np.maximum(cells[1:], KEPT * was[:-1], out=cells[1:], where=on)
    return worn.astype(np.float32)


def _run(edge: NDArray[np.bool_], short: bool = False) -> NDArray[np.int64]:
    """Cells (h, w) in a row along the first axis that one may walk, at most REACH to each side.

    edge: on to the next one? short: (h - 1, w), without what leads on from the last one; returned are h rows.
    """
    h = len(edge) + short
    width = np.ones((h, edge.shape[1]), np.int64)
    on, back = np.zeros((2, h + REACH, edge.shape[1]), bool)
    on[: len(edge)] = edge
    back[REACH + 1 : REACH + h] = edge[: h - 1]
    ahead, behind = on[:h].copy(), back[REACH:].copy()
    for k in range(REACH):
        if k:
            ahead &= on[k : k + h]
            behind &= back[REACH - k : REACH - k + h]
        width += ahead
        width += behind
    return width
