"""Whether a mesh is a closed shell."""

from __future__ import annotations

import numpy as np
import trimesh
from trimesh.ray.ray_pyembree import RayMeshIntersector


def edges_used(mesh) -> np.ndarray:
    """How many triangles share each undirected edge, vertices at the same place counted as one."""
    key = np.round(mesh.vertices * 1e4).astype(np.int64)
    _, node = np.unique(key, axis=0, return_inverse=True)
    f = node.ravel()[mesh.faces]
    edges = np.sort(np.concatenate([f[:, [0, 1]], f[:, [1, 2]], f[:, [2, 0]]]), axis=1)
    return np.unique(edges, axis=0, return_counts=True)[1]


def rays_that_escape(
    mesh, size_m: tuple[float, float], floor_m: float = 0.0, count: int = 3000, least: float = 1 / 3
) -> int:
    """How many rays, from places in free space of a level of ``size_m``, meet no face or one's back.

    least: share of the places that is free, at least.
    """
    solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    caster, normal = RayMeshIntersector(solid, scale_to_box=False), solid.face_normals
    rng = np.random.default_rng(1)
    eye = np.column_stack([rng.uniform(0.5, np.array(size_m) - 0.5, (count, 2)), rng.uniform(floor_m, 2.3, count)])
    up = caster.intersects_first(eye, np.tile([0.0, 0.0, 1.0], (count, 1)))
    eye = eye[(up >= 0) & (normal[up, 2] < 0)]
    way = rng.normal(size=(len(eye), 3))
    face = caster.intersects_first(eye, way / np.linalg.norm(way, axis=1, keepdims=True))
    facing = (normal[face] * way).sum(axis=1) < 0
    assert len(eye) > count * least
    return int((~((face >= 0) & facing)).sum())
