"""Mip pyramids: every material's texture at all its scales, as both renderers read them.

The filter, stated once (``shaders/mesh.frag`` and ``shade.py`` are its two implementations). The pixel's
footprint in texels of level 0 is the parallelogram of the texture coordinate's two derivatives; its ellipse has a
major and a minor axis (the singular values of the Jacobian). Along the major axis stand
``taps = ceil(major / minor / TAP_SPACING)`` samples, at most ``MAX_TAPS[quality]``, each trilinear at
``log2(max(minor, major / taps / TAP_SPACING)) + LOD_BIAS``, where two levels are mixed only in the middle half of the
way from one to the next. Drafts read the nearer of the two alone.
Source: McCormack et al., "Feline: fast elliptical lines for anisotropic texture mapping", SIGGRAPH 1999.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOD_BIAS = -0.5
"""A trilinear sample of texel size s blurs by s²/4 (its box and the tent between texels); a pixel's box of width
w by w²/12. They are equal at s = w / √3, log2 of which is -0.79; a little less keeps aliasing down.
"""
TAP_SPACING = 1.5
"""Distance of samples in widths of one. Chosen so that wallpaper at 45° varies from frame to frame as a 16 times
supersampled picture does (``bench_render``); 1 costs half as many samples again and gains nothing there."""
MAX_TAPS = {"draft": 1, "normal": 4, "final": 12}


@dataclass(frozen=True)
class Pyramids:
    """The textures of all materials, one after the other, each from its finest level to 1 × 1.

    texels (T, 4) uint16, value / 65535. first, width, height (M, LEVELS) int32: each level's first texel and its
    size; levels (M,) int32 how many there are, 0 where a material has no such texture.
    """

    texels: NDArray[np.uint16]
    first: NDArray[np.int32]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    levels: NDArray[np.int32]

    def level(self, material: int, k: int) -> NDArray[np.uint16]:
        """One level of one material, (h, w, 4)."""
        first, w, h = (int(a[material, k]) for a in (self.first, self.width, self.height))
        return self.texels[first : first + w * h].reshape(h, w, 4)


def pyramids(images: list[NDArray[np.float32]]) -> Pyramids:
    """Pyramids of images (h, w, 4) in 0..1, linear; an image of no size gives none."""
    chains = [_chain(image) if image.size else [] for image in images]
    depth = max([len(chain) for chain in chains], default=0)
    first, width, height = (np.zeros((len(images), max(depth, 1)), np.int32) for _ in range(3))
    flat, total = [], 0
    for m, chain in enumerate(chains):
        for k, level in enumerate(chain):
            first[m, k], height[m, k], width[m, k] = total, level.shape[0], level.shape[1]
            flat.append(level.reshape(-1, 4))
            total += len(flat[-1])
    texels = np.concatenate(flat) if flat else np.zeros((0, 4), np.uint16)
    return Pyramids(texels, first, width, height, np.array([len(c) for c in chains], np.int32))


def _chain(image: NDArray[np.float32]) -> list[NDArray[np.uint16]]:
    levels = [np.clip(image, 0, 1)]
    while max(levels[-1].shape[:2]) > 1:
        levels.append(_halved(_halved(levels[-1], 0), 1))
    return [(level * 65535 + 0.5).astype(np.uint16) for level in levels]


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
