"""One block of the endless floor: its rooms, walls and pieces on a raster of cells."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ....kernel_options import ENTRY
from ....plan.districts import even
from ....plan.lattice import WALL
from ....plan.maze import carve, find
from ....plan.random_kernels import chance, key, stream
from .districts import GRAIN, HEIGHT, LAMPS, TURN, openness
from .openings import glaze, open_wall, seam, thickness, view
from .partitions import claims, dress_room, piece_list
from .rooms import ROOM, bay_lines, ceiling, divide, faces, joints, parts
from .tiling import block_box, identity

_BLOCK = 12
KEPT = 64
"""Blocks that are kept in memory, about 0.1 MB each: those about a row of ten chunks."""


class Block(NamedTuple):
    """What stands on the h × w cells of a block, lengths in 0.1 mm.

    what, thick, run (2, h, w), jamb (2, 2, h, w): its inner walls, as in ``openings``; room, ceil (h, w); grid (h, w):
    number of the lamps' lattice, 8 added where lamps run along y; pieces: list of rows as in ``partitions``.
    """

    what: NDArray[np.uint8]
    jamb: NDArray[np.int64]
    thick: NDArray[np.int64]
    run: NDArray[np.int64]
    room: NDArray[np.int64]
    ceil: NDArray[np.int64]
    grid: NDArray[np.uint8]
    pieces: NDArray[np.int64]


@lru_cache(maxsize=KEPT)
def block(world: np.uint64, rules: np.void, i: int, j: int) -> Block:
    """The inside of block (i, j): a function of the scene, the seed and (i, j) alone.

    The last KEPT are kept, as chunk after chunk needs the same ones. Nobody writes into them.
    """
    box = block_box(world, i, j)
    x0, y0, x1, y1 = box
    state = stream(np.uint64(key(world, _BLOCK, i, j, 0)))
    base = int(identity(world, (x0 + x1) // 2, (y0 + y1) // 2, i, j))
    west, south, east, north = strips = corridors(world, rules, i, j)
    xs, ys = bay_lines(state, x1 - x0, west, east), bay_lines(state, y1 - y0, south, north)
    leaf, boxes, kinds = divide(state, world, rules, xs, ys, x0, y0, strips)
    pass_e, pass_n = carve(rules["maze"], leaf.shape[0], leaf.shape[1], state)
    part, wall = parts(state, world, rules, leaf, kinds, pass_e, pass_n, xs, ys, x0, y0)
    face, rows = faces(part, wall)
    free = openness(world, rules, (x0 + x1) // 2, (y0 + y1) // 2)
    opened = joints(state, rules, part, face, rows, pass_e, pass_n, free, xs, ys)
    room, ceil, grid = spaces(state, world, rules, part, leaf, kinds, xs, ys, x0, y0, base)
    what, jamb, thick, run = raise_walls(state, wall, xs, ys, base)
    pierce(state, rules, what, jamb, rows, opened, xs, ys, x0, y0, free)
    claim = claims(what, jamb, borders(world, rules, i, j, box))
    pieces = piece_list((x1 - x0) * (y1 - y0))
    dress(state, world, rules, claim, pieces, boxes, kinds, ceil, xs, ys, x0, y0, base, free)
    return Block(what, jamb, thick, run, room, ceil, grid, pieces[: pieces[0, 0]].copy())


def sides(i: int, j: int) -> tuple[tuple[int, int], ...]:
    """Vertices of the west, south, east and north border of block (i, j)."""
    s = (i + j) % 2
    return (i, j + s), (i + 1 - s, j), (i + 1, j + 1 - s), (i + s, j + 1)


def corridors(world: np.uint64, rules: np.void, i: int, j: int) -> tuple[int, int, int, int]:
    """Widths of the corridors along the west, south, east and north side of block (i, j), cells."""
    west, south, east, north = (view(world, rules, *vertex) for vertex in sides(i, j))
    return max(west, 0), max(south, 0), max(-east, 0), max(-north, 0)


def borders(world: np.uint64, rules: np.void, i: int, j: int, box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """What stands on the west, south, east and north side of block (i, j): (4, n) cell by cell."""
    x0, y0, x1, y1 = box
    out = np.full((4, max(x1 - x0, y1 - y0)), WALL, np.uint8)
    for side, vertex in enumerate(sides(i, j)):
        _, _, first, what, *_ = seam(world, rules, *vertex)
        low, high = (y0, y1) if side % 2 == 0 else (x0, x1)
        out[side, : high - low] = what[low - first : high - first]
    return out


@njit(**ENTRY)
def spaces(state, world, rules, part, leaf, kinds, xs, ys, x0, y0, base):
    """Room identity, ceiling and lamp lattice (h, w) per cell; warrens and corridors keep the usual ceiling."""
    ny, nx = leaf.shape
    h, w = ys[ny], xs[nx]
    area, plain = np.zeros(ny * nx, np.int64), np.zeros(ny * nx, np.bool_)
    for y in range(ny):
        for x in range(nx):
            k = find(part, y * nx + x)
            area[k] += (xs[x + 1] - xs[x]) * (ys[y + 1] - ys[y])
            plain[k] |= kinds[leaf[y, x]] != ROOM
    top, lattice = np.zeros(ny * nx, np.int64), np.zeros(ny * nx, np.uint8)
    height = even(world, HEIGHT, x0 + w // 2, y0 + h // 2, rules.wave)
    for k in range(ny * nx):
        if area[k] > 0:
            cx, cy = x0 + xs[k % nx], y0 + ys[k // nx]
            top[k] = rules.ceiling if plain[k] else ceiling(state, rules, area[k], height)
            lattice[k] = min(int(6.0 * even(world, LAMPS, cx, cy, rules.wave)), 2 if area[k] < 18 or plain[k] else 5)
            if even(world, TURN, cx, cy, rules.wave) > 0.6:
                lattice[k] += 8
    room, ceil, grid = np.empty((h, w), np.int64), np.empty((h, w), np.int64), np.empty((h, w), np.uint8)
    for y in range(ny):
        for x in range(nx):
            k = find(part, y * nx + x)
            for v in range(ys[y], ys[y + 1]):
                for u in range(xs[x], xs[x + 1]):
                    room[v, u], ceil[v, u], grid[v, u] = base + k, top[k], lattice[k]
    return room, ceil, grid


@njit(**ENTRY)
def raise_walls(state, wall, xs, ys, base):
    """What, jamb, thick, run: a wall on every side that the bays' walls cover, one thickness and identity a run."""
    _, ny, nx = wall.shape
    h, w = ys[ny], xs[nx]
    what, jamb = np.zeros((2, h, w), np.uint8), np.zeros((2, 2, h, w), np.int64)
    thick, run = np.zeros((2, h, w), np.int64), np.zeros((2, h, w), np.int64)
    for axis in range(2):
        for line in range(nx - 1 if axis == 0 else ny - 1):
            at = (xs if axis == 0 else ys)[line + 1] - 1
            lines = ys if axis == 0 else xs
            before, t, ident = False, np.int64(0), np.int64(0)
            for k in range(ny if axis == 0 else nx):
                here = wall[axis, k, line] if axis == 0 else wall[axis, line, k]
                if here and not before:
                    t = thickness(state)
                    ident = base + (1 << 21) + (axis << 20) + (line << 10) + k
                before = here
                if not here:
                    continue
                for c in range(lines[k], lines[k + 1]):
                    y, x = (c, at) if axis == 0 else (at, c)
                    what[axis, y, x], thick[axis, y, x], run[axis, y, x] = WALL, t, ident
    return what, jamb, thick, run


