"""The operator: a body that walks a route in time, and hands that hold a camera of a kilogram.

Everything runs forward in time, so that the first seconds of a shot do not know how long it lasts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..seed import rng_for
from .operator_body import walk_route
from .path import Around, Route
from .script import Script
from .shot import FIELD_S

STEP_HZ = (1.35, 0.50)
"""Steps a second = first + second times the speed in m/s: 117 a minute at 1.2 m/s, 170 at 3 m/s.
Source: Bohannon and Andrews, Physiotherapy 97, 2011."""
RISE_M = 0.030
"""Rise and fall of a camera held at the eye, at 1.2 m/s: 45 mm of the body, a third taken up by arms and neck."""
SWAY_M = 0.014
BREATH_HZ = (0.24, 0.42)
"""Breaths a second at rest and after running."""
TREMOR_HZ = 8.0
"""Physiological tremor of arms that hold a load: a broad peak from 6 to 11 Hz.
Source: Elble and Koller, Tremor, 1990."""


@dataclass(frozen=True)
class Performance:
    """What an operator did over N fields; entry k belongs to the middle of field k.

    origin: chunk that positions are relative to. position (N, 3) metres; yaw, pitch, roll (N,) radians. step_time_s,
    step_strength (S,): heel strikes, 1 = walking. breath (N,): air flow, above 0 inward. motion (N,): briskness, 0..1.
    """

    origin: tuple[int, int]
    position: NDArray[np.float64]
    yaw: NDArray[np.float64]
    pitch: NDArray[np.float64]
    roll: NDArray[np.float64]
    step_time_s: NDArray[np.float64]
    step_strength: NDArray[np.float64]
    breath: NDArray[np.float64]
    motion: NDArray[np.float64]


def perform(
    route: Route, script: Script, fields: int, seed: int, shake: float, yaw: float, where: Around | None = None
) -> Performance:
    """The operator's shot of so many fields. shake: 0 the steadiest, 1 panic. yaw: where the camera points first."""
    body = walk_route(route, script, fields, seed, yaw, where)
    calm = 1.0 - body.fallen
    gait = _gait(body.speed * calm, seed)
    swing = gait.size * (0.6 + 0.8 * shake)
    breath, depth = _breath(body.effort, seed)
    unsteady = (0.35 + 1.9 * shake) * calm
    aim = [np.radians(1.0) * unsteady * _corrections(seed, k, fields, 0.55) for k in range(3)]
    tremor = [np.radians(0.03) * unsteady * _tremor(seed, k, fields) for k in range(3)]
    beat, half, strike = np.cos(2 * np.pi * gait.phase), np.sin(np.pi * gait.phase), gait.strike * swing
    side = SWAY_M * swing * half
    across = np.stack([np.sin(body.yaw), -np.cos(body.yaw)], axis=1)
    position = np.empty((fields, 3))
    position[:, :2] = body.xy + side[:, None] * across
    position[:, 2] = body.height - 0.5 * RISE_M * swing * (beat + 0.18 * np.cos(4 * np.pi * gait.phase + 0.6))
    position[:, 2] += 0.004 * depth * calm
    return Performance(
        origin=route.origin,
        position=position,
        yaw=body.yaw + aim[0] + tremor[0] + np.radians(0.35) * swing * np.sin(np.pi * gait.phase + 0.7),
        pitch=body.pitch + 0.7 * aim[1] + tremor[1] + np.radians(0.22) * swing * np.sin(2 * np.pi * gait.phase)
        - np.radians(0.5) * strike + np.radians(0.12) * depth * calm,
        roll=body.roll + 0.5 * aim[2] + tremor[2] + np.radians(0.40) * swing * half,
        step_time_s=gait.time_s,
        step_strength=gait.strength,
        breath=breath,
        motion=np.clip(body.speed / 3.0 + 0.4 * np.abs(body.turning), 0.0, 1.0) * calm,
    )  # fmt: skip


@dataclass(frozen=True)
class Gait:
    """phase (N,): steps taken, whole at every heel strike; size (N,): of the steps, 1 = walking; strike (N,): the jolt
    of the heels; time_s, strength (S,): of every heel strike."""

    phase: NDArray[np.float64]
    size: NDArray[np.float64]
    strike: NDArray[np.float64]
    time_s: NDArray[np.float64]
    strength: NDArray[np.float64]


