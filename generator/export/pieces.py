"""Triangles cut into pieces that stay joined: each piece knows its triangle, its weights there, and its nodes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Mesh, counted
from .triangle_soup import Soup, welded

NODE_M = 1e-5
"""Corners nearer to each other than this are one: finer than the building's snapping lines."""
HANGING_M = 2e-5
"""A node so near to an edge lies on it: the plan is snapped to a grid five times as wide."""
REACH_M = 0.25
"""Edges are searched for hanging nodes in stretches of this length."""


@dataclass(frozen=True)
class Pieces:
    """F triangles cut out of a soup's: source (F,) the soup's triangle; weight (F, 3, 3): corner i is the sum over j of
    weight[i, j] times the source's corner j; node (F, 3) into place (N, 3), shared by neighbours."""

    source: NDArray[np.int64]
    weight: NDArray[np.float64]
    node: NDArray[np.int64]
    place: NDArray[np.float64]


def pieces_of(soup: Soup) -> Pieces:
    """Every triangle whole; corners at the same place are one node."""
    place = soup.position.reshape(-1, 3)
    first, node = welded(np.round(place / NODE_M).astype(np.int64))
    count = len(soup.chart)
    return Pieces(np.arange(count), np.tile(np.eye(3), (count, 1, 1)), node.reshape(-1, 3), place[first])


def mesh_of_pieces(mesh: Mesh, pieces: Pieces) -> Mesh:
    """The pieces of a mesh's triangles as a mesh of the same charts: one vertex for each node and chart, at the node's
    very place."""
    first, corner = once(pieces.node.ravel(), np.repeat(mesh.vertex_chart[mesh.faces[pieces.source, 0]], 3))
    row, nth = first // 3, first % 3
    old, weight = mesh.faces[pieces.source[row]], pieces.weight[row, nth]

    def between(values: NDArray) -> NDArray[np.float64]:
        return np.einsum("vj,vjk->vk", weight, values[old])

    normal = between(mesh.normals)
    return replace(
        mesh,
        vertices=pieces.place[pieces.node[row, nth]],
        normals=(normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)).astype(np.float32),
        uv=between(mesh.uv).astype(np.float32),
        faces=corner.reshape(-1, 3).astype(np.int32),
        face_material=mesh.face_material[pieces.source],
        vertex_chart=mesh.vertex_chart[old[:, 0]],
        chart_uv=between(mesh.chart_uv).astype(np.float32),
    )


def edges(node: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Index (F, 3) of the edge from each corner to the next, shared by neighbours; how many triangles (E,) have it."""
    after = node[:, [1, 2, 0]]
    code = np.minimum(node, after) * (int(node.max(initial=0)) + 1) + np.maximum(node, after)
    _, edge, count = np.unique(code, return_inverse=True, return_counts=True)
    return edge.reshape(-1, 3), count


def once(name: NDArray[np.int64], chart: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of things (N,), such as corners or edges, one for each pair of a name and a chart: which (U,) those are, and
    which of them (N,) stands for each."""
    last, chosen, left = np.zeros(name.max(initial=-1) + 1, np.int64), np.arange(len(name)), np.arange(len(name))
    while len(left):
        last[name[left]] = left
        same = chart[last[name[left]]] == chart[left]
        chosen[left[same]] = last[name[left[same]]]
        left = left[~same]
    rank = np.cumsum(chosen == np.arange(len(name))) - 1
    return np.flatnonzero(chosen == np.arange(len(name))), rank[chosen]


def meeting(pieces: Pieces, places: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(N,) which nodes lie at one of some places (K, 3)."""
    from scipy.spatial import cKDTree

    if not len(places):
        return np.zeros(len(pieces.place), bool)
    away, _ = cKDTree(places).query(pieces.place, distance_upper_bound=HANGING_M)
    return np.isfinite(away)


def conforming(soup: Soup) -> Pieces:
    """The soup cut wherever a corner of one triangle hangs within the edge of another that nobody shares.

    What is left of edges that one triangle has alone are true rims, such as a fixture's hole or an open region.
    """
    pieces = pieces_of(soup)
    edge, count = edges(pieces.node)
    row, side = np.nonzero(count[edge] == 1)
    while len(row):
        row, side, node, share = _hanging(pieces, row, side)
        _, first = np.unique(row, return_index=True)
        later = np.setdiff1d(np.arange(len(row)), first)
        pending = np.stack([row[later], side[later]])
        pieces, (row, side) = _cut(pieces, row[first], side[first], node[first], share[first], pending)
    return pieces


def _hanging(pieces: Pieces, row: NDArray, side: NDArray) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Of the edges ``side`` of triangles ``row`` those with a node inside: row, side, the node nearest to the edge's
    middle, and how far along it lies, 0..1."""
    from scipy.spatial import cKDTree

    first = pieces.place[pieces.node[row, side]]
    along = pieces.place[pieces.node[row, (side + 1) % 3]] - first
    length = np.linalg.norm(along, axis=1)
    count = np.ceil(length / REACH_M).astype(np.int64)
    edge, nth = counted(count)
    middle = first[edge] + ((nth + 0.5) / count[edge])[:, None] * along[edge]
    found = cKDTree(middle).sparse_distance_matrix(
        cKDTree(pieces.place), REACH_M / 2 + HANGING_M, output_type="ndarray"
    )
    edge, node = edge[found["i"]], found["j"]
    away = pieces.place[node] - first[edge]
    share = (away * along[edge]).sum(axis=1) / length[edge] ** 2
    off = np.linalg.norm(away - share[:, None] * along[edge], axis=1)
    inset = np.minimum(share, 1.0 - share) * length[edge]
    on = np.flatnonzero((off < HANGING_M) & (inset > HANGING_M))
    on = on[np.lexsort((node[on], np.abs(share[on] - 0.5), edge[on]))]
    _, best = np.unique(edge[on], return_index=True)
    on = on[best]
    return row[edge[on]], side[edge[on]], node[on], share[on]


def _cut(
    pieces: Pieces, row: NDArray, side: NDArray, node: NDArray, share: NDArray, pending: NDArray
) -> tuple[Pieces, NDArray]:
    """Triangles ``row`` cut from the corner opposite their edge ``side`` to a node on it; and (2, K) the row and side
    of edges still to be searched: the halves of what was cut, and ``pending`` (2, P) ones of the cut triangles."""
    turn = (side[:, None] + np.arange(3)) % 3
    weight, corner = pieces.weight[row[:, None], turn], pieces.node[row[:, None], turn]
    middle = weight[:, 0] + share[:, None] * (weight[:, 1] - weight[:, 0])
    halves = []
    for k in (1, 0):
        part, name = weight.copy(), corner.copy()
        part[:, k], name[:, k] = middle, node
        halves.append((part, name))
    (left, left_node), (right, right_node) = halves
    keep = np.ones(len(pieces.node), bool)
    keep[row] = False
    base, count = int(keep.sum()), len(row)
    out = Pieces(
        np.concatenate([pieces.source[keep], pieces.source[row], pieces.source[row]]),
        np.concatenate([pieces.weight[keep], left, right]),
        np.concatenate([pieces.node[keep], left_node, right_node]),
        pieces.place,
    )
    fresh = np.arange(base, base + 2 * count)
    halved = np.stack([fresh, np.zeros_like(fresh)])
    parent = np.searchsorted(row, pending[0])
    other = (pending[1] - side[parent]) % 3  # 1: from corner 1 to 2, on the right half; 2: from 2 to 0, on the left
    moved = np.stack([base + parent + np.where(other == 1, count, 0), other])
    return out, np.concatenate([halved, moved], axis=1)
