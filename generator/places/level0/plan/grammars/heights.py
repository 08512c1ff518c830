"""Heights, laid over what any grammar drew: sunken floors, podiums, pits, soffits, falling ceilings, blind stairs.

Each chunk draws places for them and keeps those that lie on open floor with room to pass all about, one cell off its
border: so no height depends on the window, and nothing is cut off. What is open stays joined:
1. The sides of a change of height are walls without openings, or have a row of free cells before them to walk along.
2. Where it bars a passage between two walls, steps lead over it at both ends; else one walks around it.
3. Of a sunken floor or a podium at least one side is steps; nothing else stands on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .....plan.floorplan import CHUNK_CELLS, SolidKind
from .....plan.ground import PARTS
from .....plan.lattice import CELL, COLUMNS, OPEN, WALL
from .....plan.random_kernels import between, chance, stream, uniform
from .....plan.rows import ring_rows
from ..block import Block
from .districts import keys, shares
from .pieces import bounds

PLACES, PASSAGES = 24, 96
"""Places that a chunk draws, and those more that count where they lie in a passage, of which there are few."""
RISE = 2000
"""A riser, 0.1 mm: what one person steps. Source: International Residential Code R311.7.5.1, at most 7 3/4 in."""
TREAD = CELL // PARTS
SOFFIT = 21000
"""Underside of a soffit, 0.1 mm."""
DEEP = (24000, 30000, 56000)
"""Depths of pits, 0.1 mm: two whose floor is in sight, and one into which no lamp reaches."""
_HEIGHT = 41
WEST, EAST, SOUTH, NORTH = range(4)


class Heights(NamedTuple):
    """Heights over a raster, lengths in 0.1 mm: floor, ceil (h, w); steps (N, COLUMNS): rows of rings; unlit (h, w):
    cells without a lamp; shut (2, h, w): sides, east and north, over which nobody steps."""

    floor: NDArray[np.int64]
    ceil: NDArray[np.int64]
    steps: NDArray[np.int64]
    unlit: NDArray[np.bool_]
    shut: NDArray[np.bool_]


class Box(NamedTuple):
    """Cells x0 to x1, y0 to y1, half-open."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and depth."""
        return self.x1 - self.x0, self.y1 - self.y0


class _Open(NamedTuple):
    """A chunk's open floor as bits, one integer for each row, and for each column: taken cells, sides that are open
    across the row (to the next one) and along it, and sides that are wall across it."""

    taken: tuple[list[int], list[int]]
    across: tuple[list[int], list[int]]
    along: tuple[list[int], list[int]]
    wall: tuple[list[int], list[int]]


class _Raster:
    """The heights of a raster while they are laid; cells count from its corner."""

    def __init__(self, view: Block) -> None:
        self.floor, self.ceil = np.zeros_like(view.ceil), view.ceil.copy()
        self.unlit, self.walked = np.zeros(view.ceil.shape, bool), np.zeros((2, *view.ceil.shape), bool)
        self.rows: list[NDArray[np.int64]] = [np.zeros((0, COLUMNS), np.int64)]

    def step(self, box: tuple[int, int, int, int], bottom: int, top: int) -> None:
        """Lay a step over a box x0, y0, x1, y1 in quarters of cells."""
        x0, y0, x1, y1 = (c * TREAD for c in box)
        corners = np.array([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]], np.int64)
        self.rows.append(ring_rows(corners, SolidKind.STEP, bottom, top, 0))


