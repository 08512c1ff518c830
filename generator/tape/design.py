"""Digital filters from their bandwidths: the few designs that a deck needs, in their textbook forms.

Source: Oppenheim and Schafer, "Discrete-Time Signal Processing": windowed and frequency-sampled low-passes, the
bilinear transform, minimum phase by the real cepstrum.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

CEPSTRUM = 256
"""How many times longer than its taps a cepstrum is, so that it hardly wraps."""
FLOOR = 1e-7
"""Of a filter's least gain, added before the logarithm is taken."""


def lowpass(half_hz: float, taps: int, rate_hz: float, beta: float) -> NDArray[np.float64]:
    """Design a low-pass of linear phase, down to half at ``half_hz``, by a Kaiser window of shape ``beta``."""
    share = 2 * half_hz / rate_hz
    out = np.sinc(share * (np.arange(taps) - (taps - 1) / 2)) * np.kaiser(taps, beta)
    return out / out.sum()


def sampled(hz: NDArray[np.float64], gain: NDArray[np.float64], taps: int, beta: float) -> NDArray[np.float64]:
    """Design a filter (taps,), odd, of linear phase with a gain (N,) at frequencies (N,) from 0 to half the rate."""
    points = 1 + 2 ** int(np.ceil(np.log2(taps)))
    at = np.linspace(0.0, 1.0, points)
    turned = np.interp(at * hz[-1], hz, gain) * np.exp(-0.5j * np.pi * (taps - 1) * at)
    return np.fft.irfft(turned)[:taps] * np.kaiser(taps, beta)


def minimum_phase(taps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the filter with the gain of ``taps`` (N,) that answers soonest."""
    count = 2 ** int(np.ceil(np.log2(CEPSTRUM * len(taps))))
    gain = np.abs(np.fft.fft(taps, count))
    cepstrum = np.fft.ifft(np.log(gain + FLOOR * gain[gain > 0].min())).real
    cepstrum[1 : count // 2] *= 2.0
    cepstrum[count // 2 :] = 0.0
    return np.fft.ifft(np.exp(np.fft.fft(cepstrum))).real[: len(taps)]


def first_order(zero_s: float, pole_s: float, rate_hz: float) -> tuple[float, float, float]:
    """Give the bilinear (b0, b1, a1) of (1 + s ``zero_s``) / (1 + s ``pole_s``) at a sampling rate."""
    zero, pole = 2 * rate_hz * zero_s, 2 * rate_hz * pole_s
    return (1 + zero) / (1 + pole), (1 - zero) / (1 + pole), (1 - pole) / (1 + pole)


def decaying(steps: NDArray[np.float64], keeps: float) -> NDArray[np.float64]:
    """Sum up steps (N,) of which a share ``keeps`` is left from one sample to the next."""
    return np.array(list(accumulate(steps.tolist(), lambda left, step: step + keeps * left)))
