"""Which pieces stay where districts run through each other: those that stand on one's floor, with room to pass."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .....kernel_options import ENTRY
from .....plan.lattice import CELL, CORNER, MODULE, RING
from .....plan.rows import rings_of
from ..partitions import CURVED, OBLIQUE

NEAR = 9100
"""How far about a piece its floor must be one district's, 0.1 mm: what is left to pass on is never under 0.8 m."""
STEP = 900
"""Spacing of the places along an outline at which the ceiling is taken, 0.1 mm."""


def bounds(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows at which pieces begin (P,) and their bounding boxes (P, 4): x0, y0, x1, y1."""
    heads = np.flatnonzero(rows[:, 0] != CORNER)
    first = rows[heads]
    t = first[:, 8] // 2
    low, line, high = first[:, 2], first[:, 1], first[:, 3]
    upright = np.stack([line - t, low, line + t, high], axis=1)
    level = np.stack([low, line - t, high, line + t], axis=1)
    boxes = np.where(first[:, :1] == 0, upright, level)
    ring = np.flatnonzero(first[:, 0] == RING)
    if len(ring):
        corner = rows[rows[:, 0] == CORNER, 1:3]
        start = np.concatenate([[0], np.cumsum(first[ring, 1])[:-1]])
        boxes[ring] = np.concatenate([np.minimum.reduceat(corner, start), np.maximum.reduceat(corner, start)], axis=1)
    return heads, boxes


def kept(
    rows: NDArray[np.int64], of: NDArray[np.int64], owners: NDArray[np.int64], cut: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The pieces all about which the floor is their owner's and no side is cut.

    rows: pieces from the corner of the raster ``owners`` (h, w); of: each row's owner; cut (2, h, w): sides of cells.
    """
    if not len(rows):
        return rows
    heads, boxes = bounds(rows)
    h, w = owners.shape
    x0, y0 = (np.clip((boxes[:, k] - NEAR) // CELL, 0, n - 1) for k, n in ((0, w), (1, h)))
    x1, y1 = (np.clip((boxes[:, k] + NEAR) // CELL, 0, n - 1) for k, n in ((2, w), (3, h)))
    east, north = cut.copy()
    east[:, :-1] |= owners[:, 1:] != owners[:, :-1]
    north[:-1] |= owners[1:] != owners[:-1]
    stays = owners[y0, x0] == of[heads]
    stays &= _sum(east, x0, y0, x1, y1 + 1) == 0
    stays &= _sum(north, x0, y0, x1 + 1, y1) == 0
    return rows[np.repeat(stays, np.diff([*heads, len(rows)]))]


def _sum(marks: NDArray[np.bool_], x0: NDArray, y0: NDArray, x1: NDArray, y1: NDArray) -> NDArray[np.int64]:
    """How many marks lie in boxes, half-open. Source: Crow, "Summed-area tables for texture mapping", SIGGRAPH 1984."""
    table = np.zeros((marks.shape[0] + 1, marks.shape[1] + 1), np.int32)
    table[1:, 1:] = marks.cumsum(axis=0, dtype=np.int32).cumsum(axis=1)
    return table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0]


def thin(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of walls that follow no line of the building, and the other rows."""
    every = rings_of(rows, (CURVED, OBLIQUE))
    return rows[every], rows[~every]


@njit(**ENTRY)
def shut_under(rows, ny, nx):
    """Modules (2 ny, 2 nx) of the ceiling that the outlines of rings pass through; ``rows`` has nothing but rings."""
    shut = np.zeros((2 * ny, 2 * nx), np.bool_)
    about = STEP / 2 + 20
    n = 0
    while n < len(rows):
        sides = rows[n, 1]
        for k in range(sides):
            p, q = rows[n + 1 + k], rows[n + 1 + (k + 1) % sides]
            dx, dy = q[1] - p[1], q[2] - p[2]
            if max(p[1], q[1]) <= -STEP or max(p[2], q[2]) <= -STEP:
                continue
            if min(p[1], q[1]) >= nx * CELL + STEP or min(p[2], q[2]) >= ny * CELL + STEP:
                continue
            count = max(abs(dx), abs(dy)) // STEP + 2
            for m in range(count):
                t = m / (count - 1)
                x, y = p[1] + t * dx, p[2] + t * dy
                for v in (int(np.floor((y - about) / MODULE)), int(np.floor((y + about) / MODULE))):
                    for u in (int(np.floor((x - about) / MODULE)), int(np.floor((x + about) / MODULE))):
                        if 0 <= v < 2 * ny and 0 <= u < 2 * nx:
                            shut[v, u] = True
        n += 1 + sides
    return shut
