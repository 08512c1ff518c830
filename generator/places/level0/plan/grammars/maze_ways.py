"""What becomes of a maze: which of its passages are corridors, how wide, and which run through all districts.

Each algorithm has a way of its own, so that a map tells which one laid it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .....plan.maze import NAMES, carve
from .....plan.random_kernels import below, between, chance


class Way(NamedTuple):
    """How a maze becomes corridors.

    widths: how many crossings, at least, lie on the lesser side of a passage, and its width then, cells; twigs have
    none, and the widest are main ones. most: passages that part more crossings are none. loops: share of ends that
    lead on to a crossing beside them.
    """

    widths: tuple[tuple[int, int], ...] = ((20, 3), (4, 2))
    most: int = 1 << 30
    loops: float = 0.0


WAYS = {
    "backtracker": Way(),
    "wilson": Way(),
    "prim": Way(((1, 1),)),
    "kruskal": Way(((2, 2),), most=9),
    "hunt_and_kill": Way(((4, 2),), loops=1.0),
    "growing_tree": Way(((12, 3), (1, 1))),
}
"""The recursive backtracker and Wilson's: trunks and branches, of one dense and winding, of the other sparse. Prim's:
narrow all over, to its last dead end. Kruskal's: what it has joined before its pieces meet. Hunt-and-kill: no ends but
loops. Growing tree: a broad trunk with narrow twigs. Division: see ``cuts``."""
CUT_WIDTHS = (3, 3, 2)
"""Widths of the first cuts of a division, one in the other; those of all others are the last."""
LEAST, WHOLE = 2, 0.35
"""Crossings that a division leaves between two corridors at least, and the share of small parts left whole."""


class Widths(NamedTuple):
    """Widths (2, n, n) of corridors from crossings to the next east and north, 0 for none; which are main ones."""

    wide: NDArray[np.int64]
    main: NDArray[np.bool_]


def widths_of(maze: int, n: int, state: NDArray[np.uint64]) -> Widths:
    """The corridors of n × n crossings by the algorithm of a number."""
    name = NAMES[maze]
    if name == "division":
        wide = cuts(n, state)
        return Widths(wide, wide == CUT_WIDTHS[0])
    way = WAYS[name]
    wide = _parted(way, *carve(maze, n, n, state))
    main = wide == way.widths[0][1]
    if way.loops > 0.0:
        _loop(way, wide, state)
    return Widths(wide, main)


def cuts(n: int, state: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Corridors along the cuts of a recursive division: straight from one that was there to another."""
    out = np.zeros((2, n, n), np.int64)
    parts = [((0, 0), (n - 1, n - 1), 0)]
    while parts:
        low, high, deep = parts.pop()
        size = high[0] - low[0], high[1] - low[1]
        axis = 0 if size[0] > size[1] or (size[0] == size[1] and chance(state, 0.5)) else 1
        if size[axis] < 2 * LEAST or (deep > 3 and size[axis] < 4 * LEAST and chance(state, WHOLE)):
            continue
        at = int(between(state, low[axis] + LEAST, high[axis] - LEAST))
        along = slice(low[1 - axis], high[1 - axis])
        out[(1, along, at) if axis == 0 else (0, at, along)] = CUT_WIDTHS[min(deep, len(CUT_WIDTHS) - 1)]
        ends = ((at, high[1]), (at, low[1])) if axis == 0 else ((high[0], at), (low[0], at))
        parts += [(low, ends[0], deep + 1), (ends[1], high, deep + 1)]
    return out


def _loop(way: Way, wide: NDArray[np.int64], state: NDArray[np.uint64]) -> None:
    """Lead ends on, in place, to a crossing beside them that has a corridor too."""
    n = wide.shape[1]
    for y in range(n):
        for x in range(n):
            if _count(wide, x, y) != 1 or not chance(state, way.loops):
                continue
            on = [side for side in _sides(x, y, n) if not wide[side[:3]] and _count(wide, *side[3:])]
            if on:
                wide[on[int(below(state, len(on)))][:3]] = way.widths[-1][1]


def _sides(x: int, y: int, n: int) -> list[tuple[int, int, int, int, int]]:
    """The passages about a crossing, as places in widths, and the crossings that they lead to."""
    every = ((0, y, x, x + 1, y), (0, y, x - 1, x - 1, y), (1, y, x, x, y + 1), (1, y - 1, x, x, y - 1))
    return [side for side in every if 0 <= side[3] < n and 0 <= side[4] < n]


def _count(wide: NDArray[np.int64], x: int, y: int) -> int:
    """How many corridors meet in a crossing."""
    return sum(bool(wide[side[:3]]) for side in _sides(x, y, wide.shape[1]))


def _parted(way: Way, east: NDArray[np.bool_], north: NDArray[np.bool_]) -> NDArray[np.int64]:
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
        wide = next((wide for least, wide in way.widths if least <= lesser <= way.most), 0)
        out[0 if abs(node - before[node]) == 1 else 1, first // n, first % n] = wide
    return out
