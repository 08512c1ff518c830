"""What some poses see of the world, what lights it, and how fine it must be. A still is a film of one pose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .camera.shot import Lens, Pose
from .cull import culled
from .geometry import expand
from .geometry.lamps import plan_lamps
from .light.bake import Part, bake
from .light.blocks import known_from
from .noun_cache import as_kept, kept
from .places.verbs import build, code_of, floorplan, materials, place_of
from .plan.around import cells_around
from .plan.clip import cells_between, clipped
from .plan.floorplan import CHUNK_CELLS, CHUNK_M
from .plan.floors import floor_at
from .plan.sight import Outlines, cast, closings, outlines
from .progress import Progress
from .render.lamp import camera_lamp
from .render.rays import pixel_rays
from .render.view import View, view_of
from .scene import Scene
from .surface import Patina, Textures, patina, textures_of
from .surface.palette import Role, Wear, worn_albedo
from .video.fields import pixel_aspect

if TYPE_CHECKING:
    from .geometry import Level, Mesh
    from .geometry.level import Lamps
    from .light.lightmap import Lightmap

UNBUILT = {"title", "light", "render", "camera", "tape", "sound", "film", "view"}
"""Parts of a scene that the set does not depend on."""
SIGHT_CHUNKS = 3
"""Chunks around the poses' that sight is followed through: 117 m, beyond nearly every view."""
SIGHT_RAYS = 361
"""Rays in plan from each pose: 0.3 degrees apart or less, 0.5 m at 100 m."""
BEHIND_M = 1.0
"""So far behind what it meets a ray ends: walls are thinner."""
BOUNCED_REACH_M = 8.0
"""Beyond this a troffer adds under 0.1 % to what the outermost patches, of the bounce's margin, send on."""
GUARD, GUARD_TURN = 1.06, float(np.radians(3.0))
"""How much wider than the picture is looked, for what filters and lens distortion bring in; in plan, the angle."""
TOUCHING_M = 1e-3
"""Corners of charts within this of each other are one."""
TEXTURE_PX = {"draft": 512, "normal": 1024, "final": 2048}
"""Texels along a material's period."""
PATINA_M = 0.012
"""Finest texels of patina; further off they are as large as a pixel."""
PUDDLES = 0.35
"""How damp it is, 0..1, where water may stand on a bare floor."""
AIM = np.array([0.1, 0.5, 0.9])
"""Shares of a chart's sides that rays are aimed at."""
NO_CHARTS = np.zeros(0, np.int64)
LEVEL_PITCH = float(np.radians(45.0))
"""Steeper than operators look."""
STEP_M, STEP_TURN = 0.3, float(np.radians(9.0))
"""Of a walk, what can be seen is looked up anew after so many metres or such a turn."""


@dataclass(frozen=True)
class Detail:
    """How closely poses look.

    rays_px: rays across and down from every pose; a chart that all of them miss covers next to nothing. turn: angle
    by which the camera may be turned from a pose, radians. patina_m: finest texels of patina. near: the level goes
    beyond what the poses see as far as lamps reach by the shortest way, round corners, or is of whole chunks where
    that is not enough; else it is a rectangle as far as anything counts in its light. culled: charts that are not
    seen are left out; else they stay, unlit, and keep their numbers.
    """

    rays_px: tuple[int, int]
    turn: float
    patina_m: float
    near: bool
    culled: bool = True


def still_detail(scene: Scene) -> Detail:
    """Two rays a pixel, each way."""
    return Detail((2 * scene.render.width_px, 2 * scene.render.height_px), 0.0, PATINA_M, near=True)


def film_detail(scene: Scene) -> Detail:
    """Fewer rays, from many poses; a draft in motion needs no more than coarse patina."""
    patina_m = 3 * PATINA_M if scene.render.quality == "draft" else PATINA_M
    return Detail((160, 120), STEP_TURN, patina_m, near=False)


