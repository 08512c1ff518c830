"""The camcorder's own part in the sound: its motor and drum beside the microphone, and its automatic level control."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..seed import rng_for
from .noise import RATE_HZ, band, drawn_out, looped, of_unit_peak, shaped_noise

DRUM_HZ = 30.0 / 1.001
"""Turns a second of a VHS drum, one a frame. Source: IEC 60774-1."""
DRUM_TONES = {k: 1.0 / k for k in range(1, 9)} | {12: 0.5, 24: 0.35, 48: 0.12}
"""Harmonics of the drum's turning, by size: what is out of balance, then the poles of its motor."""
CAPSTAN_HZ = (430.0, 520.0)
TURN = 2048
GEAR_HZ, FULL_ZOOM = (330.0, 390.0), 0.35
"""The zoom's gear; and how fast a lens zooms at full speed, in natural logarithms of its length a second: tenfold in
seven seconds. Source: manuals of camcorders of the time."""
STRUCK_M_S, LOW_M = 0.7, 0.3
"""A camera strikes the floor faster than this, lower than this."""
LOOP_S = 6.1
HOP = 48
"""Samples between looks at the level: 1 ms."""
THRESHOLD_DB = -6.0
"""Peaks up to here are recorded as they come, with the whole gain."""
RATIO = 4.0
"""Over the threshold, so many decibels become one."""
RECOVERY_DB_S = 6.0
"""How fast the gain comes back: 0.75 dB each 128 ms. Source: settings of recorders' converters with automatic level
control, Asahi Kasei AK4642 data sheet, 2005."""
ATTACK_HOPS = 10
"""The gain falls within 10 ms, so that a heel's first moment passes."""
DEEPEST_DB = 30.0
MEMORY_S = DEEPEST_DB / RECOVERY_DB_S
"""After so long nothing of a level counts: sound from then on alone is as in the whole."""


def drum_and_motor(seed: int, start: int, samples: int) -> NDArray[np.float32]:
    """(samples,) what the microphone picks up through the case, of about unit rms, from sample ``start`` of the film's
    clock on: the drum's harmonics, its motor, the capstan's, and air about the drum."""
    rng = rng_for(seed, "sound.camera")
    loop = round(LOOP_S * RATE_HZ)
    air = 0.6 * shaped_noise(rng, loop, band(900.0, 5000.0, 1))
    air *= 1.0 + 0.35 * shaped_noise(rng, loop, band(4.0, 20.0, 1))
    t = np.arange(TURN + 1) / TURN
    drum = np.zeros(TURN + 1)
    for k, size in DRUM_TONES.items():
        drum += 0.5 * size * np.sin(2.0 * np.pi * (k * t + rng.uniform()))
    capstan_hz = rng.uniform(*CAPSTAN_HZ)
    n = start + np.arange(samples)
    turns = n * (DRUM_HZ / RATE_HZ) % 1.0
    out = np.interp(turns, t, 1.0 + 0.3 * np.sin(2.0 * np.pi * t)).astype(np.float32)
    out *= looped(air, start, samples)
    out += np.interp(turns, t, drum).astype(np.float32)
    out += np.interp(n * (capstan_hz / RATE_HZ) % 1.0, t, 0.125 * np.sin(2.0 * np.pi * t)).astype(np.float32)
    return out


def zoom_motor(seed: int, start: int, zoom: NDArray[np.float64], samples: int) -> NDArray[np.float32]:
    """(samples,) the whine of the lens's motor and gear while it zooms, of about unit rms; zoom (N + 1,) at borders."""
    speed = np.abs(np.gradient(np.log(np.maximum(zoom, 0.1)), FIELD_S))
    if not speed.any():
        return np.zeros(samples, np.float32)
    rng = rng_for(seed, "sound.zoom")
    t = np.arange(TURN + 1) / TURN
    gear = sum(np.sin(2.0 * np.pi * (k * t + rng.uniform())) / k for k in (1, 2, 3, 5, 8))
    turns = (start + np.arange(samples)) * (rng.uniform(*GEAR_HZ) / RATE_HZ) % 1.0
    rattle = looped(shaped_noise(rng, round(LOOP_S * RATE_HZ), band(700.0, 4000.0, 1)), start, samples)
    whine = np.interp(turns, t, gear).astype(np.float32) + 0.4 * rattle
    return whine * drawn_out(np.clip(speed / FULL_ZOOM, 0.0, 1.0) ** 0.5, samples)


def knocks(height: NDArray[np.float64]) -> list[tuple[int, float]]:
    """Find where a falling camera strikes the floor: border and speed, m/s, from its heights (N + 1,) over it."""
    speed = np.diff(height) / FIELD_S
    struck = (speed[:-1] < -STRUCK_M_S) & (speed[1:] > 0.5 * speed[:-1]) & (height[1:-1] < LOW_M)
    return [(int(k) + 1, float(-speed[k])) for k in np.flatnonzero(struck)]


def knock(seed: int, border: int) -> NDArray[np.float64]:
    """A camcorder's case that strikes the floor, of unit peak: shell, cassette door and strap."""
    rng = rng_for(seed, "sound.knock", border)
    t = np.arange(round(0.25 * RATE_HZ)) / RATE_HZ
    shell = sum(
        np.sin(2 * np.pi * hz * t) * np.exp(-t / rng.uniform(0.012, 0.04)) for hz in rng.uniform(90.0, 1400.0, 6)
    )
    rattle = (
        shaped_noise(rng, len(t), band(800.0, 6000.0, 1))
        * np.exp(-t / 0.05)
        * (0.5 + 0.5 * np.sin(2 * np.pi * 43.0 * t))
    )
    return of_unit_peak(shell + 0.8 * rattle)


def level_controlled(sound: NDArray[np.float32], start: int = 0) -> NDArray[np.float32]:
    """Record a sound (samples,) through automatic level control: it gives way within 10 ms and comes back slowly.

    Peaks over ``THRESHOLD_DB`` are held for as long as the recovery takes to fall to them, so the hum goes down after a
    step and swells up again. start: number of the first sample on the film's clock. Only the last ``MEMORY_S`` count,
    and levels are whole thousandths of a decibel, so a part equals the whole.
    """
    return sound * gain(sound, start)


def gain(sound: NDArray[np.float32], start: int = 0) -> NDArray[np.float32]:
    """The level control's gain (samples,), 0..1, for what comes in."""
    before = start % HOP
    hops = -(-(before + len(sound)) // HOP)
    padded = np.zeros(hops * HOP, np.float32)
    padded[before : before + len(sound)] = np.abs(sound)
    peak = padded.reshape(hops, HOP).max(axis=1).astype(np.float64)
    over = np.rint(20000.0 * np.log10(np.maximum(peak, 1e-6)) - 1000.0 * THRESHOLD_DB)
    level = np.clip(over, 0, 1000 * DEEPEST_DB).astype(np.int64)
    fall = np.arange(hops) * round(1000 * RECOVERY_DB_S * HOP / RATE_HZ)
    held = np.maximum(np.maximum.accumulate(level + fall) - fall, 0)
    total = np.cumsum(np.concatenate([np.zeros(ATTACK_HOPS, np.int64), held]))
    mean = (total[ATTACK_HOPS:] - total[:-ATTACK_HOPS]) / ATTACK_HOPS
    size = 10.0 ** ((1.0 / RATIO - 1.0) * mean / 20000.0)
    known = np.arange(hops) * HOP + 2 * HOP - 1 - before  # a hop counts when it is over
    return np.interp(np.arange(len(sound)), known, size).astype(np.float32)
