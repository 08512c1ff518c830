"""How a camera settles on a motionless view: iris, gain and white."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..scene.camera import CameraSettings
from .profile import Camera, camera_for
from .shot import Shot
from .temper import Temper, even_temper

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Luminance of linear Rec.709 primaries. Source: ITU-R BT.709."""
WIEN_PER_MIRED = np.array([0.00281, 0.0, -0.00522])
"""Change of ln(R/G) and ln(B/G) a mired for bands at 610, 545 and 455 nm. Source: Wien's law, c2 = 14388 um K."""
PEAK, CLIPPED = 0.7, 0.12
"""White levels over which a meter lets a share of the picture, lamps included, come and no more."""


@dataclass(frozen=True)
class State:
    """How the camera is set during one field; the per-field columns of a ``Shot``.

    exposure: factor from radiance Y to the sensor's white level. gain_db: electronic gain. white: factors on linear
    R, G, B. focus: blur radius beyond the lens's own, a share of the width.
    """

    exposure: float
    gain_db: float = 0.0
    white: tuple[float, float, float] = (1.0, 1.0, 1.0)
    focus: float = 0.0


def state_of(shot: Shot, field: int) -> State:
    """The camera's state in one field of a shot."""
    r, g, b = (float(w) for w in shot.white[field])
    return State(float(shot.exposure[field]), float(shot.gain_db[field]), (r, g, b), float(shot.focus[field]))


def settled_state(
    radiance: NDArray[np.float32],
    settings: CameraSettings,
    lamp_white=(1.0, 1.0, 1.0),
    temper: Temper | None = None,
) -> State:
    """Find the state in which the camera comes to rest before a motionless view.

    radiance: (H, W, 3) W sr^-1 m^-2. lamp_white: (3,) mean colour of the lamps, linear, any scale. temper: the take's,
    left out an even one. The iris seeks the exposure whose mean luma meets the target; what an open iris lacks is made
    up by gain as far as that goes, so that the dark stays dark.
    """
    camera = camera_for(settings)
    wanted = wanted_exposure(radiance, temper or even_temper(settings))
    r, g, b = (float(w) for w in white_factors(lamp_white, camera.white_error, camera.white_green))
    return State(*share_gain(wanted, camera), (r, g, b))


def wanted_exposure(radiance: NDArray[np.float32], temper: Temper) -> float:
    """The exposure that a view asks for: (H, W, 3) radiance, as small as one likes.

    That at which the weighted mean luma meets the target, by bisection over 40 doublings; but no more than leaves
    CLIPPED of the picture over PEAK.
    """
    signal, weight = _metered(radiance, temper.centre)
    low, high = -14.0, 26.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        luma = float(weight @ transfer(np.minimum(signal * 2.0**middle, temper.lamps)))
        low, high = (middle, high) if luma < temper.target else (low, middle)
    peak = PEAK / max(float(np.quantile(signal, 1.0 - CLIPPED)), 1e-9)
    return float(min(2.0 ** (0.5 * (low + high)), peak) * 2.0**temper.ev)


def _metered(radiance: NDArray[np.float32], centre: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Luminance on a coarse grid and the meter's weights for it, flat; a pixel in eight each way is enough."""
    rows, columns = radiance.shape[:2]
    coarse = radiance[:: max(1, rows // 60), :: max(1, columns // 80)].astype(np.float64) @ LUMINANCE
    y = np.linspace(-1, 1, coarse.shape[0])[:, None]
    x = np.linspace(-1, 1, coarse.shape[1])[None, :]
    weight = 1.0 + centre * np.exp(-1.5 * (x * x + (y - 0.2) ** 2))
    return np.maximum(coarse, 0.0).ravel(), (weight / weight.sum()).ravel()


def transfer(linear):
    """BT.709 opto-electronic transfer for linear values of at least 0. Source: ITU-R BT.709-6, item 1.2."""
    return np.where(linear < 0.018, 4.5 * linear, 1.099 * np.maximum(linear, 0.018) ** 0.45 - 0.099)


def white_factors(lamp_white, error_mired: float, green: float = 0.0) -> NDArray[np.float64]:
    """Factors on linear R, G, B that make the lamps neutral but for an error; a neutral keeps its luminance.

    error_mired: positive is too warm. green: share by which green is too strong, as automatic white balance, which
    moves from blue to amber only, leaves it under tubes.
    """
    lamp = np.maximum(np.asarray(lamp_white, dtype=np.float64), 1e-6)
    neutral = float(lamp @ LUMINANCE) / lamp
    tint = np.exp(WIEN_PER_MIRED * error_mired) * [1.0, 1.0 + green, 1.0]
    return neutral * tint / float(tint @ LUMINANCE)


def share_gain(wanted: float, camera: Camera) -> tuple[float, float]:
    """A wanted exposure shared between iris and gain: exposure, gain in dB."""
    exposure = float(np.clip(wanted, camera.open_exposure * camera.closed, camera.open_exposure))
    return exposure, float(np.clip(20 * np.log10(max(wanted / exposure, 1e-9)), 0.0, camera.gain_up_db))
