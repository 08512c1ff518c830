"""Charts whose normal turns from corner to corner, as on what is turned or rolled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..geometry.level import Mesh
from ..kernel_options import ENTRY

FLAT = 1e-3
"""Normals that lie nearer to their chart's than this are the chart's."""
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])


class Bends(NamedTuple):
    """row (C,) int32 into the others, -1 for flat charts. corner (B, 4, 3): normals at the corners of a chart's
    rectangle, (0, 0), (1, 0), (0, 1), (1, 1); between them they run evenly along both sides. sine (C,): by how much of
    a length a normal leans away from its chart's, at most."""

    row: NDArray[np.int32]
    corner: NDArray[np.float64]
    sine: NDArray[np.float64]


def bends_of(mesh: Mesh) -> Bends:
    """Find the charts whose vertices' normals differ from the chart's, and how these turn."""
    chart, count = mesh.vertex_chart, len(mesh.chart_origin)
    off = np.linalg.norm(mesh.normals - mesh.chart_normal[chart], axis=1).astype(np.float64)
    bent = np.zeros(count, np.bool_)
    bent[chart[off > FLAT]] = True
    row = np.where(bent, np.cumsum(bent) - 1, -1).astype(np.int32)
    own = np.flatnonzero(bent[chart])
    basis, of = _basis(mesh.chart_uv[own].astype(np.float64)), row[chart[own]]
    square, right = np.zeros((bent.sum(), 4, 4)), np.zeros((bent.sum(), 4, 3))
    np.add.at(square, of, basis[:, :, None] * basis[:, None])
    np.add.at(right, of, basis[:, :, None] * mesh.normals[own].astype(np.float64)[:, None])
    corner = _basis(CORNERS) @ (np.linalg.pinv(square, rcond=1e-6, hermitian=True) @ right)
    corner /= np.maximum(np.linalg.norm(corner, axis=2, keepdims=True), 1e-9)
    sine = np.zeros(count)
    np.maximum.at(sine, chart[own], off[own])
    return Bends(row, corner, sine)


def _basis(at: NDArray[np.float64]) -> NDArray[np.float64]:
    """1, a, b and ab (N, 4) of places (N, 2)."""
    a, b = at.T
    return np.column_stack([np.ones_like(a), a, b, a * b])


@njit(**ENTRY)
def bent_normal(corner, a, b):
    """The normal (3 floats) at a share a, b of a chart's sides, between those at its corners (4, 3)."""
    w0, w1, w2, w3 = (1.0 - a) * (1.0 - b), a * (1.0 - b), (1.0 - a) * b, a * b
    x = w0 * corner[0, 0] + w1 * corner[1, 0] + w2 * corner[2, 0] + w3 * corner[3, 0]
    y = w0 * corner[0, 1] + w1 * corner[1, 1] + w2 * corner[2, 1] + w3 * corner[3, 1]
    z = w0 * corner[0, 2] + w1 * corner[1, 2] + w2 * corner[2, 2] + w3 * corner[3, 2]
    scale = 1.0 / np.sqrt(max(x * x + y * y + z * z, 1e-18))
    return x * scale, y * scale, z * scale
