"""Floorplan to level: walls with thickness, lay-in ceiling, troffers, trims.

Everything upright on the plan is a prism; their outlines cut the plan into an arrangement (``arrangement``); over
each of its faces the height is cut into solid and free slabs (``slabs``); the boundary of what is solid is the shell
(``shell``), which ``mesh`` turns into triangles. Arches, trims and fixtures are added to it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ..plan.clip import GROUND_RUN
from ..plan.floorplan import CELL_M, Floorplan
from ..plan.patch import papers_of
from ..scene import Scene
from ..scene.look import LookSettings
from ..surface.catalogue import CHAIR_RAIL_M, has_rail
from .anomalies import short_walls, wrong_things
from .arches import arch_quads, arch_sides, arch_soffits
from .arrangement import Arrangement, arrange
from .caps import wall_caps
from .ceiling import HoleKind, Holes, ceiling_holes
from .dress import above_ceiling, bases, level_materials, palette, paper_shift, papers, quad_runs, zoned
from .footprints import Footprints, footprints
from .furnish import ceiling_fittings, demanded_things, end_fittings, hole_fillers, left_behind, middle_fittings
from .gc_pause import uncollected
from .items import Item, instances
from .lamps import ceiling_lamps, with_loose_lamps
from .level import Instances, Lamps, Level, Mesh, expand, joined
from .mesh import level_mesh, quad_mesh
from .plates import hole_corners, plates
from .shell import Levels, Quads, levels, quads
from .sites import stretches
from .slabs import Slabs, slabs
from .trim import BASE, BASES, RAIL, mouldings

__all__ = ["Instances", "Lamps", "Level", "Mesh", "build", "expand"]


@uncollected()
def build(plan: Floorplan, scene: Scene, seed: int, closed: bool = True) -> Level:
    """A closed, dressed and furnished level of a plan.

    closed: the region's border is a wall wherever the plan leaves it open. The result for a place does not depend on
    the region it was built in, but for that border.
    """
    look = scene.look
    plan = short_walls(plan, look, seed)
    prints = footprints(plan)
    holes = ceiling_holes(plan, prints, look, seed)
    ground = prints.polygon[prints.run == GROUND_RUN]
    cut = arrange(plan.size_m, np.concatenate([prints.polygon, holes.polygon, holes.void]), ground=ground)
    stack = slabs(plan, cut, prints, holes)
    walls = quads(cut, stack, prints, closed)
    names = palette(look)
    index = {name: k for k, name in enumerate(names)}
    flats = levels(stack, prints)
    dark = above_ceiling(cut, walls, stack)
    sides, soffits = arch_quads(plan, walls, flats)
    flats = _picked(flats, ~soffits)
    paper = papers(cut, walls, quad_runs(walls, prints), look, seed, papers_of(scene.plan.patch))
    plain = ~(sides | dark)
    flat = plates(cut, flats, walls, level_materials(flats, stack, index), _groups(plan, cut, flats, stack, holes))
    parts = [
        _papered_walls(plan, cut, _picked(walls, plain), paper[plain], prints, look, index),
        _dark_walls(plan, cut, _picked(walls, dark), stack, prints, index),
        level_mesh(_picked(flat, flat.group >= 0), _rooms(plan, flat.group[flat.group >= 0])),
    ]
    if look.trim:
        parts += wall_caps(plan, prints, index["wood"])
        base = np.where(walls.z[:, 0] == 0.0, bases(quad_runs(walls, prints), seed), -1)
        parts += mouldings(cut, walls, base, BASE, [index[name] for name in BASES])
    parts += mouldings(cut, walls, _railed(walls, paper, look), RAIL, [index["wood"]])
    if sides.any():
        parts += _arches(plan, cut, _picked(walls, sides), paper[sides], prints, look, index)
    items = _furnished(plan, cut, walls, prints, holes, hole_corners(holes, flat), scene, seed)
    lamps, items = with_loose_lamps(ceiling_lamps(plan), items)
    meshes, kinds, placed = instances(items, index)
    return Level(
        origin=plan.origin,
        size_m=plan.size_m,
        materials=names,
        building=joined(parts),
        instance_meshes=meshes,
        instance_names=kinds,
        instances=placed,
        lamps=lamps,
        floor_m=plan.floor_m,
        ceiling_m=plan.ceiling_m,
        district_maps=plan.district_maps,
    )


def _furnished(
    plan: Floorplan,
    cut: Arrangement,
    walls: Quads,
    prints: Footprints,
    holes: Holes,
    corners: list,
    scene: Scene,
    seed: int,
) -> list[Item]:
    """Everything that is an instance; the lamps come first."""
    look = scene.look
    faces = stretches(plan, cut, walls, prints)
    items = hole_fillers(holes, corners)
    items += ceiling_fittings(plan, holes, prints, look, seed)
    found = demanded_things(plan, scene.plan.patch) + end_fittings(plan, faces, look, seed)
    found += middle_fittings(plan, faces, prints, look, seed)
    found += left_behind(plan, prints, found, look, seed)
    return items + found + wrong_things(plan, faces, prints, found, look, seed)


def _papered_walls(
    plan: Floorplan,
    cut: Arrangement,
    walls: Quads,
    paper: NDArray[np.int64],
    prints: Footprints,
    look: LookSettings,
    index: dict[str, int],
) -> Mesh:
    worn, material = zoned(walls, paper, look)
    return _papered(plan, cut, worn, prints, np.array([index[name] for name in material], np.int16))


def _railed(walls: Quads, paper: NDArray[np.int64], look: LookSettings) -> NDArray[np.int64]:
    """(Q,) 0 for quads with a chair rail, under a paper that wants one where it meets no sill; -1 for others."""
    wanted = np.array([has_rail(name) for name in look.wallpapers])
    return np.where(wanted[paper] & (walls.z[:, 0] == 0.0) & (walls.z[:, 1] > CHAIR_RAIL_M[1]), 0, -1)


def _dark_walls(
    plan: Floorplan, cut: Arrangement, walls: Quads, stack: Slabs, prints: Footprints, index: dict[str, int]
) -> Mesh:
    """The rims of missing tiles and the sides of the space above them."""
    rim = walls.z[:, 0] < stack.ceiling[walls.face] + 1e-6
    material = np.where(rim, index["ceiling/bar"], index["concrete/dark"])
    return _papered(plan, cut, walls, prints, material.astype(np.int16))


def _arches(
    plan: Floorplan,
    cut: Arrangement,
    arch: Quads,
    paper: NDArray[np.int64],
    prints: Footprints,
    look: LookSettings,
    index: dict[str, int],
) -> list[Mesh]:
    kind = np.array([index[look.wallpapers[p]] for p in paper], np.int16)
    square = _papered(plan, cut, arch, prints, kind)
    return [arch_sides(plan, square, arch), arch_soffits(plan, square, arch, index["trim"])]


def _papered(plan: Floorplan, cut: Arrangement, walls: Quads, prints: Footprints, material: NDArray[np.int16]) -> Mesh:
    return quad_mesh(cut, walls, material, quad_runs(walls, prints), paper_shift(plan, cut, walls))


def _picked(rows, keep: NDArray[np.bool_]):
    """A noun of parallel arrays with only some of its rows."""
    return replace(rows, **{name: value[keep] for name, value in vars(rows).items()})


def _groups(plan: Floorplan, cut: Arrangement, flats: Levels, stack: Slabs, holes: Holes) -> NDArray[np.int64]:
    """(N,) which level faces may become one: those of one cell; -1 - hole for the ceiling that a fixture replaces."""
    cell = np.floor(cut.face_center / CELL_M).astype(np.int64)
    rows, cols = plan.room.shape
    group = np.clip(cell[:, 1], 0, rows - 1) * cols + np.clip(cell[:, 0], 0, cols - 1)
    filled = np.flatnonzero(holes.kind != HoleKind.MISSING)
    face, hole = shapely.STRtree(holes.polygon[filled]).query(shapely.points(cut.face_center), predicate="within")
    of_hole = np.full(len(cut.face), -1)
    of_hole[face] = filled[hole]
    at_ceiling = (flats.up < 0) & (np.abs(flats.z - stack.ceiling[flats.face]) < 1e-6)
    return np.where(at_ceiling & (of_hole[flats.face] >= 0), -1 - of_hole[flats.face], group[flats.face])


def _rooms(plan: Floorplan, group: NDArray[np.int64]) -> NDArray[np.int64]:
    """(N,) the room of every level polygon."""
    return plan.room.ravel()[group].astype(np.int64)
