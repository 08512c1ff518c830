"""Facets: what shading needs of each triangle of a level, as functions of a point in its plane."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Level, Mesh, expand
from ..light.bends import Bends, bends_of
from ..light.lightmap import Lightmap
from ..seed import row_hashes
from ..surface.textures import Textures


@dataclass(frozen=True)
class Facets:
    """The expanded level, triangle by triangle.

    corners (F, 3, 3) metres; anchor (F, 3) the first of them; normal (F, 3) unit, of the plane.
    values (F, 4) at the anchor and gradients (F, 4, 3) per metre of: texture u and v in periods (v downwards, as rows
    run), chart a and b in 0..1. tangent (F, 4): unit, along texture u, and the sign that makes normal × tangent run
    along v. material, chart, lamp, instance (F,) int32: lamp -1 where nothing is emitted, instance (of the level's
    ``instances``) -1 for the building. surface (F,) int32: triangles of one
    plane and material share it; where it changes, the picture has an edge. bends: of the charts.
    """

    mesh: Mesh
    corners: NDArray[np.float64]
    anchor: NDArray[np.float64]
    normal: NDArray[np.float64]
    values: NDArray[np.float64]
    gradients: NDArray[np.float64]
    tangent: NDArray[np.float32]
    material: NDArray[np.int32]
    chart: NDArray[np.int32]
    lamp: NDArray[np.int32]
    instance: NDArray[np.int32]
    surface: NDArray[np.int32]
    bends: Bends


def facets_of(level: Level, textures: Textures, lightmap: Lightmap) -> Facets:
    """The facets of a level whose ``face_material`` indexes ``textures``.

    Where some charts were baked and others not, the others are left out: a bake takes in all that is seen, so they
    are hidden, and most of a region is.
    """
    mesh, lamp = expand(level)
    instance = _instances(level)
    baked = np.all(lightmap.chart_size > 0, axis=1)
    if baked.any():
        kept = np.atleast_1d(baked)[mesh.vertex_chart[mesh.faces[:, 0]]]
        mesh = replace(mesh, faces=mesh.faces[kept], face_material=mesh.face_material[kept])
        lamp, instance = lamp[kept], instance[kept]
    size = textures.size_m[mesh.face_material]
    corners = mesh.vertices[mesh.faces]
    texture = mesh.uv[mesh.faces] / size[:, None, :] * [1.0, -1.0]
    values = np.concatenate([texture, mesh.chart_uv[mesh.faces]], axis=-1).astype(np.float64)
    edges = corners[:, 1:] - corners[:, :1]
    area = np.cross(edges[:, 0], edges[:, 1])
    normal = area / np.maximum(np.linalg.norm(area, axis=1, keepdims=True), 1e-30)
    gradients = np.einsum("fkc,fkd->fcd", values[:, 1:] - values[:, :1], _dual(edges, area))
    tangent = gradients[:, 0] / np.maximum(np.linalg.norm(gradients[:, 0], axis=1, keepdims=True), 1e-30)
    hand = np.einsum("fd,fd->f", np.cross(normal, tangent), gradients[:, 1])
    material = mesh.face_material.astype(np.int32)
    surface = _surfaces(normal, np.einsum("fd,fd->f", normal, corners[:, 0]), material, lamp)
    return Facets(
        mesh=mesh,
        corners=corners,
        anchor=corners[:, 0].copy(),
        normal=normal,
        values=values[:, 0].copy(),
        gradients=gradients,
        tangent=np.column_stack([tangent, np.where(hand > 0, -1.0, 1.0)]).astype(np.float32),
        material=material,
        chart=mesh.vertex_chart[mesh.faces[:, 0]].astype(np.int32),
        lamp=lamp.astype(np.int32),
        instance=instance,
        surface=surface,
        bends=bends_of(mesh),
    )


def _instances(level: Level) -> NDArray[np.int32]:
    """Instance (F,) that each face of ``expand(level)`` belongs to, -1 for the building."""
    faces = np.array([len(mesh.faces) for mesh in level.instance_meshes], np.int64)[level.instances.mesh]
    return np.repeat(np.arange(-1, len(faces), dtype=np.int32), [len(level.building.faces), *faces])


def _dual(edges: NDArray, area: NDArray) -> NDArray:
    """Dual basis (F, 2, 3) of two edges in their plane: dual[i] · edge[j] is 1 where i = j, else 0."""
    square = np.maximum(np.einsum("fd,fd->f", area, area), 1e-30)[:, None]
    return np.stack([np.cross(edges[:, 1], area) / square, np.cross(area, edges[:, 0]) / square], axis=1)


def _surfaces(normal: NDArray, offset: NDArray, material: NDArray, lamp: NDArray) -> NDArray[np.int32]:
    """Index (F,) of plane (to 1 mm and 1/1000 of a unit normal), material and lamp."""
    columns = [*np.rint(normal.T * 1e3), np.rint(offset * 1e3), material, lamp]
    return np.unique(row_hashes(columns), return_inverse=True)[1].reshape(-1).astype(np.int32)
