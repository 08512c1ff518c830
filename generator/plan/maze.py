"""Maze algorithms: each gives a perfect maze (a spanning tree) on any rectangle of the lattice.

A maze of ny × nx cells is two arrays of passages: ``east`` (ny, nx), true where one may walk from a cell to its east
neighbour, and ``north`` (ny, nx) likewise; the last column of ``east`` and the last row of ``north`` are false.
Source for the names and their textures: Buck, "Mazes for Programmers", Pragmatic Bookshelf 2015.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..kernel_options import ENTRY, INNER
from .random_kernels import below, chance, stream

_SIDES = ((0, 1), (1, 0), (0, -1), (-1, 0))


@njit(**ENTRY)
def prim(ny, nx, state, east, north):
    """Prim's algorithm with random weights on cells: grows from any border cell; many short dead ends."""
    seen = np.zeros(ny * nx, np.bool_)
    border = np.empty(4 * ny * nx, np.int64)
    seen[below(state, ny * nx)] = True
    n = 0
    for c in range(ny * nx):
        if seen[c]:
            n = _push_around(c, ny, nx, seen, border, n)
    while n > 0:
        k = below(state, n)
        c = border[k]
        n -= 1
        border[k] = border[n]
        if seen[c]:
            continue
        join(c, _step(c, ny, nx, seen, state, True), nx, east, north)
        seen[c] = True
        n = _push_around(c, ny, nx, seen, border, n)


@njit(**INNER)
def _push_around(c, ny, nx, seen, border, n):
    """Append c's unseen neighbours to a list of length n; returns the new length."""
    for dy, dx in _SIDES:
        y, x = c // nx + dy, c % nx + dx
        if 0 <= y < ny and 0 <= x < nx and not seen[y * nx + x]:
            border[n] = y * nx + x
            n += 1
    return n


@njit(**ENTRY)
def kruskal(ny, nx, state, east, north):
    """Kruskal's algorithm with random weights: joins separate pieces anywhere; an even texture of short dead ends."""
    parent = np.arange(ny * nx)
    sides = np.arange(2 * ny * nx)
    shuffle(state, sides)
    for s in sides:
        c, up = s // 2, s % 2
        if (up and c // nx == ny - 1) or (not up and c % nx == nx - 1):
            continue
        other = c + nx if up else c + 1
        if find(parent, c) != find(parent, other):
            unite(parent, c, other)
            join(c, other, nx, east, north)


@njit(**ENTRY)
def wilson(ny, nx, state, east, north):
    """Wilson's algorithm: loop-erased random walks; every spanning tree is equally likely.

    Source: Wilson, "Generating random spanning trees more quickly than the cover time", STOC 1996.
    """
    seen = np.zeros(ny * nx, np.bool_)
    onward = np.zeros(ny * nx, np.int64)
    nothing = np.zeros(ny * nx, np.bool_)
    seen[below(state, ny * nx)] = True
    for first in range(ny * nx):
        c = first
        while not seen[c]:
            onward[c] = _step(c, ny, nx, nothing, state, False)
            c = onward[c]
        c = first
        while not seen[c]:
            seen[c] = True
            join(c, onward[c], nx, east, north)
            c = onward[c]


@njit(**ENTRY)
def division(ny, nx, state, east, north):
    """Recursive division: an open floor cut by walls with one gap each; long straight walls."""
    for y in range(ny):
        for x in range(nx):
            east[y, x] = x + 1 < nx
            north[y, x] = y + 1 < ny
    stack = np.empty((ny * nx + 1, 4), np.int64)
    stack[0, 0], stack[0, 1], stack[0, 2], stack[0, 3] = 0, 0, nx, ny
    top = 1
    while top > 0:
        top -= 1
        a, b, c, d = stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3]
        w, h = c - a, d - b
        if w < 2 and h < 2:
            continue
        if w > h or (w == h and chance(state, 0.5)):
            cut, gap = a + 1 + below(state, w - 1), b + below(state, h)
            for y in range(b, d):
                east[y, cut - 1] = y == gap
            stack[top, 2] = cut
            stack[top + 1, 0], stack[top + 1, 1], stack[top + 1, 2], stack[top + 1, 3] = cut, b, c, d
        else:
            cut, gap = b + 1 + below(state, h - 1), a + below(state, w)
            for x in range(a, c):
                north[cut - 1, x] = x == gap
            stack[top, 3] = cut
            stack[top + 1, 0], stack[top + 1, 1], stack[top + 1, 2], stack[top + 1, 3] = a, cut, c, d
        top += 2


