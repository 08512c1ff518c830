"""Cameras and the camera's path in glTF's axes: Y up, looking along -Z."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..camera.shot import FIELD_S, Lens, Pose, Shot
from ..colour import LUMENS_PER_WATT
from ..errors import NoclipError
from ..render.lamp import CameraLamp
from ..render.view import camera_axes
from .gltf import Asset
from .region import Region, shift_into

NEAR_M, FAR_M = 0.05, 1000.0
LONGEST_SHOT_S = 1800.0
"""Longest animation: at 30 keys a second and three channels, what editors still handle."""
Y_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""glTF from our axes: east stays x, up becomes y, north becomes -z."""


def turned(places: ArrayLike) -> NDArray[np.float64]:
    """Places or directions (…, 3) in glTF's axes."""
    return np.asarray(places, np.float64) @ Y_UP.T


def about_up(turn: float) -> list[float]:
    """The quaternion x, y, z, w of a turn by so many radians about glTF's up."""
    return [0.0, float(np.sin(turn / 2)), 0.0, float(np.cos(turn / 2))]


def add_camera(
    asset: Asset, name: str, pose: Pose, lens: Lens, aspect: float, region: Region, lamp: CameraLamp | None = None
) -> int:
    """A still camera; the index of its node. aspect: width over height of the picture; lamp: what burns on it."""
    place = _place(np.array([pose.position]), pose.origin, region)[0]
    turn = _rotations([pose.yaw], [pose.pitch], [pose.roll])[0]
    return _node(asset, name, lens.fov, aspect, place, turn, lamp)


def add_shot(asset: Asset, shot: Shot, aspect: float, region: Region, lamp: CameraLamp | None = None) -> int:
    """The shot's camera, animated by one key a frame (two fields); the index of its node.

    Raises NoclipError for a shot without fields or longer than LONGEST_SHOT_S.
    """
    if not len(shot.yaw):
        raise NoclipError("the shot has no fields; give it a duration")
    check_seconds(len(shot.yaw) * FIELD_S)
    rows = np.arange(0, len(shot.yaw), 2)
    place = _place(shot.position[rows], shot.origin, region).astype(np.float32)
    turn = _rotations(shot.yaw[rows], shot.pitch[rows], shot.roll[rows]).astype(np.float32)
    node = _node(asset, "shot", float(shot.fov[0]), aspect, place[0], turn[0], lamp)
    time = asset.accessor((rows * FIELD_S).astype(np.float32), bounds=True)
    channels: list[dict[str, Any]] = []
    samplers: list[dict[str, Any]] = []
    for path, values in (("translation", place), ("rotation", turn)):
        samplers.append({"input": time, "output": asset.accessor(values), "interpolation": "LINEAR"})
        channels.append({"sampler": len(samplers) - 1, "target": {"node": node, "path": path}})
    asset.add("animations", {"name": "shot", "channels": channels, "samplers": samplers})
    return node


def check_seconds(seconds: float) -> None:
    """Raise NoclipError for a shot too long to be an animation."""
    if seconds > LONGEST_SHOT_S:
        raise NoclipError(
            f"the shot lasts {seconds:.0f} s; an exported animation may last {LONGEST_SHOT_S:.0f} s: "
            "shorten it with --seconds"
        )


def _carrying(asset: Asset, lamp: CameraLamp | None) -> dict[str, list[int]]:
    """What a camera's node holds: the lamp on it as a spot, in candela, that fades from its axis on: nearest to a beam
    that its own lens vignettes.

    Source: KHR_lights_punctual, which looks along -Z as cameras do.
    """
    if lamp is None:
        return {}
    right, up, forward = lamp.offset_m
    top = max(lamp.intensity)
    light = {
        "name": "camera_lamp",
        "type": "spot",
        "color": [c / top for c in lamp.intensity],
        "intensity": LUMENS_PER_WATT * top,
        "spot": {"innerConeAngle": 0.0, "outerConeAngle": lamp.outer},
    }
    asset.uses("KHR_lights_punctual")
    asset.tree["extensions"] = {"KHR_lights_punctual": {"lights": [light]}}
    place = {"translation": [right, up, -forward], "extensions": {"KHR_lights_punctual": {"light": 0}}}
    return {"children": [asset.add("nodes", {"name": "camera_lamp"} | place)]}


def _node(
    asset: Asset, name: str, fov: float, aspect: float, place: NDArray, turn: NDArray, lamp: CameraLamp | None
) -> int:
    """The node of a camera whose field of view is ``fov`` radians across the picture, at a place (3,), turned (4,)."""
    tall = 2.0 * np.arctan(np.tan(fov / 2.0) / aspect)
    lens = {"aspectRatio": float(aspect), "yfov": float(tall), "znear": NEAR_M, "zfar": FAR_M}
    camera = asset.add("cameras", {"name": name, "type": "perspective", "perspective": lens})
    node = {"name": name, "camera": camera, "translation": place.tolist(), "rotation": turn.tolist()}
    return asset.add("nodes", node | _carrying(asset, lamp))


def _place(position: NDArray[np.float64], origin: tuple[int, int], region: Region) -> NDArray[np.float64]:
    return turned(position + np.array(shift_into(region, origin)))


def _rotations(yaw: ArrayLike, pitch: ArrayLike, roll: ArrayLike) -> NDArray[np.float64]:
    """(N, 4) quaternions x, y, z, w, neighbours on the same side so that they blend the short way."""
    from scipy.spatial.transform import Rotation

    frames = []
    for angles in zip(np.atleast_1d(yaw), np.atleast_1d(pitch), np.atleast_1d(roll), strict=True):
        right, up, forward = camera_axes(*(float(a) for a in angles))
        frames.append(np.stack([turned(right), turned(up), -turned(forward)], axis=1))
    quaternion = Rotation.from_matrix(np.array(frames)).as_quat()
    flips = np.sign(np.sum(quaternion[1:] * quaternion[:-1], axis=1))
    quaternion[1:] *= np.cumprod(np.where(flips < 0, -1.0, 1.0))[:, None]
    return quaternion / np.linalg.norm(quaternion, axis=1, keepdims=True)
