"""The operator's body in time: how fast along the route, how high the camera, and where it is turned."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..plan.sight import cast
from ..seed import hash64, rng_for
from .attention import Attention
from .easing import LEAST_JERK_PEAK, eased
from .footing import lifts, stair_limit
from .gaze import Gaze, hesitations, lean_at
from .path import STEP_M, Around, Route
from .reactions import Reaction, breath_held, pace, stepped, turned, zoomed
from .script import SPEED, Script
from .shot import FIELD_S
from .turns import wrapped

EYE_M = 1.60
"""Height of the lens: a grown-up with a camcorder at the eye."""
CROUCH_M = 0.95
LYING_M = 0.09
"""Height of the lens of a camcorder that lies on its side."""
TURN_S = 0.30
"""Time constant of the turning body."""
LARGEST_TURN = np.radians(115.0)
LOOK_FIELDS = 6
FARTHEST_LOOK_M = 5.0
"""An operator looks where the way was last in view, at most so far ahead, and makes sure of it ten times a second."""
GRAVITY = 9.81
GLANCE, BACK = (float(np.radians(speed)) for speed in (85.0, 200.0))
"""Peak speeds, radians a second, at which beats turn the camera aside, and behind."""
BEHIND = np.radians([178.0, 168.0, 158.0, 148.0, 138.0, -148.0, -158.0, -168.0, -178.0])
"""Directions over the shoulder, over the other too, of which the one is looked in where one sees farthest."""
BACK_M = 1.2
"""How far on an operator is when the look back is held."""
SHUT_M, SEARCHING = 4.0, float(np.radians(100.0))
"""Who stands where nothing is to be seen within this looks farther to both sides for an opening."""
TIPPED = 0.85
"""Share of the way down or up to a thing that the camera is tipped: a picture shows more than its middle."""
SIDEWAYS = {"run": 1.1, "walk": 0.55}
"""Acceleration sideways in a bend, m/s²: who walks takes corners slowly."""
GAZE_AHEAD_M = 1.2
"""The gaze runs so far ahead of the way that is in view."""
LEAN_S = 0.35
"""Time constant of leaning into a bend."""
PITCHES = (float(np.radians(-42.0)), float(np.radians(30.0)))
"""How far down and up the camera is tipped to something."""


@dataclass(frozen=True)
class Body:
    """The operator without hands over N fields: xy (N, 2) on the route, height (N,) of the lens, yaw, pitch, roll (N,),
    speed (N,) m/s, turning (N,) rad/s, effort (N,) 0..1, fallen (N,) 1 where the camera is out of the hands, zoom (N,)
    times the lens's length, held (N,) 1 where the breath is held."""

    xy: NDArray[np.float64]
    height: NDArray[np.float64]
    yaw: NDArray[np.float64]
    pitch: NDArray[np.float64]
    roll: NDArray[np.float64]
    speed: NDArray[np.float64]
    turning: NDArray[np.float64]
    effort: NDArray[np.float64]
    fallen: NDArray[np.float64]
    zoom: NDArray[np.float64]
    held: NDArray[np.float64]


def length_needed(script: Script, fields: int) -> float:
    """Metres that the beats of a shot can cover at most."""
    whole, at = 0.0, 0.0
    while at < fields * FIELD_S:
        _, beat, start = script.at(at)
        until = min(start + beat.seconds, fields * FIELD_S)
        whole += SPEED[beat.word] * (until - at) + 0.5
        at = max(start + beat.seconds, at + FIELD_S)
    return whole + 8.0


def walk_route(
    route: Route, script: Script, count: int, seed: int, yaw: float, where: Around | None,
    attention: Attention | None = None, old: bool = False,
) -> Body:  # fmt: skip
    """The body of every field. where: ground to look around on; without it nothing aside is looked at.

    attention: what draws reactions; None: nothing does. old: as versions before 0.2 walked.
    """
    walk = _Walk(route, script, seed, yaw, where, attention, old)
    rows = [walk.step(n) for n in range(count)]
    columns = {f.name: np.array([row[k] for row in rows], np.float64) for k, f in enumerate(fields(Body)[1:], start=1)}
    return Body(xy=np.array([row[0] for row in rows], np.float64).reshape(count, 2), **columns)


class _Look(NamedTuple):
    """Place (2,), yaw, pitch and roll of the camera, speed of the body, zoom, and how much the breath is held."""

    at: NDArray[np.float64]
    yaw: float
    pitch: float
    roll: float
    speed: float
    zoom: float = 1.0
    held: float = 0.0


