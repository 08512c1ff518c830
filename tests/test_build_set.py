"""What hangs on walls and ceilings, what stands about, and patches: shapes, places, and rules kept or broken."""

from __future__ import annotations

import gc

import numpy as np
import pytest
import shapely

from generator.errors import NoclipError
from generator.geometry import expand
from generator.geometry.build import uncollected
from generator.geometry.footprints import footprints
from generator.geometry.kit import mesh_of
from generator.geometry.level import joined
from generator.geometry.panels import panel, panels
from generator.geometry.shapes import polygon
from generator.places.level0.kit import KIT
from generator.places.level0.patch_settings import Patch, PatchLamps, PatchPillar, PatchThing, PatchWall
from generator.places.level0.plan.patch import papers_of, patched, run_of
from generator.places.level0.plan.tiling import BLOCK_BIT, DISTRICT_BIT
from generator.places.level0.set.anomalies import short_walls
from generator.places.level0.set.anomaly_kinds import DEEP, ON_FLOOR, ON_WALL
from generator.places.level0.set.doors import WRONG
from generator.places.level0.set.dress import bases, palette
from generator.places.level0.set.mouldings import BASES
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import build, floorplan
from generator.scene import Scene, load_scene
from generator.seed import rng_for

INDEX = {name: k for k, name in enumerate(palette(Level0Scene()))}
SIZES = {
    "outlet": (0.070, 0.008, 0.114),
    "switch": (0.070, 0.016, 0.114),
    "exit_sign": (0.31, 0.046, 0.19),
    "clock": (0.33, 0.045, 0.33),
    "blank_door": (1.06, 0.081, 2.115),
    "sprinkler": (0.076, 0.066, 0.048),
    "smoke_detector": (0.110, 0.110, 0.048),
    "stacking_chair": (0.495, 0.56, 0.80),
    "desk": (1.52, 0.76, 0.74),
    "filing_cabinet": (0.38, 0.676, 1.32),
    "water_cooler": (0.31, 0.40, 1.36),
    "mop_bucket": (0.29, 0.39, 1.37),
    "step": (1.2, 0.36, 0.18),
    "stair": (0.9, 1.12, 0.72),
    "clock_13": (0.33, 0.045, 0.33),
    "troffer": (1.2432, 0.6336, 0.018),
}


@pytest.mark.parametrize("kind", SIZES)
def test_things_have_the_size_of_real_ones(kind):
    assert np.ptp(mesh_of(KIT, kind, INDEX).vertices, axis=0) == pytest.approx(SIZES[kind], abs=0.02)


@pytest.mark.parametrize(
    "kind",
    [*SIZES, *WRONG, "door_ajar", "door_open", "arrow", "loose_troffer", "grille_2x4", "grille_2x2", "tile_bars_2x4"],
)
def test_every_triangle_has_an_area_and_faces_the_way_its_normal_says(kind):
    mesh = mesh_of(KIT, kind, INDEX)
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    cross = np.cross(b - a, c - a)
    assert np.linalg.norm(cross, axis=1).min() > 1e-7
    assert ((cross * mesh.normals[mesh.faces[:, 0]]).sum(axis=1) > 0).all()
    at = mesh.chart_uv[:, :1] * mesh.chart_u[mesh.vertex_chart] + mesh.chart_uv[:, 1:] * mesh.chart_v[mesh.vertex_chart]
    assert np.abs(mesh.chart_origin[mesh.vertex_chart] + at - mesh.vertices).max() < 1e-6


@pytest.mark.parametrize(("kind", "most"), [("outlet", 60), ("switch", 40), ("sprinkler", 40), ("troffer", 42),
                                            ("smoke_detector", 60), ("exit_sign", 40), ("clock", 500),
                                            ("blank_door", 800), ("stacking_chair", 1500), ("desk", 600),
                                            ("filing_cabinet", 900), ("water_cooler", 2200),
                                            ("mop_bucket", 1500)])  # fmt: skip
