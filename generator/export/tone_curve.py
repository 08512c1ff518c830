"""What a file must know of the camera: the exposure, white and tone at which the place looks as on our frames."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..camera.exposure import settled_state, transfer
from ..camera.profile import camera_for
from ..camera.shot import Lens, Pose
from ..colour import LUMENS_PER_WATT, lamp_radiance
from ..errors import NoclipError
from ..geometry.level import Level
from ..render.lamp import CameraLamp
from ..scene.camera import CameraSettings
from .exposure import Meter
from .gltf import read_tree

VIEW_STOPS = (-2.0, 1.0)
"""How far the camera of a file moves its exposure from that of the whole place, doublings: further down than up, since
a room that is burnt out is the worse."""
MIDDLE = 0.2
"""Level, 1 = white, at which textures get the contrast that the camera gives them: a lit wall's."""


@dataclass(frozen=True)
class ToneCurve:
    """exposure: linear factor from radiance in W·sr⁻¹·m⁻² to white level 1; white (3,): factors on R, G, B beside it;
    knee: (start, slope, limit) of the highlights' compression, in white levels."""

    exposure: float
    white: tuple[float, float, float]
    knee: tuple[float, float, float]

    @property
    def told(self) -> dict[str, Any]:
        """What files say of it, and ``tone_curve_of_file`` reads."""
        return {
            "exposure": self.exposure,
            "exposure_per_nit": self.exposure_per_nit,
            "white": list(self.white),
            "knee": list(self.knee),
        }

    @property
    def exposure_per_nit(self) -> float:
        """The exposure for light in cd/m², as a glTF's emission and lamps have it."""
        return self.exposure / LUMENS_PER_WATT

    @property
    def factor(self) -> NDArray[np.float32]:
        """(3,) from radiance to white levels."""
        return (self.exposure * np.array(self.white)).astype(np.float32)

    def level(self, radiance: NDArray[np.float32]) -> NDArray[np.float32]:
        """(…, 3) signal, 1 = white, of radiance (…, 3): exposure, white and knee."""
        level, (start, slope, limit) = radiance * self.factor, self.knee
        return np.where(level > start, np.minimum(start + slope * (level - start), limit), level).astype(np.float32)

    def code(self, radiance: NDArray[np.float32]) -> NDArray[np.float32]:
        """(…, 3) R'G'B' 0..1 of our clean frame for radiance (…, 3): the signal through BT.709's curve."""
        return np.clip(transfer(self.level(radiance)), 0.0, 1.0).astype(np.float32)

    def shown(self, radiance: NDArray[np.float32]) -> NDArray[np.float32]:
        """(…, 3) linear values that an sRGB viewer shows as our clean frame's codes. Source: IEC 61966-2-1."""
        code = self.code(radiance)
        return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4).astype(np.float32)

    @property
    def contrast(self) -> float:
        """Power on a texture's albedo that does to its contrast what the camera does at MIDDLE."""
        near = (MIDDLE * np.array([[0.9], [1.1]]) / self.factor).astype(np.float32)
        low, high = self.shown(near).mean(axis=1)
        return float(np.log(high / low) / np.log(1.1 / 0.9))


def tone_curve_of(
    level: Level,
    albedo: NDArray[np.float64],
    camera: CameraSettings,
    view: tuple[Pose, Lens] | None = None,
    on_camera: CameraLamp | None = None,
) -> ToneCurve:
    """How the scene's camera would settle on a view of the place, or without one on the whole of it, by what its lamps
    should give: the same whether its light is baked or not.

    albedo (M, 3): of the level's materials. on_camera: a lamp that burns on it. White is locked to the lamps that burn,
    or where none does to what they would be.
    """
    lamps = level.lamps
    given = lamps.radiance if lamps.radiance.any() else lamp_radiance(lamps.kelvin)
    lit = given[given.any(axis=1)]
    lamp = lit.mean(axis=0) if len(lit) else np.ones(3)
    white = (float(lamp[0]), float(lamp[1]), float(lamp[2]))

    def settled(seen: NDArray[np.float32]) -> tuple[float, tuple[float, float, float]]:
        state = settled_state(seen, camera, white)
        return state.exposure * 10.0 ** (state.gain_db / 20.0), state.white

    meter = Meter(level, albedo)
    exposure, factors = settled(meter.over_surfaces())
    if view is not None:
        wanted, _ = settled(meter.through_lens(*view, on_camera))
        exposure = float(np.clip(wanted, *(exposure * 2.0**stops for stops in VIEW_STOPS)))
    return ToneCurve(exposure, factors, camera_for(camera).knee)


def tone_curve_of_file(path: Path) -> ToneCurve:
    """Read how an earlier .glb or .gltf was exposed, for one that shall stand beside it.

    Raises NoclipError when the file cannot be read or says nothing of it.
    """
    try:
        extras = read_tree(path)["scenes"][0]["extras"]
        (r, g, b), (start, slope, limit) = extras["white"], extras["knee"]
        exposure = float(extras["exposure"])
        if not (np.isfinite([exposure, r, g, b, start, slope, limit]).all() and min(exposure, r, g, b) > 0.0):
            raise ValueError
        return ToneCurve(exposure, (r, g, b), (start, slope, limit))
    except (LookupError, TypeError, ValueError, OverflowError):
        raise NoclipError(f"{path}: its scene has no exposure; give a file that noclip export wrote") from None
