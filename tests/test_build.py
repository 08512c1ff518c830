"""The built shell is closed, wound outwards, free of slivers, and stands where the plan says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
import trimesh
from trimesh.ray.ray_pyembree import RayMeshIntersector

from generator.geometry import expand
from generator.geometry.footprints import footprints, is_arch
from generator.geometry.level import picked
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import build, floorplan
from generator.plan.clip import cells_between, clipped
from generator.scene import load_scene
from tests.shell_checks import edges_used

SEEDS = range(6)


def bare(seed: int, chunks: tuple[int, int, int, int]) -> tuple:
    """A plan and its level without trims and rails."""
    scene = Level0Scene()
    plan = floorplan(scene, seed, chunks)
    papers = ("wallpaper/plain", "wallpaper/chevron", "wallpaper/stripe")
    look = scene.look.model_copy(update={"trim": False, "fittings": 3.0, "wallpapers": papers})
    return plan, build(plan, scene.model_copy(update={"look": look}), seed)


@pytest.fixture(scope="module", params=SEEDS)
def region(request):
    return bare(request.param, (0, 0, 1, 1))


def shell_of(level):
    """The building with what closes the holes in its ceiling, without what only hangs there or stands about."""
    closes = [name.startswith(("troffer", "grille")) for name in level.instance_names]
    keep = np.array(closes)[level.instances.mesh]
    fewer = picked(level.instances, keep)
    meshes = tuple(map(without_slats, level.instance_meshes))
    return expand(replace(level, instances=fewer, instance_meshes=meshes))[0]


def without_slats(mesh):
    """A hole's frame, its sides and its back: the first nine charts of a troffer or a grille."""
    keep = mesh.vertex_chart[mesh.faces[:, 0]] < 9
    return replace(mesh, faces=mesh.faces[keep], face_material=mesh.face_material[keep])


def test_the_shell_has_no_open_edge_and_no_crack(region):
    mesh = shell_of(region[1])
    assert (edges_used(mesh) == 2).all()


def test_the_underside_of_an_arch_wears_its_jambs_paper_hung_from_both_springs():
    found = 0
    for seed in range(12):
        plan, level = bare(seed, (0, 0, 1, 1))
        mesh, at = level.building, level.building.vertices
        papers = [k for k, name in enumerate(level.materials) if name.startswith("wallpaper/")]
        for wall in np.flatnonzero(is_arch(plan)):
            start, end = plan.wall_xy[wall].reshape(2, 2)
            spring, crown, long = plan.wall_z[wall, 0], plan.wall_crown[wall], np.linalg.norm(end - start)
            along, aside = _along(at, start, end)
            inside = (np.abs(aside) < plan.wall_thickness[wall]) & (np.abs(along - long / 2) < long / 2 + 1e-6)
            bent = inside & (mesh.normals[:, 2] < -0.05) & (at[:, 2] > spring - 1e-6) & (at[:, 2] < crown + 1e-6)
            if bent.any():
                assert np.isin(mesh.chart_material[mesh.vertex_chart[bent]], papers).all()
                feet = bent & (np.abs(at[:, 2] - spring) < 1e-6)
                np.testing.assert_allclose(mesh.uv[feet, 1], spring, atol=1e-4)
                assert mesh.uv[bent, 1].max() > crown
                found += 1
    assert found


def _along(at, start, end):
    """How far points lie along a line in plan from its start, and how far aside."""
    way = (end - start) / np.linalg.norm(end - start)
    return (at[:, :2] - start) @ way, (at[:, :2] - start) @ [-way[1], way[0]]


def test_a_missing_triangle_would_be_noticed(region):
    mesh = shell_of(region[1])
    broken = mesh.__class__(**{**vars(mesh), "faces": mesh.faces[1:]})
    assert not (edges_used(broken) == 2).all()


