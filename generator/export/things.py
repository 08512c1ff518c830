"""Fixtures and props: shared by many nodes where they are to be lit, merged by chunk where they carry their light."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Level, Mesh, expand
from ..places.verbs import place_of
from ..scene import Scene
from .bells import tint_of
from .fixtures import Kind, by_material, kinds, lamp_extras, names_of, poses_of
from .job import Job, codes, primitive
from .layers import kept_apart
from .materials import MaterialTable
from .primitives import tangents

ALIKE = 0.2
"""Share by which the radiance of merged lenses may differ that light nothing, and glow by their material."""
LENSES = 0.12
"""The same, of those that light a set."""
LARGE = 150
"""Triangles for each of its materials that make a thing a large one: furniture and machines, few and worth a node each.
A troffer has 14, a sprinkler 36, a door 143."""


@dataclass(frozen=True)
class Merged:
    """All things as one mesh, its charts those of ``expand(level)``. Of its faces (F,): lamp, whether they are a
    fixture's; lit, the radiance (F, 3) of lit lenses, 0 elsewhere."""

    mesh: Mesh
    lamp: NDArray[np.bool_]
    lit: NDArray[np.float64]

    @property
    def bright(self) -> NDArray[np.bool_]:
        """(F,) which are of lit lenses."""
        return np.asarray(self.lit.any(axis=1))

    @property
    def groups(self) -> list[tuple[str, str, NDArray[np.bool_]]]:
        """But for lit lenses, what parts' names begin with, the node they hang under, and which faces (F,) they are."""
        dark = ~self.bright
        return [("fixtures", "Lights", self.lamp & dark), ("props", "Props", ~self.lamp & dark)]

    def glowing(self, alike: float) -> Iterator[tuple[NDArray[np.float64], NDArray[np.bool_]]]:
        """The lit lenses' mean radiance (3,) and faces (F,), of those that differ by at most a share ``alike``."""
        bright = self.bright
        step = np.round(np.log(np.maximum(self.lit, 1e-9)) / alike)
        for k in np.unique(step[bright], axis=0):
            faces = bright & (step == k).all(axis=1)
            yield self.lit[faces].mean(axis=0), faces


def merged(level: Level) -> Merged:
    """Join all things of a level."""
    apart = replace(level, instance_meshes=tuple(map(kept_apart, level.instance_meshes)))
    mesh, face_lamp = expand(apart)
    count = len(level.building.faces)
    held = np.array([len(m.faces) for m in level.instance_meshes], np.int64)[level.instances.mesh]
    lit = np.where(face_lamp[count:, None] >= 0, np.vstack([level.lamps.radiance, np.zeros(3)])[face_lamp[count:]], 0.0)
    things = replace(mesh, faces=mesh.faces[count:], face_material=mesh.face_material[count:])
    return Merged(things, np.repeat(level.instances.lamp >= 0, held), lit)


def alone(things: Merged, level: Level) -> Merged:
    """Joined things of a level without the vertices of its building, whose charts stay."""
    first, mesh = len(level.building.vertices), things.mesh
    own = {name: getattr(mesh, name)[first:] for name in ("vertices", "normals", "uv", "vertex_chart", "chart_uv")}
    return replace(things, mesh=replace(mesh, faces=mesh.faces - first, **own))


def lamp_nodes(job: Job, chosen: NDArray[np.bool_]) -> Iterable[tuple[str, int]]:
    """Nodes without a mesh that say where the lamps among ``chosen`` things (N,) are and what they give."""
    instances, names = job.level.instances, names_of(job.level)
    lamps = np.flatnonzero((instances.lamp >= 0) & chosen)
    for k, pose in zip(lamps, poses_of(instances.world_from_mesh[lamps], job.shift), strict=True):
        node = {"name": names[k], "extras": lamp_extras(job.level, int(k))} | pose
        yield "Lights", job.asset.add("nodes", node)


def small(level: Level) -> NDArray[np.bool_]:
    """Tell which things (N,) of a level cost few triangles for the draw calls that merging them saves."""
    light = [len(m.faces) < LARGE * len(np.unique(m.face_material)) for m in level.instance_meshes]
    return np.array(light, bool)[level.instances.mesh]


def movable(level: Level, scene: Scene) -> NDArray[np.bool_]:
    """Tell which things (N,) of a level may be pushed."""
    props = place_of(scene).kit.props
    kinds = [name in props and props[name].movable for name in level.instance_names]
    return np.array(kinds, bool)[level.instances.mesh]


def shared_nodes(
    job: Job, table: MaterialTable, loose: NDArray[np.bool_], chosen: NDArray[np.bool_], told: Level
) -> Iterable[tuple[str, int]]:
    """Nodes of the ``chosen`` things (N,) over shared meshes; of what is ``loose`` (N,), the extras say so.

    told: the level whose lamps the extras describe.
    """
    level = job.level
    names, poses = names_of(level), poses_of(level.instances.world_from_mesh, job.shift)
    for kind in kinds(level):
        members = kind.members[chosen[kind.members]]
        if not len(members):
            continue
        shape = kept_apart(level.instance_meshes[kind.mesh])
        primitives = [_primitive(job, table, kind, shape, *piece) for piece in by_material(shape)]
        mesh = job.asset.add("meshes", {"name": kind.name, "primitives": primitives})
        for k in members:
            node = {"name": names[k], "mesh": mesh} | poses[k]
            gives_light = level.instances.lamp[k] >= 0
            if gives_light:
                node["extras"] = lamp_extras(told, int(k))
            if loose[k]:
                node["extras"] = node.get("extras", {}) | {"movable": True}
            yield ("Lights" if gives_light else "Props"), job.asset.add("nodes", node)


def _primitive(job: Job, table: MaterialTable, kind: Kind, shape: Mesh, material: int, used, faces) -> dict[str, Any]:
    """The part of a thing's mesh that wears one material."""
    texcoord = shape.uv[used] / table.size_m(material) * [1.0, -1.0]
    plain = codes(table.corners(np.full(len(used), material), tint_of(shape)[used]), False)
    tangent = tangents(shape, used, faces) if table.bumpy(material) else None
    place, normal = shape.vertices[used], shape.normals[used]
    made = primitive(job.asset, place, normal, texcoord, plain, tangent, None, faces)
    lit = bool(kind.radiance.any()) and table.glows(material)
    return made | {"material": table.of_lens(material, kind.radiance) if lit else table.of_surface(material)}
