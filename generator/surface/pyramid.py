"""Mip pyramids: every material's texture at all its scales."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Pyramids:
    """The textures of all materials, one after the other, each from its finest level to 1 × 1.

    Around every level lies a border of one texel of the neighbouring period, so that the four texels about any place
    are two runs of eight numbers. texels (4 * T,) uint16, value / 65535, four channels a texel, read-only. first,
    width, height (M, LEVELS) int32: each level's first texel, border included, and its size without; levels (M,) int32
    how many there are, 0 where a material has no such texture.
    """

    texels: NDArray[np.uint16]
    first: NDArray[np.int32]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    levels: NDArray[np.int32]

    def level(self, material: int, k: int) -> NDArray[np.uint16]:
        """One level of one material, (h, w, 4), without its border."""
        first, w, h = (int(a[material, k]) for a in (self.first, self.width, self.height))
        bordered = self.texels[4 * first : 4 * (first + (w + 2) * (h + 2))]
        return bordered.reshape(h + 2, w + 2, 4)[1:-1, 1:-1]


def pyramids(images: Iterable[NDArray[np.float32]]) -> Pyramids:
    """Pyramids of images (h, w, 4) in 0..1, linear; an image of no size gives none."""
    return joined([chain(image) for image in images])


def joined(chains: list[list[NDArray[np.uint16]]]) -> Pyramids:
    """Pyramids of chains of bordered levels (h + 2, w + 2, 4); ``chains`` are used up to save memory."""
    depth = max([len(levels) for levels in chains], default=0)
    first, width, height = (np.zeros((len(chains), max(depth, 1)), np.int32) for _ in range(3))
    counts = np.array([len(levels) for levels in chains], np.int32)
    texels = np.empty(sum(level.size for levels in chains for level in levels), np.uint16)
    total = 0
    for m, levels in enumerate(chains):
        for k, level in enumerate(levels):
            first[m, k], height[m, k], width[m, k] = total // 4, level.shape[0] - 2, level.shape[1] - 2
            texels[total : total + level.size] = level.reshape(-1)
            total += level.size
        levels.clear()
    texels.setflags(write=False)
    return Pyramids(texels, first, width, height, counts)


def chain(image: NDArray[np.float32]) -> list[NDArray[np.uint16]]:
    """The levels (h + 2, w + 2, 4) of an image (h, w, 4) with their borders, the finest first; none of no image."""
    levels = [np.clip(image, 0, 1)] if image.size else []
    while levels and max(levels[-1].shape[:2]) > 1:
        levels.append(_halved(_halved(levels[-1], 0), 1))
    codes = [(level * 65535 + 0.5).astype(np.uint16) for level in levels]
    return [np.pad(level, ((1, 1), (1, 1), (0, 0)), mode="wrap") for level in codes]


def _halved(image: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Area average to half as many samples (rounded down, as OpenGL counts levels) along an axis."""
    n = image.shape[axis]
    if n == 1:
        return image
    turned = np.moveaxis(image, axis, 0)
    if n % 2 == 0:
        half = 0.5 * (turned[0::2] + turned[1::2])
    else:
        edges = np.linspace(0, n, n // 2 + 1)
        low, high = np.arange(n), np.arange(1, n + 1)
        cover = np.minimum(high, edges[1:, None]) - np.maximum(low, edges[:-1, None])
        weight = (np.clip(cover, 0, None) / (n / (n // 2))).astype(np.float32)
        half = np.tensordot(weight, turned, 1)
    return np.moveaxis(half, 0, axis)
