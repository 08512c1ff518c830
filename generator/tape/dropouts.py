"""Where the tape's coating fails: short losses of the played-back carrier."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..seed import rng_for
from .profile import Deck
from .raster import ACTIVE, FIRST_LINE, LINE_S, PAD, SAMPLE_HZ

DEPTH_DB = (6.0, 10.0, 15.0, 20.0, 30.0, 40.0)
PER_SECOND = (32.8, 13.3, 8.0, 5.5, 4.3, 1.5)
"""Events a second that reach each depth. Source: measured decks."""
MEDIAN_S = (2.1e-6, 15.5e-6, 42e-6, 43e-6, 70e-6, 70e-6)
"""Median length of the events whose depth lies from each to the next. Source: the same."""
SPREAD = 0.7
"""Standard deviation of the lengths' logarithm."""
RECURS = 0.31
RECURS_LINES = 1.5
"""Share of events seen again on the next track, and how many lines later. Source: the same."""
MAX_RECURRENCE = 4
DEEPEST_DB = 50.0
COMET_DB = 10.0
"""Losses deeper than this may become comets: the limiter fails and the picture shoots to white, then recovers."""
COMET_LEVEL = (0.5, 1.4)
"""Least and greatest level of a comet's head, shares of black to white."""


@dataclass(frozen=True)
class Losses:
    """Losses of one field in order of line, (N,) each.

    line; first and last sample in it; middle and half length of the whole loss in that line's samples; depth at the
    middle, nepers; level of a comet's head, or 0. The loss in decibels falls off like a tent, as the gap under tape
    that a grain of dust lifts does. Source: spacing loss is proportional to the gap, Wallace, BSTJ 30, 1951.
    """

    line: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    middle: NDArray[np.float32]
    half: NDArray[np.float32]
    depth: NDArray[np.float32]
    comet: NDArray[np.float32]


def losses_of(deck: Deck, seed: int, field: int, lines: int) -> Losses:
    """The losses in a field's visible lines: its own, and those of earlier tracks that recur."""
    start, length, depth, comet = [], [], [], []
    for age in range(MAX_RECURRENCE + 1):
        t, s, d, times, c = _born(deck.dropouts, deck.comets, seed, field - age)
        again = times >= age
        start.append(t[again] + age * RECURS_LINES * LINE_S)
        length.append(s[again])
        depth.append(d[again])
        comet.append(c[again])
    t, s, d, c = (np.concatenate(x) for x in (start, length, depth, comet))
    return _cut_at_lines(t, s, d, c, lines)


@lru_cache(maxsize=64)
def _born(factor: float, comets: float, seed: int, field: int):
    """Events first met in a field: start and length in seconds, depth in dB, number of later tracks they recur on,
    level of a comet's head or 0."""
    rng = rng_for(seed, "tape.dropouts", field)
    count = _poisson(rng, factor * PER_SECOND[0] * FIELD_S * (1 - RECURS))
    if count == 0:
        return (np.zeros(0),) * 5
    reach = np.array([*PER_SECOND, 0.0]) / PER_SECOND[0]
    kind = np.searchsorted(1 - reach, rng.uniform(size=count), side="right") - 1
    edges = np.array([*DEPTH_DB, DEEPEST_DB])
    depth = edges[kind] + (edges[kind + 1] - edges[kind]) * rng.uniform(size=count)
    length = np.array(MEDIAN_S)[kind] * np.exp(SPREAD * rng.normal(count))
    again = np.floor(np.log(1.0 - rng.uniform(size=count)) / np.log(RECURS))
    start = rng.uniform(0.0, FIELD_S, count)
    drawn, level = rng.uniform(size=(2, count))
    head = np.where((drawn < comets) & (depth > COMET_DB), COMET_LEVEL[0] + np.diff(COMET_LEVEL) * level, 0.0)
    return start, length, depth, again, head


def _poisson(rng, mean: float) -> int:
    """A Poisson number, by inversion."""
    u, k, p = rng.uniform(), 0, np.exp(-mean)
    total = p
    while u > total and k < 10000:
        k += 1
        p *= mean / k
        total += p
    return k


def _cut_at_lines(start, length, depth, comet, lines: int) -> Losses:
    """Events in time as pieces of lines, in the padded line's samples; what falls into blanking is left out."""
    pieces = []
    samples_per_line = LINE_S * SAMPLE_HZ
    for t, s, d, head in zip(start, length, depth, comet, strict=True):
        begin = (t / LINE_S - FIRST_LINE) * samples_per_line
        end = begin + s * SAMPLE_HZ
        for line in range(max(0, int(begin // samples_per_line)), min(lines - 1, int(end // samples_per_line)) + 1):
            a, b = begin - line * samples_per_line + PAD, end - line * samples_per_line + PAD
            a, b = max(0.0, a), min(float(ACTIVE + 2 * PAD), b)
            if b > a:
                middle = (begin + end) / 2 - line * samples_per_line + PAD
                pieces.append((line, int(a), int(np.ceil(b)), middle, s * SAMPLE_HZ / 2, d * np.log(10) / 20, head))
    pieces.sort()
    table = np.array(pieces, dtype=np.float64).reshape(-1, 7)
    line, first, last = np.ascontiguousarray(table[:, :3].T).astype(np.int32)
    middle, half, deep, head = np.ascontiguousarray(table[:, 3:].T).astype(np.float32)
    return Losses(line, first, last, middle, half, deep, head)
