"""Lightmaps that travel: the bake's own charts, laid out anew in one atlas for each chunk of the world."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from ..light.lightmap import Lightmap
from ..surface.pack import pack
from .region import Chunk

SMALLEST_PX, LARGEST_PX = 64, 2048
"""Fewest and most texels along an atlas's side."""
PAD = 2
"""Texels of repeated border around each chart: bilinear reading and one smaller copy stay inside."""
COARSER = 0.85
"""Charts of an atlas that is too full get so many of their texels each way, again and again."""
LEAST = 0.2
"""Fewer texels each way than this share of the bake's would be another picture."""


@dataclass(frozen=True)
class Atlas:
    """One chunk's: size (width, height) texels; of its charts (K,), numbered as in the lightmap and rising: place
    (K, 2) column and row of the first texel, texels (K, 2) along u and v. Row 0 is the top; a chart's first and last
    texel stand on its borders."""

    chunk: Chunk
    size: tuple[int, int]
    chart: NDArray[np.int64]
    place: NDArray[np.int32]
    texels: NDArray[np.int32]

    def uv(self, chart: NDArray[np.int64], chart_uv: NDArray) -> NDArray[np.float32]:
        """(N, 2) texture coordinates, v down, of places in charts, as shares of those."""
        row = np.minimum(np.searchsorted(self.chart, chart), len(self.chart) - 1)
        at = self.place[row] + 0.5 + np.clip(chart_uv, 0.0, 1.0) * (self.texels[row] - 1)
        return np.asarray(at / np.array(self.size), np.float32)

    def picture(self, lightmap: Lightmap, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """(H, W, 3) one of the lightmap's images as this atlas lays it out; 0 between charts."""
        from .atlas_kernels import relaid

        out = np.zeros((self.size[1], self.size[0], 3), np.float32)
        source = lightmap.chart_place[self.chart], lightmap.chart_size[self.chart]
        relaid(image, *source, self.place, self.texels, PAD, out)
        return out


def atlases(
    lightmap: Lightmap, held: Iterable[tuple[NDArray[np.int64], NDArray[np.int64]]], largest: int = LARGEST_PX
) -> dict[Chunk, Atlas]:
    """Lay out an atlas for each chunk. held: chunks (F, 2) of faces and the chart (F,) that each shows.

    Raises NoclipError where a chunk's charts do not fit.
    """
    chunks, charts = (np.concatenate(column) for column in zip(*held, strict=True))
    pairs = np.unique(np.column_stack([chunks, charts]), axis=0)
    start = np.flatnonzero(np.diff(pairs[:, :2], axis=0, prepend=pairs[:1, :2] - 1).any(axis=1))
    out = {}
    for rows in np.split(pairs, start[1:]):
        chunk = int(rows[0, 0]), int(rows[0, 1])
        out[chunk] = _laid_out(chunk, rows[:, 2], lightmap.chart_size[rows[:, 2]], largest)
    return out


def _laid_out(chunk: Chunk, chart: NDArray[np.int64], baked: NDArray[np.int32], largest: int) -> Atlas:
    """One chunk's charts in the smallest atlas that holds them, coarser where none does."""
    share, texels = 1.0, np.maximum(baked, 2)
    while True:
        width, boxes = SMALLEST_PX, texels.astype(np.int64) + 2 * PAD
        least = max(float(np.sqrt(boxes.prod(axis=1).sum())), float(boxes[:, 0].max()))
        while width <= largest:
            place, height = pack(texels, width, PAD) if least <= width else (texels, width + 1)
            if height <= width:
                return Atlas(chunk, (width, -(-height // 4) * 4), chart, place.astype(np.int32), texels)
            width *= 2
        share *= COARSER
        if share < LEAST:
            raise NoclipError(
                f"the lightmap of chunk {chunk[0]},{chunk[1]} does not fit {largest} x {largest} texels: "
                "bake it coarser with -S render.quality=draft"
            )
        texels = np.maximum(np.ceil((baked - 1) * share).astype(np.int32) + 1, 2)
