"""Floors of several heights: the shell stays closed, risers close the steps, and what stands goes with its floor."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
import trimesh
from trimesh.ray.ray_pyembree import RayMeshIntersector

from generator.export.clip import clip_level
from generator.export.region import Region
from generator.geometry import expand
from generator.geometry.footprints import footprints
from generator.geometry.level import FREE_RUN
from generator.places.level0.set.mouldings import BASE, BASES, TRIM_DEPTH_M
from generator.places.verbs import build, floorplan
from generator.plan.clip import cells_between, clipped
from generator.plan.floors import floor_at, step_edges
from generator.plan.sight import sightline
from generator.plan.stepping import on_floors
from generator.precompile import small_room
from generator.scene import load_scene
from tests.stepped import random_floor, stepped
from tests.test_build import edges_used, inside_triangles, shell_of

SEEDS = range(4)
PRESETS = ("level0", "halls", "offices", "blackout")


BARE = ["look.trim=false", 'look.wallpapers=["wallpaper/plain"]', "look.anomalies=1"]


def stepped_level(seed: int, look: list[str] = BARE):
    """A preset's chunk, else level, on a random floor."""
    scene = load_scene(PRESETS[seed % len(PRESETS)], ["plan.heights=0", *look])
    plan = stepped(floorplan(scene, seed, (0, 0, 1, 1)), seed)
    return plan, build(plan, scene, seed)


@pytest.fixture(scope="module", params=SEEDS)
def region(request):
    return stepped_level(request.param)


def test_a_stepped_shell_has_no_open_edge_and_no_crack(region):
    used = edges_used(shell_of(region[1]))
    assert (used % 2 == 0).all()
    assert (used > 2).sum() < 20  # where two steps meet at their corners


def test_no_ray_from_inside_a_stepped_shell_escapes(region):
    plan, level = region
    solid = footprints(plan)
    occupied = shapely.union_all(solid.polygon).buffer(0.05)
    rng = np.random.default_rng(1)
    start = rng.uniform(0.5, 38.5, (3000, 2))
    start = start[~shapely.contains_xy(occupied, *start.T)]
    eye = np.column_stack([start, floor_at(plan.floor_m, start) + rng.uniform(0.03, 1.5, len(start))])
    way = rng.normal(size=(len(eye), 3))
    mesh = shell_of(level)
    caster = RayMeshIntersector(trimesh.Trimesh(mesh.vertices, mesh.faces, process=False), scale_to_box=False)
    face = caster.intersects_first(eye, way / np.linalg.norm(way, axis=1, keepdims=True))
    assert len(eye) > 500
    assert (face >= 0).all()
    assert ((mesh.chart_normal[mesh.vertex_chart[mesh.faces[face, 0]]] * way).sum(axis=1) < 0).all()


def test_every_free_floor_lies_where_the_plan_has_it_and_risers_close_the_steps(region):
    plan, level = region
    mesh = level.building
    carpet = np.flatnonzero(np.array(level.palette.name)[mesh.chart_material] == "carpet")
    middle = mesh.chart_origin[carpet] + 0.5 * (mesh.chart_u[carpet] + mesh.chart_v[carpet])
    flat = mesh.chart_normal[carpet, 2] > 0.9
    assert np.abs(middle[flat, 2] - floor_at(plan.floor_m, middle[flat, :2])).max() < 1e-9
    riser, normal = middle[~flat], mesh.chart_normal[carpet][~flat]
    assert len(riser) > 20
    edges = shapely.union_all(step_edges(plan))
    assert shapely.distance(shapely.points(riser[:, :2]), edges).max() < 1e-6
    bottom, top = (floor_at(plan.floor_m, riser[:, :2] + side * 0.01 * normal[:, :2]) for side in (1.0, -1.0))
    height = mesh.chart_v[carpet][~flat][:, 2]
    np.testing.assert_allclose(riser[:, 2] - height / 2, bottom, atol=1e-9)
    np.testing.assert_allclose(riser[:, 2] + height / 2, top, atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_things_on_a_stepped_floor_stand_on_it_and_clear_of_its_edges(seed):
    plan, level = stepped_level(seed, ["look.fittings=6", "look.props=20", "look.anomalies=1"])
    where = level.instances.world_from_mesh[:, :3, 3]
    kind = np.array(level.instance_names)[level.instances.mesh]
    free = np.isin(kind, ["stacking_chair", "desk", "loose_troffer"])
    on_wall = np.isin(kind, ["outlet", "switch", "exit_sign", "clock"])
    floor = floor_at(plan.floor_m, where[:, :2])
    over = where[:, 2] - floor
    assert on_wall.sum() > 20
    assert np.isin(np.round(over[free], 6), np.round(0.075 * np.arange(7), 6)).all()
    assert ((over[on_wall] > 0.3) & (over[on_wall] < 2.5)).all()
    alone = np.isin(kind, ["desk", "loose_troffer"])
    away = shapely.distance(shapely.points(where[alone, :2]), shapely.union_all(step_edges(plan)))
    assert (away > 0.5).all()


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (0, 2, 3))])
def test_no_two_faces_of_a_stepped_level_lie_on_top_of_each_other(seed):
    mesh, _ = expand(stepped_level(seed, ["look.fittings=6", 'look.wallpapers=["wallpaper/dots"]'])[1])
    corners, normal = mesh.vertices[mesh.faces], mesh.chart_normal[mesh.vertex_chart[mesh.faces[:, 0]]].astype(float)
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert np.linalg.norm(cross, axis=1).min() > 1e-6
    assert ((cross * normal).sum(axis=1) > 0).all()
    assert overlap(corners, normal) < 1e-6


