"""The shell of the building: the boundary of everything solid, as upright quads and level polygons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import Floorplan
from .arrangement import Arrangement
from .footprints import Footprints
from .holes import Holes
from .level import counted
from .slabs import Slabs


@dataclass(frozen=True)
class Quads:
    """Upright rectangles seen from the free side: from node ``start`` to node ``end`` is the direction of u, the
    viewer's right.

    start, end (Q,) node indices; z (Q, 2); print (Q,) the footprint it belongs to, or -1 (a riser, a fascia, a border).
    edge, face (Q,) the directed edge below it and the free face in front of it; floor (Q,) height of the floor there;
    riser (Q,) bool: whether it is the upright side of a higher floor.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    z: NDArray[np.float64]
    print: NDArray[np.int64]
    edge: NDArray[np.int64]
    face: NDArray[np.int64]
    floor: NDArray[np.float64]
    riser: NDArray[np.bool_]

    @property
    def stands(self) -> NDArray[np.bool_]:
        """(Q,) which rise from the floor before them."""
        return np.asarray(np.abs(self.z[:, 0] - self.floor) < 1e-6)


@dataclass(frozen=True)
class Levels:
    """Level polygons: face (N,), height z (N,), up (N,) +1 seen from above or -1, print (N,) footprint or -1."""

    face: NDArray[np.int64]
    z: NDArray[np.float64]
    up: NDArray[np.int8]
    print: NDArray[np.int64]


@dataclass(frozen=True)
class Shell:
    """A plan raised: prints, holes, cut, stack: what stands there, what is missing of its ceiling, the arrangement of
    both and its slabs. walls: the upright faces. arch (Q,): which of them are the sides of arches. flats: the level
    faces, but for the soffits of arches."""

    plan: Floorplan
    prints: Footprints
    holes: Holes
    cut: Arrangement
    stack: Slabs
    walls: Quads
    arch: NDArray[np.bool_]
    flats: Levels


def quads(plan: Arrangement, stack: Slabs, prints: Footprints, closed: bool) -> Quads:
    """All upright faces. ``closed``: the region's border is a wall wherever it would be open."""
    twin = plan.edge_twin_face
    inside = twin >= 0
    behind = stack.solid[np.where(inside, twin, plan.edge_face)]
    behind = np.where(inside[:, None], behind, closed | behind)
    shown = ~stack.solid[plan.edge_face] & behind
    padded = np.pad(shown, ((0, 0), (1, 1)))
    e0, s0 = np.nonzero(padded[:, 1:] & ~padded[:, :-1])
    e1, s1 = np.nonzero(~padded[:, 1:] & padded[:, :-1])
    assert np.array_equal(e0, e1)
    z = np.stack([stack.z[s0], stack.z[s1]], axis=1)
    a, b = plan.edge[e0].T
    owner, face = _owner(plan, stack, prints, e0, twin[e0], z), plan.edge_face[e0]
    floor = stack.floor[face]
    higher = np.where(inside[e0], stack.floor[twin[e0]], -np.inf)
    riser = (owner < 0) & (np.abs(z[:, 0] - floor) < 1e-6) & (np.abs(z[:, 1] - higher) < 1e-6)
    return Quads(b, a, z, owner, e0, face, floor, riser)


def levels(stack: Slabs, prints: Footprints) -> Levels:
    """All level faces: floor, ceilings, soffits and caps."""
    below = np.concatenate([np.ones((len(stack.solid), 1), bool), stack.solid[:, :-1]], axis=1)
    face, s = np.nonzero(below != stack.solid)
    up = np.where(below[face, s], 1, -1).astype(np.int8)
    z = stack.z[s]
    own = (np.abs(z - stack.ceiling[face]) < 1e-6) | (np.abs(z - stack.floor[face]) < 1e-6)
    return Levels(face, z, up, np.where(own, -1, _bearing(stack, prints, face, z)))


def _owner(
    plan: Arrangement,
    stack: Slabs,
    prints: Footprints,
    edge: NDArray[np.int64],
    twin: NDArray[np.int64],
    z: NDArray[np.float64],
) -> NDArray[np.int64]:
    """(Q,) of the footprints behind a quad that overlap its height, the one most parallel to it; -1 for none."""
    way = plan.node[plan.edge[edge, 1]] - plan.node[plan.edge[edge, 0]]
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    quad, candidate = _over(stack, twin)
    overlap = np.minimum(prints.z[candidate, 1], z[quad, 1]) - np.maximum(prints.z[candidate, 0], z[quad, 0])
    parallel = np.abs((prints.along[candidate] * way[quad]).sum(axis=1))
    score = np.where(overlap > 1e-6, 1.0 + overlap + 10.0 * (parallel > 0.99), -1.0)
    best = np.lexsort((candidate, score, quad))
    last = np.concatenate([quad[best][1:] != quad[best][:-1], [True]]) if len(quad) else np.zeros(0, bool)
    owner = np.full(len(edge), -1)
    chosen = best[last]
    owner[quad[chosen]] = np.where(score[chosen] > 0, candidate[chosen], -1)
    return owner


def _over(stack: Slabs, face: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The footprints over faces (N,), as pairs: which of these (K,), and the footprint (K,)."""
    cover, foot = stack.cover[:, np.argsort(stack.cover[0], kind="stable")]
    first = np.searchsorted(cover, face, side="left")
    row, nth = counted(np.searchsorted(cover, face, side="right") - first)
    return row, foot[first[row] + nth]


def _bearing(stack: Slabs, prints: Footprints, face: NDArray[np.int64], z: NDArray[np.float64]) -> NDArray[np.int64]:
    """(N,) the footprint over each face that ends at height z, -1 for none."""
    entry, candidate = _over(stack, face)
    ends = np.abs(prints.z[candidate] - z[entry, None]).min(axis=1) < 1e-6
    owner = np.full(len(face), -1)
    owner[entry[ends]] = candidate[ends]
    return owner
