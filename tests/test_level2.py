"""The tunnels go on for ever, are joined, closed and dark, and their pipes are one system without a loose end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from generator.camera.script import Script, beats_of
from generator.camera.shot import Pose
from generator.cli import main
from generator.errors import NoclipError
from generator.export import export_region, region_of
from generator.film import FilmRequest, make_film
from generator.geometry.level import expand
from generator.geometry.troughs import beside
from generator.light.bake import _Job, bake
from generator.light.bounce import patch_light
from generator.light.fineness import FINENESS
from generator.places.level2.level2 import LEVEL2
from generator.places.level2.pipes.fittings import fittings, runs_of
from generator.places.level2.pipes.lines import LABELLED, LINES
from generator.places.level2.pipes.routing import INTO_M, pipe_world, routes, twin_routes
from generator.places.level2.plan.generate import floorplan as plan_of
from generator.places.level2.plan.generate import window
from generator.places.level2.plan.graph import BLOCK, legs_about
from generator.places.level2.plan.graph import LINES as GRID
from generator.places.level2.plan.tunnels import body, clear_space
from generator.places.level2.plan.twins import twins
from generator.places.level2.plan_settings import PlanSettings
from generator.places.level2.set.fittings import STRUTS
from generator.places.level2.settings import Level2Scene
from generator.places.verbs import build, floorplan, landmarks, things
from generator.plan import draw_map, walkable
from generator.plan.floorplan import CHUNK_CELLS, LampState
from generator.plan.floors import floor_at
from generator.plan.lattice import CELL, UNIT_M
from generator.progress import Progress
from generator.scene import load_scene
from generator.sound.events import drip, nearby, tick
from generator.still import StillRequest, make_still
from generator.surface.palette import Role
from generator.viewpoint import pose_for
from tests.furnace import furnace_light
from tests.glb import Glb
from tests.light_budget import absorbed
from tests.shell_checks import edges_used, rays_that_escape
from tests.tiny_scene import TINY, tiny

RULES = PlanSettings()
FAR = (2**30 - 3, -(2**30) + 1)


@pytest.fixture(scope="module")
def scene() -> Level2Scene:
    return tiny(Level2Scene())


@pytest.fixture(scope="module")
def level(scene):
    return build(floorplan(scene, 4, (0, 0, 1, 1)), scene, 4)


@pytest.fixture(scope="module")
def bare(scene):
    """A piece without pipes."""
    scene = scene.model_copy(update={"plan": scene.plan.model_copy(update={"pipes": 0.0})})
    return build(floorplan(scene, 4, (0, 0, 1, 1)), scene, 4)


def shell(level):
    """The building without its pipes."""
    mesh = level.building
    concrete = np.isin(level.palette.role, [Role.FLOOR, Role.WALL, Role.CEILING])
    return replace(mesh, faces=mesh.faces[concrete[mesh.face_material]])


@pytest.mark.parametrize(("seed", "at"), [(0, (0, 0)), (1, (-7, 3)), (2, FAR), (3, (4, 4))])
def test_a_plan_does_not_depend_on_the_window(seed, at):
    i, j = at
    small, large = plan_of(RULES, seed, (i, j, i + 1, j + 1)), plan_of(RULES, seed, (i - 1, j - 1, i + 2, j + 2))
    inner = np.s_[32:64, 32:64]
    for name in ("floor_m", "ceiling_m", "room", "open_east", "open_north"):
        assert np.array_equal(getattr(small, name), getattr(large, name)[inner]), name
    for name, values in small.district_maps.items():
        assert np.array_equal(values, large.district_maps[name][inner]), name
    known = {int(k): (z, s) for k, z, s in zip(large.lamp_id, large.lamp_z, large.lamp_state, strict=True)}
    for k, z, s in zip(small.lamp_id, small.lamp_z, small.lamp_state, strict=True):
        assert known[int(k)] == (z, s)
    free = walkable(large)[384:768, 384:768]
    assert np.array_equal(walkable(small)[4:-4, 4:-4], free[4:-4, 4:-4])


def joined(seed: int, at: tuple[int, int]) -> bool:
    """All nodes of some blocks are joined, and every block is linked to its eastern and northern neighbours."""
    x, y = (c * BLOCK for c in at)
    legs = legs_about(RULES, seed, x, y, x + 2 * BLOCK, y + 2 * BLOCK)
    number: dict[int, int] = {}
    ends = np.array([[number.setdefault(n.ident, len(number)) for n in (leg.low, leg.high)] for leg in legs])
    graph = coo_array((np.ones(len(ends)), ends.T), (len(number), len(number)))
    _, part = connected_components(graph, directed=False)
    inner = np.unique(ends[[min(leg.low.x, leg.high.x) >= (x - BLOCK) * CELL and leg.low.y >= (y - BLOCK) * CELL
                            and leg.high.x <= (x + 2 * BLOCK) * CELL and leg.high.y <= (y + 2 * BLOCK) * CELL
                            for leg in legs]])  # fmt: skip
    return len(inner) >= 9 * GRID**2 and len(np.unique(part[inner])) == 1


@pytest.mark.parametrize("at", [(0, 0), (-9, 4), (2**25, -(2**26))])
def test_every_node_can_be_reached_from_every_other_for_100_seeds(at):
    # A block's maze joins its nodes and a link leads over every border, so it is enough to look at 3 x 3 blocks.
    assert all(joined(seed, at) for seed in range(100 if at == (0, 0) else 10))


@pytest.mark.parametrize("seed", range(4))
def test_nothing_walkable_is_shut_in(seed):
    parts, count = ndimage.label(walkable(plan_of(RULES, seed, (0, 0, 5, 5)), 0.3))
    outer = np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    large = np.bincount(parts.ravel(), minlength=count + 1)[1:] > 40
    assert np.isin(1 + np.flatnonzero(large), outer).all()


def test_straight_runs_are_20_to_200_metres_long_in_the_main():
    runs: dict[tuple, list] = {}
    for leg in legs_about(RULES, 1, 0, 0, 4 * BLOCK, 4 * BLOCK):
        runs.setdefault((leg.axis, leg.line), []).append(leg.span)
    length = []
    for spans in runs.values():
        start, end = None, None
        for a, b in sorted(spans):
            if end != a:
                length += [end - start] if end is not None else []
                start = a
            end = b
        length.append(end - start)
    metres = np.array(length) * UNIT_M
    assert metres.max() <= 200.0
    assert np.median(metres[metres > 6.0]) > 20.0


def test_what_is_clear_in_the_plan_is_as_wide_as_its_tunnels():
    legs, found = window(RULES, 6, (0, 0, 4, 4))
    area = sum((c.x1 - c.x0) * (c.y1 - c.y0) for c in clear_space(legs, found)
               if min(c.x0, c.y0) >= 0 and max(c.x1, c.y1) <= 4 * CHUNK_CELLS * CELL) * UNIT_M**2  # fmt: skip
    seen = walkable(plan_of(RULES, 6, (0, 0, 4, 4)), 0.0).sum() * 0.1016**2
    assert seen == pytest.approx(area, rel=0.2)
    assert all(0.9 <= leg.section.wide * UNIT_M <= 3.0 and 1.9 <= leg.section.high * UNIT_M <= 3.1 for leg in legs)


def test_a_narrow_tunnel_is_entered_from_the_one_beside_it_and_seen_through_grilles():
    rules = RULES.model_copy(update={"twins": 1.0})
    legs, found = window(rules, 8, (0, 0, 5, 5))
    far = 5 * CHUNK_CELLS * CELL
    inner = [t for t in twins(legs, found, rules) if min(t.space[:2]) > 0 and max(t.space[2:4]) < far]
    assert inner
    plan = plan_of(rules, 8, (0, 0, 5, 5))
    parts, _ = ndimage.label(walkable(plan, 0.2))
    for twin in inner:
        space = twin.space
        middles = [((c.x0 + c.x1) / 2 * UNIT_M, (c.y0 + c.y1) / 2 * UNIT_M) for c in (space, body_of(twin, found))]
        a, b = (parts[int(y / 0.1016), int(x / 0.1016)] for x, y in middles)
        assert a > 0
        assert a == b
        assert len(twin.grilles) >= 1


def test_pipes_run_through_narrow_tunnels_from_end_to_end():
    rules = RULES.model_copy(update={"twins": 1.0})
    legs, found = window(rules, 8, (0, 0, 3, 3))
    beside_them = twins(legs, found, rules)
    halves = twin_routes(beside_them, (0, 0))
    assert len({route.line.name for route in halves}) >= 3
    for route in halves:
        (x0, y0, _), (x1, y1, _) = route.path
        spaces = np.array([twin.space[:4] for twin in beside_them]) * UNIT_M
        off = route.line.radius + 0.01
        held = (spaces[:, 0] + off < x0) & (x0 < spaces[:, 2] - off) & (spaces[:, 1] + off < y0) & (
            y0 < spaces[:, 3] - off)  # fmt: skip
        assert held.sum() == 1
        a, b, c, d = spaces[held][0]
        beyond = max(a - x1, x1 - c, b - y1, y1 - d)
        assert beyond == pytest.approx(INTO_M)
        near = route.line.before  # metres from its wall, which is on the side that the route says
        way = np.sign([x1 - x0, y1 - y0])
        right = np.array([way[1], -way[0]]) * (1 if route.wall_right else -1)
        wall = {(1, 0): c - x0, (-1, 0): x0 - a, (0, 1): d - y0, (0, -1): y0 - b}[tuple(right.astype(int).tolist())]
        assert wall == pytest.approx(near)


def body_of(twin, found):
    return body(twin.leg, found[twin.leg.low.ident], found[twin.leg.high.ident])


def test_lamps_are_six_to_nine_metres_apart_and_many_are_dead():
    plan = plan_of(RULES, 2, (-6, -6, 6, 6))
    away, _ = cKDTree(plan.lamp_xy).query(plan.lamp_xy, k=2)
    assert np.percentile(away[:, 1], 20) >= 5.0
    assert np.percentile(away[:, 1], 90) <= 9.0
    dead = (plan.lamp_state == LampState.DEAD).mean()
    assert 0.3 < dead < 0.95
    assert (plan.lamp_kelvin == 2800.0).all()


def lines_of(seed: int, at: tuple[int, int], size: int = 6):
    """The routes of a piece of the world, the middle of it in metres, and what is clear there."""
    (i, j), far = at, size * CHUNK_CELLS * CELL
    legs, found = window(RULES, seed, (i, j, i + size, j + size))
    origin = i * CHUNK_CELLS * CELL, j * CHUNK_CELLS * CELL
    clear = np.array([(c.x0 - origin[0], c.y0 - origin[1], c.x1 - origin[0], c.y1 - origin[1], c.high)
                      for c in clear_space(legs, found)]) * UNIT_M  # fmt: skip
    return routes(found, pipe_world(seed), RULES, origin), clear, far * UNIT_M


def inside(points, far, margin=60.0):
    return ((points[..., :2] > margin) & (points[..., :2] < far - margin)).all(axis=-1)


@pytest.mark.parametrize(("seed", "at"), [(0, (0, 0)), (1, (-3, 8)), (2, FAR), (5, (40, -7))])
def test_no_pipe_ends_in_the_air(seed, at):
    found, clear, far = lines_of(seed, at)
    loose: dict[tuple, int] = {}
    for route in (r for r in found if not r.across):
        ends = [route.path[0]] if route.sleeve or route.open else [route.path[0], route.path[-1]]
        for end in ends:
            key = (route.line.number, *np.round(end, 4).tolist())
            loose[key] = loose.get(key, 0) + 1
        if route.sleeve:
            x, y, _ = route.path[-1]
            open_ = (clear[:, 0] < x) & (x < clear[:, 2]) & (clear[:, 1] < y) & (y < clear[:, 3])
            assert not open_.any()
    there = [key for key in loose if inside(np.array(key[1:]), far)]
    assert len(there) > 20
    assert all(loose[key] == 2 for key in there)


def test_lines_that_go_past_a_branch_make_tees_with_those_that_turn_into_it():
    found = lines_of(1, (0, 0), 12)[0]
    past = [route for route in found if route.across]
    assert len(past) > 2
    for route in past:
        assert route.path[0, 2] - route.line.radius >= 2.0  # over a walker's head
        for end, other in (route.path, route.path[::-1]):
            way = (other - end) / np.linalg.norm(other - end)
            corner = end + route.line.bend * way  # of the line that turns into the branch there
            near = [r for r in found if r.line is route.line and not r.across
                    and (np.abs(r.path[1:-1] - corner).max(axis=1) < 1e-6).any()]  # fmt: skip
            assert len(near) == 1


def test_a_line_is_sawn_off_once_in_some_kilometres():
    found, _, _ = lines_of(1, (0, 0), 24)
    length = sum(np.abs(np.diff(route.path, axis=0)).sum() for route in found)
    assert 1 <= sum(route.open for route in found) <= length / 1000.0


@pytest.mark.parametrize("seed", range(4))
def test_no_two_lines_touch_and_none_leaves_the_tunnels(seed):
    found, clear, far = lines_of(seed, (0, 0))
    points, owner, radius = [], [], []
    for n, route in enumerate(found):
        for p, q in zip(route.path, route.path[1:], strict=False):
            count = max(2, int(np.linalg.norm(q - p) / 0.05))
            points.append(p + (q - p) * np.linspace(0, 1, count)[:, None])
            owner += [n] * count
            radius += [route.line.radius] * count
    at, own, thick = np.concatenate(points), np.array(owner), np.array(radius)
    line = np.array([route.line.number for route in found])[own]
    pairs = cKDTree(at).query_pairs(2 * max(each.radius for each in LINES), output_type="ndarray")
    a, b = pairs[line[pairs[:, 0]] != line[pairs[:, 1]]].T
    gap = np.linalg.norm(at[a] - at[b], axis=1) - thick[a] - thick[b]
    assert gap.min() > 0.0
    here = inside(at, far, 1.0)
    x, y, z = at[here].T
    r = thick[here, None]
    open_ = (clear[:, 0] <= x[:, None]) & (x[:, None] <= clear[:, 2]) & (clear[:, 1] <= y[:, None]) & (
        y[:, None] <= clear[:, 3]) & (z[:, None] + r < clear[:, 4]) & (z[:, None] > r)  # fmt: skip
    ends = np.array([route.path[-1] for route in found if route.sleeve])
    away, _ = cKDTree(ends).query(at[here])
    assert (open_.any(axis=1) | (away <= INTO_M + 1e-6)).all()


def kept(items, kind):
    return np.array([item.place[:3, 3] for item in items if item.kind == kind]).reshape(-1, 3)


def test_lines_are_held_at_legal_distances_and_labelled_every_15_metres():
    found, _, _ = lines_of(3, (0, 0), 3)
    items = fittings(found, (0, 0), STRUTS)
    for route in found:
        for run in runs_of(route):
            own = [run.low, run.high]
            for kind, most in (("arm", run.line.span + 1.0), ("label", 15.0)):
                if kind == "label" and run.line not in LABELLED:
                    continue
                at = kept(items, f"{kind}_{run.line.name}")
                near = np.abs(at[:, 2] - run.z) < 1e-6
                near &= np.abs(at[:, 1 - run.axis] - run.across) < run.line.before + 1e-3
                inner = at[near & (at[:, run.axis] > run.low) & (at[:, run.axis] < run.high), run.axis]
                gaps = np.diff(np.sort([*own, *inner])) if kind == "arm" else np.diff(np.sort(inner))
                assert gaps.max(initial=0.0) <= most, (kind, run)


def test_what_sits_on_pipes_does_not_depend_on_the_region(scene):
    small, large = (build(floorplan(scene, 11, c), scene, 11) for c in ((0, 0, 1, 1), (-1, -1, 1, 1)))

    def at(level, kind, shift=0.0):
        names = np.array(level.instance_names)[level.instances.mesh]
        places = level.instances.world_from_mesh[names == kind, :3, 3] - shift
        return places[((places[:, :2] > 0.01) & (places[:, :2] < 39.0)).all(axis=1)]

    kinds = set(small.instance_names)
    assert {"arm_steam", "joint_steam"} <= kinds
    for kind in kinds:
        here, there = at(small, kind), at(large, kind, np.array([39.0144, 39.0144, 0.0]))
        assert len(here) == len(there), kind
        assert not len(here) or cKDTree(there).query(here)[0].max() < 1e-4, kind


def test_the_shell_has_no_open_edge_and_no_ray_escapes(level):
    mesh = shell(level)
    assert (edges_used(mesh) == 2).all()
    assert rays_that_escape(mesh, level.size_m, count=40_000, least=0.01) == 0


@pytest.mark.parametrize("pipes", [0.0, 0.9])
def test_all_the_power_sent_out_is_taken_up(pipes, scene):
    scene = scene.model_copy(update={"plan": scene.plan.model_copy(update={"pipes": pipes})})
    level = build(floorplan(scene, 1, (-2, 1, -1, 2)), scene, 1)
    albedo = np.full((len(level.materials), 3), 0.5)
    lamps = level.lamps
    area = 4 * np.linalg.norm(lamps.half_u, axis=1) * np.linalg.norm(lamps.half_v, axis=1)
    sent = (lamps.radiance * area[:, None]).sum(axis=0)
    assert sent.max() > 0.0
    exact = scene.light.model_copy(update={"cutoff": 0.0})
    taken = absorbed(level, bake(level, exact, albedo), albedo, props=False)
    np.testing.assert_allclose(taken, sent, rtol=0.03)  # machines and grilles take up the rest


def test_patches_get_what_each_bulkhead_sends_out(scene):
    scene = scene.model_copy(update={"plan": scene.plan.model_copy(update={"pipes": 0.0, "lamps_failing": 0.0})})
    level = build(floorplan(scene, 1, (-2, 1, -1, 2)), scene, 1)
    lamps, exact = level.lamps, scene.light.model_copy(update={"cutoff": 0.0})
    job = _Job.of(
        level, expand(level)[0], exact, np.full((len(level.materials), 3), 0.5), FINENESS["normal"], None, None
    )
    patches, mesh = job.patches, job.mesh
    area = np.linalg.norm(np.cross(mesh.chart_u, mesh.chart_v), axis=1) / np.maximum(patches.size.prod(axis=1), 1)
    sent = lamps.radiance * 4 * np.linalg.norm(np.cross(lamps.half_u, lamps.half_v), axis=1)[:, None]
    burning = np.unique(lamps.lamp[lamps.radiance.any(axis=1)])[:6]
    for lamp in burning.tolist():
        got = patch_light(patches, job.one_lamp(lamp, patches.lit)) * area[patches.chart, None]
        np.testing.assert_allclose(got.sum(axis=0), sent[lamps.lamp == lamp].sum(axis=0), rtol=0.05)


def test_furnace_every_patch_reaches_emission_over_one_less_reflectance(bare):
    # In a closed room of reflectance r where every patch gets E directly: B = r (E + B), so B = r E / (1 - r).
    np.testing.assert_allclose(furnace_light(bare, 0.5), 1.0, rtol=0.01)


def test_pipes_face_outwards_and_end_at_the_border(level):
    mesh = level.building
    pipe = (level.palette.role == Role.PROP)[mesh.chart_material]
    assert pipe.any()
    away = (mesh.normals * mesh.chart_normal[mesh.vertex_chart]).sum(axis=1)[pipe[mesh.vertex_chart]]
    conduit = np.array([name in ("zinc", "cable") for name in level.materials])[mesh.chart_material]
    thin = conduit[mesh.vertex_chart][pipe[mesh.vertex_chart]]
    assert away[~thin].min() > 0.8
    assert away[thin].min() > 0.65  # the thinnest have four sides, whose corners turn by 45 degrees
    assert (mesh.vertices[:, :2] >= -0.5).all()
    assert (mesh.vertices[:, :2] <= np.array(level.size_m) + 0.5).all()


def test_a_still_is_taken_of_it(scene):
    plan = floorplan(scene, 4, (0, 0, 1, 1))
    x, y = plan.lamp_xy[0]
    pose = Pose((0, 0), (float(x), float(y), 1.6), 0.1, 0.0, 0.0)
    scene = scene.model_copy(update={"seed": 4})
    taken = make_still(StillRequest(scene, pose=pose, clean=True), Progress())
    assert taken.frame.shape == (48, 64, 3)
    assert taken.recipe["scene"]["place"] == "level2"


def test_a_map_of_it_is_drawn(scene, tmp_path):
    draw_map(floorplan(scene, 4, (0, 0, 1, 1)), tmp_path / "map.svg", scene.title, 4)
    assert "LEVEL 2" in (tmp_path / "map.svg").read_text(encoding="utf-8")


def test_a_shaft_with_a_ladder_is_closed_and_ends_at_a_ceiling(scene):
    plan = floorplan(scene, 0, (0, -1, 1, 0))
    level = build(plan, scene, 0)
    ladder = [name.startswith("ladder") for name in level.instance_names]
    assert any(ladder)
    assert (edges_used(shell(level)) == 2).all()
    for mesh, place in zip(level.instances.mesh, level.instances.world_from_mesh, strict=True):
        if ladder[mesh]:
            top = level.instance_meshes[mesh].vertices[:, 2].max()
            over = floor_at(plan.ceiling_m, place[:2, 3])[0]
            assert 0.0 < over - top < 0.2
            assert over > 6.0


def test_a_drawing_for_a_set_builder_has_its_pipes_on_layers_of_their_own(scene, tmp_path):
    import ezdxf

    plan = floorplan(scene, 4, (0, 0, 1, 1))
    draw_map(plan, tmp_path / "map.dxf", services=LEVEL2.services(plan, scene, 4))
    lines = ezdxf.readfile(tmp_path / "map.dxf").modelspace().query("LINE")
    assert len({line.dxf.layer for line in lines}) >= 3
    assert all(line.dxf.layer.startswith("PIPES_") for line in lines)


def test_drops_and_ticks_follow_from_the_time_alone():
    whole = [event.time_s for event in nearby(3, "drip", 11.0, 0.0, 60.0)]
    parts = [event.time_s for k in range(6) for event in nearby(3, "drip", 11.0, 10.0 * k, 10.0 * k + 10.0)]
    assert whole == parts
    assert 3 <= len(whole) <= 22
    assert not list(nearby(3, "drip", 0.0, 0.0, 60.0))
    for wave in (drip(3, 1), tick(3, 1)):
        assert np.abs(wave).max() == pytest.approx(1.0)
        assert abs(wave[-1]) < 0.02


@pytest.mark.parametrize("name", ["level2", "tunnels"])
def test_who_takes_a_picture_keeps_away_from_pipes(name):
    near = 0
    for seed in range(30, 38):
        scene = load_scene(name, [f"seed={seed}"])
        pose, _ = pose_for(scene)
        i, j = pose.origin
        crowd = landmarks(floorplan(scene, seed, (i, j, i + 3, j + 3)), scene, seed).crowd
        assert len(crowd)
        at, lines = shapely.points(pose.position[:2]), shapely.linestrings(crowd.reshape(-1, 2, 2))
        assert shapely.distance(at, lines).min() >= 0.45 - 1e-6
        ways = [np.array([np.cos(turn), np.sin(turn)]) for turn in pose.yaw + np.linspace(-0.45, 0.45, 31)]
        looks = [shapely.LineString([at, np.add(pose.position[:2], 1.4 * way)]) for way in ways]
        near += np.mean([shapely.intersects(look, lines).any() for look in looks]) > 0.25
    assert near <= 1


def test_a_trough_keeps_its_breadth_round_corners():
    path = np.array([[0, 0, 2], [3, 0, 2], [3, 4, 2], [3, 4, 1], [3, 8, 1]], float)
    left, over = beside(path, 0.15, 0.05), beside(path, -0.15, 0.05)
    np.testing.assert_allclose(left[:3], [[0, 0.15, 2.05], [2.85, 0.15, 2.05], [2.85, 4.05, 2.05]], atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(left - over, axis=1), [0.3, 0.3 * np.sqrt(2), 0.3, 0.3, 0.3], atol=1e-12)


def test_trays_and_their_cables_do_not_depend_on_the_region(scene):
    small, large = (build(floorplan(scene, 22, c), scene, 22).building for c in ((0, 0, 1, 1), (-1, -1, 1, 1)))
    names = build(floorplan(scene, 22, (0, 0, 1, 1)), scene, 22).materials

    def middles(mesh, shift=0.0):
        wanted = np.isin(mesh.chart_material, [names.index("tray"), names.index("cable")])
        at = (mesh.chart_origin + (mesh.chart_u + mesh.chart_v) / 2)[wanted] - shift
        return at[((at[:, :2] > 0.3) & (at[:, :2] < 38.7)).all(axis=1)]

    here, there = middles(small), middles(large, np.array([39.0144, 39.0144, 0.0]))
    assert len(here) > 50
    assert len(here) == len(there)
    assert cKDTree(there).query(here)[0].max() < 1e-4


def test_walkers_know_the_pipes_and_the_machines(scene):
    known = things(floorplan(scene, 1, (-3, 0, 0, 3)), scene, 1)
    kinds = {item.kind for item in known}
    assert any(kind.startswith("reach_") for kind in kinds)
    assert kinds & {"pump", "switchgear", "tank"}


@pytest.mark.slow
def test_a_film_of_three_frames_is_made(scene, tmp_path):
    scene = scene.model_copy(update={"seed": 4})
    request = FilmRequest(scene, Script(beats_of(["walk 5"])), 0, 3, form="folder", deliver="interlaced")
    make_film(request, tmp_path / "film", Progress(), workers=1)
    assert len(list((tmp_path / "film").glob("frame_*.png"))) == 3


@pytest.mark.slow
def test_a_sheet_of_two_seeds_is_made(tmp_path):
    asked = ["--seeds", "4:6", "--workers", "1", *(f"--set=render.{key}={value}" for key, value in TINY.items())]
    assert main(["sheet", "tunnels", *asked, "-o", str(tmp_path / "sheet.png")]) == 0
    assert (tmp_path / "sheet.png").exists()


@pytest.mark.slow
def test_a_file_of_it_has_its_names_and_its_lights(scene, tmp_path):
    path = tmp_path / "tunnels.glb"
    scene = scene.model_copy(update={"seed": 4})
    export_region(scene, region_of(30.0, 12.0, 42.0, 24.0), path, texture_px=64)
    names = [node["name"] for node in Glb(path).tree["nodes"]]
    for part in ("wall_", "pipe_", "bulkhead_"):
        assert any(name.startswith(part) for name in names), part


def test_settings_of_another_place_are_refused(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('place = "level2"\n[plan]\nopenness = 0.5\n', encoding="utf-8")
    with pytest.raises(NoclipError, match="is a setting of the place 'level0'"):
        load_scene(str(path))
