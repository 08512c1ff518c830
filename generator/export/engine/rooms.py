"""Rooms of a chunk and the portals between them, from the plan's cells and what stands on their borders."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ...plan.floorplan import CELL_M, CHUNK_CELLS, Floorplan
from ...plan.ground import PART_M, ground, shut
from ..region import Chunk
from .agent import Agent
from .cells import chunk_cells, chunk_corner, level_rectangles
from .colliders import Collider, in_the_way

THIN_M = 1e-3
"""Gaps narrower than this are none."""


@dataclass(frozen=True)
class Room:
    """The part of a room that lies in a chunk. name: of its identity in the world; rectangles (R, 4) x0, y0, x1, y1 of
    its cells, metres from the chunk's south-west corner; floor, ceiling: its lowest and its highest."""

    name: str
    rectangles: NDArray[np.float64]
    floor: float
    ceiling: float


@dataclass(frozen=True)
class Portal:
    """An opening between two rooms: the middle of its sill (3,), metres from the chunk's south-west corner; the way
    through it from the first room to the second (2,); width, height; whether an agent fits."""

    rooms: tuple[str, str]
    middle: NDArray[np.float64]
    way: tuple[float, float]
    width: float
    height: float
    passable: bool


def room_name(ident: int) -> str:
    """Give the name of a room's identity, the same in every file."""
    return f"room_{np.uint64(np.int64(ident)):016x}"


def rooms_of(plan: Floorplan, chunk: Chunk) -> list[Room]:
    """List the rooms of a chunk of a plan, in the order of their names."""
    cells = chunk_cells(chunk, plan.origin)
    ident, out = plan.room[cells], []
    for room in np.unique(ident):
        own = ident == room
        rectangles = _rectangles(own)
        floor, ceiling = float(plan.floor_m[cells][own].min()), float(plan.ceiling_m[cells][own].max())
        out.append(Room(room_name(room), rectangles, floor, ceiling))
    return sorted(out, key=lambda room: room.name)


def portals_of(plan: Floorplan, chunk: Chunk, upright: Sequence[Collider], agent: Agent) -> list[Portal]:
    """List the openings between the rooms of a chunk, and to rooms beyond its east and north sides.

    upright: what stands on the plan. Those on the west and south sides are the neighbours'. A portal is what walls
    leave free of a line between cells, cut where one ceases to be able to step across it.
    """
    low = chunk_corner(chunk, plan.origin)
    first = np.rint(low / CELL_M).astype(int)
    shape = np.array([shapely.Polygon(solid.outline) for solid in upright], object)
    blocks = in_the_way(plan, upright, agent.height_m)
    tree, over = shapely.STRtree(shape[blocks]), shapely.STRtree(shape[~blocks])
    bottom = np.array([solid.bottom for solid in upright])[~blocks]
    steps, out = _Steps(ground(plan), shut(plan), agent.step_m), []
    for axis in (0, 1):
        for start, end, a, b in _lines(plan, first, axis):
            line = shapely.LineString([start, end])
            met = tree.geometries[tree.query(line, predicate="intersects")]
            free = shapely.difference(line, shapely.union_all(met)) if len(met) else line
            for whole in shapely.get_parts(free):
                for piece, sill, climbed in steps.stretches(whole, axis) if whole.length >= THIN_M else ():
                    heads = bottom[over.query(piece, predicate="intersects")]
                    out.append(_portal(plan, piece, (sill, climbed), (axis, a, b), heads, low, agent))
    return out


