"""The world cut along movement joints: blocks of the world into strips, strips into tiles of one column grid each.

A tile is some spans of 30 modules (60 ft) wide and some long, and a module of slab beyond its outermost columns on
each side; so the columns of two tiles stand 1.22 m apart across their joint, as they do in a building.
Source of span and bay: a cast-in-place parking deck, columns 18 ft apart along and 60 ft across; concreteparking.org.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ....plan.lattice import MODULE
from ....seed import Rng, hash64, rng_for
from ..plan_settings import FloorShares
from .uses import Use, use_at

SPAN = 30
"""Modules from column line to column line across the aisle: 60 ft, 18.29 m."""
BLOCK = 12 * SPAN + 8
"""Modules along the side of a block of the world: 224 m, four strips of four tiles."""
CUTS = ((3, 3, 3, 3), (2, 3, 3, 4), (2, 2, 4, 4), (3, 3, 2, 4))
"""Spans of the strips of a block, and of the tiles of a strip, in some order: 12 in all."""
EDGE = 1
"""Modules from a movement joint to the nearest column line."""
KEPT = 64
"""Blocks of the world that are kept."""
FLOOR = FloorShares()
"""All of it car park."""
BAYS = (9, 10), (20, 18)
"""Modules between columns along the aisles of a car park and of a hall: the first that divides a tile's length."""


Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in modules of the world."""


class Tile(NamedTuple):
    """What lies between movement joints. x0, y0, x1, y1: modules of the world; ident: its own 62 bits.

    turned: beams span along y, not x. spans: how many, across the aisles. bay: modules between columns along the
    aisles. use: what it was built for.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    ident: int
    turned: bool
    spans: int
    bay: int
    use: Use = Use.CARPARK

    @property
    def across(self) -> int:
        """Modules across the aisles."""
        return self.y1 - self.y0 if self.turned else self.x1 - self.x0

    @property
    def along(self) -> int:
        """Modules along the aisles."""
        return self.x1 - self.x0 if self.turned else self.y1 - self.y0

    @property
    def span_lines(self) -> tuple[int, ...]:
        """Column lines along the aisles: modules from the tile's corner, across them."""
        return tuple(range(EDGE, self.across, SPAN))

    @property
    def aisles(self) -> tuple[float, ...]:
        """Middles of the aisles, one in each span: modules from the tile's corner, across them."""
        return tuple(line + SPAN / 2 for line in self.span_lines[:-1])

    @property
    def bay_lines(self) -> tuple[int, ...]:
        """Column lines across the aisles: modules from the tile's corner, along them."""
        return tuple(range(EDGE, self.along, self.bay))

    def draw(self, stream: str, *key: int) -> float:
        """Draw a number in 0..1 of this tile's own."""
        return (hash64(self.ident, f"level1.{stream}", *key) >> 11) * 2.0**-53

    def rng(self, stream: str, *key: int) -> Rng:
        """Return a random stream of this tile's own."""
        return rng_for(self.ident, f"level1.{stream}", *key)


def tiles(seed: int, x0: int, y0: int, x1: int, y1: int, shares: FloorShares = FLOOR) -> list[Tile]:
    """List all tiles that touch a rectangle of the world, in modules; shares: what the floor is used for."""
    plots = _plots_over(seed, (x0, y0, x1, y1))
    return [_tile(seed, plot, shares) for plot in plots if _overlap(plot.box, (x0, y0, x1, y1))]


def in_tile(tile: Tile, s: float, t: float) -> tuple[float, float]:
    """Turn a place across and along the aisles into one east and north of the tile's corner."""
    return (t, s) if tile.turned else (s, t)


def box_in(tile: Tile, s0: float, t0: float, s1: float, t1: float) -> tuple[float, float, float, float]:
    """Turn a rectangle across and along the aisles into x0, y0, x1, y1 from the tile's corner."""
    return (*in_tile(tile, s0, t0), *in_tile(tile, s1, t1))


