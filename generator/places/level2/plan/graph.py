"""The graph of tunnels: blocks of the world, a maze on the lines of each, links between them. Lengths in 0.1 mm.

A block has LINES lines each way, unevenly spaced, and a node where two cross. Its maze joins all its nodes, and at
least one link leads over each border of two blocks: so from every node every other can be reached. The lines of a block
lie SHIFT beside those of the next, so a link turns twice on the border and no tunnel is longer than a block.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ....plan.lattice import CELL
from ....plan.maze import maze
from ....seed import hash64, rng_for
from ..plan_settings import PlanSettings

BLOCK, LINES = 160, 5
"""Cells along the side of a block, 195 m; its lines each way."""
GAP, EDGE, SHIFT = 14, 12, 4
"""Least cells between two lines, and from a line to its block's border; how far the lines of every other block lie
beside the others'."""
MAZES = ("hunt_and_kill", "backtracker", "hunt_and_kill", "kruskal")
"""What a block's maze is carved with, as likely as it is listed: mostly long passages."""
LINKS = 0.45
"""Chance of a link over a border beside the one that is always there."""


Cell = tuple[int, int]


class Section(NamedTuple):
    """A tunnel's cross-section: its name, clear width and height."""

    name: str
    wide: int
    high: int


MAIN = Section("main", 29000, 30500)
"""A walk-through tunnel for steam mains. Source: Stanley Consultants, Utah State University, 2.90 × 3.05 m."""
WALK, LOW = Section("walk", 21300, 25400), Section("low", 16000, 21300)
CRAWL = Section("crawl", 9100, 19000)
"""The least that anyone builds: 1.9 m high and 0.7 m clear. Source: ITU-T, outside plant handbook, p. 396."""
SECTIONS = (MAIN, WALK, WALK, LOW)
"""Of a line, as likely as they are listed."""


class Node(NamedTuple):
    """Where legs meet: its own number over the world, and its place."""

    ident: int
    x: int
    y: int


class Leg(NamedTuple):
    """A straight tunnel from a node to the next, west to east (axis 0) or south to north (1), with its own number.

    cells: of the lattice that its lines make, those behind its left and its right wall.
    """

    axis: int
    low: Node
    high: Node
    section: Section
    ident: int
    cells: tuple[Cell, Cell]

    @property
    def line(self) -> int:
        """Where it lies across its axis."""
        return self.low.x if self.axis else self.low.y

    @property
    def span(self) -> tuple[int, int]:
        """From where to where it leads along its axis."""
        return (self.low.y, self.high.y) if self.axis else (self.low.x, self.high.x)


def draw(seed: int, stream: str, *key: int) -> float:
    """Draw a number in 0..1 that belongs to a key for ever."""
    return (hash64(seed, f"level2.{stream}", *key) >> 11) * 2.0**-53


