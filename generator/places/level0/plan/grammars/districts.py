"""Districts: the endless floor in rectangles of 63 to 190 m whose borders run through each other.

They tile the plane as the blocks do, on a lattice of their own. Near a border a cell belongs to the district that lies
a few cells from it, the same few for all cells of a TILE, so tongues of one reach into the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .....plan.random_kernels import key, stream, unit
from .....seed import GOLDEN, mix
from ..block import Block, sides
from ..tiling import BLOCK_BIT, DISTRICT_BIT, GRAMMAR_BIT
from .canvas import Site
from .known import GRAMMARS, OFFICES, drawn_name

PITCH, SWAY = 104, 26
"""Mean side of a district, cells (127 m), and how far a border lies from its line of the lattice."""
REACH, TILE = 7, 5
"""How far a tongue reaches over a border, and how wide it is, cells."""
KEPT = 48
"""Districts that are kept in memory, about 1 MB each: as many as a row of 82 chunks lies in, and more."""
_BORDER, _GRAMMAR, _DRAW, _TONGUE = 31, 32, 33, 34


class District(NamedTuple):
    """A district: its number, its cells in the world as a half-open box x0, y0, x1, y1, its grammar's name."""

    number: tuple[int, int]
    box: tuple[int, int, int, int]
    grammar: str


def keys(world: np.uint64, number: int, a: NDArray, b: NDArray, c: NDArray | int = 0) -> NDArray[np.uint64]:
    """Hash integers of any sign, arrays of one shape, as ``random_kernels.key`` does one by one."""
    with np.errstate(over="ignore"):
        h = mix(world + GOLDEN * np.uint64(number + 1))
        h = mix(h ^ (_word(a) * np.uint64(0xD1342543DE82EF95) + GOLDEN))
        h = mix(h ^ (_word(b) * np.uint64(0xAF251AF3B0F025B5) + GOLDEN))
        return np.asarray(mix(h ^ (_word(c) * np.uint64(0xB564EF22EC7AECE5) + GOLDEN)))


def _word(values: NDArray | int) -> NDArray[np.uint64]:
    return np.asarray(values, np.int64).astype(np.uint64)


def shares(words: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Words as numbers in [0, 1)."""
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


def identity_of(word: NDArray[np.uint64] | np.uint64, own: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """Make the identities of what hashes name: the paper's district and GRAMMAR_BIT over bits of their ``own``."""
    return np.asarray((word >> np.uint64(45)).astype(np.int64) << DISTRICT_BIT | 1 << GRAMMAR_BIT | own)


def districts_over(world: np.uint64, weights: Mapping[str, float], box: tuple[int, int, int, int]) -> list[District]:
    """The districts that may own cells of a box, half-open."""
    x0, y0, x1, y1 = box
    found = []
    far = SWAY + REACH
    for j in range((y0 - far) // PITCH, (y1 + far - 1) // PITCH + 1):
        for i in range((x0 - far) // PITCH, (x1 + far - 1) // PITCH + 1):
            a, b, c, d = _box(world, i, j)
            if a - REACH < x1 and c + REACH > x0 and b - REACH < y1 and d + REACH > y0:
                u = float(unit(np.uint64(key(world, _GRAMMAR, i, j, 0))))
                found.append(District((i, j), (a, b, c, d), drawn_name(weights, u)))
    return found


def owners(world: np.uint64, districts: list[District], box: tuple[int, int, int, int]) -> NDArray[np.int64]:
    """Which of the districts each cell of a box belongs to (h, w)."""
    x0, y0, x1, y1 = box
    j, i = np.mgrid[y0 // TILE : (y1 - 1) // TILE + 1, x0 // TILE : (x1 - 1) // TILE + 1]
    words = keys(world, _TONGUE, i, j)
    span = np.uint64(2 * REACH + 1)
    u, v = (words % span).astype(np.int64), ((words >> np.uint64(32)) % span).astype(np.int64)
    rows, columns = np.arange(y0, y1), np.arange(x0, x1)
    tile = np.ix_(rows // TILE - y0 // TILE, columns // TILE - x0 // TILE)
    x, y = columns + u[tile] - REACH, rows[:, None] + v[tile] - REACH
    out = np.full(x.shape, -1, np.int64)
    for k, district in enumerate(districts):
        a, b, c, d = district.box
        out[(x >= a) & (x < c) & (y >= b) & (y < d)] = k
    return out


class Drawing(NamedTuple):
    """A district as its grammar draws it: its first cell in the world, and what ``Canvas`` says of the rest."""

    corner: tuple[int, int]
    block: Block
    own: NDArray[np.bool_]
    sealed: NDArray[np.bool_]
    is_sealed: bool


@lru_cache(maxsize=KEPT)
def drawn(world: int, district: District, ceiling: int, maze: int) -> Drawing | None:
    """A district as its grammar draws it, REACH cells larger on each side; None for offices.

    The last KEPT are kept, as chunk after chunk needs the same ones. Nobody writes into them.
    """
    if district.grammar == OFFICES:
        return None
    (i, j), (x0, y0, x1, y1) = district.number, district.box
    word = np.uint64(key(np.uint64(world), _DRAW, i, j, 0))
    base = int(identity_of(word, ((i & 511) << 9 | (j & 511)) << BLOCK_BIT))
    size = x1 - x0 + 2 * REACH, y1 - y0 + 2 * REACH
    site = Site(x0 - REACH, y0 - REACH, *size, 2 * REACH, base, ceiling, maze, stream(word))
    canvas = GRAMMARS[district.grammar](site)
    return Drawing((site.west, site.south), canvas.block(), canvas.own, canvas.sealed, bool(canvas.sealed.any()))


def _box(world: np.uint64, i: int, j: int) -> tuple[int, int, int, int]:
    """District (i, j) as half-open cells; the pattern of ``tiling.block_box``."""
    west, south, east, north = (_border(world, *side) for side in sides(i, j))
    return west, south, east, north


def _border(world: np.uint64, i: int, j: int) -> int:
    sway = int(key(world, _BORDER, i, j, 0) % np.uint64(2 * SWAY + 1)) - SWAY
    return (i if (i + j) % 2 == 0 else j) * PITCH + sway
