"""Codes of a picture by table (compiled)."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def look_up(values, codes, out):
    """Fill ``out`` (N, K) with the codes of ``values`` (N, K), clipped to 0..1: ``codes`` (65536, 1 or K)."""
    for n in range(len(values)):
        for k in range(values.shape[1]):
            step = values[n, k] * np.float32(65535.0) + np.float32(0.5)
            nearest = np.int64(min(max(step, np.float32(0.0)), np.float32(65535.0)))
            out[n, k] = codes[nearest, min(k, codes.shape[1] - 1)]
