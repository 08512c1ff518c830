"""Things on a region's border: each belongs to one of two neighbours; the other closes its hole in the ceiling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..geometry.footprints import SNAP_M
from ..geometry.level import Level, Mesh, joined
from ..geometry.panels import rectangles
from ..plan.floors import floor_at
from ..surface.palette import Role

LID_M = 0.01
"""How far over a neighbour's fixture its hole is closed: behind it, where both files are loaded."""


def owned(level: Level, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(N,) instances whose middle lies in a region's half-open rectangle ``low`` to ``high`` (2,)."""
    box = _boxes(level)
    middle, first, last = (_steps(at) for at in (box.mean(axis=1)[:, :2], low, high))
    return np.asarray(((middle >= first) & (middle < last)).all(axis=1))


def lids(level: Level, away: NDArray[np.bool_], low: NDArray[np.float64], high: NDArray[np.float64]) -> Mesh | None:
    """Close the holes that things ``away`` (N,), which are a neighbour's, leave in the ceiling; None where none is."""
    box = _boxes(level)
    ceiling = floor_at(level.ceiling_m, box.mean(axis=1)[:, :2])
    box[:, 0, :2], box[:, 1, :2] = np.maximum(box[:, 0, :2], low), np.minimum(box[:, 1, :2], high)
    sunk = (box[:, 1, 2] > ceiling + SNAP_M) & (box[:, 0, 2] < ceiling + SNAP_M)
    rows = np.flatnonzero(away & sunk & (box[:, 1, :2] > box[:, 0, :2] + 2 * SNAP_M).all(axis=1))
    if not len(rows):
        return None
    frames = np.flatnonzero(level.palette.role == Role.FRAME)
    material = int(frames[0]) if len(frames) else 0
    box[:, 0, 2], box[:, 1, 2] = ceiling, box[:, 1, 2] + LID_M
    return joined([_lid(box[k], material) for k in rows])


def _lid(box: NDArray[np.float64], material: int) -> Mesh:
    """The top of a box (2, 3) seen from below, and its sides seen from within."""
    (x0, y0, z0), (x1, y1, z1) = box
    x, y, z = np.diag(box[1] - box[0])
    corner = [[x0, y0, z1], [x0, y0, z0], [x0, y0, z0], [x1, y1, z0], [x1, y1, z0]]
    u, v = [y, y, z, z, -y], [x, z, x, -x, z]
    return rectangles(np.array(corner), np.array(u), np.array(v), np.full(5, material, np.int16))


def _boxes(level: Level) -> NDArray[np.float64]:
    """(N, 2, 3) least and greatest places of instances."""
    place, mesh = level.instances.world_from_mesh, level.instances.mesh
    box = np.array([[m.vertices.min(axis=0), m.vertices.max(axis=0)] for m in level.instance_meshes]).reshape(-1, 2, 3)
    pick = np.array(list(np.ndindex(2, 2, 2)))
    local = box[mesh][:, pick, np.arange(3)]
    world = np.einsum("nij,nkj->nki", place[:, :3, :3], local) + place[:, None, :3, 3]
    return np.stack([world.min(axis=1), world.max(axis=1)], axis=1)


def _steps(at: NDArray[np.float64]) -> NDArray[np.int64]:
    """Places in snapping steps; what is a hair off, as in another region, comes out the same."""
    return np.floor(at / SNAP_M + 0.25).astype(np.int64)
