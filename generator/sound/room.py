"""Where the microphone goes, and what reaches it from the floor under it, from overhead and from behind walls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..plan.floorplan import CELL_M
from .echoes import Echoes, air_left, echoes
from .hall import Hall
from .impulse import impulse_response

FAR_RAYS = 3000
"""Few rays find the way round corners."""
LOW_M, WAYS = 0.5, 12
"""Height of what falls over the floor, and how many ways are tried for it."""
FOOT_M = 0.01
"""Height of a sole's sound over the floor."""


@dataclass(frozen=True)
class Room:
    """Where a microphone goes in a hall: ear (N + 1, 3), metres, at every field's border.

    noise: of tails, as ``tail_noise`` gives it. gain: of all but the direct sound, as amplitude. partition_db (6,):
    what a wall takes of what passes through it, by octave.
    """

    hall: Hall
    ear: NDArray[np.float64]
    noise: NDArray[np.float32]
    gain: float
    partition_db: NDArray[np.float64]


def from_the_floor(room: Room, time_s: float) -> NDArray[np.float64]:
    """Make the impulse response from the floor under the microphone to it, at a time after the first border."""
    ear = ear_at(room, time_s)
    foot = np.array([ear[0], ear[1], floor_under(room.hall, ear[0], ear[1]) + FOOT_M])
    return impulse_response(softened(echoes(room.hall, foot, ear), room.gain), room.noise)


def from_afar(room: Room, time_s: float, place: NDArray, rays: int = FAR_RAYS) -> NDArray[np.float64]:
    """Make the impulse response from a place (3,) to the microphone: by rays, and straight through walls."""
    ear = ear_at(room, time_s)
    heard = softened(echoes(room.hall, place, ear, rays), room.gain)
    walls, length = walls_between(room.hall, place, ear), float(np.linalg.norm(place - ear))
    if walls:
        through = 10.0 ** (-0.1 * walls * room.partition_db) * air_left(np.array([length]))[0] / length**2
        heard = Echoes(np.append(heard.length, length), np.vstack([heard.energy, through]), heard.tail)
    return impulse_response(heard, room.noise)


def struck_room(room: Room, time_s: float) -> NDArray[np.float64]:
    """Make the impulse response of the room to a sound overhead whose direct part is 1 at the microphone."""
    ear = ear_at(room, time_s)
    row, column = (int(c // CELL_M) for c in (ear[1], ear[0]))
    lamp = np.array([ear[0], ear[1], room.hall.ceiling[row, column] - FOOT_M])
    direct = lamp[2] - ear[2]
    return direct * impulse_response(softened(echoes(room.hall, lamp, ear), room.gain), room.noise)


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
