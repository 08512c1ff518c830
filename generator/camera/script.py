"""A shot in words: what the operator does and for how long, or a path of points; read from TOML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NoclipError, shown
from ..scene.beat import FORM, LONGEST_S, read_beat
from ..seed import rng_for
from ..toml_file import read_toml

if TYPE_CHECKING:
    from ..scene.film import FilmSettings

KEYS = ("beats", "path", "react", "zoom")
SPEED = {"walk": 1.15, "run": 2.9, "investigate": 0.45, "look back": 0.7, "hide": 0.0, "drop": 0.0, "stand": 0.0}
"""Metres a second. Source: comfortable and running speeds of grown-ups indoors, walked with a camera at the eye."""
REACTING = ("walk", "investigate")
"""Beats in which an operator reacts to what is to be seen."""
LEAST_S = {"look back": 1.4, "hide": 1.0, "drop": 0.6}
"""Least time that a person needs for a beat: to turn round and back, to crouch, to let go."""
WALKED_S = (4.0, 14.0)
BREAKS = {
    "investigate": (0.45, 3.0, 6.5), "stand": (0.25, 1.5, 4.0), "look back": (0.2, 3.0, 4.2), "run": (0.1, 1.5, 3.5),
}  # fmt: skip
"""What a walk is broken off for where the seed draws the beats: share, least and most seconds."""
DRAWN_S = 600.0
QUICKEST_S = 2.2
"""Least time that a reaction needs: to turn to a thing and away from it."""


@dataclass(frozen=True)
class Beat:
    """One thing that the operator does (one of ``WORDS``) and its length in seconds."""

    word: str
    seconds: float


@dataclass(frozen=True)
class Script:
    """What happens in a shot.

    beats: in order. again: when they are over they begin again; else the last one goes on. path: points (x, y) in
    metres of the world to walk along; empty: the route is chosen. react: whether the operator notices things; None:
    where the route is chosen. zoom: pairs of seconds and times that the lens is longer than at its widest.
    """

    beats: tuple[Beat, ...] = (Beat("walk", LONGEST_S),)
    path: tuple[tuple[float, float], ...] = ()
    again: bool = False
    react: bool | None = None
    zoom: tuple[tuple[float, float], ...] = ()

    @property
    def seconds(self) -> float:
        """Length of all beats together."""
        return sum(beat.seconds for beat in self.beats)

    def at(self, seconds: float) -> tuple[int, Beat, float]:
        """The beat that a time falls into: its number, counted on through repetitions, itself, and when it began."""
        whole = self.seconds
        turn = int(seconds // whole) if self.again else 0
        start, number = turn * whole, turn * len(self.beats)
        for beat in self.beats[:-1]:
            if seconds < start + beat.seconds:
                return number, beat, start
            start, number = start + beat.seconds, number + 1
        last = self.beats[-1]
        return number, last if self.again else replace(last, seconds=LONGEST_S), start


def script_of(film: FilmSettings, seed: int) -> Script:
    """The script of a scene's film, over and over: its beats, or, where it has none, those that its seed draws.

    Raises NoclipError: an unknown word, or no usable length.
    """
    return Script(beats_of(film.beats) if film.beats else drawn_beats(seed), again=True)


def beats_of(texts: Sequence[str]) -> tuple[Beat, ...]:
    """Beats from texts such as ``"walk 8"``.

    Raises NoclipError: an unknown word, no usable length, or no beat at all.
    """
    if not texts:
        raise NoclipError(f"film.beats: no beats; {FORM}")
    return tuple(_beat(text, "film.beats") for text in texts)


def drawn_beats(seed: int) -> tuple[Beat, ...]:
    """Draw ten minutes of walking, broken off now and then, so that no two seeds have one rhythm.

    Nobody runs without a look back first.
    """
    rng = rng_for(seed, "camera.beats")
    beats = [Beat("stand", rng.uniform(0.5, 2.0))] if rng.uniform() < 0.3 else []
    words, weights = list(BREAKS), np.cumsum([share for share, *_ in BREAKS.values()])
    while sum(beat.seconds for beat in beats) < DRAWN_S:
        word = words[int(np.searchsorted(weights, rng.uniform() * weights[-1]))]
        _, low, high = BREAKS[word]
        beats += [Beat("walk", rng.uniform(*WALKED_S)), Beat(word, rng.uniform(low, high))]
        if word == "run":
            beats.insert(-1, Beat("look back", rng.uniform(*BREAKS["look back"][1:])))
    return tuple(beats)


def read_script(path: Path) -> Script:
    """The script of a shot file: ``beats = ["walk 8", "look back 2.5"]``, ``path = [[x, y], …]``, or both.

    With ``react = true`` the operator notices things; ``zoom = [[seconds, times], …]`` says how long the lens is when.
    Raises NoclipError that names the line: unreadable or broken TOML, an unknown key or word, a wrong value, beats that
    leave no time.
    """
    data, text = read_toml(path, "shot")
    for key in data:
        if key not in KEYS:
            raise NoclipError(f"{path}: line {_line(text, key)}: unknown key {shown(key)}; known are {', '.join(KEYS)}")
    where = {key: f"{path}: line {_line(text, key)}" for key in KEYS}
    beats, react = data.get("beats", ["walk 36000"]), data.get("react", False)
    if not isinstance(beats, list) or not beats:
        raise NoclipError(f"{where['beats']}: beats is a list; {FORM}")
    if not isinstance(react, bool):
        raise NoclipError(f"{where['react']}: react is true or false")
    spoken = tuple(_beat(b, f"{path}: line {_line(text, str(b))}") for b in beats)
    points = _pairs(data.get("path", []), f"{where['path']}: path is a list of points in metres, "
                    "such as [[3.0, 4.5], [12.0, 4.5]]")  # fmt: skip
    zoom = _zoom(data.get("zoom", []), where["zoom"])
    script = Script(spoken, points, react=react, zoom=zoom)
    _check_time(script, where)
    return script


def _check_time(script: Script, where: Mapping[str, str]) -> None:
    """Raise NoclipError where beats leave no time for what they, or the rest of the shot, ask for."""
    for beat in script.beats:
        if beat.seconds < LEAST_S.get(beat.word, 0.0):
            raise NoclipError(f"{where['beats']}: {beat.word} in {beat.seconds:g} s: nobody is so quick; "
                              f"give it {LEAST_S[beat.word]:g} s or more")  # fmt: skip
    if script.path and not any(SPEED[beat.word] for beat in script.beats):
        raise NoclipError(f"{where['path']}: a path, but no beat in which it is walked; add a walk")
    if script.react and longest_free(script) < QUICKEST_S:
        raise NoclipError(f"{where['react']}: react = true, but walk and investigate never last {QUICKEST_S:g} s; "
                          "make one longer")  # fmt: skip
    if script.zoom and script.zoom[-1][0] > script.seconds:
        raise NoclipError(f"{where['zoom']}: zoom at {script.zoom[-1][0]:g} s, but the beats end after "
                          f"{script.seconds:g} s; make one longer")  # fmt: skip


def longest_free(script: Script) -> float:
    """Longest time, seconds, that beats in which the operator reacts go on without a break."""
    longest, now = 0.0, 0.0
    for beat in script.beats:
        now = now + beat.seconds if beat.word in REACTING else 0.0
        longest = max(longest, now)
    return longest


def _beat(text: Any, where: str) -> Beat:
    try:
        return Beat(*read_beat(text))
    except ValueError as error:
        raise NoclipError(f"{where}: {error}") from None


def _pairs(pairs: Any, said: str) -> tuple[tuple[float, float], ...]:
    """Pairs of numbers; raises NoclipError with what is ``said`` where they are none."""
    if not isinstance(pairs, list) or not all(isinstance(p, list) and len(p) == 2 for p in pairs):
        raise NoclipError(said)
    if not all(type(c) in (int, float) and abs(c) < 1e11 for p in pairs for c in p):
        raise NoclipError(said)
    return tuple((float(x), float(y)) for x, y in pairs)


def _zoom(pairs: Any, where: str) -> tuple[tuple[float, float], ...]:
    said = f"{where}: zoom is a list of seconds, later and later, and times from 1 on, such as [[3.0, 1.0], [4.5, 2.0]]"
    zoom = _pairs(pairs, said)
    times = [seconds for seconds, _ in zoom]
    if any(seconds < 0.0 or much < 1.0 for seconds, much in zoom) or any(b <= a for a, b in pairwise(times)):
        raise NoclipError(said)
    return zoom


def _line(text: str, word: str) -> int:
    """Line, from 1, on which a word stands first."""
    return text[: max(text.find(word), 0)].count("\n") + 1
