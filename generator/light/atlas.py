"""Samples of direct light and of bounced light into one atlas."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..kernel_options import ENTRY, INNER
from .samples import Samples
from .threads import in_threads


def add_smooth(coarse: Samples, value: NDArray[np.float32], fine: Samples, out: NDArray[np.float32]) -> None:
    """Add values (M, B) at coarse samples to ``out`` (N, B) at fine samples of the same charts, smoothly.

    Cubic between samples, exact at them, so charts that meet agree along their border.
    Source: Catmull and Rom 1974; beyond the ends the curve goes on straight.
    """

    def task(k0: int, k1: int) -> None:
        _add_smooth(k0, k1, coarse.size, coarse.start, value, fine.size, fine.start, out)

    in_threads(task, len(fine.chart), 256)


def fill_atlas(samples: Samples, place: NDArray[np.int32], value: NDArray[np.float32], image: NDArray) -> None:
    """Add each chart's samples (N, 3) at its place (K, 2), with one guard texel of repeated border, to an image."""
    _fill(samples.size, samples.start, place, value, image)


@njit(**INNER)
def _weights(n_fine, n_coarse, first, weight):
    """For each fine sample the first of four coarse samples (clamped later) and their cubic weights."""
    for k in range(n_fine):
        t = k * (n_coarse - 1) / (n_fine - 1)
        i = max(min(int(t), n_coarse - 2), 0)
        f = t - i
        first[k] = i - 1
        weight[k, 0] = 0.5 * f * (-1.0 + f * (2.0 - f))
        weight[k, 1] = 1.0 + 0.5 * f * f * (-5.0 + 3.0 * f)
        weight[k, 2] = 0.5 * f * (1.0 + f * (4.0 - 3.0 * f))
        weight[k, 3] = 0.5 * f * f * (f - 1.0)


@njit(**INNER)
def _at(row, i, n):
    """A row's value, gone on straight beyond its ends."""
    if n == 1:
        return row[0]
    if i < 0:
        return 2.0 * row[0] - row[1]
    if i >= n:
        return 2.0 * row[n - 1] - row[n - 2]
    return row[i]


@njit(**ENTRY)
def _add_smooth(k0, k1, coarse_size, coarse_start, value, fine_size, fine_start, out):
    """Separable cubic interpolation, chart by chart."""
    for k in range(k0, k1):
        cu, cv = coarse_size[k]
        nu, nv = fine_size[k]
        first_u, weight_u = np.empty(nu, np.int64), np.empty((nu, 4))
        first_v, weight_v = np.empty(nv, np.int64), np.empty((nv, 4))
        _weights(nu, cu, first_u, weight_u)
        _weights(nv, cv, first_v, weight_v)
        half = np.empty((cv, nu))
        line = np.empty(cv)
        for ch in range(value.shape[1]):
            base = coarse_start[k]
            for b in range(cv):
                row = value[base + b * cu : base + (b + 1) * cu, ch]
                for a in range(nu):
                    total = 0.0
                    for m in range(4):
                        total += weight_u[a, m] * _at(row, first_u[a] + m, cu)
                    half[b, a] = total
            for a in range(nu):
                for b in range(cv):
                    line[b] = half[b, a]
                for b in range(nv):
                    total = 0.0
                    for m in range(4):
                        total += weight_v[b, m] * _at(line, first_v[b] + m, cv)
                    out[fine_start[k] + b * nu + a, ch] += max(total, 0.0)


@njit(**ENTRY)
def _fill(size, start, place, value, image):
    """Rectangles of samples added to the atlas."""
    for k in range(len(size)):
        nu, nv = size[k]
        for b in range(-1, nv + 1):
            for a in range(-1, nu + 1):
                row = start[k] + min(max(b, 0), nv - 1) * nu + min(max(a, 0), nu - 1)
                for ch in range(3):
                    image[place[k, 1] + b, place[k, 0] + a, ch] += value[row, ch]
