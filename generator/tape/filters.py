"""The deck's filters as taps at 4fsc (chroma: fsc), designed from its bandwidths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .design import decaying, first_order, lowpass, minimum_phase, sampled
from .profile import Deck
from .raster import CHROMA_STEP, SAMPLE_HZ

BLANKING_HZ = 3.69e6
DEVIATION_HZ = 0.71e6
"""Carrier at blanking, and its rise to white. Source: IEC 60774-1: tip 3.4, blanking 3.69, white 4.4 MHz."""
CLIP_HZ = (3.0e6, 4.65e6, 5.0e6)
"""Dark clip -40 %, where the white clip begins to bend, white clip 160 % of tip to white. Source: IEC 774-1."""
EMPHASIS_S = 1.3e-6
EMPHASIS_RATIO = 5.0
"""Main emphasis (1 + s T) / (1 + s T / 5), +14 dB. Source: IEC 774-1."""
RF_LOW_HZ = 1.4e6
"""Where the high-pass that keeps chroma out of luma is down by half. Source: vhs-decode notes, near 1.5 MHz."""
RF_SLOPE = 0.37
"""Loss of carrier per MHz above blanking: gap and spacing loss; makes white noisier than black by 1.2 to 1.3."""


LUMA_BETA = 3.3
APERTURE_S = 250e-9
"""Delay of the playback aperture. Source: vhs-decode notes: 200 to 400 ns."""
LEAST_TAP = 1e-3
"""Taps at the playback filter's end that are less than this share of the largest are left out."""
DRIFT_SHARE = 0.2
"""Part of the noise power that is white in frequency and not in phase: tape noise that amplitude noise turns into."""


@dataclass(frozen=True)
class Filters:
    """Taps, odd in number; float32.

    record, playback: luma before the emphasis and after the de-emphasis. rf: head, tape and playback equaliser.
    detail: low-pass whose remainder the noise canceller works on. chroma: at fsc. emphasis: (b0, b1, a1).
    phase_noise, drift_noise: rms of white noise of the carrier's phase and frequency, as shares of black to white a
    sample. luma_late: the playback filter's delay in samples.
    """

    record: NDArray[np.float32]
    rf: NDArray[np.float32]
    playback: NDArray[np.float32]
    detail: NDArray[np.float32]
    chroma: NDArray[np.float32]
    emphasis: tuple[float, float, float]
    phase_noise: float
    drift_noise: float
    luma_late: float


def emphasis(rate_hz: float) -> tuple[float, float, float]:
    """Bilinear (b0, b1, a1) of the main emphasis at a sampling rate; its inverse is the de-emphasis."""
    return first_order(EMPHASIS_S, EMPHASIS_S / EMPHASIS_RATIO, rate_hz)


def rf_gain(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gain of head, tape and equaliser at a carrier frequency: high-pass, falling slope, no output above 7 MHz."""
    low = 1 / (1 + (RF_LOW_HZ / np.maximum(hz, 1.0)) ** 8)
    return low * np.maximum(1 - RF_SLOPE * (hz - BLANKING_HZ) * 1e-6, 0.0)


def _rf_taps(rate_hz: float, taps: int) -> NDArray[np.float64]:
    hz = np.linspace(0, rate_hz / 2, 257)
    return sampled(hz, rf_gain(hz), taps, 3.0)


def _aperture(lift: float, delay: int) -> NDArray[np.float64]:
    """Three taps that lift the frequency of half a period in ``delay`` samples by a share of ``2 lift``."""
    taps = np.zeros(2 * delay + 1)
    taps[[0, delay, -1]] = -lift / 2, 1 + lift, -lift / 2
    return taps


def _playback(deck: Deck, rate_hz: float) -> tuple[NDArray[np.float64], float]:
    """Playback low-pass with the phase of an analogue filter times the aperture; taps and their delay in samples."""
    low = minimum_phase(lowpass(1.02 * deck.luma_hz, 31, rate_hz, LUMA_BETA))
    low /= low.sum()
    lift = (10 ** (deck.peaking_db / 20) - 1) / 2
    taps = np.convolve(low, _aperture(lift, round(rate_hz * APERTURE_S)))
    taps = taps[: len(taps) - 1 + len(taps) % 2][::-1]
    while abs(taps[:2]).max() < LEAST_TAP * abs(taps).max():
        taps = taps[2:]
    late = len(taps) // 2 - float((taps * np.arange(len(taps))).sum() / taps.sum())
    return taps, late


def _chroma(deck: Deck, rate_hz: float) -> NDArray[np.float64]:
    """Chroma low-pass, lifted before it falls as the decks' are, -6 dB at ``chroma_hz``."""
    low = lowpass(0.94 * deck.chroma_hz, 21, rate_hz, 2.5)
    taps = np.convolve(low, _aperture(0.25, 3))
    return taps / taps.sum()


@lru_cache(maxsize=16)
def filters_for(deck: Deck) -> Filters:
    """The filters of one deck."""
    coefficients = emphasis(SAMPLE_HZ)
    playback, late = _playback(deck, SAMPLE_HZ)
    phase, drift = _noise_gains(playback, coefficients)
    share = DRIFT_SHARE
    return Filters(
        record=lowpass(5.0e6, 7, SAMPLE_HZ, 2.0).astype(np.float32),
        rf=_rf_taps(SAMPLE_HZ, 25).astype(np.float32),
        playback=playback.astype(np.float32),
        detail=lowpass(1.0e6, 13, SAMPLE_HZ, 2.0).astype(np.float32),
        chroma=_chroma(deck, SAMPLE_HZ / CHROMA_STEP).astype(np.float32),
        emphasis=coefficients,
        phase_noise=float(deck.luma_noise * np.sqrt(1 - share) / phase),
        luma_late=late,
        drift_noise=float(deck.luma_noise * np.sqrt(share) / drift),
    )


def _noise_gains(playback: NDArray[np.float64], coefficients: tuple[float, float, float]) -> tuple[float, float]:
    """rms of unit white noise after de-emphasis and playback filter: differentiated (phase) and plain (frequency)."""
    b0, b1, a1 = coefficients
    impulse = np.zeros(1024)
    impulse[:2] = 1.0 / b0, a1 / b0
    plain = np.convolve(decaying(impulse, -b1 / b0), playback)
    return float(np.sqrt((np.diff(plain, prepend=0.0) ** 2).sum())), float(np.sqrt((plain**2).sum()))
