"""The pipes of a region as meshes."""

from __future__ import annotations

from ....geometry.kit import Index
from ....geometry.level import Mesh
from ....geometry.pipes import Pipe, pipe_mesh
from ....plan.floorplan import CELL_M, CHUNK_CELLS, Floorplan
from ....plan.lattice import CELL
from ..plan.generate import window
from ..settings import Level2Scene
from .routing import Route, pipe_world, routes

CUT_M = 4 * CELL_M
"""Straight pipes are cut at every such line of the world."""


def routes_in(plan: Floorplan, scene: Level2Scene, seed: int) -> list[Route]:
    """List the stretches of lines at the junctions whose legs reach into a plan's region, metres from its corner."""
    _, found = window(scene.plan, seed, plan.chunks)
    origin = (plan.origin[0] * CHUNK_CELLS * CELL, plan.origin[1] * CHUNK_CELLS * CELL)
    return routes(found, pipe_world(seed), scene.plan.pipes, origin)


def pipes(plan: Floorplan, scene: Level2Scene, seed: int, index: Index) -> list[Mesh]:
    """Make the meshes of all pipes in a plan's region."""
    drawn = [
        Pipe(route.path, route.line.radius, route.line.bend, index[route.line.coat])
        for route in routes_in(plan, scene, seed)
    ]
    return pipe_mesh(drawn, plan.size_m, CUT_M) if drawn else []
