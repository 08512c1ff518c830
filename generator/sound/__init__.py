"""What the camera's microphone hears: the hum of the fixtures nearby, steps, breath, and the air of the building."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..places.sounds import CARPET, Sounds
from ..scene.sound import SoundSettings
from ..seed import rng_for
from .body import breathing, clothes, footsteps
from .hall import Hall
from .hum import add_fixture, buzz_noise, spreading
from .noise import RATE_HZ, decibels, shaped_noise
from .recorder import drum_and_motor, level_controlled
from .room import Bank, Room, from_the_floor

__all__ = ["RATE_HZ", "Heard", "soundtrack"]

MIX = {"hum": 0.07, "steps": 1.2, "breath": 0.021, "clothes": 0.021, "room": 0.012, "camera": 0.004}
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
    0..1. hall, ear (N + 1, 3): what stands about the microphone, and where in it the microphone is; without them steps
    sound as in the open.
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
    hall: Hall | None = None
    ear: NDArray[np.float64] | None = None


def soundtrack(
    heard: Heard, settings: SoundSettings, seed: int, sounds: Sounds = Sounds(CARPET)
) -> NDArray[np.float32]:
    """Record what is heard: (samples,) float32 mono at 48 kHz in -1..1, as long as the fields last; before the tape."""
    out = np.stack(list(parts(heard, settings, seed, sounds).values())).sum(axis=0)
    if settings.level_control:
        out = level_controlled(out, _start(heard))
    return np.tanh(out)


def parts(heard: Heard, settings: SoundSettings, seed: int, sounds: Sounds) -> dict[str, NDArray[np.float32]]:
    """Make what comes to the microphone, by its source, (samples,) each: hum, steps, body, air, camera."""
    samples = round((len(heard.breath) - 1) * FIELD_S * RATE_HZ)
    start = _start(heard)
    hum, buzz = np.zeros(samples, np.float32), buzz_noise(seed)
    for lamp in np.flatnonzero((heard.lamp_distance < settings.reach_m).any(axis=0) & (heard.lamp_loudness > 0.0)):
        level = (
            MIX["hum"] * decibels(settings.hum_db) * heard.lamp_loudness[lamp] * _fixture_level(heard, lamp, settings)
        )
        add_fixture(hum, seed, int(heard.lamp_ident[lamp]), level, settings.mains_hz, start, buzz)
    steps = footsteps(
        seed, samples, heard.step_time_s, heard.step_strength, sounds.footing, _responses(heard, settings)
    )
    body = MIX["breath"] * breathing(seed, start, samples, heard.breath)
    body += MIX["clothes"] * clothes(seed, start, samples, heard.motion, heard.step_time_s)
    return {
        "hum": hum,
        "steps": np.float32(MIX["steps"] * decibels(settings.steps_db)) * steps,
        "body": np.float32(decibels(settings.breath_db)) * body,
        "air": np.float32(MIX["room"] * decibels(settings.room_db + sounds.room_db)) * _room_tone(seed, start, samples),
        "camera": np.float32(MIX["camera"] * decibels(settings.camera_db)) * drum_and_motor(seed, start, samples),
    }


def _start(heard: Heard) -> int:
    """Number of the first sample on the film's clock."""
    return round(heard.first_field * FIELD_S * RATE_HZ)


def _responses(heard: Heard, settings: SoundSettings) -> Callable[[float], NDArray[np.float64] | None]:
    """The impulse responses of where the microphone goes, from the floor under it."""
    if heard.hall is None or heard.ear is None:
        return lambda time_s: None
    room = Room(heard.hall, heard.ear, Bank(0), decibels(settings.reverb_db))
    return lambda time_s: from_the_floor(room, time_s)


def _fixture_level(heard: Heard, lamp: np.intp, settings: SoundSettings) -> NDArray[np.float64]:
    """(N + 1,) amplitude of a fixture where it is in reach; it fades over the last fifth of the reach."""
    distance = heard.lamp_distance[:, lamp]
    fade = np.clip((settings.reach_m - distance) / (0.2 * settings.reach_m), 0.0, 1.0)
    return spreading(distance, heard.lamp_walls[:, lamp]) * fade * heard.lamp_output[:, lamp]


def _room_tone(seed: int, start: int, samples: int) -> NDArray[np.float32]:
    """(samples,) far-off ventilation: noise that falls 5 dB an octave from 40 Hz on."""
    rng = rng_for(seed, "sound.room")
    loop = shaped_noise(rng, round(ROOM_LOOP_S * RATE_HZ), lambda hz: (hz / 40.0) ** -0.83 / (1.0 + (40.0 / hz) ** 4))
    return loop[(start + np.arange(samples)) % len(loop)].astype(np.float32)
