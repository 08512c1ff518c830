"""The patina of a level: what is unique about every place; how each kind of surface ages: ``patina_kernels``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Level, Mesh
from ..plan.floorplan import CHUNK_M
from ..plan.floors import floor_at
from ..plan.grid import grid_of_boxes
from ..seed import half_mix, hash64
from .lay import LAID
from .material import Patina
from .pack import pack
from .palette import Wear

WIDTH = 4096
"""Columns of the atlas."""
GUARD = 1


def patina(mesh: Mesh, level: Level, seed: int, pitch_m: NDArray[np.float64]) -> Patina:
    """Lay stains, wear and shade over the charts of ``expand(level)``, unique everywhere and seamless in the world.

    mesh: the expanded level. pitch_m (C,): distance of texels in metres on each chart, 0 for no patina.
    A texel's value depends on the seed, the level's ageing, the wall's run and side (or floor, or ceiling), the place
    in the world and the district maps there; not on the window, nor on other charts. Rolls follow ``mesh.uv``.
    """
    from . import patina_layers

    size = _sizes(mesh, np.asarray(pitch_m, np.float64))
    place, height = pack(size, WIDTH, GUARD)
    layer = _layers(mesh, level.palette.wear)
    cross = (np.abs(mesh.chart_normal[:, 0]) > np.abs(mesh.chart_normal[:, 1])).astype(np.int64)
    building = np.arange(len(layer)) < len(level.building.chart_origin)
    riser = building & (layer == Wear.FLOOR) & (np.abs(mesh.chart_normal[:, 2]) < 0.5)
    clean = np.array([200, 200, 200, LAID // 2], np.uint8)
    factor = np.full((height, WIDTH), clean.view(np.uint32)[0]).view(np.uint8).reshape(height, WIDTH, 4)
    where = size, place, mesh.chart_origin, mesh.chart_u, mesh.chart_v
    aged = np.where(riser, patina_layers.RISER, layer)
    key, district = _keys(mesh, layer, cross, level.origin, seed), np.uint64(hash64(seed, "surface.district.tone"))
    maps, feet, origin = stacked_maps(level.district_maps), wall_feet(level), np.array(level.origin, np.int64)
    planes = np.stack([level.floor_m, level.ceiling_m], axis=2).astype(np.float64)
    age = level.ageing
    look = np.array([age.decay, age.damp, age.anomalies, age.tile_modules])
    up, rolls = mesh.chart_normal[:, 2].astype(np.float64), _rolls(mesh, level.palette.roll_m, cross)
    concrete = np.isin(aged[size[:, 0] > 0], (Wear.SLAB, Wear.CAST, Wear.SOFFIT))
    if not concrete.all():
        patina_layers.weather(
            *where, up, aged, key, cross, rolls, district, maps, planes, feet, _touched(level), origin, look, factor
        )
    if concrete.any():
        from .concrete_layers import weather_concrete

        weather_concrete(*where, aged, key, cross, district, maps, planes, feet, origin, look, factor)
    return Patina(size, place, factor)


def stacked_maps(maps: dict[str, NDArray[np.float32]]) -> NDArray[np.float64]:
    """Decay, damp and, where the place knows it, traffic (NY, NX, 3)."""
    traffic = maps.get("traffic", np.zeros_like(maps["decay"]))
    return np.stack([maps["decay"], maps["damp"], traffic], axis=2).astype(np.float64)


def wall_feet(level: Level) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Collect the feet of the building's walls by cells: first (NY * NX + 1,) rows of feet (K, 4), metres.

    A foot x0, y0, x1, y1 stands with every cell that it comes near to (within ``FAR_M``).
    """
    from .patina_layers import FAR_M

    mesh = level.building
    wall = np.isin(_layers(mesh, level.palette.wear), (Wear.WALL, Wear.CAST))
    at, way = mesh.chart_origin[wall], mesh.chart_u[wall]
    before = (at + 0.5 * way + 0.02 * mesh.chart_normal[wall])[:, :2]
    stands = np.abs(at[:, 2] - floor_at(level.floor_m, before)) < 0.02
    feet = np.column_stack([at[:, :2], at[:, :2] + way[:, :2]])[stands]
    ends = feet.reshape(-1, 2, 2)
    boxes = np.column_stack([ends.min(axis=1) - FAR_M, ends.max(axis=1) + FAR_M])
    cells = grid_of_boxes(level.floor_m.shape, boxes)
    return cells.start, feet[cells.items]


