"""The air of a building and the machines that run in it, heard alike everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..places.sounds import Machine
from ..seed import rng_for
from .events import FAN_LAW, speed_and_lost
from .noise import RATE_HZ, decibels, drawn_out, looped, shaped_noise

LOOP_S = 11.0
MACHINE = 1.6
"""A machine of 0 dB against the air of the building."""


def building_air(seed: int, start: int, samples: int) -> NDArray[np.float32]:
    """(samples,) what is left when nothing runs: far-off noise that falls 5 dB an octave from 40 Hz on, of unit rms."""
    return looped(_falling(seed, "sound.room", 40.0, 5.0), start, samples)


def machine_sound(
    machine: Machine, seed: int, index: int, often: float, start: int, samples: int
) -> NDArray[np.float32]:
    """(samples,) a machine from a sample of the film's clock on. index: its place among its building's machines. often:
    how often it stops, against what it says."""
    border = np.float64(start / RATE_HZ) + FIELD_S * np.arange(int(samples / (FIELD_S * RATE_HZ)) + 2)
    speed, lost = speed_and_lost(machine, seed, index, often, border)
    t = np.linspace(0.0, 1.0, 257)
    turn = machine.tone * (np.sin(2 * np.pi * t) + 0.4 * np.sin(4 * np.pi * t + 1.0))
    time = (start + np.arange(samples)) / RATE_HZ
    time -= np.interp(time, border, lost)
    out = np.interp(machine.tone_hz * time % 1.0, t, turn).astype(np.float32)
    out += looped(_falling(seed, "sound.machine", machine.knee_hz, machine.fall_db, index), start, samples)
    return out * drawn_out(MACHINE * decibels(machine.level_db) * speed**FAN_LAW, samples)


def _falling(seed: int, stream: str, knee_hz: float, fall_db: float, *key: int) -> NDArray[np.float64]:
    """A loop of noise of unit rms that falls so many decibels an octave from a knee on, and faster below it."""
    slope = fall_db / (20.0 * np.log10(2.0))
    rng = rng_for(seed, stream, *key)
    return shaped_noise(rng, round(LOOP_S * RATE_HZ), lambda hz: (hz / knee_hz) ** -slope / (1.0 + (knee_hz / hz) ** 4))
