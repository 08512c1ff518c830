"""Split triangles until straight lines between corners follow a colour closely enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .pieces import NODE_M, Pieces, edges, meeting, once
from .soup import Soup

Colour = Callable[[NDArray[np.int64], NDArray[np.float64]], NDArray[np.float32]]
"""chart (N,), chart_uv (N, 2) → colour (N, 3) in the scale that errors are judged in."""
ROUNDS = 8
"""Most times that everything is looked through: halving 5 m to 0.2 m takes seven."""
FLAT_M = 0.01
"""An edge is not worth splitting where its triangle reaches less than this away from it."""
LARGEST_NET = 2.0**30
"""More edges than a net can have; a length in steps of NODE_M, times this, still fits a float64 exactly."""
NOWHERE = np.zeros((0, 3))


@dataclass(frozen=True)
class Fineness:
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
    fine: Fineness,
    wanted: NDArray[np.bool_],
    fitted: NDArray[np.float64] = NOWHERE,
) -> Pieces:
    """A soup's pieces cut finer, those of its ``wanted`` triangles; neighbours stay joined corner to corner all over.

    fitted (K, 3): corners of what fills rims, such as a fixture in its hole; edges between two of them that one
    triangle has alone stay whole, so that it keeps fitting.
    Source: four-triangles longest-edge partition, Rivara, Int. J. Numer. Meth. Eng. 20, 1984.
    """
    net = _net(pieces, fitted)
    fresh = np.flatnonzero(wanted[pieces.source])
    followed = np.full(len(net.end), -1)
    for _ in range(ROUNDS):
        split = np.zeros(len(net.end), bool)
        split[_too_coarse(soup, net, fresh, colour, fine, followed)] = True
        split &= ~net.rim
        if not split.any():
            break
        _close(split, net)
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
    along = place[end[edge, 1]] - place[end[edge, 0]]
    length = np.round(np.sqrt((along * along).sum(axis=2)) / NODE_M)
    rank = np.where(rim[edge], -1.0, length * LARGEST_NET + edge)
    return rank.argmax(axis=1)


def _too_coarse(
    soup: Soup, net: _Net, rows: NDArray[np.int64], colour: Colour, fine: Fineness, followed: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Edges of the triangles ``rows`` that ask to be split.

    followed (E,): a chart whose colour is known to follow an edge, else -1; what is found here is noted there.
    """
    pieces, edge, after = net.pieces, net.edge[rows], [1, 2, 0]
    corner, chart = pieces.place[pieces.node[rows]], soup.chart[pieces.source[rows]]
    along = corner[:, after] - corner
    length = np.sqrt((along * along).sum(axis=2))
    area = np.linalg.norm(np.cross(along[:, 0], along[:, 1]), axis=1)
    tall = area[:, None] > FLAT_M * length
    long = (length > fine.longest_m) & tall
    row, side = np.nonzero((length > fine.shortest_m) & tall & ~long & (followed[edge] != chart[:, None]))
    asked, on = edge[row, side], chart[row]
    first, _ = once(asked, on)
    row, side, asked, on = row[first], side[first], asked[first], on[first]
    uv, source = soup.chart_uv[pieces.source[rows]], pieces.weight[rows]
    start, end = (np.matmul(source[row, k][:, None], uv[row])[:, 0] for k in (side, (side + 1) % 3))
    astray = _astray(colour, on, start, end, fine.tolerance)
    followed[asked[~astray]] = on[~astray]
    return np.concatenate([edge[long], asked[astray]])


def _astray(
    colour: Colour, chart: NDArray[np.int64], start: NDArray, end: NDArray, tolerance: float
) -> NDArray[np.bool_]:
    """(N,) whether a colour strays more than ``tolerance`` from the straight line between two places of a chart."""
    first, last = colour(chart, start), colour(chart, end)
    out, left = np.zeros(len(chart), bool), np.arange(len(chart))
    for t in (0.5, 0.25, 0.75):
        line = first[left] + np.float32(t) * (last[left] - first[left])
        error = colour(chart[left], start[left] + t * (end[left] - start[left])) - line
        out[left] = np.abs(error).max(axis=1) > tolerance
        left = left[~out[left]]
    return out


def _close(split: NDArray[np.bool_], net: _Net) -> None:
    """Split the longest edge too wherever another of a triangle is, until that holds everywhere."""
    longest = net.edge[np.arange(len(net.edge)), net.longest]
    while True:
        a, b, c = (split[net.edge[:, k]] for k in range(3))
        more = longest[(a | b | c) & ~split[longest]]
        if not len(more):
            return
        split[more] = True


