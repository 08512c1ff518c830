"""One still: from a request to a frame, through every stage of the pipeline."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import __version__
from .camera.choose import Wish, choose_pose, chunk_of
from .camera.exposure import settled_state, transfer
from .camera.shoot import shoot
from .camera.shot import FIELD_S, Lens, Pose
from .files import whole
from .geometry import build, expand
from .geometry.landmarks import Landmarks, landmarks
from .light.bake import Part, bake
from .light.blocks import known_from
from .light.flicker import flicker
from .noun_cache import kept
from .plan import floorplan
from .plan.floorplan import CHUNK_M, LampState
from .plan.sight import cast, outlines
from .precompile import Precompiler, precompiling
from .progress import Progress
from .recipe import recipe_chunk
from .render import open_renderer
from .render.lamp import camera_lamp
from .render.view import Only
from .render.visible import visible_charts
from .scene import Scene
from .surface import materials, patina, textures_of
from .tape import record
from .tape.deck import to_codes

if TYPE_CHECKING:
    from .geometry.level import Lamps, Level, Mesh
    from .light.lightmap import Lightmap
    from .scene.view import ViewSettings
    from .surface import Material, Patina

SIGHT_CHUNKS = 3
"""Chunks around the camera's that sight is followed through: 117 m, beyond nearly every view."""
LAMP_REACH_M = 20.0
"""Further off a troffer adds less than the light's cut-off (0.65 m² of lens, 2.74 m high, seen from a wall)."""
UNBUILT = {"title", "light", "render", "camera", "tape", "sound", "film", "view"}
"""Parts of a scene that the set does not depend on."""
BOUNCED_REACH_M = 8.0
"""Beyond this a troffer adds under 0.1 % to what the outermost patches, of the bounce's margin, send on."""
TEXTURE_PX = {"draft": 512, "normal": 1024, "final": 2048}
"""Texels along a material's period."""
PATINA_M = 0.012
"""Finest texels of patina; further off they are as large as a pixel."""


@dataclass(frozen=True)
class StillRequest:
    """What to take: a scene, and whether to stop before the tape.

    pose: an exact one (a recipe's), which ``wish`` alters; without it ``wish``, or else the scene's view, is met.
    only: one part of the radiance instead of all of it, never taped.
    """

    scene: Scene
    wish: Wish | None = None
    pose: Pose | None = None
    clean: bool = False
    only: Only | None = None


@dataclass(frozen=True)
class Still:
    """A frame (H, W, 3) uint8, the linear radiance (H, W, 3) it was shot from, and its recipe."""

    frame: NDArray[np.uint8]
    radiance: NDArray[np.float32]
    recipe: dict[str, Any]


def make_still(request: StillRequest, progress: Progress) -> Still:
    """Plan, build, light, render, shoot and record one view.

    Raises NoclipError when the scene asks for a renderer that this machine has not, or for a place outside the world.
    """
    scene = request.scene
    with precompiling() as warmer:
        with progress.stage("view"):
            pose, moved = pose_of(request)
        if moved > 0:
            at = ", ".join(f"{c:.2f}" for c in world_of(pose))
            progress.warn(f"--at is inside something; moved {moved:.2f} m to the nearest free place, {at}")
        radiance, lamp_white = _radiance(scene, pose, request.only, warmer, progress)
        with progress.stage("camera"):
            warmer.wait("camera")
            frame = _frame(radiance, lamp_white, scene, request.clean, request.only)
    return Still(frame, radiance, recipe_of(scene, pose, request.clean, request.only))


def pose_of(request: StillRequest) -> tuple[Pose, float]:
    """The pose of a request, and how far (metres) it was moved out of a wall."""
    scene, pose = request.scene, request.pose
    wish = request.wish or wish_of(scene.view)
    if pose is not None and wish.at is None:
        angles = {name: getattr(wish, name) for name in ("yaw", "pitch", "roll")}
        return replace(pose, **{name: angle for name, angle in angles.items() if angle is not None}), 0.0
    if pose is not None:
        wish = Wish(wish.at, *(_first(getattr(wish, n), getattr(pose, n)) for n in ("yaw", "pitch", "roll")))
    i, j = (0, 0) if wish.at is None else chunk_of(*wish.at)
    chunks = (i - 1, j - 1, i + 2, j + 2)
    plan = floorplan(scene.plan, scene.seed, chunks)
    place = scene.model_dump(exclude=UNBUILT)
    things: Landmarks = kept("notable", (place, chunks), lambda: landmarks(plan, scene, scene.seed))
    return choose_pose(plan, scene.seed, wish, np.radians(scene.camera.fov_deg), things)