def corner_of(tile: Tile, x0: int, y0: int) -> tuple[int, int]:
    """Give the tile's corner in 0.1 mm from a place (x0, y0) of the world in modules."""
    return (tile.x0 - x0) * MODULE, (tile.y0 - y0) * MODULE


class _Plot(NamedTuple):
    """A tile before it has a use: its box in modules of the world, and its identity."""

    box: Box
    ident: int

    @property
    def turned(self) -> bool:
        """Whether beams span along y."""
        return bool(self.ident & 1)


def _plots_over(seed: int, box: Box) -> list[_Plot]:
    """The plots of all blocks that touch a rectangle."""
    shift = [2 * (hash64(seed, "level1.shift", axis) % (BLOCK // 2)) for axis in (0, 1)]
    x0, y0, x1, y1 = box
    return [
        plot
        for j in range((y0 - shift[1]) // BLOCK, (y1 - 1 - shift[1]) // BLOCK + 1)
        for i in range((x0 - shift[0]) // BLOCK, (x1 - 1 - shift[0]) // BLOCK + 1)
        for plot in _block(seed, i, j, i * BLOCK + shift[0], j * BLOCK + shift[1])
    ]


@lru_cache(maxsize=KEPT)
def _block(seed: int, i: int, j: int, left: int, low: int) -> tuple[_Plot, ...]:
    """The plots of one block: strips that run north, or east."""
    rng = rng_for(seed, "level1.block", i, j)
    lying = rng.uniform() < 0.5
    out: list[_Plot] = []
    at = 0
    for n, wide in enumerate(_shuffled(rng)):
        up = 0
        for m, high in enumerate(_shuffled(rng)):
            ident = hash64(seed, "level1.tile", i, j, 4 * n + m) >> 2
            side = SPAN * wide + 2 * EDGE, SPAN * high + 2 * EDGE
            x0, y0, x1, y1 = (up, at, up + side[1], at + side[0]) if lying else (at, up, at + side[0], up + side[1])
            out.append(_Plot((left + x0, low + y0, left + x1, low + y1), ident))
            up += side[1]
        at += SPAN * wide + 2 * EDGE
    return tuple(out)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


def _tile(seed: int, plot: _Plot, shares: FloorShares) -> Tile:
    """A tile whose beams span along one of its sides."""
    x0, y0, x1, y1 = plot.box
    wide, long = (y1 - y0, x1 - x0) if plot.turned else (x1 - x0, y1 - y0)
    use = _use(seed, plot, shares)
    first, other = BAYS[use != Use.CARPARK]
    bay = first if (long - 2 * EDGE) % first == 0 else other
    return Tile(x0, y0, x1, y1, plot.ident, plot.turned, (wide - 2 * EDGE) // SPAN, bay, use)


def _use(seed: int, plot: _Plot, shares: FloorShares) -> Use:
    """The use of a plot: a warehouse that would touch a car park is a hall of middling height."""
    use = _alone(seed, plot, shares)
    if use != Use.WAREHOUSE or shares.halls >= 1.0:
        return use
    x0, y0, x1, y1 = plot.box
    around = x0 - 1, y0 - 1, x1 + 1, y1 + 1
    beside = (other for other in _plots_over(seed, around) if _overlap(other.box, around))
    return Use.MIXED if any(_alone(seed, other, shares) == Use.CARPARK for other in beside) else use


@lru_cache(maxsize=16 * KEPT)
def _alone(seed: int, plot: _Plot, shares: FloorShares) -> Use:
    """The use of a plot as the maps have it in its middle."""
    x0, y0, x1, y1 = plot.box
    jitter = [(hash64(plot.ident, f"level1.{name}") >> 11) * 2.0**-53 for name in ("use", "plant")]
    return use_at(seed, (x0 + x1) // 2, (y0 + y1) // 2, shares, (jitter[0], jitter[1]))


def _shuffled(rng: Rng) -> list[int]:
    """One of the CUTS in some order."""
    left = list(CUTS[rng.integers(0, len(CUTS))])
    return [left.pop(rng.integers(0, len(left))) for _ in range(len(left))]