def test_things_cost_few_triangles(kind, most):
    """What comes by the dozen has few; furniture is rare, and its mesh counts once in a hectare's 100,000."""
    assert len(mesh_of(KIT, kind, INDEX).faces) <= most


@pytest.mark.parametrize("name", ["level0", "offices"])
def test_a_hectare_has_a_hundred_thousand_unique_triangles_at_most(name):
    scene = load_scene(name)
    level = build(floorplan(scene, 2, (0, 0, 3, 3)), scene, 2)
    unique = len(level.building.faces) + sum(len(mesh.faces) for mesh in level.instance_meshes)
    assert unique < 100_000 * (3 * 39.0144 / 100.0) ** 2


@pytest.mark.parametrize(("kind", "least", "most"), [("door_ajar", 20, 30), ("door_open", 65, 75)])
def test_an_open_door_swings_clear_of_its_wall_and_casing(kind, least, most):
    mesh = mesh_of(KIT, kind, INDEX)
    leaf = mesh.vertices[mesh.faces[mesh.face_material == INDEX["door"]]].reshape(-1, 3)
    tip = leaf[np.argmin(leaf[:, 1])]
    swing = np.degrees(np.arctan2(-tip[1] - 0.034, tip[0] + 0.455))
    in_casing = (np.abs(leaf[:, 0]) > 0.455) & (leaf[:, 1] > -0.024)
    assert least < swing < most
    assert leaf[:, 1].max() < 0.0
    assert not in_casing.any()


@pytest.mark.parametrize("kind", ["stacking_chair", "desk", "filing_cabinet", "water_cooler"])
def test_furniture_looks_solid_from_every_side(kind):
    """Seen from far off at eye height and above, no ray meets a back first."""
    import trimesh
    from trimesh.ray.ray_pyembree import RayMeshIntersector

    mesh = mesh_of(KIT, kind, INDEX)
    caster = RayMeshIntersector(trimesh.Trimesh(mesh.vertices, mesh.faces, process=False), scale_to_box=False)
    rng = np.random.default_rng(1)
    target = rng.uniform(mesh.vertices.min(axis=0), mesh.vertices.max(axis=0), (4000, 3))
    turn, rise = rng.uniform(0, 2 * np.pi, 4000), rng.uniform(0.05, 1.2, 4000)
    eye = target + 5 * np.column_stack([np.cos(turn) * np.cos(rise), np.sin(turn) * np.cos(rise), np.sin(rise)])
    way = (target - eye) / 5
    face = caster.intersects_first(eye, way)
    hit = face >= 0
    normal = mesh.chart_normal[mesh.vertex_chart[mesh.faces[face[hit], 0]]]
    assert hit.mean() > 0.15
    assert ((normal * way[hit]).sum(axis=1) < 1e-6).mean() > 0.995


def dressed(**look) -> tuple:
    scene = Level0Scene()
    scene = scene.model_copy(update={"look": scene.look.model_copy(update=look)})
    plan = floorplan(scene, 5, (0, 0, 2, 2))
    return plan, build(plan, scene, 5)


@pytest.fixture(scope="module")
def crowded():
    return dressed(fittings=3.0, doors=4.0, props=6.0, anomalies=0.0)


def placed(level, *kinds: str) -> np.ndarray:
    """Transforms (N, 4, 4) of all instances of some kinds."""
    wanted = [k for k, name in enumerate(level.instance_names) if name in kinds]
    return level.instances.world_from_mesh[np.isin(level.instances.mesh, wanted)]


def test_outlets_stand_a_foot_up_and_near_the_end_of_a_wall(crowded):
    plan, level = crowded
    at = placed(level, "outlet")
    assert len(at) > 50
    assert np.allclose(at[:, 2, 3], 0.33)
    solid = footprints(plan)
    walls = shapely.union_all(solid.polygon[solid.z[:, 0] < 0.3])
    points = shapely.points(at[:, :2, 3])
    assert shapely.distance(points, walls.boundary).max() < 1e-3
    corners = shapely.points(shapely.get_coordinates(shapely.simplify(walls, 1e-6)))
    near = shapely.STRtree(corners).query_nearest(points, return_distance=True, all_matches=False)[1]
    assert ((near > 0.2) & (near < 0.51)).mean() > 0.97


