"""The fixtures: magnetic ballasts that hum at twice the mains, each with a body and a buzz of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..seed import rng_for
from .noise import RATE_HZ, band, shaped_noise

KNEE_HZ = 1000.0
STEEP, FLAT = 1.2, 0.8
"""Harmonics of a ballast fall as k^-1.2, above 1 kHz as k^-0.8. Source: spectra of recorded hum."""
PANEL_HZ = (560.0, 900.0)
"""Where the sheet-metal pan of a troffer resonates."""
BUZZ_HZ = (2000.0, 6000.0)
SWELL_HZ = (0.2, 0.8)
BUZZ_LOOP_S = 4.0
REFERENCE_M = 1.5
"""Distance at which a fixture is as loud as its source; nearer than this it grows no louder."""


def ballast_period(seed: int, ident: int, hum_hz: float, samples: int) -> NDArray[np.float64]:
    """One period (samples,) of a fixture's hum, unit rms: harmonics up to 4 kHz with its own phases and panel."""
    rng = rng_for(seed, "sound.ballast", int(ident))
    count = int(4000.0 / hum_hz)
    k = np.arange(1, count + 1)
    knee = KNEE_HZ / hum_hz
    size = np.where(k <= knee, k**-STEEP, knee**-STEEP * (k / knee) ** -FLAT)
    panel = rng.uniform(*PANEL_HZ)
    size = size * (1.0 + 3.0 / (1.0 + ((k * hum_hz - panel) / 70.0) ** 2)) * np.exp(0.35 * rng.normal(count))
    phase = rng.uniform(0.0, 2.0 * np.pi, count)
    t = np.arange(samples) / samples
    wave = (size[:, None] * np.sin(2.0 * np.pi * k[:, None] * t + phase[:, None])).sum(axis=0)
    return wave / np.sqrt(np.mean(wave**2))


def buzz_gate(samples: int, width: float = 0.18) -> NDArray[np.float64]:
    """(samples,) how a lamp's arc lets its buzz through once in every half wave of the mains."""
    t = np.arange(samples) / samples
    return np.exp(-0.5 * (np.minimum(t, 1.0 - t) / width) ** 2)


def fixture_hum(
    seed: int, ident: int, level: NDArray[np.float64], mains_hz: float, start_sample: int
) -> NDArray[np.float32]:
    """What one fixture sounds like over N fields at the microphone.

    level (N + 1,) amplitude at every field's border, distance, walls and flicker included. start_sample: place of
    the first sample on the film's clock, so that a fixture hums the same wherever its turn begins.
    """
    hum_hz = 2.0 * mains_hz
    samples = round(len(level[1:]) * FIELD_S * RATE_HZ)
    n = start_sample + np.arange(samples)
    rng = rng_for(seed, "sound.fixture", int(ident))
    detune = 1.0 + rng.uniform(-2e-4, 2e-4)
    cycle = (n * (hum_hz * detune / RATE_HZ) + rng.uniform()) % 1.0
    period = 512
    place = cycle * period
    hum = np.interp(place, np.arange(period + 1), _closed(ballast_period(seed, ident, hum_hz, period)))
    gate = np.interp(place, np.arange(period + 1), _closed(buzz_gate(period)))
    loop = shaped_noise(rng, round(BUZZ_LOOP_S * RATE_HZ), band(*BUZZ_HZ))
    buzz = loop[n % len(loop)] * gate
    swell = 1.0 + 0.12 * np.sin(2.0 * np.pi * (n / RATE_HZ) * rng.uniform(*SWELL_HZ) + rng.uniform(0.0, 2 * np.pi))
    envelope = np.interp(np.arange(samples), np.arange(len(level)) * FIELD_S * RATE_HZ, level)
    return (envelope * swell * (hum + rng.uniform(0.10, 0.30) * buzz)).astype(np.float32)


def spreading(distance_m: NDArray[np.float64], walls: NDArray[np.float64]) -> NDArray[np.float64]:
    """Amplitude of a fixture at a distance and behind a number of walls.

    Pressure falls as 1/r beyond ``REFERENCE_M``; a stud partition with a gap over the ceiling takes 9 dB.
    """
    return REFERENCE_M / np.maximum(distance_m, REFERENCE_M) * 10.0 ** (-9.0 / 20.0 * walls)


def _closed(period: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.append(period, period[0])
