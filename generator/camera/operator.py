"""The operator: a body that walks a route in time, and hands that hold a camera of a kilogram.

Everything runs forward in time, so that the first seconds of a shot do not know how long it lasts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..seed import rng_for
from .attention import Attention
from .hands import Gait, held, held_before
from .operator_body import walk_route
from .path import Around, Route
from .reactions import Reaction
from .script import Script
from .shot import FIELD_S

STEP_HZ = (1.35, 0.50)
"""Steps a second = first + second times the speed in m/s: 117 a minute at 1.2 m/s, 170 at 3 m/s.
Source: Bohannon and Andrews, Physiotherapy 97, 2011."""
BREATH_HZ = (0.24, 0.42)
"""Breaths a second at rest and after running."""


@dataclass(frozen=True)
class Performance:
    """What an operator did over N fields; entry k belongs to the middle of field k.

    origin: chunk that positions are relative to. position (N, 3) metres; yaw, pitch, roll (N,) radians. step_time_s,
    step_strength (S,): heel strikes, 1 = walking. breath (N,): air flow, above 0 inward. motion (N,): briskness, 0..1.
    zoom (N,): times that the lens is longer than at its widest. reactions: what was looked at, in order.
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
    zoom: NDArray[np.float64]
    reactions: tuple[Reaction, ...]


def perform(
    route: Route, script: Script, fields: int, seed: int, shake: float, yaw: float, where: Around | None = None,
    attention: Attention | None = None, nerves: float | None = None,
) -> Performance:  # fmt: skip
    """The operator's shot of so many fields. yaw: where the camera points first.

    shake: 0 a tripod, 0.5 at ease, 1 panic. attention: what the operator notices; None: nothing. nerves: walk and hands
    of versions before 0.2, from 0 the steadiest to 1, in place of ``shake``.
    """
    body = walk_route(route, script, fields, seed, yaw, where, attention, old=nerves is not None)
    calm = 1.0 - body.fallen
    gait = _gait(body.speed * calm, seed)
    breath, depth = _breath(body.effort, body.held, seed)
    hands = (
        held(gait, depth, calm, body.held, seed, shake)
        if nerves is None
        else held_before(gait, depth, calm, seed, nerves)
    )
    return Performance(
        origin=route.origin,
        position=np.column_stack([body.xy, body.height]) + hands.offset(body.yaw),
        yaw=body.yaw + hands.yaw,
        pitch=body.pitch + hands.pitch,
        roll=body.roll + hands.roll,
        step_time_s=gait.time_s,
        step_strength=gait.strength,
        breath=breath,
        motion=np.clip(body.speed / 3.0 + 0.4 * np.abs(body.turning), 0.0, 1.0) * calm,
        zoom=body.zoom * _zoomed(script, fields),
        reactions=() if attention is None else tuple(attention.reactions),
    )


def _zoomed(script: Script, fields: int) -> NDArray[np.float64]:
    """(N,) times the lens's length that a shot asks for, eased from one of its times to the next."""
    if not script.zoom:
        return np.ones(fields)
    times, factors = np.array(script.zoom).T
    now = (np.arange(fields) + 0.5) * FIELD_S
    k = np.clip(np.searchsorted(times, now) - 1, 0, max(len(times) - 2, 0))
    after = np.minimum(k + 1, len(times) - 1)
    share = np.clip((now - times[k]) / np.maximum(times[after] - times[k], 1e-9), 0.0, 1.0)
    return factors[k] * (factors[after] / factors[k]) ** (share * share * (3.0 - 2.0 * share))


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


def _breath(
    effort: NDArray[np.float64], held: NDArray[np.float64], seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Air flow (N,) and the chest's height (N,), -1..1, of breaths that come faster and deeper after effort (N,),
    and wait where they are held (N,)."""
    rng = rng_for(seed, "camera.breath")
    flow, chest = np.empty(len(effort)), np.empty(len(effort))
    at, length, deep, puff = 0.3, 1.0, 1.0, 0.0
    for n, (e, waits) in enumerate(zip(effort, held, strict=True)):
        puff += (e - puff) * FIELD_S / (3.0 if e > puff else 14.0)
        at += (BREATH_HZ[0] + (BREATH_HZ[1] - BREATH_HZ[0]) * puff) * length * (1.0 - 0.95 * waits) * FIELD_S
        if at >= 1.0:
            at -= 1.0
            u = rng.normal(2)
            length, deep = float(np.exp(0.08 * u[0])), float(np.exp(0.15 * u[1]))
        inward = at < 0.4
        share = at / 0.4 if inward else (at - 0.4) / 0.6
        size = deep * (0.45 + 0.9 * puff)
        flow[n] = (
            size * (1.0 - waits) * (np.sin(np.pi * share) if inward else -0.8 * np.sin(np.pi * min(share * 1.3, 1.0)))
        )
        chest[n] = size * (-np.cos(np.pi * share) if inward else np.cos(np.pi * min(share * 1.3, 1.0)))
    return flow, chest
