"""What a room makes of a sound: early reflections off the plan's own faces, and a tail that rays tell, by octave.

Approximations: upright and level faces alone mirror; the tops of half walls and undersides of headers do not reflect;
image sources take floor and ceiling about the ear for level everywhere; nothing is bent round corners; what stands in a
room absorbs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from ..camera.shot import FIELD_S
from ..places.sounds import OCTAVES_HZ
from ..plan.floorplan import CELL_M
from ..plan.grid import grid_of_lines
from ..plan.sight import Outlines, cast
from ..seed import hash64, rng_for
from .hall import Hall
from .noise import RATE_HZ
from .ray_kernels import echogram
from .reflections import images

SPEED_M_S = 343.0
"""Speed of sound at 20 °C."""
AIR_DB_M = np.array([0.3, 1.1, 2.8, 5.0, 9.0, 22.9]) / 1000.0
"""What air takes, by octave, at 20 °C and 70 % humidity. Source: ISO 9613-2, table 2."""
REACH_M = 30.0
"""Openings absorb all that goes farther off than this in plan."""
RADIUS_M = 1.5
"""Rays are counted so near to the ear in plan: a late field differs little over a step."""
RAYS, FAR_RAYS = 256, 3000
STEP_M = 3.43
"""Path of a bin of the echogram: 10 ms."""
LONGEST_S = 2.0
AUDIBLE_DB = -60.0
EARLY_SAMPLES = 8192
SIGHTS = 128
LOW_M, WAYS = 0.5, 12
"""Height of what falls over the floor, and how many ways are tried for it."""
FOOT_M = 0.01
"""Height of a sole's sound over the floor."""


@dataclass(frozen=True)
class Echoes:
    """What comes to an ear from a place, against the pressure 1 m from the source in the open.

    length (K,) metres and energy (K, 6) of image sources; the source itself, where it is in sight, is among them.
    tail (B, 6): energy of the rest in bins of STEP_M. All energies are squared pressures by octave.
    """

    length: NDArray[np.float64]
    energy: NDArray[np.float64]
    tail: NDArray[np.float64]


