"""The tape's passes over one line: filters, carrier, noise, losses, and reading the line out again.

Each pass is a function of its own with plain loops, which is what lets the compiler turn them into vectors. For the
same reason a row of pixels has one axis, three numbers after one another: of two the compiler does not know it.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ..camera.kernels import OPTIONS, gauss, scrambled
from ..kernel_options import INNER
from .raster import ACTIVE, CHROMA_SAMPLES, CHROMA_STEP, PAD, SAMPLES

TRIP = np.float32(10 ** (-15 / 20))
"""Carrier amplitude at which the compensator puts in the line before. Source: measured decks, -15 dB."""
CANCEL = np.float32(0.7)
"""Share of small detail that the noise canceller takes away: 0.85 IRE of noise become 0.55."""
TAIL = 220
RECOVERS = np.float32(math.exp(-1 / 45.0))
"""Samples of a comet's tail, 15 us, and what is left of it a sample later: a limiter recovers with 3 us."""
REST = 8
"""Blanked samples at the start of every line."""
SINGLE = np.float32
ONE, TWO = np.uint64(1), np.uint64(2)


@njit(**OPTIONS)
def fir(x, taps, out):
    """out[i] = sum over k of taps[k] x[i + k - centre]; the ends, narrower than the filter, keep x."""
    centre = len(taps) // 2
    n = len(x)
    for i in range(centre):
        out[i] = x[i]
        out[n - 1 - i] = x[n - 1 - i]
    m = n - 2 * centre
    middle = out[centre : centre + m]
    whole = len(taps) // 4 * 4
    for i in range(m):
        middle[i] = SINGLE(0.0)
    for k in range(0, whole, 4):
        t0, t1, t2, t3 = taps[k], taps[k + 1], taps[k + 2], taps[k + 3]
        part = x[k : k + m + 3]
        for i in range(m):
            middle[i] += t0 * part[i] + t1 * part[i + 1] + t2 * part[i + 2] + t3 * part[i + 3]
    for k in range(whole, len(taps)):
        t0 = taps[k]
        part = x[k : k + m]
        for i in range(m):
            middle[i] += t0 * part[i]


@njit(**OPTIONS)
def first_order(x, b0, b1, a1, work, out):
    """out[i] = b0 x[i] + b1 x[i-1] - a1 out[i-1] from rest, by look-ahead so that four samples go side by side.

    x starts with REST samples of 0. work: as long as x, overwritten.
    Source: scattered look-ahead, Parhi and Messerschmitt, IEEE Trans. ASSP 37, 1989.
    """
    p = -a1
    c0, c1, c2 = b0, b1 + p * b0, p * b1
    p2 = p * p
    p4 = p2 * p2
    for i in range(REST):
        work[i] = out[i] = SINGLE(0.0)
    now, one_ago, two_ago, drive = x[REST:], x[REST - 1 :], x[REST - 2 :], work[REST:]
    for i in range(len(now)):
        drive[i] = c0 * now[i] + c1 * one_ago[i] + c2 * two_ago[i]
    y0 = y1 = y2 = y3 = SINGLE(0.0)
    w = work[REST - 2 :]
    tail = out[REST:]
    whole = len(tail) // 4 * 4
    for i in range(0, whole, 4):
        y0 = w[i + 2] + p2 * w[i] + p4 * y0
        y1 = w[i + 3] + p2 * w[i + 1] + p4 * y1
        y2 = w[i + 4] + p2 * w[i + 2] + p4 * y2
        y3 = w[i + 5] + p2 * w[i + 3] + p4 * y3
        tail[i] = y0
        tail[i + 1] = y1
        tail[i + 2] = y2
        tail[i + 3] = y3
    for i in range(whole, len(tail)):
        tail[i] = w[i + 2] + p2 * w[i] + p4 * tail[i - 4]


@njit(**OPTIONS | INNER)
def _half_sine(t):
    """sin(pi t) for t in [-1, 1), single precision."""
    a = abs(t)
    a = min(a, SINGLE(1.0) - a)
    q = a * a
    s = SINGLE(2.550164) - q * (SINGLE(0.5992645) - q * SINGLE(0.0821459))
    s = a * (SINGLE(3.1415927) - q * (SINGLE(5.167713) - q * s))
    return math.copysign(s, t)


@njit(**OPTIONS | INNER)
def _angle(y, x):
    """atan2 to 1e-5 rad without branches. Source: odd minimax polynomial on [0, 1] and the octants' symmetry."""
    ax, ay = abs(x), abs(y)
    a = min(ax, ay) / (max(ax, ay) + SINGLE(1e-20))
    q = a * a
    r = SINGLE(0.05265332) - q * SINGLE(0.01172120)
    r = SINGLE(0.19354346) + q * (SINGLE(-0.11643287) + q * r)
    r = a * (SINGLE(0.99997726) + q * (SINGLE(-0.33262347) + q * r))
    r = SINGLE(1.5707964) - r if ay > ax else r
    r = SINGLE(3.1415927) - r if x < 0 else r
    return math.copysign(r, y)


