"""The tape's sound: the linear track beside the picture, or the hi-fi track under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from ..scene.tape import TapeSettings
from ..seed import Rng, rng_for

FIELD_HZ = 60 / 1.001
DRUM_HZ = 30 / 1.001
NOMINAL = 10 ** (-9 / 20) / np.sqrt(2)
"""Recording level: rms of a tone that noise is stated against, 9 dB under full scale."""
FLUTTER_HZ = (0.5, 60.0)
"""Band of the speed error; under it the capstan servo holds, over it the tape's mass."""
COARSE_HZ = 300.0
LATEST_S = 0.1
"""Sound is held back for so long, and runs early or late by no more: over fifty times what flutter comes to."""


@dataclass(frozen=True)
class Track:
    """One audio track: band in Hz, noise under the recording level in dB, buzz likewise and its rate, flutter rms.

    Source: JVC HR data sheets; UFGS 13703N: linear 70 Hz to 10 kHz, 40 dB, flutter under 0.25 %; hi-fi 20 Hz to
    20 kHz, 70 dB.
    """

    low_hz: float
    high_hz: float
    noise_db: float
    buzz_db: float
    buzz_hz: float
    flutter: float
    channels: int


LINEAR = Track(70.0, 10000.0, 41.0, 50.0, FIELD_HZ, 0.0015, 1)
LINEAR_EP = Track(90.0, 4800.0, 37.0, 46.0, FIELD_HZ, 0.0022, 1)
HIFI = Track(20.0, 20000.0, 70.0, 66.0, DRUM_HZ, 0.00005, 2)


def track_for(settings: TapeSettings) -> Track:
    """The audio track that a scene's tape has."""
    if settings.audio == "hifi":
        return HIFI
    return LINEAR_EP if settings.profile == "ep" else LINEAR


def played(
    blocks: Iterable[NDArray[np.float32]], rate: int, settings: TapeSettings, seed: int
) -> Iterator[NDArray[np.float32]]:
    """A sound as it comes back from tape, as blocks of other lengths; as many samples in all.

    blocks: (N, C) float, -1..1, at ``rate`` Hz. Returns (N, C) float32, -1..1; the linear track is mono, the same in
    every channel. ``off`` changes nothing.
    """
    if settings.profile == "off":
        yield from (np.asarray(block, dtype=np.float32) for block in blocks)
        return
    track = track_for(settings)
    wear = settings.wear if settings.wear is not None else (0.6 if settings.profile == "worn" else 0.0)
    band = _band(track, rate)
    hiss, buzz = _Hiss(rate, band, seed), _buzz(rate, track) * 10 ** (-track.buzz_db / 20)
    done = 0
    for part in _fluttered(_recorded(blocks, band, track), rate, track.flutter * settings.flutter * (1 + wear), seed):
        noise = hiss.next(len(part)) * 10 ** ((6 * wear - track.noise_db) / 20)
        noise += buzz[(done + np.arange(len(part))) % len(buzz)]
        done += len(part)
        yield np.clip(part + settings.audio_noise * NOMINAL * noise[:, None], -1.0, 1.0).astype(np.float32)


def _recorded(blocks: Iterable[NDArray[np.float32]], band: NDArray[np.float64], track: Track) -> Iterator[NDArray]:
    """What the tape takes of a sound: one track or two, its top rounded off, its band."""
    state = None
    for block in (block for block in blocks if len(block)):
        taken = np.asarray(block, dtype=np.float64)
        if track.channels == 1:
            taken = np.repeat(taken.mean(axis=1, keepdims=True), taken.shape[1], axis=1)
        state = np.zeros((len(band), 2, taken.shape[1])) if state is None else state
        out, state = signal.sosfilt(band, np.tanh(0.7 * taken) / 0.7, axis=0, zi=state)
        yield out


def _band(track: Track, rate: int) -> NDArray[np.float64]:
    """Second-order high-pass and fourth-order low-pass, as far as the rate goes."""
    low = signal.butter(2, track.low_hz, "highpass", fs=rate, output="sos")
    if track.high_hz >= 0.45 * rate:
        return low
    return np.concatenate([low, signal.butter(4, track.high_hz, fs=rate, output="sos")])


