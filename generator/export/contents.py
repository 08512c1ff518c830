"""What a document holds: the building, its stains, fixtures and props, each as nodes under their parents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Mesh
from ..scene import Scene
from ..surface.material import Patina
from ..surface.palette import Palette, Role
from .baked_colours import albedo_seen, brightest, shown
from .bells import lens_in_bells, tint_of
from .building import second_uv, split_building, worn_light
from .chunk_maps import ChunkMaps, lay_out
from .clip import with_instances
from .fixtures import lit_evenly
from .job import Job, add_part, codes
from .materials import MaterialTable
from .primitives import Part, Second, parts
from .shade import light_at, slow_patina
from .stains import Stains, fitted_picture, stains
from .textures import png
from .things import ALIKE, LENSES, Merged, alone, lamp_nodes, merged, movable, shared_nodes, small

Nodes = Iterable[tuple[str, int]]
"""The name of a parent, and the index of a node under it."""


@dataclass(frozen=True)
class Coloured:
    """A mesh, and of its vertices (V,): material, or where they are of a lit lens that plus the count of materials;
    value (V, 3), what multiplies the material's albedo, or a lens's emission."""

    mesh: Mesh
    material: NDArray[np.int64]
    value: NDArray[np.float32]


def contents(job: Job, scene: Scene, uv2: bool) -> Nodes:
    """Write everything but cameras."""
    slow = slow_patina(job.level, job.seed)
    building = _building(job, slow)
    decals = stains(job.level, slow, job.materials, job.seed)
    every, loose = np.ones(len(job.level.instances.mesh), bool), movable(job.level, scene)
    if job.profile == "set":
        told = lit_evenly(job.level)
        job = replace(job, level=lens_in_bells(job.level, job.materials) if job.draws_bells else told)
        table = MaterialTable(job.asset, job.materials, None)
        second = second_uv(building.mesh) if uv2 else None
        at: Second | None = None if second is None else lambda _, rows: second[rows]
        yield from _parts(job, table, building, second=at)
        yield from _stains(job, table, decals)
        merges = small(job.level) & ~loose if job.things == "merged" else ~every
        yield from shared_nodes(job, table, loose, ~merges, told)
        if merges.any():
            still = alone(merged(with_instances(job.level, merges)), job.level)
            yield from _merged_nodes(job, table, still, _unlit(still), LENSES)
            yield from lamp_nodes(replace(job, level=told), merges)
        return
    joined = merged(job.level)
    things = _lit_things(job, joined)
    if job.baked:
        building, things = (replace(s, value=_shown(job, s)) for s in (building, things))
        table = _baked_table(job, building, things, joined.lit)
        light = None
    else:
        table = MaterialTable(job.asset, job.materials, None)
        things = replace(things, value=np.ones_like(things.value))
        light = lay_out(job, (building.mesh, things.mesh), decals)
    yield from _parts(job, table, building, None, light)
    yield from _stains(job, table, decals, light)
    yield from _merged_nodes(job, table, joined, things, np.inf if job.baked else ALIKE, light)
    yield from lamp_nodes(replace(job, level=lit_evenly(job.level)), every)


def _merged_nodes(
    job: Job, table: MaterialTable, joined: Merged, things: Coloured, alike: float, light: ChunkMaps | None = None
) -> Nodes:
    """Nodes of merged things, lenses that differ by a share ``alike`` apart."""
    for begin, parent, faces in joined.groups:
        yield from _parts(job, table, _only(things, faces), (begin, parent), light)
    for radiance, faces in joined.glowing(alike):
        yield from _lenses(job, table, _only(things, faces), radiance)


def _unlit(things: Merged) -> Coloured:
    """Things without wear or light."""
    mesh = things.mesh
    material = mesh.chart_material[mesh.vertex_chart].astype(np.int64)
    return Coloured(mesh, material, tint_of(mesh))


def _building(job: Job, slow: Patina) -> Coloured:
    mesh = split_building(job, slow)
    chart = mesh.vertex_chart.astype(np.int64)
    value = worn_light(job, slow)(chart, mesh.chart_uv.astype(np.float64))
    return Coloured(mesh, mesh.chart_material[chart].astype(np.int64), value)


def _lit_things(job: Job, things: Merged) -> Coloured:
    """Things in the bake's light, lit lenses by their lamps."""
    assert job.light is not None
    mesh = things.mesh
    chart = mesh.vertex_chart.astype(np.int64)
    value = light_at(job.light, chart, mesh.chart_uv.astype(np.float64))
    material = mesh.chart_material[chart].astype(np.int64)
    lit = np.flatnonzero(things.bright)
    value[mesh.faces[lit]] = things.lit[lit, None]
    material[mesh.faces[lit]] = mesh.face_material[lit, None] + len(job.materials)
    return Coloured(mesh, material, value)


