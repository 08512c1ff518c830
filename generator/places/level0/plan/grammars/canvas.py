"""What a grammar draws a district on: walls on the lattice of cells, pieces off it, rooms."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .....plan.lattice import CELL, COLUMNS, PLAIN, WALL
from .....plan.random_kernels import below, between, chance, uniform
from .....plan.rows import ring_rows, slit_rows
from ..block import Block
from ..openings import open_up

TONGUES = 0.3
"""Share of tiles beside a ragged area that it reaches into."""
THIN = 1200
"""Thickness of a wall where nothing asks for another, 0.1 mm."""


class Site(NamedTuple):
    """A district as its grammar sees it, lengths in cells.

    west, south: its corner in the world; w, h: its size; edge: width of the strip along its sides that its neighbours
    share; base: first identity of its rooms and runs; ceiling: usual height, 0.1 mm; maze: number of the algorithm;
    state: its stream of random bits.
    """

    west: int
    south: int
    w: int
    h: int
    edge: int
    base: int
    ceiling: int
    maze: int
    state: NDArray[np.uint64]

    def along(self, axis: int) -> int:
        """Length of the lines of an axis, cells: 0 for upright lines, 1 for level ones."""
        return self.h if axis == 0 else self.w

    def below(self, n: int) -> int:
        """The next integer in [0, n)."""
        return int(below(self.state, n))

    def between(self, low: int, high: int) -> int:
        """The next integer in [low, high]."""
        return int(between(self.state, low, high))

    def chance(self, p: float) -> bool:
        """True with probability p."""
        return bool(chance(self.state, p))

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """The next number in [low, high)."""
        return low + (high - low) * float(uniform(self.state))


class Canvas:
    """A district while it is drawn; cells count from its south-west corner, axes are 0 for upright lines, 1 for level.

    own (h, w): cells that are the grammar's, the others are left to the offices; sealed (h, w): cells in which no
    later wall may stand. A sealed area has no wall of the lattice in it, what stands in it leaves its floor in one
    piece, and its outermost cells are free.
    """

    def __init__(self, site: Site, grid: int, ceiling: int | None = None) -> None:
        """Begin with bare floor: one room, one ceiling, one lattice of lamps."""
        h, w = site.h, site.w
        self.site, self.runs, self.rooms = site, 0, 0
        self.what, self.jamb = np.zeros((2, h, w), np.uint8), np.zeros((2, 2, h, w), np.int64)
        self.thick, self.run = np.zeros((2, h, w), np.int64), np.zeros((2, h, w), np.int64)
        self.rooms_of = np.full((h, w), site.base, np.int64)
        self.ceil = np.full((h, w), site.ceiling if ceiling is None else ceiling, np.int64)
        self.grid = np.full((h, w), grid, np.uint8)
        self.own, self.sealed = np.ones((h, w), bool), np.zeros((h, w), bool)
        self.pieces: list[NDArray[np.int64]] = []

    def keep_to(self, mask: NDArray[np.bool_]) -> None:
        """Leave all but some cells (h, w) to the offices, and seal those."""
        self.own[:] = mask
        self.sealed[:] = mask

    def wall(self, axis: int, line: int, a: int, b: int, thick: int = THIN) -> None:
        """Stand a wall on a line from a to b; what lies outside the district is left out."""
        a, b = max(a, 0), min(b, self.site.along(axis))
        if not 1 <= line <= self.site.along(1 - axis) or a >= b:
            return
        at = (axis, slice(a, b), line - 1) if axis == 0 else (axis, line - 1, slice(a, b))
        self.what[at], self.thick[at], self.run[at] = WALL, thick, self._run()
        self.jamb[axis, :, at[1], at[2]] = 0

    def box(self, x0: int, y0: int, x1: int, y1: int, thick: int = THIN) -> None:
        """Stand walls on the four sides of a rectangle."""
        for line in (x0, x1):
            self.wall(0, line, y0, y1, thick)
        for line in (y0, y1):
            self.wall(1, line, x0, x1, thick)

    def gap(self, axis: int, line: int, a: int, b: int, kind: int = PLAIN, word: int | None = None) -> None:
        """Open a wall from a to b; the same ``word`` gives the same jambs."""
        a, b = max(a, 0), min(b, self.site.along(axis))
        if 1 <= line <= self.site.along(1 - axis) and a < b:
            state = self.site.state if word is None else np.array([word], np.uint64)
            open_up(state, self.what, self.jamb, axis, line - 1, a, b, kind, False, False)

    def room(self, x0: int, y0: int, x1: int, y1: int, ceiling: int | None = None, grid: int | None = None) -> None:
        """Make a rectangle one room, with a ceiling and a lattice of lamps of its own."""
        at = slice(max(y0, 0), max(y1, 0)), slice(max(x0, 0), max(x1, 0))
        self.rooms += 1
        self.rooms_of[at] = self.site.base + self.rooms
        if ceiling is not None:
            self.ceil[at] = ceiling
        if grid is not None:
            self.grid[at] = grid

    def bar(self, axis: int, line: int, a: int, b: int, kind: int, top: int, thick: int = THIN) -> None:
        """Stand a straight wall off the lattice: line, from and to in 0.1 mm."""
        self.pieces.append(np.array([(axis, line, a, b, kind, 0, top, 0, thick, self._run())], np.int64))

    def solid(self, x0: int, y0: int, x1: int, y1: int, kind: int, top: int) -> None:
        """Stand an upright box over a rectangle, 0.1 mm."""
        self.solids(np.array([(x0, y0, x1, y1)]), kind, top)

    def solids(self, boxes: NDArray[np.int64], kind: int, top: int) -> None:
        """Stand upright boxes over rectangles (N, 4) x0, y0, x1, y1 in 0.1 mm."""
        self.rings(boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2), kind, top)

    def ring(self, corners: NDArray[np.float64], kind: int, top: int) -> None:
        """Stand an upright prism on corners (V, 2), counter-clockwise, 0.1 mm."""
        self.rings(corners[None], kind, top)

    def rings(self, corners: NDArray[np.float64] | NDArray[np.int64], kind: int, top: int) -> None:
        """Stand upright prisms on corners (N, V, 2), counter-clockwise, 0.1 mm."""
        runs = self.site.base + (1 << 22) + self.runs + 1 + np.arange(len(corners))
        self.runs += len(corners)
        self.pieces.append(ring_rows(np.round(corners).astype(np.int64), kind, 0, top, runs))

    def slit(self, axis: int, box: tuple[int, int, int, int], thick: int) -> None:
        """Mark the gap between two walls, both ``thick``, as one to look into; box: about both, axis: along it."""
        x0, y0, x1, y1 = box
        corners = np.array([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]], np.int64)
        self.pieces.append(slit_rows(corners, axis, thick))

    def top(self, x: float, y: float) -> int:
        """The ceiling's height over a place in 0.1 mm."""
        return int(self.ceil[int(y // CELL), int(x // CELL)])

    def block(self) -> Block:
        """What was drawn, as a block."""
        rows = np.concatenate([np.zeros((1, COLUMNS), np.int64), *self.pieces])
        rows[0, 0] = len(rows)
        return Block(self.what, self.jamb, self.thick, self.run, self.rooms_of, self.ceil, self.grid, rows)

    def _run(self) -> int:
        self.runs += 1
        return self.site.base + (1 << 22) + self.runs


def band(p: NDArray[np.float64], q: NDArray[np.float64], half: float) -> NDArray[np.float64]:
    """The corners (N, 4, 2) of straight walls from places p to q, both (N, 2), counter-clockwise; half a thickness."""
    along = (q - p) / np.hypot(*(q - p).T)[:, None] * half
    side = np.stack([along[:, 1], -along[:, 0]], axis=1)
    return np.stack([p + side, q + side, q - side, p - side], axis=1)


def grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells (h, w) of a mask, and those beside them."""
    out = mask.copy()
    out[1:] |= mask[:-1]
    out[:-1] |= mask[1:]
    out[:, 1:] |= mask[:, :-1]
    out[:, :-1] |= mask[:, 1:]
    return out


def ragged(site: Site, mask: NDArray[np.bool_], tile: int) -> NDArray[np.bool_]:
    """Cells (h, w) of the tiles that some cells lie in, and tongues one or two tiles long: a border without a line."""
    rows, columns = -(-site.h // tile), -(-site.w // tile)
    whole = np.pad(mask, ((0, rows * tile - site.h), (0, columns * tile - site.w)))
    tiles: NDArray[np.bool_] = np.asarray(whole.reshape(rows, tile, columns, tile).any(axis=(1, 3)))
    for _ in range(2):
        beside = np.argwhere(grown(tiles) & ~tiles)
        for y, x in beside[[site.chance(TONGUES) for _ in beside]]:
            tiles[y, x] = True
    return np.repeat(np.repeat(tiles, tile, axis=0), tile, axis=1)[: site.h, : site.w]


def between_lines(axis: int, low: int, high: int, a: int, b: int) -> tuple[int, int, int, int]:
    """The rectangle between two lines of an axis, from a to b along them."""
    return (low, a, high, b) if axis == 0 else (a, low, b, high)


def split(site: Site, box: tuple[int, int, int, int], least: int, most: int) -> list[tuple[int, int, int, int]]:
    """Rectangles x0, y0, x1, y1 that a rectangle is halved into until no side is longer than ``most``."""
    x0, y0, x1, y1 = box
    w, h = x1 - x0, y1 - y0
    side = max(w, h)
    if side < 2 * least or (side <= most and site.chance(0.6)):
        return [box]
    cut = site.between(least, side - least)
    if w >= h:
        parts = ((x0, y0, x0 + cut, y1), (x0 + cut, y0, x1, y1))
    else:
        parts = ((x0, y0, x1, y0 + cut), (x0, y0 + cut, x1, y1))
    return [leaf for part in parts for leaf in split(site, part, least, most)]