class _Hiss:
    """Tape hiss of unit rms: white noise through the playback equaliser, 3180 and 120 us, and the track's band.

    Source: IEC 94 equalisation, 120 us.
    """

    def __init__(self, rate: int, band: NDArray[np.float64], seed: int) -> None:
        self._equaliser = signal.bilinear([120e-6, 1.0], [3180e-6, 1.0], rate)
        self._band, self._rng = band, rng_for(seed, "tape.hiss")
        self._state = np.zeros(1), np.zeros((len(band), 2))
        impulse = np.zeros(16384)
        impulse[0] = 1.0
        self._gain = np.sqrt((signal.sosfilt(band, signal.lfilter(*self._equaliser, impulse)) ** 2).sum())

    def next(self, count: int) -> NDArray[np.float64]:
        """The next so many samples."""
        equalised, first = signal.lfilter(*self._equaliser, _white(self._rng, count), zi=self._state[0])
        out, second = signal.sosfilt(self._band, equalised, zi=self._state[1])
        self._state = first, second
        return out / self._gain


def _white(rng: Rng, count: int) -> NDArray[np.float64]:
    """White noise of unit variance."""
    return (rng.uniform(size=count) - 0.5) * np.sqrt(12)


def _buzz(rate: int, track: Track) -> NDArray[np.float64]:
    """A period of buzz of unit rms: pulses of vertical sync (linear) or of the head switch (hi-fi), band-limited."""
    harmonics = np.arange(1, int(min(4000.0, 0.45 * rate) / track.buzz_hz) + 1)
    weight = np.sinc(harmonics * track.buzz_hz * 190e-6) / np.sqrt(harmonics)
    time = np.arange(Fraction(rate * 1001, 30000).numerator) / rate
    wave = sum(w * np.cos(2 * np.pi * k * track.buzz_hz * time) for k, w in zip(harmonics, weight, strict=True))
    return wave / np.sqrt((weight**2).sum() / 2)


def _fluttered(parts: Iterable[NDArray[np.float64]], rate: int, rms: float, seed: int) -> Iterator[NDArray[np.float64]]:
    """Sound read at a wandering speed of mean 1: band noise of relative rms ``rms``, read by cubics."""
    if rms == 0.0:
        yield from parts
        return
    late, margin = _Lateness(rms, seed), round(LATEST_S * rate)
    held, first, done = None, 0, 0
    for part in parts:
        held = part if held is None else np.concatenate([held, part])
        stop = first + len(held) - margin
        if stop > done:
            yield _read(held, first, range(done, stop), rate, late)
            keep = max(stop - margin, first)
            held, first, done = held[keep - first :], keep, stop
    if held is not None:
        yield _read(held, first, range(done, first + len(held)), rate, late)


def _read(held: NDArray, first: int, samples: range, rate: int, late: _Lateness) -> NDArray[np.float64]:
    """Some samples, each a little before or after its time, from sound whose first sample has the number ``first``."""
    if len(held) < 4:
        return held[samples.start - first :]
    n = np.arange(samples.start, samples.stop)
    most = LATEST_S * rate - 4.0
    place = np.clip(n + np.clip(rate * late.at(n / rate), -most, most) - first, 1.0, len(held) - 3.0)
    i = place.astype(np.int64)
    f = (place - i)[:, None]
    a, b, c, d = (held[i + k] for k in (-1, 0, 1, 2))
    return b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)))


class _Lateness:
    """How late the tape runs, seconds: the sum of its speed error, drawn 300 times a second and straight between."""

    def __init__(self, rms: float, seed: int) -> None:
        self._rng = rng_for(seed, "tape.flutter")
        self._band = signal.butter(1, FLUTTER_HZ, "bandpass", fs=COARSE_HZ, output="sos")
        impulse = np.zeros(4096)
        impulse[0] = 1.0
        self._scale = rms / np.sqrt((signal.sosfilt(self._band, impulse) ** 2).sum()) / COARSE_HZ
        self._state = signal.sosfilt(self._band, _white(self._rng, 600), zi=np.zeros((len(self._band), 2)))[1]
        self._late = np.zeros(1)

    def at(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Lateness at times that grow from call to call."""
        place = time_s * COARSE_HZ
        while len(self._late) < place[-1] + 2:
            speed, self._state = signal.sosfilt(self._band, _white(self._rng, 4096), zi=self._state)
            self._late = np.concatenate([self._late, self._late[-1] + np.cumsum(self._scale * speed)])
        k = place.astype(np.int64)
        return self._late[k] + (place - k) * (self._late[k + 1] - self._late[k])