def heights(
    world: np.uint64,
    share: float,
    view: Block,
    corner: tuple[int, int],
    margin: int,
    spared: Sequence[tuple[int, int, int, int]] = (),
) -> Heights:
    """Lay heights over a window of whole chunks, ``margin`` cells more on each side; corner: its first cell.

    share: how many of the places that have the floor for it get one. spared: boxes of cells of the world, x0, y0, x1,
    y1, that stay as they are.
    """
    raster, taken = _Raster(view), _taken(view)
    for box in spared:
        x0, y0, x1, y1 = (max(c - corner[k % 2], 0) for k, c in enumerate(box))
        taken[y0:y1, x0:x1] = True
    rows, columns = ((n - 2 * margin) // CHUNK_CELLS for n in view.ceil.shape)
    for j in range(rows):
        for i in range(columns):
            x, y = margin + i * CHUNK_CELLS, margin + j * CHUNK_CELLS
            floor = _open_floor(view, taken, x, y)
            number = (corner[0] + x) // CHUNK_CELLS, (corner[1] + y) // CHUNK_CELLS
            words = keys(world, _HEIGHT, *np.broadcast_arrays(*number, np.arange(PLACES + PASSAGES)))
            for k in np.flatnonzero(shares(words) < share).tolist():
                _lay_one(stream(words[k]), floor, raster, (x, y), k < PLACES)
    return Heights(raster.floor, raster.ceil, np.concatenate(raster.rows), raster.unlit, _shut(raster))


def _shut(raster: _Raster) -> NDArray[np.bool_]:
    """Sides over which the floor steps too far, unless steps lead over them."""
    shut = np.zeros((2, *raster.floor.shape), bool)
    shut[0, :, :-1] = np.abs(np.diff(raster.floor, axis=1)) > RISE
    shut[1, :-1] = np.abs(np.diff(raster.floor, axis=0)) > RISE
    return np.asarray(shut & ~raster.walked)


def _taken(view: Block) -> NDArray[np.bool_]:
    """Cells (h, w) in which a piece stands."""
    taken = np.zeros(view.ceil.shape, bool)
    _, boxes = bounds(view.pieces)
    low, high = boxes[:, :2] // CELL, -(-boxes[:, 2:] // CELL)
    for (x0, y0), (x1, y1) in zip(np.maximum(low, 0).tolist(), high.tolist(), strict=True):
        taken[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)] = True
    return taken


def _open_floor(view: Block, taken: NDArray[np.bool_], x: int, y: int) -> _Open:
    """The open floor of the chunk whose corner is a raster's cell (x, y)."""
    at = slice(y, y + CHUNK_CELLS), slice(x, x + CHUNK_CELLS)
    east, north = view.what[0][at], view.what[1][at]
    level = view.ceil[at]
    to_east, to_north = east == OPEN, north == OPEN
    to_east[:, :-1] &= level[:, :-1] == level[:, 1:]
    to_north[:-1] &= level[:-1] == level[1:]
    return _Open(
        (_bits(taken[at]), _bits(taken[at].T)),
        (_bits(to_north), _bits(to_east.T)),
        (_bits(to_east), _bits(to_north.T)),
        (_bits(north == WALL), _bits((east == WALL).T)),
    )


def _bits(marks: NDArray[np.bool_]) -> list[int]:
    """Each row of marks as an integer, the first mark its lowest bit."""
    return list((marks << np.arange(marks.shape[1], dtype=np.int64)).sum(axis=1).tolist())


def _mask(low: int, high: int) -> int:
    return (1 << high) - (1 << low)


def _fits(floor: _Open, axis: int, row: int, low: int, high: int) -> bool:
    """Are cells low..high of a row (axis 0; a column: 1) free, and open to each other?"""
    mask, inner = _mask(low, high), _mask(low, high - 1)
    return not floor.taken[axis][row] & mask and floor.along[axis][row] & inner == inner


def _joins(floor: _Open, axis: int, row: int, low: int, high: int) -> bool:
    """Are all cells low..high of a row open to the next row?"""
    mask = _mask(low, high)
    return floor.across[axis][row] & mask == mask


def _is_wall(floor: _Open, box: Box, side: int) -> bool:
    """Is a side of a box all wall, and not the chunk's border?"""
    axis, line = (1, (box.x0, box.x1)[side]) if side < SOUTH else (0, (box.y0, box.y1)[side - SOUTH])
    low, high = (box.y0, box.y1) if side < SOUTH else (box.x0, box.x1)
    mask = _mask(low, high)
    return 0 < line < CHUNK_CELLS and floor.wall[axis][line - 1] & mask == mask


def _grown(floor: _Open, box: Box, most: tuple[int, int], may: Callable[[Box], bool] = lambda box: True) -> Box:
    """The box of open floor that a box grows to, one row after the other, at most so many cells wide and deep."""
    left = [True] * 4
    while any(left):
        for side in range(4):
            if left[side]:
                wider = _wider(floor, box, side, most)
                left[side] = wider is not None and may(wider)
                box = wider if left[side] and wider is not None else box
    return box


