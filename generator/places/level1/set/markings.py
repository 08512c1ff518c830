"""What is painted: stalls and their numbers, arrows, hatching, joints' sealant, bands about columns.

Paint lies a millimetre over the slab, and its surface is the slab's with paint on it: where that is worn off, the same
slab shows as beside it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from ....geometry.kit import Index
from ....geometry.level import Mesh
from ....geometry.panels import Panel, panels
from ....plan.floorplan import CELL_MODULES, CHUNK_CELLS, Floorplan
from ....plan.floorplan import MODULE_M as M
from ..plan.cores import cores
from ..plan.docks import docks
from ..plan.layout import Stall, is_parking, stalls
from ..plan.racks import BAY, DEPTH, bays
from ..plan.structure import Structure, column_outline, column_places, structure_of
from ..plan.tiles import EDGE, SPAN, Tile, box_in, in_tile, tiles
from ..plan.uses import Use
from ..plan.walls import THICK, WIDE, is_wall, openings
from ..plan_settings import FloorShares
from ..settings import Level1Scene
from .marks import LINE_M, Shape, arrow, bar, hatching, moved, number

OVER_M = 0.001
"""How far paint lies over what it is painted on."""
CUT_M, CUTS = 0.009, 4
"""Width of a cut in a hall's slab with its broken edges, and panels to a span: 4.57 m. Source: CSA A23.1, 5 m at
most."""
SEALANT_M = 0.022
"""Half the width of a movement joint in the slab."""
BANDS = (("band/yellow", 1.37), ("band/red", 1.22), ("band/blue", 1.22), ("band/yellow", 0.91))
FIGURES, NUMBER_UP_M = 1.9, 4.62
"""How much larger than a stall's a dock's figures are, and how high their middle is, over the hood of its door."""
BANDED = 0.62
"""Share of tiles whose columns have a band, and the kinds of bands: colour and height in metres."""
Marks = list[tuple[str, Shape]]
Ends = tuple[NDArray[np.float64], NDArray[np.float64]]


def markings(plan: Floorplan, index: Index, scene: Level1Scene, seed: int) -> list[Mesh]:
    """Paint on the floor and the columns of a plan's region, cut at its border."""
    floor: list[Panel] = []
    upright: list[Panel] = []
    for tile, at in tiles_of(plan, seed, scene.plan.shares):
        built = structure_of(tile, scene.plan)
        for name, shape in _floor_marks(tile, scene):
            floor += [(ring, index[name]) for ring in _within(shape + at, plan)]
        upright += _dock_numbers(tile, scene, at, plan, index)
        upright += _bands(tile, built, at, plan, index)
    out = []
    if floor:
        mesh = panels(floor)
        out.append(replace(mesh, uv=mesh.vertices[:, :2].astype(np.float32)))
    return [*out, panels(upright)] if upright else out


def tiles_of(plan: Floorplan, seed: int, shares: FloorShares) -> list[tuple[Tile, NDArray[np.float64]]]:
    """List the tiles of a plan's region, with their corners (2,) in metres from its own."""
    i0, j0, i1, j1 = (c * CHUNK_CELLS * CELL_MODULES for c in plan.chunks)
    return [(t, np.array([t.x0 - i0, t.y0 - j0]) * M) for t in tiles(seed, i0, j0, i1, j1, shares)]


def _floor_marks(tile: Tile, scene: Level1Scene) -> Marks:
    """All that is painted on a tile's floor, metres from its corner."""
    marks = _joints(tile, scene)
    if tile.use != Use.CARPARK:
        marks += [("sealant", shape) for shape in _saw_cuts(tile)]
        marks += [("paint/yellow", shape) for shape in _rack_lines(tile, scene)]
    if not is_parking(tile, scene.plan):
        return marks
    rows = stalls(tile, scene.plan)
    colour = "white" if tile.draw("paint") < 0.7 else "yellow"
    marks += [(f"paint/{colour}", shape) for shape in _stall_lines(tile, rows)]
    if tile.draw("numbered") < 0.7:
        marks += [(f"paint/{colour}", shape) for shape in _numbers(tile, rows, scene.look.anomalies)]
    marks += [("paint/white", shape) for shape in _arrows(tile, scene.look.anomalies)]
    return marks + [("paint/yellow", shape) for shape in _keep_clear(tile, scene)]


def _joints(tile: Tile, scene: Level1Scene) -> Marks:
    """Sealant in the joints at a tile's east and north side."""
    wide, high = (tile.x1 - tile.x0) * M, (tile.y1 - tile.y0) * M
    half = SEALANT_M
    sides = bar(wide - half, 0.0, wide + half, high), bar(0.0, high - half, wide, high + half)
    return [("sealant", side) for axis, side in enumerate(sides) if not is_wall(tile, axis, scene.plan)]


