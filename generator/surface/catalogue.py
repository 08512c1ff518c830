"""Names to materials, wall zones, and which paper hangs where."""

from __future__ import annotations

from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from ..scene.look import LookSettings
from ..seed import Rng, hash64, rng_for
from . import carpet, ceiling, lens, solid, wallpaper
from .material import Material

NAMES = (
    "wallpaper/plain",
    "wallpaper/chevron",
    "wallpaper/stripe",
    "wallpaper/dots",
    "carpet",
    "ceiling/tile",
    "ceiling/bar",
    "lens/prismatic",
    "trim",
    "wood",
    "door",
    "concrete/dark",
    "fabric",
    *solid.PAINTS,
)


def materials(names: tuple[str, ...], look: LookSettings, seed: int, texture_px: int = 1024) -> tuple[Material, ...]:
    """One material for each name, in order; each is a function of its name, the look and the seed alone.

    texture_px: texels along the longer side of a period (half as many for the small plain ones).
    Raises NoclipError for a name that ``known()`` does not list.
    """
    for name in names:
        require(name)
    return tuple(_made(name, look, rng_for(seed, f"surface.{name}"), texture_px) for name in names)


def known() -> tuple[str, ...]:
    """Every material's name."""
    return NAMES


def require(name: str) -> None:
    """Raises NoclipError, with the nearest names, when there is no such material."""
    if name not in NAMES:
        near = get_close_matches(name, NAMES, 3, 0.4) or NAMES
        raise NoclipError(f"there is no material {name!r}: use {', '.join(near)}")


def _made(name: str, look: LookSettings, rng: Rng, texture_px: int) -> Material:
    match name.partition("/"):
        case ("wallpaper", _, pattern):
            return wallpaper.wallpaper(pattern, look.wallpaper_yellow, rng, texture_px)
        case ("ceiling", _, "tile"):
            return ceiling.ceiling_tile(2 if look.ceiling_grid == "2x4" else 1, rng, texture_px)
        case ("ceiling", _, "bar"):
            return ceiling.ceiling_bar(rng, texture_px)
        case ("lens", _, _):
            return lens.lens(rng, texture_px)
        case ("carpet", _, _):
            return carpet.carpet(rng, texture_px)
        case ("trim", _, _):
            return solid.trim(rng, texture_px)
        case ("wood", _, _):
            return solid.wood(rng, texture_px)
        case ("door", _, _):
            return solid.door(rng, texture_px)
        case ("concrete", _, _):
            return solid.concrete(rng, texture_px)
        case ("fabric", _, _):
            return solid.fabric(rng, texture_px)
        case _:
            return solid.paint(name, rng, texture_px)


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
    neighbours share (0 everywhere for one district). A district has a dominant paper, drawn by
    ``look.wallpaper_weights``; a side of a run leaves it with probability ``look.wallpaper_mix``.
    """
    run = np.asarray(run, np.int64)
    out = np.empty(run.shape, np.int64)
    sides, districts = np.broadcast_to(side, run.shape), np.broadcast_to(district, run.shape)
    edges = np.cumsum(_weights(look))
    for k in np.ndindex(run.shape):
        own = _unit(hash64(seed, "surface.paper", int(run[k]), int(sides[k])))
        if own < look.wallpaper_mix:
            draw = own / look.wallpaper_mix
        else:
            draw = _unit(hash64(seed, "surface.district", int(districts[k])))
        out[k] = min(int(np.searchsorted(edges, draw, side="right")), len(edges) - 1)
    return out


def _weights(look: LookSettings) -> NDArray[np.float64]:
    """Shares of ``look.wallpapers`` that sum to 1; a missing weight counts as the last one given."""
    given = list(look.wallpaper_weights) or [1.0]
    weights = np.array([given[min(k, len(given) - 1)] for k in range(len(look.wallpapers))], np.float64)
    return weights / weights.sum()


def _unit(word: int) -> float:
    """A 64-bit hash as a number in [0, 1)."""
    return (word >> 11) * 2.0**-53