def overlap(corners, normal) -> float:
    """The largest area that two triangles of one plane share."""
    key = np.round(np.column_stack([normal * 1e3, (corners[:, 0] * normal).sum(axis=1) * 1e4])).astype(int)
    _, first, plane = np.unique(key, axis=0, return_index=True, return_inverse=True)
    plane = plane.ravel()
    normal = normal[first][plane]
    side = np.cross(normal, np.where(np.abs(normal[:, 2:]) < 0.5, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]]))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(normal, side)
    at = np.stack([(corners * side[:, None]).sum(axis=2), (corners * up[:, None]).sum(axis=2)], axis=2)
    flat = shapely.polygons(at)
    a, b = shapely.STRtree(flat).query(flat, predicate="intersects")
    same = (a < b) & (plane[a] == plane[b])
    return float(shapely.area(shapely.intersection(flat[a[same]], flat[b[same]])).max())


def test_what_stands_on_a_moved_floor_goes_with_it_and_what_hangs_stays():
    # small_room: walls along y = 10 and x = 10, a half wall along x = 4 at y = 2 to 5, a header along y = 6 from x = 6.
    floor = np.zeros((32, 32))
    floor[:, :3], floor[:, 8:] = 0.15, -0.9
    room = small_room()
    plan = on_floors(room, floor)
    np.testing.assert_allclose(plan.wall_z[:, 0], [-0.9, -0.9, 0.0, 2.2], atol=1e-12)
    np.testing.assert_allclose(plan.wall_z[:, 1] - room.wall_z[:, 1], [0, 0, 0, 0], atol=1e-12)
    floor[:, 3] = 0.15
    plan = on_floors(room, floor)
    np.testing.assert_allclose(plan.wall_z[2], [0.15, 1.35], atol=1e-12)
    np.testing.assert_array_equal(plan.lamp_z, room.lamp_z)
    flat = on_floors(room, 0.0)
    assert all(np.array_equal(value, getattr(flat, name)) for name, value in vars(room).items() if name != "fields")


@pytest.mark.parametrize("seed", SEEDS)
def test_base_trim_stands_on_the_floor_before_it_and_none_on_a_riser(seed):
    plan, level = stepped_level(seed, ["look.fittings=0", 'look.wallpapers=["wallpaper/plain"]'])
    mesh = level.building
    board = np.isin(np.array(level.palette.name)[mesh.chart_material], BASES)
    (_, shoe), (_, top) = BASE[1], BASE[2]
    board &= (np.abs(mesh.chart_normal[:, 2]) < 0.1) & (np.abs(mesh.chart_v[:, 2] - (top - shoe)) < 1e-6)
    middle = mesh.chart_origin[board] + 0.5 * mesh.chart_u[board]
    front = middle[:, :2] + 0.02 * mesh.chart_normal[board, :2]
    assert board.sum() > 100
    np.testing.assert_allclose(middle[:, 2] - shoe, floor_at(plan.floor_m, front), atol=1e-9)
    risers = shapely.union_all(step_edges(plan)).difference(shapely.union_all(footprints(plan).polygon).buffer(1e-6))
    long = np.linalg.norm(mesh.chart_u[board], axis=1) > 0.2  # a jamb may end where the floor steps
    behind = middle[long, :2] - TRIM_DEPTH_M * mesh.chart_normal[board][long, :2]
    assert shapely.distance(shapely.points(behind), risers).min() > 1e-3


