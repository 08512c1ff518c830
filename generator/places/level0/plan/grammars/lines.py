"""What runs through districts: corridors that the maze lays, straight ones for long views, walls of 100 m."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from .....plan.maze import NAMES
from .....plan.random_kernels import below, between, chance, key, stream
from .maze_ways import Widths, widths_of

NODES, PITCH, SWAY = 12, 18, 3
"""Crossings along a side of the maze of corridors before it begins anew; their mean distance, cells; how far off."""
ACROSS = 0.5
"""Share of crossings at the side of a maze that lead on into the next one."""
WIDE = 2
"""Width of a corridor into the next maze, cells."""
WIDEST = 3
"""Width of the broadest corridors, cells."""
SQUARE = 120
"""Side of the squares that each may hold one long view and one long wall, cells (146 m)."""
VIEW, WALL = (54, 84), (82, 110)
"""Lengths of a long view and of a long wall, cells: 66 to 102 m and 100 to 134 m."""
TRIES = 6
KEPT = 64
"""Mazes of corridors (263 m a side) that are kept in memory, about 40 kB each."""
_WARD, _LINE, _CROSS, _VIEW, _WALL = 36, 37, 38, 39, 29


class Strip(NamedTuple):
    """A straight strip of floor: the axis it runs along (0: x), its box x0, y0, x1, y1 in cells, its identity; is it
    one of a maze's main corridors?"""

    axis: int
    box: tuple[int, int, int, int]
    word: int
    is_main: bool = False


def ways(world: np.uint64, maze: int, box: tuple[int, int, int, int]) -> list[Strip]:
    """The corridors between crossings that reach into a box."""
    x0, y0, x1, y1 = box
    low, high = SWAY + WIDEST + PITCH, SWAY
    wards = [
        (i, j)
        for j in range((y0 - low) // PITCH // NODES, (y1 + high) // PITCH // NODES + 1)
        for i in range((x0 - low) // PITCH // NODES, (x1 + high) // PITCH // NODES + 1)
    ]
    strips = [strip for ward in wards for strip in _ways_of(int(world), maze, *ward)]
    return [s for s in strips if s.box[0] < x1 and s.box[2] > x0 and s.box[1] < y1 and s.box[3] > y0]


@lru_cache(maxsize=KEPT)
def _ways_of(world: int, maze: int, ward_i: int, ward_j: int) -> list[Strip]:
    """The corridors that lead east and north from the crossings of one maze. The last KEPT mazes' are kept."""
    w, strips = np.uint64(world), []
    first = ward_i * NODES, ward_j * NODES
    xs, ys = ([_line(w, axis, first[axis] + k) for k in range(NODES + 1)] for axis in range(2))
    for j in range(NODES):
        for i in range(NODES):
            for axis in range(2):
                wide, is_main = _between(w, maze, first[0] + i, first[1] + j, axis)
                if wide:
                    end = (xs[i + 1] + wide, ys[j] + wide) if axis == 0 else (xs[i] + wide, ys[j + 1] + wide)
                    line = (first[1] + j, first[0] + i)[axis]
                    word = int(key(w, _CROSS, line, (ward_i, ward_j)[axis], axis))
                    strips.append(Strip(axis, (xs[i], ys[j], *end), word, is_main))
    return strips


@lru_cache(maxsize=KEPT)
def _of_ward(world: int, maze: int, ward_i: int, ward_j: int) -> Widths:
    """The widths of a maze's passages. The last KEPT mazes' are kept; nobody writes into them."""
    return widths_of(maze, NODES, stream(np.uint64(key(np.uint64(world), _WARD, ward_i, ward_j, 0))))


def _between(world: np.uint64, maze: int, i: int, j: int, axis: int) -> tuple[int, bool]:
    """How wide a corridor leads from a crossing to the next one east (axis 0) or north, cells, 0 for none; is it main?

    From one maze into the next it leads only where both have corridors, a straight one of a division where one has.
    """
    if (i, j)[axis] % NODES < NODES - 1:
        wide, main = _of_ward(int(world), maze, i // NODES, j // NODES)
        return int(wide[axis, j % NODES, i % NODES]), bool(main[axis, j % NODES, i % NODES])
    on = chance(stream(np.uint64(key(world, _CROSS, i, j, axis + 2))), ACROSS)
    joined = [on and _is_joined(world, maze, *crossing) for crossing in ((i, j), (i + 1 - axis, j + axis))]
    return WIDE * int(any(joined) if NAMES[maze] == "division" else all(joined)), False


def _is_joined(world: np.uint64, maze: int, i: int, j: int) -> bool:
    """Does a corridor of its own maze lead to a crossing?"""
    wide, x, y = _of_ward(int(world), maze, i // NODES, j // NODES).wide, i % NODES, j % NODES
    return bool(wide[:, y, x].any() or (x and wide[0, y, x - 1]) or (y and wide[1, y - 1, x]))


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
