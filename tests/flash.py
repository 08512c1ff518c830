"""General flashes in a sequence of pictures, as WCAG 2.3.1 defines them: an independent check of finished frames.

A flash is a pair of opposing changes of relative luminance by a tenth of the most or more, the darker of the two below
0.80, over more than a quarter of any field of ten degrees: 341 × 256 of 1024 × 768 pixels, so a third of a picture each
way. Not more than three are allowed in any second.
Source: WCAG 2.2, success criterion 2.3.1 and "general flash and red flash thresholds".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

CHANGE, DARK, SHARE = 0.1, 0.8, 0.25
TOGETHER_S = 0.08
"""Pixels that change the same way within so long change together: five fields, since a fade passes CHANGE later where
there is less light."""


def swings(luminance: NDArray[np.float64]) -> NDArray[np.int8]:
    """(T, H, W): -1 and +1 where a pixel has fallen or risen by CHANGE since its last turn, else 0."""
    low, high = luminance[0].copy(), luminance[0].copy()
    way = np.zeros(luminance.shape[1:], np.int8)
    out = np.zeros(luminance.shape, np.int8)
    for t, now in enumerate(luminance):
        low, high = np.minimum(low, now), np.maximum(high, now)
        fell = (way >= 0) & (now <= high - CHANGE) & (now < DARK)
        rose = (way <= 0) & (now >= low + CHANGE) & (low < DARK) & ~fell
        way = np.where(fell, -1, np.where(rose, 1, way)).astype(np.int8)
        out[t] = np.where(fell, -1, np.where(rose, 1, 0))
        low, high = np.where(fell | rose, now, low), np.where(fell | rose, now, high)
        low, high = np.where(way > 0, np.maximum(low, now), low), np.where(way < 0, np.minimum(high, now), high)
    return out


def most_flashes(luminance: NDArray[np.float64], hz: float) -> float:
    """Most general flashes in any second of pictures (T, H, W), relative luminance 0..1, at ``hz``; pairs of changes,
    so an odd one counts half."""
    found = swings(luminance)
    high, wide = (max(n // 3, 1) for n in luminance.shape[1:])
    inner = (slice(None), *(slice(n // 2, -(n // 2) or None) for n in (high, wide)))
    begun = []
    for sign in (-1, 1):
        recent = _held(found == sign, max(round(TOGETHER_S * hz), 1)).astype(np.float32)
        large = uniform_filter(recent, (1, high, wide))[inner] > SHARE
        begun.append(large & ~np.roll(large, 1, axis=0))
    return _most_pairs(*begun, hz)


def _held(event: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """Events that are not older than ``count`` pictures."""
    out = event.copy()
    for k in range(1, count):
        out[k:] |= event[:-k]
    return out


def _most_pairs(falls: NDArray[np.bool_], rises: NDArray[np.bool_], hz: float) -> float:
    """Half of the most alternating changes that any field has in any second."""
    turns = np.zeros(falls.shape, np.bool_)
    way = np.zeros(falls.shape[1:], np.int8)
    for t in range(len(falls)):
        down, up = falls[t] & (way >= 0), rises[t] & (way <= 0)
        turns[t] = down | up
        way = np.where(down, -1, np.where(up, 1, way)).astype(np.int8)
    total = np.concatenate([np.zeros((1, *way.shape), np.int64), np.cumsum(turns, axis=0)])
    span = min(round(hz), len(turns))
    return float((total[span:] - total[:-span]).max() / 2)
