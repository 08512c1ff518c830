"""The nearest points of a plan are those that a look at all of them finds."""

from __future__ import annotations

import numpy as np

from generator.plan.near import near_pairs, nearest_m

RNG = np.random.default_rng(5)


def test_the_nearest_is_the_least_of_all_distances():
    points, places = RNG.uniform(0, 40, (60, 2)), RNG.uniform(-5, 45, (200, 2))
    every = np.hypot(*(places[:, None] - points).transpose(2, 0, 1))
    np.testing.assert_allclose(nearest_m(points, places), every.min(axis=1))


def test_nothing_is_near_where_there_are_no_points():
    assert np.isinf(nearest_m(np.zeros((0, 2)), np.zeros((3, 2)))).all()


def test_pairs_are_the_few_nearest_within_reach():
    points, places = RNG.uniform(0, 40, (150, 2)), RNG.uniform(-5, 45, (80, 2))
    every = np.hypot(*(places[:, None] - points).transpose(2, 0, 1))
    nearest = np.argsort(every, axis=1)[:, :4]
    wanted = [(p, n) for p, row in enumerate(nearest) for n in row if every[p, n] < 4.0]
    place, point, away = near_pairs(points, places, 4.0, 4)
    assert list(zip(place, point, strict=True)) == wanted
    np.testing.assert_allclose(away, every[place, point])