def test_fittings_hang_on_walls_and_face_the_room(crowded):
    plan, level = crowded
    solid = footprints(plan)
    walls = shapely.union_all(solid.polygon[solid.z[:, 0] < 0.3])
    at = placed(level, "outlet", "switch", "blank_door", *WRONG, "door_ajar", "door_open", "exit_sign", "clock")
    out = -at[:, :2, 1]
    assert not shapely.contains_xy(walls, *(at[:, :2, 3] + 0.02 * out).T).any()
    assert shapely.contains_xy(walls, *(at[:, :2, 3] - 0.02 * out).T).all()


def test_doors_stand_open_only_where_one_can_walk_past(crowded):
    plan, level = crowded
    solid = footprints(plan)
    busy = shapely.union_all(solid.polygon[solid.z[:, 0] < 1.7])
    shut, open_ = placed(level, "blank_door", *WRONG), placed(level, "door_ajar", "door_open")
    assert len(shut) > len(open_) > 0
    for place in open_:
        past = place[:2, 3] - 1.65 * place[:2, 1]
        assert shapely.distance(shapely.Point(past), busy) > 0.6


def test_about_half_of_the_doors_are_wrong_and_level_0_has_a_quarter_of_the_doors_of_offices():
    counts = {}
    for name in ("level0", "offices"):
        scene = load_scene(name)
        level = build(floorplan(scene, 4, (0, 0, 3, 3)), scene, 4)
        counts[name] = len(placed(level, "blank_door")), len(placed(level, *WRONG, "door_ajar", "door_open"))
    right, wrong = counts["offices"]
    assert scene.look.doors == 4.0
    assert 0.3 < wrong / (right + wrong) < 0.7
    assert 0 < sum(counts["level0"]) < 0.5 * sum(counts["offices"])


def test_nothing_on_walls_overlaps(crowded):
    _, level = crowded
    half = {
        "outlet": 0.035,
        "switch": 0.035,
        **dict.fromkeys(["blank_door", *WRONG], 0.53),
        "door_ajar": 0.53,
        "door_open": 0.53,
        "exit_sign": 0.155,
        "clock": 0.165,
    }
    boxes = []
    for kind, w in half.items():
        for place in placed(level, kind):
            foot = np.array([[-w, 0], [w, 0], [w, -0.04], [-w, -0.04]]) @ place[:2, :2].T + place[:2, 3]
            boxes.append(shapely.Polygon(foot))
    a, b = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    heights = np.concatenate([placed(level, kind)[:, 2, 3] for kind in half])
    same = (a < b) & (np.abs(heights[a] - heights[b]) < 0.3)
    assert not same.any()


def test_ceiling_fixtures_keep_clear_of_walls_and_of_each_other(crowded):
    plan, level = crowded
    solid = footprints(plan)
    walls = shapely.union_all(solid.polygon[solid.z[:, 1] > 2.4])
    boxes = []
    for k, name in enumerate(level.instance_names):
        if not name.startswith(("troffer", "grille", "tile_bars", "sprinkler", "smoke")):
            continue
        low, high = level.instance_meshes[k].vertices.min(axis=0), level.instance_meshes[k].vertices.max(axis=0)
        corners = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]]) * 0.95
        for place in level.instances.world_from_mesh[level.instances.mesh == k]:
            boxes.append(shapely.Polygon(corners @ place[:2, :2].T + place[:2, 3]))
    assert len(boxes) > 300
    a, b = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    assert (a == b).all()
    assert shapely.area(shapely.intersection(boxes, walls)).max() < 1e-6