def _saw_cuts(tile: Tile) -> list[Shape]:
    """Joints cut into a hall's slab, into panels of 4.57 m; those along the aisles end at those across."""
    half, step = CUT_M / M / 2, SPAN / CUTS
    across = np.arange(EDGE + step / 2, tile.along, step).tolist()
    along = np.arange(EDGE + step / 2, tile.across, step).tolist()
    out = [_strip(tile, 0.05, t - half, tile.across - 0.05, t + half) for t in across]
    ends = [0.05, *across, tile.along - 0.05]
    for s in along:
        out += [_strip(tile, s - half, a + 2 * half, s + half, b - 2 * half) for a, b in pairwise(ends)]
    return out


def _rack_lines(tile: Tile, scene: Level1Scene) -> list[Shape]:
    """A line on the floor before each rack, from bay to bay."""
    half, off = LINE_M / M / 2, DEPTH / 2 + 0.35
    out, found = [], bays(tile, scene.plan)
    for row in sorted({bay.row for bay in found}):
        own = [bay for bay in found if bay.row == row]
        back = any(abs(other.s - own[0].s) < 3.0 and other.row != row for other in found)
        ways = (1.0 if row % 2 else -1.0,) if back else (-1.0, 1.0)
        out += [
            _strip(tile, bay.s + way * off - half, bay.t, bay.s + way * off + half, bay.t + BAY)
            for bay in own for way in ways
        ]  # fmt: skip
    return out


def _placed(tile: Tile, shapes: list[Shape], s: float, t: float, turn: float) -> list[Shape]:
    """Shapes moved to (s, t), in modules, their +y turned from along the aisle towards it; never mirrored."""
    place = np.array(in_tile(tile, s, t)) * M
    return moved(shapes, place, -np.pi / 2 - turn if tile.turned else turn)


def _strip(tile: Tile, s0: float, t0: float, s1: float, t1: float) -> Shape:
    """A rectangle across and along the aisles, in modules."""
    return bar(*(c * M for c in box_in(tile, s0, t0, s1, t1)))


def _stall_lines(tile: Tile, rows: list[Stall]) -> list[Shape]:
    """The lines between stalls, from the column line's end to the aisle."""
    half = LINE_M / M / 2
    sides = {(stall.row, stall.nose, stall.mouth, t) for stall in rows for t in (stall.t0, stall.t1)}
    out = []
    for row, nose, mouth, t in sorted(sides):
        way = 1.0 if mouth > nose else -1.0
        short = 0.18 * tile.draw("line", row, round(2 * t))
        out.append(_strip(tile, nose + 0.85 * way, t - half, mouth - short * way, t + half))
    return out


def _numbers(tile: Tile, rows: list[Stall], wrong: float) -> list[Shape]:
    """A number in the mouth of every stall, legible from the aisle. They count on along a row, but for what is wrong:
    a row that counts down, one that skips, one whose stalls have one number all."""
    out: list[Shape] = []
    for row in sorted({stall.row for stall in rows}):
        own = [stall for stall in rows if stall.row == row]
        value = 1 + int(tile.draw("first", row) * 980)
        mood = tile.draw("mood", row) / max(wrong, 1e-9)
        for k, stall in enumerate(own):
            figures = number(_counted(value, k, mood))
            s = stall.mouth - 0.75 * stall.way
            out += _placed(tile, figures, s, (stall.t0 + stall.t1) / 2, np.pi / 2 * stall.way)
    return out


