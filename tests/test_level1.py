"""Level 1 stands, is closed, can be walked everywhere, and does not depend on the window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial import cKDTree

from generator.camera.script import Script, beats_of
from generator.camera.shot import Pose
from generator.colour import LUMENS_PER_WATT
from generator.errors import NoclipError
from generator.export import export_region, region_of
from generator.export.bells import lens_in_bells
from generator.export.fixtures import emitters_of, lamp_extras, lit_evenly
from generator.export.stand_ins import stand_ins
from generator.film import FilmRequest, make_film
from generator.light.bake import bake
from generator.places.level1.plan.cages import panels_of, stores
from generator.places.level1.plan.cores import cores
from generator.places.level1.plan.docks import ROLLER_M, docks
from generator.places.level1.plan.generate import floorplan as plan_of
from generator.places.level1.plan.lamps import HALIDE, WAKING, WARMING
from generator.places.level1.plan.layout import offices, stalls
from generator.places.level1.plan.plant import THEMES, Machine, machines, partitions, transformer_cages
from generator.places.level1.plan.racks import BAY, DEPTH, bays, beams_of, loads
from generator.places.level1.plan.structure import HIGHEST, column_places, structure_of
from generator.places.level1.plan.tiles import SPAN, Tile, in_tile, tiles
from generator.places.level1.plan.uses import Use
from generator.places.level1.plan.walls import openings
from generator.places.level1.plan_settings import FloorShares, PlanSettings
from generator.places.level1.set import highbay
from generator.places.level1.set.map_lines import services
from generator.places.level1.set.pipes import head_places
from generator.places.level1.settings import Level1Scene
from generator.places.verbs import build, floorplan, materials, things
from generator.plan import draw_map, walkable
from generator.plan.floorplan import MODULE_M, LampState, WallKind
from generator.plan.lattice import MODULE
from generator.plan.sight import wall_corners
from generator.progress import Progress
from generator.scene import load_scene
from generator.still import StillRequest, make_still
from generator.surface.palette import Role
from tests.furnace import furnace_light
from tests.glb import Glb
from tests.light_budget import absorbed
from tests.shell_checks import edges_used, rays_that_escape
from tests.tiny_scene import tiny

RULES = PlanSettings()
MIX = PlanSettings(halls=0.45)
PLANT = PlanSettings(halls=0.45, plant=0.9)
FAR = (2**30 - 3, -(2**30) + 1)


@pytest.fixture(scope="module")
def scene() -> Level1Scene:
    return tiny(Level1Scene())


@pytest.fixture(scope="module")
def level(scene):
    return build(floorplan(scene, 4, (0, 0, 1, 1)), scene, 4)


@pytest.fixture(scope="module")
def bare(scene):
    """A piece with nothing painted on it, so that no face lies over another, and no pipes."""
    scene = scene.model_copy(update={"look": scene.look.model_copy(update={"things": 0.0})})
    return build(floorplan(scene, 3, (0, 0, 1, 1)), scene, 3)


def shell(level):
    """The building without what is painted on it and hangs under it."""
    mesh = level.building
    concrete = np.array([name in ("cast", "block", "slab", "soffit") for name in level.materials])
    return replace(mesh, faces=mesh.faces[concrete[mesh.face_material]])


@pytest.mark.parametrize(
    ("rules", "seed", "at"),
    [(RULES, 0, (0, 0)), (MIX, 1, (-7, 3)), (PLANT, 2, (4, -9)), (RULES, 2, FAR), (MIX, 3, FAR)],
)
def test_a_plan_does_not_depend_on_the_window(rules, seed, at):
    i, j = at
    small, large = plan_of(rules, seed, (i, j, i + 1, j + 1)), plan_of(rules, seed, (i - 1, j - 1, i + 2, j + 2))
    inner = np.s_[32:64, 32:64]
    for name in ("floor_m", "ceiling_m", "room", "open_east", "open_north"):
        assert np.array_equal(getattr(small, name), getattr(large, name)[inner]), name
    for name, values in small.district_maps.items():
        assert np.array_equal(values, large.district_maps[name][inner]), name
    known = {int(k): (z, s) for k, z, s in zip(large.lamp_id, large.lamp_z, large.lamp_state, strict=True)}
    assert len(small.lamp_id)
    for k, z, s in zip(small.lamp_id, small.lamp_z, small.lamp_state, strict=True):
        assert known[int(k)] == (z, s)
    free = walkable(large)[384:768, 384:768]
    assert np.array_equal(walkable(small)[4:-4, 4:-4], free[4:-4, 4:-4])


def reachable(seed: int, at: tuple[int, int], rules: PlanSettings = RULES) -> bool:
    """No free part of 4 x 4 chunks is shut in: each reaches the border, beyond which every joint has an opening."""
    i, j = at
    free = walkable(plan_of(rules, seed, (i, j, i + 4, j + 4)))
    parts, count = ndimage.label(free)
    outer = np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    large = np.bincount(parts.ravel(), minlength=count + 1)[1:] > 40
    return bool(np.isin(1 + np.flatnonzero(large), outer).all()) and bool((parts == 1).any())


@pytest.mark.parametrize("seed", range(6))
def test_nothing_walkable_is_shut_in(seed):
    assert reachable(seed, (0, 0) if seed % 2 else (2**29, -(2**28)), MIX if seed % 3 else RULES)


@pytest.mark.parametrize("seed", range(3))
def test_no_plant_room_is_shut_in(seed):
    assert reachable(seed, (0, 0) if seed else FAR, PLANT)


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["level1", "carpark", "warehouse"])
def test_nothing_walkable_is_shut_in_for_100_seeds(preset):
    rules = load_scene(preset).plan
    for seed in range(100):
        for at in ((3 * seed, -seed), (2**29 + seed, -(2**28))):
            assert reachable(seed, at, rules), (seed, at)


def test_every_wall_on_a_joint_has_a_way_through():
    for seed in range(30):
        plan = plan_of(RULES, seed, (0, 0, 3, 3))
        over = plan.wall_kind == WallKind.HEADER
        thin = np.isclose(plan.wall_thickness, 0.2032)
        length = np.linalg.norm(plan.wall_xy[:, 2:] - plan.wall_xy[:, :2], axis=1)
        assert (over & thin).any()
        assert length[thin & ~over].max() < 4 * SPAN * MODULE_M


def test_beams_run_from_column_to_column_and_leave_head_room():
    for seed in range(4):
        for tile in tiles(seed, 0, 0, 200, 200):
            built = structure_of(tile, RULES)
            assert (built.ceiling - built.deep) * 1e-4 >= 2.13
            assert 0.5 <= built.deep * 1e-4 <= 0.8
            places = column_places(tile)
            assert np.diff(tile.span_lines).max() * MODULE_M <= 18.3
            assert np.diff(tile.bay_lines).max() * MODULE_M <= 8.2
            stand = {tuple(p) for p in places.tolist()}
            for t in tile.bay_lines:
                for s in (tile.span_lines[0], tile.span_lines[-1]):
                    assert tuple(int(c * MODULE) for c in in_tile(tile, s, t)) in stand


def hall_tiles(halls: float = 0.6) -> list[Tile]:
    shares = FloorShares(halls)
    return [t for seed in (1, 2) for t in tiles(seed, -600, -600, 600, 600, shares) if t.use != Use.CARPARK]


def test_halls_are_as_high_as_those_of_the_time_and_their_columns_as_far_apart():
    found = hall_tiles()
    assert {tile.use for tile in found} == {Use.MIXED, Use.WAREHOUSE}
    for tile in found:
        built = structure_of(tile, MIX)
        clear = (built.ceiling - built.deep) / 1e4
        assert 6.7 <= clear <= 7.3 if tile.use == Use.WAREHOUSE else 4.0 <= clear <= 5.0
        assert built.ceiling <= HIGHEST
        assert np.diff(tile.bay_lines).min() * MODULE_M > 10.9
        assert tile.bay_lines[-1] == tile.along - 1
        assert np.diff(tile.span_lines).max() * MODULE_M <= 18.3


def test_a_car_park_rises_to_a_warehouse_through_halls_of_middling_height():
    beside = set()
    for seed in range(3):
        found = tiles(seed, -1500, -1500, 1500, 1500, FloorShares(0.5))
        at = {(x, y): t.use for t in found for x in range(t.x0, t.x1, 31) for y in range(t.y0, t.y1, 31)}
        for (x, y), use in at.items():
            beside |= {tuple(sorted((use, at[next_]))) for next_ in ((x + 62, y), (x, y + 62)) if next_ in at}
    assert (Use.CARPARK, Use.MIXED) in beside
    assert (Use.MIXED, Use.WAREHOUSE) in beside
    every = tiles(3, -3000, -3000, 3000, 3000, FloorShares(0.5, 0.15))
    assert min(np.mean([t.use == use for t in every]) for use in Use) > 0.08


def test_no_warehouse_touches_a_car_park():
    for seed in range(4):
        found = tiles(seed, -900, -900, 900, 900, FloorShares(0.5))
        for tile in (t for t in found if t.use == Use.WAREHOUSE):
            beside = [t for t in found if t.x0 <= tile.x1 and t.x1 >= tile.x0 and t.y0 <= tile.y1 and t.y1 >= tile.y0]
            assert Use.CARPARK not in {t.use for t in beside}, (seed, tile)


def plant_tiles() -> list[Tile]:
    return [t for seed in (1, 2) for t in tiles(seed, -400, -400, 400, 400, FloorShares(0.0, 1.0))]


def boxes(found: list[Machine]) -> list[tuple[float, float, float, float]]:
    """What machines take with their plinths: s0, t0, s1, t1 in modules."""
    half = [((m.stand.deep / 2 + 0.15) / MODULE_M, (m.stand.long / 2 + 0.15) / MODULE_M) for m in found]
    return [(m.s - s, m.t - t, m.s + s, m.t + t) for m, (s, t) in zip(found, half, strict=True)]


def apart(a, b, by: float = 0.0) -> bool:
    return a[0] >= b[2] + by or b[0] >= a[2] + by or a[1] >= b[3] + by or b[1] >= a[3] + by


def test_machines_stand_clear_of_columns_cores_aisles_partitions_and_each_other():
    kinds = set()
    for tile in plant_tiles():
        found = machines(tile, PLANT)
        kinds |= {m.kind for m in found}
        columns = [(s - 0.5, t - 0.5, s + 0.5, t + 0.5) for s in tile.span_lines for t in tile.bay_lines]
        blocked = columns + [(c.s0, c.t0, c.s1, c.t1) for c in cores(tile, PLANT)]
        blocked += [(middle - 3, 0, middle + 3, tile.along) for middle in tile.aisles]
        for wall in partitions(tile, PLANT):
            at = (wall.line - 0.2, wall.start, wall.line + 0.2, wall.end)
            blocked.append(at if wall.axis == 0 else (at[1], at[0], at[3], at[2]))
        taken = boxes(found)
        for k, box in enumerate(taken):
            assert all(apart(box, other) for other in blocked), (tile, found[k])
            assert all(apart(box, other, 0.5) for other in taken[k + 1 :])
    assert kinds == {stand.kind for _, stands in THEMES.values() for stand in stands}


def test_every_partition_has_a_way_through_that_nothing_stands_in():
    count = 0
    for tile in plant_tiles():
        taken = boxes(machines(tile, PLANT)) + [(c.s0, c.t0, c.s1, c.t1) for c in cores(tile, PLANT)]
        for wall in partitions(tile, PLANT):
            count += 1
            assert wall.ways
            for way in wall.ways:
                clear = (wall.line - 3, way - 2, wall.line + 3, way + 2)
                clear = clear if wall.axis == 0 else (clear[1], clear[0], clear[3], clear[2])
                assert all(apart(clear, box) for box in taken)
    assert count > 20


def test_cages_keep_clear_of_columns_cores_stalls_and_racks_and_have_one_gate():
    found = 0
    rules = PlanSettings(halls=0.5, plant=0.3)
    for tile in tiles(3, -900, -900, 900, 900, rules.shares):
        for cage in stores(tile, rules) + transformer_cages(tile, rules):
            found += 1
            box = (cage.s0, cage.t0, cage.s1, cage.t1)
            assert sum(panel.gate for panel in panels_of(cage)) == 1
            assert all(apart((s, t, s, t), box) for s in tile.span_lines for t in tile.bay_lines)
            assert all(apart((min(s.nose, s.mouth), s.t0, max(s.nose, s.mouth), s.t1), box)
                       for s in stalls(tile, rules))  # fmt: skip
            half = DEPTH / 2
            assert all(apart((b.s - half, b.t, b.s + half, b.t + BAY), box) for b in bays(tile, rules))
            assert all(apart((c.s0, c.t0, c.s1, c.t1), box) for c in cores(tile, rules))
    assert found > 30


def test_docks_keep_clear_of_openings_and_count_on():
    found = 0
    for tile in hall_tiles():
        rows = [dock for dock in docks(tile, MIX) if dock.number]
        found += len(rows)
        for dock in rows:
            for gap in openings(tile, dock.axis):
                assert abs(dock.along - gap.middle) * MODULE_M > gap.wide * MODULE_M / 2 + ROLLER_M[0] / 2
        for axis in (0, 1):
            numbers = [dock.number for dock in rows if dock.axis == axis]
            assert numbers == sorted(set(numbers))
    assert found > 20


def test_racks_stand_clear_of_columns_cores_and_the_ways_between_tiles():
    racked = 0
    for tile in hall_tiles():
        columns = [(s, t) for s in tile.span_lines for t in tile.bay_lines]
        found = bays(tile, MIX)
        racked += bool(found)
        for bay in found:
            s0, s1, t0, t1 = bay.s - DEPTH / 2, bay.s + DEPTH / 2, bay.t, bay.t + BAY
            half = 0.3 / MODULE_M
            assert not any(s0 - half < s < s1 + half and t0 - half < t < t1 + half for s, t in columns)
            assert not any(s0 < c.s1 and s1 > c.s0 and t0 < c.t1 and t1 > c.t0 for c in cores(tile, MIX))
            assert t0 * MODULE_M > 3.0
            assert (tile.along - t1) * MODULE_M > 3.0
            assert s0 > 5.0
            assert s1 < tile.across - 5.0
    assert racked > 10


def test_offices_stand_in_halls_alone_clear_of_cores_racks_and_joints():
    found = [(tile, office) for tile in hall_tiles() for office in offices(tile, MIX)]
    assert len(found) > 5
    for tile, office in found:
        assert office.t0 > 8
        assert office.t1 < tile.along - 8
        assert not any(office.s0 < c.s1 + 3 and office.s1 > c.s0 - 3 for c in cores(tile, MIX))
        for bay in bays(tile, MIX):
            apart = bay.t > office.t1 + 1 or bay.t + BAY < office.t0 - 1
            assert apart or abs(bay.s - (office.s0 + office.s1) / 2) > 9


def test_a_hall_that_had_a_dip_is_dark_or_coming_back_and_no_high_bay_flickers():
    kinds = np.zeros(6, np.int64)
    for seed in range(6):
        plan = plan_of(MIX, seed, (0, 0, 4, 4))
        high = plan.lamp_kind >= HALIDE
        assert not (plan.lamp_state[high] == LampState.FAILING).any()
        kinds += np.bincount(plan.lamp_kind, minlength=6)
    assert (kinds > 0).all()
    assert kinds[WAKING] + kinds[WARMING] < 0.35 * kinds[HALIDE]


def test_most_of_the_shelving_is_empty():
    places = taken = 0
    for tile in hall_tiles():
        found = bays(tile, MIX)
        places += 2 * sum(1 + len(beams_of(tile, bay)) for bay in found)
        taken += len(loads(tile, found))
    assert 0.03 < taken / places < 0.3


def test_stalls_stand_clear_of_columns_and_cores():
    for tile in tiles(5, -300, -300, 300, 300):
        columns = [(s, t) for s in tile.span_lines for t in tile.bay_lines]
        taken = cores(tile, RULES)
        for stall in stalls(tile, RULES):
            low, high = sorted((stall.nose, stall.mouth))
            assert 8.5 * 0.3048 <= (stall.t1 - stall.t0) * MODULE_M <= 3.1
            assert not any(low + 0.6 < s < high and stall.t0 + 0.6 < t < stall.t1 - 0.6 for s, t in columns)
            assert not any(c.t0 < (stall.t0 + stall.t1) / 2 < c.t1 and low < c.s1 and high > c.s0 for c in taken)


@pytest.mark.parametrize("halls", [0.0, 0.5])
def test_tiles_cover_the_world_once(halls):
    count = np.zeros((400, 400), np.int64)
    for tile in tiles(9, -200, -200, 200, 200, FloorShares(halls, halls / 2)):
        x0, y0, x1, y1 = (np.clip(c + 200, 0, 400) for c in (tile.x0, tile.y0, tile.x1, tile.y1))
        count[y0:y1, x0:x1] += 1
    assert (count == 1).all()


def test_openings_for_cars_have_eight_feet_under_them(scene):
    plan = floorplan(scene, 1, (-2, -2, 2, 2))
    header = (plan.wall_kind == WallKind.HEADER) & np.isclose(plan.wall_thickness, 0.2032)
    assert header.any()
    assert np.allclose(plan.wall_z[header, 0], 2.44)
    assert np.isfinite(wall_corners(plan)).all()


@pytest.fixture(scope="module")
def hall(scene):
    """A piece where car park and halls meet."""
    scene = scene.model_copy(update={"plan": MIX})
    plan = floorplan(scene, 7, (0, 1, 1, 2))
    assert len(np.unique(plan.ceiling_m)) > 1
    return build(plan, scene, 7)


def test_where_the_ceiling_steps_the_shell_has_no_open_edge_and_no_ray_escapes(hall):
    mesh = shell(hall)
    assert (edges_used(mesh) == 2).all()
    assert rays_that_escape(mesh, hall.size_m) == 0


@pytest.fixture(scope="module")
def plant(scene):
    """A piece of plant rooms with what walkers know of it."""
    scene = scene.model_copy(update={"plan": PlanSettings(plant=1.0)})
    plan = floorplan(scene, 27, (0, 0, 1, 1))
    return build(plan, scene, 27), things(plan, scene, 27)


def test_plant_rooms_are_closed(plant):
    mesh = shell(plant[0])
    assert (edges_used(mesh) == 2).all()
    assert rays_that_escape(mesh, plant[0].size_m) == 0


def test_walkers_know_the_machines_of_plant_rooms_and_these_stand_on_their_plinths(plant):
    level, known = plant
    built = [level.instance_names[k] for k in level.instances.mesh]
    kinds = {stand.kind for _, stands in THEMES.values() for stand in stands} & set(built)
    assert kinds
    for kind in (*kinds, "mesh_panel", "mesh_gate"):
        assert built.count(kind) == sum(item.kind == kind for item in known)
    machines_z = [p[2, 3] for name, p in zip(built, level.instances.world_from_mesh, strict=True) if name in kinds]
    assert np.allclose(machines_z, 0.12)


def test_pipes_over_plant_rooms_leave_head_room_but_for_where_they_lead_down_to_machines(plant):
    mesh = plant[0].building
    pipe = np.array([name in ("pipe/green", "lagging") for name in plant[0].materials])[mesh.chart_material]
    level_run = np.abs(mesh.chart_u[:, 2]) + np.abs(mesh.chart_v[:, 2]) < 0.2
    assert (pipe & level_run).any()
    long = np.maximum(*mesh.sides_m.T) > 1.0
    assert mesh.chart_origin[pipe & level_run & long, 2].min() > 3.0


def test_high_bays_hang_under_beams_and_shine_down(hall):
    high = np.array([name in ("halide", "sodium") for name in hall.instance_names])[hall.instances.mesh]
    assert high.any()
    lamp = hall.instances.lamp[high]
    assert (hall.lamps.normal[lamp, 2] == -1.0).all()
    assert (hall.lamps.recess[lamp] > 0.1).all()
    assert (hall.lamps.center[lamp, 2] > 3.6).all()


def test_a_file_has_high_bays_as_strong_as_what_leaves_their_bells(hall):
    lamps, even = hall.lamps, lit_evenly(hall).lamps
    bay, lit = lamps.recess > 0.0, lamps.radiance.any(axis=1)
    assert (bay & lit).any()
    assert (~bay & lit).any()
    np.testing.assert_allclose(even.radiance[bay & lit] / lamps.radiance[bay & lit], highbay.OPEN, rtol=0.01)
    np.testing.assert_array_equal(even.radiance[~bay], lamps.radiance[~bay])


def test_the_lens_of_a_files_high_bay_lies_in_its_bell_and_sends_as_much_light_out(hall, scene):
    made, rng = materials(hall.materials, scene, 256), np.random.default_rng(1)
    deep = lens_in_bells(hall, made)
    kind = next(k for k, name in enumerate(hall.instance_names) if name in ("halide", "sodium"))
    mesh, lamp = deep.instance_meshes[kind], hall.instances.lamp[hall.instances.mesh == kind][0]
    lens = np.isin(mesh.face_material, np.flatnonzero(hall.palette.role == Role.LENS))
    corner = mesh.vertices[mesh.faces[lens]]
    up, mouth = corner[..., 2].mean(), -0.010
    assert up - mouth == pytest.approx(hall.lamps.recess[lamp], abs=0.01)
    # cosine-weighted rays from the lens, against the twelve-sided mouth of the bell
    radius = np.hypot(*corner[..., :2].reshape(-1, 2).T).max()
    place = rng.uniform(-radius, radius, (200_000, 2))
    place = place[_within(place, radius)]
    sine, turn = np.sqrt(rng.random(len(place))), rng.uniform(0, 2 * np.pi, len(place))
    way = sine / np.sqrt(1 - sine**2) * [np.cos(turn), np.sin(turn)] * (up - mouth)
    glow = made[hall.materials.index("lens/bay")].emission.mean(axis=2)
    row, column = np.clip((0.5 + 0.5 * place.T / radius) * len(glow), 0, len(glow) - 1).astype(int)
    out = np.average(_within(place + way.T, 0.225), weights=glow[row, column])
    area = 12 * 0.5 * radius**2 * np.sin(np.pi / 6) * glow[row, column].mean()
    given = area * deep.lamps.radiance[lamp] * out
    assert given == pytest.approx(hall.lamps.area_m2[lamp] * hall.lamps.radiance[lamp] * highbay.OPEN, rel=0.02)


def test_what_stands_for_high_bays_shines_down_in_a_cone_as_strong_as_they_do(hall):
    bay = (hall.lamps.recess > 0.0)[:, None]
    bays = replace(hall, lamps=replace(hall.lamps, radiance=np.where(bay, hall.lamps.radiance, 0.0)))
    (lamp,) = stand_ins(bays, 1)
    flux = LUMENS_PER_WATT * np.pi * (lit_evenly(bays).lamps.radiance * bays.lamps.area_m2[:, None]).sum(axis=0)
    # glTF's cone from an inner angle of 0: ((cos a - cos cone) / (1 - cos cone)) squared
    given = lamp.intensity * 2 * np.pi * (1 - np.cos(lamp.cone_rad)) / 3
    assert given == pytest.approx(flux, rel=0.2)


def _within(place, radius):
    """Which places (N, 2) lie in a twelve-sided polygon that stands on a side."""
    angle = np.arctan2(*place.T) + np.pi
    return np.hypot(*place.T) * np.cos(angle % (np.pi / 6) - np.pi / 12) < radius * np.cos(np.pi / 12)


def test_a_file_says_of_each_side_of_a_strip_where_it_shines_to(level):
    names = np.array(level.instance_names)[level.instances.mesh]
    extras = lamp_extras(level, int(np.flatnonzero(names == "strip")[0]))
    emitters = emitters_of(extras)
    assert {tuple(e["normal"]) for e in emitters} == {(0, 0, -1), (0, 1, 0), (0, -1, 0)}
    assert sum(e["watts"] for e in emitters) == pytest.approx(extras["watts"])


def test_a_high_bay_sends_out_what_its_bell_lets_through():
    # Two opposite squares of side a, c apart, X = a / c; Howell's C-11.
    x = highbay.CUT_OFF
    root = np.sqrt(1 + x * x)
    log = np.log(np.sqrt((1 + x * x) ** 2 / (1 + 2 * x * x)))
    factor = 2 / (np.pi * x * x) * (log + 2 * x * root * np.arctan(x / root) - 2 * x * np.arctan(x))
    assert factor == pytest.approx(highbay.OPEN, rel=0.01)


def test_the_shell_has_no_open_edge_and_no_ray_escapes(level):
    mesh = shell(level)
    assert (edges_used(mesh) == 2).all()
    assert rays_that_escape(mesh, level.size_m) == 0


def test_paint_lies_on_what_it_is_painted_on_and_within_the_region(level):
    mesh = level.building
    floor = np.array([name.startswith("paint/") for name in level.materials])[mesh.chart_material]
    assert floor.any()
    assert np.allclose(mesh.chart_origin[floor, 2], 0.001)
    assert (mesh.chart_normal[floor, 2] > 0.999).all()
    assert mesh.vertices.min() >= -1e-6
    assert (mesh.vertices[:, :2].max(axis=0) <= np.array(level.size_m) + 1e-6).all()


def test_all_the_power_sent_out_is_taken_up(scene, bare):
    level = bare
    albedo = np.full((len(level.materials), 3), 0.5)
    lamps = level.lamps
    area = 4 * np.linalg.norm(lamps.half_u, axis=1) * np.linalg.norm(lamps.half_v, axis=1)
    sent = (lamps.radiance * area[:, None]).sum(axis=0)
    exact = scene.light.model_copy(update={"cutoff": 0.0})
    taken = absorbed(level, bake(level, exact, albedo), albedo, props=False)
    np.testing.assert_allclose(taken, sent, rtol=0.03)  # strips and their chains are too thin to throw shadows


def test_furnace_every_patch_reaches_emission_over_one_less_reflectance(bare):
    # In a closed room of reflectance r where every patch gets E directly: B = r (E + B), so B = r E / (1 - r).
    np.testing.assert_allclose(furnace_light(bare, 0.5), 1.0, rtol=0.01)


def test_a_still_is_taken_of_it(scene):
    pose = Pose((0, 0), (12.0, 9.0, 1.6), 0.7, 0.0, 0.0)
    taken = make_still(StillRequest(scene, pose=pose, clean=True), Progress())
    assert taken.frame.shape == (48, 64, 3)
    assert taken.recipe["scene"]["place"] == "level1"
    assert 15 < np.median(taken.frame) < 230


def test_what_one_could_walk_into_is_known_without_building(scene, level):
    known = things(floorplan(scene, 4, (0, 0, 1, 1)), scene, 4)
    built = [level.instance_names[k] for k in level.instances.mesh]
    for kind in ("bollard", "steel_door", "wheel_stop"):
        assert built.count(kind) == sum(item.kind == kind for item in known)
    assert any(item.kind == "bollard" for item in known)


def test_a_sprinkler_head_for_no_more_than_twelve_square_metres():
    for tile in tiles(2, -200, -200, 200, 200):
        heads = head_places(tile)
        area = (tile.across - 2) * (tile.along - 2) * MODULE_M**2 / len(heads)
        assert 8.0 < area <= 12.1
        away, _ = cKDTree(heads).query(heads, k=2)
        assert away[:, 1].max() <= 4.6


def test_pipes_face_outwards_and_hang_clear_of_heads(level):
    mesh = level.building
    pipe = np.array([name in ("pipe", "zinc") for name in level.materials])[mesh.chart_material]
    assert pipe.any()
    away = (mesh.normals * mesh.chart_normal[mesh.vertex_chart]).sum(axis=1)[pipe[mesh.vertex_chart]]
    assert away.min() > 0.5  # the normals at a facet's corners point along the radius, the facet's own out of the pipe
    assert mesh.chart_origin[pipe, 2].min() > 2.13


def test_a_map_shows_stalls_racks_cages_mains_and_lines_within_its_region_and_a_drawing_has_layers_of_them(tmp_path):
    scene, seed = load_scene("level1"), 27
    plan = floorplan(scene, seed, (-3, -3, 3, 3))
    found = {service.name: service for service in services(plan, scene, seed)}
    for name in ("stalls", "racks", "cages", "mains", "lines"):
        lines = found[name].lines
        assert len(lines), name
        assert lines.min() >= 0.0
        assert (lines.reshape(-1, 2) <= np.array(plan.size_m) + 1e-9).all()
    draw_map(plan, tmp_path / "map.dxf", scene.title, seed, services=list(found.values()))
    drawing = (tmp_path / "map.dxf").read_text(encoding="utf-8")
    assert all(layer in drawing for layer in ("FLOOR_STALLS", "FLOOR_RACKS", "PIPES_MAINS"))


def test_a_map_of_it_is_drawn(scene, tmp_path):
    draw_map(floorplan(scene, 4, (0, 0, 1, 1)), tmp_path / "map.svg", scene.title, 4)
    assert "LEVEL 1" in (tmp_path / "map.svg").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_file_of_it_has_its_names_and_its_lights(scene, tmp_path):
    path = tmp_path / "carpark.glb"
    scene = scene.model_copy(update={"seed": 4})
    export_region(scene, region_of(0.0, 0.0, 12.0, 12.0), path, texture_px=64)
    names = [node["name"] for node in Glb(path).tree["nodes"]]
    assert any(name.startswith("wall_") for name in names)
    assert any(name.startswith("strip_") for name in names)


@pytest.mark.slow
def test_a_film_of_three_frames_is_made(scene, tmp_path):
    request = FilmRequest(scene, Script(beats_of(["walk 5"])), 0, 3, form="folder", deliver="interlaced")
    make_film(request, tmp_path / "film", Progress(), workers=1)
    assert len(list((tmp_path / "film").glob("frame_*.png"))) == 3


def test_every_level_has_one_role_for_floor_wall_and_ceiling(level):
    assert {Role.FLOOR, Role.WALL, Role.CEILING, Role.LENS} <= set(level.palette.role.tolist())


def test_settings_of_another_place_are_refused(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('place = "level1"\n[plan]\nopenness = 0.5\n', encoding="utf-8")
    with pytest.raises(NoclipError, match="is a setting of the place 'level0'"):
        load_scene(str(path))
