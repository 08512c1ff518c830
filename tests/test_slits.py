"""Slits: gaps that one looks into are marked in the plan, and nobody walks in them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from generator.camera.choose import Wish, choose_pose
from generator.export.engine.agent import AGENT
from generator.export.engine.colliders import uprights
from generator.export.engine.free_floor import free_floor
from generator.export.engine.navmesh import navmesh
from generator.export.engine.spawns import spawns_of
from generator.places.level0.plan.generate import floorplan
from generator.places.level0.plan.grammars.slots import LOOKED, WALKED
from generator.places.level0.plan_settings import NAMES, PlanSettings
from generator.plan import draw_map, is_free, walkable
from generator.plan.floorplan import CELL_M, CHUNK_M, SolidKind
from generator.plan.lattice import UNIT_M
from generator.plan.sight import ring_boxes
from generator.plan.slit_marks import LEGEND
from generator.plan.walk import PITCH_M

SLOTS = PlanSettings(grammar="slots")
MIXED = PlanSettings.model_validate(
    {"heights": 0.5, "corridors": True, "long_views": 1.0, "grammars": {name: 1.0 for name in NAMES} | {"slots": 20.0}}
)
FAR = 2**30
LEAST_M, MOST_M = (width * UNIT_M for width in LOOKED)


def gaps(plan):
    """Boxes (N, 4) between blocks that stand side by side, nearer than one may walk through."""
    boxes = ring_boxes(plan)[plan.solid_kind == SolidKind.BLOCK]
    found = []
    for axis in (0, 1):
        order = boxes[np.lexsort((boxes[:, axis], boxes[:, 3 - axis], boxes[:, 1 - axis]))]
        one, two = order[:-1], order[1:]
        same = (np.abs(one - two)[:, [1 - axis, 3 - axis]] < 1e-6).all(axis=1)
        wide = two[:, axis] - one[:, axis + 2]
        for a, b in zip(one[same & (wide < MOST_M + 0.05)], two[same & (wide < MOST_M + 0.05)], strict=True):
            box = a.copy()
            box[axis], box[axis + 2] = a[axis + 2], b[axis]
            found.append(box)
    return np.array(found).reshape(-1, 4)


def inside(boxes, plan):
    """Those of the boxes that lie inside a plan and off its border."""
    return boxes[((boxes > 1e-6) & (boxes < np.tile(plan.size_m, 2) - 1e-6)).all(axis=1)]


def corner_of(seed):
    return [(0, 0), (-5, 3), (FAR - 3, -FAR), (123456789, -987654321)][seed % 4]


def plan_of(settings, seed, size=3):
    i, j = corner_of(seed)
    return floorplan(settings, seed, (i, j, i + size, j + size))


@pytest.mark.parametrize("settings", [SLOTS, MIXED], ids=["slots", "mixed"])
def test_every_gap_that_is_too_narrow_to_walk_in_is_marked_over_40_seeds(settings):
    marked = 0
    for seed in range(40):
        plan = plan_of(settings, seed, 2)
        narrow, slits = (inside(boxes, plan) for boxes in (gaps(plan), plan.slit_box))
        assert sorted(map(tuple, narrow.round(4))) == sorted(map(tuple, slits.round(4))), seed
        marked += len(narrow)
    assert marked > 200


def test_slits_are_0_62_to_0_84_m_wide_and_what_one_walks_is_wider():
    assert WALKED[1] * UNIT_M < CELL_M - 0.9
    for seed in range(4):
        plan = plan_of(SLOTS, seed)
        slits = inside(plan.slit_box, plan)
        wide = (slits[:, 2:] - slits[:, :2]).min(axis=1)
        assert (wide > LEAST_M - 1e-6).all()
        assert (wide < MOST_M + 1e-6).all()


def test_no_disc_stands_in_a_slit_however_thin():
    for settings in (SLOTS, MIXED):
        plan = next(p for p in (plan_of(settings, seed, 2) for seed in range(40)) if len(p.slit_box) > 10)
        y, x = np.nonzero(walkable(plan, 0.05))
        places = shapely.points((np.stack([x, y], axis=1) + 0.5) * PITCH_M)
        slits = shapely.box(*plan.slit_box.T)
        assert not len(shapely.STRtree(slits).query(places, "intersects").T)
        assert not is_free(plan, (plan.slit_box[:, :2] + plan.slit_box[:, 2:]) / 2, 0.05).any()


def test_a_navigation_mesh_and_its_spawns_leave_slits_out():
    plan = next(p for p in (plan_of(SLOTS, seed, 1) for seed in range(9)) if len(p.slit_box) > 5)
    floor = free_floor(plan, list(uprights(plan)), AGENT, None)
    mesh = navmesh(floor, np.zeros(2))
    slits = shapely.union_all(shapely.box(*plan.slit_box.T))
    faces = shapely.polygons(mesh.vertices[mesh.triangles][..., :2])
    assert len(faces) > 20
    assert shapely.distance(faces, slits).min() > AGENT.radius_m - 1e-3
    for spawn in spawns_of(plan, floor, mesh, (0, 0)):
        assert shapely.distance(shapely.Point(spawn.place[:2]), slits) > AGENT.radius_m - 1e-3


def test_a_view_asked_for_in_a_slit_is_taken_from_beside_it():
    plan = next(p for p in (floorplan(SLOTS, seed, (-1, -1, 2, 2)) for seed in range(20)) if len(p.slit_box) > 20)
    middles = (plan.slit_box[:, :2] + plan.slit_box[:, 2:]) / 2
    wanted = middles[np.argmin(np.hypot(*(middles - 1.5 * CHUNK_M).T))]
    pose, moved = choose_pose(plan, 3, Wish(at=tuple((wanted - CHUNK_M).tolist())), 1.0)
    assert moved > 0.3
    assert shapely.distance(shapely.Point(pose.position[:2]), shapely.union_all(shapely.box(*plan.slit_box.T))) > 0.2


def test_a_map_crosses_slits_out_and_says_so(tmp_path):
    import ezdxf

    plan, without = plan_of(SLOTS, 0), floorplan(PlanSettings(), 0, (0, 0, 1, 1))
    for name, drawn in (("a", plan), ("b", without)):
        draw_map(drawn, tmp_path / f"{name}.svg")
    assert LEGEND in (tmp_path / "a.svg").read_text()
    assert LEGEND not in (tmp_path / "b.svg").read_text()
    draw_map(plan, tmp_path / "a.dxf")
    layer = [e.dxf.layer for e in ezdxf.readfile(tmp_path / "a.dxf").modelspace()]
    assert layer.count("SLITS") == len(plan.slit_box)


def test_a_patch_clears_the_slits_that_it_covers():
    plan = floorplan(SLOTS, 0, (0, 0, 3, 3))
    low = np.floor((plan.slit_box[0, :2]) / CELL_M).astype(int) * CELL_M
    patch = {"at": tuple(low.tolist()), "size": (4 * CELL_M, 4 * CELL_M), "ceiling_m": 2.7}
    patched = floorplan(PlanSettings.model_validate({"grammar": "slots", "patch": [patch]}), 0, (0, 0, 3, 3))
    assert 0 < len(patched.slit_box) < len(plan.slit_box)
