"""Routes: nobody walks through a wall, and a longer walk begins like a shorter one."""

from __future__ import annotations

import numpy as np
import pytest

from generator.camera.hands import SWAY_M
from generator.camera.operator import perform
from generator.camera.path import CLEARANCE_M, PASS_M, STEP_M, follow, wander
from generator.camera.pathfinding_kernels import trace, ways
from generator.camera.script import Script
from generator.camera.shot import FIELD_S
from generator.errors import NoclipError
from generator.places.level0.patch_settings import Patch, PatchThing
from generator.places.verbs import floorplan
from generator.plan import is_free
from generator.plan.floorplan import CHUNK_M
from generator.plan.walk import nearest_free
from generator.scene import load_scene
from tests.walks import nearest_thing

SCENES = ["level0", "offices", "halls"]


@pytest.fixture(scope="module")
def plan():
    """The default scene."""
    return load_scene()


def start_of(rules, seed: int) -> tuple[float, float]:
    """A free place near the middle of chunk (0, 0)."""
    x, y = nearest_free(floorplan(rules, seed, (-1, -1, 2, 2)), (1.5 * CHUNK_M, 1.5 * CHUNK_M), 0.45)
    return x - CHUNK_M, y - CHUNK_M


def assert_clear(rules, seed: int, xy) -> None:
    """Nothing stands nearer than the clearance to any point."""
    low, high = np.floor(xy.min(axis=0) / CHUNK_M).astype(int) - 1, np.floor(xy.max(axis=0) / CHUNK_M).astype(int) + 2
    world = floorplan(rules, seed, (*low, *high))
    assert is_free(world, xy[::3] - low * CHUNK_M, CLEARANCE_M).all()


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("seed", [0, 5])
def test_a_chosen_route_keeps_clear_of_every_wall(scene, seed):
    rules = load_scene(scene)
    route = wander(rules, seed, (0, 0), start_of(rules, seed), 0.3, 40.0)
    assert len(route.xy) * STEP_M >= 40.0
    assert_clear(rules, seed, route.xy)


def test_a_route_has_no_gaps_and_no_sharp_corners(plan):
    xy = wander(plan, 1, (0, 0), start_of(plan, 1), 0.0, 50.0).xy
    steps = np.diff(xy, axis=0)
    assert np.hypot(*steps.T).max() < 1.3 * STEP_M
    turns = np.arctan2(steps[:, 1], steps[:, 0])
    bends = np.abs((turns[6:] - turns[:-6] + np.pi) % (2 * np.pi) - np.pi)
    assert np.quantile(bends, 0.99) < np.radians(45)


def test_a_longer_route_begins_like_a_shorter_one(plan):
    start = start_of(plan, 2)
    short, long = wander(plan, 2, (0, 0), start, 1.0, 20.0), wander(plan, 2, (0, 0), start, 1.0, 60.0)
    count = round(20.0 / STEP_M)
    assert np.array_equal(short.xy[:count], long.xy[:count])


def test_a_curious_walker_passes_twice_as_much_of_what_is_there_to_be_seen(plan):
    passed = np.sum([passed_by(plan, seed) for seed in range(4)], axis=0)
    assert passed[1] >= 2 * passed[0] > 0


def passed_by(plan, seed: int) -> list[int]:
    """How many of five things about the start a plain and a curious walker pass in a minute."""
    start = np.array(start_of(plan, seed))
    world = floorplan(plan, seed, (-1, -1, 2, 2))
    reaches = ((11.0, 4.0), (-12.0, 3.0), (3.0, -13.0), (14.0, -8.0), (-7.0, 12.0))
    things = np.array([nearest_free(world, start + CHUNK_M + reach, 1.0) for reach in reaches]) - CHUNK_M
    routes = (wander(plan, seed, (0, 0), tuple(start), 1.0, 60.0, curious=c) for c in (None, lambda _: things))
    return [sum(np.hypot(*(route.xy - t).T).min() < PASS_M for t in things) for route in routes]


def test_another_seed_walks_elsewhere(plan):
    a, b = (wander(plan, seed, (0, 0), start_of(plan, seed), 0.0, 10.0).xy[150] for seed in (3, 4))
    assert np.hypot(*(a - b)) > 0.5


