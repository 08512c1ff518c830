"""Patches: literal pieces of plan that a scene lays over what the maze has in their rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ....plan.floorplan import CELL_M, CHUNK_M, Floorplan, LampState, SolidKind, WallKind
from ....plan.sight import solid_rings
from ....seed import hash64
from ..patch_settings import Patch, PatchLamps

RUNS = -(2**61) - 1
"""Runs of patches count down from here; the maze's are never as low."""
_SNAP_M = 1e-4


def patched(plan: Floorplan, patches: Sequence[Patch]) -> Floorplan:
    """The plan with every patch laid over it, later ones over earlier ones."""
    for number, patch in enumerate(patches):
        plan = _with_patch(plan, patch, number)
    return plan


def run_of(patch: int, piece: int) -> int:
    """Identity of the wall run of a patch's wall or pillar (walls are counted first)."""
    return RUNS - 4096 * patch - piece


def papers_of(patches: Sequence[Patch]) -> dict[int, str]:
    """The wallpapers that patches demand, by wall run."""
    papers: dict[int, str] = {}
    for number, patch in enumerate(patches):
        wanted = [wall.paper for wall in patch.wall] + [pillar.paper for pillar in patch.pillar]
        papers.update({run_of(number, k): paper for k, paper in enumerate(wanted) if paper is not None})
    return papers


def corner_of(plan: Floorplan, patch: Patch) -> NDArray[np.float64]:
    """A patch's south-west corner (2,) relative to the plan's origin, on the lattice of cells."""
    world = np.round(np.array(patch.at) / CELL_M) * CELL_M
    return np.round((world - np.array(plan.origin, np.float64) * CHUNK_M) / _SNAP_M) * _SNAP_M


def _with_patch(plan: Floorplan, patch: Patch, number: int) -> Floorplan:
    low = corner_of(plan, patch)
    high = low + np.round(np.array(patch.size) / CELL_M) * CELL_M
    if (high <= 0).any() or (low >= plan.size_m).any():
        return plan
    plan = _cleared(plan, low, high)
    plan = _with_walls(plan, patch, number, low)
    plan = _with_pillars(plan, patch, number, low)
    for lattice, lamps in enumerate(patch.lamps):
        plan = _with_lattice(plan, patch, (number, lattice), low, lamps)
    return _with_cells(plan, patch, number, low, high)


def _cleared(plan: Floorplan, low: NDArray[np.float64], high: NDArray[np.float64]) -> Floorplan:
    """The plan without walls, solids and lamps in a rectangle; walls that cross its border end there."""
    rect = shapely.box(*(low - _SNAP_M), *(high + _SNAP_M))
    lines = shapely.linestrings(plan.wall_xy.reshape(-1, 2, 2))
    rest, wall = shapely.get_parts(shapely.difference(lines, rect), return_index=True)
    keep = shapely.length(rest) > _SNAP_M
    rest, wall = rest[keep], wall[keep]
    rings = solid_rings(plan)
    polygons = np.array([shapely.Polygon(ring) for ring in rings], object)
    stays = np.array([not rect.intersects(polygon) for polygon in polygons], bool)
    rings = [ring for ring, stay in zip(rings, stays, strict=True) if stay]
    inside = (plan.lamp_xy > low - CELL_M / 2) & (plan.lamp_xy < high + CELL_M / 2)
    dark = np.flatnonzero(~inside.all(axis=1))
    return replace(
        plan,
        wall_xy=np.round(shapely.get_coordinates(rest).reshape(-1, 4) / _SNAP_M) * _SNAP_M,
        **_rows(plan, ("wall_thickness", "wall_z", "wall_kind", "wall_crown", "wall_run"), wall),
        **_solids(rings),
        **_rows(plan, ("solid_kind", "solid_z", "solid_run"), stays),
        slit_box=plan.slit_box[~shapely.intersects(shapely.box(*plan.slit_box.T), rect)],
        **_rows(plan, tuple(name for name in vars(plan) if name.startswith("lamp_")), dark),
    )


def _rows(plan: Floorplan, names: tuple[str, ...], which: NDArray) -> dict[str, Any]:
    """Some of the plan's parallel arrays with some of their rows."""
    return {name: getattr(plan, name)[which] for name in names}


def _solids(rings: list[NDArray[np.float64]]) -> dict[str, Any]:
    start = np.cumsum([0] + [len(ring) for ring in rings])
    return {"solid_xy": np.concatenate([np.zeros((0, 2)), *rings]), "solid_start": start}


def _with_walls(plan: Floorplan, patch: Patch, number: int, low: NDArray[np.float64]) -> Floorplan:
    """Add the patch's walls, cut at the region's border."""
    region = shapely.box(0.0, 0.0, *plan.size_m)
    rows: list[tuple] = []
    for k, wall in enumerate(patch.wall):
        line = shapely.intersection(shapely.LineString(np.array(wall.line).reshape(2, 2) + low), region)
        if line.geom_type != "LineString" or line.length < _SNAP_M:
            continue
        ends = np.round(shapely.get_coordinates(line).ravel() / _SNAP_M) * _SNAP_M
        top = patch.ceiling_m if wall.top is None else min(wall.top, patch.ceiling_m)
        kind = WallKind[wall.kind.upper()]
        rows.append((ends, wall.thickness, (wall.bottom, top), kind, wall.crown, run_of(number, k)))
    if not rows:
        return plan
    xy, thickness, z, kinds, crown, run = (np.array(column) for column in zip(*rows, strict=True))
    more = {"xy": xy, "thickness": thickness, "z": z, "kind": kinds, "crown": crown, "run": run}
    return _with_rows(plan, len(rows), {f"wall_{name}": values for name, values in more.items()})


