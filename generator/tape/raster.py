"""The raster that a tape knows: 52.66 us lines sampled at four times the colour carrier, whatever a picture is."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLE_HZ = 315e6 / 88 * 4
"""4fsc = 14.31818 MHz. Source: SMPTE 244M."""
LINE_S = 63.5556e-6
BLANKED_LINES = 22.5
"""Lines of a field that are not seen: 262.5 less 240."""
ACTIVE = 754
"""Samples of the visible line: 52.66 us at 4fsc."""
PAD = 72
"""Samples kept on either side for the filters' tails and for displaced lines."""
SAMPLES = ACTIVE + 2 * PAD
CHROMA_STEP = 4
CHROMA_SAMPLES = 225
"""Chroma is kept at fsc: SAMPLES / CHROMA_STEP, rounded up."""
FIELD_LINES = 240
"""Visible lines of a field when a picture's height is not that of a television picture."""
LINES_AS_THEY_ARE = range(400, 601)
"""Picture heights whose rows are taken for lines."""
EDGE = 20
"""Samples by which the picture outlives its visible edge before blanking: 1.4 us, what a television hides."""
FIRST_LINE = 19.5
"""Lines from vertical sync to the first visible line, so that the last one ends 3 lines before the next."""

Taps = tuple[NDArray[np.int32], NDArray[np.float32]]


def _cubic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Catmull-Rom kernel. Source: Keys, IEEE Trans. ASSP 29, 1981, a = -1/2."""
    x = np.abs(x)
    near = (1.5 * x - 2.5) * x * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


def _taps(width: int, centre: NDArray[np.float64], scale: float) -> Taps:
    """For each centre (in pixels) the first pixel (M,) and the weights (M, K) of a kernel ``scale`` pixels wide."""
    count = int(np.ceil(4 * scale)) + 1
    index = np.floor(centre - 2 * scale).astype(np.int64)[:, None] + np.arange(count)
    weight = _cubic((index - centre[:, None]) / scale)
    weight /= weight.sum(axis=1, keepdims=True)
    used = min(count, width)
    start = np.clip(index[:, 0], 0, width - used)
    slot = np.clip(np.clip(index, 0, width - 1) - start[:, None], 0, used - 1)
    folded = np.zeros((len(centre), used))
    np.add.at(folded, (np.arange(len(centre))[:, None], slot), weight)
    if used > 4 and scale == 1.0:
        start, folded = _trimmed(start, folded, width)
    return start.astype(np.int32), np.ascontiguousarray(folded, dtype=np.float32)


def _trimmed(start: NDArray[np.int64], weight: NDArray[np.float64], width: int):
    """The same taps in windows of four: a cubic that is not widened never has more."""
    first = np.minimum((np.abs(weight) > 1e-12).argmax(axis=1), weight.shape[1] - 4)
    rows = np.arange(len(start))[:, None]
    return start + first, weight[rows, first[:, None] + np.arange(4)]


@lru_cache(maxsize=16)
def luma_taps(width: int) -> Taps:
    """Taps that turn a row of ``width`` pixels into ``SAMPLES`` luma samples, blanked beyond the picture's edge."""
    sample = np.arange(SAMPLES) - PAD + 0.5
    start, weight = _taps(width, sample * width / ACTIVE - 0.5, max(1.0, width / ACTIVE))
    return start, np.where(_visible(sample), weight, np.float32(0.0))


@lru_cache(maxsize=16)
def chroma_taps(width: int) -> Taps:
    """Taps that turn a row of ``width`` pixels into ``CHROMA_SAMPLES`` samples of a colour difference."""
    sample = np.arange(CHROMA_SAMPLES) * CHROMA_STEP - PAD + 0.5
    per_sample = width * CHROMA_STEP / ACTIVE
    start, weight = _taps(width, sample * width / ACTIVE - 0.5, max(1.0, 0.5 * per_sample))
    return start, np.where(_visible(sample), weight, np.float32(0.0))


def _visible(sample: NDArray[Any]) -> NDArray[np.bool_]:
    return ((sample > -EDGE) & (sample < ACTIVE + EDGE))[:, None]


@lru_cache(maxsize=16)
def line_taps(rows: int, lines: int):
    """Sparse (lines, rows) matrix that resamples the rows of one field to another number of lines."""
    from scipy.sparse import csr_matrix

    centre = (np.arange(lines) + 0.5) * rows / lines - 0.5
    start, weight = _taps(rows, centre, max(1.0, rows / lines))
    used = weight.shape[1]
    index = start[:, None] + np.arange(used)
    pointer = np.arange(0, lines * used + 1, used)
    return csr_matrix((weight.ravel(), index.ravel(), pointer), shape=(lines, rows), dtype=np.float32)
