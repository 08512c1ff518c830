"""Where a picture is taken from: as asked, as a recipe has it, or chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .camera.choose import Wish, choose_pose, chunk_of
from .camera.shot import Pose
from .geometry.landmarks import Landmarks
from .noun_cache import kept
from .places.verbs import floorplan, landmarks
from .plan.floorplan import CHUNK_M
from .scene import Scene
from .visibility import set_key

if TYPE_CHECKING:
    from .scene.view import ViewSettings


def wish_of(view: ViewSettings) -> Wish:
    """What a scene asks of its view."""
    angles = (view.yaw_deg, view.pitch_deg, view.roll_deg)
    return Wish(view.at, *(None if angle is None else float(np.radians(angle)) for angle in angles))


def pose_for(scene: Scene, wish: Wish | None = None, pose: Pose | None = None) -> tuple[Pose, float]:
    """The pose that meets a wish, or else the scene's view; and how far (metres) it was moved out of a wall.

    pose: an exact one (a recipe's), of which only what ``wish`` names is changed.
    """
    wish = wish or wish_of(scene.view)
    if pose is not None and wish.at is None:
        angles = {name: getattr(wish, name) for name in ("yaw", "pitch", "roll")}
        return replace(pose, **{name: angle for name, angle in angles.items() if angle is not None}), 0.0
    if pose is not None:
        wish = Wish(wish.at, *(_first(getattr(wish, n), getattr(pose, n)) for n in ("yaw", "pitch", "roll")))
    i, j = (0, 0) if wish.at is None else chunk_of(*wish.at)
    chunks = (i - 1, j - 1, i + 2, j + 2)
    plan = floorplan(scene, scene.seed, chunks)
    place = set_key(scene)
    worth: Landmarks = kept("landmarks", (place, chunks), lambda: landmarks(plan, scene, scene.seed))
    return choose_pose(plan, scene.seed, wish, np.radians(scene.camera.fov_deg), worth)


def world_of(pose: Pose) -> tuple[float, float]:
    """Where a pose stands in the world, metres."""
    x, y = (pose.origin[k] * CHUNK_M + pose.position[k] for k in (0, 1))
    return x, y


def _first(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
