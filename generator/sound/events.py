"""Events: a thud behind walls, a lamp that catches again, a machine that stops, drops and pipes that tick near by.

Each follows from seed and time alone, so any part of a film has those of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..places.sounds import Machine
from ..seed import rng_for
from .noise import RATE_HZ, band, of_unit_peak, shaped_noise

THUD_SLOT_S, STOP_SLOT_S = 10.0, 120.0
"""At most one thud, and one stop of a machine, falls into a slot of time."""
NEAR_SLOT_S, NEAR_M = 1.0, (2.5, 16.0)
"""At most one drop, and one tick, falls into a slot of time; how far off they are."""
THUD_M = (9.0, 26.0)
"""How far off a thud is, in plan."""
RUN_DOWN_S, RUN_UP_S = 4.0, 3.0
"""Time constants of a fan that is switched off and on."""
FAN_LAW = 2.5
"""A fan's sound pressure goes with this power of its speed: 50 log10 in power. Source: ASHRAE Handbook, HVAC
Applications, noise and vibration control."""
RESTRIKES_FROM, RESTRIKES_TO = 0.35, 0.55
"""A lamp's output goes from under the first to over the second, within two fields, when it catches."""


class Thud(NamedTuple):
    """A thud: its slot of time; when, seconds on the film's clock; which way and how far off, radians and metres."""

    slot: int
    time_s: float
    bearing: float
    distance_m: float


