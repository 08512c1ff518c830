"""Filters are those of the field's library, which takes too long to import for a still."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from generator.tape.design import decaying, first_order, lowpass, minimum_phase, sampled

RATE_HZ = 14.3e6


@pytest.mark.parametrize(("half_hz", "taps", "beta"), [(5.0e6, 7, 2.0), (1.0e6, 13, 2.0), (3.1e6, 31, 3.3)])
def test_low_passes_are_windowed_as_the_library_does(half_hz, taps, beta):
    theirs = signal.firwin(taps, half_hz, fs=RATE_HZ, window=("kaiser", beta))
    np.testing.assert_allclose(lowpass(half_hz, taps, RATE_HZ, beta), theirs, atol=1e-12)


def test_a_filter_of_minimum_phase_is_the_librarys():
    taps = lowpass(3.1e6, 31, RATE_HZ, 3.3)
    np.testing.assert_allclose(minimum_phase(taps), signal.minimum_phase(taps, half=False), atol=1e-9)


def test_a_filter_sampled_in_frequency_is_the_librarys():
    hz = np.linspace(0, RATE_HZ / 2, 257)
    gain = np.exp(-(((hz - 4e6) / 2e6) ** 2))
    theirs = signal.firwin2(25, hz, gain, fs=RATE_HZ, window=("kaiser", 3.0))
    np.testing.assert_allclose(sampled(hz, gain, 25, 3.0), theirs, atol=1e-12)


def test_an_emphasis_is_the_bilinear_transform():
    b, a = signal.bilinear([1.3e-6, 1.0], [0.26e-6, 1.0], RATE_HZ)
    np.testing.assert_allclose(first_order(1.3e-6, 0.26e-6, RATE_HZ), (*b, a[1]), rtol=1e-12)


def test_what_is_left_of_steps_decays():
    steps = np.random.default_rng(3).normal(size=400)
    np.testing.assert_array_equal(decaying(steps, 0.9), signal.lfilter([1.0], [1.0, -0.9], steps))
