"""The noun of the plan stage: walls in plan for one rectangle of chunks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

MODULE_M = 0.6096
"""Side of the ceiling module: 2 ft (lay-in ceilings are sold in 2 × 2 and 2 × 4 ft)."""
CELL_MODULES = 2
CELL_M = CELL_MODULES * MODULE_M
CHUNK_CELLS = 32
CHUNK_M = CHUNK_CELLS * CELL_M
CHUNK_LIMIT = 2**30
"""Largest absolute chunk index. Source: float64 spacing at 2^30 chunks is 8 µm."""
DISTRICT_MAPS = ("openness", "decay", "damp", "power", "height")
"""What differs between districts, hundreds of metres apart."""


class WallKind(IntEnum):
    """What a wall segment is. Every kind is an upright box: its rectangle in plan times [bottom, top].

    WALL, PARTITION: from the floor to the ceiling. HALF: free-standing, below eye height.
    HEADER: over an opening, from its underside to the ceiling (a doorway's too). SILL: under a window.
    ARCH: a header whose underside is the upper half of an ellipse springing from ``bottom`` at both ends and
    reaching ``wall_crown`` in its middle.
    """

    WALL = 0
    PARTITION = 1
    HALF = 2
    HEADER = 3
    SILL = 4
    ARCH = 5


class SolidKind(IntEnum):
    """What a solid (a polygon in plan, floor to ceiling unless its z says otherwise) is.

    GROUND: what a place is dug into, solid from floor to roof. STEP: floor, higher than its cell's: an upright box
    whose sides lie on quarters of cells; one walks on its top.
    """

    PILLAR = 0
    PILASTER = 1
    BLOCK = 2
    CURVED_WALL = 3
    OBLIQUE_WALL = 4
    GROUND = 5
    STEP = 6


class LampState(IntEnum):
    """Whether a troffer works."""

    ON = 0
    DEAD = 1
    FAILING = 2


@dataclass(frozen=True)
class Floorplan:
    """Walls, rooms and lamps of a rectangle of whole chunks.

    All coordinates are metres relative to the south-west corner of chunk ``origin``, x east, y north, z up,
    so that a place far from the world's origin is as exact as the origin. ``NX, NY`` count cells.

    chunks: half-open rectangle (i0, j0, i1, j1) of chunk indices; ``origin`` is (i0, j0).
    wall_xy (W, 4): centre line x0, y0, x1, y1. A wall is exactly the rectangle of length |p1 - p0| and width
        ``wall_thickness`` about it; the plan has already lengthened ends at joints.
    wall_thickness (W,), wall_z (W, 2) bottom and top, wall_kind (W,) WallKind, wall_crown (W,) crown height of
        an arch, else 0.  Tops at the ceiling are written as the higher of the two ceilings beside the wall.
    wall_run (W,) int64: stable identity, over the whole world, of the straight run a wall belongs to;
        one wallpaper per run and side.
    solid_xy (V, 2), solid_start (S + 1,), solid_kind (S,) SolidKind, solid_z (S, 2), solid_run (S,): polygons,
        counter-clockwise, ring k = solid_xy[solid_start[k]:solid_start[k + 1]], not repeated at the end.
    slit_box (G, 4): x0, y0, x1, y1 of gaps between thick walls that are there to look into; nobody walks there.
    floor_m, ceiling_m (NY, NX): height of the floor of each cell, and of the ceiling over it. The builder puts risers
        and fascias where they step. Solids of kind STEP raise parts of a cell's floor: see ``ground``.
    room (NY, NX) int64: stable identity of the room that a cell belongs to.
    open_east, open_north (NY, NX) bool: the lattice the maze was cut from: may one walk from a cell to its
        east / north neighbour? (walls drawn off the lattice do not count).
    district_maps: what varies slowly, sampled at the cells' centres, each (NY, NX) float32 in 0..1, by the names of
        DISTRICT_MAPS; and, where a place has it, "traffic": how much each cell is walked on.
    lamp_xy (L, 2) centres, lamp_kind (L,) which of the place's luminaires, lamp_axis (L,) 0 when its long side
        (1.2192 m of a troffer) runs along x, 1 along y, lamp_z (L,) mounting height: of a recessed lamp the ceiling's
        there, lamp_state (L,) LampState, lamp_id (L,) uint64 stable over the whole world, lamp_kelvin (L,) colour
        temperature.
    """

    chunks: tuple[int, int, int, int]
    wall_xy: NDArray[np.float64]
    wall_thickness: NDArray[np.float64]
    wall_z: NDArray[np.float64]
    wall_kind: NDArray[np.uint8]
    wall_crown: NDArray[np.float64]
    wall_run: NDArray[np.int64]
    solid_xy: NDArray[np.float64]
    solid_start: NDArray[np.int64]
    solid_kind: NDArray[np.uint8]
    solid_z: NDArray[np.float64]
    solid_run: NDArray[np.int64]
    slit_box: NDArray[np.float64]
    floor_m: NDArray[np.float64]
    ceiling_m: NDArray[np.float64]
    room: NDArray[np.int64]
    open_east: NDArray[np.bool_]
    open_north: NDArray[np.bool_]
    district_maps: dict[str, NDArray[np.float32]]
    lamp_xy: NDArray[np.float64]
    lamp_kind: NDArray[np.uint8]
    lamp_axis: NDArray[np.uint8]
    lamp_z: NDArray[np.float64]
    lamp_state: NDArray[np.uint8]
    lamp_id: NDArray[np.uint64]
    lamp_kelvin: NDArray[np.float64]

    @property
    def origin(self) -> tuple[int, int]:
        """Chunk whose south-west corner is (0, 0)."""
        return self.chunks[0], self.chunks[1]

    @property
    def size_m(self) -> tuple[float, float]:
        """Width and depth in metres."""
        i0, j0, i1, j1 = self.chunks
        return (i1 - i0) * CHUNK_M, (j1 - j0) * CHUNK_M
