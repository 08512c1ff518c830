"""Random bits for the plan's compiled kernels: a counter-based stream and a hash of integer keys.

Plans draw thousands of numbers a chunk, each tied to a place in the world. ``generator.seed`` names the stream
once (``hash64(seed, "plan")``); from there on a place's bits are ``key`` of that word and the place's integers.
Signatures are written out where callers pass literal numbers: else each number would be compiled for itself.
Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (SplitMix64).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .. import seed
from ..kernel_options import ENTRY
from ..seed import GOLDEN

mix = njit(**ENTRY)(seed.mix)


@njit("uint64(uint64, int64, int64, int64, int64)", **ENTRY)
def key(world, stream, a, b, c):
    """The uint64 hash of a world's word, a stream number and three integers of any sign."""
    h = mix(np.uint64(world) + GOLDEN * np.uint64(stream + 1))
    h = mix(h ^ (np.uint64(np.int64(a)) * np.uint64(0xD1342543DE82EF95) + GOLDEN))
    h = mix(h ^ (np.uint64(np.int64(b)) * np.uint64(0xAF251AF3B0F025B5) + GOLDEN))
    return mix(h ^ (np.uint64(np.int64(c)) * np.uint64(0xB564EF22EC7AECE5) + GOLDEN))


@njit(**ENTRY)
def unit(h):
    """A uint64 as a float in [0, 1), 53 bits."""
    return np.float64(np.uint64(h) >> np.uint64(11)) * 2.0**-53


@njit(**ENTRY)
def stream(h):
    """A stream of bits (a counter in an array of one uint64) starting from a hash."""
    state = np.empty(1, np.uint64)
    state[0] = h
    return state


@njit(**ENTRY)
def uniform(state):
    """The stream's next float in [0, 1)."""
    state[0] = state[0] + GOLDEN
    return unit(mix(state[0]))


@njit("int64(uint64[::1], int64)", **ENTRY)
def below(state, n):
    """The stream's next integer in [0, n); 0 when n < 1."""
    return np.int64(uniform(state) * max(n, 1))


@njit("int64(uint64[::1], int64, int64)", **ENTRY)
def between(state, low, high):
    """The stream's next integer in [low, high], or ``low`` when the range is empty."""
    return low + below(state, high - low + 1)


@njit(**ENTRY)
def chance(state, p):
    """True with probability p."""
    return uniform(state) < p
