"""One still: from a request to a frame, through every stage of the pipeline."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from . import __version__
from .camera.choose import Wish
from .camera.exposure import LUMINANCE, settled_state, transfer
from .camera.shoot import shoot
from .camera.shot import FIELD_S, Lens, Pose
from .camera.temper import temper_of
from .camera.white import followed
from .colour import LUMENS_PER_WATT, lamp_radiance
from .errors import NoclipError, shown
from .files import whole
from .light.flicker import flicker
from .plan.floorplan import LampState
from .precompile import Precompiler, precompiling
from .progress import Progress
from .recipe import recipe_chunk
from .render import open_renderer
from .render.aov import shown_part
from .render.lamp import camera_lamp
from .render.view import view_of
from .scene import Scene
from .tape import record
from .tape.deck import to_codes
from .viewpoint import display_place, pose_for, white_before, wish_of, world_of
from .visibility import dressing, lamps_about, still_detail, visible

if TYPE_CHECKING:
    from .geometry.level import Lamps, Level
    from .light.bake import Part
    from .passes.catalogue import Wanted
    from .passes.exr import PassImage
    from .render import Picture

PNG_LEVEL = 4
"""Of zlib's compression: 2 % more bytes than its usual 6, in under half the time."""
Only = Literal["direct", "bounce", "albedo", "normal", "texels"]
"""What of a picture can be shown by itself: light of the bake, or a pass."""


@dataclass(frozen=True)
class StillRequest:
    """What to take: a scene, and whether to stop before the tape.

    pose: an exact one (a recipe's), which ``wish`` alters; without it ``wish``, or else the scene's view, is met.
    only: one part of the radiance instead of all of it, never taped. view: the best of those that meet the wish, or
    one that follows and shows something else. passes: to be made besides, all of the radiance's picture.
    beside: pose and field of view in radians of the next field and of the one before, for motion.
    """

    scene: Scene
    wish: Wish | None = None
    pose: Pose | None = None
    clean: bool = False
    only: Only | None = None
    view: int = 0
    passes: Wanted | None = None
    beside: tuple[tuple[Pose, float], tuple[Pose, float]] | None = None


@dataclass(frozen=True)
class Taken:
    """How a camera of one's own takes a still: its pose; and, where it moves, pose and field of view in radians of the
    next field and of the one before."""

    pose: Pose
    beside: tuple[tuple[Pose, float], tuple[Pose, float]] | None


@dataclass(frozen=True)
class Still:
    """A frame (H, W, 3) uint8, the linear radiance (H, W, 3) it was shot from, its recipe, and its passes where they
    were asked for."""

    frame: NDArray[np.uint8]
    radiance: NDArray[np.float32]
    recipe: dict[str, Any]
    passes: PassImage | None = None


def make_still(request: StillRequest, progress: Progress) -> Still:
    """Plan, build, light, render, shoot and record one view.

    Raises NoclipError when the scene asks for a renderer that this machine has not, or that draws no passes where they
    are asked for, or for a place outside the world.
    """
    scene = request.scene
    check_passes(request)
    with precompiling(progress) as precompiler:
        with progress.stage("view"):
            pose, moved = pose_for(scene, request.wish, request.pose, request.view)
        if moved > 0:
            at = ", ".join(f"{c:.2f}" for c in world_of(pose))
            progress.warn(f"--at is inside something; moved {moved:.2f} m to the nearest free place, {at}")
        radiance, lamp_white, passes = _radiance(request, pose, precompiler, progress)
        with progress.stage("camera"):
            precompiler.wait("camera")
            shot = scene
            if not request.clean and request.only is None:
                shown = scene.camera.model_copy(update={"osd_place": display_place(scene, pose)})
                shot = scene.model_copy(update={"camera": shown})
            white = white_before(scene, pose, lamp_white)
            frame = _frame(radiance, white, shot, request.clean, request.only)
    return Still(frame, radiance, recipe_of(scene, pose, request.clean, request.only), passes)


def check_passes(request: StillRequest) -> None:
    """Raise NoclipError for passes that cannot be had of a request."""
    if request.passes is None:
        return
    from .passes.shoot import check_renderer

    check_renderer(request.scene.render.renderer)
    if request.only is not None:
        raise NoclipError(f"--only {request.only}: passes are of the whole picture; leave out --only or --passes")


def recipe_of(scene: Scene, pose: Pose, clean: bool, only: Only | None = None) -> dict[str, Any]:
    """Collect all that a PNG must carry to be made again."""
    return asked_of(scene, clean, only) | {"pose": asdict(pose)}


def asked_of(scene: Scene, clean: bool, only: Only | None) -> dict[str, Any]:
    """Collect what a PNG must carry beside its pose."""
    return {"version": __version__, "scene": scene.model_dump(mode="json"), "clean": clean, "only": only}


def request_from(recipe: dict[str, Any], scene: Scene, clean: bool, only: Only | None = None) -> StillRequest:
    """Make the request for a recipe's picture with ``scene``, the recipe's scene as it was altered since.

    Of the pose, only what the altered view names is changed; with another seed it means nothing and is chosen anew.
    """
    at, old = recipe["pose"], recipe["scene"]
    clean, only = clean or bool(recipe.get("clean")), only or part_of(recipe.get("only"))
    if old.get("seed") != scene.seed:
        return StillRequest(scene, clean=clean, only=only)
    i, j = at["origin"]
    x, y, z = at["position"]
    view = scene.view.model_dump(mode="json")
    new = {key: value for key, value in view.items() if value != old.get("view", {}).get(key)}
    wish = wish_of(type(scene.view)(**new))
    return StillRequest(scene, wish, Pose((i, j), (x, y, z), at["yaw"], at["pitch"], at["roll"]), clean, only)


