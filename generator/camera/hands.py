"""Hands that hold a camera of a kilogram before the eye: what they add to the body's pose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..seed import rng_for
from .shot import FIELD_S

RISE_M = 0.030
"""Rise and fall of a camera held at the eye, at 1.2 m/s: 45 mm of the body, a third taken up by arms and neck."""
SWAY_M = 0.014
TREMOR_HZ = 8.0
"""Physiological tremor of arms that hold a load: a broad peak from 6 to 11 Hz.
Source: Elble and Koller, Tremor, 1990."""
PITCH, YAW, ROLL = (float(np.radians(angle)) for angle in (0.75, 1.3, 1.15))
"""Half of the swing from peak to peak at 1.2 m/s. The camera pitches with every step, yaws and rolls with every second:
the frequency of the head's pitch is twice that of its yaw, and its greatest speed stays under 90°/s.
Source: Grossman et al., "Frequency and velocity of rotational head perturbations during locomotion", Experimental Brain
Research 70, 1988."""
LOOSE_HZ, SWING, STANDING_M = (0.45, 0.35), float(np.radians(0.28)), 0.005
"""Slow swinging of arms that hold a load and of a body that stands: peak and breadth in hertz, radians, metres rms."""
PAST_EVERY_S, PAST_S, PAST = 11.0, (1.2, 3.0), float(np.radians(3.2))
"""How often, for how long, and by how much the aim drifts while the operator looks past the viewfinder."""


@dataclass(frozen=True)
class Gait:
    """phase (N,): steps taken, whole at every heel strike; size (N,): of the steps, 1 = walking; strike (N,): the jolt
    of the heels; time_s, strength (S,): of every heel strike."""

    phase: NDArray[np.float64]
    size: NDArray[np.float64]
    strike: NDArray[np.float64]
    time_s: NDArray[np.float64]
    strength: NDArray[np.float64]


@dataclass(frozen=True)
class Held:
    """What hands add in every field (N,): side metres to the right, rise metres, yaw, pitch and roll radians."""

    side: NDArray[np.float64]
    rise: NDArray[np.float64]
    yaw: NDArray[np.float64]
    pitch: NDArray[np.float64]
    roll: NDArray[np.float64]

    def offset(self, yaw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give what hands add to the place (N, 3) of a body that faces ``yaw`` (N,), metres."""
        return np.column_stack([self.side * np.sin(yaw), self.side * -np.cos(yaw), self.rise])


def held(
    gait: Gait,
    depth: NDArray[np.float64],
    calm: NDArray[np.float64],
    rest: NDArray[np.float64],
    seed: int,
    shake: float,
) -> Held:
    """The hands. shake: 0 a tripod, 0.5 at ease, 1 panic. depth (N,): how full the chest is, -1..1. calm (N,): 0 where
    the camera is out of the hands. rest (N,): 1 where the operator stands still to look."""
    fields, much = len(depth), 2.0 * shake
    swing, unsteady = gait.size * much, much * calm * (1.0 - 0.35 * rest)
    aim = [np.radians(0.9) * unsteady * corrections(seed, k, fields, 0.55) for k in range(3)]
    tremor = [np.radians(0.03) * unsteady * noise(seed, "camera.tremor", k, fields) for k in range(3)]
    loose = [SWING * much * calm * noise(seed, "camera.loose", k, fields, *LOOSE_HZ) for k in range(4)]
    past = [PAST * unsteady * (1.0 - rest) * _past(seed, k, fields) for k in range(2)]
    free = [share * aim[k] + loose[k] + tremor[k] for k, share in enumerate((1.0, 0.7, 0.5))]
    step, stride = 2 * np.pi * gait.phase, np.pi * gait.phase
    strike, chest = gait.strike * swing, depth * calm * min(much, 1.0)
    return Held(
        side=SWAY_M * swing * np.sin(stride) + STANDING_M / SWING * loose[3],
        rise=-0.5 * RISE_M * swing * (np.cos(step) + 0.18 * np.cos(2 * step + 0.6)) + 0.004 * chest,
        yaw=free[0] + past[0] + YAW * swing * (np.sin(stride + 0.7) + 0.16 * np.sin(step + 1.9)),
        pitch=free[1] + past[1] + PITCH * swing * (np.sin(step) + 0.14 * np.sin(2 * step + 0.4))
        - np.radians(0.45) * strike + np.radians(0.12) * chest,
        roll=free[2] + ROLL * swing * (np.sin(stride) + 0.14 * np.sin(step + 0.3)),
    )  # fmt: skip