def test_a_stepped_chunk_looks_the_same_from_a_larger_region_and_clipped():
    scene = load_scene("level0", ["plan.heights=0", *BARE])
    city = floorplan(scene, 3, (3, -8, 6, -5))
    floor = random_floor(city.ceiling_m.shape, 3, 200)
    plan = on_floors(city, floor)
    small = on_floors(floorplan(scene, 3, (4, -7, 5, -6)), floor[32:64, 32:64])
    a = inside_triangles(build(small, scene, 3, closed=False).building, np.zeros(3))
    b = inside_triangles(build(plan, scene, 3, closed=False).building, np.array([39.0144, 39.0144, 0.0]))
    assert len(a) > 1000
    assert a <= b
    part = build(
        clipped(plan, cells_between(plan.room.shape, np.array([18.0, 17.0]), np.array([99.0, 98.5]))), scene, 3
    )
    assert (edges_used(shell_of(part)) % 2 == 0).all()
    assert a <= inside_triangles(part.building, np.array([39.0144, 39.0144, 0.0]))


def test_only_the_tops_and_undersides_of_what_hangs_free_are_free_forms(region):
    plan, level = region
    mesh = level.building
    loose = np.flatnonzero(mesh.chart_run == FREE_RUN)
    assert len(loose) > 10
    assert (np.abs(mesh.chart_normal[loose, 2]) > 0.9).all()
    duct, (low, high) = shapely.Polygon(plan.solid_xy[-4:]).buffer(1e-6), plan.solid_z[-1]
    middle = mesh.chart_origin[loose] + 0.5 * (mesh.chart_u[loose] + mesh.chart_v[loose])
    assert shapely.contains_xy(duct, *middle[:, :2].T).all()
    assert set(np.round(middle[:, 2], 6)) == {low, high}


def test_a_level_floor_with_nothing_hanging_has_no_free_forms():
    scene = load_scene("halls", BARE)
    assert not (build(floorplan(scene, 1, (0, 0, 1, 1)), scene, 1).building.chart_run == FREE_RUN).any()


def test_over_a_half_wall_one_sees_from_a_plateau_but_never_through_a_wall():
    # The half wall of small_room, x = 4 and 1.2 m high, stands on a plateau of 0.6 m: 1.8 m over the lower floor.
    floor = np.zeros((32, 32))
    floor[:, 3] = 0.6
    plan = on_floors(small_room(), floor)
    assert plan.wall_z[2, 1] == pytest.approx(1.8)
    assert sightline(plan, (3.0, 3.5), (5.5, 3.5)) == pytest.approx(2.5)
    assert sightline(plan, (5.0, 8.0), (5.0, 12.0)) < 2.0


def test_a_stepped_level_cut_anywhere_stays_closed():
    _, level = stepped_level(1)
    cut = clip_level(level, Region(4.3, 5.1, 31.7, 33.2))
    mesh, _ = expand(cut)
    inside = RayMeshIntersector(trimesh.Trimesh(mesh.vertices, mesh.faces, process=False), scale_to_box=False)
    floors = np.flatnonzero((cut.building.chart_normal[:, 2] > 0.9) & (cut.building.chart_v[:, 1] > 0.5))
    middle = cut.building.chart_origin[floors] + 0.5 * (cut.building.chart_u + cut.building.chart_v)[floors]
    way = np.random.default_rng(2).normal(size=middle.shape)
    way[:, 2] = np.abs(way[:, 2])
    hit = inside.intersects_first(middle + np.array([0, 0, 0.02]), way / np.linalg.norm(way, axis=1, keepdims=True))
    assert len(hit) > 100
    assert (hit < 0).mean() < 0.002
