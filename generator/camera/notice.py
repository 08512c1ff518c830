"""What an operator could look at from a place: things, failing lamps, dark openings, long views, corners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..geometry.landmarks import Landmarks
from ..places.verbs import landmarks
from ..plan.floorplan import CHUNK_M, LampState
from ..plan.ground import ground_at
from ..plan.sight import EYE_M, Outlines, cast, outlines
from ..plan.walk import PITCH_M
from ..scene.scene import Scene
from ..seed import hash64
from .composition import BEFORE_M, HEIGHTS_M
from .dusk import DARK_M, to_light
from .path import CLEARANCE_M, SLACK_M, Ground
from .turns import wrapped

What = Literal["thing", "lamp", "dark", "view", "corner"]
NOTICE_M = (0.6, 9.0)
"""Distances at which a thing is noticed."""
LEAST_WORTH = 0.5
"""A thing of less worth, such as a usual door, does not hold the eye."""
LEAST_ANGLE = 0.014
"""Angle, radians, under which a thing is too small: 7 lines of 480 at 62° across."""
INNER, RISE = 0.44, float(np.radians(21.0))
"""A thing is noticed within this share of the picture's breadth off its middle, and this angle off the horizon."""
LAMP_M, EDGE_M = 7.0, 5.0
"""Distances up to which a failing lamp, and the edge of an opening, are noticed."""
FAN = np.radians(np.arange(-84.0, 84.1, 4.0))
"""Directions, off the camera's, in which openings are looked for."""
JUMP_M, LONG_M = 3.0, 18.0
"""An opening is deeper than its edge by the first; behind it there is a long view from the second on."""
ASIDE = float(np.radians(18.0))
"""What is nearer than this to the camera's direction is in view already."""
KEY_M = 0.8
"""Edges nearer together than this are one opening."""


@dataclass(frozen=True)
class Sight:
    """One thing to look at. key: its own for ever. at: x, y relative to the route's origin and the height, metres.

    worth: how much it holds the eye.
    """

    key: int
    what: What
    at: tuple[float, float, float]
    worth: float


@dataclass(frozen=True)
class Surroundings:
    """A chunk and its neighbours, to look about in and to step aside on.

    lines: outlines at the knee, the eye, and under headers. things, lit (N,): what one would notice, and whether it
    stands in the light. failing (F, 3): failing lamps, metres.
    """

    ground: Ground
    lines: tuple[Outlines, Outlines, Outlines]
    things: Landmarks
    lit: NDArray[np.bool_]
    failing: NDArray[np.float64]


def about(
    scene: Scene, origin: tuple[int, int], here: Callable[[int, int], Ground]
) -> Callable[[NDArray[np.float64]], Surroundings]:
    """Give what tells the surroundings of a place (2,), metres relative to chunk ``origin``; it keeps the last two.

    here: the ground about a chunk, furnished, from ``grounds``.
    """

    @lru_cache(maxsize=2)
    def of_chunk(i: int, j: int) -> Surroundings:
        return _surroundings(scene, here(i, j))

    def of_place(place: NDArray[np.float64]) -> Surroundings:
        return of_chunk(*(origin[k] + int(np.floor(place[k] / CHUNK_M)) for k in (0, 1)))

    return of_place


def worth_passing(around: Surroundings) -> NDArray[np.float64]:
    """List the places (N, 2) of the things in the light that hold the eye, metres relative to the route's origin."""
    wanted = around.lit & (around.things.worth >= LEAST_WORTH)
    return np.asarray(around.things.at[wanted, :2] - around.ground.shift)


def _surroundings(scene: Scene, here: Ground) -> Surroundings:
    plan, found = here.plan, landmarks(here.plan, scene, scene.seed)
    failing = plan.lamp_state == LampState.FAILING
    low, high = (outlines(plan, HEIGHTS_M[k]) for k in (0, 2))
    lit = to_light(plan, found.at[:, :2]) < DARK_M
    lamps = np.column_stack([plan.lamp_xy[failing], plan.lamp_z[failing]])
    return Surroundings(here, (low, here.lines, high), found, lit | scene.camera.lamp, lamps)


def things_seen(around: Surroundings, place: NDArray[np.float64], yaw: float, fov: float) -> list[Sight]:
    """Find the things in the light, and in the middle of a picture ``fov`` radians across, from a place (2,)."""
    things, seen = around.things, []
    for k in np.flatnonzero(_shown(around, place, yaw, fov)):
        if _in_sight(around, place, things.at[k], things.out[k]):
            x, y, z = (float(c) for c in things.at[k] - (*around.ground.shift, 0.0))
            seen.append(Sight(_key(around, things.at[k, :2], 0.1), "thing", (x, y, z), float(things.worth[k])))
    return seen