def legs_about(settings: PlanSettings, seed: int, x0: int, y0: int, x1: int, y1: int) -> list[Leg]:
    """List the legs of all blocks that touch a rectangle of the world, in cells, and of the blocks to their west and
    south, which own the links between: so every node of those that touch it has all its legs."""
    i0, j0, i1, j1 = (c // BLOCK for c in (x0, y0, x1 - 1, y1 - 1))
    return [
        leg
        for j in range(j0 - 1, j1 + 1)
        for i in range(i0 - 1, i1 + 1)
        for leg in _block(seed, i, j, settings.loops, settings.crawl)
    ]


@lru_cache(maxsize=512)
def _block(seed: int, i: int, j: int, loops: float, crawl: float) -> tuple[Leg, ...]:
    """The legs of a block, and those that link it to its eastern and northern neighbours."""
    return (*_inner(seed, i, j, loops, crawl), *_links(seed, i, j, 0), *_links(seed, i, j, 1))


def _inner(seed: int, i: int, j: int, loops: float, crawl: float) -> list[Leg]:
    """The legs of a block's maze, and some more that make loops."""
    name = MAZES[int(draw(seed, "maze", i, j) * len(MAZES))]
    opened = maze(name, LINES, LINES, hash64(seed, "level2.carve", i, j))
    out = []
    for axis, passages in enumerate(opened):
        for n in range(LINES):
            for m in range(LINES):
                there = (m if axis == 0 else n) + 1 < LINES
                if there and (passages[n, m] or draw(seed, "loop", axis, i * LINES + m, j * LINES + n) < loops):
                    low, high = node_of(seed, i, j, m, n), node_of(seed, i, j, m + 1 - axis, n + axis)
                    section = section_of(seed, axis, i, j, m if axis else n)
                    out.append(_leg(seed, axis, low, high, section, crawl, _beside(axis, i * LINES + m, j * LINES + n)))
    return out


def _links(seed: int, i: int, j: int, axis: int) -> list[Leg]:
    """The links over a block's eastern (0) or northern (1) border: out, along the border, and on."""
    draws = [draw(seed, "link", i, j, axis, k) for k in range(LINES)]
    out = []
    for k, chance in enumerate(draws):
        if chance >= LINKS and chance > min(draws):
            continue
        ends = ((LINES - 1, k), (0, k)) if axis == 0 else ((k, LINES - 1), (k, 0))
        low, high = node_of(seed, i, j, *ends[0]), node_of(seed, i + 1 - axis, j + axis, *ends[1])
        border = ((j if axis else i) + 1) * BLOCK * CELL
        first, last = (Node(hash64(seed, "level2.turn", 2 * axis + n, i, j, k), *((border, end.y) if axis == 0 else
                       (end.x, border))) for n, end in enumerate((low, high)))  # fmt: skip
        before = section_of(seed, axis, i, j, k)
        after = section_of(seed, axis, i + 1 - axis, j + axis, k)
        sides = _beside(axis, i * LINES + ends[0][0], j * LINES + ends[0][1])
        back = (last.x, last.y) < (first.x, first.y)
        turn = (last, first) if back else (first, last)
        lower = min(before, after, key=lambda section: section.high)  # so that lines step in a long leg
        out.append(_leg(seed, axis, low, first, before, 0.0, sides))
        out.append(_leg(seed, 1 - axis, *turn, lower, 0.0, sides[::-1] if back else sides))
        out.append(_leg(seed, axis, last, high, after, 0.0, sides))
    return out


def _beside(axis: int, x: int, y: int) -> tuple[Cell, Cell]:
    """The cells of the lattice to the left and the right of the side from node (x, y) to its next along an axis."""
    return ((x, y), (x, y - 1)) if axis == 0 else ((x - 1, y), (x, y))


def _leg(
    seed: int, axis: int, low: Node, high: Node, section: Section, crawl: float, cells: tuple[Cell, Cell]
) -> Leg:  # fmt: skip
    """A leg between two nodes; now and then it is a crawlway whatever its line is."""
    ident = hash64(seed, "level2.leg", low.ident, axis)
    narrow = (hash64(ident, "level2.crawl") >> 11) * 2.0**-53 < crawl
    return Leg(axis, low, high, CRAWL if narrow and section != MAIN else section, ident, cells)


def node_of(seed: int, i: int, j: int, m: int, n: int) -> Node:
    """The node of block (i, j) on its m-th upright and n-th level line."""
    x, y = (_place(seed, 1, i, j, m), _place(seed, 0, i, j, n))
    return Node(hash64(seed, "level2.node", i * LINES + m, j * LINES + n), x, y)


def section_of(seed: int, axis: int, i: int, j: int, k: int) -> Section:
    """The cross-section of the k-th line along an axis of a block."""
    return SECTIONS[int(draw(seed, "section", axis, i, j, k) * len(SECTIONS))]


def _place(seed: int, axis: int, i: int, j: int, k: int) -> int:
    """Where the k-th line along an axis of block (i, j) lies across it: wide ones and narrow ones in the middle of
    cells, the others between two."""
    across, along = (i, j) if axis == 1 else (j, i)
    aside = SHIFT * (1 - 2 * (hash64(seed, "level2.aside", axis, across, along) % 2)) if along % 2 else 0
    cells = across * BLOCK + line_cells(seed, axis, across)[k] + aside
    return cells * CELL + (CELL // 2 if section_of(seed, axis, i, j, k) == MAIN else 0)


@lru_cache(maxsize=512)
def line_cells(seed: int, axis: int, across: int) -> tuple[int, ...]:
    """How many cells from a column's (1) or row's (0) border its lines lie: gaps between them unlike each other."""
    rng = rng_for(seed, "level2.lines", axis, across)
    free = BLOCK - 2 * EDGE - (LINES - 1) * GAP
    weights = [rng.uniform() ** 2 + 0.02 for _ in range(LINES + 1)]
    out, at = [], 0.0
    for k in range(LINES):
        at += weights[k] / sum(weights) * free
        out.append(EDGE + k * GAP + int(at))
    return tuple(out)
