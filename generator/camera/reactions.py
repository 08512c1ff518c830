"""Reactions: what an operator does on seeing something, planned as the walk goes on, before any frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..seed import Rng, rng_for, share_of
from .easing import LEAST_JERK_PEAK, eased
from .notice import Sight, Surroundings, What, clear, lamps_seen, openings_seen, things_seen
from .script import QUICKEST_S, REACTING, Script

Deed = Literal["stop", "linger", "glance", "back"]
DELAY_S = (0.3, 1.2)
"""From first sight to the reaction."""
LOOKS = 4
"""A thing is in view long enough after so many looks, a tenth of a second apart."""
GONE_S = 0.9
"""What was last in view longer ago is forgotten."""
TURN, TURN_BACK = np.radians(120.0), np.radians(165.0)
"""Peak speeds at which a camera at the eye is turned to something, and behind, radians a second.
Source: heads turned as fast as people can reach 780°/s, those of walkers stay under 90°/s; Grossman et al., "Frequency
and velocity of rotational head perturbations during locomotion", Experimental Brain Research 70, 1988."""
HOLD_S: dict[Deed, tuple[float, float]] = {
    "stop": (2.1, 4.0), "linger": (2.0, 2.7), "glance": (0.5, 1.0), "back": (0.5, 0.9),
}  # fmt: skip
CALM_S = 0.8
"""Least time between reactions."""
STOPS_APART_S, BACKS_APART_S, GLANCES_APART_S = 10.0, 30.0, 3.0
HEEDED: dict[What, float] = {"thing": 1.0, "lamp": 0.6, "dark": 0.33, "view": 0.33, "corner": 0.33}
"""Share of what is seen that draws a reaction."""
STAND_M = (2.2, 4.0)
"""How near an operator comes before stopping, where the route leads nearer."""
ON_S = 2.5
"""Longest time that an operator walks on, looking, before stopping."""
ZOOMED, ZOOM = 0.3, 1.5
"""Share of full stops with a zoom, and how much of one."""
STEPPED, STEP_MS = 0.6, 0.7
"""Share of full stops with a step off the route, and its peak speed, m/s."""
CORRECTING_S = 0.43
"""Time in which a turn that went too far is put right."""
AFTER_S = 0.4
"""The way back to the route takes so much longer than the way off it."""
BACK = 0.4
"""Share of full stops after which the operator glances back, once."""
FARTHEST = np.radians(105.0)
"""Nobody who walks on looks further aside than this."""


@dataclass(frozen=True)
class Reaction:
    """One look at something.

    deed: what is done; what, key, at: of the ``Sight``; also: key of a second thing looked at, or -1. start_s: when the
    camera begins to turn, which takes turn_s; from then the look is held for hold_s, and given up within back_s.
    overshoot: share of the turn that is too much, then corrected. scan: radians that the look shifts by while held.
    zoom: factor. step (2,) metres off the route. on_s: how long the operator walks on before stopping.
    """

    deed: Deed
    what: What
    key: int
    also: int
    at: tuple[float, float, float]
    start_s: float
    turn_s: float
    hold_s: float
    back_s: float
    overshoot: float
    scan: float
    zoom: float
    step: tuple[float, float]
    on_s: float

    @property
    def held_s(self) -> float:
        """When the look is held first: turned, and for a stop standing."""
        return self.start_s + max(self.turn_s, self.on_s)

    @property
    def settled_s(self) -> float:
        """When the camera is on the thing, the overshoot corrected."""
        return self.start_s + self.turn_s + CORRECTING_S

    @property
    def free_s(self) -> float:
        """When the look is given up."""
        return self.held_s + self.hold_s

    @property
    def end_s(self) -> float:
        """When all is over, the step back to the route too."""
        return self.free_s + max(self.back_s, step_s(self.step) + AFTER_S if any(self.step) else 0.0)


def turned(r: Reaction, now: float) -> tuple[float, float]:
    """How much of the turn to the thing is done, over 1 where it overshoots; and radians beside the thing."""
    t, free = now - r.start_s, 1.0 - eased((now - r.free_s) / r.back_s)
    right = r.overshoot * eased((t - r.turn_s - 0.08) / (CORRECTING_S - 0.08))
    rise = eased(t / r.turn_s) * (1.0 + r.overshoot) - right
    return rise * free, r.scan * eased((now - r.held_s - 0.45 * r.hold_s) / 0.5) * free


