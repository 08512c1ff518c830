"""The lamp on the camera: as a scene describes it, and as both renderers shade with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..camera.profile import camera_for
from ..colour import lamp_radiance
from ..scene.camera import CameraSettings
from .lamp_shadow import cast_shadows
from .view import View

WATER_F0 = 0.02
"""Reflectance of water at normal incidence. Source: Fresnel, refractive index 1.33."""
WATER_ROUGHNESS = 0.25
"""Roughness of soaked pile: a broken film of water, not a mirror."""


@dataclass(frozen=True)
class CameraLamp:
    """A lamp or flash on the camera: by default halogen in a reflector, 8 cm to the right of the lens.

    intensity (3,): radiant intensity on its axis, linear Rec.709, W/sr in the lamps' units (radiance × m²).
    offset_m: right, up, forward of the lens; to the right or left of it, it throws a shadow. The beam is a hot spot,
    half as bright ``hot`` radians off the axis, over a flood of a share ``flood``, with a rim of a share ``rim`` where
    the reflector ends (``rim_at``, radians). It has died at ``outer``, from ``inner`` on, and vignettes as
    cos^vignetting, 1 or 2.
    """

    intensity: tuple[float, float, float]
    offset_m: tuple[float, float, float] = (0.08, 0.0, 0.0)
    inner: float = 0.42
    outer: float = 0.79
    vignetting: float = 2.0
    flood: float = 0.24
    hot: float = 0.16
    rim: float = 0.07
    rim_at: float = 0.35


class Beam(NamedTuple):
    """The camera's lamp in the axes of the level: position from the eye, axis, intensity (3,).

    hot, rim_at: as differences of the cosine from 1. shift_px: pixels by which it sees what is a metre off moved. open
    (H, W): share of its light that reaches each pixel; empty until that is known.
    """

    position: NDArray[np.float32]
    axis: NDArray[np.float32]
    intensity: NDArray[np.float32]
    cos_inner: float
    cos_outer: float
    vignetting: float
    flood: float
    hot: float
    rim: float
    rim_at: float
    shift_px: float
    open: NDArray[np.float32]


RIM_WIDE = 0.0125
"""Half breadth of the rim, as a difference of cosines: 2 degrees."""
FLASH = CameraLamp((0.0, 0.0, 0.0), (-0.08, 0.0, 0.0), inner=0.50, outer=0.85, vignetting=1.0, flood=1.0, rim=0.0)
"""A still camera's flash, 8 cm to the left of the lens: a diffuser lights all of the picture evenly."""


def camera_lamp(settings: CameraSettings, output: float = 1.0) -> CameraLamp | None:
    """What burns beside the lens at a share 0..1 of its output; None when nothing does."""
    if not settings.lamp or output <= 0.0:
        return None
    r, g, b = (output * float(c) for c in lamp_radiance(settings.lamp_kelvin, settings.lamp_cd, duv=0.0)[0])
    return replace(FLASH, intensity=(r, g, b)) if camera_for(settings).flash else CameraLamp((r, g, b))


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
        float(lamp.flood),
        float(1 - np.cos(lamp.hot)),
        float(lamp.rim),
        float(1 - np.cos(lamp.rim_at)),
        float(right * view.width / (view.bounds[1] - view.bounds[0])),
        np.zeros((0, 0), np.float32),
    )


def shadowed(beam: Beam, nearness: NDArray[np.float32]) -> Beam:
    """The beam with its shadows on what a picture sees; nearness (H, W): one over the distance, 1/m."""
    reaches = np.empty(nearness.shape, np.float32)
    cast_shadows(nearness, beam.shift_px, reaches)
    return beam._replace(open=reaches)


def beam_at(beam: Beam, place: NDArray[np.float32]) -> Beam:
    """The beam for samples at columns and rows (N, 2) of its picture, each a row of its own."""
    height, width = beam.open.shape
    column, row = (np.clip(np.floor(place[:, k]).astype(np.int64), 0, (width, height)[k] - 1) for k in (0, 1))
    return beam._replace(open=np.ascontiguousarray(beam.open[row, column][:, None]))