@dataclass(frozen=True)
class _Steps:
    """ground, shut (NY, NX) on squares of PART_M: heights, and where nobody walks; step_m: what is climbed."""

    ground: NDArray[np.float64]
    shut: NDArray[np.bool_]
    step_m: float

    def stretches(self, line: shapely.LineString, axis: int) -> Iterator[tuple[shapely.LineString, float, bool]]:
        """Cut a line between cells, as ``_lines`` has its axis, where one ceases to be able to step across it.

        Yields each stretch, the height of its sill, and whether one can.
        """
        ends = np.asarray(line.coords)
        (first, last), fixed = np.sort(ends[:, 1 - axis]), ends[0, axis]
        inner = np.arange(np.floor(first / PART_M + 1e-6) + 1, np.ceil(last / PART_M - 1e-6)) * PART_M
        edge = np.concatenate([[first], inner, [last]])
        at, across = np.floor(0.5 * (edge[1:] + edge[:-1]) / PART_M).astype(int), round(fixed / PART_M)
        sides = [(at, k) if axis == 0 else (k, at) for k in (across - 1, across)]
        height = np.stack([self.ground[side] for side in sides])
        climbed = (np.ptp(height, axis=0) <= self.step_m + 1e-9) & ~(self.shut[sides[0]] | self.shut[sides[1]])
        cut = [0, *(np.flatnonzero(np.diff(climbed)) + 1), len(climbed)]
        for k, after in itertools.pairwise(cut):
            span = [(fixed, edge[n]) if axis == 0 else (edge[n], fixed) for n in (k, after)]
            yield shapely.LineString(span), float(height[:, k:after].max()), bool(climbed[k])


def _portal(
    plan: Floorplan, piece: shapely.LineString, over: tuple[float, bool], between, heads: NDArray, low: NDArray,
    agent: Agent,
) -> Portal:  # fmt: skip
    axis, (ja, ia), (jb, ib) = between
    sill, climbed = over
    top = float(min(plan.ceiling_m[ja, ia], plan.ceiling_m[jb, ib], *heads))
    x, y = np.asarray(piece.interpolate(0.5, normalized=True).coords)[0] - low
    fits = piece.length >= 2 * agent.radius_m and top - sill >= agent.height_m and climbed
    rooms = room_name(plan.room[ja, ia]), room_name(plan.room[jb, ib])
    way = (1.0, 0.0) if axis == 0 else (0.0, 1.0)
    return Portal(rooms, np.array([x, y, sill]), way, float(piece.length), top - sill, bool(fits))


def _lines(plan: Floorplan, first: NDArray[np.int64], axis: int) -> Iterator[tuple]:
    """Straight lines between two rooms of a chunk, and beyond its far side: start, end, a cell of each room.

    axis 0: lines along y, between a cell and its east neighbour; 1: along x, between a cell and its north one.
    """
    rows, cols = plan.room.shape
    for across in range(CHUNK_CELLS):
        run: list[int] = []
        previous: tuple[int, int] | None = None
        for along in range(CHUNK_CELLS + 1):
            cell = (first[1] + along, first[0] + across) if axis == 0 else (first[1] + across, first[0] + along)
            after = (cell[0], cell[1] + 1) if axis == 0 else (cell[0] + 1, cell[1])
            inside = along < CHUNK_CELLS and after[0] < rows and after[1] < cols
            pair = (int(plan.room[cell]), int(plan.room[after])) if inside else None
            if run and pair != previous:
                yield _line(first, axis, across, run)
                run = []
            if pair is not None and pair[0] != pair[1]:
                run.append(along)
            previous = pair


def _line(first, axis: int, across: int, run: list[int]):
    fixed = (first[axis] + across + 1) * CELL_M
    along = (first[1 - axis] + np.array([run[0], run[-1] + 1])) * CELL_M
    ends = [(fixed, t) if axis == 0 else (t, fixed) for t in along]
    middle = first[1 - axis] + run[len(run) // 2]
    cell = (middle, first[0] + across) if axis == 0 else (first[1] + across, middle)
    return ends[0], ends[1], cell, (cell[0], cell[1] + 1) if axis == 0 else (cell[0] + 1, cell[1])


def _rectangles(own: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.array([r[:4] for r in level_rectangles(own.astype(np.float64)) if r[4] > 0.0])