class _Walk:
    """One walk under way, a field at a time."""

    def __init__(
        self, route: Route, script: Script, seed: int, yaw: float, where: Around | None, attention: Attention | None,
        old: bool,
    ) -> None:  # fmt: skip
        self._route, self._script, self._seed, self._where = route, script, seed, where
        self._attention, self._gaze = attention, None if old else Gaze(seed)
        self._limit = _corner_speed(route.xy, SIDEWAYS["run"])
        self._careful = self._limit if old else _corner_speed(route.xy, SIDEWAYS["walk"])
        if where is not None and not old:
            self._careful = np.minimum(self._careful, hesitations(route, where, seed))
        self._lifts = lifts(route)
        self._limit = np.minimum(self._limit, stair_limit(route, "run"))
        self._careful = np.minimum(self._careful, stair_limit(route, "walk"))
        self._at, self._speed = 0.0, 0.0
        self._yaw, self._turning = yaw, 0.0
        self._offset = 0.0
        self._height, self._pitch, self._effort = EYE_M, np.radians(-1.5), 0.0
        self._beat, self._targets, self._own = -1, (0.0, 0.0), True
        self._ahead = 1.5
        self._toward, self._lean, self._gazed = 0.0, 0.0, 0.0
        self._off, self._camera = np.zeros(2), yaw

    def step(self, n: int) -> tuple:
        """Middle of field n: one row of ``Body``."""
        now = (n + 0.5) * FIELD_S
        number, beat, start = self._script.at(now)
        reaction = None if self._attention is None else self._attention.now(now)
        if number != self._beat:
            self._beat, self._targets = number, self._aside(number, beat.word)
            self._own = reaction is None or now >= reaction.free_s
        elif reaction is not None and reaction.settled_s <= now < reaction.free_s:
            self._own = False
        into, left = now - start, start + beat.seconds - now
        self._go(beat.word, 1.0 if reaction is None else pace(reaction, now))
        self._turn(n, beat.word, into, left)
        crouched = beat.word == "hide" and left > 0.9
        self._height += ((CROUCH_M if crouched else EYE_M) - self._height) * FIELD_S / 0.28
        self._effort += (min(self._speed / 2.9, 1.0) ** 2 - self._effort) * FIELD_S / 2.0
        look = self._looked(n, now, beat.word == "drop")
        pose, fallen = [self._height, look.yaw, look.pitch, look.roll], 0.0
        if beat.word == "drop":
            pose, fallen = _falling(into, left, pose, hash64(self._seed, "camera.drop", number))
        pose[0] += self._lift()
        return (look.at, *pose, look.speed, self._turning, self._effort, fallen, look.zoom, look.held)

    def _looked(self, n: int, now: float, dropped: bool) -> _Look:
        """What gaze and reactions make of the body's pose."""
        here = self._place()
        if self._gaze is None:
            return _Look(here, self._yaw + self._offset, self._pitch, 0.0, self._speed)
        if self._attention is not None and n % LOOK_FIELDS == 0:
            self._attention.look(now, here + self._off, self._camera, self._yaw, self._place)
        to = self._place(self._ahead + GAZE_AHEAD_M) - here
        ahead = wrapped(np.arctan2(to[1], to[0]) - self._yaw) if np.hypot(*to) > 0.5 else 0.0
        self._lean += (lean_at(self._route.xy, self._at, self._speed) - self._lean) * FIELD_S / LEAN_S
        if not dropped:
            self._gazed = self._gaze.at(now, ahead)
        yaw = self._yaw + self._offset + self._gazed
        look = _Look(here, yaw, self._pitch, self._lean, self._speed)
        reaction = None if self._attention is None else self._attention.now(now)
        if reaction is not None:
            look = self._reacted(look, reaction, now)
        self._camera = look.yaw
        return look

    def _reacted(self, look: _Look, reaction: Reaction, now: float) -> _Look:
        """The same while something is looked at."""
        off = stepped(reaction, now)
        velocity = self._speed * np.array([np.cos(self._yaw), np.sin(self._yaw)]) + (off - self._off) / FIELD_S
        self._off, at = off, look.at + off
        to, (share, scan) = np.array(reaction.at[:2]) - at, turned(reaction, now)
        fresh = wrapped(np.arctan2(to[1], to[0]) - self._yaw)
        begins = now - reaction.start_s < FIELD_S
        self._toward = fresh if begins else self._toward + wrapped(fresh - self._toward)
        over = reaction.at[2] - (self._height + self._lift())
        rise = np.clip(np.arctan2(over, np.hypot(*to)), *PITCHES)
        return _Look(
            at,
            look.yaw + share * (self._yaw + self._toward - look.yaw) + scan,
            look.pitch + share * (TIPPED * float(rise) - look.pitch),
            look.roll,
            float(np.hypot(*velocity)),
            zoomed(reaction, now),
            breath_held(reaction, now),
        )

    def _go(self, word: str, share: float) -> None:
        """Speed and place: as the beat wants, slower round corners, to rest at the route's end."""
        ahead = int(self._at / STEP_M)
        limit = self._limit if word == "run" else self._careful
        near = limit[ahead : ahead + max(int(self._speed * 0.9 / STEP_M), 8)]
        wanted = min(SPEED[word] * (1.0 + 0.04 * np.sin(0.9 * self._at)), float(near.min()) if len(near) else 0.0)
        wanted *= share
        if self._route.closed:
            rest = max((len(self._route.xy) - 1) * STEP_M - self._at - 0.05, 0.0)
            wanted = min(wanted, float(np.sqrt(1.6 * rest)))
        hardest = 2.6 if word == "run" or self._speed > 1.6 else 1.3
        change = np.clip((wanted - self._speed) / 0.35, -1.6 * hardest, hardest)
        self._speed = max(self._speed + float(change) * FIELD_S, 0.0)
        self._at = min(self._at + self._speed * FIELD_S, (len(self._route.xy) - 1) * STEP_M)

    def _turn(self, n: int, word: str, into: float, left: float) -> None:
        """Yaw towards the way ahead, through the turn before the feet; aside or behind where the beat says so."""
        here = self._place()
        if n % LOOK_FIELDS == 0:
            self._ahead = self._visible(here)
        near, far = self._place(0.7), self._place(self._ahead)
        way = 0.25 * (near - here) + 0.75 * (far - here)
        if np.hypot(*way) > 0.05:
            error = wrapped(np.arctan2(way[1], way[0]) - self._yaw)
            push = (error / TURN_S - 2.0 * self._turning) / TURN_S
            self._turning = float(np.clip(self._turning + push * FIELD_S, -LARGEST_TURN, LARGEST_TURN))
        else:
            self._turning *= 1.0 - FIELD_S / TURN_S
        self._yaw += self._turning * FIELD_S
        self._offset = self._glance(word, into, left) if self._own else 0.0

    def _glance(self, word: str, into: float, left: float) -> float:
        """How far the camera is turned off the body's direction now, radians."""
        first, second = self._targets
        whole = into + left
        if self._gaze is not None:
            return _unhurried(word, first, second, into, left)
        if word == "look back":
            turn = min(1.1, 0.45 * whole)
            return first * eased(into / turn) * eased(left / turn)
        if word in ("investigate", "stand", "hide"):
            half = eased(into / min(1.6, 0.3 * whole)), eased((into - 0.5 * whole) / min(1.6, 0.25 * whole))
            return (first * half[0] + (second - first) * half[1]) * eased(left / min(1.2, 0.2 * whole))
        return 0.0

    def _aside(self, number: int, word: str) -> tuple[float, float]:
        """Two directions to look in during a beat, off the body's: the deepest views, or where the sound came from."""
        u = rng_for(self._seed, "camera.glance", number).uniform(size=4)
        side = 1.0 if u[0] < 0.5 else -1.0
        old = self._gaze is None
        if word == "look back":
            plain = side * np.radians(150.0 + 25.0 * u[1])
            return (plain if old or self._where is None else self._deepest(side * BEHIND, BACK_M)[0]), 0.0
        wide = np.radians({"investigate": 75.0, "hide": 40.0}.get(word, 35.0))
        if self._where is None:
            return side * wide * (0.5 + 0.5 * u[1]), -side * wide * (0.4 + 0.5 * u[2])
        turns = np.linspace(0.25, 1.0, 12)
        ends = [self._deepest(s * turns * wide) for s in (side, -side)]
        if not old and word == "stand" and max(free for _, free in ends) < SHUT_M:
            ends = [self._deepest(s * turns * SEARCHING) for s in (side, -side)]
        return ends[0][0], ends[1][0]

    def _deepest(self, turns: NDArray[np.float64], ahead: float = 0.0) -> tuple[float, float]:
        """Of some directions off the body's, so many metres ahead, that in which one sees farthest, and how far."""
        assert self._where is not None
        here, to = self._place(ahead), self._place(ahead + 0.7) - self._place(ahead)
        body = float(np.arctan2(to[1], to[0])) if ahead and np.hypot(*to) > 0.05 else self._yaw
        free = cast(self._where.lines, here + self._where.shift, body + turns)[0]
        return float(turns[np.argmax(free)]), float(free.max())

    def _visible(self, here: NDArray[np.float64]) -> float:
        """How far along the route, metres, the way is still in view: that is where an operator looks."""
        if self._where is None:
            return 1.5 + 0.9 * self._speed
        ahead = np.arange(1.0, FARTHEST_LOOK_M, 0.4)
        to = np.array([self._place(float(a)) for a in ahead]) - here
        free = cast(self._where.lines, here + self._where.shift, np.arctan2(to[:, 1], to[:, 0]))[0]
        hidden = np.flatnonzero(free < np.hypot(to[:, 0], to[:, 1]) + 0.15)
        return float(ahead[max(hidden[0] - 1, 0)] if len(hidden) else ahead[-1])

    def _lift(self) -> float:
        """How high the ground lifts the body here, metres."""
        at = min(self._at / STEP_M, len(self._lifts) - 1.0)
        k = max(min(int(at), len(self._lifts) - 2), 0)
        low, high = self._lifts[k], self._lifts[min(k + 1, len(self._lifts) - 1)]
        return float(low + (at - k) * (high - low))

    def _place(self, ahead: float = 0.0) -> NDArray[np.float64]:
        """A place (2,) on the route so many metres ahead."""
        at = min((self._at + ahead) / STEP_M, len(self._route.xy) - 1.0)
        k = min(int(at), len(self._route.xy) - 2)
        return self._route.xy[k] + (at - k) * (self._route.xy[k + 1] - self._route.xy[k])


