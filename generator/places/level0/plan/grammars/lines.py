"""What runs through districts: corridors that the maze lays, straight ones for long views, walls of 100 m."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
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
"""Width of a corridor into the next maze, cells."""
WIDTHS = ((20, 3), (4, 2))
"""How many crossings, at least, lie on the lesser side of a passage, and its width then, cells; twigs have none."""
SQUARE = 120
"""Side of the squares that each may hold one long view and one long wall, cells (146 m)."""
VIEW, WALL = (54, 84), (82, 110)
"""Lengths of a long view and of a long wall, cells: 66 to 102 m and 100 to 134 m."""
TRIES = 6
KEPT = 64
"""Mazes of corridors (263 m a side) that are kept in memory, about 40 kB each."""
_WARD, _LINE, _CROSS, _VIEW, _WALL = 36, 37, 38, 39, 29


class Strip(NamedTuple):
    """A straight strip of floor: the axis it runs along (0: x), its box x0, y0, x1, y1 in cells, its identity."""

    axis: int
    box: tuple[int, int, int, int]
    word: int

    @property
    def wide(self) -> int:
        """How wide it is, cells."""
        return self.box[3 - self.axis] - self.box[1 - self.axis]


def ways(world: np.uint64, maze: int, box: tuple[int, int, int, int]) -> list[Strip]:
    """The corridors between crossings that reach into a box."""
    x0, y0, x1, y1 = box
    low, high = SWAY + WIDTHS[0][1] + PITCH, SWAY
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
                wide = _between(w, maze, first[0] + i, first[1] + j, axis)
                if wide:
                    end = (xs[i + 1] + wide, ys[j] + wide) if axis == 0 else (xs[i] + wide, ys[j + 1] + wide)
                    line = (first[1] + j, first[0] + i)[axis]
                    word = int(key(w, _CROSS, line, (ward_i, ward_j)[axis], axis))
                    strips.append(Strip(axis, (xs[i], ys[j], *end), word))
    return strips


@lru_cache(maxsize=KEPT)
def _of_ward(world: int, maze: int, ward_i: int, ward_j: int) -> NDArray[np.int64]:
    """The widths of a maze's passages. The last KEPT mazes' are kept; nobody writes into them."""
    state = stream(np.uint64(key(np.uint64(world), _WARD, ward_i, ward_j, 0)))
    return _widths(*carve(maze, NODES, NODES, state))


def _between(world: np.uint64, maze: int, i: int, j: int, axis: int) -> int:
    """How wide a corridor leads from a crossing to the next one east (axis 0) or north, cells; 0 for none.

    From one maze into the next it leads only where both have corridors.
    """
    if (i, j)[axis] % NODES < NODES - 1:
        return int(_of_ward(int(world), maze, i // NODES, j // NODES)[axis, j % NODES, i % NODES])
    on = chance(stream(np.uint64(key(world, _CROSS, i, j, axis + 2))), ACROSS)
    return WIDE * int(on and _is_joined(world, maze, i, j) and _is_joined(world, maze, i + 1 - axis, j + axis))


def _is_joined(world: np.uint64, maze: int, i: int, j: int) -> bool:
    """Does a corridor of its own maze lead to a crossing?"""
    widths, x, y = _of_ward(int(world), maze, i // NODES, j // NODES), i % NODES, j % NODES
    return bool(widths[:, y, x].any() or (x and widths[0, y, x - 1]) or (y and widths[1, y - 1, x]))


def _widths(east: NDArray[np.bool_], north: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Widths (2, n, n) of a maze's passages east and north, 0 for none: the more crossings they part, the wider."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order

    n = len(east)
    nodes = np.arange(n * n).reshape(n, n)
    low = np.concatenate([nodes[east], nodes[north]])
    high = np.concatenate([nodes[east] + 1, nodes[north] + n])
    order, before = breadth_first_order(
        coo_array((np.ones(len(low)), (low, high)), shape=(n * n, n * n)).tocsr(), n * n // 2, directed=False
    )
    behind = np.ones(n * n, np.int64)
    for node in order[:0:-1]:
        behind[before[node]] += behind[node]
    out = np.zeros((2, n, n), np.int64)
    for node in order[1:]:
        first, lesser = min(node, before[node]), min(behind[node], n * n - behind[node])
        wide = next((wide for least, wide in WIDTHS if lesser >= least), 0)
        out[0 if abs(node - before[node]) == 1 else 1, first // n, first % n] = wide
    return out


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
