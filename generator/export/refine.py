"""Split triangles until straight lines between corners follow a colour closely enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .soup import Soup, mixed, picked, stacked, turned, welded

Colour = Callable[[NDArray[np.int64], NDArray[np.float64]], NDArray[np.float32]]
"""chart (N,), chart_uv (N, 2) → colour (N, 3) in the scale that errors are judged in."""
NODE_M = 1e-5
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
    fresh, node = wanted.copy(), _nodes(soup)
    for _ in range(12):
        edge, longest = _edges(soup, node)
        split = np.zeros(edge.max(initial=-1) + 1, bool)
        rows = np.flatnonzero(fresh)
        split[edge[rows][_too_coarse(picked(soup, rows), colour, fine)]] = True
        if not split.any():
            break
        own = np.arange(len(edge)), longest
        while True:
            more = np.asarray(split[edge].any(axis=1) & ~split[edge[own]])
            if not more.any():
                break
            split[edge[own][more]] = True
        middle = np.where(split, np.cumsum(split) + int(node.max()), -1)[edge]
        cut = np.asarray((middle >= 0).any(axis=1))
        rows = np.flatnonzero(cut)
        first = (longest[rows, None] + np.arange(3)) % 3
        names = np.concatenate([node[rows[:, None], first], middle[rows[:, None], first]], axis=1)
        children, child_node, parent = _children(turned(picked(soup, rows), longest[rows]), names)
        soup, node = stacked([picked(soup, ~cut), children]), np.concatenate([node[~cut], child_node])
        fresh = np.concatenate([np.zeros((~cut).sum(), bool), wanted[rows][parent]])
        wanted = np.concatenate([wanted[~cut], wanted[rows][parent]])
    return soup


def _nodes(soup: Soup) -> NDArray[np.int64]:
    """(F, 3) the same number for corners at the same place."""
    place = np.round(soup.position.reshape(-1, 3) / NODE_M).astype(np.int64)
    return welded(place)[1].reshape(-1, 3)


def _edges(soup: Soup, node: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Index (F, 3) of the edge from each corner to the next, shared by neighbours; and which of a triangle's is the
    longest (F,), the same way for equal lengths seen from either side."""
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
    row, side = ask
    corner = colour(np.repeat(soup.chart, 3), soup.chart_uv.reshape(-1, 2)).reshape(-1, 3, 3)
    first, last = corner[row, side], corner[:, after][row, side]
    start, end = soup.chart_uv[row, side], soup.chart_uv[:, after][row, side]
    worst = np.zeros(len(row))
    for t in (0.25, 0.5, 0.75):
        error = colour(soup.chart[row], start + t * (end - start)) - (first + np.float32(t) * (last - first))
        worst = np.maximum(worst, np.abs(error).max(axis=1))
    coarse[ask] = worst > fine.tolerance
    return coarse


def _children(
    soup: Soup, names: NDArray[np.int64]
) -> tuple[Soup, NDArray[np.int64], NDArray[np.int64]]:
    """Triangles that begin with their longest edge, halved there, and each half again where another edge is split.

    names (F, 6): nodes of the corners a, b, c and of the middles of ab, bc, ca, -1 where an edge is not split.
    Returns the children, their nodes (G, 3), and the parent (G,) of each.
    """
    right, left = names[:, 4] >= 0, names[:, 5] >= 0
    eye = np.eye(3)
    place = np.concatenate([eye, (eye + np.roll(eye, -1, axis=0)) / 2])
    a, b, c, ab, bc, ca = range(6)
    cases = (
        (~left, [a, ab, c]), (left, [a, ab, ca]), (left, [ab, c, ca]),
        (~right, [ab, b, c]), (right, [ab, b, bc]), (right, [ab, bc, c]),
    )  # fmt: skip
    rows = [np.flatnonzero(which) for which, _ in cases]
    parts = [mixed(picked(soup, r), place[corners][None]) for r, (_, corners) in zip(rows, cases, strict=True)]
    nodes = [names[r][:, corners] for r, (_, corners) in zip(rows, cases, strict=True)]
    return stacked(parts), np.concatenate(nodes), np.concatenate(rows)
