"""Direct light where it changes fast: grids halved in pitch, and only there computed anew."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..geometry.level import Mesh
from ..kernel_options import ENTRY, INNER
from .atlas import add_smooth
from .fineness import Fineness
from .samples import Samples, joined_samples, picked_samples, sample_charts
from .threads import in_threads

Compute = Callable[[Samples, NDArray[np.bool_], NDArray[np.float32]], object]
"""Writes the light at those samples that are to do."""

STRIP_M = 0.06
"""T-bars and the frames of lenses, 24 to 50 mm across, stay as they are: they took 80 % of the finest samples."""
BRIGHT = 0.1
"""Errors are judged against the light there plus this: about a third of a lit room's radiance (0.02 of a lens')."""


def doubts(samples: Samples, value: NDArray[np.float32], tolerance: float) -> NDArray[np.bool_]:
    """Which samples of the grids of half the pitch (M,) are badly guessed by those at hand, chart after chart.

    value (N, B) at the samples; the last band is judged. A cell is in doubt when a linear guess errs at its middle by
    more than ``tolerance`` of the light there, as measured by the second differences at its corners.
    """
    count = (2 * samples.size.astype(np.int64) - 1).prod(axis=1)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    out = np.zeros(start[-1], np.bool_)

    def task(k0: int, k1: int) -> None:
        _doubt_rows(k0, k1, samples.size, samples.start, start, value, tolerance, out)

    in_threads(task, len(samples.chart), 512)
    return out


def texel_light(
    mesh: Mesh, samples: Samples, value: NDArray[np.float32], fine: Fineness, compute: Compute
) -> tuple[Samples, NDArray[np.float32]]:
    """Direct light at the texels, from its coarsest samples and their values (N, B).

    Grids are halved in pitch to ``fine.texel_m`` on all charts, then to ``fine.finest_m`` on those where light changes
    fast, strips up to ``STRIP_M`` across left out; new samples are computed where a guess would err and laid smoothly
    between the old ones elsewhere.
    """
    across = mesh.sides_m.min(axis=1)
    groups = []
    pitch = fine.first_m
    while pitch > 1.01 * fine.finest_m:
        todo = doubts(samples, value, fine.tolerance)
        count = (2 * samples.size.astype(np.int64) - 1).prod(axis=1)
        going = np.add.reduceat(todo, np.cumsum(count) - count) > 0
        going &= across[samples.chart] > STRIP_M
        going |= pitch > 1.01 * fine.texel_m
        groups.append(picked_samples(samples, value, ~going))
        old, old_value = picked_samples(samples, value, going)
        samples = sample_charts(mesh, old.chart, 2 * old.size - 1)
        value = np.zeros((len(samples.position), value.shape[1]), np.float32)
        add_smooth(old, old_value, samples, value)
        compute(samples, todo[np.repeat(going, count)], value)
        pitch /= 2.0
    return joined_samples([*groups, (samples, value)])


@njit(**ENTRY)
def _doubt_rows(k0, k1, size, start, fine_start, value, tolerance, out):
    """Doubts of charts k0 to k1."""
    for k in range(k0, k1):
        nu, nv = size[k]
        light = np.empty((nv, nu))
        for b in range(nv):
            for a in range(nu):
                light[b, a] = value[start[k] + b * nu + a, -1]
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


@njit(**INNER)
def _bend(row, i, n):
    """Second difference at i; at an end, its neighbour's, and of two values their difference."""
    if n == 2:
        return 0.5 * (row[1] - row[0])
    j = min(max(i, 1), n - 2)
    return row[j - 1] - 2.0 * row[j] + row[j + 1]
