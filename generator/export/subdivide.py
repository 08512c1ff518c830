"""Split triangles until straight lines between corners follow a colour closely enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .pieces import NODE_M, Pieces, edges, meeting, once
from .triangle_soup import Soup

Colour = Callable[[NDArray[np.int64], NDArray[np.float64]], NDArray[np.float32]]
"""chart (N,), chart_uv (N, 2) → colour (N, 3) in the scale that errors are judged in."""
ROUNDS = 8
"""Most times that everything is looked through: halving 5 m to 0.2 m takes seven."""
FLAT_M = 0.01
"""An edge is not worth splitting where its triangle reaches less than this away from it."""
QUARTERS = np.array([0.25, 0.5, 0.75], np.float32)
"""Where along an edge its colour is looked at."""
LARGEST_NET = 2.0**30
"""More edges than a net can have; a length in steps of NODE_M, times this, still fits a float64 exactly."""
NOWHERE = np.zeros((0, 3))


@dataclass(frozen=True)
class SplitLimits:
    """Edges are split above ``longest_m``; and above ``shortest_m`` where, at a quarter, a half or three quarters of
    an edge, the colour differs from the straight line between its ends by more than ``tolerance``."""

    longest_m: float
    shortest_m: float
    tolerance: float


@dataclass(frozen=True)
class _Net:
    """Pieces with their edges: edge (F, 3) from each corner to the next, shared by neighbours; longest (F,) which of
    them is the longest but for rims, the same for equal lengths seen from either side; end (E, 2) nodes; rim (E,)."""

    pieces: Pieces
    edge: NDArray[np.int64]
    longest: NDArray[np.int64]
    end: NDArray[np.int64]
    rim: NDArray[np.bool_]


def refined(
    soup: Soup,
    pieces: Pieces,
    colour: Colour,
    limits: SplitLimits,
    wanted: NDArray[np.bool_],
    fitted: NDArray[np.float64] = NOWHERE,
) -> Pieces:
    """A soup's pieces cut finer, those of its ``wanted`` triangles; neighbours stay joined corner to corner all over.

    fitted (K, 3): corners of what fills rims, such as a fixture in its hole; edges between two of them that one
    triangle has alone stay whole, so that it keeps fitting.
    Source: four-triangles longest-edge partition, Rivara, Int. J. Numer. Meth. Eng. 20, 1984.
    """
    from .subdivide_kernels import close

    net = _net(pieces, fitted)
    fresh = np.flatnonzero(wanted[pieces.source])
    followed = np.full(len(net.end), -1)
    for _ in range(ROUNDS):
        split = np.zeros(len(net.end), bool)
        split[_too_coarse(soup, net, fresh, colour, limits, followed)] = True
        split &= ~net.rim
        if not split.any():
            break
        close(net.edge, net.longest, split)
        net, fresh = _divided(net, split)
        fresh = fresh[wanted[net.pieces.source[fresh]]]
        followed = np.concatenate([followed, np.full(len(net.end) - len(followed), -1)])
    return net.pieces


def _net(pieces: Pieces, fitted: NDArray[np.float64]) -> _Net:
    edge, count = edges(pieces.node)
    end = np.zeros((len(count), 2), np.int64)
    end[edge] = np.stack([pieces.node, pieces.node[:, [1, 2, 0]]], axis=2)
    rim = (count == 1) & meeting(pieces, fitted)[end].all(axis=1)
    return _Net(pieces, edge, _longest(pieces.place, edge, end, rim), end, rim)


def _longest(
    place: NDArray[np.float64], edge: NDArray[np.int64], end: NDArray[np.int64], rim: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """(len(edge),) as in ``_Net``."""
    from .subdivide_kernels import find_longest

    out = np.empty(len(edge), np.int64)
    find_longest(place, edge, end, rim, NODE_M, LARGEST_NET, out)
    return out


def _too_coarse(
    soup: Soup, net: _Net, rows: NDArray[np.int64], colour: Colour, limits: SplitLimits, followed: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Edges of the triangles ``rows`` that ask to be split.

    followed (E,): a chart whose colour is known to follow an edge, else -1; what is found here is noted there.
    """
    from .subdivide_kernels import measure

    pieces, edge, chart = net.pieces, net.edge[rows], soup.chart[net.pieces.source[rows]]
    length, tall = np.empty((len(rows), 3)), np.empty((len(rows), 3), bool)
    measure(rows, pieces.node, pieces.place, FLAT_M, length, tall)
    long = (length > limits.longest_m) & tall
    row, side = np.nonzero((length > limits.shortest_m) & tall & ~long & (followed[edge] != chart[:, None]))
    asked, on = edge[row, side], chart[row]
    first, _ = once(asked, on)
    row, side, asked, on = row[first], side[first], asked[first], on[first]
    uv, weight = soup.chart_uv[pieces.source[rows[row]]], pieces.weight[rows[row]]
    start, end = ((weight[np.arange(len(row)), k][..., None] * uv).sum(axis=1) for k in (side, (side + 1) % 3))
    astray = _astray(colour, on, start, end, limits.tolerance)
    followed[asked[~astray]] = on[~astray]
    return np.concatenate([edge[long], asked[astray]])