@pytest.mark.parametrize(("name", "seed"), [("level0", 3), ("blackout", 0), ("offices", 3)])
def test_troffers_that_touch_share_their_bars_without_gap_or_overlap(name, seed):
    scene = load_scene(name)
    plan = floorplan(scene, seed, (0, 0, 1, 1))
    mesh, _ = expand(
        build(plan, scene.model_copy(update={"look": scene.look.model_copy(update={"fittings": 0.0})}), seed)
    )
    half = np.where(plan.lamp_axis[:, None] == 0, [[0.6096, 0.3048]], [[0.3048, 0.6096]])
    rings, holes = (
        shapely.box(*(plan.lamp_xy - half - grown).T, *(plan.lamp_xy + half + grown).T) for grown in (0.012, -0.012)
    )
    assert len(shapely.STRtree(rings).query(rings, predicate="overlaps")[0]) > 0
    corners = mesh.vertices[mesh.faces]
    bar = mesh.face_material == list(palette(scene)).index("ceiling/bar")
    bar &= mesh.normals[mesh.faces[:, 0], 2] < -0.99
    sides = np.cross(corners[bar, 1] - corners[bar, 0], corners[bar, 2] - corners[bar, 0])
    wanted = shapely.difference(shapely.union_all(rings), shapely.union_all(holes)).area
    assert 0.5 * np.linalg.norm(sides, axis=1).sum() == pytest.approx(wanted, rel=1e-5)


def test_what_a_chunk_holds_does_not_depend_on_the_region():
    scene = Level0Scene()
    look = scene.look.model_copy(update={"fittings": 3.0, "props": 6.0, "anomalies": 1.0})
    scene = scene.model_copy(update={"look": look})
    small = build(floorplan(scene, 3, (4, -7, 5, -6)), scene, 3, closed=False)
    large = build(floorplan(scene, 3, (3, -8, 6, -5)), scene, 3, closed=False)
    inner, outer = inside(small, 0.0), inside(large, 39.0144)
    assert len(inner) > 100
    assert inner == outer


def inside(level, shift: float) -> set[tuple]:
    """Name and place of every instance well inside the chunk at ``shift``."""
    at = level.instances.world_from_mesh.copy()
    at[:, :2, 3] -= shift
    keep = ((at[:, :2, 3] > 2.6) & (at[:, :2, 3] < 39.0144 - 2.6)).all(axis=1)
    names = np.array(level.instance_names)[level.instances.mesh]
    return {(names[k], *np.round(at[k, :3].ravel(), 3).tolist()) for k in np.flatnonzero(keep)}


def test_a_calm_place_is_nearly_empty():
    _, level = dressed(anomalies=0.0)
    assert len(placed(level, "stacking_chair", "desk", "filing_cabinet", "water_cooler")) <= 12


def test_without_fittings_props_and_anomalies_only_lamps_remain():
    _, level = dressed(fittings=0.0, props=0.0, anomalies=0.0)
    assert {"troffer"} <= set(level.instance_names) <= {"troffer", "troffer_tube_dead"}


def test_lamps_that_burn_on_the_floor_are_emitters_that_face_up():
    lit = 0
    for seed in range(9):
        scene = Level0Scene()
        look = scene.look.model_copy(update={"anomalies": 1.0, "fittings": 0.0, "props": 0.0})
        plan = floorplan(scene, seed, (0, 0, 2, 2))
        level = build(plan, scene.model_copy(update={"look": look}), seed)
        loose = np.arange(len(plan.lamp_xy), len(level.lamps.state))
        lit += len(loose)
        carrier = np.array([np.flatnonzero(level.instances.lamp == k)[0] for k in loose], int)
        names = [level.instance_names[m] for m in level.instances.mesh[carrier]]
        lens = level.lamps
        assert names == ["loose_troffer"] * len(loose)
        assert np.allclose(lens.normal[loose], [0.0, 0.0, 1.0])
        assert np.allclose(lens.center[loose, 2], 0.11)
        assert (lens.radiance[loose].min(axis=1) > 1.0).all() if len(loose) else True
        assert np.allclose(np.linalg.norm(lens.half_u[loose], axis=1), 0.5856)
        assert len(np.unique(lens.ident)) == len(lens.ident)
    assert lit > 3


