"""Where a picture is taken from: as asked, as a recipe has it, or chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from .camera.choose import SPAWN, Wish, choose_pose, chunk_of
from .camera.composition import FAR_M, low_sides, worth_of
from .camera.dusk import has_border
from .camera.profile import camera_for
from .camera.shot import Pose
from .camera.subject import place_of_subject
from .camera.white import near_tubes, seen_white
from .geometry.landmarks import Landmarks
from .noun_cache import kept
from .places.subject import Subject
from .places.verbs import floorplan, landmarks, place_of
from .plan.floorplan import CHUNK_M, Floorplan
from .scene import Scene
from .scene.camera import AUTO
from .visibility import set_key

if TYPE_CHECKING:
    from .scene.view import ViewSettings

BESIDE_M = 6.0
"""Beyond what a picture shows so much of the plan decides what stands there: lamps, two cells of a region's border."""
STRONG_CD = 1500.0
"""With a camera light as strong as this one looks for the dark; with a weaker one, for what lamps light."""
FARTHEST = 4
"""Chunks each way in which the border of the dark, or a district to take a picture of, is looked for."""
SUBJECT_CHUNKS = 2
"""Chunks about a picture of a district: one looks further there."""


def wish_of(view: ViewSettings) -> Wish:
    """What a scene asks of its view."""
    angles = (view.yaw_deg, view.pitch_deg, view.roll_deg)
    return Wish(view.at, *(None if angle is None else float(np.radians(angle)) for angle in angles))


def pose_for(scene: Scene, wish: Wish | None = None, pose: Pose | None = None, view: int = 0) -> tuple[Pose, float]:
    """The pose that meets a wish, or else the scene's view; and how far (metres) it was moved out of a wall.

    pose: an exact one (a recipe's), of which only what ``wish`` names is changed. view: the best, or a later one.
    """
    wish = wish or wish_of(scene.view)
    if pose is not None:
        angles = {name: getattr(wish, name) for name in ("yaw", "pitch", "roll")}
        pose = replace(pose, **{name: angle for name, angle in angles.items() if angle is not None})
        if wish.at is None:
            return pose, 0.0
        wish = Wish(wish.at, pose.yaw, pose.pitch, pose.roll)
    lamp = scene.camera.lamp and scene.camera.lamp_cd >= STRONG_CD
    i, j = (_border_chunk(scene) if lamp else (0, 0)) if wish.at is None else chunk_of(*wish.at)
    about, reach, fov = ((i + 0.5) * CHUNK_M, (j + 0.5) * CHUNK_M), 1, np.radians(scene.camera.fov_deg)
    subject = None if lamp or wish.at is not None else place_of(scene).subject(scene)
    if subject is not None:
        about, reach = _place_of(scene, subject) or about, SUBJECT_CHUNKS
    plan, things = _known(scene, _about(chunk_of(*about), reach))
    return choose_pose(plan, scene.seed, wish, fov, things, lamp, about, view, subject)


def _place_of(scene: Scene, subject: Subject) -> tuple[float, float] | None:
    """The place of the world, nearest to the spawn chunk's middle, that a subject is seen from, metres; or None."""
    kinds = place_of(scene).districts
    for reach in (1, FARTHEST):
        plan = floorplan(scene, scene.seed, _about((0, 0), reach))
        own = np.round(plan.district_maps["grammar"] * (len(kinds) - 1)) == kinds.index(subject.district)
        corner = np.array(plan.origin) * CHUNK_M
        found = place_of_subject(plan, own, np.array(SPAWN) - corner)
        if found is not None:
            return float(found[0] + corner[0]), float(found[1] + corner[1])
    return None


def _border_chunk(scene: Scene) -> tuple[int, int]:
    """The chunk nearest to spawn that the border of the dark runs through; the spawn chunk where none does."""
    chunks = [(i, j) for i in range(-FARTHEST, FARTHEST + 1) for j in range(-FARTHEST, FARTHEST + 1)]
    for i, j in sorted(chunks, key=lambda chunk: (chunk[0] ** 2 + chunk[1] ** 2, chunk)):
        if has_border(floorplan(scene, scene.seed, (i, j, i + 1, j + 1))):
            return i, j
    return 0, 0


def display_place(scene: Scene, pose: Pose) -> Literal["left", "right"]:
    """The lower corner for date and time: as asked, or where a take that begins at a pose has less to lose."""
    asked = scene.camera.osd_place
    if asked != AUTO or not camera_for(scene.camera).osd:
        return "right" if asked == "right" else "left"
    low, high = (chunk_of(*(c + side * (FAR_M + BESIDE_M) for c in world_of(pose))) for side in (-1, 1))
    plan, things = _known(scene, (*low, high[0] + 1, high[1] + 1))
    worth, fov = worth_of(things, scene.seed), np.radians(scene.camera.fov_deg)
    left, right = low_sides(plan, things, worth, _place_in(plan, pose), pose.yaw, fov)
    return "right" if left > right else "left"


def _known(scene: Scene, chunks: tuple[int, int, int, int]) -> tuple[Floorplan, Landmarks]:
    """The plan of some chunks, and what there is to be seen in it."""
    plan = floorplan(scene, scene.seed, chunks)
    return plan, kept("landmarks", (set_key(scene), chunks), lambda: landmarks(plan, scene, scene.seed))


def _about(chunk: tuple[int, int], reach: int = 1) -> tuple[int, int, int, int]:
    """A chunk and its neighbours, so many each way."""
    i, j = chunk
    return i - reach, j - reach, i + reach + 1, j + reach + 1


def _place_in(plan: Floorplan, pose: Pose) -> tuple[float, float]:
    """Where a pose stands in a plan, metres."""
    x, y = (pose.position[k] + (pose.origin[k] - plan.origin[k]) * CHUNK_M for k in (0, 1))
    return x, y


def white_before(scene: Scene, pose: Pose, tubes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The colour (3,) of the light that a camera at a pose settles on; tubes (3,): the building's lamps'."""
    plan = floorplan(scene, scene.seed, _about(chunk_of(*world_of(pose))))
    at = np.array(_place_in(plan, pose))
    near = near_tubes(plan, at, pose.yaw, tubes)
    return seen_white(plan, at[None], np.array([pose.yaw]), near, scene.camera)[0]


def world_of(pose: Pose) -> tuple[float, float]:
    """Where a pose stands in the world, metres."""
    x, y = (pose.origin[k] * CHUNK_M + pose.position[k] for k in (0, 1))
    return x, y
