"""The inner loops of the tape: one field, line after line, through recorder, tape, deck and television.

Luma goes through a real frequency modulation: the emphasised and clipped line drives the phase of an analytic
carrier at 4fsc, which passes head and equaliser, meets noise and losses, and is demodulated by its phase steps.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from generator.camera.kernels import OPTIONS, gauss

from .raster import ACTIVE, CHROMA_SAMPLES, CHROMA_STEP, PAD, SAMPLES


@njit(**OPTIONS)
def _fir(x, taps, out):
    """out[i] = sum over k of taps[k] x[i + k - centre]; the ends, narrower than a filter, keep x."""
    centre = len(taps) // 2
    n = len(x)
    for i in range(centre):
        out[i] = x[i]
        out[n - 1 - i] = x[n - 1 - i]
    m = n - 2 * centre
    middle = out[centre : centre + m]
    for i in range(m):
        middle[i] = taps[0] * x[i]
    for k in range(1, len(taps)):
        t = taps[k]
        shifted = x[k : k + m]
        for i in range(m):
            middle[i] += t * shifted[i]


@njit(**OPTIONS)
def _first_order(x, b0, b1, a1, out):
    """out[i] = b0 x[i] + b1 x[i-1] - a1 out[i-1], at rest at x[0] before."""
    previous = x[0]
    y = x[0] * (b0 + b1) / (np.float32(1.0) + a1)
    for i in range(len(x)):
        drive = b0 * x[i] + b1 * previous
        previous = x[i]
        y = drive - a1 * y
        out[i] = y


@njit(**OPTIONS)
def _half_sine(t):
    """sin(pi t) for t in [-1, 1), single precision."""
    a = abs(t)
    a = min(a, np.float32(1.0) - a)
    q = a * a
    s = np.float32(2.550164) - q * (np.float32(0.5992645) - q * np.float32(0.0821459))
    s = a * (np.float32(3.1415927) - q * (np.float32(5.167713) - q * s))
    return math.copysign(s, t)


@njit(**OPTIONS)
def _angle(y, x):
    """atan2 to 1e-5 rad without branches. Source: minimax polynomial, Abramowitz and Stegun 4.4.49 in kind."""
    ax, ay = abs(x), abs(y)
    a = min(ax, ay) / (max(ax, ay) + np.float32(1e-20))
    q = a * a
    r = np.float32(0.05265332) - q * np.float32(0.01172120)
    r = np.float32(0.19354346) + q * (np.float32(-0.11643287) + q * r)
    r = a * (np.float32(0.99997726) + q * (np.float32(-0.33262347) + q * r))
    r = np.float32(1.5707964) - r if ay > ax else r
    r = np.float32(3.1415927) - r if x < 0 else r
    return math.copysign(r, y)


@njit(**OPTIONS)
def _modulate(level, turn, per_unit, low, high, phase, re, im):
    """Carrier of a line: level (share of white) to steps of ``turn + per_unit * level`` in 1/2^32 turns, clipped."""
    at = np.int32(0)
    for i in range(len(level)):
        step = turn + per_unit * level[i]
        step = min(max(step, low), high)
        at = np.int32(at + np.int32(step))
        phase[i] = at
    scale = np.float32(2.0**-31)
    for i in range(len(level)):
        p = phase[i]
        im[i] = _half_sine(np.float32(p) * scale)
        re[i] = _half_sine(np.float32(np.int32(p + np.int32(1 << 30))) * scale)


@njit(**OPTIONS)
def _demodulate(re, im, turn, per_unit, out):
    """Phase steps of the carrier back to level, held to what a demodulator can follow."""
    scale = np.float32(2.0**31 / math.pi) / per_unit
    rest = turn / per_unit
    out[0] = np.float32(0.0)
    for i in range(1, len(re)):
        y = im[i] * re[i - 1] - re[i] * im[i - 1]
        x = re[i] * re[i - 1] + im[i] * im[i - 1]
        level = _angle(y, x) * scale - rest
        out[i] = min(max(level, np.float32(-1.2)), np.float32(2.4))


@njit(**OPTIONS)
def _gather(row, start, weight, out):
    for i in range(len(out)):
        a = start[i]
        s = np.float32(0.0)
        for k in range(weight.shape[1]):
            s += weight[i, k] * row[a + k]
        out[i] = s


@njit(**OPTIONS)
def _cancel(x, low, limit, out):
    """Noise canceller: fine detail smaller than the limit is taken for noise and halved."""
    for i in range(len(x)):
        fine = x[i] - low[i]
        out[i] = x[i] - np.float32(0.6) * min(max(fine, -limit), limit)


@njit(**OPTIONS)
def _show(y, u, v, width, parts, start, slope, split, shift, late, out):
    """Read a line at its displaced places into pixels; each is the mean of ``parts`` places."""
    per_place = np.float32(ACTIVE / (width * parts))
    share = np.float32(1.0 / parts)
    for x in range(width):
        r = g = b = np.float32(0.0)
        for k in range(parts):
            place = np.float32(x * parts + k) + np.float32(0.5)
            t = place * per_place + (np.float32(PAD) - np.float32(0.5)) - start - slope * place
            if place >= split:
                t -= shift
            t = min(max(t, np.float32(1.0)), np.float32(SAMPLES - 3))
            i = int(t)
            f = t - np.float32(i)
            w0 = f * (np.float32(-0.5) + f * (np.float32(1.0) - np.float32(0.5) * f))
            w1 = np.float32(1.0) + f * f * (np.float32(1.5) * f - np.float32(2.5))
            w2 = f * (np.float32(0.5) + f * (np.float32(2.0) - np.float32(1.5) * f))
            w3 = f * f * (np.float32(0.5) * f - np.float32(0.5))
            luma = w0 * y[i - 1] + w1 * y[i] + w2 * y[i + 1] + w3 * y[i + 2]
            c = (t - late) * np.float32(1.0 / CHROMA_STEP)
            c = min(max(c, np.float32(1.0)), np.float32(CHROMA_SAMPLES - 3))
            i = int(c)
            f = c - np.float32(i)
            w0 = f * (np.float32(-0.5) + f * (np.float32(1.0) - np.float32(0.5) * f))
            w1 = np.float32(1.0) + f * f * (np.float32(1.5) * f - np.float32(2.5))
            w2 = f * (np.float32(0.5) + f * (np.float32(2.0) - np.float32(1.5) * f))
            w3 = f * f * (np.float32(0.5) * f - np.float32(0.5))
            blue = w0 * u[i - 1] + w1 * u[i] + w2 * u[i + 1] + w3 * u[i + 2]
            red = w0 * v[i - 1] + w1 * v[i] + w2 * v[i + 1] + w3 * v[i + 2]
            r += luma + red
            b += luma + blue
            g += luma - np.float32(0.299 / 0.587) * red - np.float32(0.114 / 0.587) * blue
        out[x, 0] = _code(r * share)
        out[x, 1] = _code(g * share)
        out[x, 2] = _code(b * share)


@njit(**OPTIONS)
def _code(x):
    return np.uint8(min(max(x * np.float32(255.0) + np.float32(0.5), np.float32(0.0)), np.float32(255.0)))


@njit(**OPTIONS)
def play_field(video, out, luma_taps, chroma_taps, filters, carrier, noise, keys, positions, losses, envelope, burst):
    """One field from camera to television.

    video: (lines, W, 3) float32 R'G'B'. out: (lines, W, 3) uint8, written. luma_taps, chroma_taps: (start, weight).
    filters: (record, rf, playback, detail, chroma taps, b0, b1, a1). carrier: (turn, per_unit, low, high) in
    1/2^32 turns a sample. noise: (carrier rms, drift rms, canceller limit, chroma rms, chroma delay in samples).
    keys: (lines,) uint32. positions: (start, slope, split, shift) (lines,) float32 each in samples and pixels. losses: (line, first,
    last, gain). envelope: (lines,) carrier amplitude. burst: (lines, 2) cosine and sine of the colour phase error.
    """
    lines, width = video.shape[0], video.shape[1]
    record, rf, playback, detail, chroma, b0, b1, a1 = filters
    turn, per_unit, low, high = carrier
    carrier_rms, drift_rms, limit, chroma_rms, late = noise
    start, slope, split, shift = positions
    loss_line, loss_first, loss_last, loss_gain = losses
    parts = max(1, (ACTIVE + width // 2) // width) if width < 400 else 1
    one = np.float32(1.0)
    row_y, row_u, row_v = np.empty((3, width), np.float32)
    y, a, b, re, im, fre, fim, before, amplitude = np.empty((9, SAMPLES), np.float32)
    phase = np.empty(SAMPLES, np.int32)
    u, v, cu, cv, pu, pv, last_u, last_v = np.zeros((8, CHROMA_SAMPLES), np.float32)
    before[:] = np.float32(0.0)
    at = 0
    for n in range(lines):
        key = keys[n]
        for x in range(width):
            r, g, bl = video[n, x, 0], video[n, x, 1], video[n, x, 2]
            luma = np.float32(0.299) * r + np.float32(0.587) * g + np.float32(0.114) * bl
            row_y[x] = luma
            row_u[x] = bl - luma
            row_v[x] = r - luma
        _gather(row_y, luma_taps[0], luma_taps[1], y)
        _gather(row_u, chroma_taps[0], chroma_taps[1], u)
        _gather(row_v, chroma_taps[0], chroma_taps[1], v)

        _fir(y, record, a)
        _first_order(a, b0, b1, a1, b)
        _modulate(b, turn, per_unit, low, high, phase, re, im)
        _fir(re, rf, fre)
        _fir(im, rf, fim)

        amplitude[:] = envelope[n]
        first_loss = at
        while at < len(loss_line) and loss_line[at] == n:
            for i in range(loss_first[at], loss_last[at]):
                amplitude[i] = min(amplitude[i], loss_gain[at])
            at += 1
        if carrier_rms > 0:
            key2 = np.uint32(key ^ np.uint32(0x68E31DA4))
            for i in range(SAMPLES):
                fre[i] = fre[i] * amplitude[i] + carrier_rms * gauss(key, i)
                fim[i] = fim[i] * amplitude[i] + carrier_rms * gauss(key2, i)
        _demodulate(fre, fim, turn, per_unit, a)
        if drift_rms > 0:
            key3 = np.uint32(key ^ np.uint32(0xB5297A4D))
            for i in range(SAMPLES):
                a[i] += drift_rms * gauss(key3, i)
        for k in range(first_loss, at):
            if loss_gain[k] < np.float32(0.1778):
                for i in range(loss_first[k], loss_last[k]):
                    a[i] = before[i]
        before[:] = a
        _first_order(a, one / b0, a1 / b0, b1 / b0, b)
        _fir(b, playback, a)
        if limit > 0:
            _fir(a, detail, b)
            _cancel(a, b, limit, y)
        else:
            y[:] = a

        if chroma_rms > 0:
            key4 = np.uint32(key ^ np.uint32(0x1B56C4E9))
            key5 = np.uint32(key ^ np.uint32(0x7F4A7C15))
            for i in range(CHROMA_SAMPLES):
                u[i] += chroma_rms * gauss(key4, i)
                v[i] += chroma_rms * gauss(key5, i)
        half = np.float32(0.5)
        if n == 0:
            last_u[:] = u
            last_v[:] = v
        for i in range(CHROMA_SAMPLES):
            pu[i] = half * (u[i] + last_u[i])
            pv[i] = half * (v[i] + last_v[i])
            last_u[i] = u[i]
            last_v[i] = v[i]
        _fir(pu, chroma, cu)
        _fir(pv, chroma, cv)
        c, s = burst[n, 0], burst[n, 1]
        for i in range(CHROMA_SAMPLES):
            blue, red = cu[i], cv[i]
            cu[i] = c * blue - s * red
            cv[i] = s * blue + c * red
        _show(y, cu, cv, width, parts, start[n], slope[n], split[n], shift[n], late, out[n])