def test_anomalies_break_rules_only_when_asked():
    _, calm = dressed(fittings=0.0, props=0.0, anomalies=0.0)
    _, wrong = dressed(fittings=0.0, props=0.0, anomalies=1.0)
    assert len(wrong.instances.mesh) > len(calm.instances.mesh)
    assert len(wrong.instances.mesh) - len(calm.instances.mesh) < 80


@pytest.mark.parametrize("kind", [*ON_WALL, *ON_FLOOR], ids=lambda kind: kind.__name__)
def test_an_anomaly_is_made_of_the_places_things_within_its_reach(kind):
    at, rng = np.array([3.0, 4.0]), rng_for(1, "test.anomaly", 1)
    items = kind(at, np.array([0.0, 1.0]), rng) if kind in ON_WALL else kind(at, 2.74, rng, 7)
    out = np.array([1.0, 0.0])
    assert len(items) > 0
    for item in items:
        mesh = mesh_of(KIT, item.kind, INDEX).vertices @ item.place[:3, :3].T + item.place[:3, 3]
        away = mesh[:, :2] - at
        assert np.allclose(item.place[:3, :3] @ item.place[:3, :3].T, np.eye(3), atol=1e-9)
        assert np.linalg.det(item.place[:3, :3]) > 0
        assert mesh[:, 2].max() < 2.75
        if kind in ON_FLOOR:
            assert np.linalg.norm(away, axis=1).max() < 1.9
        elif kind.__name__ != "chair_in_wall":
            assert np.abs(away[:, 1]).max() < 1.25
            assert (away @ out).min() > -0.001
            assert (away @ out).max() < (1.9 if kind in DEEP else 1.0)


def test_the_lamps_come_first_among_the_instances(crowded):
    plan, level = crowded
    n = len(plan.lamp_xy)
    assert (level.instances.lamp[:n] == np.arange(n)).all()
    signs = [k for k, name in enumerate(level.instance_names) if name == "exit_sign"]
    assert (level.instances.lamp[n:][~np.isin(level.instances.mesh[n:], signs)] == -1).all()
    assert np.allclose(level.instances.world_from_mesh[:n, :2, 3], plan.lamp_xy)


def test_most_exit_signs_glow_out_of_their_wall_and_hardly_light_the_room(crowded):
    _, level = crowded
    signs = np.isin(level.instances.mesh, [k for k, name in enumerate(level.instance_names) if name == "exit_sign"])
    lamp, out = level.instances.lamp[signs], -level.instances.world_from_mesh[signs, :3, 1]
    lit = lamp >= 0
    assert 0.4 < lit.mean() < 0.9
    assert np.allclose(level.lamps.normal[lamp[lit]], out[lit], atol=1e-9)
    assert (level.lamps.radiance[lamp[lit]].max(axis=1) < 0.5).all()


def test_dots_hang_over_a_moulded_wooden_rail_that_stands_out_from_the_wall():
    plan, level = dressed(wallpapers=("wallpaper/dots",), fittings=0.0, props=0.0, anomalies=0.0)
    wood = level.materials.index("wood")
    at = level.building.vertices[level.building.faces[level.building.face_material == wood]].reshape(-1, 3)
    at = at[(at[:, 2] > 0.85) & (at[:, 2] < 0.94)]
    solid = footprints(plan)
    walls = shapely.union_all(solid.polygon[solid.z[:, 0] < 0.8]).union(shapely.box(0, 0, *plan.size_m).exterior)
    away = shapely.distance(shapely.points(at[:, :2]), walls)
    nose = (at[:, 2] > 0.89) & (at[:, 2] < 0.929)
    assert len(at) > 1000
    assert np.ptp(at[:, 2]) == pytest.approx(0.07)
    assert np.isclose(away[nose], 0.015, atol=1e-4).mean() > 0.1
    assert np.isclose(away[nose], 0.015 * np.sqrt(2), atol=1e-4).mean() > 0.3


