"""The operator: footsteps, breath, clothes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..places.sounds import Footing
from ..seed import rng_for
from .noise import RATE_HZ, band, shaped_noise


def footstep(seed: int, index: int, footing: Footing) -> NDArray[np.float64]:
    """One step in soft shoes, of about unit peak: the heel's thud, then the sole brushing the floor."""
    rng = rng_for(seed, "sound.step", index)
    n = round(0.32 * RATE_HZ)
    t = np.arange(n) / RATE_HZ
    thud_hz = rng.uniform(*footing.thud_hz)
    thud = np.sin(2 * np.pi * thud_hz * t * (1.0 - 0.6 * t)) * np.exp(-t / rng.uniform(*footing.thud_s))
    knock = shaped_noise(rng, n, band(180.0, 900.0)) * np.exp(-t / 0.018)
    late = np.clip((t - rng.uniform(0.05, 0.09)) / 0.02, 0.0, 1.0)
    brush = shaped_noise(rng, n, band(*footing.brush_hz, 1)) * late
    brush *= np.exp(-np.maximum(t - 0.07, 0.0) / footing.brush_s)
    sound = thud + footing.knock * knock + rng.uniform(*footing.brush) * brush
    attack = np.clip(t / 0.003, 0.0, 1.0)
    return sound * attack / np.abs(sound).max()


def footsteps(
    seed: int, samples: int, time_s: NDArray[np.float64], strength: NDArray[np.float64], footing: Footing
) -> NDArray[np.float32]:
    """(samples,) all steps of a film. time_s, strength (S,): when a heel lands and how hard, 1 = walking."""
    out = np.zeros(samples, np.float32)
    for k, (when, force) in enumerate(zip(time_s, strength, strict=True)):
        start = round(float(when) * RATE_HZ)
        step = footstep(seed, k, footing) * force
        a, b = max(start, 0), min(start + len(step), samples)
        if b > a:
            out[a:b] += step[a - start : b - start].astype(np.float32)
    return out


def breathing(seed: int, samples: int, flow: NDArray[np.float64]) -> NDArray[np.float32]:
    """(samples,) air through nose and mouth. flow (N + 1,) at every field's border: above 0 in, below 0 out."""
    rng = rng_for(seed, "sound.breath")
    at = np.interp(np.arange(samples), np.arange(len(flow)) * FIELD_S * RATE_HZ, flow)
    loop = round(7.3 * RATE_HZ)
    n = np.arange(samples)
    inward = shaped_noise(rng, loop, band(700.0, 2600.0, 2))[n % loop] * np.clip(at, 0.0, None) ** 1.5
    outward = shaped_noise(rng, loop, band(300.0, 1500.0, 2))[n % loop] * np.clip(-at, 0.0, None) ** 1.5
    return (0.7 * inward + outward).astype(np.float32)


def clothes(seed: int, samples: int, motion: NDArray[np.float64]) -> NDArray[np.float32]:
    """(samples,) the rustle of a sleeve and the handling of the camera. motion (N + 1,): how briskly, 0..1."""
    rng = rng_for(seed, "sound.clothes")
    loop = round(5.9 * RATE_HZ)
    n = np.arange(samples)
    rustle = shaped_noise(rng, loop, band(1200.0, 7000.0, 1))
    grain = np.clip(shaped_noise(rng, loop, band(2.0, 9.0, 1)), 0.0, None)
    at = np.interp(n, np.arange(len(motion)) * FIELD_S * RATE_HZ, motion)
    return ((rustle * grain)[n % loop] * at).astype(np.float32)
