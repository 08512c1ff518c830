"""The bases of walls: where upright faces meet the floor, chained around each room."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .arrangement import Arrangement
from .shell import Quads


@dataclass(frozen=True)
class WallBases:
    """Edges on the floor, each walked so that the room lies to the left.

    quad (E,) row of ``Quads``; start, end (E, 2) metres; floor (E,) its height; way (E, 2) unit; after (E,) the edge
    that goes on around the room on the same floor, itself where the region's border or a step down ends it;
    before (E,) the edge that it goes on from, or itself; straight (E,) whether the one after goes on in line;
    open (E, 2) whether a step down is at its start and at its end.
    """

    quad: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    floor: NDArray[np.float64]
    way: NDArray[np.float64]
    after: NDArray[np.int64]
    before: NDArray[np.int64]
    straight: NDArray[np.bool_]
    open: NDArray[np.bool_]


def wall_bases(plan: Arrangement, quads: Quads) -> WallBases:
    """The bases of all quads that stand on the floor."""
    quad = np.flatnonzero(quads.stands)
    edge = quads.edge[quad]
    a, b = plan.edge[edge].T
    after = _followers(plan, edge)
    way = plan.node[b] - plan.node[a]
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    own = np.arange(len(edge))
    straight = ((way * way[after]).sum(axis=1) > 1 - 1e-9) & (after != own)
    before, linked = own.copy(), after != own
    before[after[linked]] = own[linked]
    ends = np.stack([(before == own) & _inside(plan, a), (after == own) & _inside(plan, b)], axis=1)
    return WallBases(quad, plan.node[a], plan.node[b], quads.floor[quad], way, after, before, straight, ends)


def last_of_chain(goes_on: NDArray[np.bool_], after: NDArray[np.int64]) -> NDArray[np.int64]:
    """(E,) the last edge of the chain that starts at each edge, -1 where none does; ``goes_on`` links to ``after``."""
    starts = np.ones(len(after), bool)
    starts[after[goes_on]] = False
    head = np.flatnonzero(starts)
    end = head.copy()
    while goes_on[end].any():
        end = np.where(goes_on[end], after[end], end)
    last = np.full(len(after), -1)
    last[head] = end
    return last


def _inside(plan: Arrangement, node: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which nodes do not lie on the region's border."""
    low, high = plan.node.min(axis=0), plan.node.max(axis=0)
    return np.asarray(((plan.node[node] > low) & (plan.node[node] < high)).all(axis=1))


def _followers(plan: Arrangement, base: NDArray[np.int64]) -> NDArray[np.int64]:
    """(E,) row of the base that goes on around the room from each of ``base`` (E,), directed edges, or its own.

    About the end of a base, the faces of its floor are passed one after the other until one has a base there; none has
    where the region ends, or where the floor steps down: there the base is the other face's.
    """
    row = np.full(len(plan.edge), -1)
    row[base] = np.arange(len(base))
    after = np.arange(len(base))
    going, ahead = after.copy(), plan.edge_next[base]
    while len(going):
        found, twin = row[ahead] >= 0, plan.edge_twin[ahead]
        after[going[found]] = row[ahead[found]]
        passes = ~found & (twin >= 0) & (row[twin] < 0)
        going, ahead = going[passes], plan.edge_next[twin[passes]]
    return after
