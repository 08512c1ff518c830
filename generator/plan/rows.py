"""From what a place draws on the lattice to a floorplan: rows of bars and rings, cut at the region's border."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from .floorplan import CHUNK_CELLS, CHUNK_LIMIT, Floorplan
from .lattice import CELL, COLUMNS, CORNER, RING, SLIT, UNIT_M


class Drawing(NamedTuple):
    """What a place draws about a rectangle of chunks, ``margin`` cells more on each side; lengths in 0.1 mm from there.

    rows (N, COLUMNS): bars and rings, as in ``lattice``. floor, ceil, room (h, w): heights of floor and ceiling, and
    room of every cell. passable (2, h, w): may one walk to the cell's east, north neighbour? district_maps: each
    (NY, NX) in 0..1, without the margin. lamp (L, 5): x, y, axis, mounting height, LampState; lamp_id (L,); lamp_kind
    (L,) which of the place's luminaires; kelvin (L,).
    """

    margin: int
    rows: NDArray[np.int64]
    floor: NDArray[np.int64]
    ceil: NDArray[np.int64]
    room: NDArray[np.int64]
    passable: NDArray[np.bool_]
    district_maps: dict[str, NDArray[np.float32]]
    lamp: NDArray[np.int64]
    lamp_id: NDArray[np.uint64]
    lamp_kind: NDArray[np.uint8]
    kelvin: NDArray[np.float64]


def ring_rows(
    corners: NDArray[np.int64], kind: int, bottom: int, top: int, run: int | NDArray[np.int64]
) -> NDArray[np.int64]:
    """List polygons (N, K, 2) of one kind and height as rows; run: one for all, or one for each (N,)."""
    count, sides, _ = corners.shape
    rows = np.zeros((count, sides + 1, COLUMNS), np.int64)
    rows[:, 0, :2] = RING, sides
    rows[:, 0, 4:7] = kind, bottom, top
    rows[:, 0, 9] = run
    rows[:, 1:, 0] = CORNER
    rows[:, 1:, 1:3] = corners
    return rows.reshape(-1, COLUMNS)


def slit_rows(corners: NDArray[np.int64], axis: int, thick: int) -> NDArray[np.int64]:
    """List rectangles (N, 4, 2) as rows of SLIT: their gaps run along an axis, their walls are so thick."""
    rows = ring_rows(corners, SLIT, 0, 0, 0)
    rows[rows[:, 0] == RING, 2:4] = axis, thick
    return rows


def rings_of(rows: NDArray[np.int64], kinds: Sequence[int]) -> NDArray[np.bool_]:
    """Which rows (N,) are heads or corners of rings of some kinds."""
    heads = np.flatnonzero(rows[:, 0] != CORNER)
    if not len(heads):
        return np.zeros(len(rows), bool)
    of = (rows[heads, 0] == RING) & np.logical_or.reduce([rows[heads, 4] == kind for kind in kinds])
    return np.repeat(of, np.diff([*heads, len(rows)]))


def check_chunks(chunks: tuple[int, int, int, int]) -> None:
    """Raise NoclipError when a rectangle of chunks is empty or reaches beyond ±2^30 chunks."""
    i0, j0, i1, j1 = chunks
    if i1 <= i0 or j1 <= j0:
        raise NoclipError(f"region {i0},{j0},{i1},{j1} holds no chunk: the second corner must lie beyond the first")
    if min(i0, j0) < -CHUNK_LIMIT or max(i1, j1) > CHUNK_LIMIT + 1:
        raise NoclipError(f"region {i0},{j0},{i1},{j1} lies outside the world: chunks go from -2^30 to 2^30")


def plan_of_drawing(chunks: tuple[int, int, int, int], drawn: Drawing) -> Floorplan:
    """The plan of a rectangle of chunks: walls and solids cut at its border, lamps whose middle lies in it."""
    i0, j0, i1, j1 = chunks
    m, nx, ny = drawn.margin, (i1 - i0) * CHUNK_CELLS, (j1 - j0) * CHUNK_CELLS
    shift, size = m * CELL, np.array([nx, ny]) * CELL
    is_slit = rings_of(drawn.rows, (SLIT,))
    rows = drawn.rows[~is_slit]
    xy, bars = _cut_bars(rows[rows[:, 0] < RING], shift, size)
    solid_xy, solid_start, rings = _cut_rings(rows, shift, size)
    at = drawn.lamp[:, :2] - shift
    lit = ((at >= 0) & (at < size)).all(axis=1)
    inner = slice(m, m + ny), slice(m, m + nx)
    return Floorplan(
        chunks=(i0, j0, i1, j1),
        wall_xy=xy * UNIT_M,
        wall_thickness=bars[:, 8] * UNIT_M,
        wall_z=bars[:, 5:7] * UNIT_M,
        wall_kind=bars[:, 4].astype(np.uint8),
        wall_crown=bars[:, 7] * UNIT_M,
        wall_run=bars[:, 9],
        solid_xy=solid_xy * UNIT_M,
        solid_start=solid_start,
        solid_kind=rings[:, 4].astype(np.uint8),
        solid_z=rings[:, 5:7] * UNIT_M,
        solid_run=rings[:, 9],
        slit_box=_cut_slits(drawn.rows[is_slit], shift, size) * UNIT_M,
        floor_m=np.asarray(drawn.floor[inner] * UNIT_M, np.float64),
        ceiling_m=np.asarray(drawn.ceil[inner] * UNIT_M, np.float64),
        room=drawn.room[inner],
        open_east=drawn.passable[0][inner],
        open_north=drawn.passable[1][inner],
        district_maps=drawn.district_maps,
        lamp_xy=np.asarray(at[lit] * UNIT_M, np.float64),
        lamp_kind=drawn.lamp_kind[lit],
        lamp_axis=drawn.lamp[lit, 2].astype(np.uint8),
        lamp_z=np.asarray(drawn.lamp[lit, 3] * UNIT_M, np.float64),
        lamp_state=drawn.lamp[lit, 4].astype(np.uint8),
        lamp_id=drawn.lamp_id[lit],
        lamp_kelvin=drawn.kelvin[lit],
    )


def _cut_rings(pieces: np.ndarray, shift: int, size: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Polygons in 0.1 mm, cut at the region's border: corners, starts, and the head rows of those that are left."""
    heads = np.flatnonzero(pieces[:, 0] == RING)
    if not len(heads):
        return np.zeros((0, 2), np.int64), np.zeros(1, np.int64), pieces[:0]
    count = pieces[heads, 1]
    corners = pieces[pieces[:, 0] == CORNER, 1:3] - shift
    starts = np.cumsum(count) - count
    low, high = np.minimum.reduceat(corners, starts), np.maximum.reduceat(corners, starts)
    whole = ((low >= 0) & (high <= size)).all(axis=1)
    crossing = ~whole & ((high > 0) & (low < size)).all(axis=1)
    rings = [corners[a : a + n] for a, n in zip(starts.tolist(), count.tolist(), strict=True)]
    parts, of = _cut([rings[k] for k in np.flatnonzero(crossing)], size)
    every = [rings[k] for k in np.flatnonzero(whole)] + parts
    kept = np.concatenate([np.flatnonzero(whole), np.flatnonzero(crossing)[of]])
    order = np.argsort(kept, kind="stable")
    ordered = [every[k] for k in order]
    ends = np.cumsum([0, *(len(ring) for ring in ordered)])
    return np.concatenate([np.zeros((0, 2), np.int64), *ordered]), ends, pieces[heads[kept[order]]]


