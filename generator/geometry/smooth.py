"""Smooth normals: what is turned or rolled is shaded as round, though its facets are flat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .level import Mesh, counted

CREASE = float(np.radians(56.0))
"""Facets that meet at a greater angle keep a sharp edge; a bevelled corner and a face meet at 54.7 degrees."""
LEAST_SHARE = 1.0 / 6.0
"""Facets smaller than this share of the largest about a corner do not turn its normal: a bevel bends, its faces do
not."""
PLACE_M = 1e-5


def smoothed(mesh: Mesh, crease: float = CREASE) -> Mesh:
    """Give the corners of facets that meet at less than ``crease`` radians the mean of their normals."""
    _, place = np.unique(np.round(mesh.vertices / PLACE_M).astype(np.int64), axis=0, return_inverse=True)
    member, given = _grouped(place.ravel())
    normal = mesh.chart_normal.astype(np.float64)[mesh.vertex_chart[member]]
    area = np.where(given, _areas(mesh)[mesh.vertex_chart[member]], 0.0)
    near = np.einsum("pid,pjd->pij", normal, normal) > np.cos(crease)
    near &= given[:, None] & given[..., None]
    largest = np.where(near, area[:, None], 0.0).max(axis=2)
    counts = near & (area[:, None] >= LEAST_SHARE * largest[..., None])
    total = np.einsum("pij,pjd->pid", counts.astype(np.float64), normal)
    out = mesh.normals.copy()
    mean = total[given] / np.linalg.norm(total[given], axis=1, keepdims=True)
    out[member[given]] = mean.astype(np.float32)
    return replace(mesh, normals=out)


def _grouped(name: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Which (G, M) of the things (N,) have each name, and where that table is filled."""
    order = np.argsort(name, kind="stable")
    count = np.bincount(name)
    row, nth = counted(count)
    member, given = np.zeros((len(count), count.max()), np.int64), np.zeros((len(count), count.max()), np.bool_)
    member[row, nth], given[row, nth] = order, True
    return member, given


def _areas(mesh: Mesh) -> NDArray[np.float64]:
    """(C,) area of each chart's triangles, m²."""
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    area = 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return np.bincount(mesh.vertex_chart[mesh.faces[:, 0]], area, len(mesh.chart_origin)).astype(np.float64)