def held_before(gait: Gait, depth: NDArray[np.float64], calm: NDArray[np.float64], seed: int, nerves: float) -> Held:
    """The hands as versions before 0.2 had them. nerves: 0 steady, 1 panic."""
    fields = len(depth)
    swing, unsteady = gait.size * (0.6 + 0.8 * nerves), (0.35 + 1.9 * nerves) * calm
    aim = [np.radians(1.0) * unsteady * corrections(seed, k, fields, 0.55) for k in range(3)]
    tremor = [np.radians(0.03) * unsteady * noise(seed, "camera.tremor", k, fields) for k in range(3)]
    beat, half, strike = np.cos(2 * np.pi * gait.phase), np.sin(np.pi * gait.phase), gait.strike * swing
    return Held(
        side=SWAY_M * swing * half,
        rise=-0.5 * RISE_M * swing * (beat + 0.18 * np.cos(4 * np.pi * gait.phase + 0.6)) + 0.004 * depth * calm,
        yaw=aim[0] + tremor[0] + np.radians(0.35) * swing * np.sin(np.pi * gait.phase + 0.7),
        pitch=0.7 * aim[1] + tremor[1] + np.radians(0.22) * swing * np.sin(2 * np.pi * gait.phase)
        - np.radians(0.5) * strike + np.radians(0.12) * depth * calm,
        roll=0.5 * aim[2] + tremor[2] + np.radians(0.40) * swing * half,
    )  # fmt: skip


def corrections(seed: int, axis: int, fields: int, every_s: float) -> NDArray[np.float64]:
    """(N,) an aim that drifts off and is brought back in small movements of least jerk; unit rms or so.

    Source: Flash and Hogan, "The coordination of arm movements", Journal of Neuroscience 5, 1985.
    """
    rng = rng_for(seed, "camera.aim", axis)
    out = np.zeros(fields)
    start, here = 0.0, 0.0
    while start < fields * FIELD_S:
        u = rng.uniform(size=2)
        wait, length = every_s * (0.4 - 1.2 * np.log(1.0 - u[0])), 0.35 + 0.6 * u[1]
        goal = 0.35 * here + 0.8 * rng.normal()
        a, b = round(start / FIELD_S), round((start + wait + length) / FIELD_S)
        t = (np.arange(a, min(b, fields)) * FIELD_S - start - wait) / length
        s = np.clip(t, 0.0, 1.0)
        out[a : a + len(t)] = here + (goal - here) * s**3 * (10.0 - 15.0 * s + 6.0 * s * s)
        start, here = start + wait + length, goal
    return out


def noise(
    seed: int, stream: str, axis: int, fields: int, hz: float = TREMOR_HZ, broad_hz: float = 2.0
) -> NDArray[np.float64]:
    """(N,) noise of unit rms with a broad peak about a frequency: white noise through a damped resonance."""
    from scipy.signal import lfilter

    turn, damp = 2 * np.pi * hz * FIELD_S, np.exp(-2 * np.pi * broad_hz * FIELD_S)
    white = np.sqrt(12.0) * (rng_for(seed, stream, axis).uniform(size=fields) - 0.5)
    poles = [1.0, -2.0 * damp * np.cos(turn), damp * damp]
    gain = np.sqrt((1 - poles[2]) * ((1 + poles[2]) ** 2 - poles[1] ** 2) / (1 + poles[2]))
    return lfilter([gain], poles, white)


def _past(seed: int, axis: int, fields: int) -> NDArray[np.float64]:
    """(N,) an aim that now and then creeps off, unwatched, and is brought back at once; at most 1 either way."""
    when, where = rng_for(seed, "camera.past"), rng_for(seed, "camera.past", axis)
    out, start = np.zeros(fields), 0.0
    while True:
        u = when.uniform(size=2)
        start += PAST_EVERY_S * (0.4 - np.log(1.0 - 0.95 * u[0]))
        if start >= fields * FIELD_S:
            return out
        length = PAST_S[0] + (PAST_S[1] - PAST_S[0]) * u[1]
        first, last = int(start / FIELD_S), min(int((start + length + 0.4) / FIELD_S) + 2, fields)
        time = np.arange(first, last) * FIELD_S
        off, home = np.clip((time - start) / length, 0.0, 1.0), np.clip((time - start - length) / 0.4, 0.0, 1.0)
        kept = 1.0 - home**3 * (10.0 - 15.0 * home + 6.0 * home**2)
        out[first:last] += where.uniform(-1.0, 1.0) * off * off * (3.0 - 2.0 * off) * kept
        start += length + 0.4
