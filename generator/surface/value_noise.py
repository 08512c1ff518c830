"""Noise on the world's own lattices: exact integers far from the origin, the same in every window (compiled).

Signatures are written out where callers pass literal numbers: else each number would be compiled for itself.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER

CHUNK_M = 39.0144
"""Side of a chunk in metres: every lattice here has a whole number of points per chunk."""
ALONG_X = np.uint64(0x9E3779B185EBCA87)
ALONG_Y = np.uint64(0xC2B2AE3D27D4EB4F)
ALONG_KEYS = np.uint64(0x165667B19E3779F9)
"""Odd strides of the hash along its three axes. Source: xxHash64's primes."""


@njit("uint64(uint64, int64)", **INNER)
def branch(key, k):
    """The k-th independent key that follows from a key."""
    return key + np.uint64(k) * ALONG_KEYS


@njit(**INNER)
def _stirred(word):
    """Spread the strides' sum over all bits; lattices of it were found white in x, in y and between keys."""
    word = (word ^ (word >> np.uint64(29))) * np.uint64(0x9FB21C651E98DF25)
    return word ^ (word >> np.uint64(32))


@njit("uint64(int64, int64, uint64)", **INNER)
def mixed(i, j, key):
    """A 64-bit hash of two integers and a key."""
    return _stirred(np.uint64(i) * ALONG_X + np.uint64(j) * ALONG_Y + key)


@njit("float64(uint64, int64)", **INNER)
def unit(word, draw):
    """One of four 16-bit numbers in [0, 1) of a hash; ``draw`` 0..3."""
    return np.float64((word >> np.uint64(16 * draw)) & np.uint64(0xFFFF)) * (1.0 / 65536.0)


@njit(**INNER)
def _plane(point):
    """A lattice point's random plane: how steep along x and y, times 2 ** 31."""
    word = _stirred(point)
    return np.float64(np.int32(word)), np.float64(np.int32(word >> np.uint64(32)))


@njit(**INNER)
def _slope(point, dx, dy):
    """A lattice point's random plane at an offset from it, times 2 ** 31."""
    x, y = _plane(point)
    return x * dx + y * dy


@njit(**INNER)
def _blended(a, b, c, d, fx, fy):
    """The four corners' planes at a place in their cell, (0, 0), (1, 0), (0, 1), (1, 1), as one value."""
    along = fx * fx * fx * (fx * (fx * 6.0 - 15.0) + 10.0)
    up = fy * fy * fy * (fy * (fy * 6.0 - 15.0) + 10.0)
    low = a + along * (b - a)
    return (low + up * (c + along * (d - c) - low)) * (2.3 / 2147483648.0)


@njit("float64(float64, float64, int64, int64, int64, uint64)", **ENTRY)
def smooth(x, y, chunk_x, chunk_y, n, key):
    """Smooth noise on a lattice of ``n`` points per chunk, mean 0, standard deviation 0.4, seldom beyond ±1.

    x, y: metres from the corner of chunk (chunk_x, chunk_y).
    Source: gradient noise with the quintic blend, Perlin, "Improving noise", SIGGRAPH 2002.
    """
    tx, ty = x * (n / CHUNK_M), y * (n / CHUNK_M)
    ix, iy = np.floor(tx), np.floor(ty)
    fx, fy = tx - ix, ty - iy
    i, j = np.int64(ix) + chunk_x * n, np.int64(iy) + chunk_y * n
    at = np.uint64(i) * ALONG_X + np.uint64(j) * ALONG_Y + key
    a = _slope(at, fx, fy)
    b = _slope(at + ALONG_X, fx - 1.0, fy)
    c = _slope(at + ALONG_Y, fx, fy - 1.0)
    d = _slope(at + ALONG_X + ALONG_Y, fx - 1.0, fy - 1.0)
    return _blended(a, b, c, d, fx, fy)


@njit(**ENTRY)
def smooth_row(x, y, chunk_x, chunk_y, n, key, out):
    """``smooth`` at many places (N,) to the last bit, quick where neighbours share a lattice cell."""
    per_metre = n / CHUNK_M
    done = 0
    while done < len(x):
        ix, iy = np.floor(x[done] * per_metre), np.floor(y[done] * per_metre)
        stop = done + 1
        while stop < len(x) and np.floor(x[stop] * per_metre) == ix and np.floor(y[stop] * per_metre) == iy:
            stop += 1
        i, j = np.int64(ix) + chunk_x * n, np.int64(iy) + chunk_y * n
        at = np.uint64(i) * ALONG_X + np.uint64(j) * ALONG_Y + key
        ax, ay = _plane(at)
        bx, by = _plane(at + ALONG_X)
        cx, cy = _plane(at + ALONG_Y)
        dx, dy = _plane(at + ALONG_X + ALONG_Y)
        own_x, own_y, own = x[done:stop], y[done:stop], out[done:stop]
        for k in range(len(own)):
            fx, fy = own_x[k] * per_metre - ix, own_y[k] * per_metre - iy
            a = ax * fx + ay * fy
            b = bx * (fx - 1.0) + by * fy
            c = cx * fx + cy * (fy - 1.0)
            d = dx * (fx - 1.0) + dy * (fy - 1.0)
            own[k] = _blended(a, b, c, d, fx, fy)
        done = stop


@njit(**INNER)
def step(low, high, x):
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


@njit("float64(int64, float64)", **INNER)
def kept(n, fine):
    """How much of a lattice of ``n`` points per chunk ``fine`` texels per chunk can still carry: 1 to 0."""
    return min(max(fine * (1.0 / n) - 1.0, 0.0), 1.0)
