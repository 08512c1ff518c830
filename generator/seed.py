"""Randomness: the only source of it.

``rng_for(seed, stream, *key)`` gives an independent counter-based generator for each named stream and key.
Streams are shared between people and years, so nothing here uses NumPy's ``Generator`` methods, whose output
may change between releases; only the raw Philox bits, which NumPy guarantees, and the conversions below.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

KEY_LENGTH = 4
"""Every key is padded to this length, so that (1, 2) and (1, 2, 0) can be told apart by their stated length."""
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""The step of SplitMix64's counter: 2^64 over the golden ratio, made odd."""
FIRST, LAST = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
"""The multipliers of SplitMix64's finaliser."""


def mix(z):
    """Scramble a uint64, or an array of them, one to one; plain Python that kernels compile.

    Source: SplitMix64's finaliser, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
    """
    z = np.uint64(z)
    z = (z ^ (z >> np.uint64(30))) * FIRST
    z = (z ^ (z >> np.uint64(27))) * LAST
    return z ^ (z >> np.uint64(31))


def half_mix(z: NDArray[np.uint64], shift: int = 30) -> NDArray[np.uint64]:
    """Scramble an array of uint64 by the first half of ``mix``: enough for keys whose users scramble them again."""
    z = (z ^ (z >> np.uint64(shift))) * FIRST
    return np.asarray(z ^ (z >> np.uint64(29)))


def row_hashes(columns: Iterable[ArrayLike]) -> NDArray[np.uint64]:
    """Hash rows of whole numbers, given as their columns (N,), to (N,) uint64: equal rows to equal ones."""
    words = np.uint64(0)
    for column in columns:
        words = mix(words ^ np.asarray(column).astype(np.int64).view(np.uint64))
    return np.asarray(words)


def counted_keys(key: int, count: int) -> NDArray[np.uint32]:
    """Return a 32-bit key (count,) for each line, or whatever else is counted, that follows a 64-bit key."""
    z = half_mix(np.uint64(key) + np.arange(1, count + 1, dtype=np.uint64) * GOLDEN)
    return (z >> np.uint64(16)).astype(np.uint32)


class Rng:
    """A stream of random numbers with stable conversions.

    Shapes follow NumPy; ``size=None`` gives a scalar. Not thread-safe: take one per task.
    Source: Philox4x64-10, Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
    """

    __slots__ = ("_bits",)

    def __init__(self, bits: np.random.Philox) -> None:
        self._bits = bits

    def raw(self, n: int) -> NDArray[np.uint64]:
        """``(n,)`` uint64, uniform over all 64-bit values."""
        return np.asarray(self._bits.random_raw(n), dtype=np.uint64).reshape(n)

    def uniform(self, low: float = 0.0, high: float = 1.0, size: int | tuple[int, ...] | None = None):
        """Floats in [low, high), 53 bits each."""
        n = 1 if size is None else int(np.prod(size))
        u = (self.raw(n) >> np.uint64(11)).astype(np.float64)
        u *= 2.0**-53
        u *= high - low
        u += low
        return float(u[0]) if size is None else u.reshape(size)

    def integers(self, low: int, high: int, size: int | tuple[int, ...] | None = None):
        """Integers in [low, high); ``high - low`` at most 2**32, bias under 2**-20."""
        u = self.uniform(0.0, 1.0, size)
        if size is None:
            return low + int(u * (high - low))
        return low + (u * (high - low)).astype(np.int64)

    def normal(self, size: int | tuple[int, ...] | None = None):
        """Standard normal floats. Source: Box and Muller, Ann. Math. Statist. 29, 1958."""
        n = 1 if size is None else int(np.prod(size))
        half = (n + 1) // 2
        u = self.uniform(size=(2, half))
        r = np.sqrt(-2.0 * np.log1p(-u[0]))
        z = np.concatenate([r * np.cos(2 * np.pi * u[1]), r * np.sin(2 * np.pi * u[1])])[:n]
        return float(z[0]) if size is None else z.reshape(size)

    def choice(self, weights) -> int:
        """An index drawn with probability proportional to ``weights`` (non-negative, not all zero)."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        return min(int(np.searchsorted(edges, self.uniform() * edges[-1], side="right")), len(edges) - 1)


def hash64(seed: int, stream: str, *key: int) -> int:
    """Hash (seed, stream, key) to a stable 64 bits; any integers, negative ones too."""
    return int.from_bytes(_digest(seed, stream, key)[:8], "little")


def share_of(seed: int, stream: str, *key: int) -> float:
    """Hash (seed, stream, key) to a number in 0..1."""
    return hash64(seed, stream, *key) / 2.0**64


def rng_for(seed: int, stream: str, *key: int) -> Rng:
    """Return the generator of one named stream.

    seed: any integer. stream: a name such as ``"plan.rooms"``. key: up to ``KEY_LENGTH`` integers of any sign
    (chunk indices, field numbers); its length is part of the stream's identity.
    Raises ValueError for a longer key.
    """
    digest = _digest(seed, stream, key)
    return Rng(np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8").copy()))


def _digest(seed: int, stream: str, key: tuple[int, ...]) -> bytes:
    if len(key) > KEY_LENGTH:
        raise ValueError(f"a random stream's key has at most {KEY_LENGTH} integers, not {len(key)}")
    text = f"{int(seed)}|{stream}|{'|'.join(str(int(k)) for k in key)}"
    return hashlib.blake2b(text.encode(), digest_size=32).digest()
