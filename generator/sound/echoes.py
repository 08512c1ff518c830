"""What comes to an ear from a place in a hall: early reflections off the plan's own faces, and a tail that rays tell.

Approximations: upright and level faces alone mirror; the tops of half walls and undersides of headers do not reflect;
image sources take floor and ceiling about the ear for level everywhere; nothing is bent round corners; what stands in a
room absorbs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..places.sounds import REACH_M
from ..plan.floors import floor_at
from ..plan.grid import grid_of_lines
from ..plan.sight import Outlines, cast
from ..seed import hash64
from .hall import Hall
from .ray_kernels import echogram
from .reflections import images

SPEED_M_S = 343.0
"""Speed of sound at 20 °C."""
AIR_DB_M = np.array([0.3, 1.1, 2.8, 5.0, 9.0, 22.9]) / 1000.0
"""What air takes, by octave, at 20 °C and 70 % humidity. Source: ISO 9613-2, table 2."""
RADIUS_M = 1.5
"""Rays are counted so near to the ear in plan: a late field differs little over a step."""
RAYS = 256
STEP_M = 3.43
"""Path of a bin of the echogram: 10 ms."""
LONGEST_S, FADE_S = 3.0, 0.7
"""A tail ends after this at the latest, and fades before, in rooms that ring for longer."""
AUDIBLE_DB = -60.0
SIGHTS = 128


@dataclass(frozen=True)
class Echoes:
    """What comes to an ear from a place, against the pressure 1 m from the source in the open.

    length (K,) metres and energy (K, 6) of image sources; the source itself, where it is in sight, is among them.
    tail (B, 6): energy of the rest in bins of STEP_M. All energies are squared pressures by octave.
    """

    length: NDArray[np.float64]
    energy: NDArray[np.float64]
    tail: NDArray[np.float64]


def echoes(
    hall: Hall, source: NDArray, ear: NDArray, rays: int = RAYS, longest_s: float = LONGEST_S, reach_m: float = REACH_M
) -> Echoes:
    """Find what comes from a source (3,) to an ear (3,), metres in the plan: by images of two orders, the rest by rays.

    Openings absorb all that goes farther off than ``reach_m`` in plan.

    Source: Vorländer, "Simulation of the transient and steady-state sound propagation in rooms using a new combined
    ray-tracing/image-source algorithm", JASA 86, 1989.
    """
    source, ear = np.asarray(source, np.float64), np.asarray(ear, np.float64)
    low, high = (float(floor_at(height, ear[:2])[0]) for height in (hall.floor, hall.ceiling))
    length, count = images(hall, source, ear, low, high)
    left = (hall.keep * (1.0 - hall.scatter[:, None]))[None] ** count[:, :, None]
    energy = left.prod(axis=1) * air_left(length) / np.maximum(length, 0.1)[:, None] ** 2
    free = sights(hall, ear)
    bins = round(longest_s * SPEED_M_S / STEP_M)
    key = np.uint64(hash64(0, "sound.rays"))
    counted = echogram(hall, source, ear, free, RADIUS_M, reach_m, rays, STEP_M, bins, key)
    area = np.pi * np.mean(np.minimum(free, RADIUS_M) ** 2)
    tail = 4.0 * np.pi * counted / (area * (high - low)) * air_left(np.arange(0.5, bins) * STEP_M)
    return Echoes(length, energy, _trimmed(tail, energy.sum(axis=0)))


def sights(hall: Hall, ear: NDArray) -> NDArray[np.float64]:
    """Measure the free distance (SIGHTS,) about an ear at its height, from +x counter-clockwise, metres."""
    low, high = np.minimum(hall.edge[:, :2], hall.edge[:, 2:]), np.maximum(hall.edge[:, :2], hall.edge[:, 2:])
    near = ((low < ear[:2] + RADIUS_M) & (high > ear[:2] - RADIUS_M)).all(axis=1)
    lines = hall.edge[near & (hall.edge_z[:, 0] <= ear[2]) & (hall.edge_z[:, 1] >= ear[2])]
    turns = (np.arange(SIGHTS) + 0.5) * (2.0 * np.pi / SIGHTS)
    return cast(Outlines(lines, grid_of_lines(hall.floor.shape, lines)), ear[:2], turns)[0]


def air_left(length: NDArray) -> NDArray[np.float64]:
    """Tell the share of energy (K, 6) that air leaves after so many metres."""
    return 10.0 ** (-AIR_DB_M * length[:, None] / 10.0)


def _trimmed(tail: NDArray[np.float64], early: NDArray[np.float64]) -> NDArray[np.float64]:
    """A tail up to where all that is left of it is inaudible."""
    left = np.cumsum(tail[::-1], axis=0)[::-1]
    heard = (left > 10.0 ** (AUDIBLE_DB / 10.0) * (left[0] + early)).any(axis=1)
    return tail[: int(heard.sum()) + 1]
