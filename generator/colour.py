"""Colour science: colour temperature and luminance to linear Rec.709 radiance. Any stage may import it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

LENS_LUMINANCE = 3300.0
"""cd/m² of a prismatic acrylic troffer lens. Source: measured 2 x 4 ft troffers of the 1990s."""
GREEN_DUV = 0.006
"""Distance above the Planckian locus in CIE 1960 uv of a halophosphate tube; above is greenish."""
LUMENS_PER_WATT = 683.0
"""Luminance per unit of radiance Y. Source: the SI definition of the candela."""

_RGB_FROM_XYZ = np.linalg.inv(
    [[0.4123908, 0.3575843, 0.1804808], [0.2126390, 0.7151687, 0.0721923], [0.0193308, 0.1191948, 0.9505322]]
)


def lamp_radiance(
    kelvin: ArrayLike, luminance: ArrayLike = LENS_LUMINANCE, duv: ArrayLike = GREEN_DUV
) -> NDArray[np.float64]:
    """Compute the radiance (L, 3) in W/(sr m²), linear Rec.709, of lenses at kelvin (L,) and luminance in cd/m².

    Y of the result is luminance / 683, whatever the colour.
    Source: Planckian locus by Krystek, Color Res. Appl. 10, 1985; Rec.709 primaries and D65 of ITU-R BT.709.
    """
    t = np.atleast_1d(np.asarray(kelvin, np.float64))
    u, v = _planckian_uv(t)
    du, dv = np.subtract(_planckian_uv(t + 1.0), _planckian_uv(t - 1.0))
    length = np.hypot(du, dv)
    u, v = u + duv * dv / length * np.sign(-du), v - duv * du / length * np.sign(-du)
    x, y = 3.0 * u / (2.0 * u - 8.0 * v + 4.0), 2.0 * v / (2.0 * u - 8.0 * v + 4.0)
    xyz = np.stack([x / y, np.ones_like(x), (1.0 - x - y) / y], axis=-1)
    return xyz @ _RGB_FROM_XYZ.T * (np.asarray(luminance, np.float64) / LUMENS_PER_WATT).reshape(-1, 1)


def _planckian_uv(t: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """CIE 1960 u, v of a black body, 1000 to 15000 K, to 1e-4."""
    u = (0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t * t) / (1.0 + 8.42420235e-4 * t + 7.08145163e-7 * t * t)
    v = (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t * t) / (1.0 - 2.89741816e-5 * t + 1.61456053e-7 * t * t)
    return u, v
