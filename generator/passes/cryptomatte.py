"""Cryptomatte: ids of names, their manifest, and ranked coverage.

Source: Friedman and Jones, "Fully automatic ID mattes with support for motion blur and transparency", SIGGRAPH 2015
posters, and the Cryptomatte specification 1.2.0. The hash: Appleby's MurmurHash3, x86, 32 bits.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..render.edges import Edges
from .kernels import rank_ids

MASK = 0xFFFFFFFF
IDS_A_LEVEL = 2


def murmur3(text: str, seed: int = 0) -> int:
    """Hash text as UTF-8 to 32 bits."""
    data, value = text.encode(), seed
    whole = len(data) & ~3
    for k in range(0, whole, 4):
        value ^= _scrambled(int.from_bytes(data[k : k + 4], "little"))
        value = (_turned(value, 13) * 5 + 0xE6546B64) & MASK
    value ^= _scrambled(int.from_bytes(data[whole:], "little")) ^ len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        value = ((value ^ (value >> shift)) * factor) & MASK
    return value ^ (value >> 16)


def id_of(name: str) -> int:
    """Give a name's id as 32 bits: its hash, one bit turned where it would be no ordinary floating-point number."""
    value = murmur3(name)
    return value ^ (1 << 23) if (value >> 23) & 255 in (0, 255) else value


def codes(names: Sequence[str]) -> NDArray[np.float32]:
    """Give the ids (N,) of names, their bits taken as floating-point numbers."""
    return np.array([id_of(name) for name in names], np.uint32).view(np.float32)


def manifest(layer: str, names: Sequence[str]) -> dict[str, str]:
    """Write the attributes that a file's header needs for a layer whose ids are of these names."""
    key = f"cryptomatte/{murmur3(layer):08x}"[: len("cryptomatte/") + 7]
    ids = {name: f"{id_of(name):08x}" for name in sorted(names)}
    told = {"name": layer, "hash": "MurmurHash3_32", "conversion": "uint32_to_float32"}
    return {f"{key}/{word}": text for word, text in told.items()} | {
        f"{key}/manifest": json.dumps(ids, separators=(",", ":"))
    }


def matte(
    ids: NDArray[np.int32], fragments: NDArray[np.int32], edges: Edges, code: NDArray[np.float32], levels: int
) -> NDArray[np.float32]:
    """Rank the ids (H, W, 4 levels) that cover most of each pixel: id, coverage, id, coverage, and so on.

    ids (H, W): what centres see, fragments (K,): of ``edges``, both indices into code (N,), -1 for nothing.
    """
    out = np.empty((len(ids), 2 * IDS_A_LEVEL * levels, ids.shape[1]), np.float32)
    rank_ids(out, ids, code, edges.row, edges.column, edges.begin, fragments, edges.share)
    return out.swapaxes(1, 2)


def layer_channels(layer: str, ranked: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Name the channels of ranked ids (H, W, 4 levels), each (H, W)."""
    return {f"{layer}{k // 4:02d}.{'RGBA'[k % 4]}": ranked[..., k] for k in range(ranked.shape[-1])}


def _scrambled(block: int) -> int:
    return (_turned(block * 0xCC9E2D51 & MASK, 15) * 0x1B873593) & MASK


def _turned(value: int, by: int) -> int:
    """The 32 bits turned to the left."""
    return ((value << by) | (value >> (32 - by))) & MASK