def _wider(floor: _Open, box: Box, side: int, most: tuple[int, int]) -> Box | None:
    """A box with one row of open floor more, or None where there is none."""
    axis = 1 if side < SOUTH else 0
    if box.size[1 - axis] >= most[1 - axis]:
        return None
    low, high = (box.y0, box.y1) if axis else (box.x0, box.x1)
    first, end = (box.x0, box.x1) if axis else (box.y0, box.y1)
    row, line = (first - 1, first - 1) if side % 2 == 0 else (end, end - 1)
    if not (0 <= row < CHUNK_CELLS and _joins(floor, axis, line, low, high) and _fits(floor, axis, row, low, high)):
        return None
    ends = min(first, row), max(end, row + 1)
    return Box(ends[0], low, ends[1], high) if axis else Box(low, ends[0], high, ends[1])


def _cells(box: Box, at: tuple[int, int]) -> tuple[slice, slice]:
    """The raster's cells of a box of the chunk whose corner is cell ``at``."""
    return slice(box.y0 + at[1], box.y1 + at[1]), slice(box.x0 + at[0], box.x1 + at[0])


def _take(floor: _Open, box: Box) -> None:
    """Mark the cells of a box as taken."""
    for axis, (low, high), (first, end) in ((0, box[::2], box[1::2]), (1, box[1::2], box[::2])):
        for row in range(first, end):
            floor.taken[axis][row] |= _mask(low, high)


def _lay_one(state: NDArray[np.uint64], floor: _Open, raster: _Raster, at: tuple[int, int], anywhere: bool) -> None:
    """Draw one place and what it shall be, and lay it where it has the floor."""
    u, x, y = uniform(state), int(between(state, 1, CHUNK_CELLS - 2)), int(between(state, 1, CHUNK_CELLS - 2))
    if not _fits(floor, 0, y, x, x + 1):
        return
    in_passage = any(_across(floor, Box(x, y, x + 1, y + 1), axis) for axis in (0, 1))
    if not (anywhere or in_passage):
        return
    kinds = IN_PASSAGES if in_passage else IN_ROOMS
    lay = next(lay for share, lay in kinds if u < share)
    used = lay(state, floor, Box(x, y, x + 1, y + 1), raster, at)
    if used is not None:
        _take(floor, used)


def _sides(state: NDArray[np.uint64], floor: _Open, box: Box, flush: float) -> tuple[Box, list[bool]]:
    """A box less a row of cells at every side that does not lie flush at a wall, and which sides do."""
    at_wall = [_is_wall(floor, box, side) and bool(chance(state, flush)) for side in range(4)]
    x0, y0, x1, y1 = box
    inner = Box(
        x0 + (not at_wall[WEST]), y0 + (not at_wall[SOUTH]), x1 - (not at_wall[EAST]), y1 - (not at_wall[NORTH])
    )
    return inner, at_wall


def _bars(at_wall: list[bool]) -> bool:
    """Do two opposite sides of a change of height lie at walls?"""
    return (at_wall[WEST] and at_wall[EAST]) or (at_wall[SOUTH] and at_wall[NORTH])


def _floor(state: NDArray[np.uint64], floor: _Open, box: Box, raster: _Raster, at: tuple[int, int]) -> Box | None:
    """A sunken floor or a podium of one to three risers."""
    most = int(between(state, 4, 13)), int(between(state, 4, 13))
    grown = _grown(floor, box, most)
    inner, at_wall = _sides(state, floor, grown, 0.7)
    risers, sinks = min(int(between(state, 1, 4)), 3), bool(chance(state, 0.68))
    if min(inner.size) < 2 or max(inner.size) < 3 or all(at_wall):
        return None
    flights = _flights(state, inner, at_wall)
    level = -risers * RISE if sinks else risers * RISE
    x0, y0, x1, y1 = (c + at[k % 2] for k, c in enumerate(inner))
    raster.floor[y0:y1, x0:x1] = level
    for side, (low, high) in flights.items():
        _flight(raster, Box(x0, y0, x1, y1), side, (low + at[side < SOUTH], high + at[side < SOUTH]), risers, sinks)
    if not sinks:
        _corners(raster, Box(x0, y0, x1, y1), flights, inner, risers)
    return grown


