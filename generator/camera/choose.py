"""Where to look from: a scored, deterministic choice of a place and a direction worth a picture.

Forty places are drawn about a point, the spawn chunk's middle where none is asked for, and some from which one would
see a thing that was left there; from each, one looks round in plan and every direction is scored. What counts differs
a little from seed to seed, so that twelve seeds are not twelve times the same corridor; to some, an empty room is worth
more than one with a chair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ..errors import NoclipError
from ..geometry.landmarks import Landmarks
from ..places.subject import Subject
from ..plan.floorplan import CHUNK_M, Floorplan, LampState
from ..plan.grid import grid_of_lines
from ..plan.ground import ground_at
from ..plan.near import near_pairs, nearest_m
from ..plan.sight import Outlines, cast, outlines
from ..plan.walk import is_free, nearest_free
from ..seed import hash64, rng_for
from .composition import noticed, views_of, worth_of
from .dusk import border_place, dusk
from .shot import Pose
from .subject import shown

EYE_M = 1.60
"""Height of the lens: a grown-up with a camcorder at the eye."""
KNEE_M = 0.8
"""A height that every half wall reaches."""
CLEAR_M = 0.45
"""Nobody films with an elbow in the wall."""
PLACES = 40
RADIUS_M = 30.0
"""Places are drawn within this distance of the middle of the spawn chunk."""
TURNS = 180
"""Directions looked in: every 2°."""
LAMP_NEAR_M = 2.6
"""A ceiling lamp nearer than this is above the picture (46° tall, ceiling 1.14 m over the eye)."""
LAMP_FAR_M = 18.0
WALL_M = 7.0
"""A wall nearer than this closes the part of the picture that it fills."""
CLOSED, SHUT = 0.45, 7.0
"""Share of a picture that may be closed, and what all beyond it costs, as a share of the picture; depth is worth 1."""
LIT_M, LAMPS_ASKED = 4.0, 4
"""A lamp lights what is this near to it; as many are asked of each place."""
SIGHT_M = 24.0
"""Nothing further off is asked about: from every place that is drawn about the spawn chunk, this is within the plan."""
ENOUGH_LIT = 0.5
"""Share of a picture that must be lit for its subject to be seen."""
EMPTY = 0.25
"""Share of the seeds that would rather see nothing but rooms."""
HUNGER = 5.5
"""What one thing in the picture is worth to the others, where depth, lamps or edges are worth 1."""
BUSY = 0.5
"""What things are worth, as a share, to one who looks for the border of the dark."""
LEVEL = 0.25
"""Share of the usual slant of one who has to point a light."""
CROWDED_M, CROWDED = 1.4, 5.0
"""What reaches into a room nearer than this fills the picture, and what that costs as a share of the picture."""
ELBOW_M = 1.5
"""And nobody stands nearer to a thing."""
DREAD, DARK = 2.0, 0.15
"""What a dark opening in the picture is worth, and the share of its breadth that is dark enough."""
APART_M, TAKEN = 4.0, 1e3
"""Two views of a seed show something else from places so far apart; what a view loses that has been taken."""
SPAWN = (CHUNK_M / 2, CHUNK_M / 2)
"""The middle of the spawn chunk, (0, 0) of the world."""
NOTHING = Landmarks((), np.zeros(0, np.int64), np.zeros((0, 3)), np.zeros(0), np.zeros(0), np.zeros((0, 2)))


@dataclass(frozen=True)
class Wish:
    """What is asked of a view; None is left to the choice.

    at: x, y in metres from the world's origin. yaw, pitch, roll: radians, as in ``Pose``.
    """

    at: tuple[float, float] | None = None
    yaw: float | None = None
    pitch: float | None = None
    roll: float | None = None


def chunk_of(x_m: float, y_m: float) -> tuple[int, int]:
    """The chunk that a place in the world lies in."""
    return int(np.floor(x_m / CHUNK_M)), int(np.floor(y_m / CHUNK_M))


def choose_pose(
    plan: Floorplan,
    seed: int,
    wish: Wish,
    fov: float,
    landmarks: Landmarks = NOTHING,
    lamp: bool = False,
    about: tuple[float, float] = SPAWN,
    view: int = 0,
    subject: Subject | None = None,
) -> tuple[Pose, float]:
    """The pose to shoot from, and how far (metres) it stands from the place that was wished.

    plan: at least the spawn chunk, or that of ``wish.at``, and its neighbours. fov: radians across the picture.
    landmarks: what there is to be seen in the plan besides its rooms. lamp: with a camera light, the operator prefers
    the dark, where the lit rooms are in sight. about: the place of the world that places are drawn about. view: the
    best one, or which of those that follow and show something else. subject: what it is to be a picture of.
    Raises NoclipError when nobody could stand anywhere on the plan.
    """
    rng = rng_for(seed, "camera.choose")
    if wish.at is None:
        places, moved = _candidates(plan, seed, landmarks, lamp, about), 0.0
    else:
        places, moved = _freed(plan, _local(plan, wish.at))
    first = 0.0 if wish.yaw is None else wish.yaw
    weight = np.exp(0.35 * rng.normal(6))
    scores = score(plan, places, first, fov, weight, lamp, landmarks.crowd, subject)
    if landmarks.kind:
        noticeable = noticed(plan, landmarks, worth_of(landmarks, seed), places, _angles(first), fov)
        scores += (BUSY if lamp else 1.0) * _appetite(seed) * noticeable
    if wish.yaw is not None:
        scores = scores[:, :1]
    place, turn = _best(scores, places, fov, view)
    held = _attitude(seed if view == 0 else hash64(seed, "camera.view", view))
    pitch, roll = (LEVEL * a for a in held) if lamp else held
    return Pose(
        origin=plan.origin,
        position=(*places[place].tolist(), float(ground_at(plan, places[place])[0]) + EYE_M),
        yaw=first + float(turn) * (2 * np.pi / TURNS),
        pitch=pitch if wish.pitch is None else wish.pitch,
        roll=roll if wish.roll is None else wish.roll,
    ), moved


def _best(scores: NDArray[np.float64], places: NDArray[np.float64], fov: float, view: int) -> tuple[int, int]:
    """Place and turn of the best of the scores (P, T), after ``view`` better ones that look elsewhere than each other.

    Two views show the same where one stands within APART_M of the other and looks into its field of view.
    """
    left = scores.copy()
    for _ in range(view):
        place, turn = np.unravel_index(int(np.argmax(left)), left.shape)
        near = np.hypot(*(places - places[place]).T) < APART_M
        turned = np.abs((np.arange(left.shape[1]) - turn + TURNS // 2) % TURNS - TURNS // 2) * (2 * np.pi / TURNS) < fov
        left[np.ix_(near, turned)] -= TAKEN
    place, turn = np.unravel_index(int(np.argmax(left)), left.shape)
    return int(place), int(turn)


def score(
    plan: Floorplan,
    places: NDArray[np.float64],
    first: float,
    fov: float,
    weight: NDArray[np.float64],
    lamp: bool = False,
    crowd: NDArray[np.float64] = NOTHING.crowd,
    subject: Subject | None = None,
) -> NDArray[np.float64]:
    """How good a picture is from each place (P, 2) in each of TURNS directions from ``first`` on: (P, TURNS).

    weight (6,): of depth, room, edges, lamps, asymmetry and contrast; 1 is usual. lamp, subject: as for
    ``choose_pose``. crowd: as in ``Landmarks``. Larger scores are better.
    """
    angles = _angles(first)
    lines = outlines(plan, EYE_M)
    around = np.minimum(cast(lines, places, angles), SIGHT_M)
    half, window = _pictures(fov)
    seen = around[:, window]
    low = np.minimum(cast(outlines(plan, KNEE_M), places, angles), SIGHT_M)
    reaching = _crowded(plan, crowd, places, angles)
    low = np.minimum(low, reaching)[:, window]
    filled = CROWDED * (reaching[:, window] < CROWDED_M).mean(axis=2)
    depth = seen.max(axis=2) / SIGHT_M
    room = np.log(np.clip(seen, 0.5, 16.0)).mean(axis=2) / np.log(16.0)
    edges = np.minimum((np.abs(np.diff(np.log(seen), axis=2)) > 0.25).sum(axis=2), 6) / 6
    left, right = (np.log1p(part.mean(axis=2)) for part in (seen[..., :half], seen[..., -half:]))
    lopsided = np.minimum(np.abs(left - right), 0.8) / 0.8
    on = plan.lamp_xy[plan.lamp_state == LampState.ON]
    lamps = _lamps_in_view(on, places, around, first, half)
    bright = _lit(lines, on, places, around, angles)[:, window]
    lit = bright.mean(axis=2)
    contrast = 4.0 * lit * (1.0 - lit)
    merits = np.stack([depth, room, edges, lamps, lopsided, contrast])
    merits *= np.array([1.0, 0.8, 1.0, 1.0, 0.3, 0.8])[:, None, None]
    mood = dusk(plan, places, lit, seen) if lamp else 1.5 * lit + DREAD * _dark_beyond(seen, bright)
    if subject is not None:
        mood = mood + np.minimum(lit / ENOUGH_LIT, 1.0) * shown(plan, subject, places, angles, window)
    return np.tensordot(weight, merits, axes=1) + mood - filled - _faults(low) - _closed(seen, bright | lamp)


def _crowded(
    plan: Floorplan, crowd: NDArray[np.float64], places: NDArray[np.float64], angles: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How far it is from places to what reaches into rooms, in every direction: (P, TURNS) metres, or SIGHT_M."""
    if not len(crowd):
        return np.full((len(places), len(angles)), SIGHT_M)
    return np.minimum(cast(Outlines(crowd, grid_of_lines(plan.ceiling_m.shape, crowd)), places, angles), SIGHT_M)


