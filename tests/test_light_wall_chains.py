"""Chains of walls between a chart and a lens, against ways tried one by one."""

from __future__ import annotations

import numpy as np
import pytest

from generator.light.visibility.shafts import hull
from generator.light.visibility.wall_chains import chain_buffers, chain_closes

HIGH_M = 2.7


def _asked(chart, lens, ends, z=None):
    """The kernel's answer for walls (S, 4), from floor to ceiling unless z (S, 4) is given."""
    if z is None:
        z = np.tile([0.0, HIGH_M, 0.0, HIGH_M], (len(ends), 1))
    ring = np.empty((16, 2))
    n = hull(chart, lens, ring)
    low, high = min(chart[:, 2].min(), lens[:, 2].min()), max(chart[:, 2].max(), lens[:, 2].max())
    found = np.arange(len(ends), dtype=np.int32)
    return bool(chain_closes(ring, n, chart, lens, low, high, ends, z, found, len(ends), chain_buffers(512)))


def _upright(x0, y0, x1, y1):
    return np.array([[x0, y0, 0.1], [x1, y1, 0.1], [x1, y1, 2.6], [x0, y0, 2.6]])


def _level(x, y, half, z):
    return np.array(
        [[x - half, y - half, z], [x + half, y - half, z], [x + half, y + half, z], [x - half, y + half, z]]
    )


def _free_ways(chart, lens, ends, rng, count=200):
    """How many of some ways from the chart to the lens cross no wall, plainly."""
    free = 0
    for _ in range(count):
        a, b, c, d = rng.random(4)
        p = chart[0] + a * (chart[1] - chart[0]) + b * (chart[3] - chart[0])
        q = lens[0] + c * (lens[1] - lens[0]) + d * (lens[3] - lens[0])
        e, f = ends[:, :2], ends[:, 2:]
        side_p = np.cross(f - e, p[:2] - e) * np.cross(f - e, q[:2] - e)
        way = (q - p)[:2]
        side_e = np.cross(way, e - p[:2]) * np.cross(way, f - p[:2])
        free += not ((side_p < 1e-12) & (side_e < 1e-12)).any()
    return free


def _boxes(rng, count):
    """The four sides of some upright boxes on a lattice, thin ones and pillars, that may touch one another."""
    sides = []
    for _ in range(count):
        x, y = rng.integers(0, 8, 2).astype(float)
        w, h = (0.12, rng.integers(1, 5)) if rng.random() < 0.5 else (rng.integers(1, 5), 0.12)
        corner = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]])
        sides += [np.concatenate([corner[k], corner[(k + 1) % 4]]) for k in range(4)]
    return np.array(sides)


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors:DeprecationWarning")
def test_no_way_is_free_where_a_chain_of_walls_bars():
    rng = np.random.default_rng(5)
    barred_ones = 0
    for _ in range(1000):
        ends = _boxes(rng, int(rng.integers(2, 9)))
        x, y = rng.uniform(-2, 12, 2)
        chart = _upright(x, y, x + rng.uniform(0.1, 1.2), y) if rng.random() < 0.5 else _level(x, y, 0.6, 0.0)
        lens = _level(*rng.uniform(-2, 12, 2), 0.3, HIGH_M + 0.01)
        if _asked(chart, lens, ends):
            barred_ones += 1
            assert _free_ways(chart, lens, ends, rng) == 0
    assert barred_ones > 100


def test_a_corner_of_two_walls_hides_a_lens_that_neither_hides_alone():
    chart, lens = _upright(0.0, 0.0, 0.0, 1.0), _level(4.0, 5.5, 0.3, HIGH_M)
    corner = np.array([[2.0, -2.0, 2.0, 3.0], [2.0, 3.0, -2.0, 3.0]])
    assert _asked(chart, lens, corner)
    assert not any(_asked(chart, lens, corner[k : k + 1]) for k in range(2))


@pytest.mark.parametrize("what", ["a gap", "a low wall", "a wall that hangs"])
def test_light_passes(what):
    chart, lens = _upright(0.0, 0.0, 0.0, 1.0), _level(4.0, 5.5, 0.3, HIGH_M)
    corner = np.array([[2.0, -2.0, 2.0, 3.0], [2.0 - 0.01 * (what == "a gap"), 3.0, -2.0, 3.0]])
    z = np.tile([0.0, HIGH_M, 0.0, HIGH_M], (2, 1))
    if what == "a low wall":
        z[1, [1, 3]] = 2.1
    if what == "a wall that hangs":
        z[0, [0, 2]] = 0.6
    assert not _asked(chart, lens, corner, z)


def test_a_floor_around_a_corner_is_lit_on_the_side_of_the_lens():
    lens = _level(4.0, 0.0, 0.3, HIGH_M)
    chain = np.array([[2.0, 3.0, 0.5, 0.0], [0.5, 0.0, 2.0, -3.0]])
    assert _asked(_level(-1.0, 0.0, 0.6, 0.0), lens, chain)
    assert not _asked(_level(0.0, 0.0, 0.6, 0.0), lens, chain)


def test_walls_that_meet_behind_the_lens_leave_the_gap_between_their_ends_open():
    chart, lens = _upright(0.0, -1.0, 0.0, 1.0), _level(6.0, 0.0, 0.3, HIGH_M)
    behind = np.array(
        [
            [3.0, 0.2, 3.0, 2.0],
            [3.0, 2.0, 9.0, 2.0],
            [9.0, 2.0, 9.0, -2.0],
            [9.0, -2.0, 3.0, -2.0],
            [3.0, -2.0, 3.0, -0.2],
        ]
    )
    assert not _asked(chart, lens, behind)
    closed = np.concatenate([behind, [[3.0, -0.2, 3.0, 0.2]]])
    assert _asked(chart, lens, closed)
