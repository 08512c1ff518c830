"""The operator: footsteps, breath, clothes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from ..places.sounds import Footing
from ..seed import Rng, rng_for
from .noise import RATE_HZ, band, drawn_out, looped, of_unit_peak, shaped_noise

LONGEST_STEP_S = 3.6
"""A step with its tail is over after this."""
ROLL_S = (0.12, 0.17)
"""From heel to toe. Source: Ekimov and Sabatier, "Rhythm analysis of orthogonal signals from human walking", JASA 129,
2011."""
STRIKE_SAMPLES = 12_000
SPLASH_S = 0.35
SPLASH = 0.6
"""Peak of a splash in standing water, against a step's."""
BUBBLES = 5, 12
"""Fewest and most bubbles of a splash."""
SWISH_AFTER_S, SWISH_S = 0.18, 0.22
"""Trouser legs pass one another while a foot swings."""


def footstep(seed: int, index: int, footing: Footing) -> NDArray[np.float64]:
    """One step in soft shoes, of about unit peak: the heel's thud, the sole brushing the floor, the toe's scuff.
    Either foot has its own pitch and drag.

    What presses on the floor sounds below 500 Hz, what rubs on it above.
    Source: Ekimov and Sabatier, "Vibration and sound signatures of human footsteps in buildings", JASA 120, 2006.
    """
    rng = rng_for(seed, "sound.step", index)
    n = round(0.42 * RATE_HZ)
    t = np.arange(n) / RATE_HZ
    over = rng.uniform(*ROLL_S)
    pitch, drags = rng_for(seed, "sound.foot", index % 2).uniform(0.9, 1.1, 2)
    sound = np.zeros(n)
    add_at(sound, _strike(rng, footing, pitch), 0)
    add_at(sound, rng.uniform(0.35, 0.6) * _strike(rng, footing, 1.15 * pitch), round(over * RATE_HZ))
    rub = shaped_noise(rng, n, band(*footing.brush_hz, 2))
    late = np.clip((t - rng.uniform(0.03, 0.06)) / 0.02, 0.0, 1.0)
    sound += rng.uniform(*footing.brush) * rub * late * np.exp(-np.maximum(t - over, 0.0) / footing.brush_s)
    low, high = footing.scuff
    drag = drags**3 * (low + (high - low) * rng.uniform() ** 2)
    return of_unit_peak(sound) + drag * np.roll(rub, n // 2) * _scuffing(rng, t, over)


def splash(seed: int, index: int) -> NDArray[np.float64]:
    """A sole that lands in shallow water, of unit peak: a sheet of it thrown aside, and bubbles that ring after.

    Source: van den Doel, "Physically based models for liquid sounds", ACM Transactions on Applied Perception 2, 2005.
    """
    rng = rng_for(seed, "sound.splash", index)
    n = round(SPLASH_S * RATE_HZ)
    t = np.arange(n) / RATE_HZ
    sheet = shaped_noise(rng, n, band(700.0, 6500.0, 2))
    sheet *= np.clip(t / rng.uniform(0.006, 0.018), 0.0, 1.0) * np.exp(-t / rng.uniform(0.035, 0.07))
    sound = of_unit_peak(sheet)
    for _ in range(rng.integers(*BUBBLES)):
        after, hz, decay = rng.uniform(0.01, 0.2), 700.0 * 4.0 ** rng.uniform(), rng.uniform(0.004, 0.016)
        own = t[: n - round(after * RATE_HZ)]
        ring = np.sin(2 * np.pi * hz * (own + rng.uniform(1.0, 4.0) * own**2)) * np.exp(-own / decay)
        add_at(sound, rng.uniform(0.05, 0.4) * ring, n - len(own))
    return of_unit_peak(sound)


def _strike(rng: Rng, footing: Footing, pitch: float) -> NDArray[np.float64]:
    """A part of the sole that lands: the floor's thud, so much higher than the footing's own, and a knock."""
    t = np.arange(STRIKE_SAMPLES) / RATE_HZ
    thud_hz = pitch * rng.uniform(*footing.thud_hz)
    thud = np.sin(2 * np.pi * thud_hz * t * (1.0 - 0.6 * t)) * np.exp(-t / rng.uniform(*footing.thud_s))
    knock = shaped_noise(rng, len(t), band(150.0, 900.0, 2)) * np.exp(-t / footing.knock_s)
    return (thud + footing.knock * knock) * np.clip(t / 0.003, 0.0, 1.0)


def _scuffing(rng: Rng, t: NDArray[np.float64], over: float) -> NDArray[np.float64]:
    """How the toe drags as it leaves, with friction that catches and slips."""
    share = np.clip((t - over) / rng.uniform(0.06, 0.2), 0.0, 1.0)
    every = rng.uniform(0.011, 0.04, 40)
    slips = np.interp(t, np.cumsum(every), rng.uniform(0.0, 2.0, 40))
    return slips * np.sin(np.pi * share) ** 2 * (1.0 - 0.6 * share) / 3.0


def footsteps(
    seed: int,
    samples: int,
    time_s: NDArray[np.float64],
    strength: NDArray[np.float64],
    footing: Footing,
    respond: Callable[[float], NDArray[np.float64]] | None = None,
    wet: NDArray[np.float64] | None = None,
) -> NDArray[np.float32]:
    """(samples,) all steps of a film. time_s, strength (S,): when a heel lands and how hard, 1 = walking.

    respond: from a time to the impulse response of the room from the floor to the microphone; None: no room. wet (S,):
    how wet it is underfoot, 0..1; None: dry.
    """
    out = np.zeros(samples, np.float32)
    for k, (when, force) in enumerate(zip(time_s, strength, strict=True)):
        start = round(float(when) * RATE_HZ)
        if start >= samples or start + LONGEST_STEP_S * RATE_HZ < 0:
            continue
        step = footstep(seed, k, footing) * force
        if wet is not None and wet[k] > 0.0:
            add_at(step, SPLASH * wet[k] ** 2 * force * splash(seed, k), 0)
        add_at(out, step if respond is None else fftconvolve(step, respond(float(when))), start)
    return out


def add_at(out: NDArray, sound: NDArray[np.float64], start: int) -> None:
    """Add a sound to ``out`` from a sample on, which may lie before it; what falls outside is left out."""
    a, b = max(start, 0), min(start + len(sound), len(out))
    if b > a:
        out[a:b] += sound[a - start : b - start].astype(out.dtype)


def breathing(seed: int, start: int, samples: int, flow: NDArray[np.float64]) -> NDArray[np.float32]:
    """(samples,) air through nose and mouth, from a sample of the film's clock on. flow (N + 1,) at every field's
    border: above 0 in, below 0 out."""
    rng = rng_for(seed, "sound.breath")
    at, loop = drawn_out(flow, samples), round(7.3 * RATE_HZ)
    inward = 0.7 * shaped_noise(rng, loop, band(700.0, 2600.0, 2))
    outward = shaped_noise(rng, loop, band(300.0, 1500.0, 2))
    out = looped(inward, start, samples) * np.clip(at, 0.0, None) ** 1.5
    out += looped(outward, start, samples) * np.clip(-at, 0.0, None) ** 1.5
    return out


def clothes(
    seed: int, start: int, samples: int, motion: NDArray[np.float64], step_time_s: NDArray[np.float64]
) -> NDArray[np.float32]:
    """(samples,) the rustle of a sleeve and the handling of the camera, and trouser legs that pass between steps.

    start: number of the first sample on the film's clock. motion (N + 1,): how briskly, 0..1. step_time_s (S,).
    """
    rng = rng_for(seed, "sound.clothes")
    loop = round(5.9 * RATE_HZ)
    rustle = shaped_noise(rng, loop, band(1200.0, 7000.0, 1))
    grain = np.clip(shaped_noise(rng, loop, band(2.0, 9.0, 1)), 0.0, None)
    rubbed = looped(grain, start, samples)
    bump = 1.5 * np.sin(np.pi * np.linspace(0.0, 1.0, round(SWISH_S * RATE_HZ))) ** 2
    for when in step_time_s + SWISH_AFTER_S:
        add_at(rubbed, bump, round(float(when) * RATE_HZ))
    return looped(rustle, start, samples) * rubbed * drawn_out(motion, samples)