def _shown(job: Job, surface: Coloured) -> NDArray[np.float32]:
    """(V, 3) what a viewer must show."""
    texels = [*map(albedo_seen, job.materials), *(m.emission for m in job.materials)]
    return shown(job.tone, texels, surface.material, surface.value)


def _baked_table(job: Job, building: Coloured, things: Coloured, lit: NDArray[np.float64]) -> MaterialTable:
    """Materials whose pictures are bright enough for all that is shown with them."""
    material, value = (
        np.concatenate([getattr(surface, name) for surface in (building, things)]) for name in ("material", "value")
    )
    glow = np.zeros((len(job.materials), 3))
    np.maximum.at(glow, things.mesh.face_material, lit)
    return MaterialTable(job.asset, job.materials, job.tone, brightest(2 * len(glow), material, value), glow)


def _only(surface: Coloured, faces: NDArray[np.bool_]) -> Coloured:
    mesh = surface.mesh
    return replace(surface, mesh=replace(mesh, faces=mesh.faces[faces], face_material=mesh.face_material[faces]))


def _parts(
    job: Job, table: MaterialTable, surface: Coloured, named: tuple[str, str] | None = None,
    light: ChunkMaps | None = None, second: Second | None = None,
) -> Nodes:  # fmt: skip
    """Nodes of a coloured mesh's parts, under the chunks' maps where there are some."""
    if light is not None:
        second = light.uv_of(surface.mesh.vertex_chart.astype(np.int64), surface.mesh.chart_uv)
    for part in _split(job, table, surface, named, second):
        shown_by = None if light is None else light.pictures[part.chunk]
        yield part.parent, add_part(job, part, table.of_surface(part.material, shown_by))


def _lenses(job: Job, table: MaterialTable, surface: Coloured, radiance: NDArray[np.float64]) -> Nodes:
    """Nodes of lit lenses."""
    for part in _split(job, table, surface, ("lenses", "Lights"), None):
        yield part.parent, add_part(job, part, table.of_lens(part.material, radiance))


def _split(
    job: Job, table: MaterialTable, surface: Coloured, named: tuple[str, str] | None, second: Second | None
) -> Iterator[Part]:
    mesh = surface.mesh
    colour = codes(table.corners(surface.material, surface.value), job.baked)
    sizes, bumpy = np.array([m.size_m for m in job.materials]), np.zeros(len(job.materials), bool)
    for k in np.unique(mesh.face_material):
        bumpy[k] = table.bumpy(k)
    return parts(mesh, job.level.palette, sizes, colour, job.level.origin, bumpy, second, named)


def _stains(job: Job, table: MaterialTable, decals: Stains | None, light: ChunkMaps | None = None) -> Nodes:
    """Nodes of the stains, by chunk, those of walls and of ceilings apart."""
    if decals is None:
        return
    mesh, palette = decals.mesh, job.level.palette
    material = mesh.chart_material[mesh.vertex_chart].astype(np.int64)
    parent = decals.parent[mesh.vertex_chart]
    place = _uv_in_parent(job.level.building, parent, mesh.vertices)
    value = np.ones((len(mesh.vertices), 3), np.float32)
    if job.light is not None and job.baked:
        value = _shown(job, Coloured(mesh, material, light_at(job.light, parent, place)))
    picture, colour = fitted_picture(decals, job.albedo[material], value, job.tone.contrast if job.baked else None)
    stained, wide = png("stains", picture), codes(colour, job.baked)
    count, mapped = len(job.materials), replace(mesh, uv=decals.texcoord * np.array([1.0, -1.0], np.float32))
    second = None if light is None else light.uv_of(parent, place)
    ceiling = palette.role[mesh.face_material] == Role.CEILING
    for name, under, faces in (("wall", "Walls", ~ceiling), ("ceiling", "Ceiling", ceiling)):
        one = replace(mapped, faces=mesh.faces[faces], face_material=np.zeros(int(faces.sum()), np.int16))
        flat, size = np.zeros(count, bool), np.ones((count, 2))
        level, named = job.level, ("stains", under)
        for part in parts(one, _plain(palette, name), size, wide, level.origin, flat, second, named):
            shown_by = None if light is None else light.pictures[part.chunk]
            yield part.parent, add_part(job, part, table.of_stains(stained, shown_by))


def _plain(palette: Palette, name: str) -> Palette:
    """A palette whose first material has a name."""
    return replace(palette, name=(name, *palette.name[1:]))


def _uv_in_parent(mesh: Mesh, chart: NDArray[np.int64], place: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 2) where places lie in charts, 0..1."""
    away = place - mesh.chart_origin[chart]
    sides = [mesh.chart_u[chart], mesh.chart_v[chart]]
    return np.stack([(away * s).sum(axis=1) / np.maximum((s * s).sum(axis=1), 1e-12) for s in sides], axis=1)