def _flights(state: NDArray[np.uint64], box: Box, at_wall: list[bool]) -> dict[int, tuple[int, int]]:
    """Which sides of a change of height are steps, from which cell to which: in a passage both ends, all across."""
    free = [side for side in range(4) if not at_wall[side]]
    chosen = {side: bool(chance(state, 0.45)) for side in free}
    narrow = _bars(at_wall)
    if not any(chosen.values()):
        chosen[free[int(between(state, 0, len(free) - 1))]] = True
    out = {}
    for side in free:
        low, high = (box.y0, box.y1) if side < SOUTH else (box.x0, box.x1)
        if not chosen[side] and not narrow:
            continue
        if high - low >= 4 and not narrow and chance(state, 0.5):
            low = int(between(state, low, high - 2))
            high = int(between(state, low + 2, min(high, low + 4)))
        out[side] = (low, high)
    return out


def _flight(raster: _Raster, box: Box, side: int, along: tuple[int, int], risers: int, sinks: bool) -> None:
    """Lay the steps at a side of a sunken floor, inside it, or of a podium, before it."""
    edge = 4 * box[(0, 2, 1, 3)[side]]
    inward = 1 if side % 2 == 0 else -1
    way = inward if sinks else -inward
    axis = 0 if side < SOUTH else 1
    for cell in range(*along):
        y, x = (cell, box[(0, 2)[side % 2]] - 1) if axis == 0 else (box[(1, 3)[side % 2]] - 1, cell)
        raster.walked[axis, y, x] = True
        for k in range(1, risers):
            a, b = sorted((edge + way * (k - 1), edge + way * k))
            part = (a, 4 * cell, b, 4 * cell + 4) if axis == 0 else (4 * cell, a, 4 * cell + 4, b)
            bottom, top = (-risers * RISE, -k * RISE) if sinks else (0, (risers - k) * RISE)
            raster.step(part, bottom, top)


def _corners(raster: _Raster, box: Box, flights: dict[int, tuple[int, int]], inner: Box, risers: int) -> None:
    """Lead the steps about those corners of a podium that two flights reach."""
    for x_side, x, way_x in ((WEST, box.x0, -1), (EAST, box.x1, 1)):
        for y_side, y, way_y in ((SOUTH, box.y0, -1), (NORTH, box.y1, 1)):
            if x_side not in flights or y_side not in flights:
                continue
            reaches = flights[x_side][y_side % 2] == (inner.y0, inner.y1)[y_side % 2]
            reaches &= flights[y_side][x_side % 2] == (inner.x0, inner.x1)[x_side % 2]
            for k in range(1, risers if reaches else 0):
                (a, c), (b, d) = sorted((4 * x, 4 * x + way_x * k)), sorted((4 * y, 4 * y + way_y * k))
                raster.step((a, b, c, d), 0, (risers - k) * RISE)