def test_each_district_has_base_trim_of_one_kind_and_not_all_have_the_same():
    kinds = set()
    for seed in range(4):
        scene = Level0Scene()
        plan = floorplan(scene, seed, (0, 0, 2, 2))
        level = build(plan, scene, seed)
        base = bases(plan.wall_run, seed)
        district = plan.wall_run >> DISTRICT_BIT
        assert len(np.unique(plan.wall_run >> BLOCK_BIT)) > len(np.unique(district))
        for one in np.unique(district):
            assert len(np.unique(base[district == one])) == 1
        mesh = level.building
        foot = (mesh.vertices[mesh.faces][:, :, 2].max(axis=1) < 0.0901) & (mesh.normals[mesh.faces[:, 0], 2] < 0.5)
        worn = {level.materials[m] for m in mesh.face_material[foot]} - {"carpet"}
        assert worn <= set(BASES)
        kinds |= worn
    assert len(kinds) > 1


def test_papers_without_dots_have_no_rail():
    _, level = dressed(wallpapers=("wallpaper/stripe",), fittings=0.0, props=0.0, anomalies=0.0)
    at = level.building.vertices[level.building.faces[level.building.face_material == level.materials.index("wood")]]
    assert not (np.abs(at[..., 2] - 0.906) < 1e-6).any()


@pytest.mark.parametrize("kind", ["troffer", "grille_2x4", "grille_2x2", "tile_bars_2x4", "tile_bars_2x2"])
def test_t_bars_of_24_mm_hang_below_the_tiles_around_whatever_replaces_one(kind):
    mesh = mesh_of(KIT, kind, INDEX)
    steel = mesh.faces[mesh.face_material == INDEX["ceiling/bar"]]
    at = mesh.vertices[steel]
    face = at[(at[..., 2] < -0.005).all(axis=1)]
    half = np.array([0.6096 if kind.endswith("4") or kind == "troffer" else 0.3048, 0.3048])
    area = np.linalg.norm(np.cross(face[:, 1] - face[:, 0], face[:, 2] - face[:, 0]), axis=1).sum() / 2
    assert np.allclose(face[..., 2], -0.006)
    assert area == pytest.approx(4 * (np.prod(half + 0.012) - np.prod(half - 0.012)))
    assert np.allclose(np.abs(at[..., :2]).max(axis=(0, 1)), half + 0.012)


PATCH = Patch(
    at=(6.096, 6.096),
    size=(12.192, 9.7536),
    damp=0.5,
    wall=(
        PatchWall(line=(2.0, 3.0, 7.0, 3.0), paper="wallpaper/stripe"),
        PatchWall(line=(9.0, 1.0, 9.0, 4.0), kind="half", top=1.2),
    ),
    pillar=(PatchPillar(box=(4.0, 5.0, 4.6, 5.6), paper="wallpaper/chevron"),),
    lamps=(PatchLamps(first=(1.8288, 0.9144), count=(3, 2), pitch=(3.6576, 3.6576), dead=(1,)),),
    thing=(PatchThing(kind="outlet", at=(6.5, 2.94), z=0.33),),
)


def with_patch() -> Scene:
    scene = Level0Scene()
    return scene.model_copy(update={"plan": scene.plan.model_copy(update={"patch": (PATCH,)})})


def test_a_patch_replaces_what_the_maze_had():
    plan = floorplan(with_patch(), 1, (0, 0, 1, 1))
    inner = shapely.box(6.2, 6.2, 18.1, 15.7)
    inside = shapely.intersects(shapely.linestrings(plan.wall_xy.reshape(-1, 2, 2)), inner)
    assert set(plan.wall_run[inside]) == {run_of(0, 0), run_of(0, 1)}
    lamps = shapely.contains_xy(inner, *plan.lamp_xy.T)
    assert lamps.sum() == 6
    assert (plan.lamp_state[lamps] == 1).sum() == 1
    assert plan.district_maps["damp"][8, 8] == pytest.approx(0.5)