def _counted(first: int, nth: int, mood: float) -> int:
    """The number of a row's nth stall; mood: under 1 in a row that is wrong."""
    if mood < 0.25:
        return first
    if mood < 0.5:
        return max(first - nth, 1)
    if mood < 1.0:
        return first + nth + 10 * (nth // 4)
    return first + nth


def _arrows(tile: Tile, wrong: float) -> list[Shape]:
    """Arrows in the aisles, each on the right of its lane; now and then one that points across."""
    out: list[Shape] = []
    oneway = tile.draw("one way") < 0.4
    for span, middle in enumerate(tile.aisles):
        up = tile.draw("up", span) < 0.5
        for n, t in enumerate(tile.bay_lines[1:-2:2]):
            if tile.draw("arrow", span, n) < 0.35:
                continue
            lanes = ((0.0, up),) if oneway else ((2.8, True), (-2.8, False))
            turned_off = np.pi / 2 if tile.draw("arrow turn", span, n) < 0.10 * wrong else 0.0
            for aside, forth in lanes:
                turn = (0.0 if forth else np.pi) + turned_off
                out += _placed(tile, arrow(), middle + aside, t + tile.bay / 2, turn)
    return out


def _keep_clear(tile: Tile, scene: Level1Scene) -> list[Shape]:
    """Hatching before the faces of cores, and before openings at the sides of the outermost rows."""
    out: list[Shape] = []
    for core in cores(tile, scene.plan):
        for face, way in ((core.s0, -1.0), (core.s1, 1.0)):
            box = _strip(tile, face + 0.3 * way, core.t0 + 0.8, face + 3.9 * way, core.t1 - 0.8)
            (x0, y0), (x1, y1) = box.min(axis=0), box.max(axis=0)
            out += hatching(x0, y0, x1, y1)
    axis = 1 if tile.turned else 0
    if is_wall(tile, axis, scene.plan):
        for gap in openings(tile, axis):
            if gap.wide == WIDE:
                s = tile.across - EDGE - 1.2
                out.append(_strip(tile, s - 0.5, gap.middle - 4.4, s, gap.middle + 4.4))
    return out


def _dock_numbers(tile: Tile, scene: Level1Scene, at: NDArray, plan: Floorplan, index: Index) -> list[Panel]:
    """Numbers on the wall over docks."""
    out: list[Panel] = []
    off = THICK * 1e-4 / 2 + OVER_M
    wide, high = (tile.x1 - tile.x0) * M - off, (tile.y1 - tile.y0) * M - off
    for dock in docks(tile, scene.plan, scene.look.anomalies):
        if not dock.number:
            continue
        for shape in number(dock.number):
            (u0, v0), (u1, v1) = FIGURES * shape.min(axis=0), FIGURES * shape.max(axis=0)
            along = dock.along * M
            ends = [(wide, along - u) if dock.axis == 0 else (along + u, high) for u in (u0, u1)]
            start, end = (np.array(place) + at for place in ends)
            cut = _cut_line(start, end, plan)
            if cut is not None:
                (x0, y0), (x1, y1) = cut
                low, top = NUMBER_UP_M + v0, NUMBER_UP_M + v1
                out.append(([(x0, y0, low), (x1, y1, low), (x1, y1, top), (x0, y0, top)], index["band/yellow"]))
    return out


def _bands(tile: Tile, built: Structure, at: NDArray, plan: Floorplan, index: Index) -> list[Panel]:
    """Paint about the feet of a tile's columns."""
    draw = tile.draw("band")
    if draw >= BANDED:
        return []
    name, up = BANDS[int(draw / BANDED * len(BANDS))]
    outline = column_outline(built) * 1e-4
    ring = outline * (1.0 + OVER_M / np.abs(outline).max(axis=0))
    out: list[Panel] = []
    for place in column_places(tile) * 1e-4 + at:
        corners = ring + place
        low, high = corners.min(axis=0), corners.max(axis=0)
        if (high <= 0.0).any() or (low >= plan.size_m).any():
            continue
        whole = (low >= 0.0).all() and (high <= plan.size_m).all()
        for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            ends = (a, b) if whole else _cut_line(a, b, plan)
            if ends is not None:
                (x0, y0), (x1, y1) = ends
                out.append(([(x0, y0, 0.0), (x1, y1, 0.0), (x1, y1, up), (x0, y0, up)], index[name]))
    return out


def _cut_line(a: NDArray[np.float64], b: NDArray[np.float64], plan: Floorplan) -> Ends | None:
    """The part of a line in the region, or None."""
    cut = shapely.get_coordinates(shapely.clip_by_rect(shapely.LineString([a, b]), 0.0, 0.0, *plan.size_m))
    return (cut[0], cut[1]) if len(cut) == 2 else None


def _within(shape: Shape, plan: Floorplan) -> list[NDArray[np.float64]]:
    """What is left of a convex shape in the region, as an outline (K, 3) over the floor."""
    low, high = shape.min(axis=0), shape.max(axis=0)
    if (high <= 1e-6).any() or (low >= np.array(plan.size_m) - 1e-6).any():
        return []
    if (low < 0.0).any() or (high > plan.size_m).any():
        cut = shapely.clip_by_rect(shapely.Polygon(shape), 0.0, 0.0, *plan.size_m)
        if cut.geom_type != "Polygon" or cut.area < 1e-5:
            return []
        shape = shapely.get_coordinates(shapely.orient_polygons(cut))[:-1]
    return [np.column_stack([shape, np.full(len(shape), OVER_M)])]
