"""Interreflection: the radiosity of coarse patches, solved in fixed blocks of the world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..build.level import Mesh
from .samples import LIFT_M, Samples
from .threads import in_threads

SETTLED = 1e-4
"""The solve ends when no patch changes by more than this share of the brightest."""
MOST_BOUNCES = 400


@dataclass(frozen=True)
class Patches:
    """Pieces of charts: start (C,) int64 and size (C, 2) int32 along u and v (0, 0: the chart reflects nothing);
    chart (P,) int32, position (P, 3) middles, lifted off the surface."""

    start: NDArray[np.int64]
    size: NDArray[np.int32]
    chart: NDArray[np.int32]
    position: NDArray[np.float64]


def patches_of(mesh: Mesh, reflects: NDArray[np.bool_], pitch: float) -> Patches:
    """Patches about ``pitch`` metres wide on the charts (C,) that reflect."""
    lengths = np.column_stack([np.linalg.norm(mesh.chart_u, axis=1), np.linalg.norm(mesh.chart_v, axis=1)])
    size = np.maximum(1, np.rint(lengths / pitch)).astype(np.int32) * reflects[:, None]
    count = size[:, 0].astype(np.int64) * size[:, 1]
    start = np.cumsum(count) - count
    chart = np.repeat(np.arange(len(count), dtype=np.int32), count)
    local = np.arange(len(chart)) - start[chart]
    a = (local % size[chart, 0] + 0.5) / size[chart, 0]
    b = (local // size[chart, 0] + 0.5) / size[chart, 1]
    position = (
        mesh.chart_origin[chart]
        + a[:, None] * mesh.chart_u[chart]
        + b[:, None] * mesh.chart_v[chart]
        + LIFT_M * mesh.chart_normal[chart]
    )
    return Patches(start, size.astype(np.int32), chart, position)


def patch_means(patches: Patches, samples: Samples, value: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means (P, 3) over each patch of a chart's samples (N, 3), taken as linear between them."""
    out = np.zeros((len(patches.chart), 3), np.float32)
    _means(patches.start, patches.size, samples.chart, samples.size, samples.start, value, out)
    return out


def solve_block(
    inside: NDArray[np.bool_],
    hits: NDArray[np.int32],
    albedo: NDArray[np.float32],
    direct: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Radiosity / pi (P, 3) of the patches inside a block and its margin, -1 (unknown) elsewhere.

    inside (P,); hits (P, K) patches met; albedo (P, 3); direct (P, 3)
    irradiance / pi. What a ray would meet outside counts as the mean of what the patch's other rays meet.
    """
    index = np.flatnonzero(inside)
    local = np.full(len(inside) + 1, -1, np.int32)
    local[index] = np.arange(len(index), dtype=np.int32)
    near = local[hits[index]]
    rho, first = albedo[index], direct[index]
    light = rho * first
    other = np.empty_like(light)
    for _ in range(MOST_BOUNCES):
        _bounce_all(near, rho, first, light, other)
        change = float(np.abs(other - light).max(initial=0.0))
        light, other = other, light
        if change <= SETTLED * float(light.max(initial=0.0)):
            break
    out = np.full((len(inside), 3), -1.0, np.float32)
    out[index] = light
    return out


def _bounce_all(near: NDArray, rho: NDArray, first: NDArray, light: NDArray, other: NDArray) -> None:
    """One bounce: from ``light`` into ``other``."""

    def task(a: int, b: int) -> None:
        _bounce(a, b, near, rho, first, light, other)

    in_threads(task, len(near), 2048)


def mean_seen(hits: NDArray[np.int32], light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Irradiance / pi (N, 3) that rays with these hits (N, K) bring from patches' light (P, 3), -1 where unknown."""
    out = np.empty((len(hits), 3), np.float32)
    in_threads(lambda a, b: _seen(a, b, hits, light, out), len(hits), 4096)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def _bounce(a, b, near, rho, first, light, other):
    """One bounce for patches a to b."""
    for k in range(a, b):
        r = g = c = np.float32(0.0)
        known = 0
        for m in near[k]:
            if m >= 0:
                r += light[m, 0]
                g += light[m, 1]
                c += light[m, 2]
                known += 1
        scale = np.float32(1.0 / max(known, 1))
        other[k, 0] = rho[k, 0] * (first[k, 0] + r * scale)
        other[k, 1] = rho[k, 1] * (first[k, 1] + g * scale)
        other[k, 2] = rho[k, 2] * (first[k, 2] + c * scale)


@njit(cache=True, nogil=True, error_model="numpy")
def _seen(a, b, hits, light, out):
    """Means over the known hits of rows a to b."""
    for k in range(a, b):
        r = g = c = np.float32(0.0)
        known = 0
        for m in hits[k]:
            if m >= 0 and light[m, 0] >= 0.0:
                r += light[m, 0]
                g += light[m, 1]
                c += light[m, 2]
                known += 1
        scale = np.float32(1.0 / max(known, 1))
        out[k, 0], out[k, 1], out[k, 2] = r * scale, g * scale, c * scale


@njit(cache=True, nogil=True, error_model="numpy")
def _hat_weights(samples, pieces):
    """Weights (pieces, samples) of the means of a linear interpolant over equal pieces."""
    weight = np.zeros((pieces, samples))
    for i in range(pieces):
        low, high = i * (samples - 1) / pieces, (i + 1) * (samples - 1) / pieces
        for k in range(samples - 1):
            a, b = max(low, k), min(high, k + 1)
            if b > a:
                middle = 0.5 * (a + b) - k
                weight[i, k] += (b - a) / (high - low) * (1.0 - middle)
                weight[i, k + 1] += (b - a) / (high - low) * middle
    return weight


@njit(cache=True, nogil=True, error_model="numpy")
def _means(patch_start, patch_size, chart, size, start, value, out):
    """Patch means, one chart after another."""
    for k in range(len(chart)):
        c = chart[k]
        pu, pv = patch_size[c]
        if pu == 0:
            continue
        wu, wv = _hat_weights(size[k, 0], pu), _hat_weights(size[k, 1], pv)
        for j in range(pv):
            for b in range(size[k, 1]):
                if wv[j, b] == 0.0:
                    continue
                for i in range(pu):
                    for a in range(size[k, 0]):
                        w = wu[i, a] * wv[j, b]
                        if w != 0.0:
                            row = start[k] + b * size[k, 0] + a
                            for ch in range(3):
                                out[patch_start[c] + j * pu + i, ch] += w * value[row, ch]
