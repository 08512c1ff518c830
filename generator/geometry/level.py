"""The noun of the geometry stage: triangles, charts, instances and lamps."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..surface.palette import Ageing, Palette, Role

Rows = TypeVar("Rows")
FREE_RUN = -(2**62) + 1
"""Run of charts that are neither a straight wall nor a floor or ceiling, and block light: of pipes, slopes, ducts."""
THIN_RUN = -(2**62) + 2
"""Run of an instance's charts that throw no shadow of their own: what lies on another of its faces."""

PER_CHART = ("chart_origin", "chart_u", "chart_v", "chart_normal", "chart_material", "chart_run")
"""Columns of a mesh with a row for each chart."""


@dataclass(frozen=True)
class Mesh:
    """Triangles whose every vertex lies in one chart (a flat rectangle that the light is computed on).

    vertices (V, 3) float64 metres; normals (V, 3) float32, unit, out of the solid; uv (V, 2) float32 metres
    along and up the surface (the texture's real size); faces (F, 3) int32, counter-clockwise from outside;
    face_material (F,) int16 into ``Level.materials``.
    vertex_chart (V,) int32 and chart_uv (V, 2) float32 in 0..1 across the vertex's chart.

    Charts (C): a point of a chart is ``chart_origin + a * chart_u + b * chart_v`` for a, b in 0..1, where
    chart_u, chart_v (C, 3) span the whole chart in metres, at right angles unless the chart is one triangle;
    chart_normal (C, 3); chart_material (C,); chart_run (C,) int64: identity of the wall run (walls) or room (floors,
    ceilings) it belongs to, 0 for fixtures, FREE_RUN for free forms, whose faces block light whichever way they face,
    THIN_RUN for what blocks none.
    Light samples sit on a chart's border too (vertex-centred), so charts that share an edge agree along it and no chart
    reaches through a wall.
    """

    vertices: NDArray[np.float64]
    normals: NDArray[np.float32]
    uv: NDArray[np.float32]
    faces: NDArray[np.int32]
    face_material: NDArray[np.int16]
    vertex_chart: NDArray[np.int32]
    chart_uv: NDArray[np.float32]
    chart_origin: NDArray[np.float64]
    chart_u: NDArray[np.float64]
    chart_v: NDArray[np.float64]
    chart_normal: NDArray[np.float32]
    chart_material: NDArray[np.int16]
    chart_run: NDArray[np.int64]

    @property
    def sides_m(self) -> NDArray[np.float64]:
        """Lengths (C, 2) of the charts' sides u and v."""
        return np.column_stack([np.linalg.norm(side, axis=1) for side in (self.chart_u, self.chart_v)])


@dataclass(frozen=True)
class Lamps:
    """Emitters of lamps: flat rectangles that shine to the side of ``normal``. A troffer has one, its lens; a bare bulb
    has six. The lamps of the plan come first, in its order, then those that lie about and burn.

    center (L, 3) metres; half_u, half_v (L, 3) half edges in metres (of a troffer's lens 0.6096 and 0.3048 long, less
    the frame); normal (L, 3); lamp (L,) int32 first row of the lamp that each belongs to, by which a lamp goes;
    radiance (L, 3) when lit, linear Rec.709, 0 when dead; state (L,) LampState; ident (L,) uint64 stable over the
    world; kelvin (L,). The rows of one lamp agree in these
    four. weight (L,): what an emitter counts against the light's cut-off: 1 where a place is lit by lenses of a
    2 x 4 ft troffer, more where it is lit by less. recess (L,): metres that an emitter lies behind an opening of its
    own size, for those that hang; of those in ceilings the ceiling says it.
    """

    center: NDArray[np.float64]
    half_u: NDArray[np.float64]
    half_v: NDArray[np.float64]
    normal: NDArray[np.float64]
    lamp: NDArray[np.int32]
    radiance: NDArray[np.float64]
    state: NDArray[np.uint8]
    ident: NDArray[np.uint64]
    kelvin: NDArray[np.float64]
    weight: NDArray[np.float64]
    recess: NDArray[np.float64]

    @property
    def area_m2(self) -> NDArray[np.float64]:
        """(L,) of each emitter."""
        return np.asarray(4.0 * np.linalg.norm(self.half_u, axis=1) * np.linalg.norm(self.half_v, axis=1))


@dataclass(frozen=True)
class Instances:
    """Fixtures and props: one mesh, many transforms.

    mesh (N,) int16 into ``Level.instance_meshes``; world_from_mesh (N, 4, 4) float64, relative to the level's
    origin; lamp (N,) int32 row of the first emitter of the lamp that this is, or -1.
    """

    mesh: NDArray[np.int16]
    world_from_mesh: NDArray[np.float64]
    lamp: NDArray[np.int32]


