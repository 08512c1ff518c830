"""A window on the endless floor where districts have grammars: drawn one over the other, then joined."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .....plan.lattice import ARCH, CELL, COLUMNS, HEADER, OPEN, WALL
from ...plan_settings import CORRIDORS
from ..block import Block, block, sides
from ..tiling import BLOCK_BIT
from ..window import RASTERS, blank, blocks_in, draw_seams, pieces_in
from . import lines
from .districts import District, Drawing, districts_over, drawn, identity_of, keys, owners, shares
from .joined import join_blocks, join_border
from .known import CROOKED, OFFICES, OPEN_FLOORS, value_of
from .pieces import kept

AROUND = 14
"""Cells about a window that are drawn too: what stands in it may reach as far out."""
OFFICE, WAY, VIEW = -1, 1000, 1001
"""Owners of cells that are no district's: offices, corridors of the maze, long views."""
RUN = 6
"""Cells along a border of districts that are shut or open together."""
SHUT, SHUT_OPEN, SHUT_HALL, SHUT_WAY, SHUT_VIEW = 0.62, 0.25, 0.85, 0.84, 0.8
"""How much of a border has a wall: between two districts, between two open ones, about a sealed one; of a corridor's
and of a long view's sides."""
LONG_THICK = 2400
TILE, MARGIN = 64, 7
"""Cells along a tile, two chunks, and about it, as many as a plan draws about its region."""
TILES_KEPT = 48
"""Tiles that are kept in memory, about 0.6 MB each: those of a row of 82 chunks, and more."""
KEPT = 256
"""Squares of 146 m of which the long view is kept in memory."""
_EDGE, _LONG = 28, 27


class Mix(NamedTuple):
    """What is laid over the offices: the grammars' weights; are there corridors of the maze; how many of the
    squares of ``lines`` have a long view, and a long wall."""

    weights: tuple[tuple[str, float], ...]
    ways: bool
    long_views: float
    long_walls: float


class _View(NamedTuple):
    """The raster that is drawn, larger than the window: its box, rasters, owners, drawings, sealed and cut sides."""

    box: tuple[int, int, int, int]
    block: Block
    owner: NDArray[np.int64]
    sealed: NDArray[np.bool_]
    cut: NDArray[np.bool_]


def mixed_window(
    world: np.uint64, rules: np.void, mix: Mix, x0: int, y0: int, nx: int, ny: int
) -> tuple[Block, NDArray[np.float32]]:
    """Draw nx × ny cells from cell (x0, y0); returns them and the map of their grammars, as ``known.value_of`` says.

    A window that lies in one TILE is cut out of it, so that a chunk costs little where its neighbours are drawn too.
    """
    i, j = (x0 + MARGIN) // TILE, (y0 + MARGIN) // TILE
    dx, dy = x0 + MARGIN - i * TILE, y0 + MARGIN - j * TILE
    if dx + nx > TILE + 2 * MARGIN or dy + ny > TILE + 2 * MARGIN:
        return _drawn(world, rules, mix, x0, y0, nx, ny)
    tile, grammar = _tile(world, rules, mix, i, j)
    to = slice(dy, dy + ny), slice(dx, dx + nx)
    rasters = {name: np.ascontiguousarray(getattr(tile, name)[(..., *to)]) for name in RASTERS}
    pieces = pieces_in(tile.pieces, -dx * CELL, -dy * CELL, nx * CELL, ny * CELL)
    return Block(**rasters, pieces=pieces), grammar[to]


@lru_cache(maxsize=TILES_KEPT)
def _tile(world: np.uint64, rules: np.void, mix: Mix, i: int, j: int) -> tuple[Block, NDArray[np.float32]]:
    """Draw a tile and MARGIN about it; its pieces have a head as a block's do. The last TILES_KEPT are kept."""
    side = TILE + 2 * MARGIN
    drawn, grammar = _drawn(world, rules, mix, i * TILE - MARGIN, j * TILE - MARGIN, side, side)
    return drawn._replace(pieces=_headed(drawn.pieces)), grammar