def _cut_slits(rows: np.ndarray, shift: int, size: np.ndarray) -> np.ndarray:
    """The gaps (G, 4) of slits in 0.1 mm from the region's corner, cut at its border."""
    heads, corners = rows[rows[:, 0] == RING], (rows[rows[:, 0] == CORNER, 1:3] - shift).reshape(-1, 4, 2)
    inset = np.where(heads[:, 2:3] == [1, 0], heads[:, 3:4], 0)
    low, high = np.maximum(corners.min(axis=1) + inset, 0), np.minimum(corners.max(axis=1) - inset, size)
    return np.concatenate([low, high], axis=1)[(low < high).all(axis=1)]


def _cut(rings: list[np.ndarray], size: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """What is left of polygons in a rectangle from 0 to ``size``, counter-clockwise, in whole 0.1 mm; and of which."""
    if not rings:
        return [], np.zeros(0, np.int64)
    import shapely

    owner = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    shapes = shapely.polygons(shapely.linearrings(np.concatenate(rings).astype(float), indices=owner))
    cut = shapely.orient_polygons(shapely.intersection(shapes, shapely.box(0, 0, *size)))
    parts, of = shapely.get_parts(cut, return_index=True)
    left = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    outlines = [np.round(shapely.get_coordinates(p.exterior)[:-1]).astype(np.int64) for p in parts[left]]
    enough = np.array([len(outline) >= 3 for outline in outlines], bool)
    return [outline for outline in outlines if len(outline) >= 3], of[left][enough]


def _cut_bars(rows: np.ndarray, shift: int, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre lines (W, 4) in 0.1 mm from the region's corner, cut at its border, and the rows of those left."""
    axis = rows[:, 0]
    line = rows[:, 1] - shift
    a = np.maximum(rows[:, 2] - shift, 0)
    b = np.minimum(rows[:, 3] - shift, size[1 - axis])
    keep = (a < b) & (line >= 0) & (line <= size[axis])
    upright = np.stack([line, a, line, b], axis=1)
    level = np.stack([a, line, b, line], axis=1)
    return np.where(axis[:, None] == 0, upright, level)[keep], rows[keep]
