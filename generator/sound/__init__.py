"""What the camera's microphone hears: the hum of the fixtures nearby, steps, breath, and the air of the building."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from ..camera.shot import FIELD_S
from ..places.sounds import CARPET, Sounds
from ..scene.sound import SoundSettings
from .body import add_at, breathing, clothes, footsteps
from .events import restrikes, strike, thud, thuds
from .hall import Hall
from .hum import add_fixture, buzz_noise, spreading
from .machines import building_air, machine_sound
from .noise import RATE_HZ, decibels
from .recorder import drum_and_motor, knock, knocks, level_controlled, zoom_motor
from .room import Bank, Room, behind_walls, from_afar, from_the_floor, height_over_floor, struck_room

__all__ = ["RATE_HZ", "Heard", "soundtrack"]

MIX = {
    "hum": 0.07,
    "steps": 1.2,
    "breath": 0.021,
    "clothes": 0.021,
    "room": 0.012,
    "camera": 0.004,
    "zoom": 0.012,
    "knock": 0.6,
    "thud": 16.0,
    "strike": 0.12,
}
"""Peak-to-full-scale shares of the default mix, set against steps at normal speech distance. As loud as a camcorder's
automatic level makes a quiet place: steps peak 9 dB under full scale, so that the tape's hiss lies under the hum."""
STRIKE_HEARD = 0.004
"""Strikes fainter than this are left out."""


@dataclass(frozen=True)
class Heard:
    """What there is to hear over N fields, on the film's clock.

    first_field: number of the first field. lamp_ident (L,) fixtures in reach at any time. lamp_distance (N + 1, L)
    metres and lamp_walls (N + 1, L) walls in between, at every field's border. lamp_output (N + 1, L) 0..1 with
    flicker. lamp_loudness (L,): 1 is a troffer's with a magnetic ballast. step_time_s, step_strength (S,) heel strikes
    from the first field on. breath (N + 1,) air flow, above 0 inward. motion (N + 1,) how briskly the operator moves,
    0..1. zoom (N + 1,): times that the lens is longer than at its widest. hall, ear (N + 1, 3): what stands about the
    microphone, and where in it the microphone is; without them steps sound as in the open.
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
    zoom: NDArray[np.float64] | None = None
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
    """Make what comes to the microphone, by its source, (samples,) each: hum, steps, body, air, far events, camera."""
    samples = round((len(heard.breath) - 1) * FIELD_S * RATE_HZ)
    start, room = _start(heard), _room(heard, settings, sounds)
    hum, buzz = np.zeros(samples, np.float32), buzz_noise(seed)
    for lamp in np.flatnonzero((heard.lamp_distance < settings.reach_m).any(axis=0) & (heard.lamp_loudness > 0.0)):
        level = (
            MIX["hum"] * decibels(settings.hum_db) * heard.lamp_loudness[lamp] * _fixture_level(heard, lamp, settings)
        )
        add_fixture(hum, seed, int(heard.lamp_ident[lamp]), level, settings.mains_hz, start, buzz)
    respond = (lambda when: None) if room is None else (lambda when: from_the_floor(room, when))
    steps = footsteps(seed, samples, heard.step_time_s, heard.step_strength, sounds.footing, respond)
    body = MIX["breath"] * breathing(seed, start, samples, heard.breath)
    body += MIX["clothes"] * clothes(seed, start, samples, heard.motion, heard.step_time_s)
    air = building_air(seed, start, samples)
    for k, machine in enumerate(sounds.machines):
        air += machine_sound(machine, seed, k, settings.events, start, samples)
    far = np.zeros(samples, np.float32)
    if room is not None:
        _add_thuds(far, room, heard, settings.events * sounds.thuds_per_hour, seed)
    _add_restrikes(far, room, heard, settings, seed)
    camera = np.float32(MIX["camera"]) * drum_and_motor(seed, start, samples)
    if heard.zoom is not None:
        camera += np.float32(MIX["zoom"]) * zoom_motor(seed, start, heard.zoom, samples)
    if room is not None:
        _add_knocks(camera, room, heard, seed)
    return {
        "hum": hum,
        "steps": np.float32(MIX["steps"] * decibels(settings.steps_db)) * steps,
        "body": np.float32(decibels(settings.breath_db)) * body,
        "air": np.float32(MIX["room"] * decibels(settings.room_db + sounds.room_db)) * air,
        "far": far,
        "camera": np.float32(decibels(settings.camera_db)) * camera,
    }


def _start(heard: Heard) -> int:
    """Number of the first sample on the film's clock."""
    return round(heard.first_field * FIELD_S * RATE_HZ)


def _room(heard: Heard, settings: SoundSettings, sounds: Sounds) -> Room | None:
    if heard.hall is None or heard.ear is None:
        return None
    return Room(heard.hall, heard.ear, Bank(0), decibels(settings.reverb_db), np.array(sounds.partition_db))


def _add_thuds(far: NDArray[np.float32], room: Room, heard: Heard, per_hour: float, seed: int) -> None:
    """Add the thuds of these fields, each from its place behind a wall of the plan."""
    start = heard.first_field * FIELD_S
    for event in thuds(seed, per_hour, start, start + (len(heard.breath) - 1) * FIELD_S):
        after = event.time_s - start
        place = behind_walls(room, after, event.distance_m, event.bearing)
        if place is not None:
            sound = fftconvolve(MIX["thud"] * thud(seed, event.slot), from_afar(room, after, place))
            add_at(far, sound, round(after * RATE_HZ))


def _add_knocks(camera: NDArray[np.float32], room: Room, heard: Heard, seed: int) -> None:
    """Add the knocks of a camera that is dropped."""
    for border, speed in knocks(height_over_floor(room)):
        sound = MIX["knock"] * speed * knock(seed, heard.first_field + border)
        add_at(camera, sound, round(border * FIELD_S * RATE_HZ))


def _add_restrikes(
    far: NDArray[np.float32], room: Room | None, heard: Heard, settings: SoundSettings, seed: int
) -> None:
    """Add the strikes of lamps that catch again, as loud as their hum would be near by."""
    loud = MIX["strike"] * decibels(settings.hum_db) * heard.lamp_loudness
    level = loud * spreading(heard.lamp_distance, heard.lamp_walls)
    for border, lamp in restrikes(heard.lamp_output):
        if heard.lamp_distance[border, lamp] > settings.reach_m or level[border, lamp] < STRIKE_HEARD:
            continue
        sound, when = level[border, lamp] * strike(seed, int(heard.lamp_ident[lamp])), border * FIELD_S
        if room is not None:
            sound = fftconvolve(sound, struck_room(room, when))
        add_at(far, sound, round(when * RATE_HZ))


def _fixture_level(heard: Heard, lamp: np.intp, settings: SoundSettings) -> NDArray[np.float64]:
    """(N + 1,) amplitude of a fixture where it is in reach; it fades over the last fifth of the reach."""
    distance = heard.lamp_distance[:, lamp]
    fade = np.clip((settings.reach_m - distance) / (0.2 * settings.reach_m), 0.0, 1.0)
    return spreading(distance, heard.lamp_walls[:, lamp]) * fade * heard.lamp_output[:, lamp]