def echoes(hall: Hall, source: NDArray, ear: NDArray, rays: int = RAYS, longest_s: float = LONGEST_S) -> Echoes:
    """Find what comes from a source (3,) to an ear (3,), metres in the plan: by images of two orders, the rest by rays.

    Source: Vorländer, "Simulation of the transient and steady-state sound propagation in rooms using a new combined
    ray-tracing/image-source algorithm", JASA 86, 1989.
    """
    source, ear = np.asarray(source, np.float64), np.asarray(ear, np.float64)
    row, column = (int(c // CELL_M) for c in (ear[1], ear[0]))
    low, high = float(hall.floor[row, column]), float(hall.ceiling[row, column])
    length, count = images(hall, source, ear, low, high)
    left = (hall.keep * (1.0 - hall.scatter[:, None]))[None] ** count[:, :, None]
    energy = left.prod(axis=1) * _air(length) / np.maximum(length, 0.1)[:, None] ** 2
    free = sights(hall, ear)
    bins = round(longest_s * SPEED_M_S / STEP_M)
    key = np.uint64(hash64(0, "sound.rays"))
    counted = echogram(hall, source, ear, free, RADIUS_M, REACH_M, rays, STEP_M, bins, key)
    area = np.pi * np.mean(np.minimum(free, RADIUS_M) ** 2)
    tail = 4.0 * np.pi * counted / (area * (high - low)) * _air(np.arange(0.5, bins) * STEP_M)
    return Echoes(length, energy, _trimmed(tail, energy.sum(axis=0)))


def sights(hall: Hall, ear: NDArray) -> NDArray[np.float64]:
    """Measure the free distance (SIGHTS,) about an ear at its height, from +x counter-clockwise, metres."""
    low, high = np.minimum(hall.edge[:, :2], hall.edge[:, 2:]), np.maximum(hall.edge[:, :2], hall.edge[:, 2:])
    near = ((low < ear[:2] + RADIUS_M) & (high > ear[:2] - RADIUS_M)).all(axis=1)
    lines = hall.edge[near & (hall.edge_z[:, 0] <= ear[2]) & (hall.edge_z[:, 1] >= ear[2])]
    turns = (np.arange(SIGHTS) + 0.5) * (2.0 * np.pi / SIGHTS)
    return cast(Outlines(lines, grid_of_lines(hall.floor.shape, lines)), ear[:2], turns)[0]


def _air(length: NDArray) -> NDArray[np.float64]:
    """Energy (K, 6) that air leaves after so many metres."""
    return 10.0 ** (-AIR_DB_M * length[:, None] / 10.0)


def _trimmed(tail: NDArray[np.float64], early: NDArray[np.float64]) -> NDArray[np.float64]:
    """A tail up to where all that is left of it is inaudible."""
    left = np.cumsum(tail[::-1], axis=0)[::-1]
    heard = (left > 10.0 ** (AUDIBLE_DB / 10.0) * (left[0] + early)).any(axis=1)
    return tail[: int(heard.sum()) + 1]


class Bank:
    """Octave bands that add up to a whole, and the noise that tails are made of, in each band."""

    def __init__(self, seed: int) -> None:
        self.samples = round((LONGEST_S + 0.1) * RATE_HZ)
        self._seed = seed

    @cached_property
    def noise(self) -> NDArray[np.float32]:
        """(6, samples) white noise of unit variance, split into the octaves."""
        n = fft.next_fast_len(self.samples, real=True)
        white = rng_for(self._seed, "sound.tail").normal(n)
        parts = fft.irfft(fft.rfft(white) * bands(n), n)
        return np.ascontiguousarray(parts[:, : self.samples], np.float32)


def bands(samples: int) -> NDArray[np.float64]:
    """Gains (6, samples // 2 + 1) of octave bands, straight lines in log frequency that add up to 1."""
    place = np.log2(np.maximum(fft.rfftfreq(samples, 1.0 / RATE_HZ), 1.0) / OCTAVES_HZ[0])
    return np.stack([np.interp(place, np.arange(6), row) for row in np.eye(6)])


def impulse_response(heard: Echoes, bank: Bank) -> NDArray[np.float64]:
    """Make the pressure (samples,) at the ear after an impulse, against 1 m in the open; sample 0 is when it sounds."""
    ends = (np.arange(len(heard.tail)) + 0.5) * STEP_M / SPEED_M_S * RATE_HZ
    samples = min(max(round(float(ends[-1] + ends[0])), EARLY_SAMPLES), bank.samples)
    out = np.zeros(samples)
    size = np.sqrt(heard.tail / (STEP_M / SPEED_M_S * RATE_HZ))
    n = np.arange(samples)
    for noise, loud in zip(bank.noise, size.T, strict=True):
        out += noise[:samples] * np.interp(n, ends, loud, right=0.0)
    out[:EARLY_SAMPLES] += _early(heard)
    return out


@dataclass(frozen=True)
class Room:
    """Where a microphone goes in a hall: ear (N + 1, 3), metres, at every field's border. gain: of all but the direct
    sound, as amplitude. partition_db: what a wall takes of what passes through it, by octave."""

    hall: Hall
    ear: NDArray[np.float64]
    bank: Bank
    gain: float
    partition_db: NDArray[np.float64]


def from_the_floor(room: Room, time_s: float) -> NDArray[np.float64]:
    """Make the impulse response from the floor under the microphone to it, at a time after the first border."""
    ear = ear_at(room, time_s)
    foot = np.array([ear[0], ear[1], floor_under(room.hall, ear[0], ear[1]) + FOOT_M])
    return impulse_response(softened(echoes(room.hall, foot, ear), room.gain), room.bank)


def from_afar(room: Room, time_s: float, place: NDArray, rays: int = FAR_RAYS) -> NDArray[np.float64]:
    """Make the impulse response from a place (3,) to the microphone: by rays, and straight through walls."""
    ear = ear_at(room, time_s)
    heard = softened(echoes(room.hall, place, ear, rays), room.gain)
    walls, length = walls_between(room.hall, place, ear), float(np.linalg.norm(place - ear))
    if walls:
        through = 10.0 ** (-0.1 * walls * room.partition_db) * _air(np.array([length]))[0] / length**2
        heard = Echoes(np.append(heard.length, length), np.vstack([heard.energy, through]), heard.tail)
    return impulse_response(heard, room.bank)


def struck_room(room: Room, time_s: float) -> NDArray[np.float64]:
    """Make the impulse response of the room to a sound overhead whose direct part is 1 at the microphone."""
    ear = ear_at(room, time_s)
    row, column = (int(c // CELL_M) for c in (ear[1], ear[0]))
    lamp = np.array([ear[0], ear[1], room.hall.ceiling[row, column] - FOOT_M])
    direct = lamp[2] - ear[2]
    return direct * impulse_response(softened(echoes(room.hall, lamp, ear), room.gain), room.bank)


def behind_walls(room: Room, time_s: float, distance_m: float, bearing: float) -> NDArray[np.float64] | None:
    """Find a place (3,) so far from the microphone that a wall stands between: the first in a turn about it from a
    bearing, radians, on; None where all is open."""
    ear = ear_at(room, time_s)
    low = floor_under(room.hall, ear[0], ear[1]) + LOW_M
    for turn in bearing + np.arange(WAYS) * (2.0 * np.pi / WAYS):
        place = np.array([ear[0] + distance_m * np.cos(turn), ear[1] + distance_m * np.sin(turn), low])
        if walls_between(room.hall, place, ear):
            return place
    return None


def walls_between(hall: Hall, place: NDArray, ear: NDArray) -> int:
    """Count the upright faces that a straight way from a place to an ear enters."""
    d, e, to = ear - place, hall.edge[:, 2:] - hall.edge[:, :2], hall.edge[:, :2] - place[:2]
    cross = d[0] * e[:, 1] - d[1] * e[:, 0]
    safe = np.where(cross < -1e-12, cross, -1.0)
    t, s = (to[:, 0] * e[:, 1] - to[:, 1] * e[:, 0]) / safe, (to[:, 0] * d[1] - to[:, 1] * d[0]) / safe
    z = place[2] + t * d[2]
    met = (cross < -1e-12) & (t > 0.0) & (t < 1.0) & (s >= 0.0) & (s < 1.0)
    return int((met & (hall.edge_z[:, 0] <= z) & (z <= hall.edge_z[:, 1])).sum())


def floor_under(hall: Hall, x: float, y: float) -> float:
    """Height of the floor at a place in plan, metres."""
    return float(hall.floor[int(y // CELL_M), int(x // CELL_M)])


def height_over_floor(room: Room) -> NDArray[np.float64]:
    """Height (N + 1,) of the microphone over the floor under it, metres, at every field's border."""
    column, row = np.floor(room.ear[:, :2].T / CELL_M).astype(np.int64)
    return room.ear[:, 2] - room.hall.floor[row, column]


def ear_at(room: Room, time_s: float) -> NDArray[np.float64]:
    """The microphone's place (3,) at a time after the first border."""
    border = np.arange(len(room.ear)) * FIELD_S
    return np.array([np.interp(time_s, border, column) for column in room.ear.T])


def softened(heard: Echoes, gain: float) -> Echoes:
    """Echoes with all but what comes first at another amplitude."""
    size = np.where(heard.length > heard.length.min(initial=np.inf) + 0.1, gain**2, 1.0)
    return Echoes(heard.length, heard.energy * size[:, None], heard.tail * gain**2)


def _early(heard: Echoes) -> NDArray[np.float64]:
    """(EARLY_SAMPLES,) the impulses of image sources, each where it arrives, between two samples, coloured."""
    at = heard.length / SPEED_M_S * RATE_HZ
    first = at.astype(np.int64)
    size = np.sqrt(heard.energy)
    lines = np.zeros((6, EARLY_SAMPLES))
    for k, line in enumerate(lines):
        np.add.at(line, first, size[:, k] * (1.0 - (at - first)))
        np.add.at(line, first + 1, size[:, k] * (at - first))
    return fft.irfft((fft.rfft(lines) * bands(EARLY_SAMPLES)).sum(axis=0), EARLY_SAMPLES)


def decay_s(heard: Echoes, octave: int) -> float:
    """Measure the decay time of an octave, seconds to -60 dB, from -5 to -25 dB of the integrated echogram (T20).

    Source: ISO 3382-2; Schroeder, "New method of measuring reverberation time", JASA 37, 1965.
    """
    energy = heard.tail[:, octave].copy()
    np.add.at(energy, (heard.length / STEP_M).astype(np.int64), heard.energy[:, octave])
    level = 10.0 * np.log10(np.maximum(np.cumsum(energy[::-1])[::-1], 1e-30) / energy.sum())
    time = np.arange(len(level)) * STEP_M / SPEED_M_S
    part = (level <= -5.0) & (level >= -25.0)
    return float(-60.0 / np.polyfit(time[part], level[part], 1)[0])