def visible(
    scene: Scene,
    poses: Sequence[Pose],
    detail: Detail,
    *,
    part: Part = "all",
    parts: bool = False,
    progress: Progress | None = None,
    ready: Callable[[str], None] = lambda stage: None,
) -> tuple[Level, Lightmap, Patina]:
    """The charts of the world that some poses of one origin see, lit and worn; from the cache where they are known.

    part: of the light; parts: whether it is told apart, as ``bake`` does. ready: called before a stage ("light") whose
    kernels may be compiled elsewhere.
    """
    told = progress or Progress()
    place, size = set_key(scene), (scene.render.width_px, scene.render.height_px)
    asked = (place, scene.light, scene.render.quality, scene.camera.fov_deg, size, list(poses), detail, part, parts)

    def lit() -> tuple[Level, Lightmap, Patina]:
        """What the poses see, lit and worn: the patina last, so that the bake has its memory."""
        lens = Lens(float(np.radians(scene.camera.fov_deg)))
        with told.stage("build"):
            level = _level(scene, poses, detail)
            mesh = expand(level)[0]
            lenses = np.flatnonzero(level.palette.role[mesh.chart_material] == Role.LENS)
            seen, away = seen_charts(mesh, level.origin, poses, lens, detail, lenses, mirrors(level, mesh))
        with told.stage("surface"):
            albedo = worn_albedo(level.palette, clean_albedo(scene, level.materials))
        with told.stage("light"):
            ready("light")
            quality = scene.render.quality
            light = bake(
                level, scene.light, albedo, quality, seen, lambda _, share: told.share(share), part, parts, mesh
            )
            worn = patina(mesh, level, scene.seed, patina_pitch(away, lens, scene.render.width_px, detail.patina_m))
        return culled(level, light, worn, seen) if detail.culled else (level, light, worn)

    return kept("visible", asked, lit)


def set_key(scene: Scene) -> tuple[dict[str, Any], str]:
    """What a set follows from: the scene but for what does not matter to it, and the place's own code."""
    return scene.model_dump(exclude=UNBUILT), code_of(scene)


def stepped(poses: Sequence[Pose]) -> list[Pose]:
    """The poses that differ from one another by a step or a turn."""
    chosen = list(poses[:1])
    for pose in poses[1:]:
        last = chosen[-1]
        moved = np.hypot(*(np.array(pose.position) - last.position)[:2]) + abs(pose.position[2] - last.position[2])
        turned = max(abs(pose.yaw - last.yaw), abs(pose.pitch - last.pitch), abs(pose.roll - last.roll))
        if moved > STEP_M or turned > STEP_TURN:
            chosen.append(pose)
    return [*chosen, poses[-1]]


def dressing(scene: Scene, names: tuple[str, ...], relief: bool = False) -> Textures:
    """The textures of materials, the cache's own pages where it has them, which processes share; one set for all seeds.

    relief: made for a lamp on the camera, and where it is asked for.
    """
    relief = relief or camera_lamp(scene.camera) is not None
    texture_px = TEXTURE_PX[scene.render.quality]

    def made() -> Textures:
        each = (material for name in names for material in materials((name,), scene, texture_px))
        return textures_of(each, relief)

    return kept("textures", (*_look_of(scene, names), texture_px, relief), made)