def test_every_triangle_faces_the_way_its_normal_says_and_has_an_area(region):
    mesh, _ = expand(region[1])
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    cross = np.cross(b - a, c - a)
    assert np.linalg.norm(cross, axis=1).min() > 1e-6
    assert ((cross * mesh.normals[mesh.faces[:, 0]]).sum(axis=1) > 0).all()


@pytest.mark.parametrize("seed", range(20))
def test_level_rays_hit_walls_where_the_plan_puts_them(seed):
    """Two chunks side by side, so that some rays cross their seam."""
    plan, level = bare(seed, (0, 0, 2, 1))
    solid = footprints(plan)
    height = 1.2
    standing = (solid.z[:, 0] < height) & (solid.z[:, 1] > height)
    occupied = shapely.union_all(solid.polygon[standing])
    border = shapely.box(0, 0, *plan.size_m).exterior
    walls = shapely.union_all([occupied.boundary, border])
    rng = np.random.default_rng(seed)
    start = rng.uniform([1.0, 1.0], np.array(plan.size_m) - 1.0, (400, 2))
    start[:40, 0] = rng.uniform(36.0, 42.0, 40)
    start = start[~shapely.contains_xy(occupied.buffer(0.05), *start.T)][:80]
    angle = rng.uniform(0, 2 * np.pi, len(start))
    way = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    hit = first_hits(shell_of(level), np.column_stack([start, np.full(len(start), height)]), way)
    for p, d, got in zip(start, way, hit, strict=True):
        reach = shapely.intersection(shapely.LineString([p, p + 120 * d]), walls)
        assert abs(shapely.distance(shapely.Point(p), reach) - got) < 1e-3


def test_no_ray_from_inside_escapes(region):
    plan, level = region
    solid = footprints(plan)
    occupied = shapely.union_all(solid.polygon).buffer(0.05)
    rng = np.random.default_rng(1)
    start = rng.uniform(0.5, 38.5, (3000, 2))
    start = start[~shapely.contains_xy(occupied, *start.T)]
    eye = np.column_stack([start, rng.uniform(0.05, 2.3, len(start))])
    way = rng.normal(size=(len(eye), 3))
    mesh = shell_of(level)
    caster = RayMeshIntersector(trimesh.Trimesh(mesh.vertices, mesh.faces, process=False), scale_to_box=False)
    face = caster.intersects_first(eye, way / np.linalg.norm(way, axis=1, keepdims=True))
    assert len(eye) > 1000
    assert (face >= 0).all()
    assert ((mesh.chart_normal[mesh.vertex_chart[mesh.faces[face, 0]]] * way).sum(axis=1) < 0).all()


def first_hits(mesh, origin: np.ndarray, way: np.ndarray) -> np.ndarray:
    """Distance to the first triangle along level rays."""
    caster = RayMeshIntersector(trimesh.Trimesh(mesh.vertices, mesh.faces, process=False), scale_to_box=False)
    direction = np.column_stack([way, np.zeros(len(way))])
    place, ray, _ = caster.intersects_location(origin, direction, multiple_hits=False)
    distance = np.full(len(origin), np.inf)
    distance[ray] = np.linalg.norm(place - origin[ray], axis=1)
    return distance


def test_charts_carry_their_vertices(region):
    mesh = region[1].building
    at = mesh.chart_uv[:, :1] * mesh.chart_u[mesh.vertex_chart] + mesh.chart_uv[:, 1:] * mesh.chart_v[mesh.vertex_chart]
    assert np.abs(mesh.chart_origin[mesh.vertex_chart] + at - mesh.vertices).max() < 1e-5


