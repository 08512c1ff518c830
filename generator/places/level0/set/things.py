"""What stands and hangs in Level 0: all of it for a shell, or what one could walk into, known without building."""

from __future__ import annotations

from ....geometry.footprints import footprints
from ....geometry.holes import Holes
from ....geometry.items import Item
from ....geometry.obstacles import wall_faces
from ....geometry.panels import Sides
from ....geometry.shell import Shell
from ....geometry.sites import stretches
from ....plan.floorplan import Floorplan
from ..settings import Level0Scene
from .anomalies import anomalies, short_walls
from .ceiling import ceiling_holes
from .furnish import (
    ceiling_fittings,
    end_fittings,
    hole_fillers,
    left_behind,
    middle_fittings,
    patch_things,
)
from .shafts import painted_doors


def furnish(shell: Shell, corners: list[Sides], scene: Level0Scene, seed: int) -> list[Item]:
    """Everything that is an instance; the lamps come first."""
    look, plan, prints = scene.look, shell.plan, shell.prints
    faces = stretches(plan, shell.cut, shell.walls, prints)
    items = hole_fillers(plan, shell.holes, corners)
    items += ceiling_fittings(plan, shell.holes, prints, look, seed)
    found = patch_things(plan, scene.plan.patch) + end_fittings(plan, faces, look, seed)
    found += middle_fittings(plan, faces, prints, look, seed) + painted_doors(plan, prints, look, seed)
    found += left_behind(plan, prints, found, look, seed)
    return items + found + anomalies(plan, faces, prints, found, look, seed)


def things(plan: Floorplan, scene: Level0Scene, seed: int) -> tuple[list[Item], Holes]:
    """What ``build`` would put into a plan but for the smallest, and the holes in its ceiling.

    The result for a place does not depend on the region, but for the region's outermost two cells.
    """
    look = scene.look
    plan = short_walls(plan, look, seed)
    prints = footprints(plan)
    holes = ceiling_holes(plan, prints, look, seed)
    walls = wall_faces(plan, prints, holes)
    found = patch_things(plan, scene.plan.patch) + middle_fittings(plan, walls, prints, look, seed)
    found += painted_doors(plan, prints, look, seed)
    found += left_behind(plan, prints, found, look, seed)
    return found + anomalies(plan, walls, prints, found, look, seed), holes
