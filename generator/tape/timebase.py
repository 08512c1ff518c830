"""Where the lines of a field come to lie: drum, tape and wheel errors, the head switch, the television's line PLL."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..seed import GOLDEN, hash64, mix, share_of
from .design import decaying
from .profile import Deck
from .raster import BLANKED_LINES, FIRST_LINE, LINE_S

BANDS_HZ = (0.0, 70.0, 140.0, 300.0, 600.0, 1500.0)
BANDS_S = (45e-9, 23e-9, 11e-9, 6e-9, 4e-9)
"""rms time-base error in each band. Source: Panasonic PV-7450, measured."""
BOW_S = (77e-9, 39e-9)
"""Fixed bow of the lines over a field, head A and B. Source: the same."""
LINE_JITTER_S = 5e-9
"""White error from line to line, rms. Source: the same."""
PLL_LINES = 11.0
"""Time constant of the television's line PLL: a 0.8 us step leaves 72 ns 26 lines later. Source: measured sets."""
SWITCH_LINES = (2.5, 4.0)
"""Fewest and most visible lines below the head switch: 6.5 lines before vertical sync, give or take.
Source: US5675698."""
SWITCH_WANDER = 131.0
"""Fields in which the switch goes down and up once."""
LANDING_S = 40e-9
"""White error from line to line just after the head has landed, rms."""
CURL_LINES = 2
"""Lines before the first visible one at which a creased edge pulls the line aside."""
GRID_LINES = 4
"""The slow error is drawn every 4 lines (3.9 kHz) and interpolated."""
KERNEL = 511


@dataclass(frozen=True)
class Positions:
    """Displacement of a field's lines in seconds, right positive.

    start, end: (lines,) at either end of each line. switch: the line in which the head changes; switch_share: how
    far into that line; after: displacement of the rest of it.
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    switch: int
    switch_share: float
    after: float


def line_positions(deck: Deck, seed: int, field: int, lines: int) -> Positions:
    """Positions of the ``lines`` visible lines of a field; a pure function of deck, seed and field number.

    The field before is run through the PLL as well, so that what it remembers is there; nothing older is left of it.
    The loop has an integrator, so that a tape that runs long by the same step in every field leaves it no error.
    """
    period = lines + BLANKED_LINES
    first = int((field - 1) * period)
    line = np.arange(first, int((field + 1) * period) + 2)
    raw = _drift(seed, line) + _bow(line / period) + LINE_JITTER_S * normals(seed, "tape.line", line)
    steps = np.diff(deck.timebase * raw, prepend=0.0)
    steps[0] = 0.0
    for earlier in (field - 1, field):
        at = int(np.ceil(_switch_at(seed, earlier, lines))) - first
        steps[at] += deck.switch_s[earlier % 2]
        steps[int(earlier * period + FIRST_LINE) - first - CURL_LINES] += _curl(deck, seed, earlier)
    seen = decaying(steps, 1.0 - 1.0 / PLL_LINES)
    top = int(field * period + FIRST_LINE) - first
    place = _switch_at(seed, field, lines) - first - top
    switch = int(place)
    below = np.arange(switch + 1, lines)
    seen[top + below] += deck.timebase * LANDING_S * normals(seed, "tape.landing", field * 4096 + below)
    end = seen[top + 1 : top + lines + 1].copy()
    after = float(end[switch])
    end[switch] = seen[top + switch]
    return Positions(seen[top : top + lines], end, switch, place - switch, after)


def _switch_at(seed: int, field: int, lines: int) -> float:
    """Line, counted from the start of field 0, at which the head changes near the end of a field."""
    turn = 2 * np.pi * (share_of(seed, "tape.switch") + field / SWITCH_WANDER)
    share = 0.5 + 0.25 * np.sin(turn) + 0.5 * (share_of(seed, "tape.switch", field) - 0.5)
    below = SWITCH_LINES[0] + (SWITCH_LINES[1] - SWITCH_LINES[0]) * share
    return int(field * (lines + BLANKED_LINES) + FIRST_LINE) + lines - below


def _curl(deck: Deck, seed: int, field: int) -> float:
    """How far, seconds, the top of a field is pulled aside: slowly to and fro, with a flutter."""
    if deck.curl_s == 0.0:
        return 0.0
    turn = 2 * np.pi * (share_of(seed, "tape.curl") + field / 83.0)
    flutter = share_of(seed, "tape.curl", field) - 0.5
    return deck.curl_s * (0.65 + 0.35 * np.sin(turn) + 0.3 * flutter)


def _bow(field: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each head's own curve over its field: a parabola from its height at the middle to nothing at the ends."""
    number = np.floor(field)
    share = field - number
    height = np.where(number.astype(np.int64) % 2 == 0, BOW_S[0], BOW_S[1])
    return height * 4 * share * (1 - share)


def _drift(seed: int, line: NDArray[np.int64]) -> NDArray[np.float64]:
    """The slow error at consecutive lines: white noise shaped to the measured bands."""
    first, last = int(line[0]) // GRID_LINES - 1, int(line[-1]) // GRID_LINES + 2
    kernel = _band_kernel()
    half = KERNEL // 2
    noise = normals(seed, "tape.drift", np.arange(first - half, last + half + 1))
    grid = np.convolve(noise, kernel, mode="valid")
    return np.interp(line, GRID_LINES * np.arange(first, last + 1), grid)


@lru_cache(maxsize=1)
def _band_kernel() -> NDArray[np.float64]:
    """Taps that give unit white noise on the grid the bands' powers."""
    rate = 1.0 / (GRID_LINES * LINE_S)
    hz = np.fft.rfftfreq(4 * KERNEL, 1 / rate)
    density = np.zeros_like(hz)
    for low, high, rms in zip(BANDS_HZ[:-1], BANDS_HZ[1:], BANDS_S, strict=True):
        density[(hz >= low) & (hz < high)] = rms * rms / (high - low)
    taps = np.fft.fftshift(np.fft.irfft(np.sqrt(density * rate / 2)))
    middle = len(taps) // 2
    taps = taps[middle - KERNEL // 2 : middle + KERNEL // 2 + 1] * np.hanning(KERNEL + 2)[1:-1]
    return taps * np.sqrt(sum(s * s for s in BANDS_S) / (taps**2).sum())


def normals(seed: int, stream: str, index: NDArray[np.int64]) -> NDArray[np.float64]:
    """A standard normal for each integer of ``index``, the same wherever it is asked for.

    Source: Box and Muller 1958.
    """
    z = mix(np.uint64(hash64(seed, stream)) + index.astype(np.uint64) * GOLDEN)
    u = ((z >> np.uint64(32)).astype(np.float64) + 1.0) * 2.0**-32
    v = (z & np.uint64(0xFFFFFFFF)).astype(np.float64) * 2.0**-32
    return np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)
