"""The feet of walls: where upright faces meet the floor, chained around each room."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .arrangement import Arrangement
from .shell import Quads


@dataclass(frozen=True)
class Feet:
    """Edges on the floor, each walked so that the room lies to the left.

    quad (E,) row of ``Quads``; start, end (E, 2) metres; way (E, 2) unit; after (E,) the edge that goes on around the
    room, itself where the region's border ends it; straight (E,) whether that one goes on in line.
    """

    quad: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    way: NDArray[np.float64]
    after: NDArray[np.int64]
    straight: NDArray[np.bool_]


def feet(plan: Arrangement, quads: Quads) -> Feet:
    """The feet of all quads that stand on the floor."""
    quad = np.flatnonzero(quads.z[:, 0] == 0.0)
    a, b = quads.end[quad], quads.start[quad]
    after = _followers(plan.node, a, b)
    way = plan.node[b] - plan.node[a]
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    straight = ((way * way[after]).sum(axis=1) > 1 - 1e-9) & (after != np.arange(len(after)))
    return Feet(quad, plan.node[a], plan.node[b], way, after, straight)


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


def _followers(node: NDArray[np.float64], a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """(E,) index of the edge that follows each edge a → b around its room; itself where the region's border ends it."""
    order = np.argsort(a, kind="stable")
    first = np.searchsorted(a[order], b, side="left")
    count = np.searchsorted(a[order], b, side="right") - first
    after = np.where(count > 0, order[np.minimum(first, len(order) - 1)], np.arange(len(order)))
    for k in np.flatnonzero(count > 1):  # two corners that touch: turn as far to the left as the room allows
        options = order[first[k] : first[k] + count[k]]
        back = node[a[k]] - node[b[k]]
        ahead = node[b[options]] - node[a[options]]
        angle = np.arctan2(back[0] * ahead[:, 1] - back[1] * ahead[:, 0], ahead @ back)
        after[k] = options[np.argmin(-angle % (2 * np.pi))]
    return after
