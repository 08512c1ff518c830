"""The verb of the geometry stage: a plan and a place's kit to a level."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..plan.clip import GROUND_RUN
from ..plan.floorplan import CELL_M, Floorplan, SolidKind
from ..plan.floors import floors_beside
from ..surface.palette import palette_of
from .arches import arch_quads
from .arrangement import arrange
from .footprints import SNAP_M, footprints
from .holes import Holes
from .items import hung_lamps, instances
from .kit import Kit
from .lamps import plan_lamps, with_loose_lamps
from .level import FREE_RUN, Level, joined, picked
from .mesh import level_mesh
from .plates import Plates, hole_corners, plates
from .shell import Shell, levels, quads
from .slabs import slabs


@contextmanager
def uncollected() -> Iterator[None]:
    """Let Python's collector of cycles rest where tens of thousands of objects are made that form none: it would look
    through all of them again and again."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@uncollected()
def build(plan: Floorplan, kit: Kit, scene: Any, seed: int, closed: bool = True) -> Level:
    """Build a closed, dressed and furnished level of a plan.

    scene: of the kind that the kit's place has. closed: the region's border is a wall wherever the plan leaves it open.
    The result for a place in the world does not depend on the region it was built in, but for that border.
    """
    plan = kit.altered(plan, scene, seed)
    shell = raised(plan, kit.holes(plan, footprints(plan), scene, seed), closed)
    names = kit.palette(scene)
    index = {name: k for k, name in enumerate(names)}
    flat = plates(shell.cut, shell.flats, shell.walls, kit.level_materials(shell, index), _groups(shell))
    shown = picked(flat, flat.group >= 0)
    parts = kit.dress(shell, level_mesh(shown, _runs(shell, shown)), index, scene, seed)
    items = hung_lamps(plan, kit) + kit.furnish(shell, hole_corners(shell.holes, flat), scene, seed)
    lamps = plan_lamps(plan, kit)
    first = np.unique(lamps.lamp)
    items = [item._replace(lamp=int(first[item.lamp])) if item.lamp >= 0 else item for item in items]
    lamps, items = with_loose_lamps(lamps, items, kit)
    meshes, kinds, placed = instances(items, index, kit)
    return Level(
        origin=plan.origin,
        size_m=plan.size_m,
        palette=palette_of(kit.surfaces[name] for name in names),
        building=joined(parts),
        instance_meshes=meshes,
        instance_names=kinds,
        instances=placed,
        lamps=lamps,
        floor_m=plan.floor_m,
        ceiling_m=plan.ceiling_m,
        district_maps=plan.district_maps,
        ageing=kit.ageing(scene),
    )


def raised(plan: Floorplan, holes: Holes, closed: bool = True) -> Shell:
    """A plan as a shell; closed: as in ``build``."""
    prints = footprints(plan)
    dug = np.concatenate([np.zeros(len(plan.wall_kind), bool), plan.solid_kind == SolidKind.GROUND])
    outside = (prints.run == GROUND_RUN) & ~dug
    ground = [shapely.union_all(prints.polygon[which]) for which in (outside, dug) if which.any()]
    cut = arrange(plan.size_m, np.concatenate([prints.polygon, holes.polygon, holes.void]), ground=ground)
    stack = slabs(plan, cut, prints, holes)
    walls = quads(cut, stack, prints, closed)
    flats = levels(stack, prints)
    arch, soffits = arch_quads(plan, walls, flats)
    return Shell(plan, prints, holes, cut, stack, walls, arch, picked(flats, ~soffits))


def _groups(shell: Shell) -> NDArray[np.int64]:
    """(N,) which level faces may become one: those of one cell; -1 - hole for the ceiling that a fixture replaces."""
    cell = np.floor(shell.cut.face_center / CELL_M).astype(np.int64)
    rows, cols = shell.plan.room.shape
    group = np.clip(cell[:, 1], 0, rows - 1) * cols + np.clip(cell[:, 0], 0, cols - 1)
    filled = np.flatnonzero(~shell.holes.opens)
    tree = shapely.STRtree(shell.holes.polygon[filled])
    face, hole = tree.query(shapely.points(shell.cut.face_center), predicate="within")
    of_hole = np.full(len(shell.cut.face), -1)
    of_hole[face] = filled[hole]
    flats = shell.flats
    at_ceiling = (flats.up < 0) & (np.abs(flats.z - shell.stack.ceiling[flats.face]) < 1e-6)
    return np.where(at_ceiling & (of_hole[flats.face] >= 0), -1 - of_hole[flats.face], group[flats.face])


def _runs(shell: Shell, flat: Plates) -> NDArray[np.int64]:
    """(N,) the room of every level polygon; FREE_RUN for the tops and undersides of solids that hang free: light
    that passes through both meets none of their upright faces."""
    run = shell.plan.room.ravel()[flat.group].astype(np.int64)
    polygon, z = _hanging(shell)
    if len(polygon):
        at = shapely.point_on_surface(flat.polygon)
        plate, which = shapely.STRtree(polygon).query(at, predicate="within")
        ends = np.abs(z[which] - flat.z[plate, None]).min(axis=1) < SNAP_M / 2
        run[plate[ends]] = FREE_RUN
    return run


def _hanging(shell: Shell) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Outlines, bottoms and tops (N, 2) of the solids that touch neither floor nor ceiling."""
    prints = shell.prints
    solid = np.arange(len(prints.z)) >= len(shell.plan.wall_kind)
    over = np.flatnonzero(solid & (prints.z[:, 0] > prints.floor + SNAP_M))
    polygon, z = prints.polygon[over], prints.z[over]
    ceiling, _ = floors_beside(shell.plan.ceiling_m, shapely.bounds(polygon).reshape(-1, 4))
    under = z[:, 1] < ceiling - SNAP_M
    return polygon[under], z[under]
