"""Direct light where it changes fast: grids halved in pitch, and only there computed anew."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .atlas import add_smooth
from .samples import Samples
from .threads import in_threads

BRIGHT = 0.1
"""Errors are judged against the light there plus this: about a third of a lit room's radiance (0.02 of a lens')."""


def doubts(samples: Samples, value: NDArray[np.float32], tolerance: float) -> NDArray[np.bool_]:
    """Which samples of the grids of half the pitch (M,) are badly guessed by those at hand, chart after chart.

    value (N, 3) at the samples. A cell is in doubt when a linear guess errs at its middle by more than ``tolerance``
    of the light there, as measured by the second differences at its corners.
    """
    count = (2 * samples.size.astype(np.int64) - 1).prod(axis=1)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    out = np.zeros(start[-1], np.bool_)

    def task(k0: int, k1: int) -> None:
        _doubt_rows(k0, k1, samples.size, samples.start, start, value, tolerance, out)

    in_threads(task, len(samples.chart), 512)
    return out


def refine(
    samples: Samples,
    value: NDArray[np.float32],
    todo: NDArray[np.bool_],
    finer: Samples,
    compute: Callable[[Samples, NDArray[np.bool_], NDArray[np.float32]], None],
) -> NDArray[np.float32]:
    """Values (M, 3) on grids of half the pitch: smooth between the old ones, computed anew where ``todo`` (M,)."""
    out = np.zeros((len(finer.position), 3), np.float32)
    add_smooth(samples, value, finer, out)
    compute(finer, todo, out)
    return out


@njit(cache=True, nogil=True)
def _doubt_rows(k0, k1, size, start, fine_start, value, tolerance, out):
    """Doubts of charts k0 to k1."""
    for k in range(k0, k1):
        nu, nv = size[k]
        light = np.empty((nv, nu))
        for b in range(nv):
            for a in range(nu):
                light[b, a] = value[start[k] + b * nu + a, 1]
        error = np.zeros((nv, nu))
        for b in range(nv):
            for a in range(nu):
                bend_u = _bend(light[b], a, nu)
                bend_v = _bend(light[:, a], b, nv)
                error[b, a] = (abs(bend_u) + abs(bend_v)) / 8.0 / (light[b, a] + BRIGHT)
        wide = 2 * nu - 1
        for b in range(nv - 1):
            for a in range(nu - 1):
                worst = max(error[b, a], error[b, a + 1], error[b + 1, a], error[b + 1, a + 1])
                if worst <= tolerance:
                    continue
                for j in range(3):
                    for i in range(3):
                        out[fine_start[k] + (2 * b + j) * wide + 2 * a + i] = True
        for b in range(nv):
            for a in range(nu):
                out[fine_start[k] + 2 * b * wide + 2 * a] = False


@njit(cache=True, nogil=True)
def _bend(row, i, n):
    """Second difference at i; at an end, its neighbour's, and of two values their difference."""
    if n == 2:
        return 0.5 * (row[1] - row[0])
    j = min(max(i, 1), n - 2)
    return row[j - 1] - 2.0 * row[j] + row[j + 1]