def _astray(
    colour: Colour, chart: NDArray[np.int64], start: NDArray, end: NDArray, tolerance: float
) -> NDArray[np.bool_]:
    """(N,) whether a colour strays more than ``tolerance`` from the straight line between two places of a chart."""
    inner = [start + t * (end - start) for t in QUARTERS]
    places = np.stack([start, *inner, end], axis=1)
    value = colour(np.repeat(chart, 5), places.reshape(-1, 2)).reshape(-1, 5, 3)
    first, last = value[:, 0], value[:, 4]
    out = np.zeros(len(chart), bool)
    for k, t in enumerate(QUARTERS):
        r, g, b = (np.abs(value[:, k + 1] - (first + t * (last - first))) > tolerance).T
        out |= r | g | b
    return out


def _divided(net: _Net, split: NDArray[np.bool_]) -> tuple[_Net, NDArray[np.int64]]:
    """Every triangle with split edges halved at its longest, which is split, and each half again where another is.

    Returns the net, and which of its triangles are new.
    """
    from .subdivide_kernels import children

    a, b, c = split[net.edge].T
    old, cut, ends = net.pieces, a | b | c, net.end[split]
    rows, nth = np.flatnonzero(cut), np.cumsum(split) - 1
    middle, halves = np.where(split, nth + len(old.place), -1), len(net.end) + 2 * nth
    weight, node, edge, parent, inner = children(
        rows, net.edge, old.node, old.weight, net.longest, net.end, middle, halves, len(net.end) + 2 * len(ends)
    )
    half = np.stack([ends, np.repeat(middle[split, None], 2, axis=1)], axis=2).reshape(-1, 2)
    end = np.concatenate([net.end, half, inner])
    place = np.concatenate([old.place, 0.5 * (old.place[ends[:, 0]] + old.place[ends[:, 1]])])
    rim = np.concatenate([net.rim, np.zeros(len(end) - len(net.rim), bool)])

    def grown(values: NDArray, fresh: NDArray) -> NDArray:
        """Values of all triangles: one child takes its parent's place, the others come last."""
        out = np.concatenate([values, fresh[len(rows) :]])
        out[rows] = fresh[: len(rows)]
        return out

    source = grown(old.source, old.source[rows[parent]])
    pieces = Pieces(source, grown(old.weight, weight), grown(old.node, node), place)
    longest = grown(net.longest, _longest(place, edge, end, rim))
    fresh = np.concatenate([rows, np.arange(len(old.node), len(pieces.node))])
    return _Net(pieces, grown(net.edge, edge), longest, end, rim), fresh
