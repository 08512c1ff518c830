"""What the camera's microphone hears: the hum of the fixtures nearby, steps, breath, and the air of the building."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..places.sounds import CARPET, Sounds
from ..scene.sound import SoundSettings
from ..seed import rng_for
from .body import breathing, clothes, footsteps
from .hum import fixture_hum, spreading
from .noise import RATE_HZ, decibels, shaped_noise

__all__ = ["RATE_HZ", "Heard", "soundtrack"]

MIX = {"hum": 0.07, "steps": 0.35, "breath": 0.021, "clothes": 0.021, "room": 0.012}
"""Peak-to-full-scale shares of the default mix, set against steps at normal speech distance. As loud as a camcorder's
automatic level makes a quiet place: steps peak 9 dB under full scale, so that the tape's hiss lies under the hum."""
ROOM_LOOP_S = 11.0


@dataclass(frozen=True)
class Heard:
    """What there is to hear over N fields, on the film's clock.

    first_field: number of the first field. lamp_ident (L,) fixtures in reach at any time. lamp_distance (N + 1, L)
    metres and lamp_walls (N + 1, L) walls in between, at every field's border. lamp_output (N + 1, L) 0..1 with
    flicker. lamp_loudness (L,): 1 is a troffer's with a magnetic ballast. step_time_s, step_strength (S,) heel strikes
    from the first field on. breath (N + 1,) air flow, above 0 inward. motion (N + 1,) how briskly the operator moves,
    0..1.
    """

    first_field: int
    lamp_ident: NDArray[np.uint64]
    lamp_distance: NDArray[np.float64]
    lamp_walls: NDArray[np.float64]
    lamp_output: NDArray[np.float64]
    step_time_s: NDArray[np.float64]
    step_strength: NDArray[np.float64]
    breath: NDArray[np.float64]
    motion: NDArray[np.float64]
    lamp_loudness: NDArray[np.float64]


def soundtrack(
    heard: Heard, settings: SoundSettings, seed: int, sounds: Sounds = Sounds(CARPET)
) -> NDArray[np.float32]:
    """Mix what is heard: (samples,) float32 mono at 48 kHz in -1..1, as long as the fields last; before the tape."""
    fields = len(heard.breath) - 1
    samples = round(fields * FIELD_S * RATE_HZ)
    start = round(heard.first_field * FIELD_S * RATE_HZ)
    out = np.zeros(samples, np.float32)
    near = np.flatnonzero((heard.lamp_distance < settings.reach_m).any(axis=0) & (heard.lamp_loudness > 0.0))
    for lamp in near:
        _add_fixture(out, heard, int(lamp), settings, seed, start)
    steps = footsteps(seed, samples, heard.step_time_s, heard.step_strength, sounds.footing)
    body = MIX["breath"] * breathing(seed, samples, heard.breath)
    body += MIX["clothes"] * clothes(seed, samples, heard.motion)
    out += MIX["steps"] * decibels(settings.steps_db) * steps
    out += decibels(settings.breath_db) * body
    out += MIX["room"] * decibels(settings.room_db + sounds.room_db) * _room_tone(seed, start, samples)
    return np.tanh(out)


def _add_fixture(
    out: NDArray[np.float32], heard: Heard, lamp: int, settings: SoundSettings, seed: int, start: int
) -> None:
    """Add one fixture where it is in reach; it fades over the last fifth of the reach."""
    distance = heard.lamp_distance[:, lamp]
    fade = np.clip((settings.reach_m - distance) / (0.2 * settings.reach_m), 0.0, 1.0)
    level = spreading(distance, heard.lamp_walls[:, lamp]) * fade * heard.lamp_output[:, lamp]
    loud = np.flatnonzero(level > 0.0)
    if not len(loud):
        return
    a, b = max(loud[0] - 1, 0), min(loud[-1] + 1, len(level) - 1)
    first = round(a * FIELD_S * RATE_HZ)
    hum = fixture_hum(seed, int(heard.lamp_ident[lamp]), level[a : b + 1], settings.mains_hz, start + first)
    hum = hum[: len(out) - first]
    out[first : first + len(hum)] += MIX["hum"] * decibels(settings.hum_db) * heard.lamp_loudness[lamp] * hum


def _room_tone(seed: int, start: int, samples: int) -> NDArray[np.float32]:
    """(samples,) far-off ventilation: noise that falls 5 dB an octave from 40 Hz on."""
    rng = rng_for(seed, "sound.room")
    loop = shaped_noise(rng, round(ROOM_LOOP_S * RATE_HZ), lambda hz: (hz / 40.0) ** -0.83 / (1.0 + (40.0 / hz) ** 4))
    return loop[(start + np.arange(samples)) % len(loop)].astype(np.float32)
