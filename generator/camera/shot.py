"""The noun of the camera stage: where the camera is and how it is set, for every field."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FIELD_S = 1001 / 60000
"""Field period. Source: NTSC, 60/1.001 fields a second."""


@dataclass(frozen=True)
class Pose:
    """A camera in a level: position (3,) metres relative to ``origin``'s chunk corner; angles in radians.

    Yaw 0 looks along +x, counter-clockwise positive; pitch up positive; roll positive = camera turned clockwise.
    """

    origin: tuple[int, int]
    position: tuple[float, float, float]
    yaw: float
    pitch: float = 0.0
    roll: float = 0.0


@dataclass(frozen=True)
class Lens:
    """A pinhole's field of view across the picture's width, radians, and a pixel's width over its height."""

    fov: float
    pixel_aspect: float = 1.0


@dataclass(frozen=True)
class Shot:
    """Pose, lens and planned camera state for N fields; field k is exposed around ``(k + 1/2) * FIELD_S``.

    origin: chunk that positions are relative to. position (N, 3) metres; yaw, pitch, roll (N,) radians;
    fov (N,) radians across; exposure (N,) linear factor from radiance Y to the sensor's unit signal;
    gain_db (N,) electronic gain; white (N, 3) factors on linear R, G, B; focus (N,) blur radius as a share of
    the picture's width, 0 = sharp; lamp (N,) on-camera lamp's output in 0..1.
    """

    origin: tuple[int, int]
    position: NDArray[np.float64]
    yaw: NDArray[np.float64]
    pitch: NDArray[np.float64]
    roll: NDArray[np.float64]
    fov: NDArray[np.float64]
    exposure: NDArray[np.float64]
    gain_db: NDArray[np.float64]
    white: NDArray[np.float64]
    focus: NDArray[np.float64]
    lamp: NDArray[np.float64]
