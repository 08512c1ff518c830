"""A level as a glTF document: the lit set, or the baked picture of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..camera.shot import Lens, Pose, Shot
from ..geometry.level import Level, Mesh
from ..light.lightmap import Lightmap
from ..places.verbs import place_of
from ..plan.floorplan import CHUNK_M
from ..render.lamp import camera_lamp
from ..scene import Scene
from ..surface.material import Material, Patina
from ..surface.pack import pack
from ..surface.palette import Role, Wear
from .cameras import add_camera, add_shot, turned
from .fixtures import Kind, by_material, kinds, lamp_extras, names_of, poses_of
from .gltf import INDEX, VERTEX, Asset
from .materials import MaterialTable
from .pieces import conforming, mesh_of_pieces
from .primitives import PARENTS, Part, parts, tangents
from .region import Profile, Region
from .shade import light_at, slow_patina, wear_at
from .stains import Stains, stains
from .subdivide import Colour, SplitLimits, refined
from .textures import png, srgb_codes, unseen_filled
from .tone_curve import ToneCurve, tone_curve_of
from .triangle_soup import soup_of

SET_LIMITS = SplitLimits(5.0, 0.4, 0.13)
"""Wear is split for where it strays 13 % of the albedo: less is lost in the pattern. A hectare has 110,000 triangles at
most."""
BAKED_LIMITS = SplitLimits(6.0, 0.8, 0.09)
"""Baked light is split for where it strays 9 % of white, in steps near to even ones for the eye. A hectare has
180,000 triangles at most."""
TRIMS = 0.5
"""What counts of that on trims, which are too narrow for the eye to follow their light."""
UV2_M = 0.1
"""Texels that the second UV set is laid out for."""


@dataclass(frozen=True)
class Views:
    """What to look from: still cameras (name, pose, lens), a shot, and the picture's width over its height."""

    cameras: tuple[tuple[str, Pose, Lens], ...] = ()
    shot: Shot | None = None
    aspect: float = 4.0 / 3.0


@dataclass(frozen=True)
class _Job:
    """One document under way. ``baked``: the light, where the profile carries it; albedo (M, 3): means of the level's
    materials; ``shift`` (3,): what moves the level's origin to the region's corner."""

    asset: Asset
    level: Level
    table: MaterialTable
    baked: Lightmap | None
    tone: ToneCurve
    albedo: NDArray[np.float64]
    shift: NDArray[np.float64]


def document(
    level: Level, scene: Scene, seed: int, profile: Profile, lightmap: Lightmap | None, materials: tuple[Material, ...],
    region: Region, views: Views, uv2: bool = False, tone: ToneCurve | None = None,
) -> Asset:  # fmt: skip
    """The whole document, ready to be saved; of ``lightmap`` the set reads the exposure only, where none is given.

    The lamp on the camera rides on the shot, or else on the first camera; baked light has no part for it.
    """
    asset = Asset(f"noclip {__version__}")
    baked = lightmap if profile == "baked" else None
    albedo = np.array([m.mean_albedo for m in materials])
    through = views.cameras[0][1:] if views.cameras else None
    lamp = camera_lamp(scene.camera) if baked is None else None
    tone = tone or tone_curve_of(level, lightmap, albedo, scene.camera, through, lamp)
    shift = np.array([level.origin[k] * CHUNK_M - (region.x0, region.y0)[k] for k in (0, 1)] + [0.0])
    table = MaterialTable(asset, materials, albedo, tone if baked is not None else None)
    job = _Job(asset, level, table, baked, tone, albedo, shift)
    children: dict[str, list[int]] = {name: [] for name in PARENTS}
    for name, node in [*_building(job, scene, seed, materials, uv2), *_instances(job, scene)]:
        children[name].append(node)
    roots = []
    for name in PARENTS:
        held = {"children": children[name]} if children[name] else {}
        roots.append(asset.add("nodes", {"name": name} | held))
    for k, (name, pose, lens) in enumerate(views.cameras):
        carried = lamp if k == 0 and views.shot is None else None
        roots.append(add_camera(asset, name, pose, lens, views.aspect, region, carried))
    if views.shot is not None:
        roots.append(add_shot(asset, views.shot, views.aspect, region, lamp))
    extras = _recipe(scene, seed, profile, tone, region)
    asset.add("scenes", {"name": scene.title, "nodes": roots, "extras": extras})
    asset.tree["scene"] = 0
    return asset


def _recipe(scene: Scene, seed: int, profile: Profile, tone: ToneCurve, region: Region) -> dict[str, Any]:
    """Everything needed to make the file again, and to put it beside others."""
    return {
        "generator": "noclip",
        "version": __version__,
        "seed": seed,
        "profile": profile,
        "region_m": [region.x0, region.y0, region.x1, region.y1],
        "world_offset_m": [region.x0, region.y0, 0.0],
        "units": {"length": "m", "radiance": "W/(sr m2)", "light": "W"},
        "exposure": tone.exposure,
        "white": list(tone.white),
        "knee": list(tone.knee),
        "scene": scene.model_dump(mode="json"),
    }


