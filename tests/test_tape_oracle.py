"""The fast luma path against the full FM chain: a real carrier at 12 fsc, hard limiter, pulse-count demodulator."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import signal

from generator.scene.tape import TapeSettings
from generator.tape import filters, raster
from generator.tape.deck import play_lines
from generator.tape.profile import deck_for

OVER = 3
RATE = raster.SAMPLE_HZ * OVER
QUIET = TapeSettings(noise=0, timebase=0, dropouts=0, head_switch=0)
DECK = replace(deck_for(QUIET), canceller=0.0)
LINE_S = raster.ACTIVE / raster.SAMPLE_HZ


def oracle(level):
    """(N,) level at 12 fsc through recorder, tape and deck, in double precision; plain and slow."""
    recorded = np.convolve(level, signal.firwin(19, 5.0e6, fs=RATE, window=("kaiser", 2.0)), mode="same")
    b0, b1, a1 = filters.emphasis(RATE)
    emphasised = signal.lfilter([b0, b1], [1.0, a1], recorded)
    low, bend, high = filters.CLIP_HZ
    hz = filters.BLANKING_HZ + filters.DEVIATION_HZ * emphasised
    hz = np.clip(np.where(hz > bend, bend + 0.5 * (hz - bend), hz), low, high)
    carrier = np.cos(2 * np.pi * np.cumsum(hz) / RATE)
    points = np.linspace(0, RATE / 2, 1025)
    head = signal.firwin2(121, points, filters.rf_gain(points), fs=RATE, window=("kaiser", 3.0))
    played = np.convolve(carrier, head, mode="same")
    demodulated = (pulse_count(played) - filters.BLANKING_HZ) / filters.DEVIATION_HZ
    flat = signal.lfilter([1.0, a1], [b0, b1], demodulated)
    lowpass = signal.minimum_phase(signal.firwin(91, 1.02 * DECK.luma_hz, fs=RATE, window=("kaiser", 3.3)), half=False)
    lift = (10 ** (DECK.peaking_db / 20) - 1) / 2
    delay = round(raster.SAMPLE_HZ * filters.APERTURE_S) * OVER
    aperture = np.zeros(2 * delay + 1)
    aperture[[0, delay, -1]] = -lift / 2, 1 + lift, -lift / 2
    taps = np.convolve(lowpass / lowpass.sum(), aperture)
    late = (taps * np.arange(len(taps))).sum() / taps.sum()
    out = np.convolve(flat, taps)
    return np.interp(np.arange(len(level)) + late, np.arange(len(out)), out)


def pulse_count(carrier):
    """Hard limiter and pulse-count demodulator: a pulse of half a cycle at every crossing of zero, Hz."""
    k = np.flatnonzero(np.signbit(carrier[1:]) != np.signbit(carrier[:-1]))
    crossing = k + carrier[k] / (carrier[k] - carrier[k + 1])
    cycles = np.interp(np.arange(len(carrier)), crossing, 0.5 * np.arange(len(crossing)))
    return np.gradient(cycles) * RATE


def fast(level):
    """The same line through the kernel, without what is not luma; at 754 pixels, the kernel's own grid."""
    video = np.repeat(level[None, :, None], 240, axis=0).repeat(3, axis=2).astype(np.float32)
    return play_lines(video, DECK, 0, 0)[100, :, 1] / 255.0


def edge(low, high):
    """A line at 12 fsc that rises at its middle over one 4fsc sample, and the same seen at 4fsc."""
    n = raster.ACTIVE * OVER
    fine = np.clip((np.arange(n) + 0.5 - n / 2) / OVER + 0.5, 0, 1)
    coarse = (np.arange(raster.ACTIVE) >= raster.ACTIVE // 2).astype(float)
    return low + (high - low) * fine, low + (high - low) * coarse


@pytest.mark.parametrize("low", [20, 60, 100, 140])
@pytest.mark.parametrize("rise", [-15, 20, 60, 110])
def test_fast_fm_agrees_with_the_full_chain_on_edges_of_all_levels(low, rise):
    fine, coarse = edge(low / 255, (low + rise) / 255)
    slow = oracle(fine)[OVER // 2 :: OVER][: raster.ACTIVE]
    quick = fast(coarse)
    near = slice(raster.ACTIVE // 2 - 30, raster.ACTIVE // 2 + 60)
    error = (quick - slow)[near] * 255
    assert np.sqrt((error**2).mean()) < 0.4 + 0.018 * abs(rise)
    assert np.abs(error).max() < 1.0 + 0.085 * abs(rise)


def test_the_agreement_is_not_an_accident_of_the_bounds():
    fine, coarse = edge(60 / 255, 170 / 255)
    without_emphasis_clip = coarse
    slow = oracle(fine)[OVER // 2 :: OVER][: raster.ACTIVE]
    error = (without_emphasis_clip - slow) * 255
    assert np.abs(error).max() > 1.0 + 0.085 * 110
