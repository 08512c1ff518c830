"""Compiled helpers of the Embree renderer: where samples lie, their rays, and which pixels hold an edge."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

EDGE_SAMPLES = np.array([[0.375, 0.875], [0.875, 0.625], [0.125, 0.375], [0.625, 0.125]], np.float32)
"""Places in a pixel, x right and y down. Source: Direct3D's standard 4-sample pattern, as Mesa's llvmpipe has it."""


@lru_cache(maxsize=4)
def grid_samples(width: int, height: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Pixel centres, row by row: x and y (width * height,), read-only."""
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32) + np.float32(0.5)
    samples = xs.reshape(-1).copy(), ys.reshape(-1).copy()
    for a in samples:
        a.flags.writeable = False
    return samples


@njit(cache=True, nogil=True)
def ray_directions(xs, ys, rays):
    """Directions (N, 3) float32 through picture coordinates; rays (3, 3): corner, across, down."""
    out = np.empty((len(xs), 3), np.float32)
    for i in range(len(xs)):
        for d in range(3):
            out[i, d] = rays[0, d] + xs[i] * rays[1, d] + ys[i] * rays[2, d]
    return out


@njit(cache=True, nogil=True)
def edge_pixels(faces, surface, pattern):
    """Pixels (N,) of (H, W) faces beside another surface, and coordinates (N * len(pattern),) of their samples."""
    h, w = faces.shape
    edge = np.zeros((h, w), np.bool_)
    for y in range(h):
        for x in range(w):
            f = faces[y, x]
            s = surface[f] if f >= 0 else -1
            if x + 1 < w:
                g = faces[y, x + 1]
                if g != f and (surface[g] if g >= 0 else -1) != s:
                    edge[y, x] = edge[y, x + 1] = True
            if y + 1 < h:
                g = faces[y + 1, x]
                if g != f and (surface[g] if g >= 0 else -1) != s:
                    edge[y, x] = edge[y + 1, x] = True
    pixels = np.flatnonzero(edge)
    n = len(pattern)
    xs, ys = np.empty(len(pixels) * n, np.float32), np.empty(len(pixels) * n, np.float32)
    for i in range(len(pixels)):
        y, x = divmod(pixels[i], w)
        for k in range(n):
            xs[i * n + k], ys[i * n + k] = x + pattern[k, 0], y + pattern[k, 1]
    return pixels, xs, ys


@njit(cache=True, nogil=True)
def mean_over_edges(picture, pixels, samples):
    """Put the mean of each edge pixel's samples (N * n, 3) into the picture (H * W, 3)."""
    if len(pixels) == 0:
        return
    n = len(samples) // len(pixels)
    for i in range(len(pixels)):
        for d in range(3):
            total = np.float32(0)
            for k in range(n):
                total += samples[i * n + k, d]
            picture[pixels[i], d] = total / n