def pace(r: Reaction, now: float) -> float:
    """Share of the beat's speed that is walked at."""
    if not r.start_s <= now < r.free_s:
        return 1.0
    if r.deed == "stop":
        return 0.75 if now < r.start_s + r.on_s else 0.0
    return {"linger": 0.4, "glance": 0.9, "back": 0.55}[r.deed]


def zoomed(r: Reaction, now: float) -> float:
    """How many times the lens is longer than at its widest."""
    return 1.0 + (r.zoom - 1.0) * eased((now - r.held_s - 0.2) / 1.3) * (1.0 - eased((now - r.free_s + 0.8) / 1.2))


def stepped(r: Reaction, now: float) -> NDArray[np.float64]:
    """How far (2,) off the route the operator stands, metres."""
    needs = step_s(r.step)
    share = eased((now - r.held_s) / needs) * (1.0 - eased((now - r.free_s) / (needs + AFTER_S)))
    return share * np.array(r.step)


def step_s(step: tuple[float, float]) -> float:
    """Seconds that a step off the route takes."""
    return max(LEAST_JERK_PEAK * float(np.hypot(*step)) / STEP_MS, 0.5)


def breath_held(r: Reaction, now: float) -> float:
    """How much the breath is held, 0..1."""
    if r.deed != "stop":
        return 0.0
    return eased((now - r.start_s - r.turn_s) / 0.5) * (1.0 - eased((now - r.free_s + 0.3) / 0.4))


@dataclass(frozen=True)
class Seen:
    """A sight, when it was first and last in view, and in how many looks."""

    sight: Sight
    first_s: float
    last_s: float
    looks: int