def clean_albedo(scene: Scene, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Mean reflectance (M, 3) of materials as new; without their textures, where it is known."""
    return kept("albedo", (*_look_of(scene, names), scene.render.quality), lambda: dressing(scene, names).mean_albedo)


def _look_of(scene: Scene, names: tuple[str, ...]) -> tuple[Any, ...]:
    """What materials follow from, but for their resolution."""
    return names, scene.place, code_of(scene), scene.look


def area_for(
    scene: Scene, poses: Sequence[Pose], detail: Detail
) -> tuple[tuple[int, int, int, int], NDArray[np.bool_]]:
    """The chunks that poses of one origin need, and their cells (NY, NX): those that they see or get light from."""
    at, origin = np.array([pose.position[:2] for pose in poses]), np.array(poses[0].origin)
    low, high = np.floor(at.min(axis=0) / CHUNK_M), np.floor(at.max(axis=0) / CHUNK_M)
    first, last = origin + low.astype(int) - SIGHT_CHUNKS, origin + high.astype(int) + SIGHT_CHUNKS + 1
    around = floorplan(scene, scene.seed, _rectangle(first, last))
    lines = outlines(around)
    eye, half = at + (origin - first) * CHUNK_M, _half_diagonal(scene) + max(detail.turn, GUARD_TURN)
    wide = [_wide_in_plan(half, pose.pitch) for pose in poses]
    turns = [np.linspace(pose.yaw - w, pose.yaw + w, SIGHT_RAYS) for pose, w in zip(poses, wide, strict=True)]
    ends = [eye, *(_ends(lines, *looked, BEHIND_M) for looked in zip(eye, turns, strict=True))]
    low, high = np.concatenate(ends).min(axis=0), np.concatenate(ends).max(axis=0)
    known = known_from(low, high)
    kinds = place_of(scene).kit.luminaires
    lamps_m = max((kinds[kind].reach_m for kind in np.unique(around.lamp_kind)), default=0.0)
    low = np.minimum(low - lamps_m, known[0] - BOUNCED_REACH_M)
    high = np.maximum(high + lamps_m, known[1] + BOUNCED_REACH_M)
    left, right = np.floor(low / CHUNK_M).astype(int), np.ceil(high / CHUNK_M).astype(int)
    cells = cells_between(around.room.shape, low, high)
    if detail.near and place_of(scene).walled:
        closed = closings(around)
        fans = [(looked[0], _ends(closed, *looked, 0.0)) for looked in zip(eye, turns, strict=True)]
        cells &= cells_around(around.room.shape, closed, fans, lamps_m)
    elif detail.near:
        cells[:] = True
    (x0, y0), (x1, y1) = left * CHUNK_CELLS, right * CHUNK_CELLS
    return _rectangle(first + left, first + right), cells[y0:y1, x0:x1]


def _ends(
    lines: Outlines, eye: NDArray[np.float64], turns: NDArray[np.float64], behind_m: float
) -> NDArray[np.float64]:
    """Where rays from a place (2,) in directions (N,) end, so far behind the first line that each meets: (N, 2)."""
    reach = cast(lines, eye, turns)[0] + behind_m
    return np.asarray(eye + reach[:, None] * np.stack([np.cos(turns), np.sin(turns)], axis=1))


def lamps_about(scene: Scene, level: Level) -> Lamps:
    """The plan's lamps in all of a still's chunks, built or left out: its camera's white is locked to them."""
    (i, j), (wide, deep) = level.origin, (round(side / CHUNK_M) for side in level.size_m)
    return plan_lamps(floorplan(scene, scene.seed, (i, j, i + wide, j + deep)), place_of(scene).kit)


def seen_charts(
    mesh: Mesh, origin: tuple[int, int], poses: Sequence[Pose], lens: Lens, detail: Detail,
    aimed: NDArray[np.int64] = NO_CHARTS, wet: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:  # fmt: skip
    """Which charts (C,) of a level's mesh poses see, with neighbours turned to them, and from how near (C,) metres.

    origin: the level's chunk. aimed: charts that rays are sent to besides: a lens is bright enough to show in a pixel
    that it fills a tenth of. wet: faces (F,) of level floors in which more is seen. Charts that are not seen are
    infinitely far away.
    """
    from embreex.mesh_construction import TriangleMesh
    from embreex.rtcore_scene import EmbreeScene

    embree = EmbreeScene()
    TriangleMesh(embree, mesh.vertices.astype(np.float32), mesh.faces)
    wide = Lens(2 * float(np.arctan(GUARD * np.tan(lens.fov / 2 + detail.turn))))
    hit = np.zeros(len(mesh.faces) + 1, np.bool_)  # the last: rays that hit nothing
    u, v = AIM[:, None, None] * mesh.chart_u[aimed], AIM[:, None, None] * mesh.chart_v[aimed]
    spots, eyes = mesh.chart_origin[aimed] + u[:, None] + v[None], []
    for pose in poses:
        view = view_of(origin, pose, wide, detail.rays_px)
        directions = pixel_rays(view.rays, *detail.rays_px)
        origins = np.ascontiguousarray(np.broadcast_to(view.eye.astype(np.float32), directions.shape))
        met = embree.run(origins, directions)
        hit[met] = True
        if wet is not None:
            hit[_in_mirrors(embree, mesh, np.append(wet, False)[met], met, view.eye, directions)] = True
        at = _aimed_at(spots, view)
        hit[embree.run(np.broadcast_to(view.eye.astype(np.float32), at.shape).copy(), at)] = True
        eyes.append(view.eye)
    seen = np.zeros(len(mesh.chart_origin), np.bool_)
    seen[mesh.vertex_chart[mesh.faces[hit[:-1], 0]]] = True
    charts = np.flatnonzero(seen | charts_beside(mesh, seen))
    facing, near = _from_eyes(mesh, charts, eyes)
    away = np.full(len(seen), np.inf)
    shown = facing | seen[charts]
    away[charts[shown]] = near[shown]
    return np.isfinite(away), away


def mirrors(level: Level, mesh: Mesh) -> NDArray[np.bool_] | None:
    """Which faces (F,) of a level's mesh are bare floors where water may stand; None where it stands nowhere."""
    damp = 2.0 * level.ageing.damp * level.district_maps["damp"].astype(np.float64)
    if damp.max() < PUDDLES:
        return None
    floor = (level.palette.wear == Wear.SLAB)[mesh.face_material] & (
        mesh.chart_normal[mesh.vertex_chart[mesh.faces[:, 0]], 2] > 0.99
    )
    middle = mesh.vertices[mesh.faces[floor]][:, :, :2].mean(axis=1)
    floor[np.flatnonzero(floor)] = floor_at(damp, middle) > PUDDLES
    return floor if floor.any() else None


def _in_mirrors(
    embree: Any, mesh: Mesh, wet: NDArray[np.bool_], met: NDArray, eye: NDArray[np.float64], way: NDArray[np.float32]
) -> NDArray[np.int64]:
    """The faces that rays (N, 3) from an eye, which meet faces (N,), see in those that are ``wet`` (N,)."""
    rays = way[wet]
    if not len(rays):
        return np.zeros(0, np.int64)
    floor = mesh.vertices[mesh.faces[met[wet], 0], 2]
    start = eye + ((floor - eye[2]) / rays[:, 2])[:, None] * rays
    start[:, 2] = floor + 1e-3
    return embree.run(start.astype(np.float32), rays * np.array([1.0, 1.0, -1.0], np.float32))


def _aimed_at(spots: NDArray[np.float64], view: View) -> NDArray[np.float32]:
    """Directions (N, 3) from a view's eye to places (…, 3), as far as they lie within a square picture's corners."""
    to = (spots - view.eye).reshape(-1, 3)
    to /= np.maximum(np.linalg.norm(to, axis=1), 1e-9)[:, None]
    corner = np.arctan(view.bounds[1] * np.sqrt(2.0))
    return to[to @ view.forward > np.cos(corner)].astype(np.float32)


def charts_beside(mesh: Mesh, seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(C,) charts that share a corner with a seen one."""
    grid = np.round(mesh.vertices / TOUCHING_M).astype(np.int64)
    low, high = grid.min(axis=0), grid.max(axis=0)
    corner = (grid - low) @ np.array([1, *np.cumprod((high - low + 1)[:2])])
    touched = np.isin(corner, corner[seen[mesh.vertex_chart]])
    beside = np.zeros(len(seen), np.bool_)
    beside[mesh.vertex_chart[touched]] = True
    return beside


def patina_pitch(away: NDArray[np.float64], lens: Lens, width_px: int, finest_m: float) -> NDArray[np.float64]:
    """Texels of patina (C,) in metres: a pixel's breadth ``away`` (C,) metres off, 0 where a chart is not seen."""
    pixel = 2 * np.tan(lens.fov / 2) / width_px
    return np.where(np.isfinite(away), np.maximum(away * pixel, finest_m), 0.0)


def _level(scene: Scene, poses: Sequence[Pose], detail: Detail) -> Level:
    """The part of the world that poses need."""
    chunks, cells = area_for(scene, poses, detail)
    plan = floorplan(scene, scene.seed, chunks)
    if cells.all():
        return kept("level", (set_key(scene), chunks), lambda: build(plan, scene, scene.seed))
    return as_kept(build(clipped(plan, cells), scene, scene.seed))


def _from_eyes(
    mesh: Mesh, charts: NDArray[np.int64], eyes: Sequence[NDArray[np.float64]]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """For some charts (N,): are they turned to any of the eyes, and how near (N,) does one come, metres?"""
    origin, normal = mesh.chart_origin[charts], mesh.chart_normal[charts]
    along = mesh.chart_u[charts], mesh.chart_v[charts]
    sides = [(side, np.maximum((side * side).sum(axis=1), 1e-12)) for side in along]
    facing, near = np.zeros(len(charts), np.bool_), np.full(len(charts), np.inf)
    for eye in eyes:
        to = eye - origin
        facing |= (to * normal).sum(axis=1) > 0.0
        for side, square in sides:
            to -= np.clip((to * side).sum(axis=1) / square, 0.0, 1.0)[:, None] * side
        near = np.minimum(near, (to * to).sum(axis=1))
    return facing, np.sqrt(near)


def _wide_in_plan(half: float, pitch: float) -> float:
    """How far to either side, in plan, a camera looks that sees ``half`` to either side of its axis, radians.

    Operators tip a camera too little for it to matter. Beyond that it is a cone's, all round where it holds
    the vertical.
    """
    if abs(pitch) <= LEVEL_PITCH:
        return half
    return float(np.arcsin(np.sin(half) / np.cos(pitch))) if abs(pitch) + half < np.pi / 2 else float(np.pi)


def _half_diagonal(scene: Scene) -> float:
    """Angle from the picture's middle to its corner, radians: what a camera turned about its axis may see aside."""
    size = scene.render.width_px, scene.render.height_px
    aspect = size[1] / size[0] / pixel_aspect(size)
    return float(np.arctan(np.tan(np.radians(scene.camera.fov_deg) / 2) * np.hypot(1.0, aspect)))


def _rectangle(first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[int, int, int, int]:
    return int(first[0]), int(first[1]), int(last[0]), int(last[1])