def _shown(around: Surroundings, place: NDArray[np.float64], yaw: float, fov: float) -> NDArray[np.bool_]:
    """Which things (N,) would be noticed if no wall stood before them."""
    things = around.things
    to = things.at[:, :2] - (place + around.ground.shift)
    away = np.hypot(to[:, 0], to[:, 1])
    off = wrapped(np.arctan2(to[:, 1], to[:, 0]) - yaw)
    over = np.maximum(np.abs(things.at[:, 2] - _eye(around, place)) - 0.5 * things.size, 0.0)
    faces = ~things.out.any(axis=1) | (-(to * things.out).sum(axis=1) > 0.2 * away)
    shown = (away > NOTICE_M[0]) & (away < NOTICE_M[1]) & (np.abs(off) < INNER * fov)
    shown &= (np.arctan2(over, away) < RISE) & faces & around.lit
    return np.asarray(shown & (things.worth >= LEAST_WORTH) & (things.size > LEAST_ANGLE * away))


def _eye(around: Surroundings, place: NDArray[np.float64]) -> float:
    """Height of the eye of one who stands at a place (2,)."""
    return float(ground_at(around.ground.plan, place + around.ground.shift)[0]) + EYE_M


def _in_sight(
    around: Surroundings, place: NDArray[np.float64], at: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """Whether nothing of the plan stands before a thing."""
    low, eye, high = around.lines
    eye_m = HEIGHTS_M[1]
    each = [eye, *([low] if at[2] < eye_m - 0.3 else []), *([high] if at[2] > eye_m + 0.5 else [])]
    to = at[:2] + BEFORE_M * out - (place + around.ground.shift)
    away, turn = float(np.hypot(*to)), np.arctan2(to[1], to[0])
    return all(cast(lines, place + around.ground.shift, [turn])[0, 0] > away - BEFORE_M for lines in each)


def lamps_seen(around: Surroundings, place: NDArray[np.float64], yaw: float, fov: float) -> list[Sight]:
    """Find the failing lamps before a place (2,), within a picture's breadth."""
    to = around.failing[:, :2] - (place + around.ground.shift)
    away = np.hypot(to[:, 0], to[:, 1])
    off = wrapped(np.arctan2(to[:, 1], to[:, 0]) - yaw)
    near = (away > 1.5) & (away < LAMP_M) & (np.abs(off) < INNER * fov)
    seen = []
    for k in np.flatnonzero(near):
        if _in_sight(around, place, around.failing[k], np.zeros(2)):
            x, y, z = (float(c) for c in around.failing[k] - (*around.ground.shift, 0.0))
            seen.append(Sight(_key(around, around.failing[k, :2], 0.1), "lamp", (x, y, z), 0.6))
    return seen


def openings_seen(around: Surroundings, place: NDArray[np.float64], yaw: float) -> list[Sight]:
    """Find the openings beside a place (2,): from light into the dark, long views, and corners to look behind."""
    turns = yaw + FAN
    free = cast(around.lines[1], place + around.ground.shift, turns)[0]
    plan, seen, eye = around.ground.plan, [], _eye(around, place)
    lit = bool(to_light(plan, (place + around.ground.shift)[None])[0] < DARK_M)
    for k in np.flatnonzero(np.abs(np.diff(free)) > JUMP_M):
        near, deep = (k, k + 1) if free[k] < free[k + 1] else (k + 1, k)
        if free[near] > EDGE_M or abs(FAN[deep]) < ASIDE:
            continue
        way = np.array([np.cos(turns[deep]), np.sin(turns[deep])])
        edge = place + around.ground.shift + free[near] * way
        beyond = place + around.ground.shift + min(free[deep] - 0.5, free[near] + 3.0) * way
        dark = lit and bool(to_light(plan, beyond[None])[0] > DARK_M)
        what: What = "dark" if dark else "view" if free[deep] > LONG_M else "corner"
        x, y = (float(c) for c in beyond - around.ground.shift)
        seen.append(Sight(_key(around, edge, KEY_M), what, (x, y, eye - 0.1), 0.4))
    return seen


def clear(around: Surroundings, places: NDArray[np.float64]) -> bool:
    """Tell whether an operator may stand at places (N, 2)."""
    columns, rows = ((places + around.ground.shift) / PITCH_M).astype(np.int64).T
    return bool((around.ground.gap[rows, columns] > CLEARANCE_M + 2.0 * SLACK_M).all())


def _key(around: Surroundings, at: NDArray[np.float64], pitch_m: float) -> int:
    """A number of its own for a place of the plan (2,) in the world, the same from wherever it is seen."""
    corner = np.round((np.array(around.ground.plan.origin) * CHUNK_M + at) / pitch_m).astype(np.int64)
    return hash64(0, "camera.sight", *corner.tolist()) >> 1
