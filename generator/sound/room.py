"""Where the microphone goes, and what reaches it from the floor under it, from overhead and from behind walls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..plan.floors import floor_at
from .echoes import RAYS, REACH_M, Echoes, air_left, echoes
from .hall import Hall
from .impulse import impulse_response
from .reflections import crossings

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
    what a wall takes of what passes through it, by octave. reach_m: as in ``Sounds``.
    """

    hall: Hall
    ear: NDArray[np.float64]
    noise: NDArray[np.float32]
    gain: float
    partition_db: NDArray[np.float64]
    reach_m: float = REACH_M


def from_the_floor(room: Room, time_s: float) -> NDArray[np.float64]:
    """Make the impulse response from the floor under the microphone to it, at a time after the first border."""
    ear = ear_at(room, time_s)
    foot = np.array([*ear[:2], floor_at(room.hall.floor, ear[:2])[0] + FOOT_M])
    return impulse_response(_heard(room, foot, ear), room.noise)


def from_afar(room: Room, time_s: float, place: NDArray, rays: int = FAR_RAYS) -> NDArray[np.float64]:
    """Make the impulse response from a place (3,) to the microphone: by rays, and straight through walls."""
    ear = ear_at(room, time_s)
    heard = _heard(room, place, ear, rays)
    walls, length = faces_entered(room.hall, place, ear), float(np.linalg.norm(place - ear))
    if walls:
        through = 10.0 ** (-0.1 * walls * room.partition_db) * air_left(np.array([length]))[0] / length**2
        heard = Echoes(np.append(heard.length, length), np.vstack([heard.energy, through]), heard.tail)
    return impulse_response(heard, room.noise)


def struck_room(room: Room, time_s: float) -> NDArray[np.float64]:
    """Make the impulse response of the room to a sound overhead whose direct part is 1 at the microphone."""
    ear = ear_at(room, time_s)
    lamp = np.array([*ear[:2], floor_at(room.hall.ceiling, ear[:2])[0] - FOOT_M])
    direct = lamp[2] - ear[2]
    return direct * impulse_response(_heard(room, lamp, ear), room.noise)


def behind_walls(room: Room, time_s: float, distance_m: float, bearing: float) -> NDArray[np.float64] | None:
    """Find a place (3,) so far from the microphone that a wall stands between: the first in a turn about it from a
    bearing, radians, on; None where all is open."""
    ear = ear_at(room, time_s)
    low = floor_at(room.hall.floor, ear[:2])[0] + LOW_M
    for turn in bearing + np.arange(WAYS) * (2.0 * np.pi / WAYS):
        place = np.array([ear[0] + distance_m * np.cos(turn), ear[1] + distance_m * np.sin(turn), low])
        if faces_entered(room.hall, place, ear):
            return place
    return None


def faces_entered(hall: Hall, place: NDArray, ear: NDArray) -> int:
    """Count the upright faces that a straight way from a place to an ear enters."""
    before, t, s = crossings(place[:2], ear[:2], hall.edge)
    z = place[2] + t * (ear[2] - place[2])
    met = before & (t > 0.0) & (t < 1.0) & (s >= 0.0) & (s < 1.0)
    return int((met & (hall.edge_z[:, 0] <= z) & (z <= hall.edge_z[:, 1])).sum())


def height_over_floor(room: Room) -> NDArray[np.float64]:
    """Tell the height (N + 1,) of the microphone over the floor under it, metres, at every field's border."""
    return room.ear[:, 2] - floor_at(room.hall.floor, room.ear[:, :2])


def ear_at(room: Room, time_s: float) -> NDArray[np.float64]:
    """Tell the microphone's place (3,) at a time after the first border."""
    border = np.arange(len(room.ear)) * FIELD_S
    return np.array([np.interp(time_s, border, column) for column in room.ear.T])


def _heard(room: Room, place: NDArray, ear: NDArray, rays: int = RAYS) -> Echoes:
    """Echoes from a place (3,), with all but what comes first at the room's gain."""
    heard = echoes(room.hall, place, ear, rays, reach_m=room.reach_m)
    size = np.where(heard.length > heard.length.min(initial=np.inf) + 0.1, room.gain**2, 1.0)
    return Echoes(heard.length, heard.energy * size[:, None], heard.tail * room.gain**2)
