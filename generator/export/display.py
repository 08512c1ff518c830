"""What a file must know of the camera: the exposure and white at which the place looks as on our frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..build.level import Level
from ..camera.exposure import LUMINANCE, settled_state
from ..light.lightmap import Lightmap
from ..scene.camera import CameraSettings
from ..surface.material import Material
from .shade import area_samples, light_at

UTILISATION = 0.55
"""Share of the lamps' light that lands on the floor. Source: lumen method, recessed prismatic troffers, pale room."""
SAMPLES = (60, 80)
DARK = 0.08
"""Places below this share of the brightest (95 of 100) count as unlit."""


@dataclass(frozen=True)
class Display:
    """exposure: linear factor from radiance to white level 1; white (3,): factors on R, G, B beside it."""

    exposure: float
    white: tuple[float, float, float]

    @property
    def factor(self) -> NDArray[np.float32]:
        """(3,) from radiance to linear display values."""
        return (self.exposure * np.array(self.white)).astype(np.float32)


def display_of(
    level: Level,
    lightmap: Lightmap | None,
    materials: tuple[Material, ...],
    camera: CameraSettings,
    whole: bool = False,
) -> Display:
    """How the scene's camera would settle on the whole place: on its baked light, or on what its lamps should give.

    materials: in the order of ``level.materials``. whole: stop down until all but the brightest hundredth of the
    lit places fits below white, since vertex colours have no shoulder as the camera has.
    """
    albedo = np.array([m.mean_albedo for m in materials])
    lit = level.lamps.radiance[level.lamps.radiance.max(axis=1) > 0] if len(level.lamps.center) else np.zeros((0, 3))
    lamp = lit.mean(axis=0) if len(lit) else np.ones(3)
    chart, uv = area_samples(level.building, SAMPLES[0] * SAMPLES[1])
    light = np.tile(_lumen_method(level), (len(chart), 1)) if lightmap is None else light_at(lightmap, chart, uv)
    material = level.building.chart_material[chart]
    seen = _lit_part((albedo[material] * light).astype(np.float32))
    state = settled_state(seen.reshape(*SAMPLES, 3), camera, tuple(float(c) for c in lamp))
    exposure = state.exposure * 10.0 ** (state.gain_db / 20.0)
    if whole:
        peak = np.array([m.albedo.max() for m in materials])[material]
        top = (light * np.array(state.white)).max(axis=1) * peak * exposure
        exposure /= max(1.0, float(np.percentile(top, 99)))
    return Display(exposure, state.white)


def _lit_part(seen: NDArray[np.float32]) -> NDArray[np.float32]:
    """As many samples, of the lit places alone: dark districts do not open the iris of the whole file."""
    bright = seen @ LUMINANCE
    lit = np.flatnonzero(bright >= DARK * np.percentile(bright, 95))
    return seen[lit[np.arange(len(seen)) * len(lit) // len(seen)]]


def _lumen_method(level: Level) -> NDArray[np.float64]:
    """(3,) mean irradiance / pi on the floor."""
    lens = 4.0 * np.linalg.norm(level.lamps.half_u, axis=1) * np.linalg.norm(level.lamps.half_v, axis=1)
    flux = (np.pi * lens[:, None] * level.lamps.radiance).sum(axis=0)
    return np.maximum(flux * UTILISATION / (level.size_m[0] * level.size_m[1] * np.pi), 1e-6)
