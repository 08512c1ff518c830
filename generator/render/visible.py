"""Which charts a picture can show, so that nothing else need be lit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import Lens, Pose
from ..geometry.level import Level, Mesh, expand
from .rays import pixel_rays
from .view import view_of

OVERSAMPLING = 2
"""Rays per pixel, each way: a chart that all of them miss covers next to nothing."""
GUARD = 1.06
"""How much wider than the picture is looked, for what filters and lens distortion bring in."""
TOUCHING_M = 1e-3


def visible_charts(level: Level, pose: Pose, lens: Lens, size: tuple[int, int]) -> NDArray[np.bool_]:
    """(C,) charts of ``expand(level)`` that a picture shows, and their neighbours that face the camera.

    size: width, height of the picture in pixels.
    """
    from embreex.mesh_construction import TriangleMesh
    from embreex.rtcore_scene import EmbreeScene

    mesh, _ = expand(level)
    scene = EmbreeScene()
    TriangleMesh(scene, mesh.vertices.astype(np.float32), mesh.faces)
    wide = Lens(2 * float(np.arctan(GUARD * np.tan(lens.fov / 2))))
    view = view_of(level.origin, pose, wide, (OVERSAMPLING * size[0], OVERSAMPLING * size[1]))
    directions = pixel_rays(view.rays, view.width, view.height)
    origins = np.ascontiguousarray(np.broadcast_to(view.eye.astype(np.float32), directions.shape))
    faces = np.unique(scene.run(origins, directions))
    seen = np.zeros(len(mesh.chart_origin), np.bool_)
    seen[mesh.vertex_chart[mesh.faces[faces[faces >= 0], 0]]] = True
    return seen | (charts_beside(mesh, seen) & _facing(mesh, view.eye))


def charts_beside(mesh: Mesh, seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(C,) charts that share a corner with a seen one."""
    grid = np.round(mesh.vertices / TOUCHING_M).astype(np.int64)
    low, high = grid.min(axis=0), grid.max(axis=0)
    corner = (grid - low) @ np.array([1, *np.cumprod((high - low + 1)[:2])])
    touched = np.isin(corner, corner[seen[mesh.vertex_chart]])
    beside = np.zeros(len(seen), np.bool_)
    beside[mesh.vertex_chart[touched]] = True
    return beside


def _facing(mesh: Mesh, eye: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(C,) charts whose front is turned to the eye."""
    return ((eye - mesh.chart_origin) * mesh.chart_normal).sum(axis=1) > 0
