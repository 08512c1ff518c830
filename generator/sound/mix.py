"""What comes to the microphone, source by source, at the levels of the mix."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from ..camera.shot import FIELD_S
from ..places.sounds import Sounds
from ..scene.sound import SoundSettings
from .body import add_at, breathing, clothes, footsteps
from .events import drip, nearby, restrikes, strike, thud, thuds, tick
from .heard import Heard
from .hum import add_fixture, buzz_noise, spreading
from .impulse import tail_noise
from .machines import building_air, machine_sound
from .noise import RATE_HZ, decibels
from .recorder import drum_and_motor, knock, knocks, zoom_motor
from .room import Room, behind_walls, from_afar, from_the_floor, height_over_floor, struck_room

HUM, AIR, BREATH, CLOTHES = 0.07, 0.012, 0.05, 0.03
"""Levels against full scale: rms of a lamp overhead, of the air, of breath and cloth. As loud as a camcorder with its
whole gain makes a quiet place, so that the tape's hiss lies under the hum."""
STEP = 1.2
"""Peak of a step 1 m off. The level control brings it under full scale; so steps stand over the hum."""
STRIKE, THUD, KNOCK = 0.12, 5.0, 0.6
"""Peaks: of a lamp that catches, overhead; of a thud 1 m off; of the dropped camera at 1 m/s."""
DRIP, TICK = 0.16, 0.12
"""Peaks of a drop that falls and of a pipe that ticks, 1 m off."""
DRUM, ZOOM = 0.004, 0.012
FAINTEST = 0.004
"""Strikes fainter than this are left out."""


def parts(heard: Heard, settings: SoundSettings, seed: int, sounds: Sounds) -> dict[str, NDArray[np.float32]]:
    """Make what comes to the microphone, by its source, (samples,) each: hum, steps, body, air, far events, camera."""
    room = _room(heard, settings, sounds)
    return {
        "hum": _hum(heard, settings, seed),
        "steps": _steps(heard, room, settings, seed, sounds),
        "body": _body(heard, settings, seed),
        "air": _air(heard, settings, seed, sounds),
        "far": _far(heard, room, settings, seed, sounds),
        "camera": _camera(heard, room, settings, seed),
    }


def _room(heard: Heard, settings: SoundSettings, sounds: Sounds) -> Room | None:
    if heard.hall is None or heard.ear is None:
        return None
    gain, partition = decibels(settings.reverb_db), np.array(sounds.partition_db)
    return Room(heard.hall, heard.ear, tail_noise(0), gain, partition, sounds.reach_m)


def _hum(heard: Heard, settings: SoundSettings, seed: int) -> NDArray[np.float32]:
    """The fixtures where they are in reach; each fades over the last fifth of the reach."""
    out, buzz, loud = np.zeros(heard.samples, np.float32), buzz_noise(seed), HUM * decibels(settings.hum_db)
    fade = np.clip((settings.reach_m - heard.lamp_distance) / (0.2 * settings.reach_m), 0.0, 1.0)
    level = loud * heard.lamp_loudness * fade * heard.lamp_output * spreading(heard.lamp_distance, heard.lamp_walls)
    for ident, lamp in zip(heard.lamp_ident, level.T, strict=True):
        if lamp.any():
            add_fixture(out, seed, int(ident), lamp, settings.mains_hz, heard.start, buzz)
    return out


def _steps(heard: Heard, room: Room | None, settings: SoundSettings, seed: int, sounds: Sounds) -> NDArray[np.float32]:
    respond = None if room is None else partial(from_the_floor, room)
    when, force, wet = heard.step_time_s, heard.step_strength, heard.step_wet
    steps = footsteps(seed, heard.samples, when, force, sounds.footing, respond, wet)
    return np.float32(STEP * decibels(settings.steps_db)) * steps