@njit(**OPTIONS)
def modulate(level, carrier, phase, re, im):
    """Carrier of a line from its level (share of white); carrier: (turn, per_unit, low, bend, high) in 2^-32 turns.

    The white clip is a diode's: from ``bend`` on half of what is over it passes, up to ``high``.
    """
    turn, per_unit, low, bend, high = carrier
    for i in range(len(level)):
        step = turn + per_unit * level[i]
        bent = bend + SINGLE(0.5) * (step - bend)
        phase[i] = np.int32(min(max(bent if step > bend else step, low), high))
    at = np.int32(0)
    for i in range(len(level)):
        at = np.int32(at + phase[i])
        phase[i] = at
    scale = SINGLE(2.0**-31)
    for i in range(len(level)):
        p = phase[i]
        im[i] = _half_sine(SINGLE(p) * scale)
        re[i] = _half_sine(SINGLE(np.int32(p + np.int32(1 << 30))) * scale)


@njit(**OPTIONS)
def demodulate(re, im, carrier, out):
    """Phase steps of the carrier back to level, held to what a demodulator can follow.

    It counts pulses, so that noise alone, of any frequency, reads as white more than as black.
    """
    scale = SINGLE(2.0**31 / math.pi) / carrier[1]
    rest = carrier[0] / carrier[1]
    out[0] = SINGLE(0.0)
    for i in range(1, len(re)):
        y = im[i] * re[i - 1] - re[i] * im[i - 1]
        x = re[i] * re[i - 1] + im[i] * im[i - 1]
        level = _angle(y, x) * scale - rest
        level = max(level, SINGLE(-2.4) - level)
        out[i] = min(level, SINGLE(2.4))
    for i in range(REST):
        out[i] = SINGLE(0.0)


@njit(**OPTIONS)
def add_noise(x, rms, key):
    """Add white noise of a line's key."""
    for i in range(len(x)):
        x[i] += rms * gauss(key, np.uint32(i))


@njit(**OPTIONS | INNER)
def add_two_noises(x, y, rms, key):
    """Add white noise of a line's key to two signals: sum and alternating sum of the same four bytes, uncorrelated."""
    low = np.uint32(0xFF)
    scale = rms * SINGLE(1.0 / 147.80)
    for i in range(len(x)):
        drawn = scrambled(key, np.uint32(i))
        a = np.int32(drawn & low) + np.int32((drawn >> np.uint32(16)) & low)
        b = np.int32((drawn >> np.uint32(8)) & low) + np.int32(drawn >> np.uint32(24))
        x[i] += scale * SINGLE(a + b - 510)
        y[i] += scale * SINGLE(a - b)


@njit(**OPTIONS | INNER)
def split_colours(row, luma, blue, red):
    """R'G'B' pixels, one after the other, to luma and colour differences. Source: ITU-R BT.601 weights."""
    for x in range(len(luma)):
        p = np.uint64(3 * x)
        r, g, b = row[p], row[p + ONE], row[p + TWO]
        y = SINGLE(0.299) * r + SINGLE(0.587) * g + SINGLE(0.114) * b
        luma[x] = y
        blue[x] = b - y
        red[x] = r - y


@njit(**OPTIONS)
def sample(row, taps, out):
    start, weight = taps
    if weight.shape[1] == 4:
        for i in range(len(out)):
            a = np.uint32(start[i])
            left = weight[i, 0] * row[a] + weight[i, 1] * row[a + 1]
            out[i] = left + weight[i, 2] * row[a + 2] + weight[i, 3] * row[a + 3]
    else:
        for i in range(len(out)):
            a = start[i]
            s = SINGLE(0.0)
            for k in range(weight.shape[1]):
                s += weight[i, k] * row[a + k]
            out[i] = s


@njit(**OPTIONS)
def sample_two(first, second, taps, out_first, out_second):
    start, weight = taps
    count = np.uint32(weight.shape[1])
    for i in range(len(out_first)):
        a = np.uint32(start[i])
        s = t = SINGLE(0.0)
        for k in range(count):
            w = weight[i, k]
            s += w * first[a + k]
            t += w * second[a + k]
        out_first[i] = s
        out_second[i] = t


@njit(**OPTIONS | INNER)
def cross_colour(y, sign, u, v):
    """Cross-colour of a composite input: luma near fsc is taken for chroma, its phase flips by line."""
    last = len(y) - 8
    for j in range(len(u)):
        i = min(CHROMA_STEP * j, last)
        u[j] += sign * SINGLE(0.25) * (y[i] - y[i + 2] + y[i + 4] - y[i + 6])
        v[j] += sign * SINGLE(0.25) * (y[i + 1] - y[i + 3] + y[i + 5] - y[i + 7])


