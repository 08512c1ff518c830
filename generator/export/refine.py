"""Split triangles until straight lines between corners follow a colour closely enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .soup import Soup, mixed, picked, stacked, turned, welded

Colour = Callable[[NDArray[np.int64], NDArray[np.float64]], NDArray[np.float32]]
"""chart (N,), chart_uv (N, 2) → colour (N, 3) in the scale that errors are judged in."""
NODE_M = 2e-5
"""Corners nearer to each other than this are one: finer than the building's snapping lines."""


@dataclass(frozen=True)
class Fineness:
    """Edges are split above ``longest_m``; and above ``shortest_m`` where, at a quarter, a half or three quarters of
    an edge, the colour differs from the straight line between its ends by more than ``tolerance``."""

    longest_m: float
    shortest_m: float
    tolerance: float


def refined(soup: Soup, colour: Colour, fine: Fineness, wanted: NDArray[np.bool_]) -> Soup:
    """The soup with its ``wanted`` (F,) triangles split; neighbours stay joined corner to corner, wanted or not.

    Source: four-triangles longest-edge partition, Rivara, Int. J. Numer. Meth. Eng. 20, 1984.
    """
    fresh = wanted.copy()
    for _ in range(12):
        edge, longest = _edges(soup)
        split = np.zeros(edge.max(initial=-1) + 1, bool)
        rows = np.flatnonzero(fresh)
        split[edge[rows][_too_coarse(picked(soup, rows), colour, fine)]] = True
        if not split.any():
            break
        own = np.arange(len(edge)), longest
        while True:
            more = split[edge].any(axis=1) & ~split[edge[own]]
            if not more.any():
                break
            split[edge[own][more]] = True
        cut = split[edge].any(axis=1)
        rows = np.flatnonzero(cut)
        children, parent = _children(turned(picked(soup, rows), longest[rows]), split, edge[rows], longest[rows])
        soup = stacked([picked(soup, ~cut), children])
        fresh = np.concatenate([np.zeros((~cut).sum(), bool), wanted[rows][parent]])
        wanted = np.concatenate([wanted[~cut], wanted[rows][parent]])
    return soup


def _edges(soup: Soup) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Index (F, 3) of the edge from each corner to the next, shared by neighbours; and which of a triangle's is the
    longest (F,), the same way for equal lengths seen from either side."""
    place = np.round(soup.position.reshape(-1, 3) / NODE_M).astype(np.int64)
    node = welded(place)[1].reshape(-1, 3)
    after = node[:, [1, 2, 0]]
    code = np.minimum(node, after) * (int(node.max(initial=0)) + 1) + np.maximum(node, after)
    _, edge = np.unique(code, return_inverse=True)
    edge = edge.reshape(-1, 3)
    length = np.linalg.norm(soup.position[:, [1, 2, 0]] - soup.position, axis=2)
    rank = np.round(length / NODE_M) * (len(code) * 3 + 1.0) + edge
    return edge, rank.argmax(axis=1)


def _too_coarse(soup: Soup, colour: Colour, fine: Fineness) -> NDArray[np.bool_]:
    """(F, 3) edges from each corner to the next that must be split."""
    after = [1, 2, 0]
    length = np.linalg.norm(soup.position[:, after] - soup.position, axis=2)
    coarse = length > fine.longest_m
    ask = np.nonzero((length > fine.shortest_m) & ~coarse)
    if not len(ask[0]):
        return coarse
    start, end = soup.chart_uv[ask], soup.chart_uv[:, after][ask]
    chart = soup.chart[ask[0]]
    first, last = colour(chart, start), colour(chart, end)
    worst = np.zeros(len(chart))
    for t in (0.25, 0.5, 0.75):
        error = colour(chart, start + t * (end - start)) - (first + t * (last - first))
        worst = np.maximum(worst, np.abs(error).max(axis=1))
    coarse[ask] = worst > fine.tolerance
    return coarse


def _children(
    soup: Soup, split: NDArray[np.bool_], edge: NDArray[np.int64], longest: NDArray[np.int64]
) -> tuple[Soup, NDArray[np.int64]]:
    """Triangles that begin with their longest edge, halved there, and each half again where another edge is split;
    and the parent of each."""
    rows = np.arange(len(edge))
    right, left = split[edge[rows, (longest + 1) % 3]], split[edge[rows, (longest + 2) % 3]]
    a, b, c = np.eye(3)
    ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
    cases = (
        (~left, (a, ab, c)), (left, (a, ab, ca)), (left, (ab, c, ca)),
        (~right, (ab, b, c)), (right, (ab, b, bc)), (right, (ab, bc, c)),
    )  # fmt: skip
    parts = [mixed(picked(soup, which), np.stack(corners)[None]) for which, corners in cases]
    return stacked(parts), np.concatenate([rows[which] for which, _ in cases])
