"""Measures of the corridors that a maze lays, and how well they tell the algorithms apart."""

from __future__ import annotations

import numpy as np

from generator.places.level0.plan.grammars.lines import Strip, ways
from generator.plan.maze import NAMES
from generator.seed import hash64

SIDE = 320
"""Cells along a window: 390 m."""
MEASURES = ("area share", "main share", "pieces", "ends", "links of a decision point", "straight", "loops")
"""Shares of the window that are corridors, and of those that are main ones; pieces, ends and loops per crossing; links
of crossings with three or four; share of crossings with two that one walks straight over."""


def corridors(name: str, seed: int) -> list[Strip]:
    """The corridors of an algorithm in a window, anywhere in the world."""
    x, y = 700 * seed, -500 * seed
    return ways(np.uint64(hash64(seed, "plan")), NAMES.index(name), (x, y, x + SIDE, y + SIDE))


def mask_of(strips: list[Strip], seed: int, main: bool = False) -> np.ndarray:
    """The cells (SIDE, SIDE) of corridors, of main ones alone if asked for."""
    x, y = 700 * seed, -500 * seed
    out = np.zeros((SIDE, SIDE), bool)
    for strip in strips:
        a, b, c, d = strip.box
        if strip.is_main or not main:
            out[max(b - y, 0) : max(d - y, 0), max(a - x, 0) : max(c - x, 0)] = True
    return out


def measures(name: str, seed: int) -> np.ndarray:
    """MEASURES of one window."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    strips = corridors(name, seed)
    share = mask_of(strips, seed).mean()
    main = mask_of(strips, seed, True).mean() / share
    ends = [_crossings(strip) for strip in strips]
    names = {place: k for k, place in enumerate(sorted({place for pair in ends for place in pair}))}
    pairs = np.array([[names[a], names[b]] for a, b in ends])
    n = len(names)
    pieces = connected_components(coo_array((np.ones(len(pairs)), pairs.T), shape=(n, n)), directed=False)[0]
    degree = np.bincount(pairs.ravel(), minlength=n)
    axes = np.zeros(n, int)
    np.add.at(axes, pairs.ravel(), np.repeat([strip.axis for strip in strips], 2))
    two = degree == 2
    straight = float((axes[two] != 1).mean()) if two.any() else 0.0
    links = float(degree[degree >= 3].mean()) if (degree >= 3).any() else 2.0
    return np.array([share, main, pieces / n, (degree == 1).mean(), links, straight, (len(pairs) - n + pieces) / n])


def _crossings(strip: Strip) -> tuple[tuple[int, int], tuple[int, int]]:
    """The crossings that a corridor leads from and to: its low corner, and that of what it runs into."""
    a, b, c, d = strip.box
    wide = d - b if strip.axis == 0 else c - a
    return (a, b), ((c - wide, b) if strip.axis == 0 else (a, d - wide))


def told_apart(train: range, test: range) -> dict[str, float]:
    """Share of windows of each algorithm that the nearest of the algorithms' means names rightly."""
    known = {name: np.array([measures(name, seed) for seed in train]) for name in NAMES}
    spread = np.mean([values.std(axis=0) for values in known.values()], axis=0) + 1e-3
    means = np.stack([values.mean(axis=0) for values in known.values()])
    right = {}
    for k, name in enumerate(known):
        tested = np.array([measures(name, seed) for seed in test])
        away = np.linalg.norm((tested[:, None] - means) / spread, axis=2)
        right[name] = float((away.argmin(axis=1) == k).mean())
    return right
