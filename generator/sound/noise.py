"""Coloured noise with a stated spectrum, made once and read in a loop."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..seed import Rng
from ..video.sound import RATE_HZ


def shaped_noise(rng: Rng, samples: int, gain: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> NDArray:
    """(samples,) float64 of unit rms whose amplitude spectrum follows ``gain(hz)``; its ends join without a click."""
    hz = np.fft.rfftfreq(samples, 1.0 / RATE_HZ)
    shape = gain(np.maximum(hz, hz[1]))
    shape[0] = 0.0
    phase = rng.uniform(0.0, 2.0 * np.pi, len(hz))
    size = np.sqrt(-2.0 * np.log1p(-rng.uniform(size=len(hz))))
    noise = np.fft.irfft(shape * size * np.exp(1j * phase), samples)
    return noise / np.sqrt(np.mean(noise**2))


def band(low_hz: float, high_hz: float, order: int = 3) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Amplitude response of Butterworth slopes below ``low_hz`` and above ``high_hz``."""

    def gain(hz: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1.0 / np.sqrt((1.0 + (low_hz / hz) ** (2 * order)) * (1.0 + (hz / high_hz) ** (2 * order)))

    return gain


def decibels(db: float) -> float:
    """Amplitude factor of a level in dB."""
    return float(10.0 ** (db / 20.0))
