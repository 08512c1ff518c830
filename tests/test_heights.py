"""Floors of several heights in Level 0: no seams, nothing cut off, nobody falls, everything stands on its own floor."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from scipy.ndimage import label

from generator.camera.choose import Wish, choose_pose
from generator.camera.operator import perform
from generator.camera.path import follow, wander
from generator.camera.script import Script, beats_of
from generator.export.engine.agent import AGENT
from generator.export.engine.colliders import uprights
from generator.export.engine.free_floor import free_floor
from generator.export.engine.navmesh import navmesh
from generator.export.engine.spawns import spawns_of
from generator.places.level0.plan.generate import floorplan
from generator.places.level0.plan_settings import Grammars, PlanSettings
from generator.places.verbs import build
from generator.places.verbs import floorplan as plan_of
from generator.plan import walkable
from generator.plan.draw import draw_map
from generator.plan.floorplan import CELL_M, CHUNK_CELLS, CHUNK_M, SolidKind
from generator.plan.ground import PART_M, STEP_M, ground, ground_at, pits
from generator.plan.height_marks import LEGEND
from generator.plan.walk import PITCH_M
from generator.scene import load_scene
from tests.test_build import edges_used, shell_of
from tests.test_geometry_floors import BARE
from tests.test_plan import walls_as_set

FAR = 2**30
EYE_M = 1.6
ALL = PlanSettings(heights=1.0)
MIXED = PlanSettings.model_validate(
    {"heights": 1.0, "corridors": True, "long_views": 1.0, "grammars": dict.fromkeys(Grammars.model_fields, 1.0)}
)
ORIGINS = [(0, 0), (-5, 3), (FAR - 3, -FAR), (123456789, -987654321)]


def enclosed(plan):
    """Walkable parts (four neighbours) that neither touch the plan's edge nor are the largest one."""
    parts, n = label(walkable(plan, 0.3))
    at_edge = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    main = 1 + int(np.argmax(np.bincount(parts.ravel(), minlength=n + 1)[1:]))
    return [k for k in range(1, n + 1) if k != main and k not in at_edge]


@pytest.mark.parametrize("settings", [ALL, MIXED], ids=["offices", "districts"])
def test_with_heights_nothing_is_cut_off_for_one_who_steps_0_2_m(settings):
    for seed in range(4):
        i, j = ORIGINS[seed]
        plan = floorplan(settings, seed, (i, j, i + 3, j + 3))
        assert np.ptp(plan.floor_m) > 1.0
        assert enclosed(plan) == []


def test_sunken_floors_and_podiums_can_be_walked_on_and_pits_cannot():
    plan = floorplan(ALL, 1, (0, 0, 3, 3))
    parts, _ = label(walkable(plan, 0.3))
    rows, columns = np.mgrid[: parts.shape[0], : parts.shape[1]]
    at = (np.stack([columns, rows], axis=-1).reshape(-1, 2) + 0.5) * PITCH_M
    height = ground_at(plan, at).reshape(parts.shape)
    main = parts == 1 + int(np.argmax(np.bincount(parts.ravel())[1:]))
    for level in (-0.6, -0.2, 0.2, 0.6):
        assert (main & (np.abs(height - level) < 1e-9)).sum() > 100, level
    assert not (main & (height < -1.0)).any()


def test_with_heights_a_chunk_alone_equals_the_chunk_in_a_city():
    for settings in (ALL, MIXED):
        city = floorplan(settings, 5, (-3, 7, -1, 9))
        for di, dj in ((0, 0), (1, 1)):
            alone = floorplan(settings, 5, (di - 3, dj + 7, di - 2, dj + 8))
            cells = np.s_[dj * CHUNK_CELLS : (dj + 1) * CHUNK_CELLS, di * CHUNK_CELLS : (di + 1) * CHUNK_CELLS]
            for name in ("floor_m", "ceiling_m", "open_east", "open_north"):
                assert np.array_equal(getattr(city, name)[cells], getattr(alone, name)), name
            low = np.array([di, dj]) * CHUNK_M
            assert walls_as_set(city, low, (0.0, 0.0, CHUNK_M, CHUNK_M)) == walls_as_set(alone)
            parts = np.s_[4 * cells[0].start : 4 * cells[0].stop, 4 * cells[1].start : 4 * cells[1].stop]
            assert np.array_equal(ground(city)[parts], ground(alone))
            here = ((city.lamp_xy >= low) & (city.lamp_xy < low + CHUNK_M)).all(axis=1)
            order, other = np.argsort(city.lamp_id[here]), np.argsort(alone.lamp_id)
            assert np.array_equal(city.lamp_id[here][order], alone.lamp_id[other])
            assert np.array_equal(city.lamp_z[here][order], alone.lamp_z[other])


