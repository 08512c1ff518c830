"""The fixtures: magnetic ballasts that hum at twice the mains, each with a body and a buzz of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..seed import rng_for
from .hum_kernels import add_hum
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


def add_fixture(
    out: NDArray[np.float32],
    seed: int,
    ident: int,
    level: NDArray[np.float64],
    mains_hz: float,
    start_sample: int,
    buzz: NDArray[np.float64],
) -> None:
    """Add what one fixture sounds like over N fields at the microphone to ``out`` (samples,), where it is in reach.

    level (N + 1,): amplitude at every field's border, distance, walls and flicker included. start_sample: place of
    the first sample on the film's clock, so that a fixture hums the same wherever its turn begins. buzz: of
    ``buzz_noise``; each fixture reads it from another place.
    """
    loud = np.flatnonzero(level > 0.0)
    if not len(loud):
        return
    a, b = max(int(loud[0]) - 1, 0), min(int(loud[-1]) + 1, len(level) - 1)
    first = round(a * FIELD_S * RATE_HZ)
    hum_hz, period = 2.0 * mains_hz, 512
    rng = rng_for(seed, "sound.fixture", ident)
    turn, phase = hum_hz * (1.0 + rng.uniform(-2e-4, 2e-4)) / RATE_HZ, rng.uniform()
    buzz_start = rng.integers(0, len(buzz))
    swell_hz, swell_at = rng.uniform(*SWELL_HZ), rng.uniform(0.0, 2 * np.pi)
    time = (start_sample + first) / RATE_HZ + np.arange(b - a + 1) * FIELD_S
    swell = 1.0 + 0.12 * np.sin(2.0 * np.pi * time * swell_hz + swell_at)
    wave = _closed(ballast_period(seed, ident, hum_hz, period))
    gate = rng.uniform(0.10, 0.30) * _closed(buzz_gate(period))
    level = level[a : b + 1] * swell
    start = start_sample + first
    add_hum(out, first, start, FIELD_S * RATE_HZ, level, phase, turn, wave, gate, buzz, buzz_start)


def buzz_noise(seed: int) -> NDArray[np.float64]:
    """Make the loop of noise that all fixtures' buzz is read from."""
    return shaped_noise(rng_for(seed, "sound.buzz"), round(BUZZ_LOOP_S * RATE_HZ), band(*BUZZ_HZ))


def spreading(distance_m: NDArray[np.float64], walls: NDArray[np.float64]) -> NDArray[np.float64]:
    """Amplitude of a fixture at a distance and behind a number of walls.

    Pressure falls as 1/r beyond ``REFERENCE_M``; a stud partition with a gap over the ceiling takes 9 dB.
    """
    return REFERENCE_M / np.maximum(distance_m, REFERENCE_M) * 10.0 ** (-9.0 / 20.0 * walls)


def _closed(period: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.append(period, period[0])