class Attention:
    """What an operator has seen so far, and the reactions that came of it; it runs forward in time."""

    def __init__(
        self, about: Callable[[NDArray[np.float64]], Surroundings], script: Script, seed: int, fov: float, zoom: float,
        lamp: bool = False,
    ) -> None:  # fmt: skip
        self._about, self._script, self._seed = about, script, seed
        self._fov, self._zoom, self._lamp = fov, zoom, lamp
        self._seen: dict[int, Seen] = {}
        self._done: set[int] = set()
        self._stopped, self._backed = -STOPS_APART_S, -BACKS_APART_S
        self._owed: tuple[float, Reaction] | None = None
        self.reactions: list[Reaction] = []

    def now(self, now: float) -> Reaction | None:
        """The reaction under way, if there is one."""
        last = self.reactions[-1] if self.reactions else None
        return last if last is not None and now < last.end_s else None

    def look(
        self, now: float, here: NDArray[np.float64], yaw: float, body: float,
        way: Callable[[float], NDArray[np.float64]],
    ) -> None:  # fmt: skip
        """Look about from a place (2,); yaw: the camera's, body: the body's. way: places on the route ahead, metres."""
        around = self._about(here)
        for sight in self._sights(around, here, yaw):
            known = self._seen.get(sight.key)
            if known is None or now - known.last_s > 2.5 * GONE_S:
                known = Seen(sight, now, now, 0)
            self._seen[sight.key] = replace(known, last_s=now, looks=known.looks + 1)
        if self.reactions and now < self.reactions[-1].end_s + CALM_S:
            return
        made = self._glance_back(now, here, yaw, body) or self._reaction(now, around, here, yaw, body, way)
        if made is not None:
            self.reactions.append(made)
            self._done |= {made.key, made.also}

    def _sights(self, around: Surroundings, here: NDArray[np.float64], yaw: float) -> list[Sight]:
        """What is in view and heeded, and was not reacted to."""
        seen = things_seen(around, here, yaw, self._fov) + lamps_seen(around, here, yaw, self._fov)
        seen += openings_seen(around, here, yaw)
        fresh = [sight for sight in seen if sight.key not in self._done]
        return [s for s in fresh if share_of(self._seed, "camera.heed", s.key) < HEEDED[s.what]]

    def _reaction(
        self, now: float, around: Surroundings, here: NDArray[np.float64], yaw: float, body: float,
        way: Callable[[float], NDArray[np.float64]],
    ) -> Reaction | None:  # fmt: skip
        left, ripe = self._left(now), self._ripe(now, here)
        for seen in ripe:
            sight = seen.sight
            rng = rng_for(self._seed, "camera.react", sight.key)
            deed = self._deed(now, sight, left)
            if deed is None:
                continue
            made = _planned(deed, sight, now, here, yaw, body, rng)
            if deed == "stop":
                made = self._stop(made, around, here, way, rng)
            made = _within(made, here, body, way)
            if made.end_s - now > left:
                continue
            if deed in ("stop", "linger"):
                made = _scanned(made, [other.sight for other in ripe if other is not seen], here)
            if deed == "stop":
                self._stopped = now
                if rng.uniform() < BACK:
                    self._owed = made.end_s + rng.uniform(0.8, 2.0), made
            return made
        return None

    def _ripe(self, now: float, here: NDArray[np.float64]) -> list[Seen]:
        """What has been in view for long enough, the worthiest first."""
        low, high = DELAY_S

        def waited(seen: Seen) -> bool:
            delay = low + (high - low) * share_of(self._seed, "camera.delay", seen.sight.key) ** 1.5
            return seen.looks >= LOOKS and now - seen.first_s >= delay and now - seen.last_s < GONE_S

        def pull(seen: Seen) -> float:
            x, y, _ = seen.sight.at
            near = 1.0 / max(float(np.hypot(x - here[0], y - here[1])), 1.5)
            return seen.sight.worth * near + (1.0 if seen.sight.what == "thing" else 0.0)

        waiting = [seen for key, seen in self._seen.items() if key not in self._done]
        self._seen = {seen.sight.key: seen for seen in waiting if now - seen.last_s < 4 * GONE_S}
        return sorted(filter(waited, waiting), key=lambda seen: (-pull(seen), seen.sight.key))

    def _deed(self, now: float, sight: Sight, left: float) -> Deed | None:
        """What the time allows: a thing is stopped at, or looked at in passing; all else gets a glance."""
        if sight.what == "thing":
            if now - self._stopped >= STOPS_APART_S and left > 6.0:
                return "stop"
            return "linger" if left > 4.5 else "glance" if left > QUICKEST_S else None
        last = self.reactions[-1].end_s if self.reactions else 0.0
        pause = GLANCES_APART_S * (1.0 + share_of(self._seed, "camera.pause", len(self.reactions)))
        if left <= QUICKEST_S or now - last < pause:
            return None
        return "linger" if sight.what == "dark" and self._lamp and left > 4.5 else "glance"

    def _left(self, now: float) -> float:
        """Seconds for which beats go on that reactions may run in, counted up to ten."""
        at = now
        while at < now + 10.0:
            _, beat, start = self._script.at(at)
            if beat.word not in REACTING:
                break
            at = max(start + beat.seconds, at + 1e-6)
        return at - now

    def _stop(
        self, made: Reaction, around: Surroundings, here: NDArray[np.float64],
        way: Callable[[float], NDArray[np.float64]], rng: Rng,
    ) -> Reaction:  # fmt: skip
        """A full stop: how far the operator walks on, whether with a zoom, and where to step."""
        near = rng.uniform(*STAND_M)
        ahead = np.arange(0.0, ON_S * 0.8, 0.2)
        places = np.array([way(float(a)) for a in ahead])
        away = np.hypot(*(np.array(made.at[:2]) - places).T)
        closer = np.flatnonzero((away <= near) | (np.append(np.diff(away), 0.0) > -0.02))
        on = float(ahead[closer[0]] if len(closer) else ahead[-1]) / 0.8
        draw = rng.uniform(size=3)
        zoom = min(ZOOM, self._zoom) if draw[0] < ZOOMED else 1.0
        stand = way(on * 0.8 + 0.3)
        step = _step(np.array(made.at[:2]) - stand, draw[2]) if draw[1] < STEPPED else (0.0, 0.0)
        step = next((s for s in (step, (0.5 * step[0], 0.5 * step[1])) if _roomy(around, s, way, on)), (0.0, 0.0))
        hold = made.hold_s if step == (0.0, 0.0) else max(made.hold_s, step_s(step) + 1.2)
        return replace(made, on_s=on, zoom=zoom, step=step, hold_s=max(hold, 3.0) if zoom > 1.0 else hold)

    def _glance_back(self, now: float, here: NDArray[np.float64], yaw: float, body: float) -> Reaction | None:
        """A last look over the shoulder at what was left, now and then."""
        if self._owed is None or now < self._owed[0]:
            return None
        (_, first), self._owed = self._owed, None
        sight = Sight(first.key, first.what, first.at, 1.0, 1.0)
        made = _planned("back", sight, now, here, yaw, body, rng_for(self._seed, "camera.back", first.key))
        far = abs(_off(sight.at, here, body)) > np.radians(165.0)
        if far or now - self._backed < BACKS_APART_S or made.end_s - now > self._left(now):
            return None
        self._backed = now
        return made


