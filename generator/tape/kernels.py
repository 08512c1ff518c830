"""The tape's inner loop: one field, line after line, through recorder, tape, deck and television.

Luma goes through a real frequency modulation: the emphasised and clipped line drives the phase of an analytic
carrier at 4fsc, which passes head and equaliser, meets noise and losses, and is demodulated by its phase steps.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..camera.kernels import OPTIONS
from ..kernel_options import INNER
from . import passes
from .raster import CHROMA_SAMPLES, SAMPLES

SINGLE = np.float32


@njit(**OPTIONS | INNER)
def _salted(key, salt):
    """A key for another noise of the same line."""
    return np.uint32(key ^ np.uint32(salt))


@njit(**OPTIONS | INNER)
def _to_tape(y, filters, carrier, work, re, im):
    """A line of luma to the carrier that comes off the head."""
    record, rf, b0, b1, a1 = filters[0], filters[1], filters[5], filters[6], filters[7]
    a, b, phase, fine_re, fine_im = work
    passes.fir(y, record, a)
    passes.first_order(a, b0, b1, a1, fine_re, b)
    passes.modulate(b, carrier, phase, fine_re, fine_im)
    passes.fir(fine_re, rf, re)
    passes.fir(fine_im, rf, im)


@njit(**OPTIONS | INNER)
def _off_tape(re, im, filters, carrier, noise, key, losses, of_line, amplitude, before, work, y):
    """The carrier of a line to luma: noise, demodulator, dropout compensator, de-emphasis, canceller."""
    playback, detail, b0, b1, a1 = filters[2], filters[3], filters[5], filters[6], filters[7]
    a, b = work[0], work[1]
    if noise[0] > 0:
        passes.add_two_noises(re, im, noise[0], key)
    passes.demodulate(re, im, carrier, a)
    if noise[1] > 0:
        passes.add_noise(a[passes.REST :], noise[1], _salted(key, 0xB5297A4D))
    for k in range(of_line[0], of_line[1]):
        if losses[6][k] == 0:
            passes.compensate(a, before, amplitude, losses[1][k], losses[2][k])
    for k in range(len(a)):
        before[k] = a[k]
    for k in range(of_line[0], of_line[1]):
        if losses[6][k] > 0:
            passes.shoot_over(a, losses[1][k], losses[2][k], losses[6][k])
    passes.first_order(a, SINGLE(1.0) / b0, a1 / b0, b1 / b0, re, b)
    passes.fir(b, playback, y)
    if noise[2] > 0:
        passes.fir(y, detail, b)
        passes.cancel(y, b, noise[2])


@njit(**OPTIONS | INNER)
def _weaken(re, im, losses, at, line, envelope, amplitude):
    """Lower a line's carrier by the track's envelope and by its losses; returns the first loss of a later line."""
    amplitude[:] = envelope
    first = at
    while at < len(losses[0]) and losses[0][at] == line:
        passes.lose(amplitude, losses[1][at], losses[2][at], losses[3][at], losses[4][at], losses[5][at])
        at += 1
    if at > first or envelope != SINGLE(1.0):
        passes.scale(re, amplitude)
        passes.scale(im, amplitude)
    return at


@njit(**OPTIONS | INNER)
def _streaked(u, v, streaks, at, line):
    """Add a line's streaks to its chroma; returns the first streak of a later line."""
    while at < len(streaks[0]) and streaks[0][at] == line:
        for i in range(streaks[1][at], streaks[2][at]):
            u[i] += streaks[3][at]
            v[i] += streaks[4][at]
        at += 1
    return at


@njit(**OPTIONS | INNER)
def _chroma(u, v, last_u, last_v, taps, rms, key, turn, work_u, work_v):
    """A line of chroma through the colour-under channel, in place: noise, comb, bandwidth, burst phase and gain."""
    if rms > 0:
        passes.add_two_noises(u, v, rms, _salted(key, 0x1B56C4E9))
    passes.comb(u, last_u, work_u)
    passes.comb(v, last_v, work_v)
    passes.fir(work_u, taps, u)
    passes.fir(work_v, taps, v)
    passes.turn_hue(u, v, turn[0], turn[1])


