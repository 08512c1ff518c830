"""The colour difference CIEDE2000 of pictures in sRGB."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

XYZ_FROM_RGB = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
"""Source: IEC 61966-2-1."""
WHITE = XYZ_FROM_RGB.sum(axis=1)


def lab(linear: NDArray) -> NDArray[np.float64]:
    """CIELAB of linear sRGB (…, 3), white D65. Source: CIE 15:2004."""
    t = np.asarray(linear, np.float64) @ XYZ_FROM_RGB.T / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def linear(codes: NDArray) -> NDArray[np.float64]:
    """Linear values of sRGB codes (…, 3) of 0..255."""
    c = np.asarray(codes, np.float64) / 255.0
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def ciede2000(first: NDArray, second: NDArray) -> NDArray[np.float64]:
    """Differences (…) of two CIELAB pictures (…, 3). Source: Sharma, Wu and Dalal, Color Res. Appl. 30, 2005."""
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(first, -1, 0), np.moveaxis(second, -1, 0)
    mean_c = 0.5 * (np.hypot(a1, b1) + np.hypot(a2, b2))
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    dh = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    big_dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))
    h = np.where(grey, h1 + h2, (h1 + dh / 2) % 360)
    mean_l, mean_c = 0.5 * (l1 + l2), 0.5 * (c1 + c2)
    t = (
        1 - 0.17 * np.cos(np.radians(h - 30)) + 0.24 * np.cos(np.radians(2 * h))
        + 0.32 * np.cos(np.radians(3 * h + 6)) - 0.20 * np.cos(np.radians(4 * h - 63))
    )  # fmt: skip
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    turn = np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2)))) * 2 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7))
    dl, dc, dh = (l2 - l1) / s_l, (c2 - c1) / s_c, big_dh / s_h
    return np.sqrt(np.maximum(dl**2 + dc**2 + dh**2 - turn * dc * dh, 0.0))
