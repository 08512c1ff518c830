"""Corridors tell which maze laid them: by measures, and by how little two maps have in common."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from generator.places.level0.plan.generate import floorplan
from generator.places.level0.plan.grammars.known import value_of
from generator.places.level0.plan.grammars.maze_ways import CUT_WIDTHS, LEAST, cuts, widths_of
from generator.places.level0.plan_settings import CORRIDORS, PlanSettings
from generator.plan.maze import NAMES
from generator.plan.random_kernels import stream
from tests.maze_measures import corridors, mask_of, measures, told_apart
from tests.test_plan import enclosed

SEEDS = range(8, 40)


def test_windows_of_390_m_are_told_apart_by_their_maze():
    right = told_apart(range(8), SEEDS)
    assert min(right.values()) >= 0.9, right
    assert np.mean(list(right.values())) >= 0.95, right


def test_maps_of_one_seed_by_two_mazes_have_little_in_common():
    for seed in range(3):
        masks = {name: mask_of(corridors(name, seed), seed) for name in NAMES}
        for a, b in combinations(masks.values(), 2):
            assert (a & b).sum() / (a | b).sum() < 0.45


def test_each_maze_has_what_its_algorithm_is_known_for():
    found = {name: np.mean([measures(name, seed) for seed in range(6)], axis=0) for name in NAMES}
    columns = (dict(zip(NAMES, column, strict=True)) for column in zip(*found.values(), strict=True))
    area, _, pieces, ends, _, straight, loops = columns
    assert max(area, key=area.get) == "backtracker"
    assert max(pieces, key=pieces.get) == "kruskal"
    assert max(straight, key=straight.get) == "division"
    assert loops["hunt_and_kill"] > 1.5 * loops["backtracker"]
    assert ends["prim"] > 2 * ends["hunt_and_kill"]


def test_cuts_of_a_division_are_straight_corridors_from_one_to_another():
    for word in range(20):
        wide = cuts(12, stream(np.uint64(word)))
        ways = np.zeros((12, 12), int)
        ways[:, :-1] += wide[0, :, :-1] > 0
        ways[:, 1:] += wide[0, :, :-1] > 0
        ways[:-1] += wide[1, :-1] > 0
        ways[1:] += wide[1, :-1] > 0
        assert set(np.unique(wide)) <= {0, *CUT_WIDTHS}
        inner = ways[1:-1, 1:-1]
        assert (inner != 1).all()  # only the maze's border ends a corridor
        lines = np.flatnonzero((wide[1, :-1] > 0).all(axis=0)), np.flatnonzero((wide[0, :, :-1] > 0).all(axis=1))
        assert sum(map(len, lines)) >= 1
        assert all(LEAST <= k <= 11 - LEAST for line in lines for k in line)


@pytest.mark.parametrize("name", NAMES)
def test_corridors_of_every_maze_are_on_the_map_and_cut_nothing_off(name):
    settings = PlanSettings.model_validate({"maze": name, "corridors": True})
    plan = floorplan(settings, 3, (0, 0, 4, 4))
    share = (plan.district_maps["grammar"] == np.float32(value_of(CORRIDORS))).mean()
    assert 0.02 < share < 0.25
    lost, _ = enclosed(plan, 0.30)
    assert lost == []


def test_a_maze_is_a_function_of_its_random_word():
    for maze in range(len(NAMES)):
        one, two, other = (widths_of(maze, 12, stream(np.uint64(word))) for word in (5, 5, 6))
        assert np.array_equal(one.wide, two.wide)
        assert not np.array_equal(one.wide, other.wide)
