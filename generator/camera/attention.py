"""Attention: what an operator has seen so far, and what comes of it, planned as the walk goes on, before any frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..seed import rng_for, share_of
from .deeds import Way, offset, planned, scanned, stopped, within
from .notice import Sight, Surroundings, What, lamps_seen, openings_seen, things_seen
from .reactions import Deed, Reaction
from .script import QUICKEST_S, REACTING, Script

DELAY_S = (0.3, 1.2)
"""From first sight to the reaction."""
LOOKS = 4
"""A thing is in view long enough after so many looks, a tenth of a second apart."""
GONE_S = 0.9
"""What was last in view longer ago is forgotten."""
CALM_S = 0.8
"""Least time between reactions."""
STOPS_APART_S, BACKS_APART_S, GLANCES_APART_S = 10.0, 30.0, 3.0
"""Least time between full stops, glances back, and from a reaction to a glance."""
HEEDED: dict[What, float] = {"thing": 1.0, "lamp": 0.6, "dark": 0.33, "view": 0.33, "corner": 0.33}
"""Share of what is seen that draws a reaction."""
BACK = 0.4
"""Share of full stops after which the operator glances back, once."""


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
        way: Way,
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
        way: Way,
    ) -> Reaction | None:  # fmt: skip
        left, ripe = self._left(now), self._ripe(now, here)
        for seen in ripe:
            sight = seen.sight
            rng = rng_for(self._seed, "camera.react", sight.key)
            deed = self._deed(now, sight, left)
            if deed is None:
                continue
            made = planned(deed, sight, now, here, yaw, body, rng)
            if deed == "stop":
                made = stopped(made, around, way, self._zoom, rng)
            made = within(made, body, way)
            if made.end_s - now > left:
                continue
            if deed in ("stop", "linger"):
                made = scanned(made, [other.sight for other in ripe if other is not seen], here)
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

    def _glance_back(self, now: float, here: NDArray[np.float64], yaw: float, body: float) -> Reaction | None:
        """A last look over the shoulder at what was left, now and then."""
        if self._owed is None or now < self._owed[0]:
            return None
        (_, first), self._owed = self._owed, None
        sight = Sight(first.key, first.what, first.at, 1.0)
        made = planned("back", sight, now, here, yaw, body, rng_for(self._seed, "camera.back", first.key))
        far = abs(offset(sight.at, here, body)) > np.radians(165.0)
        if far or now - self._backed < BACKS_APART_S or made.end_s - now > self._left(now):
            return None
        self._backed = now
        return made