@njit(**OPTIONS | INNER)
def lose(amplitude, first, last, middle, half, depth):
    """Lower a line's carrier by one loss: a tent in decibels, depth in nepers."""
    for i in range(first, last):
        lifted = max(SINGLE(1.0) - abs(SINGLE(i) - middle) / half, SINGLE(0.0))
        amplitude[i] = min(amplitude[i], math.exp(-depth * lifted))


@njit(**OPTIONS | INNER)
def scale(x, factor):
    for i in range(len(x)):
        x[i] *= factor[i]


@njit(**OPTIONS | INNER)
def compensate(level, before, amplitude, first, last):
    """Dropout compensator: the line before where the carrier is too weak."""
    for i in range(first, last):
        if amplitude[i] < TRIP:
            level[i] = before[i]


@njit(**OPTIONS | INNER)
def shoot_over(level, first, last, head):
    """A loss that nothing makes up for: white up to its end, then a tail in which the level comes back."""
    for i in range(first, last):
        level[i] += head
    tail = head
    for i in range(last, min(last + TAIL, len(level))):
        tail *= RECOVERS
        level[i] += tail


@njit(**OPTIONS)
def cancel(x, low, limit):
    """Noise canceller, in place: fine detail up to the limit is taken for noise and mostly taken away."""
    for i in range(len(x)):
        x[i] -= CANCEL * min(max(x[i] - low[i], -limit), limit)


@njit(**OPTIONS | INNER)
def comb(now, before, out):
    """Mean with the line before, which cancels the neighbouring track's chroma; ``before`` becomes this line."""
    for i in range(len(now)):
        out[i] = SINGLE(0.5) * (now[i] + before[i])
        before[i] = now[i]


@njit(**OPTIONS | INNER)
def turn_hue(u, v, c, s):
    for i in range(len(u)):
        blue = u[i]
        u[i] = c * blue - s * v[i]
        v[i] = s * blue + c * v[i]


@njit(**OPTIONS)
def place(start, slope, split, shift, index, share):
    """Where a line is read, place by place: sample before and share of the way to the next."""
    per_place = SINGLE(ACTIVE) / SINGLE(len(index)) - slope
    origin = SINGLE(PAD) - SINGLE(0.5) - start
    for x in range(len(index)):
        place = SINGLE(x) + SINGLE(0.5)
        t = place * per_place + origin - (shift if place >= split else SINGLE(0.0))
        t = min(max(t, SINGLE(1.0)), SINGLE(SAMPLES - 3))
        index[x] = np.int32(t)
        share[x] = t - SINGLE(index[x])


@njit(**OPTIONS)
def scan_luma(y, index, share, out):
    """A line read at its displaced places by Catmull-Rom cubics."""
    before, after, last = y[:-3], y[2:], y[3:]
    here = y[1:]
    for x in range(len(out)):
        i = np.uint32(index[x] - 1)
        f = share[x]
        a, b, c, d = before[i], here[i], after[i], last[i]
        bend = f * (SINGLE(3.0) * (b - c) + d - a)
        out[x] = b + SINGLE(0.5) * f * (c - a + f * (SINGLE(2.0) * a - SINGLE(5.0) * b + SINGLE(4.0) * c - d + bend))


@njit(**OPTIONS)
def scan_chroma(u, v, index, share, late, blue, red):
    """Chroma, which is slow, read by straight lines, ``late`` samples after luma."""
    for x in range(len(blue)):
        t = (SINGLE(index[x]) + share[x] - late) * SINGLE(1.0 / CHROMA_STEP)
        t = min(max(t, SINGLE(0.0)), SINGLE(CHROMA_SAMPLES - 2))
        i = np.uint32(t)
        f = t - SINGLE(i)
        blue[x] = u[i] + f * (u[i + np.uint32(1)] - u[i])
        red[x] = v[i] + f * (v[i + np.uint32(1)] - v[i])


@njit(**OPTIONS | INNER)
def mean_of(parts, x):
    """Mean of every ``parts`` places, in place at the front."""
    share = SINGLE(1.0) / SINGLE(parts)
    for i in range(len(x) // parts):
        s = SINGLE(0.0)
        for k in range(parts):
            s += x[i * parts + k]
        x[i] = s * share


@njit(**OPTIONS | INNER)
def _code(x):
    return np.uint8(np.int32(min(max(x * SINGLE(255.0) + SINGLE(0.5), SINGLE(0.0)), SINGLE(255.0))))


@njit(**OPTIONS | INNER)
def pack(luma, blue, red, out):
    """Luma and colour differences to 8-bit R'G'B', pixel after pixel."""
    for x in range(len(luma)):
        p = np.uint64(3 * x)
        out[p] = _code(luma[x] + red[x])
        out[p + ONE] = _code(luma[x] - SINGLE(0.299 / 0.587) * red[x] - SINGLE(0.114 / 0.587) * blue[x])
        out[p + TWO] = _code(luma[x] + blue[x])
