"""A leg of a film made ready: the level that its frames see, dressed and lit, and the camera's state in every field."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from ..build import Level, Mesh, build, expand
from ..camera.shot import Lens, Pose, Shot
from ..keep import kept
from ..light.bake import bake
from ..light.blocks import BLOCK_M, MARGIN_M
from ..light.lightmap import Lightmap
from ..plan import floorplan
from ..plan.floorplan import CHUNK_M, LampState
from ..plan.sight import cast, outlines
from ..progress import Progress
from ..render import open_renderer
from ..still import BOUNCED_REACH_M, LAMP_REACH_M, PATINA_M, SIGHT_CHUNKS, TEXTURE_PX, UNBUILT
from ..surface import Material, Patina, materials, patina
from .meter import metered_fields, planned_shot
from .order import LEG_FRAMES, FilmOrder, Kind
from .plot import Plot, lamp_states, pose_at
from .trim import trimmed

LOOK_M, LOOK_TURN = 0.3, np.radians(6.0)
"""What can be seen is looked up anew after so much of a walk or a turn."""
FINEST_PATINA_M = {"draft": 2 * PATINA_M, "normal": PATINA_M, "final": PATINA_M}
LOOK_PX = (160, 120)
"""Rays across and down when looking what can be seen: a chart that they miss from all poses covers next to nothing."""


@dataclass(frozen=True)
class Leg:
    """Everything that frames of one leg are made from; of the level, what they see.

    field: number of the first field of ``shot``. lamp (F,): failing lamps, indices into ``level.lamps``;
    lamp_output (N, F): their mean output in every field of the shot.
    """

    level: Level
    lightmap: Lightmap
    patina: Patina
    materials: tuple[Material, ...]
    field: int
    shot: Shot
    lamp: NDArray[np.int64]
    lamp_output: NDArray[np.float32]


def legs(order: FilmOrder) -> list[tuple[int, int]]:
    """The half-open ranges of frames that are prepared together."""
    numbers = range(order.first // LEG_FRAMES, -(-order.stop // LEG_FRAMES))
    return [(max(k * LEG_FRAMES, order.first), min((k + 1) * LEG_FRAMES, order.stop)) for k in numbers]


def prepare(order: FilmOrder, plot: Plot, first: int, stop: int, renderer: Kind, progress: Progress) -> Leg:
    """Plan, build, dress and light what frames ``first`` to ``stop`` see, and plan the camera's state for each field.

    Fields before the first are looked at too, so that iris and gain have settled by then.
    """
    scene, seed = order.scene, order.scene.seed
    fields = metered_fields(first, stop)
    poses = looks([pose_at(plot, n) for n in fields])
    lens = Lens(float(np.radians(scene.camera.fov_deg)))
    quality, size = scene.render.quality, (scene.render.width_px, scene.render.height_px)
    with progress.stage("light"):
        place = scene.model_dump(exclude=UNBUILT)
        view = (place, [asdict(pose) for pose in poses], lens.fov, size, scene.light, quality)
        level, light, unique = kept("leg", view, lambda: _lit(order, poses, lens, progress))
    with progress.stage("surface"):
        look = (level.materials, scene.look, seed, TEXTURE_PX[quality])
        made = kept("materials", look, lambda: materials(*look))
    failing = np.flatnonzero(level.lamps.state == LampState.FAILING)
    output = lamp_states(level.lamps.ident[failing], seed, fields, scene.film.flash_safe)
    with (
        progress.stage("metering"),
        open_renderer(renderer, level, light, unique, made, "draft") as draft,
    ):
        shot = planned_shot(order, plot, fields, draft, failing, output, len(level.lamps.state))
    return Leg(level, light, unique, made, fields.start, shot, failing, output)


def _lit(order: FilmOrder, poses: list[Pose], lens: Lens, progress: Progress) -> tuple[Level, Lightmap, Patina]:
    """What some poses see of the world, dressed and lit."""
    scene, seed, quality = order.scene, order.scene.seed, order.scene.render.quality
    level = build(floorplan(scene.plan, seed, chunks_for_path(order, poses)), scene, seed)
    seen, away = seen_charts(level, poses, lens)
    pixel = 2 * np.tan(lens.fov / 2) / scene.render.width_px
    pitch = np.where(seen, np.maximum(away * pixel, FINEST_PATINA_M[quality]), 0.0)
    unique = patina(expand(level)[0], level, scene.look, seed, pitch)
    made = materials(level.materials, scene.look, seed, TEXTURE_PX[quality])
    albedo = np.array([material.mean_albedo for material in made])
    light = bake(level, scene.light, albedo, quality, seen, lambda _, share: progress.share(share))
    return trimmed(level, light, unique, seen)


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


def chunks_for_path(order: FilmOrder, poses: list[Pose]) -> tuple[int, int, int, int]:
    """The rectangle of chunks that poses need: what they see, and whatever throws light on that."""
    scene, origin = order.scene, poses[0].origin
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
    low = np.minimum(low - LAMP_REACH_M, np.floor(low / BLOCK_M) * BLOCK_M - MARGIN_M - BOUNCED_REACH_M)
    high = np.maximum(high + LAMP_REACH_M, np.ceil(high / BLOCK_M) * BLOCK_M + MARGIN_M + BOUNCED_REACH_M)
    first, last = np.floor(low / CHUNK_M).astype(int), np.ceil(high / CHUNK_M).astype(int)
    return i0 + int(first[0]), j0 + int(first[1]), i0 + int(last[0]), j0 + int(last[1])


def seen_charts(level: Level, poses: list[Pose], lens: Lens) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which charts (C,) of ``expand(level)`` any of the poses sees, with their neighbours, and from how near (C,) m."""
    from embreex.mesh_construction import TriangleMesh
    from embreex.rtcore_scene import EmbreeScene

    from ..render.rays import pixel_rays
    from ..render.view import view_of
    from ..render.visible import charts_beside

    mesh, _ = expand(level)
    scene = EmbreeScene()
    TriangleMesh(scene, mesh.vertices.astype(np.float32), mesh.faces)
    wide = Lens(2 * float(np.arctan(1.06 * np.tan(lens.fov / 2 + LOOK_TURN))))
    chart_of = mesh.vertex_chart[mesh.faces[:, 0]]
    seen, hit = np.zeros(len(mesh.chart_origin), np.bool_), np.zeros(len(mesh.faces) + 1, np.bool_)
    eyes = []
    for pose in poses:
        view = view_of(level.origin, pose, wide, LOOK_PX)
        directions = pixel_rays(view.rays, *LOOK_PX)
        origins = np.ascontiguousarray(np.broadcast_to(view.eye.astype(np.float32), directions.shape))
        hit[scene.run(origins, directions)] = True
        eyes.append(view.eye)
    seen[chart_of[hit[:-1]]] = True
    charts = np.flatnonzero(seen | charts_beside(mesh, seen))
    facing, away = _from(mesh, charts, np.array(eyes))
    charts, away = charts[facing | seen[charts]], away[facing | seen[charts]]
    near = np.full(len(seen), np.inf)
    near[charts] = away
    return np.isfinite(near), near


def _from(
    mesh: Mesh, charts: NDArray[np.int64], eyes: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """For some charts: are they turned to any of the eyes (P, 3), and how near does one come, metres?"""
    origin, normal = mesh.chart_origin[charts], mesh.chart_normal[charts]
    sides = [(s, np.maximum((s * s).sum(axis=1), 1e-12)) for s in (mesh.chart_u[charts], mesh.chart_v[charts])]
    facing, away = np.zeros(len(charts), np.bool_), np.full(len(charts), np.inf)
    for eye in eyes:
        off = origin - eye
        facing |= (off * normal).sum(axis=1) < 0
        for side, square in sides:
            off += np.clip(-(off * side).sum(axis=1) / square, 0.0, 1.0)[:, None] * side
        away = np.minimum(away, (off * off).sum(axis=1))
    return facing, np.sqrt(away)


def lamp_output(leg: Leg, field: int) -> NDArray[np.float32]:
    """Output (L,) of every lamp of the leg's level in one field of the film."""
    output = np.ones(len(leg.level.lamps.state), np.float32)
    output[leg.lamp] = leg.lamp_output[field - leg.field]
    return output
