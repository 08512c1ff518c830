"""Colours of the baked profile: base pictures and COLOR_0 whose product is what the camera shows, in its hue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..render.pile import DEPTH, MEAN_COSINE, MEAN_SHEEN, SHEEN
from ..surface.material import Material
from .textures import STEPS, looked_up, srgb_codes
from .tone_curve import ToneCurve

BRIGHT = 98.0
"""Percentile of a picture's values that is white, where no place needs it brighter: the rest is left to COLOR_0."""
FITS = 96.0
"""Percentile of a material's corners that its picture is made bright enough for. More would cost its pattern more than
the brightest spots gain: of 90, 96 and 99.8, this is nearest to our frames (tests/test_export_web.py)."""
MOST = 0.9
"""Brightest mean of a picture, 1 = white: more would leave nothing of its pattern."""
SPARSE = 4
"""Every so many texels each way tell a picture's values."""
LEVELS = np.concatenate([[0.0], np.geomspace(1e-4, 1e3, 512)])
"""Light that a material's mean is tabled for, in albedo's unit times white level."""
ROUNDS = 24
"""Steps in which a picture's scale is found."""
SEEN_COSINE = 0.42
"""To the normal, of the way that floors are seen in: the middle of 40 to 80 degrees."""


@dataclass(frozen=True)
class BasePicture:
    """codes (H, W, 3) sRGB bytes; middle (3,): their mean, linear."""

    codes: NDArray[np.uint8]
    middle: NDArray[np.float32]


def whole_below_white(values: NDArray) -> NDArray:
    """Scale colours (…, 3) that are too bright as a whole, so that none exceeds 1 and their hue stays."""
    return values / np.maximum(largest(values), 1.0)[..., None]


def largest(values: NDArray) -> NDArray:
    """Find the largest (…) of colours' three components (…, 3)."""
    return np.maximum(np.maximum(values[..., 0], values[..., 1]), values[..., 2])


def albedo_seen(material: Material) -> NDArray[np.float32]:
    """(H, W, 3) albedo of a material, of a pile as a walker sees it: baked colours are the same from everywhere."""
    if not material.gap.size or material.clear:
        return material.albedo
    slant = DEPTH * (MEAN_COSINE - SEEN_COSINE) * material.gap + SHEEN * ((1.0 - SEEN_COSINE) ** 4 - MEAN_SHEEN)
    return np.asarray(np.clip(material.albedo * (1.0 + slant)[..., None], 0.0, 1.0), np.float32)


def shown(
    tone: ToneCurve, texels: Sequence[NDArray[np.float32]], which: NDArray[np.int64], value: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N, 3) linear values that viewers must show of surfaces of the ``texels`` (H, W, 3) ``which`` (N,): the mean over
    those as the camera shows them when multiplied by ``value`` (N, 3)."""
    out = np.empty(value.shape, np.float32)
    for k in np.unique(which):
        rows = np.flatnonzero(which == k)
        seen = _mean_shown(tone, texels[k][::SPARSE, ::SPARSE].reshape(-1, 3))
        for c in range(3):
            out[rows, c] = np.interp(value[rows, c] * tone.factor[c], LEVELS, seen[:, c])
    return out


def _mean_shown(tone: ToneCurve, texel: NDArray[np.float32]) -> NDArray[np.float64]:
    """(L, 3) means over texels (N, 3) of what is shown at LEVELS, before exposure and white."""
    share = (np.arange(32) + 0.5) / 32
    spread = np.quantile(texel, share, axis=0)
    grid = (LEVELS[:, None, None] * spread / tone.factor).astype(np.float32)
    return np.asarray(tone.shown(grid).mean(axis=1), np.float64)


def brightest(count: int, material: NDArray[np.int64], colour: NDArray[np.float32]) -> NDArray[np.float64]:
    """(count, 3) how bright each material's picture must be in the mean for colours (N, 3) at its corners (N,)."""
    out = np.zeros((count, 3))
    for k in np.unique(material):
        out[k] = np.percentile(colour[material == k], FITS, axis=0)
    return np.minimum(out, MOST)


def base_picture(albedo: NDArray[np.float32], power: float, needed: NDArray[np.float64]) -> BasePicture:
    """Make the picture of an albedo (H, W, 3), to a power, as bright as ``needed`` (3,) in the mean at least.

    Texels above white are scaled as a whole.
    """
    sample = np.power(albedo[::SPARSE, ::SPARSE].reshape(-1, 3).astype(np.float64), power)
    scale = 1.0 / np.maximum(np.percentile(sample, BRIGHT, axis=0), 1e-6)
    for _ in range(ROUNDS):
        mean = whole_below_white(scale * sample).mean(axis=0)
        if (mean >= needed - 1e-3).all():
            break
        scale *= np.maximum(needed / np.maximum(mean, 1e-6), 1.0) ** 1.5
    linear = powered(albedo, power) * scale.astype(np.float32)
    return coded(whole_below_white(linear))


def coded(linear: NDArray[np.float32]) -> BasePicture:
    """Encode linear values (H, W, 3) of 0..1 as sRGB, and note their mean."""
    return BasePicture(srgb_codes(linear), linear[::SPARSE, ::SPARSE].reshape(-1, 3).mean(axis=0).astype(np.float32))


def powered(albedo: NDArray[np.float32], power: float) -> NDArray[np.float32]:
    """Raise values (…, 3) of 0..1 to a power, by table."""
    return looked_up(albedo, (STEPS[:, None] ** power).astype(np.float32))


def over(colour: NDArray[np.float32], middle: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, 3) COLOR_0 that makes ``colour`` (N, 3) of pictures with means ``middle``; too bright ones as a whole."""
    return np.asarray(whole_below_white(colour / np.maximum(middle, np.float32(1e-6))), np.float32)