def part_of(text: str | None) -> Only | None:
    """Read the part of the radiance that ``--only`` or a recipe names, None for all of it.

    Raises NoclipError for a part that there is not.
    """
    known: tuple[Only, ...] = get_args(Only)
    found = next((part for part in known if part == text), None)
    if found is None and text is not None:
        raise NoclipError(f"--only {shown(text)}: there is no such part of a picture; choose one of {', '.join(known)}")
    return found


def save_png(still: Still, path: Path) -> None:
    """Write a still with its recipe, whole or not at all."""
    with whole(path) as part:
        part.write_bytes(png_of(still))


def png_of(still: Still) -> bytes:
    """Make the PNG of a still, its recipe in it."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(still.frame).save(file, "PNG", pnginfo=recipe_chunk(still.recipe), compress_level=PNG_LEVEL)
    return file.getvalue()


def save_passes(still: Still, path: Path) -> None:
    """Write a still's passes as an OpenEXR file, whole or not at all.

    Raises ValueError for a still without passes.
    """
    from .passes.exr import exr_bytes

    if still.passes is None:
        raise ValueError("this still has no passes")
    with whole(path) as part:
        part.write_bytes(exr_bytes(still.passes))


def save_radiance(still: Still, path: Path) -> None:
    """Write the linear radiance as a NumPy file, whole or not at all."""
    with whole(path) as part, part.open("wb") as file:
        np.save(file, still.radiance)


def _radiance(
    request: StillRequest, pose: Pose, precompiler: Precompiler, progress: Progress
) -> tuple[NDArray[np.float32], NDArray[np.float64], PassImage | None]:
    """What falls into the lens (H, W, 3), the lamps' mean colour (3,), which the camera's white is locked to, and the
    passes."""
    scene, only, wanted = request.scene, request.only, request.passes
    part: Part = only if only == "direct" or only == "bounce" else "all"
    detail = replace(still_detail(scene), culled=only != "texels")
    parts = wanted is not None and wanted.parts
    seen = visible(scene, [pose], detail, part=part, parts=parts, progress=progress, ready=precompiler.wait)
    level, lightmap, unique = seen
    lens, size = Lens(float(np.radians(scene.camera.fov_deg))), (scene.render.width_px, scene.render.height_px)
    relief = only == "normal" or (wanted is not None and "normal" in wanted.names)
    textures = dressing(scene, level.materials, relief=relief)
    own, quality = camera_lamp(scene.camera), scene.render.quality
    drawn_by = "embree" if scene.render.renderer == "auto" else scene.render.renderer  # sooner than OpenGL starts
    if drawn_by == "embree":
        precompiler.wait("render")
    with progress.stage("render"), open_renderer(drawn_by, level, lightmap, unique, textures, quality) as renderer:
        output = _lamp_output(level.lamps, scene.seed)
        picture = renderer.draw(pose, lens, size, lamp_output=output, camera_lamp=own)
        radiance = shown_part(picture, only)
    passes = None
    if wanted is not None:
        with progress.stage("passes"):
            passes = _passes(request, wanted, pose, level, picture)
    return radiance, _mean_colour(lamps_about(scene, level)), passes


def _passes(request: StillRequest, wanted: Wanted, pose: Pose, level: Level, picture: Picture) -> PassImage:
    """The passes of a picture, with its recipe."""
    from .passes.shoot import pass_image, ready_passes

    scene, recipe = request.scene, recipe_of(request.scene, pose, request.clean)
    ready = ready_passes(scene, wanted, level, picture.drawable)
    around = None
    if request.beside is not None:
        size, origin = (scene.render.width_px, scene.render.height_px), picture.drawable.origin
        after, before = (view_of(origin, other, Lens(fov), size) for other, fov in request.beside)
        around = after, before
    return pass_image(scene, picture, ready, pose, 1.0, camera_lamp(scene.camera), around, recipe=recipe)


def _frame(
    radiance: NDArray[np.float32], lamp_white: NDArray[np.float64], scene: Scene, clean: bool, only: Only | None
) -> NDArray[np.uint8]:
    """A settled, motionless frame of the camera, and of the tape unless ``clean``; surfaces as they are."""
    if only in ("albedo", "normal"):
        return to_codes(transfer(radiance) if only == "albedo" else radiance)
    clean = clean or only is not None
    state = settled_state(radiance, scene.camera, lamp_white, temper_of(scene.camera, scene.seed))
    video = shoot(radiance, scene.camera, state, scene.seed, 0, display=not clean)
    return to_codes(video) if clean else record(video, scene.tape, scene.seed, 0)


def _lamp_output(lamps: Lamps, seed: int) -> NDArray[np.float64]:
    """Output (L,) of every lamp while the shutter is open, at the film's very start."""
    output = np.ones(len(lamps.state))
    failing = lamps.state == LampState.FAILING
    output[failing] = flicker(lamps.ident[failing], seed, 0.0, FIELD_S)
    return output


def _mean_colour(lamps: Lamps) -> NDArray[np.float64]:
    """Mean radiance (3,) of the lamps that are lit, as the white balance follows them; white where none is."""
    on = lamps.radiance.any(axis=1)
    lit, kelvin = lamps.radiance[on], lamps.kelvin[on]
    warm = followed(kelvin) > kelvin
    if warm.any():
        lit = lit.copy()
        lit[warm] = lamp_radiance(followed(kelvin[warm]), LUMENS_PER_WATT * (lit[warm] @ LUMINANCE))
    return lit.mean(axis=0) if len(lit) else np.ones(3)