@njit(**OPTIONS)
def play_field(
    video,
    out,
    rows,
    luma_taps,
    chroma_taps,
    filters,
    carrier,
    noise,
    keys,
    positions,
    losses,
    streaks,
    envelope,
    burst,
    mute,
    cross,
):
    """One field from camera to television.

    video: (H * W * 3,) float32 R'G'B'. out: (H * W * 3,) uint8, written. rows: (first, step, lines, W): the field's
    rows among them. luma_taps, chroma_taps: (start, weight).
    filters: (record, rf, playback, detail, chroma taps, b0, b1, a1). carrier: see ``modulate``. noise: (carrier rms,
    drift rms, canceller limit, chroma rms, chroma delay in samples). keys: (lines,) uint32. positions: (start, slope,
    split, shift), each (lines,) float32, samples and places, and places a pixel. losses: (line, first, last, middle,
    half length, depth in nepers, level of a comet). streaks: (line, first, last, blue, red). envelope: (lines,) carrier
    amplitude. burst: (lines, 2) cosine and sine of the colour phase error, times the colour's gain. mute: the line with
    no colour from a sample on, that sample, and where in the next line it is back. cross: 0, or for a composite input 1
    or -1 as the carrier's phase in the first line.
    """
    first, step, lines, width = rows
    start, slope, split, shift, parts = positions
    row_y, row_u, row_v = np.empty(width, np.float32), np.empty(width, np.float32), np.empty(width, np.float32)
    y, a, b = np.empty(SAMPLES, np.float32), np.empty(SAMPLES, np.float32), np.empty(SAMPLES, np.float32)
    re, im = np.empty(SAMPLES, np.float32), np.empty(SAMPLES, np.float32)
    before, amplitude = np.zeros(SAMPLES, np.float32), np.empty(SAMPLES, np.float32)
    work = (a, b, np.empty(SAMPLES, np.int32), np.empty(SAMPLES, np.float32), np.empty(SAMPLES, np.float32))
    u, v = np.empty(CHROMA_SAMPLES, np.float32), np.empty(CHROMA_SAMPLES, np.float32)
    work_u, work_v = np.empty(CHROMA_SAMPLES, np.float32), np.empty(CHROMA_SAMPLES, np.float32)
    last_u, last_v = np.zeros(CHROMA_SAMPLES, np.float32), np.zeros(CHROMA_SAMPLES, np.float32)
    places = width * parts
    luma, blue, red = np.empty(places, np.float32), np.empty(places, np.float32), np.empty(places, np.float32)
    index, share = np.empty(places, np.int32), np.empty(places, np.float32)
    at = streak = np.int64(0)
    for n in range(lines):
        place = 3 * width * (first + step * n)
        passes.split_colours(video[place : place + 3 * width], row_y, row_u, row_v)
        passes.sample(row_y, luma_taps, y)
        passes.sample_two(row_u, row_v, chroma_taps, u, v)
        if cross != 0:
            passes.cross_colour(y, cross if n % 2 == 0 else -cross, u, v)
        if n == 0:
            for k in range(CHROMA_SAMPLES):
                last_u[k], last_v[k] = u[k], v[k]

        _to_tape(y, filters, carrier, work, re, im)
        following = _weaken(re, im, losses, at, n, envelope[n], amplitude)
        _off_tape(re, im, filters, carrier, noise, keys[n], losses, (at, following), amplitude, before, work, y)
        at = following
        streak = _streaked(u, v, streaks, streak, n)
        _chroma(u, v, last_u, last_v, filters[4], noise[3], keys[n], burst[n], work_u, work_v)

        if n == mute[0]:
            u[mute[1] :] = v[mute[1] :] = SINGLE(0.0)
        elif n == mute[0] + 1:
            u[: mute[2]] = v[: mute[2]] = SINGLE(0.0)

        passes.place(start[n], slope[n], split[n], shift[n], index, share)
        passes.scan_luma(y, index, share, luma)
        passes.scan_chroma(u, v, index, share, noise[4], blue, red)
        if parts > 1:
            for plane in (luma, blue, red):
                passes.mean_of(parts, plane)
        passes.pack(luma[:width], blue[:width], red[:width], out[place : place + 3 * width])
