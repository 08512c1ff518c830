"""What many plays do to a tape and to what it was copied from, field by field; a new tape has none of it.

A creased edge lifts the tape off the drum, scratches and dirt leave bands that the heads read badly, and colour, which
lies deepest in what is left of the signal, goes in streaks. Source: the figures are set by eye against tapes of that
age; no measured ones are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..seed import rng_for, share_of
from .profile import Deck
from .raster import CHROMA_SAMPLES
from .timebase import normals

BARS = ((0.86, 0.07, 467.0, 0.026, 1.0, -1.0), (0.40, 0.75, 743.0, 0.022, 0.8, 0.55))
"""Bands of bad tracking: middle, how far it wanders up and down (shares of the height), fields that this takes, half
height, depth, and level of a slow swing in -1..1 that it needs to be there: the second shows one time in three."""
COMES_FIELDS = 911.0
FLOOR = 0.10
"""Least carrier left in a band."""
CREASE = 0.05
"""Share of the height, at the bottom, over which a creased edge lifts off."""
STREAKS = 90.0
"""Streaks of colour a field at full wear."""
STREAK_LONG = (6.0, 90.0)
"""Their lengths in samples at fsc: 1.7 to 25 us."""
STREAK_LINES = 4
"""Most lines of a field that a streak goes on for."""
STREAK_HIGH = 0.30
"""Their greatest amplitude, a share of black to white."""


@dataclass(frozen=True)
class Damage:
    """What wear does to one field.

    carrier (lines,): share of it that is left. turn (lines,): error of hue, radians. gain (lines,): of colour.
    shift_s (lines,): displacement of lines. streaks: line, first, last (N,) int32 samples at fsc, blue, red (N,).
    """

    carrier: NDArray[np.float64]
    turn: NDArray[np.float64]
    gain: NDArray[np.float64]
    shift_s: NDArray[np.float64]
    streaks: tuple[NDArray, NDArray, NDArray, NDArray, NDArray]


def damage_of(deck: Deck, seed: int, field: int, lines: int) -> Damage:
    """The damage in a field; none of it where the deck's ``wear`` is 0."""
    if deck.wear == 0.0:
        return _none(lines)
    share = (np.arange(lines) + 0.5) / lines
    key = field * 4096 + np.arange(lines)
    band = _bands(deck, seed, field, share, normals(seed, "tape.band", key))
    lifted = np.clip((share - 1.0 + CREASE) / CREASE, 0.0, 1.0) ** 2
    carrier = np.clip(1.0 - band - 0.8 * deck.wear * lifted, FLOOR, 1.0)
    lost = 1.0 - carrier
    uneven = _smooth(normals(seed, "tape.colour", np.append(key, key[-1] + 1)))
    slow = np.sin(2 * np.pi * (share_of(seed, "tape.hue") + field / 331.0 + 0.7 * share))
    turn = np.radians(deck.wear) * (14.0 * slow + 7.0 * uneven + 90.0 * lost * normals(seed, "tape.band.hue", key))
    gain = np.clip(1.0 - 0.12 * deck.wear + 0.22 * deck.wear * uneven - lost, 0.0, 1.5)
    shift = 0.5e-6 * lost * normals(seed, "tape.band.shift", key)
    return Damage(carrier, turn, gain, shift, _streaks(STREAKS * deck.wear, seed, field, lines))


@lru_cache(maxsize=4)
def _none(lines: int) -> Damage:
    """The damage of a tape that was never played."""
    whole, nothing = np.ones(lines), np.zeros(lines)
    return Damage(whole, nothing, whole, nothing, _streaks(0.0, 0, 0, lines))


def _bands(deck: Deck, seed: int, field: int, share: NDArray[np.float64], grain: NDArray[np.float64]):
    """Loss of carrier (lines,) in bands that wander up and down, each line of them its own."""
    loss = np.zeros(len(share))
    for number, (middle, wide, fields, half, depth, least) in enumerate(BARS):
        begins = share_of(seed, "tape.band", number)
        if np.sin(2 * np.pi * (7.0 * begins + field / COMES_FIELDS)) < least:
            continue
        phase = 2 * np.pi * (begins + field / fields)
        at = middle + wide * (0.75 * np.sin(phase) + 0.25 * np.sin(3.7 * phase))
        inside = np.exp(-(((share - at) / half) ** 2))
        loss = np.maximum(loss, depth * inside * (1.0 + 0.35 * grain))
    return min(1.6 * deck.wear, 1.0) * np.clip(loss, 0.0, 1.0)


def _smooth(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means of neighbours, one fewer than given, their variance kept."""
    return (x[1:] + x[:-1]) / np.sqrt(2.0)


def _streaks(mean: float, seed: int, field: int, lines: int):
    """Streaks of colour of one field in order of line; so many on average."""
    count = round(mean * (0.5 + share_of(seed, "tape.streak", field)))
    u = rng_for(seed, "tape.streaks", field).uniform(size=(6, count)) if count else np.zeros((6, 0))
    line, first = (u[0] * lines).astype(np.int32), (u[1] * CHROMA_SAMPLES).astype(np.int32)
    long = STREAK_LONG[0] + (STREAK_LONG[1] - STREAK_LONG[0]) * u[2] ** 3
    last = np.minimum(first + long.astype(np.int32), CHROMA_SAMPLES).astype(np.int32)
    size, turn = STREAK_HIGH * (0.25 + 0.75 * u[3] ** 2), 2 * np.pi * u[4]
    blue, red = (size * np.cos(turn)).astype(np.float32), (size * np.sin(turn)).astype(np.float32)
    deep = 1 + (u[5] ** 2 * STREAK_LINES).astype(np.int32)
    of = np.repeat(np.arange(count), deep)
    at = line[of] + np.arange(len(of), dtype=np.int32) - np.repeat(np.cumsum(deep) - deep, deep).astype(np.int32)
    order = of[np.argsort(at, kind="stable")]
    return np.sort(at), first[order], last[order], blue[order], red[order]