def _building(
    job: _Job, scene: Scene, seed: int, materials: tuple[Material, ...], uv2: bool
) -> Iterable[tuple[str, int]]:
    """Nodes of walls, floors, ceilings and their stains, each with its parent."""
    level = job.level
    slow = slow_patina(level, seed)
    mesh = _split(job, slow)
    chart = mesh.vertex_chart.astype(np.int64)
    value = _worn_light(job, slow)(chart, mesh.chart_uv.astype(np.float64))
    codes = _codes(job.table.corners(mesh.chart_material[chart].astype(np.int64), value), job.baked is not None)
    sizes = np.array([m.size_m for m in materials])
    second = _second_uv(mesh) if uv2 else None
    bumpy = np.zeros(len(materials), bool)
    for k in np.unique(mesh.face_material):
        bumpy[k] = job.table.bumpy(k)
    for part in parts(mesh, level.palette, sizes, codes, level.origin, bumpy, second):
        yield part.parent, _add(job, part, job.table.of_building(part.material))
    decals = stains(level, slow, materials, seed)
    if decals is not None:
        yield from _stains(job, decals)


def _split(job: _Job, slow: Patina) -> Mesh:
    """The building without hanging corners, split where its colours ask for it."""
    level = job.level
    soup, colour, fitted = soup_of(level.building), _worn_light(job, slow), _fitted(level)
    pieces = conforming(soup)
    if job.baked is None:
        old = (level.palette.wear != Wear.PAINT)[soup.material]
        pieces = refined(soup, pieces, colour, SET_LIMITS, old, fitted)
        return mesh_of_pieces(level.building, pieces)
    material = level.building.chart_material
    trims = np.where(level.palette.role[material] == Role.TRIM, TRIMS, 1.0).astype(np.float32)
    albedo = job.albedo[material].astype(np.float32)

    def shown(chart: NDArray[np.int64], uv: NDArray[np.float64]) -> NDArray[np.float32]:
        return np.sqrt(job.tone.level(colour(chart, uv) * albedo[chart])) * trims[chart, None]

    everything = np.ones(len(soup.chart), bool)
    pieces = refined(soup, pieces, shown, BAKED_LIMITS, everything, fitted)
    return mesh_of_pieces(level.building, pieces)


def _fitted(level: Level) -> NDArray[np.float64]:
    """(K, 3) corners of all instances, some of which fill holes of the building."""
    places = level.instances.world_from_mesh
    corners = [
        level.instance_meshes[mesh].vertices @ place[:3, :3].T + place[:3, 3]
        for mesh, place in zip(level.instances.mesh, places, strict=True)
    ]
    return np.concatenate(corners) if corners else np.zeros((0, 3))


def _worn_light(job: _Job, slow: Patina) -> Colour:
    """What multiplies a surface's albedo: wear, times its light where that is baked."""

    def value(chart: NDArray[np.int64], uv: NDArray[np.float64]) -> NDArray[np.float32]:
        wear = wear_at(slow, chart, uv)
        return wear if job.baked is None else wear * light_at(job.baked, chart, uv)

    return value


def _codes(value: NDArray[np.float32], wide: bool) -> NDArray:
    """(N, 3) as opaque RGBA codes of 8 bits, or of 16, since light reaches further down than wear."""
    top, kind = (65535, np.uint16) if wide else (255, np.uint8)
    out = np.full((len(value), 4), top, kind)
    out[:, :3] = np.clip(value, 0.0, 1.0) * top + 0.5
    return out


def _second_uv(mesh: Mesh) -> NDArray[np.float32]:
    """(V, 2) coordinates in 0..1 in which no two charts overlap."""
    size = np.ceil(mesh.sides_m / UV2_M).astype(np.int64) + 1
    width = int(max(np.sqrt(np.prod(size + 2, axis=1).sum() * 1.05), size.max() + 2))
    place, height = pack(size, width)
    at = place[mesh.vertex_chart] + 0.5 + mesh.chart_uv * (size[mesh.vertex_chart] - 1)
    return (at / max(width, height)).astype(np.float32)