def _gait(speed: NDArray[np.float64], seed: int) -> Gait:
    """Steps of their own length and weight each, for a speed (N,) in m/s at every field."""
    rng = rng_for(seed, "camera.gait")
    phase, size = np.empty(len(speed)), np.empty(len(speed))
    time, strength = [], []
    at, pace, weight, wide, now = 0.4, 1.0, 1.0, 1.0, 0.0
    for n, v in enumerate(speed):
        rate = (STEP_HZ[0] + STEP_HZ[1] * v) * pace if v > 0.12 else 0.0
        step = rate * FIELD_S
        if int(at + step) > int(at):
            part = (int(at) + 1 - at) / step
            time.append((n + part) * FIELD_S)
            strength.append((0.45 + 0.45 * v) * weight)
            u = rng.normal(3)
            pace, weight, wide = 1.0 + 0.03 * u[0], float(np.exp(0.12 * u[1])), float(np.exp(0.10 * u[2]))
        at += step
        now += (min((v / 1.2) ** 0.8, 1.9) * wide - now) * FIELD_S / 0.16
        phase[n], size[n] = at, now
    times, weights = np.array(time), np.array(strength)
    return Gait(phase, size, _ringing(times, weights, len(speed)), times, weights)


def _ringing(time_s: NDArray[np.float64], strength: NDArray[np.float64], fields: int) -> NDArray[np.float64]:
    """(N,) how arms and camera swing after every jolt: 5 Hz, gone after a third of a second."""
    t = np.arange(round(0.4 / FIELD_S)) * FIELD_S
    out = np.zeros(fields + len(t))
    for when, force in zip(time_s, strength, strict=True):
        first = int(np.ceil(when / FIELD_S - 0.5))
        late = t + (first + 0.5) * FIELD_S - when
        out[first : first + len(t)] += force * np.exp(-late / 0.09) * np.sin(2 * np.pi * 5.0 * late)
    return out[:fields]


def _breath(effort: NDArray[np.float64], seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Air flow (N,) and the chest's height (N,), -1..1, of breaths that come faster and deeper after effort (N,)."""
    rng = rng_for(seed, "camera.breath")
    flow, chest = np.empty(len(effort)), np.empty(len(effort))
    at, length, deep, puff = 0.3, 1.0, 1.0, 0.0
    for n, e in enumerate(effort):
        puff += (e - puff) * FIELD_S / (3.0 if e > puff else 14.0)
        at += (BREATH_HZ[0] + (BREATH_HZ[1] - BREATH_HZ[0]) * puff) * length * FIELD_S
        if at >= 1.0:
            at -= 1.0
            u = rng.normal(2)
            length, deep = float(np.exp(0.08 * u[0])), float(np.exp(0.15 * u[1]))
        inward = at < 0.4
        share = at / 0.4 if inward else (at - 0.4) / 0.6
        size = deep * (0.45 + 0.9 * puff)
        flow[n] = size * (np.sin(np.pi * share) if inward else -0.8 * np.sin(np.pi * min(share * 1.3, 1.0)))
        chest[n] = size * (-np.cos(np.pi * share) if inward else np.cos(np.pi * min(share * 1.3, 1.0)))
    return flow, chest


def _corrections(seed: int, axis: int, fields: int, every_s: float) -> NDArray[np.float64]:
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


def _tremor(seed: int, axis: int, fields: int) -> NDArray[np.float64]:
    """(N,) noise of unit rms with a broad peak about TREMOR_HZ: white noise through a damped resonance."""
    from scipy.signal import lfilter

    turn, damp = 2 * np.pi * TREMOR_HZ * FIELD_S, np.exp(-2 * np.pi * 2.0 * FIELD_S)
    white = np.sqrt(12.0) * (rng_for(seed, "camera.tremor", axis).uniform(size=fields) - 0.5)
    poles = [1.0, -2.0 * damp * np.cos(turn), damp * damp]
    gain = np.sqrt((1 - poles[2]) * ((1 + poles[2]) ** 2 - poles[1] ** 2) / (1 + poles[2]))
    return lfilter([gain], poles, white)