def test_a_given_goal_is_reached_and_the_way_there_is_clear(plan):
    start = start_of(plan, 0)
    world = floorplan(plan, 0, (-1, -1, 2, 2))
    goal = np.array(nearest_free(world, (start[0] + CHUNK_M + 9.0, start[1] + CHUNK_M + 6.0), 0.5)) - CHUNK_M
    route = follow(plan, 0, (0, 0), start, [tuple(goal)])
    assert route.notes == ()
    assert np.hypot(*(route.xy[-1] - goal)) < 0.3
    assert_clear(plan, 0, route.xy)


def test_a_goal_inside_a_wall_ends_beside_it_with_a_note(plan):
    world = floorplan(plan, 0, (0, 0, 1, 1))
    wall = world.wall_xy[np.argmax(world.wall_thickness)]
    inside = tuple((wall[:2] + wall[2:]) / 2)
    route = follow(plan, 0, (0, 0), start_of(plan, 0), [inside])
    assert len(route.notes) == 1
    assert 0.1 < np.hypot(*(route.xy[-1] - inside)) < 2.0


def test_a_goal_too_far_off_is_refused(plan):
    with pytest.raises(NoclipError, match="kilometre"):
        follow(plan, 0, (0, 0), start_of(plan, 0), [(5000.0, 0.0)])


def test_doorways_are_taken_in_their_middle():
    """A wall with one gap of nine pixels: the cheapest way crosses it at its fifth."""
    gap = np.full((41, 41), 2.0)
    from scipy.ndimage import distance_transform_edt

    free = np.ones((41, 41), bool)
    free[:, 20] = False
    free[16:25, 20] = True
    gap = distance_transform_edt(free) * 0.1
    price = np.where(free, 1.0 + 5.0 * np.clip((0.9 - gap) / 0.6, 0, 1) ** 2, np.inf)
    cost, back = ways(price, 5, 2, np.inf)
    way = trace(back, 30, 38)
    assert way[0].tolist() == [5, 2]
    assert way[-1].tolist() == [30, 38]
    assert way[way[:, 1] == 20, 0].tolist() == [20]
    assert np.isfinite(cost[30, 38])


def test_cheapest_ways_agree_with_scipy():
    """The compiled search against scipy's on the same graph."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    rng = np.random.Generator(np.random.Philox(3))
    price = np.where(rng.random((14, 17)) < 0.25, np.inf, 1.0 + rng.random((14, 17)))
    price[0, 0] = 1.0
    rows, columns, lengths = [], [], []
    for y in range(14):
        for x in range(17):
            for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1)):
                u, v = x + dx, y + dy
                if not (0 <= u < 17 and 0 <= v < 14) or not np.isfinite(price[y, x] + price[v, u]):
                    continue
                if dx and dy and not np.isfinite(price[y, u] + price[v, x]):
                    continue
                rows.append(y * 17 + x)
                columns.append(v * 17 + u)
                lengths.append(np.hypot(dx, dy) * 0.5 * (price[y, x] + price[v, u]))
    graph = coo_matrix((lengths, (rows, columns)), shape=(14 * 17, 14 * 17)).tocsr()
    expected = dijkstra(graph, indices=0).reshape(14, 17)
    np.testing.assert_allclose(ways(price, 0, 0, np.inf)[0], expected, rtol=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 6, 8])
def test_a_walker_keeps_clear_of_furniture_and_of_doors_that_stand_open(seed):
    many = ["look.props=20", "look.fittings=8", "look.anomalies=1"]
    scene = load_scene(SCENES[seed % 3], many)
    route = wander(scene, seed, (0, 0), start_of(scene, seed), 0.3, 60.0, furnished=True)
    walk = perform(route, Script(), round(45.0 / FIELD_S), seed, 0.5, 0.3)
    assert nearest_thing(scene, seed, walk.position[::6, :2]) >= CLEARANCE_M - 2 * SWAY_M


@pytest.mark.parametrize("kind", ["filing_cabinet", "water_cooler", "door_open", "loose_troffer", "stacking_chair"])
def test_a_walker_goes_round_what_stands_in_the_middle_of_the_way(kind):
    thing = PatchThing(kind=kind, at=(9.7, 6.1), right_deg=90.0)
    plain = load_scene("level0")
    hall = plain.plan.model_copy(
        update={"patch": (Patch(at=(4.8768, 4.8768), size=(19.5072, 12.192), thing=(thing,)),)}
    )
    scene = plain.model_copy(update={"plan": hall})
    route = follow(scene, 0, (0, 0), (7.0, 11.0), [(22.0, 11.0)], furnished=True)
    assert np.hypot(*(route.xy[-1] - (22.0, 11.0))) < 0.3
    assert nearest_thing(scene, 0, route.xy) >= CLEARANCE_M