def _pits(state: NDArray[np.uint64], floor: _Open, box: Box, raster: _Raster, at: tuple[int, int]) -> Box | None:
    """A grid of pits one or two cells wide, a cell apart."""
    wide = int(between(state, 1, 2))
    most = int(between(state, 5, 15)), int(between(state, 5, 15))
    grown = _grown(floor, box, most)
    nx, ny = (max((n - 1) // (wide + 1), 0) for n in grown.size)
    if nx * ny < 2:
        return None
    deep = DEEP[int(between(state, 0, 2))]
    for v in range(ny):
        for u in range(nx):
            x, y = at[0] + grown.x0 + 1 + u * (wide + 1), at[1] + grown.y0 + 1 + v * (wide + 1)
            raster.floor[y : y + wide, x : x + wide] = -deep
    return grown


def _across(floor: _Open, box: Box, axis: int) -> Box | None:
    """A cell grown across a passage along an axis, at most 3 cells from wall to wall; None where there is none."""
    grown = _grown(floor, box, (1, 4) if axis == 0 else (4, 1))
    is_one = grown.size[1 - axis] <= 3 and all(_is_wall(floor, grown, side) for side in _beside(axis))
    return grown if is_one else None


def _beside(axis: int) -> tuple[int, int]:
    """The sides of what runs along an axis."""
    return (SOUTH, NORTH) if axis == 0 else (WEST, EAST)


def _passage(state: NDArray[np.uint64], floor: _Open, box: Box, long: int) -> tuple[Box, int] | None:
    """A passage between two walls, at most so long, and the axis that it runs along; None where there is none."""
    axes = [axis for axis in (0, 1) if _across(floor, box, axis) is not None]
    if not axes:
        return None
    axis = axes[int(between(state, 0, len(axes) - 1))]
    across = _across(floor, box, axis) or box
    most = (long, across.size[1]) if axis == 0 else (across.size[0], long)
    return _grown(floor, across, most, lambda wider: all(_is_wall(floor, wider, side) for side in _beside(axis))), axis


def _soffit(state: NDArray[np.uint64], floor: _Open, box: Box, raster: _Raster, at: tuple[int, int]) -> Box | None:
    """A low ceiling over one to three cells of a passage."""
    found = _passage(state, floor, box, int(between(state, 3, 5)))
    if found is None or found[0].size[found[1]] < 3:
        return None
    (x0, y0, x1, y1), axis = found
    x0, x1, y0, y1 = (x0 + 1, x1 - 1, y0, y1) if axis == 0 else (x0, x1, y0 + 1, y1 - 1)
    part = _cells(Box(x0, y0, x1, y1), at)
    raster.ceil[part], raster.unlit[part] = SOFFIT, True
    return found[0]


def _falling(state: NDArray[np.uint64], floor: _Open, box: Box, raster: _Raster, at: tuple[int, int]) -> Box | None:
    """A ceiling that steps down along a passage, two or three cells at a time."""
    found = _passage(state, floor, box, 20)
    each = int(between(state, 2, 3))
    if found is None or found[0].size[found[1]] < 3 * each:
        return None
    (x0, y0, x1, y1), axis = found
    first, end = (x0, x1) if axis == 0 else (y0, y1)
    high = int(raster.ceil[at[1] + y0, at[0] + x0])
    cells = range(first + 1, end - 1) if chance(state, 0.5) else range(end - 2, first, -1)
    for n, cell in enumerate(cells):
        part = (
            (slice(at[1] + y0, at[1] + y1), at[0] + cell)
            if axis == 0
            else (at[1] + cell, slice(at[0] + x0, at[0] + x1))
        )
        raster.ceil[part] = max(high - (n // each + 1) * RISE, SOFFIT)
    return found[0]


def _along_wall(floor: _Open, box: Box, side: int, cells: int) -> list[int]:
    """Where so many cells inside a box, none of them its first or last, lie along a wall at its side."""
    low, end = (box.y0, box.y1) if side < SOUTH else (box.x0, box.x1)
    span = [
        (k, box._replace(y0=k, y1=k + cells) if side < SOUTH else box._replace(x0=k, x1=k + cells))
        for k in range(low + 1, end - cells)
    ]
    return [k for k, part in span if _is_wall(floor, part, side)]


def _stair(state: NDArray[np.uint64], floor: _Open, box: Box, raster: _Raster, at: tuple[int, int]) -> Box | None:
    """A flight along a wall that rises to the ceiling."""
    grown = _grown(floor, box, (8, 8))
    if min(grown.size) < 3:
        return None
    high = int(raster.ceil[at[1] + grown.y0, at[0] + grown.x0])
    count = -(-high // RISE) - 1
    cells = -(-count // 4)
    places = [(side, low) for side in range(4) for low in _along_wall(floor, grown, side, cells)]
    if not places:
        return None
    side, low = places[int(between(state, 0, len(places) - 1))]
    axis = 1 if side < SOUTH else 0
    line = (grown.x0, grown.x1 - 1, grown.y0, grown.y1 - 1)[side]
    start, way = (low, 1) if chance(state, 0.5) else (low + cells, -1)
    for k in range(count):
        a, b = sorted((4 * (start + at[axis]) + way * k, 4 * (start + at[axis]) + way * (k + 1)))
        c = 4 * (line + at[1 - axis])
        top = high * (k + 1) // (count + 1) // 10 * 10
        raster.step((a, c, b, c + 4) if axis == 0 else (c, a, c + 4, b), 0, top)
    long, wide = (low, low + cells), (line, line + 1)
    (x0, x1), (y0, y1) = (long, wide) if axis == 0 else (wide, long)
    raster.unlit[_cells(Box(x0, y0, x1, y1), at)] = True
    return grown


IN_PASSAGES = ((0.4, _soffit), (0.7, _falling), (1.01, _floor))
IN_ROOMS = ((0.72, _floor), (0.88, _pits), (1.01, _stair))
"""What a place in a passage, or elsewhere, becomes, by cumulated share."""
