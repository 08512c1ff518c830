"""The pipes of a region as meshes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....geometry.kit import Index
from ....geometry.level import Mesh
from ....geometry.pipes import Pipe, pipe_mesh
from ....plan.floorplan import CELL_M, CHUNK_CELLS, Floorplan
from ....plan.lattice import CELL
from ....plan.sheet import Service
from ..plan.generate import window
from ..settings import Level2Scene
from .lines import LINES
from .routing import Route, pipe_world, routes

CUT_M = 4 * CELL_M
"""Straight pipes are cut at every such line of the world."""


def routes_in(plan: Floorplan, scene: Level2Scene, seed: int) -> list[Route]:
    """List the stretches of lines at the junctions whose legs reach into a plan's region, metres from its corner."""
    _, found = window(scene.plan, seed, plan.chunks)
    origin = (plan.origin[0] * CHUNK_CELLS * CELL, plan.origin[1] * CHUNK_CELLS * CELL)
    return routes(found, pipe_world(seed), scene.plan, origin)


INKS = {
    "power": ("#8a8a86", 8), "signal": ("#b9b6ab", 9), "steam": ("#e8b90c", 2), "condensate": ("#c98a1b", 40),
    "water": ("#2f8f4e", 3), "fire": ("#c0392b", 1), "air": ("#2f6fb0", 5), "sewage": ("#7a4a2a", 34),
}  # fmt: skip
"""The colour of each line on maps, and its number in the AutoCAD colour index."""


def services(plan: Floorplan, scene: Level2Scene, seed: int) -> list[Service]:
    """List the lines of a plan's region as maps draw them, a service each."""
    found: dict[str, list[NDArray[np.float64]]] = {}
    for route in routes_in(plan, scene, seed):
        flat = np.concatenate([route.path[:-1, :2], route.path[1:, :2]], axis=1)
        found.setdefault(route.line.name, []).append(flat[np.abs(flat[:, :2] - flat[:, 2:]).max(axis=1) > 1e-6])
    names = [line.name for line in LINES if line.name in found]
    return [Service(name, *INKS[name], np.concatenate(found[name])) for name in names]


def pipes(plan: Floorplan, scene: Level2Scene, seed: int, index: Index) -> list[Mesh]:
    """Make the meshes of all pipes in a plan's region."""
    drawn = [
        Pipe(route.path, route.line.radius, route.line.bend, index[route.line.coat])
        for route in routes_in(plan, scene, seed)
    ]
    return pipe_mesh(drawn, plan.size_m, CUT_M) if drawn else []
