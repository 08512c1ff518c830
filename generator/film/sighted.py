"""What can be seen from a walk: the plan that must be built for it, and the charts that are looked at."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..camera.shot import Lens, Pose
from ..geometry import Mesh
from ..light.blocks import known_from
from ..plan import floorplan
from ..plan.clip import clipped
from ..plan.floorplan import CHUNK_M, Floorplan
from ..plan.sight import cast, outlines
from ..still import BOUNCED_REACH_M, LAMP_REACH_M, SIGHT_CHUNKS
from .request import FilmRequest

LOOK_M, LOOK_TURN = 0.3, np.radians(9.0)
"""What can be seen is looked up anew after so much of a walk or a turn."""
LOOK_PX = (160, 120)
"""Rays across and down when looking what can be seen: a chart that they miss from all poses covers next to nothing."""


def looks(poses: list[Pose]) -> list[Pose]:
    """The poses that differ from one another by a step or a turn."""
    kept = poses[:1]
    for pose in poses[1:]:
        last = kept[-1]
        moved = np.hypot(*(np.array(pose.position) - last.position)[:2]) + abs(pose.position[2] - last.position[2])
        turned = max(abs(pose.yaw - last.yaw), abs(pose.pitch - last.pitch), abs(pose.roll - last.roll))
        if moved > LOOK_M or turned > LOOK_TURN:
            kept.append(pose)
    return [*kept, poses[-1]]


def plan_for_path(request: FilmRequest, poses: list[Pose]) -> Floorplan:
    """The plan that poses need: of what they see, and of whatever throws light on that."""
    scene, origin = request.scene, poses[0].origin
    at = np.array([pose.position[:2] for pose in poses])
    low, high = np.floor(at.min(axis=0) / CHUNK_M).astype(int), np.floor(at.max(axis=0) / CHUNK_M).astype(int)
    i0, j0 = (origin[k] + int(low[k]) - SIGHT_CHUNKS for k in (0, 1))
    i1, j1 = (origin[k] + int(high[k]) + SIGHT_CHUNKS + 1 for k in (0, 1))
    lines = outlines(floorplan(scene.plan, scene.seed, (i0, j0, i1, j1)))
    half = np.arctan(np.tan(np.radians(scene.camera.fov_deg) / 2) * 1.25) + LOOK_TURN
    eye = at + (np.array(origin) - (i0, j0)) * CHUNK_M
    ends = [eye]
    for k, pose in enumerate(poses):
        turns = np.linspace(pose.yaw - half, pose.yaw + half, 181)
        reach = cast(lines, eye[k], turns)[0] + 1.0
        ends.append(eye[k] + reach[:, None] * np.stack([np.cos(turns), np.sin(turns)], axis=1))
    low, high = np.concatenate(ends).min(axis=0), np.concatenate(ends).max(axis=0)
    known = known_from(low, high)
    low = np.minimum(low - LAMP_REACH_M, known[0] - BOUNCED_REACH_M)
    high = np.maximum(high + LAMP_REACH_M, known[1] + BOUNCED_REACH_M)
    first, last = np.floor(low / CHUNK_M).astype(int), np.ceil(high / CHUNK_M).astype(int)
    chunks = i0 + int(first[0]), j0 + int(first[1]), i0 + int(last[0]), j0 + int(last[1])
    return clipped(floorplan(scene.plan, scene.seed, chunks), low - first * CHUNK_M, high - first * CHUNK_M)


def seen_charts(
    mesh: Mesh, origin: tuple[int, int], poses: list[Pose], lens: Lens
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which charts (C,) of a level's mesh any of the poses sees, with their neighbours, and from how near (C,) m."""
    from embreex.mesh_construction import TriangleMesh
    from embreex.rtcore_scene import EmbreeScene

    from ..render.rays import pixel_rays
    from ..render.view import view_of
    from ..render.visible import charts_beside

    scene = EmbreeScene()
    TriangleMesh(scene, mesh.vertices.astype(np.float32), mesh.faces)
    wide = Lens(2 * float(np.arctan(1.06 * np.tan(lens.fov / 2 + LOOK_TURN))))
    chart_of = mesh.vertex_chart[mesh.faces[:, 0]]
    seen, hit = np.zeros(len(mesh.chart_origin), np.bool_), np.zeros(len(mesh.faces) + 1, np.bool_)
    eyes = []
    for pose in poses:
        view = view_of(origin, pose, wide, LOOK_PX)
        directions = pixel_rays(view.rays, *LOOK_PX)
        origins = np.ascontiguousarray(np.broadcast_to(view.eye.astype(np.float32), directions.shape))
        hit[scene.run(origins, directions)] = True
        eyes.append(view.eye)
    seen[chart_of[hit[:-1]]] = True
    charts = np.flatnonzero(seen | charts_beside(mesh, seen))
    sides = mesh.chart_origin, mesh.chart_u, mesh.chart_v, mesh.chart_normal
    facing, away = _from(charts, *sides, np.array(eyes))
    charts, away = charts[facing | seen[charts]], away[facing | seen[charts]]
    near = np.full(len(seen), np.inf)
    near[charts] = away
    return np.isfinite(near), near


@njit(cache=True, error_model="numpy")
def _from(charts, origin, side_u, side_v, normal, eyes):
    """For some charts: are they turned to any of the eyes (P, 3), and how near does one come, metres?"""
    facing, away = np.zeros(len(charts), np.bool_), np.empty(len(charts))
    for k in range(len(charts)):
        c = charts[k]
        o, u, v, n = origin[c], side_u[c], side_v[c], normal[c]
        uu = max(u[0] * u[0] + u[1] * u[1] + u[2] * u[2], 1e-12)
        vv = max(v[0] * v[0] + v[1] * v[1] + v[2] * v[2], 1e-12)
        least = np.inf
        for e in range(len(eyes)):
            x, y, z = eyes[e, 0] - o[0], eyes[e, 1] - o[1], eyes[e, 2] - o[2]
            facing[k] |= x * n[0] + y * n[1] + z * n[2] > 0.0
            a = min(max((x * u[0] + y * u[1] + z * u[2]) / uu, 0.0), 1.0)
            x, y, z = x - a * u[0], y - a * u[1], z - a * u[2]
            b = min(max((x * v[0] + y * v[1] + z * v[2]) / vv, 0.0), 1.0)
            x, y, z = x - b * v[0], y - b * v[1], z - b * v[2]
            least = min(least, x * x + y * y + z * z)
        away[k] = np.sqrt(least)
    return facing, away