@njit(**ENTRY)
def pierce(state, rules, what, jamb, rows, opened, xs, ys, x0, y0, free):
    """Put openings in the stretches of wall that open, and a window in a few of the others."""
    for f in range(len(rows)):
        axis = rows[f, 0]
        line = (xs if axis == 0 else ys)[rows[f, 1] + 1] - 1
        lines = ys if axis == 0 else xs
        a, b = lines[rows[f, 2]], lines[rows[f, 3]]
        if opened[f]:
            open_wall(state, rules, what, jamb, axis, line, a, b, a + (y0 if axis == 0 else x0), free)
        elif b - a >= 3 and chance(state, rules.windows):
            glaze(state, what, jamb, axis, line, a, b)


@njit(**ENTRY)
def dress(state, world, rules, claim, pieces, boxes, kinds, ceil, xs, ys, x0, y0, base, free):
    """Furnish every room of a block; pillars keep to the district's lattice, 4 to 6 cells wide."""
    pitch = 4 + int(2.999 * even(world, GRAIN, x0, y0, rules.wave))
    for k in range(len(boxes)):
        if kinds[k] == ROOM:
            a, b, c, d = xs[boxes[k, 0]], ys[boxes[k, 1]], xs[boxes[k, 2]], ys[boxes[k, 3]]
            top, run = ceil[b, a], base + (1 << 22)
            dress_room(state, rules, claim, pieces, (a, b, c, d), top, free, run, pitch, x0 % pitch, y0 % pitch)