def _stains(job: _Job, decals: Stains) -> Iterable[tuple[str, int]]:
    """Nodes of the stains, by chunk and by what they lie on."""
    mesh, mask = decals.mesh, decals.texture[..., 3]
    scale, power = job.table.stain_scale(decals.texture)
    value = np.ones((len(mesh.vertices), 3), np.float32)
    if job.baked is not None:
        parent = decals.parent[mesh.vertex_chart]
        light = light_at(job.baked, parent, _uv_in_parent(job.level.building, parent, mesh.vertices))
        middle = job.albedo[mesh.chart_material[mesh.vertex_chart]]
        value = job.tone.shown(light * middle.astype(np.float32)) / np.float32(scale * np.power(middle, power))
    alpha = (mask[..., None] * 255.0 + 0.5).astype(np.uint8)
    codes = np.concatenate([srgb_codes(decals.texture[..., :3], scale, power), alpha], axis=2)
    material = job.table.of_stains(png("stains", unseen_filled(codes)))
    mapped = replace(mesh, uv=decals.texcoord * np.array([1.0, -1.0], np.float32))
    colour = _codes(value, job.baked is not None)
    count = len(job.level.materials)
    flat = np.zeros(count, bool)
    for part in parts(mapped, job.level.palette, np.ones((count, 2)), colour, job.level.origin, flat, None, "stains"):
        yield part.parent, _add(job, part, material)


def _uv_in_parent(mesh: Mesh, chart: NDArray[np.int64], place: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 2) where places lie in charts, 0..1."""
    away = place - mesh.chart_origin[chart]
    sides = [mesh.chart_u[chart], mesh.chart_v[chart]]
    return np.stack([(away * s).sum(axis=1) / np.maximum((s * s).sum(axis=1), 1e-12) for s in sides], axis=1)


def _add(job: _Job, part: Part, material: int) -> int:
    """A part as a mesh and its node."""
    vertices = (part.position + job.shift, part.normal, part.texcoord, part.colour, part.tangent, part.texcoord_1)
    primitive = _primitive(job.asset, *vertices, faces=part.faces) | {"material": material}
    mesh = job.asset.add("meshes", {"name": part.name, "primitives": [primitive]})
    return job.asset.add("nodes", {"name": part.name, "mesh": mesh})


def _primitive(asset: Asset, position, normal, texcoord, colour, tangent, texcoord_1, faces) -> dict[str, Any]:
    """Geometry in glTF's axes, without its material."""
    attributes = {
        "POSITION": asset.accessor(turned(position).astype(np.float32), VERTEX, bounds=True),
        "NORMAL": asset.accessor(_unit(turned(normal)), VERTEX),
        "TEXCOORD_0": asset.accessor(texcoord.astype(np.float32), VERTEX),
    }
    if tangent is not None:
        turn = np.concatenate([_unit(turned(tangent[:, :3])), tangent[:, 3:]], axis=1)
        attributes["TANGENT"] = asset.accessor(turn.astype(np.float32), VERTEX)
    if colour is not None:
        attributes["COLOR_0"] = asset.accessor(colour, VERTEX, normalized=True)
    if texcoord_1 is not None:
        attributes["TEXCOORD_1"] = asset.accessor(texcoord_1, VERTEX)
    kind = np.uint16 if len(position) < 65535 else np.uint32
    return {"attributes": attributes, "indices": asset.accessor(faces.reshape(-1).astype(kind), INDEX)}


def _unit(normal: NDArray[np.float64]) -> NDArray[np.float32]:
    return (normal / np.linalg.norm(normal, axis=1, keepdims=True)).astype(np.float32)


def _instances(job: _Job, scene: Scene) -> Iterable[tuple[str, int]]:
    """Nodes of fixtures and props; of what may be pushed, the extras say so."""
    level, props = job.level, place_of(scene).kit.props
    names, poses = names_of(level), poses_of(level.instances.world_from_mesh, job.shift)
    for kind in kinds(level, job.baked):
        shape = level.instance_meshes[kind.mesh]
        primitives = [
            _instance_primitive(job, kind, shape, material, used, faces) for material, used, faces in by_material(shape)
        ]
        mesh = job.asset.add("meshes", {"name": kind.name, "primitives": primitives})
        prop = props.get(level.instance_names[kind.mesh])
        movable = prop is not None and prop.movable
        for k in kind.members:
            node = {"name": names[k], "mesh": mesh} | poses[k]
            gives_light = level.instances.lamp[k] >= 0
            if gives_light:
                node["extras"] = lamp_extras(level, int(k))
            if movable:
                node["extras"] = node.get("extras", {}) | {"movable": True}
            yield ("Lights" if gives_light else "Props"), job.asset.add("nodes", node)


def _instance_primitive(job: _Job, kind: Kind, shape: Mesh, material: int, used, faces) -> dict[str, Any]:
    """The part of an instance's mesh that wears one material."""
    size = job.table.size_m(material)
    texcoord = shape.uv[used] / size * [1.0, -1.0]
    lens = bool(kind.radiance.any()) and job.table.glows(material)
    colour = None
    if kind.light is not None and not lens:
        colour = _codes(job.table.corners(np.full(len(used), material), kind.light[used]), True)
    tangent = tangents(shape, used, faces) if job.table.bumpy(material) else None
    place, normal = shape.vertices[used], shape.normals[used]
    primitive = _primitive(job.asset, place, normal, texcoord, colour, tangent, None, faces)
    return primitive | {"material": job.table.of_instance(material, kind.radiance)}
