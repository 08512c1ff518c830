"""A shot in words: what the operator does and for how long, or a path of points; read from TOML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import NoclipError, shown
from ..scene.beat import FORM, LONGEST_S, read_beat
from ..toml_file import read_toml


@dataclass(frozen=True)
class Beat:
    """One thing that the operator does (one of ``WORDS``) and its length in seconds."""

    word: str
    seconds: float


@dataclass(frozen=True)
class Script:
    """What happens in a shot.

    beats: in order. again: when they are over they begin again; else the last one goes on. path: points (x, y) in
    metres of the world to walk along; empty: the route is chosen.
    """

    beats: tuple[Beat, ...] = (Beat("walk", LONGEST_S),)
    path: tuple[tuple[float, float], ...] = ()
    again: bool = False

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


def beats_of(texts: Sequence[str]) -> tuple[Beat, ...]:
    """Beats from texts such as ``"walk 8"``.

    Raises NoclipError: an unknown word, no usable length, or no beat at all.
    """
    if not texts:
        raise NoclipError(f"film.beats: no beats; {FORM}")
    return tuple(_beat(text, "film.beats") for text in texts)


def read_script(path: Path) -> Script:
    """The script of a shot file: ``beats = ["walk 8", "look back 2.5"]``, ``path = [[x, y], …]``, or both.

    Raises NoclipError that names the line: unreadable or broken TOML, an unknown key or word, a wrong value.
    """
    data, text = read_toml(path, "shot")
    for key in data:
        if key not in ("beats", "path"):
            raise NoclipError(f"{path}: line {_line(text, key)}: unknown key {shown(key)}; known are beats, path")
    beats, points = data.get("beats", ["walk 36000"]), data.get("path", [])
    if not isinstance(beats, list) or not beats:
        raise NoclipError(f"{path}: line {_line(text, 'beats')}: beats is a list; {FORM}")
    spoken = tuple(_beat(b, f"{path}: line {_line(text, str(b))}") for b in beats)
    return Script(spoken, _points(points, f"{path}: line {_line(text, 'path')}"))


def _beat(text: Any, where: str) -> Beat:
    try:
        return Beat(*read_beat(text))
    except ValueError as error:
        raise NoclipError(f"{where}: {error}") from None


def _points(points: Any, where: str) -> tuple[tuple[float, float], ...]:
    if not isinstance(points, list) or not all(isinstance(p, list) and len(p) == 2 for p in points):
        points = [[None]]
    if not all(type(c) in (int, float) and abs(c) < 1e11 for p in points for c in p):
        raise NoclipError(f"{where}: path is a list of points in metres, such as [[3.0, 4.5], [12.0, 4.5]]")
    return tuple((float(x), float(y)) for x, y in points)


def _line(text: str, word: str) -> int:
    """Line, from 1, on which a word stands first."""
    return text[: max(text.find(word), 0)].count("\n") + 1
