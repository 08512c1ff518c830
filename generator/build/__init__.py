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

from ..light.lamps import lamp_radiance
from ..plan.floorplan import CELL_M, Floorplan, LampState
from ..scene import Scene
from .arches import arch_quads, arch_sides, arch_soffits
from .arrangement import Arrangement, arrange
from .dress import level_materials, palette, paper_shift, papers, quad_runs, zoned
from .fixtures import LENS_HALF_M, RECESS_M, troffer, troffer_outlines
from .footprints import Footprints, footprints
from .level import Instances, Lamps, Level, Mesh, expand, joined
from .mesh import level_mesh, quad_mesh
from .shell import Levels, Quads, levels, quads
from .slabs import Slabs, slabs
from .trim import base_trim

__all__ = ["Instances", "Lamps", "Level", "Mesh", "build", "expand"]


def build(plan: Floorplan, scene: Scene, seed: int, closed: bool = True) -> Level:
    """A closed, dressed and furnished level of a plan.

    closed: the region's border is a wall wherever the plan leaves it open. The result for a place does not depend on
    the region it was built in, but for that border.
    """
    prints = footprints(plan)
    fixtures = troffer_outlines(plan.lamp_xy, plan.lamp_axis)
    cut = arrange(plan.size_m, np.concatenate([prints.polygon, fixtures]))
    stack = slabs(plan, cut, prints)
    names = palette(scene.look)
    index = {name: k for k, name in enumerate(names)}
    return Level(
        origin=plan.origin,
        size_m=plan.size_m,
        materials=names,
        building=_building(plan, cut, stack, prints, fixtures, scene, seed, index, closed),
        instance_meshes=(troffer(index["frame"], index["lens/prismatic"]),),
        instance_names=("troffer",),
        instances=_troffers(plan),
        lamps=_lamps(plan),
        ceiling_m=plan.ceiling_m,
        fields=plan.fields,
    )


def _building(
    plan: Floorplan,
    cut: Arrangement,
    stack: Slabs,
    prints: Footprints,
    fixtures: NDArray[np.object_],
    scene: Scene,
    seed: int,
    index: dict[str, int],
    closed: bool,
) -> Mesh:
    """Walls, arches, trims, floor and ceiling as one mesh."""
    walls = quads(cut, stack, prints, closed)
    flats = levels(stack, prints)
    sides, soffits = arch_quads(plan, walls, flats)
    flats = _picked(flats, ~(soffits | _in_fixture(cut, flats, stack, fixtures)))
    run = quad_runs(walls, prints)
    paper = papers(cut, walls, run, scene.look, seed)
    worn, material = zoned(_picked(walls, ~sides), paper[~sides], scene.look)
    parts = [
        _papered(plan, cut, worn, prints, np.array([index[name] for name in material], np.int16)),
        level_mesh(cut, flats, level_materials(flats, stack, index), _rooms(plan, cut, flats)),
    ]
    if scene.look.trim:
        parts.append(base_trim(cut, walls, np.ones(len(walls.z), bool), index["trim"]))
    if sides.any():
        arch = _picked(walls, sides)
        kind = np.array([index[scene.look.wallpapers[p]] for p in paper[sides]], np.int16)
        square = _papered(plan, cut, arch, prints, kind)
        parts += [arch_sides(plan, square, arch), arch_soffits(plan, square, arch, index["trim"])]
    return joined(parts)


def _papered(plan: Floorplan, cut: Arrangement, walls: Quads, prints: Footprints, material: NDArray[np.int16]) -> Mesh:
    return quad_mesh(cut, walls, material, quad_runs(walls, prints), paper_shift(plan, cut, walls))


def _picked(rows, keep: NDArray[np.bool_]):
    """A noun of parallel arrays with only some of its rows."""
    return replace(rows, **{name: value[keep] for name, value in vars(rows).items()})


def _in_fixture(cut: Arrangement, flats: Levels, stack: Slabs, boxes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """(N,) ceiling polygons that a troffer replaces."""
    inside = np.zeros(len(cut.face), bool)
    inside[shapely.STRtree(boxes).query(shapely.points(cut.face_center), predicate="within")[0]] = True
    return inside[flats.face] & (flats.up < 0) & (np.abs(flats.z - stack.ceiling[flats.face]) < 1e-6)


def _rooms(plan: Floorplan, cut: Arrangement, flats: Levels) -> NDArray[np.int64]:
    """(N,) the room of every level polygon."""
    cell = np.floor(cut.face_center[flats.face] / CELL_M).astype(int)
    rows, cols = plan.room.shape
    return plan.room[np.clip(cell[:, 1], 0, rows - 1), np.clip(cell[:, 0], 0, cols - 1)].astype(np.int64)


def _troffers(plan: Floorplan) -> Instances:
    """One troffer for each lamp of the plan, flush with its ceiling."""
    n = len(plan.lamp_xy)
    place = np.tile(np.eye(4), (n, 1, 1))
    turned = plan.lamp_axis == 1
    place[turned, :2, :2] = [[0.0, -1.0], [1.0, 0.0]]
    place[:, :2, 3], place[:, 2, 3] = plan.lamp_xy, plan.lamp_z
    names = tuple(f"troffer_{k:04d}" for k in range(n))
    return Instances(np.zeros(n, np.int16), place, np.arange(n, dtype=np.int32), names)


def _lamps(plan: Floorplan) -> Lamps:
    """The lenses as emitters."""
    n = len(plan.lamp_xy)
    turned = plan.lamp_axis[:, None] == 1
    zero = np.zeros(n)
    long, short = LENS_HALF_M
    lit = plan.lamp_state != LampState.DEAD
    return Lamps(
        center=np.column_stack([plan.lamp_xy, plan.lamp_z + RECESS_M]),
        half_u=np.where(turned, [[0.0, long, 0.0]], [[long, 0.0, 0.0]]),
        half_v=np.where(turned, [[-short, 0.0, 0.0]], [[0.0, short, 0.0]]),
        normal=np.column_stack([zero, zero, zero - 1.0]),
        radiance=lamp_radiance(plan.lamp_kelvin) * lit[:, None] if n else np.zeros((0, 3)),
        state=plan.lamp_state,
        ident=plan.lamp_id,
        kelvin=plan.lamp_kelvin,
    )