def _divided(net: _Net, split: NDArray[np.bool_]) -> tuple[_Net, NDArray[np.int64]]:
    """Every triangle with split edges halved at its longest, and each half again where another edge is split.

    Returns the net, and which of its triangles are new.
    """
    old, at = net.pieces, np.cumsum(split) - 1
    a, b, c = (split[net.edge[:, k]] for k in range(3))
    cut = a | b | c
    rows = np.flatnonzero(cut)
    turn = (net.longest[rows, None] + np.arange(3)) % 3
    edge, node = net.edge[rows[:, None], turn], old.node[rows[:, None], turn]
    middle = np.where(split[edge], at[edge] + len(old.place), -1)
    # two halves of every split edge, the one at its first end first; then up to three edges across a triangle
    first, second = len(net.end) + 2 * at[edge], node == net.end[edge, 1]
    halves = np.stack([first + second, first + 1 - second], axis=2).reshape(-1, 6)
    across = len(net.end) + 2 * int(split.sum()) + 3 * np.arange(len(rows))[:, None] + np.arange(3)
    names = np.concatenate([node, middle], axis=1)
    child = _children(old.weight[rows[:, None], turn], names, np.concatenate([edge, halves, across], axis=1))
    weight, child_node, child_edge, parent = child
    whole, ends = ~cut, net.end[split]
    centre = np.arange(len(old.place), len(old.place) + len(ends))
    new_end = np.stack([ends, np.repeat(centre[:, None], 2, axis=1)], axis=2).reshape(-1, 2)
    inner = np.stack([middle[:, [0, 0, 0]], np.stack([node[:, 2], middle[:, 1], middle[:, 2]], axis=1)], axis=2)
    end = np.concatenate([net.end, new_end, inner.reshape(-1, 2)])
    place = np.concatenate([old.place, 0.5 * (old.place[ends[:, 0]] + old.place[ends[:, 1]])])
    rim = np.concatenate([net.rim, np.zeros(len(end) - len(net.rim), bool)])
    pieces = Pieces(
        np.concatenate([old.source[whole], old.source[rows][parent]]),
        np.concatenate([old.weight[whole], weight]),
        np.concatenate([old.node[whole], child_node]),
        place,
    )
    longest = np.concatenate([net.longest[whole], _longest(place, child_edge, end, rim)])
    fresh = np.arange(len(pieces.node) - len(parent), len(pieces.node))
    return _Net(pieces, np.concatenate([net.edge[whole], child_edge]), longest, end, rim), fresh


def _children(
    weight: NDArray[np.float64], names: NDArray[np.int64], sides: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Triangles (F, 3, 3) that begin with their longest edge, which is split.

    names (F, 6): nodes of the corners a, b, c and of the middles of ab, bc, ca, -1 where an edge is not split.
    sides (F, 12): edges ab, bc, ca; their halves at a, b, b, c, c, a; from the middle of ab to c, to bc's, to ca's.
    Returns the children's weights, their nodes (G, 3), their edges (G, 3), and the parent (G,) of each.
    """
    right, left = names[:, 4] >= 0, names[:, 5] >= 0
    eye = np.eye(3)
    place = np.concatenate([eye, (eye + np.roll(eye, -1, axis=0)) / 2])
    a, b, c, ab, bc, ca = range(6)
    whole_bc, whole_ca, ab_a, ab_b, bc_b, bc_c, ca_c, ca_a, to_c, to_bc, to_ca = range(1, 12)
    cases = (
        (~left, [a, ab, c], [ab_a, to_c, whole_ca]),
        (left, [a, ab, ca], [ab_a, to_ca, ca_a]),
        (left, [ab, c, ca], [to_c, ca_c, to_ca]),
        (~right, [ab, b, c], [ab_b, whole_bc, to_c]),
        (right, [ab, b, bc], [ab_b, bc_b, to_bc]),
        (right, [ab, bc, c], [to_bc, bc_c, to_c]),
    )
    rows = [np.flatnonzero(which) for which, _, _ in cases]
    parts = [np.matmul(place[corners], weight[r]) for r, (_, corners, _) in zip(rows, cases, strict=True)]
    nodes = [names[r][:, corners] for r, (_, corners, _) in zip(rows, cases, strict=True)]
    edge = [sides[r][:, own] for r, (_, _, own) in zip(rows, cases, strict=True)]
    return np.concatenate(parts), np.concatenate(nodes), np.concatenate(edge), np.concatenate(rows)