@dataclass(frozen=True)
class Level:
    """A built region: the building as one closed mesh, instances of fixtures and props, lamps, materials.

    origin: chunk (i, j) whose south-west corner on the floor is (0, 0, 0).
    palette: what its materials are; their ids index it.
    building: floor, walls, ceiling, trims: one Mesh.
    instance_meshes / instance_names: the meshes that ``instances`` refer to; their charts are in mesh space.
    floor_m and ceiling_m (NY, NX), district_maps, each (NY, NX) float32 in 0..1: the plan's, per cell of CELL_M
        from the origin. ageing: how far its surfaces have aged.
    """

    origin: tuple[int, int]
    size_m: tuple[float, float]
    palette: Palette
    building: Mesh
    instance_meshes: tuple[Mesh, ...]
    instance_names: tuple[str, ...]
    instances: Instances
    lamps: Lamps
    floor_m: NDArray[np.float64]
    ceiling_m: NDArray[np.float64]
    district_maps: dict[str, NDArray[np.float32]]
    ageing: Ageing

    @property
    def materials(self) -> tuple[str, ...]:
        """Names of its materials, such as ``wallpaper/chevron``."""
        return self.palette.name


def shadeless(mesh: Mesh, which: NDArray[np.bool_] | None = None) -> Mesh:
    """The same mesh of an instance whose charts, or ``which`` (C,) of them, throw no shadow."""
    thin = np.ones(len(mesh.chart_run), np.bool_) if which is None else which
    return replace(mesh, chart_run=np.where(thin, THIN_RUN, mesh.chart_run))


def expand(level: Level) -> tuple[Mesh, NDArray[np.int32]]:
    """Join the whole level into one mesh: the building, then every instance in order, its charts after the building's.

    Returns the mesh and face_lamp (F,) int32: the lamp, by its first emitter, that a face is a lens of, or -1.
    """
    parts = [level.building]
    lamp = [np.full(len(level.building.faces), -1, np.int32)]
    emits = level.palette.role == Role.LENS
    for k in range(len(level.instances.mesh)):
        mesh = level.instance_meshes[level.instances.mesh[k]]
        parts.append(placed(mesh, level.instances.world_from_mesh[k]))
        lamp.append(np.where(emits[mesh.face_material], level.instances.lamp[k], -1).astype(np.int32))
    return joined(parts), np.concatenate(lamp)


def joined(parts: list[Mesh]) -> Mesh:
    """Several meshes as one, in order; vertex and chart indices are shifted."""
    vertex0 = np.cumsum([0] + [len(m.vertices) for m in parts])
    chart0 = np.cumsum([0] + [len(m.chart_origin) for m in parts])
    columns: dict[str, NDArray] = {}
    for field in fields(Mesh):
        arrays = [getattr(m, field.name) for m in parts]
        if field.name == "faces":
            arrays = [(a + vertex0[k]).astype(np.int32) for k, a in enumerate(arrays)]
        if field.name == "vertex_chart":
            arrays = [(a + chart0[k]).astype(np.int32) for k, a in enumerate(arrays)]
        columns[field.name] = np.concatenate(arrays)
    return Mesh(**columns)


def picked(rows: Rows, keep: NDArray | slice) -> Rows:
    """A noun of parallel arrays with only some of its rows."""
    return replace(rows, **{name: value[keep] for name, value in vars(rows).items()})  # type: ignore[type-var]


def counted(count: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lists of so many things (L,), one after the other: the list (N,) of each thing, and its place (N,) in that."""
    owner = np.repeat(np.arange(len(count)), count)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)


def moved(by: tuple[float, float, float]) -> NDArray[np.float64]:
    """The transform (4, 4) that moves by so many metres and does not turn."""
    out = np.eye(4)
    out[:3, 3] = by
    return out


def placed(mesh: Mesh, world_from_mesh: NDArray[np.float64]) -> Mesh:
    """A mesh moved by a rigid transform."""
    turn, shift = world_from_mesh[:3, :3], world_from_mesh[:3, 3]
    return replace(
        mesh,
        vertices=mesh.vertices @ turn.T + shift,
        normals=(mesh.normals @ turn.T).astype(np.float32),
        chart_origin=mesh.chart_origin @ turn.T + shift,
        chart_u=mesh.chart_u @ turn.T,
        chart_v=mesh.chart_v @ turn.T,
        chart_normal=(mesh.chart_normal @ turn.T).astype(np.float32),
    )