def _drawn(
    world: np.uint64, rules: np.void, mix: Mix, x0: int, y0: int, nx: int, ny: int
) -> tuple[Block, NDArray[np.float32]]:
    """Draw nx × ny cells from cell (x0, y0), whatever they are."""
    numbers = blocks_in(world, x0, y0, nx, ny)
    box = _around(numbers, x0, y0, nx, ny)
    districts = districts_over(world, dict(mix.weights), box)
    drawings = [drawn(int(world), d, int(rules["ceiling"]), int(rules["maze"])) for d in districts]
    owner = owners(world, districts, box)
    sealed = _claim(owner, districts, drawings, box)
    view = _View(box, blank(box[2] - box[0], box[3] - box[1]), owner, sealed, np.zeros((2, *owner.shape), bool))
    inner = _offices(world, rules, view, numbers)
    for k, drawing in enumerate(drawings):
        if drawing is not None:
            _lay(view, drawing, k)
    floors = np.isin(owner, [k for k, d in enumerate(districts) if d.grammar in OPEN_FLOORS])
    _strips(world, rules, mix, view, floors)
    _edges(world, view, floors)
    _long_walls(world, view, mix.long_walls)
    _mend_arches(view.block)
    before = view.block.what.copy()
    join_blocks(world, rules, view.block, box[:2], numbers.values())
    for vertex in {vertex for number in numbers for vertex in sides(*number)}:
        join_border(world, rules, view.block, box[:2], vertex)
    view.cut[before != view.block.what] = True
    pieces = _pieces(view, inner, districts, drawings, (x0, y0, nx, ny))
    to = slice(y0 - box[1], y0 - box[1] + ny), slice(x0 - box[0], x0 - box[0] + nx)
    cropped = {name: np.ascontiguousarray(getattr(view.block, name)[(..., *to)]) for name in RASTERS}
    return Block(**cropped, pieces=pieces), _grammars(owner, districts)[to]


def _around(numbers: dict, x0: int, y0: int, nx: int, ny: int) -> tuple[int, int, int, int]:
    """The box that is drawn for a window: its blocks whole, and AROUND more than the window."""
    boxes = np.array(list(numbers.values()))
    low = np.minimum(boxes[:, :2].min(axis=0) - 1, [x0 - AROUND, y0 - AROUND])
    high = np.maximum(boxes[:, 2:].max(axis=0) + 1, [x0 + nx + AROUND, y0 + ny + AROUND])
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _claim(
    owner: NDArray[np.int64],
    districts: list[District],
    drawings: list[Drawing | None],
    box: tuple[int, int, int, int],
) -> NDArray[np.bool_]:
    """Give cells that no grammar wants to the offices; returns which cells are sealed."""
    sealed = np.zeros(owner.shape, bool)
    for k, drawing in enumerate(drawings):
        if drawing is None:
            owner[owner == k] = OFFICE
            continue
        to, of = _overlap(drawing, box)
        mine = owner[to]
        mine[(mine == k) & ~drawing.own[of]] = OFFICE
        sealed[to] |= (mine == k) & drawing.sealed[of]
    return sealed