@pytest.mark.parametrize(
    ("name", "seed"),
    [("level0", 0), ("level0", 1), ("level0", 3), ("halls", 1), ("halls", 2), ("offices", 3), ("blackout", 0)],
)
@pytest.mark.parametrize("rails", [False, True])
def test_no_two_faces_lie_in_one_plane_on_top_of_each_other(name, seed, rails):
    """Everything that is drawn of a whole chunk, trims, rails, fittings and furniture too."""
    scene = load_scene(name)
    papers = ("wallpaper/dots",) if rails else scene.look.wallpapers
    look = scene.look.model_copy(update={"fittings": 3.0, "props": 6.0, "wallpapers": papers})
    scene = scene.model_copy(update={"look": look})
    mesh, _ = expand(build(floorplan(scene, seed, (0, 0, 1, 1)), scene, seed))
    corners, normal = mesh.vertices[mesh.faces], mesh.chart_normal[mesh.vertex_chart[mesh.faces[:, 0]]].astype(float)
    offset = (corners[:, 0] * normal).sum(axis=1)
    key = np.round(np.column_stack([normal * 1e3, offset * 1e4])).astype(int)
    _, first, plane = np.unique(key, axis=0, return_index=True, return_inverse=True)
    normal = normal[first][plane.ravel()]
    side = np.cross(normal, np.where(np.abs(normal[:, 2:]) < 0.5, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]]))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(normal, side)
    flat = shapely.polygons(
        np.stack([(corners * side[:, None]).sum(axis=2), (corners * up[:, None]).sum(axis=2)], axis=2)
    )
    a, b = shapely.STRtree(flat).query(flat, predicate="intersects")
    same = (a < b) & (plane.ravel()[a] == plane.ravel()[b])
    assert same.sum() > 1000
    assert shapely.area(shapely.intersection(flat[a[same]], flat[b[same]])).max() < 1e-6


def test_a_chunk_looks_the_same_from_a_larger_region():
    scene = Level0Scene()
    small = build(floorplan(scene, 3, (4, -7, 5, -6)), scene, 3, closed=False)
    large = build(floorplan(scene, 3, (3, -8, 6, -5)), scene, 3, closed=False)
    shift = np.array([39.0144, 39.0144, 0.0])
    inner = inside_triangles(small.building, np.zeros(3))
    assert len(inner) > 1000
    assert inner <= inside_triangles(large.building, shift)


def test_a_clipped_plan_is_built_alike_inside_and_not_at_all_outside():
    scene = load_scene("level0", ["look.fittings=8", "look.props=20", "look.anomalies=1"])
    plan = floorplan(scene, 3, (3, -8, 6, -5))
    part = clipped(plan, cells_between(plan.room.shape, np.array([18.0, 17.0]), np.array([99.0, 98.5])))
    whole, cheap = (build(p, scene, 3) for p in (plan, part))
    shift = np.array([39.0144, 39.0144, 0.0])
    a, b = (inside_triangles(expand(level)[0], shift) for level in (whole, cheap))
    assert len(a) > 10000
    assert a == b
    assert set(cheap.lamps.ident) < set(whole.lamps.ident)
    assert len(cheap.building.chart_origin) < 0.6 * len(whole.building.chart_origin)


def test_the_shell_of_a_clipped_plan_is_closed():
    scene = Level0Scene()
    plan = floorplan(scene, 3, (3, -8, 6, -5))
    look = scene.look.model_copy(update={"trim": False, "wallpapers": ("wallpaper/plain",)})
    part = clipped(plan, cells_between(plan.room.shape, np.array([18.0, 17.0]), np.array([99.0, 98.5])))
    assert (edges_used(shell_of(build(part, scene.model_copy(update={"look": look}), 3))) == 2).all()


def inside_triangles(mesh, shift: np.ndarray) -> set[tuple[int, ...]]:
    """Sums of corners, in tenths of a millimetre, and materials of the triangles well inside the chunk at ``shift``."""
    corners = mesh.vertices[mesh.faces] - shift
    keep = ((corners[:, :, :2] > 2) & (corners[:, :, :2] < 37)).all(axis=(1, 2))
    named = np.column_stack([np.round(corners[keep] * 1e4).sum(axis=1), mesh.face_material[keep]]).astype(int)
    return set(map(tuple, named.tolist()))
