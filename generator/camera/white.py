"""What the automatic white balance sees when the camera has a lamp of its own: that, the building's lamps, or both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..colour import lamp_radiance
from ..plan.floorplan import Floorplan, LampState
from ..plan.sight import Outlines, cast, outlines
from ..scene.camera import CameraSettings
from .exposure import LUMINANCE

RAYS = np.radians([-20.0, -10.0, 0.0, 10.0, 20.0])
"""Directions, off the picture's middle, in which the light is judged."""
TROFFER_CD = 2450.0
"""Intensity of a ceiling lamp straight down: 3300 cd/m² over 0.61 × 1.22 m."""
DROP_M = 1.4
"""How far what the camera looks at lies under the ceiling lamps."""
REACH_M, LAMPS = 9.0, 12
"""Where a ray ends, so many lamps count, and none from further off."""
AHEAD_M, AROUND_M = 3.0, 4.0
"""Lamps count that are about so near to a point so far ahead."""
WARMEST_K = 2800.0
"""The automatic white balance of a camcorder follows lamps down to about here; sodium stays orange."""
FULLY = 0.85
"""How far the balance goes towards a lamp as warm as halogen; what is left over stays warm."""


def followed(kelvin: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the colour temperatures (L,) that the white balance takes lamps of ``kelvin`` (L,) for."""
    return np.maximum(kelvin, WARMEST_K)


def near_tubes(
    plan: Floorplan, place: NDArray[np.float64], yaw: float, tubes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The mean colour (3,) of the lamps around what a camera at a place (2,) looks at; near ones count most.

    tubes (3,): mean colour of the building's lamps, of which this is a departure; walls are not looked at.
    """
    on = plan.lamp_state == LampState.ON
    if not on.any():
        return tubes
    colour = lamp_radiance(followed(plan.lamp_kelvin[on]), 1.0)
    ahead = place + AHEAD_M * np.array([np.cos(yaw), np.sin(yaw)])
    weight = (AROUND_M**2 + ((plan.lamp_xy[on] - ahead) ** 2).sum(axis=1)) ** -2.0
    return np.asarray(tubes * (weight @ colour / weight.sum()) / colour.mean(axis=0))


def seen_white(
    plan: Floorplan, places: NDArray[np.float64], yaws: NDArray[np.float64], tubes: NDArray[np.float64],
    settings: CameraSettings,
) -> NDArray[np.float64]:  # fmt: skip
    """The colour of the light (N, 3), linear, luminance 1, that cameras at places (N, 2), turned by yaws (N,), see by.

    tubes (3,): mean colour of the building's lamps. The share of each lamp is that of its illuminance where five rays
    in plan end; what walls keep off from there is not looked at.
    """
    tubes = tubes / float(tubes @ LUMINANCE)
    if not settings.lamp:
        return np.broadcast_to(tubes, (len(places), 3)).copy()
    own = lamp_radiance(settings.lamp_kelvin, 1.0, duv=0.0)[0]
    lines, on = outlines(plan), plan.lamp_xy[plan.lamp_state == LampState.ON]
    views = zip(places, yaws, strict=True)
    share = FULLY * np.array([_own_share(lines, on, place, yaw, settings.lamp_cd) for place, yaw in views])
    return tubes + share[:, None] * (own / float(own @ LUMINANCE) - tubes)


def _own_share(
    lines: Outlines, lamps: NDArray[np.float64], place: NDArray[np.float64], yaw: float, candela: float
) -> float:
    """Share of the light in one view that is the camera's own lamp's: the brighter a ray's end, the more it counts."""
    away = np.maximum(cast(lines, place, yaw + RAYS)[0] - 0.2, 0.5)
    ends = place + away[:, None] * np.stack([np.cos(yaw + RAYS), np.sin(yaw + RAYS)], axis=1)
    own = candela / away**2
    far2 = np.sort(((ends[:, None] - lamps) ** 2).sum(axis=2), axis=1)[:, :LAMPS]
    down = DROP_M * DROP_M
    tubes = (TROFFER_CD * down / (down + far2) ** 2).sum(axis=1, where=far2 < REACH_M * REACH_M)
    return float(own.sum() / (own + tubes).sum())
