"""A segment of a film made ready: the level that its frames see, dressed and lit, and the camera's state by field."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import Lens, Pose, Shot
from ..geometry import Level, Mesh, build, expand
from ..light.bake import bake
from ..light.lightmap import Lightmap
from ..noun_cache import kept
from ..plan.floorplan import LampState
from ..render import open_renderer
from ..render.lamp import camera_lamp
from ..still import PATINA_M, TEXTURE_PX, UNBUILT
from ..surface import Patina, Textures, materials, patina, textures_of
from .cull import trimmed
from .metering import metered_fields, planned_shot
from .request import SEGMENT_FRAMES, FilmRequest, Kind
from .sighted import looks, plan_for_path, seen_charts
from .timeline import Timeline, lamp_states, pose_at

FINEST_PATINA_M = {"draft": 3 * PATINA_M, "normal": PATINA_M, "final": PATINA_M}


@dataclass(frozen=True)
class SegmentState:
    """A segment's shot and what its failing lamps do meanwhile.

    field: number of the first field of ``shot``. lamps: how many the level has. lamp (F,) int64: the failing ones among
    them; lamp_ident (F,) uint64; lamp_output (N, F): their mean output in every field of the shot.
    """

    field: int
    shot: Shot
    lamps: int
    lamp: NDArray[np.int64]
    lamp_ident: NDArray[np.uint64]
    lamp_output: NDArray[np.float32]


@dataclass(frozen=True)
class Segment:
    """All that frames of one segment are made from, but for the materials; of the level, what the frames see."""

    level: Level
    lightmap: Lightmap
    patina: Patina
    state: SegmentState


def segments(request: FilmRequest) -> list[tuple[int, int]]:
    """The half-open ranges of frames that are prepared together."""
    numbers = range(request.first // SEGMENT_FRAMES, -(-request.stop // SEGMENT_FRAMES))
    return [(max(k * SEGMENT_FRAMES, request.first), min((k + 1) * SEGMENT_FRAMES, request.stop)) for k in numbers]


def prepare(request: FilmRequest, timeline: Timeline, first: int, stop: int, renderer: Kind) -> Segment:
    """Plan, build, dress and light what frames ``first`` to ``stop`` see, and plan the camera's state for each field.

    Fields before the first are looked at too, so that iris and gain have settled by then.
    """
    scene, seed = request.scene, request.scene.seed
    fields = metered_fields(first, stop)
    poses = looks([pose_at(timeline, n) for n in fields])
    lens = Lens(float(np.radians(scene.camera.fov_deg)))
    quality, size = scene.render.quality, (scene.render.width_px, scene.render.height_px)
    place = scene.model_dump(exclude=UNBUILT)
    view = (place, [asdict(pose) for pose in poses], lens.fov, size, scene.light, quality)
    level, light, unique = kept("segment", view, lambda: _lit(request, poses, lens))
    failing = np.flatnonzero(level.lamps.state == LampState.FAILING)
    ident = level.lamps.ident[failing]
    output = lamp_states(ident, seed, fields, scene.film.flash_safe)
    lamps = len(level.lamps.state)
    with open_renderer(renderer, level, light, unique, dressing(request, level.materials), "draft") as draft:
        shot = planned_shot(request, timeline, fields, draft, failing, output, lamps)
    return Segment(level, light, unique, SegmentState(fields.start, shot, lamps, failing, ident, output))


def dressing(request: FilmRequest, names: tuple[str, ...]) -> Textures:
    """The textures of a film's materials, read back from the cache, so that workers share their memory."""
    look, seed, texture_px = request.scene.look, request.scene.seed, TEXTURE_PX[request.scene.render.quality]
    relief = camera_lamp(request.scene.camera) is not None

    def made() -> Textures:
        each = (material for name in names for material in materials((name,), look, seed, texture_px))
        return textures_of(each, relief)

    asked = names, look, seed, texture_px, relief
    kept("textures", asked, made)
    return kept("textures", asked, made)


def _lit(request: FilmRequest, poses: list[Pose], lens: Lens) -> tuple[Level, Lightmap, Patina]:
    """What some poses see of the world, lit and dressed: the patina last, so that the bake has its memory."""
    scene, seed, quality = request.scene, request.scene.seed, request.scene.render.quality
    level = build(plan_for_path(request, poses), scene, seed)
    mesh = expand(level)[0]
    seen, away = seen_charts(mesh, level.origin, poses, lens)
    albedo = np.array(dressing(request, level.materials).mean_albedo)
    light = bake(level, scene.light, albedo, quality, seen)
    return trimmed(level, light, _worn(request, level, mesh, seen, away, lens), seen)


def _worn(
    request: FilmRequest, level: Level, mesh: Mesh, seen: NDArray[np.bool_], away: NDArray[np.float64], lens: Lens
) -> Patina:
    """The patina of the charts that are seen, as fine as they are seen from the nearest pose, ``away`` (C,) metres."""
    scene = request.scene
    pixel = 2 * np.tan(lens.fov / 2) / scene.render.width_px
    pitch = np.where(seen, np.maximum(away * pixel, FINEST_PATINA_M[scene.render.quality]), 0.0)
    return patina(mesh, level, scene.look, scene.seed, pitch)


def lamp_output(state: SegmentState, field: int) -> NDArray[np.float32]:
    """Output (L,) of every lamp of a state's level in one field of the film."""
    output = np.ones(state.lamps, np.float32)
    output[state.lamp] = state.lamp_output[field - state.field]
    return output