def recipe_of(scene: Scene, pose: Pose, clean: bool, only: Only | None = None) -> dict[str, Any]:
    """All that a PNG must carry to be made again."""
    asked = {"scene": scene.model_dump(mode="json"), "pose": asdict(pose), "clean": clean, "only": only}
    return {"version": __version__, **asked}


def wish_of(view: ViewSettings) -> Wish:
    """What a scene asks of its view."""
    angles = (view.yaw_deg, view.pitch_deg, view.roll_deg)
    return Wish(view.at, *(None if angle is None else float(np.radians(angle)) for angle in angles))


def request_from(recipe: dict[str, Any], scene: Scene, clean: bool, only: Only | None = None) -> StillRequest:
    """The request for a recipe's picture with ``scene``, the recipe's scene as it was altered since.

    Of the pose, only what the altered view names is changed; with another seed it means nothing and is chosen anew.
    """
    at, old = recipe["pose"], recipe["scene"]
    clean, only = clean or bool(recipe.get("clean")), only or recipe.get("only")
    if old.get("seed") != scene.seed:
        return StillRequest(scene, clean=clean, only=only)
    i, j = at["origin"]
    x, y, z = at["position"]
    view = scene.view.model_dump(mode="json")
    new = {key: value for key, value in view.items() if value != old.get("view", {}).get(key)}
    wish = wish_of(type(scene.view)(**new))
    return StillRequest(scene, wish, Pose((i, j), (x, y, z), at["yaw"], at["pitch"], at["roll"]), clean, only)


def save_png(still: Still, path: Path) -> None:
    """Write a still with its recipe, whole or not at all."""
    from PIL import Image

    with whole(path) as part:
        Image.fromarray(still.frame).save(part, "PNG", pnginfo=recipe_chunk(still.recipe))


def save_radiance(still: Still, path: Path) -> None:
    """Write the linear radiance as a NumPy file, whole or not at all."""
    with whole(path) as part, part.open("wb") as file:
        np.save(file, still.radiance)


def world_of(pose: Pose) -> tuple[float, float]:
    """Where a pose stands in the world, metres."""
    x, y = (pose.origin[k] * CHUNK_M + pose.position[k] for k in (0, 1))
    return x, y


