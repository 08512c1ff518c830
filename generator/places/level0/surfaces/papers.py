"""Which paper hangs where, and the zones of a wall that wears it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....geometry.scatter import unit
from ..look_settings import LookSettings

CHAIR_RAIL_M = (0.86, 0.93)
"""Bottom and top of a wooden chair rail."""


def has_rail(name: str) -> bool:
    """Does a wall that is papered with ``name`` have a chair rail?"""
    return name == "wallpaper/dots"


def zones(name: str) -> tuple[tuple[float, float, str], ...]:
    """Height zones of a wall that is papered with ``name``: (bottom, top, material) from the floor up.

    The last top is infinite. Over a chair rail hangs the paper itself, below it the plain one; they meet behind it.
    """
    if not has_rail(name):
        return ((0.0, float("inf"), name),)
    middle = sum(CHAIR_RAIL_M) / 2
    return ((0.0, middle, "wallpaper/plain"), (middle, float("inf"), name))


def wallpaper_for(
    look: LookSettings, seed: int, run: NDArray[np.int64], side: NDArray | int, district: NDArray | int = 0
) -> NDArray[np.int64]:
    """Index into ``look.wallpapers`` for one side of each wall run.

    run (N,) stable identities; side: 0 or 1, or any stable integer; district: a stable integer that
    neighbours share, 0 for the floor at large. A district has a dominant paper, drawn by ``look.wallpaper_weights``,
    and so has the floor, but where any may be a printed one without a rail, which is for a district here and there; a
    side of a run leaves it with probability ``look.wallpaper_mix``.
    """
    run = np.asarray(run, np.int64)
    out = np.empty(run.shape, np.int64)
    sides, districts = np.broadcast_to(side, run.shape), np.broadcast_to(district, run.shape)
    weights = _weights(look)
    printed = weights * [name != "wallpaper/plain" for name in look.wallpapers]
    bare = printed * [not has_rail(name) for name in look.wallpapers]
    printed = bare if bare.any() else printed
    edges, floor_edges = np.cumsum(weights), np.cumsum(printed / printed.sum() if printed.any() else weights)
    for k in np.ndindex(run.shape):
        own = unit(seed, "surface.paper", int(run[k]), int(sides[k]))
        if own < look.wallpaper_mix:
            shares, draw = edges, own / look.wallpaper_mix
        else:
            shares = edges if districts[k] else floor_edges
            draw = unit(seed, "surface.district", int(districts[k]))
        out[k] = min(int(np.searchsorted(shares, draw, side="right")), len(edges) - 1)
    return out


def _weights(look: LookSettings) -> NDArray[np.float64]:
    """Shares of ``look.wallpapers`` that sum to 1; a missing weight counts as the last one given."""
    given = list(look.wallpaper_weights) or [1.0]
    weights = np.array([given[min(k, len(given) - 1)] for k in range(len(look.wallpapers))], np.float64)
    return weights / weights.sum()