def test_heights_change_nothing_where_there_are_none():
    with_them, without = floorplan(ALL, 3, (0, 0, 2, 2)), floorplan(PlanSettings(), 3, (0, 0, 2, 2))
    assert np.ptp(without.floor_m) == 0.0
    assert np.array_equal(with_them.room, without.room)
    long = [np.abs(plan.wall_xy[:, 2:] - plan.wall_xy[:, :2]).sum() for plan in (with_them, without)]
    assert long[0] == pytest.approx(long[1], abs=1e-6)
    assert set(with_them.lamp_id) <= set(without.lamp_id)
    some = floorplan(PlanSettings(heights=0.3), 3, (0, 0, 2, 2))
    assert 0 < (some.floor_m != 0.0).sum() < (with_them.floor_m != 0.0).sum()


def test_recessed_lamps_hang_at_the_ceiling_of_their_cell():
    plan = floorplan(ALL, 2, (0, 0, 3, 3))
    x, y = np.floor(plan.lamp_xy / CELL_M).astype(int).T
    assert np.allclose(plan.lamp_z, plan.ceiling_m[y, x])
    assert plan.ceiling_m.min() >= 2.1


@pytest.mark.parametrize("name", ["level0", "halls"])
def test_a_level_with_heights_is_closed_and_carpeted_on_its_ground(name):
    scene = load_scene(name, [*BARE, "plan.heights=1", "look.anomalies=0"])
    plan = plan_of(scene, 1, (0, 0, 1, 1))
    assert (plan.solid_kind == SolidKind.STEP).any()
    level = build(plan, scene, 1)
    used = edges_used(shell_of(level))
    assert (used % 2 == 0).all()
    mesh = level.building
    flat = np.array(level.palette.name)[mesh.chart_material] == "carpet"
    flat &= (mesh.chart_normal[:, 2] > 0.9) & (mesh.sides_m.min(axis=1) > 0.05)
    middle = (mesh.chart_origin + 0.5 * (mesh.chart_u + mesh.chart_v))[flat]
    assert (np.abs(middle[:, 2] - ground_at(plan, middle[:, :2])) < 1e-9).mean() > 0.98


def near_a_step(plan, xy, reach=0.4):
    """Whether the ground changes its height within ``reach`` metres of places (K, 2)."""
    about = np.stack(np.meshgrid(*[np.linspace(-reach, reach, 9)] * 2), axis=-1).reshape(-1, 2)
    heights = ground_at(plan, (xy[:, None] + about).reshape(-1, 2)).reshape(len(xy), -1)
    return np.ptp(heights, axis=1) > 0.0


def check_walk(scene, seed, route, seconds):
    """The range of heights that a walker of a route stood on, once nothing was wrong with it."""
    script = Script(beats_of([f"walk {seconds}"]))
    position = perform(route, script, round(seconds * 60000 / 1001), seed, 0.0, 0.0).position
    low, high = (np.floor(end / CHUNK_M).astype(int) for end in (route.xy.min(axis=0), route.xy.max(axis=0)))
    plan, corner = plan_of(scene, seed, (*(low - 1), *(high + 2))), (low - 1) * CHUNK_M
    at = position[:, :2] - corner
    under = ground_at(plan, at)
    level = ~near_a_step(plan, at)
    assert np.abs(position[level, 2] - EYE_M - under[level]).max() < 1e-3, seed
    assert np.abs(np.diff(position[:, 2])).max() < 0.012, seed
    cells = np.floor((route.xy - corner) / CELL_M).astype(int)
    assert not pits(plan)[cells[:, 1], cells[:, 0]].any(), seed
    assert np.abs(np.diff(ground_at(plan, route.xy - corner))).max(initial=0.0) <= STEP_M + 1e-6, seed
    return np.ptp(under)