def _with_pillars(plan: Floorplan, patch: Patch, number: int, low: NDArray[np.float64]) -> Floorplan:
    """Add the patch's solid blocks, cut at the region's border."""
    rings = solid_rings(plan)
    runs, size = [], np.tile(plan.size_m, 2)
    for k, pillar in enumerate(patch.pillar):
        x0, y0, x1, y1 = np.clip(np.round((np.array(pillar.box) + np.tile(low, 2)) / _SNAP_M) * _SNAP_M, 0.0, size)
        if x1 > x0 and y1 > y0:
            rings.append(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]))
            runs.append(run_of(number, len(patch.wall) + k))
    more = {"solid_kind": SolidKind.BLOCK, "solid_z": [0.0, patch.ceiling_m], "solid_run": runs}
    return _with_rows(replace(plan, **_solids(rings)), len(runs), more)


def _with_rows(plan: Floorplan, count: int, more: dict[str, Any]) -> Floorplan:
    """A plan with ``count`` rows more in some of its parallel arrays: values for each row, or one for all."""
    old = {name: getattr(plan, name) for name in more}
    new = {name: np.broadcast_to(np.asarray(more[name], a.dtype), (count, *a.shape[1:])) for name, a in old.items()}
    columns: dict[str, Any] = {name: np.concatenate([old[name], new[name]]) for name in more}
    return replace(plan, **columns)


def _with_lattice(
    plan: Floorplan, patch: Patch, ident: tuple[int, int], low: NDArray[np.float64], lamps: PatchLamps
) -> Floorplan:
    """Add one lattice of lamps; those whose middle lies outside the region are another region's."""
    y, x = np.mgrid[0 : lamps.count[1], 0 : lamps.count[0]].reshape(2, -1)
    nth = np.setdiff1d(np.arange(len(x)), lamps.missing)
    at = low + np.array(lamps.first) + np.column_stack([x, y])[nth] * np.array(lamps.pitch)
    at = np.round(at / _SNAP_M) * _SNAP_M
    here = ((at > 0) & (at < plan.size_m)).all(axis=1)
    at, nth = at[here], nth[here]
    state = np.where(np.isin(nth, lamps.dead), LampState.DEAD, LampState.ON)
    names = np.array([hash64(0, "plan.patch.lamp", *ident, int(k)) for k in nth], np.uint64)
    axis, z, kelvin = int(lamps.along == "y"), patch.ceiling_m, lamps.kelvin
    more = {"xy": at, "kind": 0, "axis": axis, "z": z, "state": state, "id": names, "kelvin": kelvin}
    return _with_rows(plan, len(at), {f"lamp_{name}": values for name, values in more.items()})


def _with_cells(
    plan: Floorplan, patch: Patch, number: int, low: NDArray[np.float64], high: NDArray[np.float64]
) -> Floorplan:
    """Ceiling, room, district maps and passages of the cells in a patch."""
    rows, columns = plan.ceiling_m.shape
    x0, y0 = np.maximum(np.round(low / CELL_M).astype(int), 0)
    x1, y1 = np.minimum(np.round(high / CELL_M).astype(int), [columns, rows])
    at = np.s_[y0:y1, x0:x1]
    ceiling, room = plan.ceiling_m.copy(), plan.room.copy()
    ceiling[at] = round(patch.ceiling_m / _SNAP_M) * _SNAP_M
    room[at] = np.int64(run_of(number, 4095))
    maps = {name: value.copy() for name, value in plan.district_maps.items()}
    for name, value in (("decay", patch.decay), ("damp", patch.damp)):
        if value is not None:
            maps[name][at] = value
    if "traffic" in maps:
        maps["traffic"][at] = 0.0
    east, north = plan.open_east.copy(), plan.open_north.copy()
    tall = shapely.union_all(shapely.linestrings(plan.wall_xy[plan.wall_z[:, 0] < 1.0].reshape(-1, 2, 2)))
    shapely.prepare(tall)
    y, x = np.mgrid[max(y0 - 1, 0) : y1, max(x0 - 1, 0) : x1].reshape(2, -1)
    here = np.column_stack([x + 0.5, y + 0.5]) * CELL_M
    for passage, step in ((east, [CELL_M, 0.0]), (north, [0.0, CELL_M])):
        way = shapely.linestrings(np.stack([here, here + step], axis=1))
        passage[y, x] = ~shapely.intersects(tall, way)
    return replace(plan, ceiling_m=ceiling, room=room, district_maps=maps, open_east=east, open_north=north)
