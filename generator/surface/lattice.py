"""Noise on the world's own lattices: exact integers far from the origin, the same in every window (compiled)."""

from __future__ import annotations

import numpy as np
from numba import njit

CHUNK_M = 39.0144
"""Side of a chunk in metres: every lattice here divides it, so a lattice point is a whole number anywhere."""


@njit(cache=True, inline="always")
def mixed(i, j, key):
    """A 64-bit hash of two integers and a key. Source: the mixer of D. Lemire's and P. Evensen's rrmxmx family."""
    h = np.uint64(i) * np.uint64(0x9E3779B97F4A7C15)
    h = (h ^ (h >> np.uint64(29))) + np.uint64(j) * np.uint64(0xC2B2AE3D27D4EB4F) + np.uint64(key)
    h = (h ^ (h >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return (h ^ (h >> np.uint64(32))) * np.uint64(0x9FB21C651E98DF25)


@njit(cache=True, inline="always")
def unit(word, draw):
    """One of four 16-bit numbers in [0, 1) of a hash; ``draw`` 0..3."""
    return np.float64((word >> np.uint64(16 * draw)) & np.uint64(0xFFFF)) * (1.0 / 65536.0)


@njit(cache=True, inline="always")
def signed(i, j, key):
    """A lattice point's value in -1..1."""
    return np.float64(mixed(i, j, key) >> np.uint64(40)) * (2.0 / 16777216.0) - 1.0


@njit(cache=True)
def smooth(x, y, chunk_x, chunk_y, n, key):
    """Smooth noise in -1..1 on a lattice of ``n`` points per chunk.

    x, y: metres from the corner of chunk (chunk_x, chunk_y).
    Source: value noise with Perlin's quintic blend, "Improving noise", SIGGRAPH 2002.
    """
    tx, ty = x * (n / CHUNK_M), y * (n / CHUNK_M)
    ix, iy = np.floor(tx), np.floor(ty)
    fx, fy = tx - ix, ty - iy
    i = np.int64(ix) + chunk_x * n
    j = np.int64(iy) + chunk_y * n
    bx = fx * fx * fx * (fx * (fx * 6.0 - 15.0) + 10.0)
    by = fy * fy * fy * (fy * (fy * 6.0 - 15.0) + 10.0)
    low = signed(i, j, key) + bx * (signed(i + 1, j, key) - signed(i, j, key))
    high = signed(i, j + 1, key) + bx * (signed(i + 1, j + 1, key) - signed(i, j + 1, key))
    return low + by * (high - low)


@njit(cache=True, inline="always")
def step(low, high, x):
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


@njit(cache=True, inline="always")
def kept(n, pitch):
    """How much of a lattice of ``n`` points per chunk a texel pitch in metres can still carry: 1 to 0."""
    return min(max(CHUNK_M / (n * pitch) - 1.0, 0.0), 1.0)