def _overlap(drawing: Drawing, box: tuple[int, int, int, int]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Where a drawing lies on a box's raster, and which part of it that is."""
    (west, south), (h, w) = drawing.corner, drawing.own.shape
    x0, x1 = max(west, box[0]), min(west + w, box[2])
    y0, y1 = max(south, box[1]), min(south + h, box[3])
    to = slice(y0 - box[1], max(y1, y0) - box[1]), slice(x0 - box[0], max(x1, x0) - box[0])
    of = slice(y0 - south, max(y1, y0) - south), slice(x0 - west, max(x1, x0) - west)
    return to, of


def _offices(world: np.uint64, rules: np.void, view: _View, numbers: dict) -> list[tuple[Block, tuple[int, int]]]:
    """Draw the blocks that have offices in them; returns them with their corners."""
    x0, y0, _, _ = view.box
    inner = []
    for number, (bx0, by0, bx1, by1) in numbers.items():
        to = slice(by0 - y0, by1 - y0), slice(bx0 - x0, bx1 - x0)
        if not (view.owner[to] == OFFICE).any():
            continue
        inside = block(world, rules, *number)
        inner.append((inside, (bx0, by0)))
        for name in RASTERS:
            getattr(view.block, name)[(..., *to)] = getattr(inside, name)
    if inner:
        (i0, j0), (i1, j1) = (f(np.array(list(numbers)), axis=0) for f in (np.min, np.max))
        draw_seams(world, rules, x0, y0, (int(i0), int(i1)), (int(j0), int(j1)), view.block)
    return inner


def _lay(view: _View, drawing: Drawing, number: int) -> None:
    """Lay a district's drawing over the cells that it owns."""
    to, of = _overlap(drawing, view.box)
    mine = view.owner[to] == number
    if not mine.any():
        return
    for name in RASTERS:
        np.copyto(getattr(view.block, name)[(..., *to)], getattr(drawing.block, name)[(..., *of)], where=mine)


def _strips(world: np.uint64, rules: np.void, mix: Mix, view: _View, floors: NDArray[np.bool_]) -> None:
    """Lay corridors through the offices, the maze's main ones and long views through all that is not sealed."""
    if mix.ways:
        strips = lines.ways(world, int(rules["maze"]), view.box)
        main = [strip for strip in strips if strip.is_main]
        _lay_strips(view, rules, main, WAY, ~view.sealed, floors)
        _lay_strips(view, rules, strips, WAY, view.owner == OFFICE)
    if mix.long_views > 0.0:
        views = [_view_of(world, mix.weights, mix.long_views, *number) for number in lines.squares(view.box, 0)]
        _lay_strips(view, rules, [strip for strip in views if strip is not None], VIEW, ~view.sealed, floors)


@lru_cache(maxsize=KEPT)
def _view_of(
    world: np.uint64, weights: tuple[tuple[str, float], ...], share: float, i: int, j: int
) -> lines.Strip | None:
    """The long view of a square: the first that no district of crooked walls can lie across. The last KEPT are kept."""
    for strip in lines.view_candidates(world, i, j, share):
        across = districts_over(world, dict(weights), strip.box)
        if not any(district.grammar in CROOKED for district in across):
            return strip
    return None


def _lay_strips(
    view: _View,
    rules: np.void,
    strips: Sequence[lines.Strip],
    owner: int,
    free: NDArray[np.bool_],
    floors: NDArray[np.bool_] | None = None,
) -> None:
    """Make the free cells of strips corridors; on open floors they are aisles under the ceiling that is there."""
    x0, y0, _, _ = view.box
    number = np.full(free.shape, -1, np.int64)
    for k, strip in enumerate(strips):
        a, b, c, d = strip.box
        number[max(b - y0, 0) : max(d - y0, 0), max(a - x0, 0) : max(c - x0, 0)] = k
    taken = (number >= 0) & free
    if not taken.any():
        return
    of = number[taken]
    word = np.array([strip.word for strip in strips], np.uint64)
    base = identity_of(word, ((word >> np.uint64(20)) & np.uint64(0x3FFFF)).astype(np.int64) << BLOCK_BIT)
    view.owner[taken], view.block.room[taken] = owner, base[of]
    view.block.grid[taken] = (1 + 8 * np.array([strip.axis for strip in strips], np.uint8))[of]
    view.block.ceil[taken if floors is None else taken & ~floors] = int(rules["ceiling"])


def _edges(world: np.uint64, view: _View, is_open: NDArray[np.bool_]) -> None:
    """Stand walls on parts of the borders between owners; take away all others from sides of corridors' cells."""
    x0, y0, _, _ = view.box
    owner, b = view.owner, view.block
    for axis in range(2):
        h, w = owner.shape
        one = (slice(None), slice(0, w - 1)) if axis == 0 else (slice(0, h - 1), slice(None))
        two = (slice(None), slice(1, w)) if axis == 0 else (slice(1, h), slice(None))
        p, q = owner[one], owner[two]
        inner = (p == q) & (p >= WAY)
        b.what[axis][one][inner] = OPEN
        y, x = np.nonzero(p != q)
        if not len(x):
            continue
        share = np.full(len(x), SHUT)
        pair = np.stack([p[y, x], q[y, x]])
        share[(is_open[one] & is_open[two])[y, x]] = SHUT_OPEN
        share[(view.sealed[one] | view.sealed[two])[y, x]] = SHUT_HALL
        share[(pair == WAY).any(axis=0)] = SHUT_WAY
        share[(pair == VIEW).any(axis=0)] = SHUT_VIEW
        loose = (pair >= WAY).any(axis=0) & (is_open[one] | is_open[two])[y, x]
        share[loose | (pair >= WAY).all(axis=0)] = 0.0
        along, line = (y + y0, x + x0) if axis == 0 else (x + x0, y + y0)
        short = np.where((pair >= WAY).any(axis=0), 2, RUN)
        words = keys(world, _EDGE, line, along // short, axis)
        at = (axis, y, x)
        b.what[at] = np.where(shares(words) < share, WALL, OPEN)
        b.jamb[axis, :, y, x] = 0
        b.thick[at] = np.where(words >> np.uint64(60) < 5, 1500, 1200)
        long = keys(world, _EDGE, line, along // 64, axis + 2)
        b.run[at] = identity_of(long, ((long >> np.uint64(3)) & np.uint64(0x3FFFFFFFFFF)).astype(np.int64))


def _long_walls(world: np.uint64, view: _View, share: float) -> None:
    """Stand the long walls that reach into the view, but not in sealed districts nor across long views."""
    if share <= 0.0:
        return
    x0, y0, x1, y1 = view.box
    for number in lines.squares(view.box, lines.WALL[1]):
        strip = lines.long_wall(world, *number, share)
        if strip is None:
            continue
        a, b, c, d = strip.box
        axis = 1 - strip.axis
        to = slice(max(b - y0, 0), max(min(d, y1 - 1) - y0, 0)), slice(max(a - x0, 0), max(min(c, x1 - 1) - x0, 0))
        beside = slice(to[0].start + axis, to[0].stop + axis), slice(to[1].start + 1 - axis, to[1].stop + 1 - axis)
        if to[0].start >= to[0].stop or to[1].start >= to[1].stop:
            continue
        stands = ~(view.sealed[to] | view.sealed[beside])
        stands &= (view.owner[to] != VIEW) & (view.owner[beside] != VIEW)
        y, x = np.nonzero(stands)
        along = (y + to[0].start + y0) if axis == 0 else (x + to[1].start + x0)
        shut = shares(keys(world, _LONG, along // 2, np.full_like(along, strip.word & 0xFFFFFF))) < 0.93
        at = (axis, y[shut] + to[0].start, x[shut] + to[1].start)
        view.block.what[at], view.block.thick[at] = WALL, LONG_THICK
        view.block.jamb[axis, :, at[1], at[2]] = 0
        view.block.run[at] = identity_of(np.uint64(strip.word), (strip.word & 0x3FFFF) << BLOCK_BIT)
        view.cut[axis, y + to[0].start, x + to[1].start] = True


def _mend_arches(b: Block) -> None:
    """Make headers of arches that something has cut: an arch stands between two jambs."""
    for axis in range(2):
        what, low, high = (np.moveaxis(a, axis, 0) for a in (b.what[axis], b.jamb[axis, 0], b.jamb[axis, 1]))
        arch = what == ARCH
        on = np.zeros(arch.shape, bool)
        on[:-1] = arch[:-1] & arch[1:] & (high[:-1] == 0) & (low[1:] == 0)
        back = np.zeros(arch.shape, bool)
        back[1:] = on[:-1]
        cut = arch & ((~on & (high == 0)) | (~back & (low == 0)))
        for _ in range(2):  # no arch is wider than three cells
            cut[:-1] |= on[:-1] & cut[1:]
            cut[1:] |= back[1:] & cut[:-1]
        what[cut] = HEADER


def _pieces(
    view: _View,
    inner: list[tuple[Block, tuple[int, int]]],
    districts: list[District],
    drawings: list[Drawing | None],
    window: tuple[int, int, int, int],
) -> NDArray[np.int64]:
    """The pieces of blocks and districts that stay, from the window's corner."""
    x0, y0, x1, y1 = view.box
    w, h = (x1 - x0) * CELL, (y1 - y0) * CELL
    sources = [(inside.pieces, corner, OFFICE, False) for inside, corner in inner]
    for k, drawing in enumerate(drawings):
        if drawing is not None:
            sources.append((drawing.block.pieces, drawing.corner, k, drawing.is_sealed))
    sealed, others, of = [np.zeros((0, COLUMNS), np.int64)], [np.zeros((0, COLUMNS), np.int64)], [np.zeros(0, np.int64)]
    for rows, (west, south), owner, is_sealed in sources:
        near = pieces_in(rows, (west - x0) * CELL, (south - y0) * CELL, w, h)
        (sealed if is_sealed else others).append(near)
        if not is_sealed:
            of.append(np.full(len(near), owner))
    every = np.concatenate([kept(np.concatenate(others), np.concatenate(of), view.owner, view.cut), *sealed])
    wx, wy, nx, ny = window
    return pieces_in(_headed(every), (x0 - wx) * CELL, (y0 - wy) * CELL, nx * CELL, ny * CELL)


def _headed(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pieces with their count before them, as a block has them."""
    return np.concatenate([np.full((1, COLUMNS), len(rows) + 1), rows])


def _grammars(owner: NDArray[np.int64], districts: list[District]) -> NDArray[np.float32]:
    """The map of grammars, and of corridors, those of long views included."""
    number = np.array([value_of(d.grammar) for d in districts] + [value_of(CORRIDORS), value_of(OFFICES)], np.float32)
    return number[np.where(owner >= WAY, len(districts), owner)]
