"""Coloured noise with a stated spectrum, made once and read in a loop."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
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


def of_unit_peak(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale a sound so that its largest sample, either way, is 1."""
    return sound / np.abs(sound).max()


def looped(loop: NDArray, start: int, samples: int) -> NDArray[np.float32]:
    """(samples,) of a loop that goes on for ever, from its sample ``start`` on."""
    return np.resize(np.roll(loop.astype(np.float32), -(start % len(loop))), samples)


def drawn_out(levels: NDArray[np.float64], samples: int) -> NDArray[np.float32]:
    """(samples,) what is known at every field's border (N + 1,), with straight lines between."""
    return np.interp(np.arange(samples), np.arange(len(levels)) * FIELD_S * RATE_HZ, levels).astype(np.float32)


def decibels(db: float) -> float:
    """Amplitude factor of a level in dB."""
    return float(10.0 ** (db / 20.0))
