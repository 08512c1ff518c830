"""The tape's sound: the linear track beside the picture, or the hi-fi track under it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from generator.scene.tape import TapeSettings
from generator.seed import rng_for

FIELD_HZ = 60 / 1.001
DRUM_HZ = 30 / 1.001
NOMINAL = 10 ** (-9 / 20) / np.sqrt(2)
"""Recording level: rms of a tone that noise is stated against, 9 dB under full scale."""
FLUTTER_HZ = (0.5, 60.0)
"""Band of the speed error; under it the capstan servo holds, over it the tape's mass."""


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


def play_sound(sound: NDArray[np.float32], rate: int, settings: TapeSettings, seed: int) -> NDArray[np.float32]:
    """A sound as it comes back from tape, of the same length.

    sound: (N, C) float, -1..1, at ``rate`` Hz. Returns (N, C) float32, -1..1; the linear track is mono, the same in
    every channel. ``off`` changes nothing.
    """
    if settings.profile == "off" or not len(sound):
        return np.asarray(sound, dtype=np.float32)
    track = track_for(settings)
    taken = np.asarray(sound, dtype=np.float64)
    if track.channels == 1:
        taken = taken.mean(axis=1, keepdims=True)
    wear = settings.wear if settings.wear is not None else (0.6 if settings.profile == "worn" else 0.0)
    band = _band(track, rate)
    played = signal.sosfilt(band, np.tanh(0.7 * taken) / 0.7, axis=0)
    played = _fluttered(played, rate, track.flutter * settings.flutter * (1 + wear), seed)
    noise = _hiss(len(sound), rate, band, seed) * 10 ** ((6 * wear - track.noise_db) / 20)
    noise += _buzz(len(sound), rate, track) * 10 ** (-track.buzz_db / 20)
    out = played + settings.audio_noise * NOMINAL * noise[:, None]
    return np.clip(np.broadcast_to(out, (len(sound), sound.shape[1])), -1.0, 1.0).astype(np.float32)


def _band(track: Track, rate: int) -> NDArray[np.float64]:
    """Second-order high-pass and fourth-order low-pass, as far as the rate goes."""
    low = signal.butter(2, track.low_hz, "highpass", fs=rate, output="sos")
    if track.high_hz >= 0.45 * rate:
        return low
    return np.concatenate([low, signal.butter(4, track.high_hz, fs=rate, output="sos")])


def _white(seed: int, stream: str, count: int) -> NDArray[np.float64]:
    """White noise of unit variance, a longer draw beginning with a shorter one."""
    return (rng_for(seed, stream).uniform(size=count) - 0.5) * np.sqrt(12)


def _hiss(count: int, rate: int, band: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Tape hiss of unit rms: white noise through the playback equaliser, 3180 and 120 us, and the track's band.

    Source: IEC 94 equalisation, 120 us.
    """
    equaliser = signal.bilinear([120e-6, 1.0], [3180e-6, 1.0], rate)
    impulse = np.zeros(16384)
    impulse[0] = 1.0
    gain = np.sqrt((signal.sosfilt(band, signal.lfilter(*equaliser, impulse)) ** 2).sum())
    return signal.sosfilt(band, signal.lfilter(*equaliser, _white(seed, "tape.hiss", count))) / gain


def _buzz(count: int, rate: int, track: Track) -> NDArray[np.float64]:
    """Buzz of unit rms: the pulses of vertical sync (linear) or of the head switch (hi-fi), band-limited."""
    harmonics = np.arange(1, int(min(4000.0, 0.45 * rate) / track.buzz_hz) + 1)
    weight = np.sinc(harmonics * track.buzz_hz * 190e-6) / np.sqrt(harmonics)
    period = Fraction(rate * 1001, 30000).numerator
    time = np.arange(min(count, period)) / rate
    wave = sum(w * np.cos(2 * np.pi * k * track.buzz_hz * time) for k, w in zip(harmonics, weight, strict=True))
    return np.resize(wave / np.sqrt((weight**2).sum() / 2), count)


def _fluttered(sound: NDArray[np.float64], rate: int, rms: float, seed: int) -> NDArray[np.float64]:
    """Sound read at a wandering speed of mean 1: band noise of relative rms ``rms``, read by cubics."""
    if rms == 0.0 or len(sound) < 4:
        return sound
    coarse_hz = 300.0
    count = int(len(sound) / rate * coarse_hz) + 4
    lead = 600
    band = signal.butter(1, FLUTTER_HZ, "bandpass", fs=coarse_hz, output="sos")
    impulse = np.zeros(4096)
    impulse[0] = 1.0
    unit = np.sqrt((signal.sosfilt(band, impulse) ** 2).sum())
    speed = rms / unit * signal.sosfilt(band, _white(seed, "tape.flutter", count + lead))[lead:]
    late_s = np.cumsum(speed) / coarse_hz
    n = np.arange(len(sound))
    late = rate * np.interp(n / rate, np.arange(count) / coarse_hz, late_s)
    place = np.clip(n + late, 1.0, len(sound) - 3.0)
    i = place.astype(np.int64)
    f = (place - i)[:, None]
    a, b, c, d = (sound[i + k] for k in (-1, 0, 1, 2))
    return b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)))
