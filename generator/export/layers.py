"""Layers of small things kept apart: what lies a hair before another flickers in a viewer's depth buffer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Mesh
from .triangle_soup import welded

APART_M = 0.002
"""Least distance of layers. Source: twice the step of a 24-bit depth buffer at 30 m, near plane at 0.05 m."""
NODE_M = 1e-6
"""Corners nearer than this are one."""
SAME = 0.999
"""Cosine between normals of layers."""
MOUNTS = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])
"""Normals of what things are mounted on, through their origin: a wall, a floor, a ceiling."""
ROUNDS = 8
"""Most layers on top of one another."""


def kept_apart(mesh: Mesh) -> Mesh:
    """Move flat parts of a thing out along their normals until layers, and what it is mounted on, lie APART_M apart."""
    part, shift = _parts(mesh), np.zeros((len(mesh.chart_origin), 3))
    count = int(part.max(initial=-1)) + 1
    normal = mesh.chart_normal.astype(np.float64)
    over, under, gap = _pairs(mesh, part, normal)
    least = _off_mounts(mesh, normal)
    for _ in range(ROUNDS):
        lack = APART_M - gap - ((shift[over] - shift[under]) * normal[over]).sum(axis=1)
        own = least - (shift * normal).sum(axis=1)
        charts = np.concatenate([over, np.arange(len(own))])
        wanted = np.concatenate([lack, own])
        if wanted.max(initial=0.0) < 1e-9:
            break
        best = np.zeros((count, 3))
        for k in np.argsort(wanted, kind="stable"):
            if wanted[k] > 0.0:
                best[part[charts[k]]] = wanted[k] * normal[charts[k]]
        shift += best[part]
    moved = mesh.vertices + shift[mesh.vertex_chart]
    return replace(mesh, vertices=moved, chart_origin=mesh.chart_origin + shift)


def _parts(mesh: Mesh) -> NDArray[np.int64]:
    """(C,) which piece of charts that share corners a chart belongs to."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    _, node = welded(np.round(mesh.vertices / NODE_M).astype(np.int64))
    charts, nodes = len(mesh.chart_origin), int(node.max(initial=-1)) + 1
    ends = (mesh.vertex_chart, node + charts)
    _, label = connected_components(coo_matrix((np.ones(len(node)), ends), (charts + nodes,) * 2), directed=False)
    return np.unique(label[:charts], return_inverse=True)[1].astype(np.int64)


def _pairs(
    mesh: Mesh, part: NDArray[np.int64], normal: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Charts that lie before others of another part, facing the same way: which, before which, and how far (K,)."""
    low, high = (np.full((len(part), 3), sign * np.inf) for sign in (1.0, -1.0))
    np.minimum.at(low, mesh.vertex_chart, mesh.vertices)
    np.maximum.at(high, mesh.vertex_chart, mesh.vertices)
    touch = ((low[:, None] < high[None] + APART_M) & (high[:, None] > low[None] - APART_M)).all(axis=2)
    over, under = np.nonzero(touch & (normal @ normal.T > SAME) & (part[:, None] != part[None]))
    middle = 0.5 * (low + high)
    gap = ((middle[over] - middle[under]) * normal[under]).sum(axis=1)
    keep = (gap > NODE_M) & (gap < APART_M)
    return over[keep], under[keep], gap[keep]


def _off_mounts(mesh: Mesh, normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """(C,) how far charts must move off what their thing is mounted on."""
    out = np.zeros(len(normal))
    for mount in MOUNTS:
        height = mesh.chart_origin @ mount
        out = np.where((normal @ mount > SAME) & (height > NODE_M) & (height < APART_M), APART_M - height, out)
    return out
