"""The passes of a picture of a scene: what a still and a film share."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..camera.profile import camera_for
from ..camera.shot import Pose
from ..errors import NoclipError
from ..geometry.level import Level
from ..places.verbs import floorplan
from ..plan.floorplan import CHUNK_M
from ..render.lamp import CameraLamp
from ..render.picture import Drawable, Picture
from ..render.view import View, camera_axes
from ..scene import Scene
from .catalogue import Wanted
from .exr import Header, PassImage
from .lens import distorted
from .make import PassTables, channels, pass_tables


def check_renderer(renderer: str) -> None:
    """Raise NoclipError for a renderer that draws no passes."""
    if renderer == "opengl":
        raise NoclipError("--renderer opengl: passes are drawn by embree alone; leave the option out")


def ready_passes(scene: Scene, wanted: Wanted, level: Level, drawable: Drawable) -> PassTables:
    """Prepare the passes of a scene's level."""
    plan = None
    if "room" in wanted.names:
        i, j = level.origin
        across, up = (round(size / CHUNK_M) for size in level.size_m)
        plan = floorplan(scene, scene.seed, (i, j, i + across, j + up))
    return pass_tables(wanted, level, drawable, plan)


def pass_image(
    scene: Scene,
    picture: Picture,
    ready: PassTables,
    pose: Pose,
    pixel_aspect: float,
    camera_lamp: CameraLamp | None,
    around: tuple[View, View] | None = None,
    film: tuple[Fraction, float] | None = None,
    recipe: dict[str, Any] | None = None,
) -> PassImage:
    """Work out the passes of a picture that was drawn at a pose with ``camera_lamp``, as they are written.

    around: the views of the next field and of the one before, in a film. film: pictures a second, and the time of this
    one. recipe: what it can be made again from.
    """
    images = channels(picture, ready, pose.position, camera_lamp, around)
    if ready.wanted.distorted:
        images = distorted(images, camera_for(scene.camera).distortion)
    rate_hz, second = film or (None, 0.0)
    origin = pose.origin[0] * CHUNK_M, pose.origin[1] * CHUNK_M
    told = dict(ready.manifest)
    if recipe is not None:
        told["noclip"] = json.dumps(recipe, sort_keys=True, separators=(",", ":"))
    return PassImage(images, Header(pixel_aspect, _to_camera(pose), origin, rate_hz, second, told), ready.wanted.single)


def _to_camera(pose: Pose) -> NDArray[np.float64]:
    """What takes metres from the pose's chunk to the camera's right, up and back (4, 4)."""
    right, up, forward = camera_axes(pose.yaw, pose.pitch, pose.roll)
    out = np.eye(4)
    out[:3, :3] = [right, up, -forward]
    out[:3, 3] = -out[:3, :3] @ np.array(pose.position)
    return out