def _body(heard: Heard, settings: SoundSettings, seed: int) -> NDArray[np.float32]:
    out = np.float32(BREATH) * breathing(seed, heard.start, heard.samples, heard.breath)
    out += np.float32(CLOTHES) * clothes(seed, heard.start, heard.samples, heard.motion, heard.step_time_s)
    return np.float32(decibels(settings.breath_db)) * out


def _air(heard: Heard, settings: SoundSettings, seed: int, sounds: Sounds) -> NDArray[np.float32]:
    out = building_air(seed, heard.start, heard.samples)
    for k, machine in enumerate(sounds.machines):
        out += machine_sound(machine, seed, k, settings.events, heard.start, heard.samples)
    return np.float32(AIR * decibels(settings.room_db + sounds.room_db)) * out


def _far(heard: Heard, room: Room | None, settings: SoundSettings, seed: int, sounds: Sounds) -> NDArray[np.float32]:
    out = np.zeros(heard.samples, np.float32)
    if room is not None:
        _add_thuds(out, room, heard, settings.events * sounds.thuds_per_hour, seed)
        _add_near(out, room, heard, sounds, settings.events, seed)
    _add_restrikes(out, room, heard, settings, seed)
    return out


def _camera(heard: Heard, room: Room | None, settings: SoundSettings, seed: int) -> NDArray[np.float32]:
    out = np.float32(DRUM) * drum_and_motor(seed, heard.start, heard.samples)
    if heard.zoom is not None:
        out += np.float32(ZOOM) * zoom_motor(seed, heard.start, heard.zoom, heard.samples)
    for border, speed in knocks(height_over_floor(room)) if room is not None else ():
        add_at(out, KNOCK * speed * knock(seed, heard.first_field + border), round(border * FIELD_S * RATE_HZ))
    return np.float32(decibels(settings.camera_db)) * out


def _add_thuds(far: NDArray[np.float32], room: Room, heard: Heard, per_hour: float, seed: int) -> None:
    """Add the thuds of these fields, each from its place behind a wall of the plan."""
    start = heard.first_field * FIELD_S
    for event in thuds(seed, per_hour, start, start + (len(heard.breath) - 1) * FIELD_S):
        after = event.time_s - start
        place = behind_walls(room, after, event.distance_m, event.bearing)
        if place is not None:
            sound = fftconvolve(THUD * thud(seed, event.slot), from_afar(room, after, place))
            add_at(far, sound, round(after * RATE_HZ))


def _add_near(far: NDArray[np.float32], room: Room, heard: Heard, sounds: Sounds, often: float, seed: int) -> None:
    """Add the drops and ticks of these fields, with what the room about the ear makes of them."""
    start = heard.first_field * FIELD_S
    stop = start + (len(heard.breath) - 1) * FIELD_S
    for kind, rate, loud, wave in (
        ("drip", sounds.drips_per_minute, DRIP, drip), ("tick", sounds.ticks_per_minute, TICK, tick),
    ):  # fmt: skip
        for event in nearby(seed, kind, often * rate, start, stop) if rate > 0.0 else ():
            after = event.time_s - start
            sound = fftconvolve(loud / event.distance_m * wave(seed, event.slot), struck_room(room, after))
            add_at(far, sound, round(after * RATE_HZ))


def _add_restrikes(
    far: NDArray[np.float32], room: Room | None, heard: Heard, settings: SoundSettings, seed: int
) -> None:
    """Add the strikes of lamps that catch again, as loud as their hum would be near by."""
    loud = STRIKE * decibels(settings.hum_db) * heard.lamp_loudness
    level = loud * spreading(heard.lamp_distance, heard.lamp_walls)
    for border, lamp in restrikes(heard.lamp_output):
        if heard.lamp_distance[border, lamp] > settings.reach_m or level[border, lamp] < FAINTEST:
            continue
        sound, when = level[border, lamp] * strike(seed, int(heard.lamp_ident[lamp])), border * FIELD_S
        if room is not None:
            sound = fftconvolve(sound, struck_room(room, when))
        add_at(far, sound, round(when * RATE_HZ))