def test_a_walker_s_eye_is_1_6_m_over_the_floor_that_one_stands_on():
    scene = load_scene("level0", ["plan.heights=1"])
    route = follow(scene, 1, (0, 0), (-2.4, 14.0), [(-6.0, 15.0), (-2.4, 17.0)])
    assert check_walk(scene, 1, route, 25) == pytest.approx(0.6)


@pytest.mark.slow
def test_over_20_seeds_no_walker_leaves_the_floor_or_steps_too_far():
    scene = load_scene("level0", ["plan.heights=1"])
    routes = [wander(scene, seed, (0, 0), (20.0, 20.0), 0.0, 130.0) for seed in range(20)]
    rises = [check_walk(scene, seed, route, 100) for seed, route in enumerate(routes)]
    assert np.mean(np.array(rises) > 0.15) > 0.5


def test_steps_end_on_quarters_of_cells():
    plan = floorplan(ALL, 4, (0, 0, 3, 3))
    step = np.repeat(plan.solid_kind == SolidKind.STEP, np.diff(plan.solid_start))
    parts = plan.solid_xy[step] / PART_M
    assert step.sum() > 100
    assert np.abs(parts - np.round(parts)).max() < 1e-6


def test_agents_of_an_engine_walk_over_steps_and_never_down_a_pit():
    plan = floorplan(ALL, 1, (0, 0, 1, 1))
    upright = list(uprights(plan))
    assert any(solid.kind == "floor" and solid.top > 0.0 for solid in upright)
    floor = free_floor(plan, upright, AGENT, None)
    mesh = navmesh(floor, np.zeros(2))
    area = shapely.area(shapely.polygons(mesh.vertices[mesh.triangles][..., :2]))
    main = mesh.island == np.bincount(mesh.island, area).argmax()
    heights = np.unique(mesh.vertices[mesh.triangles[main], 2].round(4))
    there = np.unique(plan.floor_m[~pits(plan)])
    assert len(there) > 2
    assert set(there.round(4)) <= set(heights)
    assert mesh.vertices[:, 2].min() >= there.min()
    for spawn in spawns_of(plan, floor, mesh, (0, 0)):
        assert spawn.place[2] == pytest.approx(ground_at(plan, spawn.place[:2])[0])


def test_steps_have_rounded_edges_of_carpet():
    scene = load_scene("level0", ["plan.heights=1", "look.props=0", "look.fittings=0"])
    plan = plan_of(scene, 1, (0, 0, 1, 1))
    mesh = build(plan, scene, 1).building
    carpet = np.array(build(plan, scene, 1).palette.name)[mesh.chart_material] == "carpet"
    lip = carpet & (mesh.sides_m.min(axis=1) < 0.03) & (mesh.chart_normal[:, 2] > 0.9)
    assert lip.sum() > 50
    assert np.isin((mesh.chart_origin[lip, 2] + 0.003).round(3), np.unique(ground(plan)).round(3)).all()


def test_a_view_chosen_on_a_floor_of_another_height_is_at_eye_height_over_it():
    scene = load_scene("level0", ["plan.heights=1"])
    plan = plan_of(scene, 1, (-1, -1, 2, 2))
    rows, columns = np.nonzero(walkable(plan, 0.45))
    places = (np.column_stack([columns, rows]) + 0.5) * PITCH_M
    under = ground_at(plan, places)
    for floor in (-0.6, -0.2, 0.6):
        at = places[np.flatnonzero(np.abs(under - floor) < 1e-9)[7]]
        pose, moved = choose_pose(plan, 1, Wish(tuple(at - CHUNK_M)), 1.0)
        assert moved == pytest.approx(0.0, abs=1e-9)
        assert pose.position[2] == pytest.approx(floor + EYE_M)


def test_a_map_of_heights_writes_its_levels_and_says_so(tmp_path):
    plan = floorplan(ALL, 1, (0, 0, 1, 1))
    draw_map(plan, tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text()
    assert LEGEND in text
    for level in np.unique(plan.floor_m[plan.floor_m != 0.0]):
        assert f">{100 * level:+.0f}<" in text
    draw_map(floorplan(PlanSettings(), 1, (0, 0, 1, 1)), tmp_path / "b.svg")
    assert LEGEND not in (tmp_path / "b.svg").read_text()
