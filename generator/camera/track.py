"""A camera's way that another program made: keys at any rate, and the fields between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import CHUNK_M
from .shot import FIELD_S, Pose

if TYPE_CHECKING:
    from scipy.spatial.transform import Rotation

STEEP = 1.0 - 1e-12
"""Beyond this sine of the pitch a camera looks straight up or down, and its yaw is told by its right-hand side."""


@dataclass(frozen=True)
class Track:
    """Where a camera is and how it looks, at K moments; tuples, so that tracks can be compared.

    time_s (K,): rising, the first is when the shot begins. position (K, 3): metres of the world. rotation (K, 4):
    quaternions x, y, z, w that turn the camera's right, up and back into the world's. fov (K,): radians, across the
    picture, or with ``upright`` from its top to its bottom.
    """

    time_s: tuple[float, ...]
    position: tuple[tuple[float, float, float], ...]
    rotation: tuple[tuple[float, float, float, float], ...]
    fov: tuple[float, ...]
    upright: bool


@dataclass(frozen=True)
class Moments:
    """A camera at N moments: position (N, 3) metres of the world; yaw, pitch, roll, fov (N,) radians, fov across the
    picture; angles without jumps."""

    position: NDArray[np.float64]
    yaw: NDArray[np.float64]
    pitch: NDArray[np.float64]
    roll: NDArray[np.float64]
    fov: NDArray[np.float64]


def frame_count(track: Track) -> int:
    """How many frames of 29.97 a second begin while a track lasts."""
    return int((track.time_s[-1] - track.time_s[0]) / (2 * FIELD_S) + 1e-3) + 1


def field_times(first: int, stop: int) -> NDArray[np.float64]:
    """Seconds from a shot's start of its fields."""
    return np.arange(first, stop, dtype=np.float64) * FIELD_S


def moments(track: Track, time_s: NDArray[np.float64], aspect: float) -> Moments:
    """Find a track's camera at times (N,) from its start: the first or last key's before and after.

    aspect: width over height of the picture. Between keys the camera moves straight, turns about one axis, and its
    picture's half width on a plane at a metre changes evenly. Source: Shoemake, "Animating rotation with quaternion
    curves", SIGGRAPH 1985.
    """
    keys = np.array(track.time_s) - track.time_s[0]
    now = np.clip(time_s, 0.0, keys[-1])
    place = np.array(track.position)
    half = np.tan(0.5 * fov_across(track, aspect))
    position = np.stack([np.interp(now, keys, place[:, k]) for k in range(3)], axis=1)
    yaw, pitch, roll = _angles(turned(np.array(track.rotation), keys, now).as_matrix())
    return Moments(position, yaw, pitch, roll, 2.0 * np.arctan(np.interp(now, keys, half)))


def fov_across(track: Track, aspect: float) -> NDArray[np.float64]:
    """The field of view (K,) across the picture at every key, radians."""
    return 2.0 * np.arctan(np.tan(0.5 * np.array(track.fov)) * (aspect if track.upright else 1.0))


def pose_in(where: Moments, k: int) -> Pose:
    """Give the pose at one of some moments, relative to the chunk that it is in."""
    x, y, z = (float(c) for c in where.position[k])
    i, j = int(np.floor(x / CHUNK_M)), int(np.floor(y / CHUNK_M))
    turn = float(where.yaw[k]), float(where.pitch[k]), float(where.roll[k])
    return Pose((i, j), (x - i * CHUNK_M, y - j * CHUNK_M, z), *turn)


def turned(rotation: NDArray[np.float64], keys: NDArray[np.float64], now: NDArray[np.float64]) -> Rotation:
    """Give N rotations at some times, from quaternions (K, 4) at keys: the first or last key's before and after.

    Raises ValueError for a quaternion that is 0, and keys that do not rise.
    """
    from scipy.spatial.transform import Rotation, Slerp

    turns = Rotation.from_quat(rotation)
    if len(keys) == 1:
        return turns[np.zeros(len(now), int)]
    return Slerp(keys, turns)(np.clip(now, keys[0], keys[-1]))


def _angles(turn: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Yaw, pitch and roll (N,) of a camera whose right, up and back are columns (N, 3, 3): ``camera_axes`` undone."""
    right, forward = turn[:, :, 0], -turn[:, :, 2]
    steep = np.abs(forward[:, 2]) > STEEP
    yaw = np.where(steep, np.arctan2(right[:, 0], -right[:, 1]), np.arctan2(forward[:, 1], forward[:, 0]))
    pitch = np.arcsin(np.clip(forward[:, 2], -1.0, 1.0))
    level = np.stack([np.sin(yaw), -np.cos(yaw), np.zeros_like(yaw)], axis=1)
    above = np.cross(level, forward)
    roll = np.arctan2(-(right * above).sum(axis=1), (right * level).sum(axis=1))
    return np.unwrap(yaw), pitch, np.unwrap(roll)
