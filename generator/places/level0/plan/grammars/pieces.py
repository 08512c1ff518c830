"""Which pieces stay where districts run through each other: those that stand on one's floor, with room to pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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


def shut_under(rows: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Modules (2 h, 2 w) of the ceiling that the outlines of rings pass through; ``rows`` has nothing but rings."""
    shut = np.zeros((2 * shape[0] + 2, 2 * shape[1] + 2), bool)  # and one module about them
    inner = shut[1:-1, 1:-1]
    heads = np.flatnonzero(rows[:, 0] == RING)
    after = np.arange(1, len(rows) + 1)
    after[np.append(heads[1:], len(rows))[: len(heads)] - 1] = heads + 1
    is_corner = rows[:, 0] == CORNER
    p, q = rows[is_corner, 1:3], rows[after[is_corner], 1:3]
    near = ((np.maximum(p, q) > -STEP) & (np.minimum(p, q) < np.array(shape[::-1]) * CELL + STEP)).all(axis=1)
    p, q = p[near], q[near]
    if not len(p):
        return inner
    count = np.maximum(np.abs(q - p).max(axis=1) // STEP + 2, 2)
    edge = np.repeat(np.arange(len(p)), count)
    t = (np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)) / (count[edge] - 1)
    at, about = p[edge] + t[:, None] * (q - p)[edge], STEP / 2 + 20
    low, high = (np.floor((at + reach) / MODULE).astype(np.int64) for reach in (-about, about))
    low, high = (np.clip(edge, -1, inner.shape[::-1]) + 1 for edge in (low, high))
    for x in (low[:, 0], high[:, 0]):
        for y in (low[:, 1], high[:, 1]):
            shut[y, x] = True
    return inner