def thuds(seed: int, per_hour: float, start_s: float, stop_s: float) -> Iterator[Thud]:
    """Draw the thuds of a span of the film's clock."""
    for slot in range(int(start_s // THUD_SLOT_S), int(stop_s // THUD_SLOT_S) + 1):
        rng = rng_for(seed, "sound.thud", slot)
        happens, when = rng.uniform(size=2)
        time = (slot + when) * THUD_SLOT_S
        if happens < per_hour * THUD_SLOT_S / 3600.0 and start_s <= time < stop_s:
            bearing, far = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(*THUD_M)
            yield Thud(slot, time, bearing, far)


def thud(seed: int, slot: int) -> NDArray[np.float64]:
    """Something heavy that falls, or a door: low modes of a floor and a blow, of unit peak; at times twice."""
    rng = rng_for(seed, "sound.thud.wave", slot)
    t = np.arange(round(0.9 * RATE_HZ)) / RATE_HZ
    modes = [np.sin(2 * np.pi * hz * t) * np.exp(-t / rng.uniform(0.05, 0.12)) for hz in rng.uniform(38.0, 160.0, 4)]
    blow = shaped_noise(rng, len(t), band(50.0, 700.0, 1)) * np.exp(-t / 0.04)
    once = (np.sum(modes, axis=0) + blow) * np.clip(t / 0.004, 0.0, 1.0)
    if rng.uniform() < 0.4:
        once += rng.uniform(0.3, 0.7) * np.interp(t - rng.uniform(0.14, 0.4), t, once, left=0.0)
    return of_unit_peak(once)


class Near(NamedTuple):
    """Something small near by: its slot of time; when, seconds on the film's clock; how far off, metres."""

    slot: int
    time_s: float
    distance_m: float


def nearby(seed: int, kind: str, per_minute: float, start_s: float, stop_s: float) -> Iterator[Near]:
    """Draw the drops or ticks (``kind``) of a span of the film's clock."""
    for slot in range(int(start_s // NEAR_SLOT_S), int(stop_s // NEAR_SLOT_S) + 1):
        happens, when, far = rng_for(seed, f"sound.{kind}", slot).uniform(size=3)
        time = (slot + when) * NEAR_SLOT_S
        if happens < per_minute * NEAR_SLOT_S / 60.0 and start_s <= time < stop_s:
            yield Near(slot, time, NEAR_M[0] + far * (NEAR_M[1] - NEAR_M[0]))


def drip(seed: int, slot: int) -> NDArray[np.float64]:
    """A drop that falls into water: a bubble that rings and rises in pitch, of unit peak.

    Source: Minnaert, "On musical air-bubbles", 1933: 3.26 m/s over a radius of 1 to 3 mm.
    """
    rng = rng_for(seed, "sound.drip.wave", slot)
    t = np.arange(round(0.12 * RATE_HZ)) / RATE_HZ
    hz, decay = rng.uniform(1100.0, 3200.0), rng.uniform(0.008, 0.022)
    phase = 2 * np.pi * hz * (t + rng.uniform(1.5, 5.0) * t**2)
    slap = shaped_noise(rng, len(t), band(2000.0, 8000.0, 1)) * np.exp(-t / 0.002)
    return of_unit_peak(np.sin(phase) * np.exp(-t / decay) * np.clip(t / 0.003, 0.0, 1.0) + 0.12 * slap)


def tick(seed: int, slot: int) -> NDArray[np.float64]:
    """A pipe that slips in its support as it warms: a knock, and the modes of steel that it wakes, of unit peak."""
    rng = rng_for(seed, "sound.tick.wave", slot)
    t = np.arange(round(0.5 * RATE_HZ)) / RATE_HZ
    first = rng.uniform(280.0, 900.0)
    modes = [np.sin(2 * np.pi * first * k * t) * np.exp(-t / (0.11 / k)) / k for k in (1.0, 2.76, 5.40)]
    return of_unit_peak(
        np.sum(modes, axis=0) + 0.6 * shaped_noise(rng, len(t), band(400.0, 3000.0, 1)) * np.exp(-t / 0.004)
    )


def restrikes(output: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Find when lamps catch: pairs of border and lamp, for their outputs (N + 1, L) at every field's border."""
    before = np.minimum(output[:-2], output[1:-1])
    caught = (before < RESTRIKES_FROM) & (output[2:] >= RESTRIKES_TO) & (output[1:-1] < RESTRIKES_TO)
    border, lamp = np.nonzero(caught)
    return [(int(b) + 1, int(k)) for b, k in zip(border, lamp, strict=True)]


def strike(seed: int, ident: int) -> NDArray[np.float64]:
    """A starter that opens and a lamp that catches: a tick of bimetal, the pan, the choke's clack; of unit peak."""
    rng = rng_for(seed, "sound.strike", ident)
    t = np.arange(round(0.12 * RATE_HZ)) / RATE_HZ
    tick = np.sin(2 * np.pi * rng.uniform(2600.0, 4200.0) * t) * np.exp(-t / 0.004)
    pan = np.sin(2 * np.pi * rng.uniform(560.0, 900.0) * t) * np.exp(-t / 0.025)
    clack = shaped_noise(rng, len(t), band(200.0, 1200.0, 1)) * np.exp(-t / 0.008)
    return of_unit_peak(tick + 0.7 * pan + 0.6 * clack)


def speed_and_lost(
    machine: Machine, seed: int, index: int, often: float, time_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A machine's speed (N,), 1 when it runs, and the seconds of running (N,) that it has lost since the film began."""
    speed, lost = np.ones(len(time_s)), np.zeros(len(time_s))
    for slot in range(int(time_s[-1] // STOP_SLOT_S) + 1):
        happens, when, long = rng_for(seed, "sound.stop", index, slot).uniform(size=3)
        if happens >= often * machine.stops_per_hour * STOP_SLOT_S / 3600.0:
            continue
        rest = machine.rest_s[0] + long * (machine.rest_s[1] - machine.rest_s[0])
        begin = slot * STOP_SLOT_S + when * (STOP_SLOT_S - rest - 3.0 * RUN_UP_S)
        off, on = np.clip(time_s - begin, 0.0, rest), np.maximum(time_s - begin - rest, 0.0)
        left = np.exp(-rest / RUN_DOWN_S)
        speed *= np.where(on > 0.0, 1.0 - (1.0 - left) * np.exp(-on / RUN_UP_S), np.exp(-off / RUN_DOWN_S))
        lost += off - RUN_DOWN_S * (1.0 - np.exp(-off / RUN_DOWN_S))
        lost += (1.0 - left) * RUN_UP_S * (1.0 - np.exp(-on / RUN_UP_S))
    return speed, lost
