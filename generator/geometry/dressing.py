"""Meshes of a shell's faces, once a place has said what they wear."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import CHUNK_M, Floorplan
from .arrangement import Arrangement
from .footprints import Footprints
from .level import Mesh, picked
from .mesh import quad_mesh
from .shell import Quads, Shell
from .slabs import Slabs

WRAP_M = 110.4
"""A length that every period of a wall's surface should divide (2.4 and 2.76 m, their doubles and halves)."""


def wall_mesh(shell: Shell, walls: Quads, material: NDArray[np.int16]) -> Mesh:
    """Upright faces of a shell, ``material`` (Q,) of each, their patterns hung on the world."""
    runs, shift = quad_runs(walls, shell.prints), paper_shift(shell.plan, shell.cut, walls)
    return quad_mesh(shell.cut, walls, material, runs, shift)


def riser_mesh(shell: Shell, material: int) -> list[Mesh]:
    """The upright sides of higher floors, all of one material; nothing where the floor is level."""
    steps = picked(shell.walls, shell.walls.riser)
    return [wall_mesh(shell, steps, np.full(len(steps.floor), material, np.int16))] if len(steps.floor) else []


def quad_runs(quads: Quads, prints: Footprints) -> NDArray[np.int64]:
    """(Q,) the wall run of every quad; -1 for risers, fascias and the region's border."""
    return np.append(prints.run, -1)[quads.print]


def paper_shift(plan: Floorplan, nodes: Arrangement, quads: Quads) -> NDArray[np.float64]:
    """(Q,) metres to add to u so that the pattern hangs on the world, not on the region."""
    way = nodes.node[quads.end] - nodes.node[quads.start]
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    corner = np.fmod(np.array(plan.origin) * CHUNK_M, WRAP_M)
    axis = np.abs(way) > 1 - 1e-9
    exact = np.where(axis, way, 0.0) @ corner
    oblique = ~axis.any(axis=1)
    return np.where(oblique, 0.0, np.fmod(exact, WRAP_M))


def above_ceiling(plan: Arrangement, quads: Quads, stack: Slabs) -> NDArray[np.bool_]:
    """(Q,) quads that stand in the dark space above a missing tile, or around it."""
    return quads.z[:, 0] > stack.ceiling[quads.face] - 1e-6
