"""The impulse response of echoes: each image source where it arrives, and noise for the tail, octave by octave."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from ..places.sounds import OCTAVES_HZ
from ..seed import rng_for
from .echoes import FADE_S, LONGEST_S, SPEED_M_S, STEP_M, Echoes
from .noise import RATE_HZ

EARLY_SAMPLES = 8192
"""Image sources arrive within these."""


def tail_noise(seed: int) -> NDArray[np.float32]:
    """Make the noise that tails are made of: (6, samples), white and of unit variance, split into the octaves."""
    samples = round((LONGEST_S + 0.1) * RATE_HZ)
    n = fft.next_fast_len(samples, real=True)
    parts = fft.irfft(fft.rfft(rng_for(seed, "sound.tail").normal(n)) * bands(n), n)
    return np.ascontiguousarray(parts[:, :samples], np.float32)


def bands(samples: int) -> NDArray[np.float64]:
    """Gains (6, samples // 2 + 1) of octave bands, straight lines in log frequency that add up to 1."""
    place = np.log2(np.maximum(fft.rfftfreq(samples, 1.0 / RATE_HZ), 1.0) / OCTAVES_HZ[0])
    return np.stack([np.interp(place, np.arange(6), row) for row in np.eye(6)])


def impulse_response(heard: Echoes, noise: NDArray[np.float32]) -> NDArray[np.float64]:
    """Make the pressure (samples,) at the ear after an impulse, against 1 m in the open; sample 0 is when it sounds."""
    ends = (np.arange(len(heard.tail)) + 0.5) * STEP_M / SPEED_M_S * RATE_HZ
    samples = min(max(round(float(ends[-1] + ends[0])), EARLY_SAMPLES), noise.shape[1])
    out = np.zeros(samples)
    size = np.sqrt(heard.tail / (STEP_M / SPEED_M_S * RATE_HZ))
    size *= np.clip((LONGEST_S - ends / RATE_HZ) / FADE_S, 0.0, 1.0)[:, None]
    n = np.arange(samples)
    for octave, loud in zip(noise, size.T, strict=True):
        out += octave[:samples] * np.interp(n, ends, loud, right=0.0)
    out[:EARLY_SAMPLES] += _early(heard)
    return out


def _early(heard: Echoes) -> NDArray[np.float64]:
    """(EARLY_SAMPLES,) the impulses of image sources, each where it arrives, between two samples, coloured."""
    at = heard.length / SPEED_M_S * RATE_HZ
    first = at.astype(np.int64)
    size = np.sqrt(heard.energy)
    lines = np.zeros((6, EARLY_SAMPLES))
    for k, line in enumerate(lines):
        np.add.at(line, first, size[:, k] * (1.0 - (at - first)))
        np.add.at(line, first + 1, size[:, k] * (at - first))
    return fft.irfft((fft.rfft(lines) * bands(EARLY_SAMPLES)).sum(axis=0), EARLY_SAMPLES)