def chunks_for(scene: Scene, pose: Pose) -> tuple[int, int, int, int]:
    """The rectangle of chunks that a view needs: what it sees, and whatever throws light on that."""
    i, j = (pose.origin[k] + int(np.floor(pose.position[k] / CHUNK_M)) for k in (0, 1))
    near = (i - SIGHT_CHUNKS, j - SIGHT_CHUNKS, i + SIGHT_CHUNKS + 1, j + SIGHT_CHUNKS + 1)
    plan = floorplan(scene.plan, scene.seed, near)
    eye = np.array([(pose.origin[k] - near[k]) * CHUNK_M + pose.position[k] for k in (0, 1)])
    half = _half_diagonal(scene) + np.radians(3.0)
    angles = np.linspace(pose.yaw - half, pose.yaw + half, 361)
    reach = cast(outlines(plan), eye, angles)[0] + 1.0
    ends = eye + reach[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    low, high = np.minimum(ends.min(axis=0), eye), np.maximum(ends.max(axis=0), eye)
    known = known_from(low, high)
    low = np.minimum(low - LAMP_REACH_M, known[0] - BOUNCED_REACH_M)
    high = np.maximum(high + LAMP_REACH_M, known[1] + BOUNCED_REACH_M)
    first, last = np.floor(low / CHUNK_M).astype(int), np.ceil(high / CHUNK_M).astype(int)
    return near[0] + int(first[0]), near[1] + int(first[1]), near[0] + int(last[0]), near[1] + int(last[1])


def _radiance(
    scene: Scene, pose: Pose, only: Only | None, warmer: Precompiler, progress: Progress
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """What falls into the lens (H, W, 3), and the lamps' mean colour (3,), which the camera's white is locked to."""
    lens, size = Lens(float(np.radians(scene.camera.fov_deg))), (scene.render.width_px, scene.render.height_px)
    quality = scene.render.quality
    place = scene.model_dump(exclude=UNBUILT)
    with progress.stage("build"):
        chunks = chunks_for(scene, pose)
        level: Level = kept("level", (place, chunks), lambda: _built(scene, chunks))
    look = (level.materials, scene.look, scene.seed, TEXTURE_PX[quality])
    with progress.stage("surface"):
        made = kept("materials", look, lambda: materials(*look))
    with progress.stage("light"):
        warmer.wait("light")
        part: Part = only if only == "direct" or only == "bounce" else "all"
        view = (place, chunks, scene.light, quality, pose, lens, size, part)
        lightmap, unique = kept("view", view, lambda: _dressed(level, made, scene, pose, lens, size, part, progress))
    drawn_by, own = scene.render.renderer, camera_lamp(scene.camera)
    textures = textures_of(made, relief=own is not None or only == "normal")
    with progress.stage("render"), open_renderer(drawn_by, level, lightmap, unique, textures, quality) as renderer:
        output = _lamp_output(level.lamps, scene.seed)
        radiance = renderer.radiance(pose, lens, size, lamp_output=output, camera_lamp=own, only=only)
        note = renderer.note
    if note:
        progress.warn(note)
    return radiance, _mean_colour(level.lamps)


def _built(scene: Scene, chunks: tuple[int, int, int, int]) -> Level:
    return build(floorplan(scene.plan, scene.seed, chunks), scene, scene.seed)


def _dressed(
    level: Level,
    made: tuple[Material, ...],
    scene: Scene,
    pose: Pose,
    lens: Lens,
    size: tuple[int, int],
    part: Part,
    progress: Progress,
) -> tuple[Lightmap, Patina]:
    """The light and the patina of all that a picture shows, and of nothing else."""
    seen = visible_charts(level, pose, lens, size)
    mesh, _ = expand(level)
    pitch = np.where(seen, _patina_pitch(level, mesh, pose, scene), 0.0)
    unique = patina(mesh, level, scene.look, scene.seed, pitch)
    albedo = np.array([material.mean_albedo for material in made])
    quality = scene.render.quality
    return bake(level, scene.light, albedo, quality, seen, lambda _, share: progress.share(share), part), unique


def _frame(
    radiance: NDArray[np.float32], lamp_white: NDArray[np.float64], scene: Scene, clean: bool, only: Only | None
) -> NDArray[np.uint8]:
    """A settled, motionless frame of the camera, and of the tape unless ``clean``; surfaces as they are."""
    if only in ("albedo", "normal"):
        return to_codes(transfer(radiance) if only == "albedo" else radiance)
    clean = clean or only is not None
    state = settled_state(radiance, scene.camera, lamp_white)
    video = shoot(radiance, scene.camera, state, scene.seed, 0, display=not clean)
    return to_codes(video) if clean else record(video, scene.tape, scene.seed, 0)


def _lamp_output(lamps: Lamps, seed: int) -> NDArray[np.float64]:
    """Output (L,) of every lamp while the shutter is open, at the film's very start."""
    output = np.ones(len(lamps.state))
    failing = lamps.state == LampState.FAILING
    output[failing] = flicker(lamps.ident[failing], seed, 0.0, FIELD_S)
    return output


def _mean_colour(lamps: Lamps) -> NDArray[np.float64]:
    """Mean radiance (3,) of the lamps that are lit, white where none is."""
    lit = lamps.radiance[lamps.radiance.any(axis=1)]
    return lit.mean(axis=0) if len(lit) else np.ones(3)


def _patina_pitch(level: Level, mesh: Mesh, pose: Pose, scene: Scene) -> NDArray[np.float64]:
    """Texels of patina (C,) in metres: a pixel's breadth at each chart's nearest point."""
    eye = np.array(pose.position)
    eye[:2] += [(pose.origin[k] - level.origin[k]) * CHUNK_M for k in (0, 1)]
    nearest = mesh.chart_origin.copy()
    for side in (mesh.chart_u, mesh.chart_v):
        along = ((eye - mesh.chart_origin) * side).sum(axis=1) / np.maximum((side * side).sum(axis=1), 1e-12)
        nearest += np.clip(along, 0.0, 1.0)[:, None] * side
    pixel = 2 * np.tan(np.radians(scene.camera.fov_deg) / 2) / scene.render.width_px
    return np.maximum(np.linalg.norm(eye - nearest, axis=1) * pixel, PATINA_M)


def _half_diagonal(scene: Scene) -> float:
    """Angle from the picture's middle to its corner, radians: what a turned camera may see aside."""
    aspect = scene.render.height_px / scene.render.width_px
    return float(np.arctan(np.tan(np.radians(scene.camera.fov_deg) / 2) * np.hypot(1.0, aspect)))


def _first(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