def _off(at: tuple[float, float, float], here: NDArray[np.float64], body: float) -> float:
    """Angle to a thing off the body's direction, radians."""
    return float((np.arctan2(at[1] - here[1], at[0] - here[0]) - body + np.pi) % (2 * np.pi) - np.pi)


def _planned(
    deed: Deed, sight: Sight, now: float, here: NDArray[np.float64], yaw: float, body: float, rng: Rng
) -> Reaction:
    """A look at something: the further to turn, the longer it takes, and the more it overshoots."""
    aim, to = yaw - body, _off(sight.at, here, body)
    turn, home = abs(to - aim), abs(to) + np.radians(12.0)
    u = rng.uniform(size=5)
    fastest = TURN_BACK if deed == "back" else TURN
    turn_s, back_s = (max(LEAST_JERK_PEAK * angle / fastest, 0.45) for angle in (turn, home))
    turn_s, back_s = turn_s * (0.95 + 0.3 * u[0]), back_s * (0.95 + 0.3 * u[4])
    low, high = HOLD_S[deed]
    over = (0.03 + 0.08 * u[2]) * min(turn / np.radians(25.0), 1.0)
    scan = np.radians(3.0 + 4.0 * abs(2.0 * u[3] - 1.0)) * (1.0 if u[3] < 0.5 else -1.0)
    scan = scan if deed in ("stop", "linger") else 0.0
    hold_s = low + (high - low) * u[1]
    which = deed, sight.what, sight.key, -1, sight.at
    return Reaction(*which, now, turn_s, hold_s, back_s, over, scan, 1.0, (0.0, 0.0), 0.0)


def _within(
    made: Reaction, here: NDArray[np.float64], body: float, way: Callable[[float], NDArray[np.float64]]
) -> Reaction:
    """The look given up before the thing is too far behind, and as slowly as the angle by then asks for."""
    if made.deed == "back":
        return made
    speed = {"stop": 0.0, "linger": 0.6, "glance": 1.1}[made.deed]
    off, start = 0.0, 0.8 * made.on_s
    for t in np.arange(0.0, made.held_s - made.start_s + made.hold_s, 0.1):
        off = _off(made.at, way(start + speed * float(t)), _heading(way, start + speed * float(t), body))
        if speed and abs(off) > FARTHEST and t > made.turn_s:
            made = replace(made, hold_s=max(float(t) - made.turn_s, CORRECTING_S))
            break
    return replace(made, back_s=max(made.back_s, LEAST_JERK_PEAK * abs(off) / TURN))


def _heading(way: Callable[[float], NDArray[np.float64]], at: float, body: float) -> float:
    """Which way the body is turned at a place ahead."""
    to = way(at + 1.0) - way(at)
    return float(np.arctan2(to[1], to[0])) if np.hypot(*to) > 0.05 else body


def _scanned(made: Reaction, others: list[Sight], here: NDArray[np.float64]) -> Reaction:
    """The look shifts to a second thing where one is near the first in the picture."""
    first = np.arctan2(made.at[1] - here[1], made.at[0] - here[0])
    for other in others:
        off = _off(other.at, here, float(first))
        if other.what == "thing" and abs(off) < np.radians(28.0):
            return replace(made, also=other.key, scan=off, hold_s=made.hold_s + 0.8)
    return made


def _step(to: NDArray[np.float64], draw: float) -> tuple[float, float]:
    """A step towards a thing, or aside where it is near."""
    away = max(float(np.hypot(*to)), 1e-6)
    along = to / away
    if away > 2.0:
        long = min(0.35 + 0.55 * draw, away - 1.4)
        return float(long * along[0]), float(long * along[1])
    side = (0.25 + 0.3 * draw) * (1.0 if draw < 0.5 else -1.0)
    return float(-side * along[1]), float(side * along[0])


def _roomy(
    around: Surroundings, step: tuple[float, float], way: Callable[[float], NDArray[np.float64]], on_s: float
) -> bool:
    """Whether nothing is in the way of a step, from wherever it is begun or ended on the route."""
    ahead = np.arange(0.0, on_s * 0.9 + 3.0, 0.15)
    places = np.array([way(float(a)) for a in ahead])[:, None] + np.linspace(0.0, 1.0, 6)[:, None] * np.array(step)
    return clear(around, places.reshape(-1, 2))
