"""What stands and hangs in the tunnels, drawn so that it depends on the place in the world alone."""

from __future__ import annotations

import numpy as np

from ....geometry.holes import Holes, no_holes
from ....geometry.items import Item
from ....geometry.panels import Sides
from ....geometry.shell import Shell
from ....plan.floorplan import CELL_MODULES, CHUNK_CELLS, Floorplan
from ....plan.lattice import CELL
from ..pipes.fittings import fittings, reaches
from ..pipes.make import routes_in
from ..plan.generate import window
from ..plan.twins import twins
from ..settings import Level2Scene
from .chambers import drains, grilles, pieces, sumps
from .fittings import STRUTS

CHUNK_MODULES = CHUNK_CELLS * CELL_MODULES


def furnish(shell: Shell, corners: list[Sides], scene: Level2Scene, seed: int) -> list[Item]:
    """Everything that is an instance, but for the plan's lamps."""
    plan = shell.plan
    legs, found = window(scene.plan, seed, plan.chunks)
    origin = _corner(plan)
    held = fittings(routes_in(plan, scene, seed), _modules(plan), STRUTS)
    beside = grilles(twins(legs, found, scene.plan), origin)
    return _inside(plan, pieces(found, origin) + sumps(found, origin) + drains(legs, found, origin) + beside + held)


def things(plan: Floorplan, scene: Level2Scene, seed: int) -> tuple[list[Item], Holes]:
    """What one could walk into or look at, known without building, and no holes."""
    _, found = window(scene.plan, seed, plan.chunks)
    taken = reaches(routes_in(plan, scene, seed), _modules(plan))
    return _inside(plan, pieces(found, _corner(plan)) + taken), no_holes()


def _corner(plan: Floorplan) -> tuple[int, int]:
    """The place of the world that a plan's region begins at, 0.1 mm."""
    return plan.origin[0] * CHUNK_CELLS * CELL, plan.origin[1] * CHUNK_CELLS * CELL


def _modules(plan: Floorplan) -> tuple[int, int]:
    """The module of the world that a plan's region begins at."""
    return plan.origin[0] * CHUNK_MODULES, plan.origin[1] * CHUNK_MODULES


def _inside(plan: Floorplan, items: list[Item]) -> list[Item]:
    """Those whose place lies in the region."""
    if not items:
        return []
    at = np.array([item.place[:2, 3] for item in items])
    kept = ((at >= 0.0) & (at < plan.size_m)).all(axis=1)
    return [items[k] for k in np.flatnonzero(kept)]