def _dark_beyond(seen: NDArray[np.float64], bright: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How much of pictures (P, TURNS) opens into the dark, 0..1: DARK of their breadth is enough."""
    return np.minimum(((seen >= WALL_M) & ~bright).mean(axis=2) / DARK, 1.0)


def _closed(seen: NDArray[np.float64], bright: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What a wall takes from a picture (P, TURNS) that it fills more than CLOSED of; a dark one takes all it fills.

    seen (P, TURNS, N): free distances; bright: is it lit where they end?
    """
    near = seen < WALL_M
    return SHUT * np.maximum(near.mean(axis=2) - CLOSED, 0.0) + 4.0 * (near & ~bright).mean(axis=2)


def _faults(low: NDArray[np.float64]) -> NDArray[np.float64]:
    """What spoils a picture: a wall, be it a half wall, at the nose, across the middle, or all along one side.

    low (P, TURNS, N): free distances at the height of half walls.
    """
    centre = low.shape[2] // 2
    middle = low[..., centre - 4 : centre + 5].min(axis=2)
    cramped = (low < 2.0).mean(axis=2)
    return 3.0 * np.clip(3.0 - middle, 0.0, 1.0) + 3.0 * np.clip(1.0 - low.min(axis=2), 0.0, 1.0) + 2.0 * cramped


def _lamps_in_view(
    on: NDArray[np.float64], places: NDArray[np.float64], around: NDArray[np.float64], first: float, half: int
) -> NDArray[np.float64]:
    """How many lit lamps stand in each picture, the near ones counting more: (P, TURNS) in 0..1."""
    to = on[None] - places[:, None]
    away = np.hypot(to[..., 0], to[..., 1])
    ray = np.round((np.arctan2(to[..., 1], to[..., 0]) - first) / (2 * np.pi / TURNS)).astype(int) % TURNS
    shown = (np.take_along_axis(around, ray, axis=1) > away) & (away > LAMP_NEAR_M) & (away < LAMP_FAR_M)
    worth = np.zeros(around.shape)
    np.add.at(worth, (np.arange(len(places))[:, None], ray), shown / (1.0 + (away / 8.0) ** 2))
    return 1.0 - np.exp(-sum(np.roll(worth, k, axis=1) for k in range(-half, half + 1)))


def _lit(
    lines: Outlines, on: NDArray[np.float64], places: NDArray[np.float64], around: NDArray[np.float64],
    angles: NDArray[np.float64],
) -> NDArray[np.bool_]:  # fmt: skip
    """Does a lit lamp within LIT_M, nothing of ``lines`` between, make it bright where each ray (P, TURNS) ends?"""
    if not len(on):
        return np.zeros(around.shape, np.bool_)
    to_ends = (around[..., None] - 0.3) * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    ends = (places[:, None] + to_ends).reshape(-1, 2)
    end, lamp, away = near_pairs(on, ends, LIT_M, LAMPS_ASKED)
    asked, lamp = np.unique(lamp, return_inverse=True)
    free, to = cast(lines, on[asked], _angles(0.0)), ends[end] - on[asked][lamp]
    turn = np.round(np.arctan2(to[:, 1], to[:, 0]) / (2 * np.pi / TURNS)).astype(int) % TURNS
    lit = np.zeros(len(ends), np.bool_)
    lit[end[free[lamp, turn] > away - 0.1]] = True
    return lit.reshape(around.shape)


def _angles(first: float) -> NDArray[np.float64]:
    """The directions (TURNS,) looked in, radians."""
    return (first + np.arange(TURNS) * (2 * np.pi / TURNS)).astype(np.float64)


def _pictures(fov: float) -> tuple[int, NDArray[np.int64]]:
    """How many directions lie to either side of a picture's middle, and which (TURNS, N) each picture shows."""
    half = max(2, round(fov / 2 / (2 * np.pi / TURNS)))
    return half, (np.arange(TURNS)[:, None] + np.arange(half, -half - 1, -1)) % TURNS


def _appetite(seed: int) -> float:
    """What a thing in the picture is worth to a seed: to most much, to the others less than nothing."""
    rng = rng_for(seed, "camera.appetite")
    return -1.0 if rng.uniform() < EMPTY else HUNGER * float(np.exp(0.2 * rng.normal()))


def _candidates(
    plan: Floorplan, seed: int, landmarks: Landmarks, lamp: bool, about: tuple[float, float]
) -> NDArray[np.float64]:
    """Free places (P, 2) about a place of the world, and about the things there."""
    rng = rng_for(seed, "camera.places")
    middle = border_place(plan, _local(plan, about)) if lamp else _lit_middle(plan, _local(plan, about))
    radius, turn = RADIUS_M * np.sqrt(rng.uniform(size=4 * PLACES)), rng.uniform(0.0, 2 * np.pi, size=4 * PLACES)
    places = middle + radius[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    free = places[is_free(plan, places, CLEAR_M)][:PLACES]
    views = views_of(plan, landmarks, seed)
    views = views[np.hypot(*(views - middle).T) < RADIUS_M]
    found = np.concatenate([free, views[is_free(plan, views, CLEAR_M)]])
    found = found[_clear_of(landmarks.crowd, found)]
    if len(landmarks.kind):
        found = found[nearest_m(landmarks.at[:, :2], found) > ELBOW_M]
    return found if len(found) else _freed(plan, middle)[0]


def _clear_of(crowd: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which places (P, 2) are no nearer than CLEAR_M to what reaches into rooms, where any is."""
    if not len(crowd) or not len(places):
        return np.ones(len(places), np.bool_)
    near, _ = shapely.STRtree(shapely.linestrings(crowd.reshape(-1, 2, 2))).query(
        shapely.points(places), predicate="dwithin", distance=CLEAR_M
    )
    clear = np.ones(len(places), np.bool_)
    clear[near] = False
    return clear if clear.any() else ~clear


def _lit_middle(plan: Floorplan, middle: NDArray[np.float64]) -> NDArray[np.float64]:
    """The middle (2,) that places are drawn about: where no lamp burns there, the nearest that does."""
    on = plan.lamp_xy[plan.lamp_state == LampState.ON]
    away = np.hypot(*(on - middle).T)
    return on[np.argmin(away)] if len(on) and away.min() > RADIUS_M else middle


def _freed(plan: Floorplan, wanted: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """The nearest free place (1, 2) and its distance in metres."""
    found = nearest_free(plan, wanted)
    if found is None:
        raise NoclipError("there is nowhere to stand near this place; choose another --at or another seed")
    place = np.array(found)
    return place[None], float(np.hypot(*(place - wanted)))


def _local(plan: Floorplan, world: tuple[float, float]) -> NDArray[np.float64]:
    """A place of the world (2,) relative to the plan's origin."""
    i, j = chunk_of(*world)
    return np.array([world[0] - i * CHUNK_M + (i - plan.origin[0]) * CHUNK_M,
                     world[1] - j * CHUNK_M + (j - plan.origin[1]) * CHUNK_M])  # fmt: skip


def _attitude(seed: int) -> tuple[float, float]:
    """Pitch and roll, radians, of a camera held by hand: nearly level, and one time in six a Dutch angle."""
    rng = rng_for(seed, "camera.attitude")
    pitch = np.radians(np.clip(1.3 * rng.normal() - 0.8, -4.0, 3.0))
    tilt = 0.7 * rng.normal()
    if rng.uniform() < 1 / 6:
        tilt = rng.uniform(4.0, 8.0) * (1.0 if rng.uniform() < 0.5 else -1.0)
    return float(pitch), float(np.radians(tilt))
