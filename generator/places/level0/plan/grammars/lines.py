"""What runs through districts: corridors that the maze lays, straight ones for long views, walls of 100 m."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .....plan.maze import carve
from .....plan.random_kernels import below, between, chance, key, stream

NODES, PITCH, SWAY = 12, 18, 3
"""Crossings along a side of the maze of corridors before it begins anew; their mean distance, cells; how far off."""
ACROSS = 0.5
"""Share of crossings at the side of a maze that lead on into the next one."""
WIDE = 2
"""Width of a corridor, cells."""
SQUARE = 120
"""Side of the squares that each may hold one long view and one long wall, cells (146 m)."""
VIEW, WALL = (54, 84), (82, 110)
"""Lengths of a long view and of a long wall, cells: 66 to 102 m and 100 to 134 m."""
TRIES = 6
_WARD, _LINE, _CROSS, _VIEW, _WALL = 36, 37, 38, 39, 29


class Strip(NamedTuple):
    """A straight strip of floor: the axis it runs along (0: x), its box x0, y0, x1, y1 in cells, its identity."""

    axis: int
    box: tuple[int, int, int, int]
    word: int


def ways(world: np.uint64, maze: int, box: tuple[int, int, int, int]) -> list[Strip]:
    """The corridors between crossings that reach into a box."""
    x0, y0, x1, y1 = box
    strips = []
    i0, i1 = (x0 - SWAY - WIDE) // PITCH - 1, (x1 + SWAY) // PITCH + 1
    j0, j1 = (y0 - SWAY - WIDE) // PITCH - 1, (y1 + SWAY) // PITCH + 1
    xs, ys = ([_line(world, axis, k) for k in range(*span)] for axis, span in ((0, (i0, i1 + 2)), (1, (j0, j1 + 2))))
    wards: dict[tuple[int, int], tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {}
    for j in range(j0, j1 + 1):
        for i in range(i0, i1 + 1):
            ward = i // NODES, j // NODES
            if ward not in wards:
                wards[ward] = carve(maze, NODES, NODES, stream(np.uint64(key(world, _WARD, *ward, 0))))
            for axis in range(2):
                if _leads_on(world, wards[ward], i, j, axis):
                    x, y = xs[i - i0], ys[j - j0]
                    end = (xs[i - i0 + 1] + WIDE, y + WIDE) if axis == 0 else (x + WIDE, ys[j - j0 + 1] + WIDE)
                    strips.append(Strip(axis, (x, y, *end), int(key(world, _CROSS, (j, i)[axis], ward[axis], axis))))
    return strips


def _leads_on(world: np.uint64, passages: tuple[NDArray, NDArray], i: int, j: int, axis: int) -> bool:
    """Does a corridor lead from a crossing to the next one east (axis 0) or north?"""
    if (i, j)[axis] % NODES == NODES - 1:
        return bool(chance(stream(np.uint64(key(world, _CROSS, i, j, axis + 2))), ACROSS))
    return bool(passages[axis][j % NODES, i % NODES])


def _line(world: np.uint64, axis: int, k: int) -> int:
    """The line that corridors run on: even, so that a row of lamps finds room in them."""
    sway = int(key(world, _LINE, k, axis, 0) % np.uint64(2 * SWAY + 1)) - SWAY
    return (k * PITCH + sway) // 2 * 2


def squares(box: tuple[int, int, int, int], reach: int) -> Iterator[tuple[int, int]]:
    """The numbers of the squares that lie within ``reach`` cells of a box."""
    x0, y0, x1, y1 = box
    for j in range((y0 - reach) // SQUARE, (y1 + reach) // SQUARE + 1):
        for i in range((x0 - reach) // SQUARE, (x1 + reach) // SQUARE + 1):
            yield i, j


def view_candidates(world: np.uint64, i: int, j: int, share: float) -> Iterator[Strip]:
    """Places for the long view of a square, in the order in which they are tried; none where it has no view."""
    word = np.uint64(key(world, _VIEW, i, j, 0))
    state = stream(word)
    if not chance(state, share):
        return
    for _ in range(TRIES):
        axis, wide, long = int(below(state, 2)), int(between(state, 2, 3)), int(between(state, *VIEW))
        start, line = int(below(state, SQUARE - long)), int(below(state, SQUARE - wide))
        line += (line + (j if axis == 0 else i) * SQUARE + wide) % 2
        x, y = i * SQUARE + (start if axis == 0 else line), j * SQUARE + (line if axis == 0 else start)
        yield Strip(axis, (x, y, x + long, y + wide) if axis == 0 else (x, y, x + wide, y + long), int(word))


def long_wall(world: np.uint64, i: int, j: int, share: float) -> Strip | None:
    """The long wall of a square: what stands on the high side of a strip one cell wide."""
    word = np.uint64(key(world, _WALL, i, j, 0))
    state = stream(word)
    if not chance(state, share):
        return None
    axis, long = int(below(state, 2)), int(between(state, *WALL))
    start, line = int(below(state, SQUARE)), int(below(state, SQUARE))
    x, y = i * SQUARE + (start if axis == 0 else line), j * SQUARE + (line if axis == 0 else start)
    return Strip(axis, (x, y, x + long, y + 1) if axis == 0 else (x, y, x + 1, y + long), int(word))