def _touched(level: Level) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Collect what hands feel for by cells, as ``wall_feet``: rows (K, 3) of places, metres."""
    from .patina_layers import ARM_M

    kinds = [k for k, name in enumerate(level.instance_names) if name in level.ageing.touched]
    at = level.instances.world_from_mesh[np.isin(level.instances.mesh, kinds), :3, 3]
    boxes = np.column_stack([at[:, :2] - ARM_M, at[:, :2] + ARM_M])
    cells = grid_of_boxes(level.floor_m.shape, boxes)
    return cells.start, at[cells.items]


def _sizes(mesh: Mesh, pitch_m: NDArray[np.float64]) -> NDArray[np.int32]:
    """Texels along u and v, at least 2 each and no more than the atlas is wide; (0, 0) without patina."""
    with np.errstate(divide="ignore", invalid="ignore"):
        texels = np.ceil(mesh.sides_m / pitch_m[:, None] - 1e-6) + 1
    texels = np.clip(np.nan_to_num(texels, posinf=0.0), 2, WIDTH - 2 * GUARD)
    return np.where(pitch_m[:, None] > 0, texels, 0).astype(np.int32)


def _layers(mesh: Mesh, wear: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How each chart ages, from its material and the way that it faces."""
    layer = wear.astype(np.int64)[mesh.chart_material]
    upright = np.abs(mesh.chart_normal[:, 2]) < 0.5
    layer = np.where((layer == Wear.CAST) & (mesh.chart_normal[:, 2] < -0.5), Wear.SOFFIT, layer)
    return np.where(np.isin(layer, (Wear.WALL, Wear.CAST)) & ~upright, Wear.PAINT, layer).astype(np.int64)


def _keys(mesh: Mesh, layer: NDArray, cross: NDArray, origin: tuple[int, int], seed: int) -> NDArray[np.uint64]:
    """A hash for each wall run and side, and for each plane of cast faces; one for each kind of the rest."""
    base = np.array([hash64(seed, "surface.patina", k) for k in range(len(Wear))], np.uint64)[layer]
    facing = np.where(cross == 1, mesh.chart_normal[:, 0], mesh.chart_normal[:, 1]) > 0
    run = mesh.chart_run.astype(np.uint64) * np.uint64(2) + facing.astype(np.uint64)
    across = np.where(cross == 1, mesh.chart_origin[:, 0], mesh.chart_origin[:, 1])
    chunk = np.array(origin, np.int64)[1 - cross]
    plane = chunk * round(CHUNK_M * 1e4) + np.round(across * 1e4).astype(np.int64)
    own = half_mix(plane.astype(np.uint64) * np.uint64(2) + facing.astype(np.uint64), 31)
    return np.where(layer == Wear.WALL, base ^ half_mix(run, 31), np.where(layer == Wear.CAST, base ^ own, base))


def _rolls(mesh: Mesh, roll_m: NDArray[np.float64], cross: NDArray) -> NDArray[np.float64]:
    """For each chart: slope and offset of the texture's u along the wall's dominant axis, and the roll's width."""
    out = np.zeros((len(cross), 3))
    out[:, 2] = roll_m[mesh.chart_material]
    chart = mesh.vertex_chart
    along = mesh.vertices[np.arange(len(chart)), cross[chart]]
    order = np.lexsort((along, chart))
    present, first = np.unique(chart[order], return_index=True)
    last = np.append(first[1:], len(order)) - 1
    low, high = order[first], order[last]
    span = along[high] - along[low]
    u = mesh.uv[:, 0].astype(np.float64)
    slope = np.divide(u[high] - u[low], span, out=np.zeros_like(span), where=span > 1e-6)
    out[present, 0] = slope
    out[present, 1] = u[low] - slope * along[low]
    return out