def _unhurried(word: str, first: float, second: float, into: float, left: float) -> float:
    """How far a beat turns the camera off the body's direction: the further, the longer it takes."""
    whole, each = into + left, LEAST_JERK_PEAK / GLANCE
    if word == "look back":
        turn = min(1.6, 0.45 * whole)
        first = float(np.clip(first, -BACK * turn / LEAST_JERK_PEAK, BACK * turn / LEAST_JERK_PEAK))
        return first * eased(into / turn) * eased(left / turn)
    if word not in ("investigate", "stand", "hide"):
        return 0.0
    takes = np.array([abs(first), abs(second - first), abs(second)]) * each
    share = min(0.85 * whole / max(float(takes.sum()), 1e-6), 1.0)
    first, second, takes = first * share, second * share, np.maximum(takes * share, 0.05)
    rest = 0.5 * (whole - float(takes.sum()))
    there = first * eased(into / takes[0]) + (second - first) * eased((into - takes[0] - rest) / takes[1])
    return there * eased(left / takes[2])


def _corner_speed(xy: NDArray[np.float64], sideways: float) -> NDArray[np.float64]:
    """(N,) fastest comfortable speed on a curve: at most so many m/s² sideways, bends taken over 0.4 m."""
    reach = round(0.4 / STEP_M)
    if len(xy) <= 2 * reach:
        return np.full(len(xy), 3.0)
    before, after = xy[reach:-reach] - xy[: -2 * reach], xy[2 * reach :] - xy[reach:-reach]
    bend = np.arctan2(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], (before * after).sum(axis=1))
    speed = np.sqrt(sideways / np.maximum(np.abs(bend) / (reach * STEP_M), 0.05))
    return np.concatenate([np.full(reach, speed[0]), np.maximum(speed, 0.45), np.full(reach, speed[-1])])


