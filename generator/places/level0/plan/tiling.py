"""How the endless floor is cut in blocks: rectangles of many sizes without one line through the world.

Vertices (i, j) of a lattice of PITCH cells: where i + j is even a vertical border of two pitches length passes
through, at x(i, j); where it is odd a horizontal one, at y(i, j). Every border stops at the borders it runs into,
and every one is moved by its own hash. Block (i, j) lies between four of them, so its four sides are independent,
no border is longer than two blocks, and none lies on the lines of the chunks, which are mere windows.
PITCH has no divisor in common with the chunk's 32 cells.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ....kernel_options import ENTRY
from ....plan.random_kernels import key

PITCH = 27
"""Mean width of a block, cells (32.9 m)."""
SWAY = 8
"""A border lies within this many cells of its lattice line; blocks are PITCH ± 2 SWAY cells wide."""
DISTRICT = 108
"""Side of a district in cells (132 m): its walls have one paper and one kind of base trim."""
DISTRICT_BIT, SEAM_BIT, GRAMMAR_BIT, BLOCK_BIT = 44, 43, 42, 24
"""Lowest bits of a run's identity: in which district it stands, whether on a border, whether a grammar drew it, and of
which block it is."""
_BORDER, _DISTRICT = 11, 17


@njit(**ENTRY)
def border(world, i, j):
    """Where the border through vertex (i, j) lies, cells: x where i + j is even, y where it is odd."""
    sway = int(key(world, _BORDER, i, j, 0) % (2 * SWAY + 1)) - SWAY
    return (i if (i + j) % 2 == 0 else j) * PITCH + sway


@njit(**ENTRY)
def identity(world, x, y, i, j):
    """The first identity (int64) of what stands in block (i, j), or on border (i, j), about cell (x, y).

    Bits from DISTRICT_BIT up name the district. Blocks of one have their own within 512 blocks of each other.
    """
    h = key(world, _DISTRICT, 0, 0, 0)
    x += np.int64(h % np.uint64(DISTRICT))
    y += np.int64((h >> np.uint64(32)) % np.uint64(DISTRICT))
    district = np.int64(key(world, _DISTRICT, x // DISTRICT, y // DISTRICT, 1) >> np.uint64(45))
    return district << DISTRICT_BIT | ((i & 511) << 9 | (j & 511)) << BLOCK_BIT


@njit(**ENTRY)
def block_box(world, i, j):
    """Block (i, j) as half-open cells (x0, y0, x1, y1)."""
    if (i + j) % 2 == 0:
        return border(world, i, j), border(world, i + 1, j), border(world, i + 1, j + 1), border(world, i, j + 1)
    return border(world, i, j + 1), border(world, i, j), border(world, i + 1, j), border(world, i + 1, j + 1)


@njit(**ENTRY)
def blocks_over(low, high):
    """Half-open range of block indices, along one axis, that may reach into cells low..high (half-open)."""
    return (low - SWAY) // PITCH - 1, (high + SWAY) // PITCH + 1