def test_a_patch_seen_from_another_region_stands_at_the_same_place():
    one = floorplan(with_patch(), 1, (0, 0, 1, 1))
    other = floorplan(with_patch(), 1, (-1, -1, 1, 1))
    mine = {tuple(np.round(row, 3)) for row in one.wall_xy[one.wall_run <= run_of(0, 0)]}
    theirs = {tuple(np.round(row - 39.0144, 3)) for row in other.wall_xy[other.wall_run <= run_of(0, 0)]}
    assert mine == theirs
    far = floorplan(with_patch(), 1, (3, 3, 4, 4))
    assert np.array_equal(far.wall_xy, patched(far, ()).wall_xy)


def test_a_patch_wears_the_papers_it_asks_for():
    scene = with_patch()
    level = build(floorplan(scene, 1, (0, 0, 1, 1)), scene, 1)
    mesh = level.building
    for run, name in papers_of((PATCH,)).items():
        worn = {level.materials[m] for m in mesh.chart_material[mesh.chart_run == run]}
        assert worn == {name}
    assert len(placed(level, "outlet")) > 0


def test_a_patch_with_a_paper_that_the_look_lacks_is_refused():
    scene = with_patch()
    scene = scene.model_copy(update={"look": scene.look.model_copy(update={"wallpapers": ("wallpaper/plain",)})})
    with pytest.raises(NoclipError, match=r"look\.wallpapers"):
        build(floorplan(scene, 1, (0, 0, 1, 1)), scene, 1)


def test_a_patch_out_of_range_is_a_clear_error(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("[[plan.patch]]\nsize = [-3.0, 5.0]\n")
    with pytest.raises(NoclipError, match=r"plan\.patch.*size"):
        load_scene(str(path))


def test_the_photograph_has_its_walls_where_the_scene_says():
    scene = load_scene("dsc00161")
    plan = floorplan(scene, scene.seed, (0, 0, 1, 1))
    corner = np.array(scene.plan.patch[0].at)
    left = plan.wall_xy[plan.wall_run == run_of(0, 0)][0]
    assert left - np.tile(corner, 2) == pytest.approx([3.6576, 9.7536, 10.3, 9.7536], abs=1e-3)


def test_some_walls_stop_ten_centimetres_short_only_when_asked():
    scene = Level0Scene()
    plan = floorplan(scene, 5, (0, 0, 2, 2))
    calm = short_walls(plan, scene.look.model_copy(update={"anomalies": 0.0}), 5)
    wrong = short_walls(plan, scene.look.model_copy(update={"anomalies": 1.0}), 5)
    lowered = (plan.wall_z - wrong.wall_z)[:, 1]
    assert np.array_equal(calm.wall_z, plan.wall_z)
    assert 0 < (lowered > 0).mean() < 0.1
    assert lowered[lowered > 0] == pytest.approx(0.10)


def test_panels_together_are_what_they_are_one_by_one():
    rng = np.random.default_rng(3)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    sides = [6, 3, 4, 5]
    outlines = [np.column_stack([polygon(0.3 + k, n), np.zeros(n)]) @ turn + k for k, n in enumerate(sides)]
    together = panels([(outline, k) for k, outline in enumerate(outlines)])
    apart = joined([panel(outline, k) for k, outline in enumerate(outlines)])
    for name, value in vars(together).items():
        np.testing.assert_allclose(value, getattr(apart, name), atol=1e-12, err_msg=name)
    for k, outline in enumerate(outlines):
        np.testing.assert_array_equal(together.vertices[together.vertex_chart == k], outline)
    a, b, c = np.moveaxis(together.vertices[together.faces], 1, 0)
    assert ((np.cross(b - a, c - a) * together.normals[together.faces[:, 0]]).sum(axis=1) > 1e-3).all()
    assert [int((together.face_material == k).sum()) for k in range(4)] == [n - 2 for n in sides]


def test_building_leaves_the_collector_as_it_was():
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
