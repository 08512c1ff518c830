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
from .fixtures import Kind, by_material, kinds, lamp_extras, names_of, poses_of
from .job import Job, codes, primitive
from .layers import kept_apart
from .materials import MaterialTable
from .primitives import tangents

ALIKE = 0.2
"""Share by which the radiance of lenses may differ that are merged and glow by their material."""


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

    def glowing(self, whole: bool) -> Iterator[tuple[NDArray[np.float64], NDArray[np.bool_]]]:
        """The lit lenses' mean radiance (3,) and faces (F,): of all, or unless ``whole`` of those nearly alike."""
        bright = self.bright
        step = np.round(np.log(np.maximum(self.lit.max(axis=1), 1e-9)) / (np.inf if whole else ALIKE))
        for k in np.unique(step[bright]):
            faces = bright & (step == k)
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


def lamp_nodes(job: Job) -> Iterable[tuple[str, int]]:
    """Nodes without a mesh that say where lamps are and what they give, each with its parent."""
    instances, names = job.level.instances, names_of(job.level)
    for k in np.flatnonzero(instances.lamp >= 0):
        (pose,) = poses_of(instances.world_from_mesh[k : k + 1], job.shift)
        node = {"name": names[k], "extras": lamp_extras(job.level, int(k))} | pose
        yield "Lights", job.asset.add("nodes", node)


def shared_nodes(job: Job, table: MaterialTable, scene: Scene) -> Iterable[tuple[str, int]]:
    """Nodes of fixtures and props over shared meshes; of what may be pushed, the extras say so."""
    level, props = job.level, place_of(scene).kit.props
    names, poses = names_of(level), poses_of(level.instances.world_from_mesh, job.shift)
    for kind in kinds(level):
        shape = kept_apart(level.instance_meshes[kind.mesh])
        primitives = [_primitive(job, table, kind, shape, *piece) for piece in by_material(shape)]
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


def _primitive(job: Job, table: MaterialTable, kind: Kind, shape: Mesh, material: int, used, faces) -> dict[str, Any]:
    """The part of a thing's mesh that wears one material."""
    texcoord = shape.uv[used] / table.size_m(material) * [1.0, -1.0]
    plain = codes(table.corners(np.full(len(used), material), np.ones((len(used), 3), np.float32)), False)
    tangent = tangents(shape, used, faces) if table.bumpy(material) else None
    place, normal = shape.vertices[used], shape.normals[used]
    made = primitive(job.asset, place, normal, texcoord, plain, tangent, None, faces)
    lit = bool(kind.radiance.any()) and table.glows(material)
    return made | {"material": table.of_lens(material, kind.radiance) if lit else table.of_surface(material)}
