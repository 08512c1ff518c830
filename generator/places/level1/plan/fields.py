"""The district maps of built places: what changes slowly over hundreds of metres."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ....plan.districts import even, share
from ....plan.floorplan import CELL_M

STEP = 8
"""Cells between the world's places that a map is drawn at; between them it is straight."""
OPENNESS, DECAY, DAMP, POWER, HEIGHT = range(5)


class Shares(Protocol):
    """What is asked of the maps: metres between their hills, and how much of the world is decayed, damp, without
    power."""

    @property
    def district_m(self) -> float: ...
    @property
    def decay(self) -> float: ...
    @property
    def damp(self) -> float: ...
    @property
    def blackout(self) -> float: ...


def district_maps(
    settings: Shares, world: np.uint64, x0: int, y0: int, nx: int, ny: int
) -> dict[str, NDArray[np.float32]]:
    """Draw the maps over nx by ny cells from the cell (x0, y0) of the world."""
    i0, j0 = x0 // STEP, y0 // STEP
    i1, j1 = (x0 + nx) // STEP + 2, (y0 + ny) // STEP + 2
    knots = np.array([
        [_sample(settings, world, i * STEP, j * STEP) for i in range(i0, i1)] for j in range(j0, j1)
    ])  # fmt: skip
    x, y = np.arange(x0, x0 + nx) / STEP - i0, np.arange(y0, y0 + ny) / STEP - j0
    i, j = x.astype(int), y.astype(int)
    u, v = (x - i)[None, :, None], (y - j)[:, None, None]
    low = knots[np.ix_(j, i)] * (1 - u) + knots[np.ix_(j, i + 1)] * u
    high = knots[np.ix_(j + 1, i)] * (1 - u) + knots[np.ix_(j + 1, i + 1)] * u
    values = (low * (1 - v) + high * v).astype(np.float32)
    names = ("openness", "decay", "damp", "power", "height")
    return {name: np.ascontiguousarray(values[..., k]) for k, name in enumerate(names)}


def _sample(settings: Shares, world: np.uint64, x: int, y: int) -> tuple[float, ...]:
    """The five maps at a cell of the world, each 0..1."""
    wave = max(STEP, round(settings.district_m / CELL_M))
    return (
        even(world, OPENNESS, x, y, wave),
        0.12 + 0.88 * share(even(world, DECAY, x, y, wave), settings.decay, 0.5),
        share(even(world, DAMP, x, y, wave), settings.damp, 0.3),
        1.0 - share(even(world, POWER, x, y, wave), settings.blackout, 0.12),
        even(world, HEIGHT, x, y, wave),
    )