def _falling(into: float, left: float, held: list[float], key: int) -> tuple[list[float], float]:
    """Height, yaw, pitch and roll of a dropped camera, and whether it is out of the hands; picked up at the end."""
    side = 1.0 if key & 1 else -1.0
    tilt, swerve = 74.0 + (key >> 8 & 255) / 16.0, (key >> 16 & 255) / 255.0 - 0.5
    height, yaw, pitch, _ = held
    fall = np.sqrt(2.0 * (height - LYING_M) / GRAVITY)
    spin = eased(min(into / fall, 1.0) * 0.9) if into < fall else 1.0
    drop = max(height - 0.5 * GRAVITY * into * into, LYING_M)
    bounce = into - fall
    if 0.0 < bounce < 0.18:
        drop += 0.05 * 4.0 * (bounce / 0.18) * (1.0 - bounce / 0.18)
    rock = np.exp(-max(bounce, 0.0) / 0.12) * np.sin(38.0 * max(bounce, 0.0)) if bounce > 0 else 0.0
    lying = [drop, yaw + 0.7 * swerve * spin, pitch * (1 - spin) + np.radians(3.0 + 5.0 * rock) * spin,
             side * np.radians(tilt + 7.0 * rock) * spin]  # fmt: skip
    up = eased(left / 1.1) if into > fall + 0.5 else 1.0
    return [h + (f - h) * up for h, f in zip(held, lying, strict=True)], 1.0 if up == 1.0 and into > 0.05 else 0.0
