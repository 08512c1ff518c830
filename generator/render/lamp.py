"""The lamp on the camera: as a scene describes it, and as both renderers shade with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..colour import lamp_radiance
from ..scene.camera import CameraSettings
from .view import View

WATER_F0 = 0.02
"""Reflectance of water at normal incidence. Source: Fresnel, refractive index 1.33."""
WATER_ROUGHNESS = 0.25
"""Roughness of soaked pile: a broken film of water, not a mirror."""


@dataclass(frozen=True)
class CameraLamp:
    """A lamp or flash on the camera; it casts no shadow, since it sits a few centimetres beside the lens.

    intensity (3,): radiant intensity on its axis, linear Rec.709, W/sr in the lamps' units (radiance × m²).
    offset_m: right, up, forward of the lens. The beam keeps its full strength to ``inner`` and has died at
    ``outer`` (radians off the axis, smooth between); within it the lamp's own lens vignettes as cos^vignetting.
    """

    intensity: tuple[float, float, float]
    offset_m: tuple[float, float, float] = (0.0, 0.09, 0.0)
    inner: float = 0.44
    outer: float = 0.79
    vignetting: float = 4.0


class Beam(NamedTuple):
    """The camera's lamp in the axes of the level: position from the eye, axis, intensity (3,)."""

    position: NDArray[np.float32]
    axis: NDArray[np.float32]
    intensity: NDArray[np.float32]
    cos_inner: float
    cos_outer: float
    vignetting: float


def camera_lamp(settings: CameraSettings, output: float = 1.0) -> CameraLamp | None:
    """What burns beside the lens at a share 0..1 of its output; None when nothing does."""
    if not settings.lamp or output <= 0.0:
        return None
    r, g, b = (output * float(c) for c in lamp_radiance(settings.lamp_kelvin, settings.lamp_cd, duv=0.0)[0])
    return CameraLamp((r, g, b))


def beam_of(lamp: CameraLamp, view: View) -> Beam:
    """The lamp where the camera of a view carries it."""
    right, up, forward = lamp.offset_m
    return Beam(
        (right * view.right + up * view.up + forward * view.forward).astype(np.float32),
        view.forward.astype(np.float32),
        np.array(lamp.intensity, np.float32),
        float(np.cos(lamp.inner)),
        float(np.cos(lamp.outer)),
        float(lamp.vignetting),
    )
