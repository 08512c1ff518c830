"""Maze algorithms: each gives a perfect maze (a spanning tree) on any rectangle of the lattice.

A maze of ny × nx cells is two arrays of passages: ``east`` (ny, nx), true where one may walk from a cell to its east
neighbour, and ``north`` (ny, nx) likewise; the last column of ``east`` and the last row of ``north`` are false.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .bits import below

NAMES = ("backtracker", "prim", "kruskal", "wilson", "division", "hunt_and_kill", "growing_tree")
"""What ``plan.maze`` may say, in the order of ``carve``'s numbers."""


@njit(cache=True)
def backtracker(ny, nx, state, east, north):
    """Recursive backtracker: a random walk that steps back where it is stuck; long winding passages, few dead ends."""
    seen = np.zeros(ny * nx, np.bool_)
    stack = np.empty(ny * nx, np.int64)
    stack[0] = below(state, ny * nx)
    seen[stack[0]] = True
    top = 1
    while top > 0:
        c = stack[top - 1]
        n = _step(c, ny, nx, seen, state, False)
        if n < 0:
            top -= 1
            continue
        join(c, n, nx, east, north)
        seen[n] = True
        stack[top] = n
        top += 1


@njit(cache=True)
def _step(c, ny, nx, seen, state, want):
    """A random neighbour n of cell c with ``seen[n] == want``, or -1."""
    found = np.empty(4, np.int64)
    n = 0
    y, x = c // nx, c % nx
    if x + 1 < nx and seen[c + 1] == want:
        found[n] = c + 1
        n += 1
    if y + 1 < ny and seen[c + nx] == want:
        found[n] = c + nx
        n += 1
    if x > 0 and seen[c - 1] == want:
        found[n] = c - 1
        n += 1
    if y > 0 and seen[c - nx] == want:
        found[n] = c - nx
        n += 1
    return found[below(state, n)] if n else np.int64(-1)


@njit(cache=True)
def join(a, b, nx, east, north):
    """Open the passage between two neighbouring cells, numbered row by row."""
    low = min(a, b)
    if abs(a - b) == 1 and nx > 1:
        east[low // nx, low % nx] = True
    else:
        north[low // nx, low % nx] = True


@njit(cache=True)
def carve(algorithm, ny, nx, state):
    """The passages (east, north) of one maze; ``algorithm`` counts in NAMES."""
    east = np.zeros((ny, nx), np.bool_)
    north = np.zeros((ny, nx), np.bool_)
    backtracker(ny, nx, state, east, north)
    return east, north