@njit(**ENTRY)
def hunt_and_kill(ny, nx, state, east, north):
    """Hunt-and-kill: random walks, each begun at the first unseen cell beside the maze; long passages."""
    seen = np.zeros(ny * nx, np.bool_)
    c = below(state, ny * nx)
    seen[c] = True
    first = 0
    while True:
        n = _step(c, ny, nx, seen, state, False)
        if n >= 0:
            join(c, n, nx, east, north)
        else:
            while first < ny * nx and seen[first]:
                first += 1
            n = first
            while n < ny * nx and (seen[n] or _step(n, ny, nx, seen, state, True) < 0):
                n += 1
            if n == ny * nx:
                return
            join(n, _step(n, ny, nx, seen, state, True), nx, east, north)
        seen[n] = True
        c = n


@njit(**ENTRY)
def growing_tree(ny, nx, state, east, north, newest):
    """Growing tree: from the newest cell of a list with the given probability, else from any.

    1: the recursive backtracker, a random walk that steps back where it is stuck; long winding passages, few dead ends.
    0.5: between backtracker and Prim.
    """
    seen = np.zeros(ny * nx, np.bool_)
    cells = np.empty(ny * nx, np.int64)
    cells[0] = below(state, ny * nx)
    seen[cells[0]] = True
    n = 1
    while n > 0:
        k = n - 1 if newest >= 1.0 or chance(state, newest) else below(state, n)
        to = _step(cells[k], ny, nx, seen, state, False)
        if to < 0:
            for m in range(k, n - 1):
                cells[m] = cells[m + 1]
            n -= 1
            continue
        join(cells[k], to, nx, east, north)
        seen[to] = True
        cells[n] = to
        n += 1


@njit(**INNER)
def _step(c, ny, nx, seen, state, want):
    """A random neighbour n of cell c with ``seen[n] == want``, or -1."""
    found, n = np.int64(-1), 0
    for dy, dx in _SIDES:
        y, x = c // nx + dy, c % nx + dx
        if 0 <= y < ny and 0 <= x < nx and seen[y * nx + x] == want:
            n += 1
            if below(state, n) == 0:
                found = y * nx + x
    return found


@njit(**ENTRY)
def join(a, b, nx, east, north):
    """Open the passage between two neighbouring cells, numbered row by row."""
    low = min(a, b)
    if abs(a - b) == 1 and nx > 1:
        east[low // nx, low % nx] = True
    else:
        north[low // nx, low % nx] = True


@njit(**ENTRY)
def find(parent, a):
    """The representative of a's set."""
    while parent[a] != a:
        parent[a] = parent[parent[a]]
        a = parent[a]
    return a


@njit(**ENTRY)
def unite(parent, a, b):
    """Join two sets; the smaller number represents them, so the order of joining does not matter."""
    a, b = find(parent, a), find(parent, b)
    parent[max(a, b)] = min(a, b)


@njit(**ENTRY)
def shuffle(state, items):
    """Put an array in random order, in place. Source: Durstenfeld, "Algorithm 235", CACM 7(7), 1964."""
    for k in range(len(items) - 1, 0, -1):
        j = below(state, k + 1)
        items[k], items[j] = items[j], items[k]


def carve(algorithm: int, ny: int, nx: int, state: NDArray[np.uint64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The passages (east, north) of one maze; ``algorithm`` counts in NAMES. Only that one is compiled."""
    east, north = np.zeros((ny, nx), np.bool_), np.zeros((ny, nx), np.bool_)
    kernel, newest = CARVERS[NAMES[algorithm]]
    kernel(ny, nx, state, east, north, *newest)
    return east, north


CARVERS: dict[str, tuple[Callable[..., None], tuple[float, ...]]] = {
    "backtracker": (growing_tree, (1.0,)),
    "prim": (prim, ()),
    "kruskal": (kruskal, ()),
    "wilson": (wilson, ()),
    "division": (division, ()),
    "hunt_and_kill": (hunt_and_kill, ()),
    "growing_tree": (growing_tree, (0.5,)),
}
"""Each algorithm's kernel, and of ``growing_tree`` how often it goes on from the newest cell."""
NAMES = tuple(CARVERS)
"""What ``plan.maze`` may say, in the order of ``carve``'s numbers."""


def maze(name: str, ny: int, nx: int, word: int) -> tuple[np.ndarray, np.ndarray]:
    """The perfect maze of ny × nx cells that an algorithm in NAMES carves from a 64-bit ``word``.

    Raises ValueError for an unknown name or an empty rectangle.
    """
    if name not in NAMES or ny < 1 or nx < 1:
        raise ValueError(f"no maze {name!r} of {ny} × {nx} cells; algorithms: {', '.join(NAMES)}")
    return carve(NAMES.index(name), ny, nx, stream(np.uint64(word)))
