"""The export's compiled loops give what their plain definitions do."""

from __future__ import annotations

import numpy as np
import pytest

from generator.export.atlas_kernels import outline
from generator.export.pieces import edges, once
from generator.export.stains import apart
from generator.export.subdivide_kernels import children, close, find_longest, interpolate, measure
from generator.export.textures import STEPS, through_table
from generator.surface.mean import mean_colour

STEP_M, LARGEST = 1e-5, 2.0**30
NEXT = np.array([1, 2, 0])


@pytest.fixture(params=range(4))
def net(request):
    """A wrinkled sheet of triangles, some edges rims, some to be split: places, nodes, edges, ends, rim, split."""
    rng = np.random.default_rng(request.param)
    x, y = np.meshgrid(np.arange(9.0), np.arange(7.0), indexing="ij")
    place = np.stack([x, y, 0 * x], axis=2).reshape(-1, 3) + rng.uniform(-0.3, 0.3, (63, 3))
    low = (np.arange(8)[:, None] * 7 + np.arange(6)).ravel()
    node = np.concatenate([low[:, None] + [0, 7, 8], low[:, None] + [0, 8, 1]])
    edge, count = edges(node)
    end = np.zeros((len(count), 2), np.int64)
    end[edge] = np.stack([node, node[:, NEXT]], axis=2)
    rim = (count == 1) & (rng.random(len(count)) < 0.5)
    return place, node, edge, end, rim, (rng.random(len(count)) < 0.15) & ~rim


def longest_of(place, edge, end, rim):
    out = np.full(len(edge), -1)
    find_longest(place, edge, end, rim, STEP_M, LARGEST, out)
    return out


def test_the_longest_edge_is_the_longest_that_is_no_rim(net):
    place, _, edge, end, rim, _ = net
    length = np.round(np.linalg.norm(place[end[:, 0]] - place[end[:, 1]], axis=1) / STEP_M)
    rank = np.where(rim, -1.0, length * LARGEST + np.arange(len(end)))
    np.testing.assert_array_equal(longest_of(place, edge, end, rim), rank[edge].argmax(axis=1))


def test_split_edges_drag_their_triangles_longest_edges_along(net):
    place, _, edge, end, rim, split = net
    longest = longest_of(place, edge, end, rim)
    expected = split.copy()
    for _ in range(len(edge)):
        expected[edge[np.arange(len(edge)), longest][expected[edge].any(axis=1)]] = True
    close(edge, longest, split)
    np.testing.assert_array_equal(split, expected)


def test_children_are_halves_of_halves_and_know_their_edges(net):
    place, node, edge, end, rim, split = net
    longest = longest_of(place, edge, end, rim)
    close(edge, longest, split)
    middle = np.where(split, np.cumsum(split) - 1 + len(place), -1)
    halves, across = len(end) + 2 * (np.cumsum(split) - 1), len(end) + 2 * int(split.sum())
    rows = np.flatnonzero(split[edge].any(axis=1))
    weight = np.tile(np.eye(3), (len(node), 1, 1))
    weights, nodes, sides, parent, inner = children(rows, edge, node, weight, longest, end, middle, halves, across)
    np.testing.assert_array_equal(parent[: len(rows)], np.arange(len(rows)))
    assert sorted(map(tuple, nodes)) == sorted(
        child for t in rows for child in plain_children(node[t], edge[t], longest[t], middle)
    )
    all_places = np.concatenate([place, place[end[split]].mean(axis=1)])
    np.testing.assert_allclose(weights @ place[node[rows[parent]]], all_places[nodes], atol=1e-12)
    half = np.stack([end[split], np.repeat(middle[split, None], 2, axis=1)], axis=2).reshape(-1, 2)
    ends = np.concatenate([end, half, inner])
    np.testing.assert_array_equal(np.sort(ends[sides]), np.sort(np.stack([nodes, nodes[:, NEXT]], axis=2)))


def plain_children(node, edge, longest, middle):
    a, b, c = (int(n) for n in np.roll(node, -longest))
    ab, bc, ca = (int(n) for n in middle[np.roll(edge, -longest)])
    yield from [(a, ab, c)] if ca < 0 else [(a, ab, ca), (ab, c, ca)]
    yield from [(ab, b, c)] if bc < 0 else [(ab, b, bc), (ab, bc, c)]


def test_triangles_are_measured_edge_by_edge(net):
    place, node, *_ = net
    rows = np.arange(0, len(node), 3)
    length, tall = np.empty((len(rows), 3)), np.empty((len(rows), 3), bool)
    measure(rows, node, place, 0.6, length, tall)
    side = place[node[rows][:, NEXT]] - place[node[rows]]
    expected = np.linalg.norm(side, axis=2)
    height = np.linalg.norm(np.cross(side[:, 0], side[:, 1]), axis=1)[:, None] / expected
    np.testing.assert_allclose(length, expected, rtol=1e-12)
    np.testing.assert_array_equal(tall, height > 0.6)
    assert 0 < tall.sum() < tall.size


@pytest.mark.parametrize("count", [1, 5])
def test_mixed_corners_are_sums_by_weight(count):
    rng = np.random.default_rng(5)
    values, weights = rng.random((5, 3, 2), np.float32), rng.random((count, 3, 3))
    out = np.empty(values.shape)
    interpolate(np.broadcast_to(weights, (5, 3, 3)), values, out)
    np.testing.assert_allclose(out, np.matmul(weights, values), rtol=1e-12)


def test_each_pair_of_a_name_and_a_chart_is_looked_at_once():
    rng = np.random.default_rng(1)
    name, chart = rng.integers(0, 20, 500), rng.integers(0, 3, 500)
    first, which = once(name, chart)
    assert len(first) == len(set(zip(name, chart, strict=True)))
    np.testing.assert_array_equal(name[first[which]], name)
    np.testing.assert_array_equal(chart[first[which]], chart)
    assert all(len(part) == 0 for part in once(name[:0], chart[:0]))


@pytest.mark.parametrize("columns", [1, 3])
def test_codes_are_those_of_the_nearest_step(columns):
    values = np.random.default_rng(2).uniform(-0.2, 1.2, (40, 30, 3)).astype(np.float32)
    table = STEPS[:, None] ** np.linspace(0.5, 2.0, columns)
    step = np.clip(values * 65535.0 + 0.5, 0, 65535).astype(np.uint16)
    codes = (table * 255.0 + 0.5).astype(np.uint8)
    expected = np.stack([codes[step[..., k], min(k, columns - 1)] for k in range(3)], axis=2)
    np.testing.assert_array_equal(through_table(values, table), expected)


def test_outlines_are_what_deviates_above_the_foot():
    rng = np.random.default_rng(3)
    deviation = rng.random((40, 60)).astype(np.float32)
    size, place = np.array([[20, 12], [0, 0], [30, 18]]), np.array([[1, 1], [0, 0], [25, 3]])
    foot = np.array([0.4, 0.0, 0.0])
    owner, found = np.full((40, 60), -1, np.int32), np.zeros((40, 60), bool)
    outline(size, place, foot, deviation, np.float32(0.5), owner, found)
    expected, whose = np.zeros((40, 60), bool), np.full((40, 60), -1)
    for c in (0, 2):
        (i, j), (wide, high) = place[c], size[c]
        box = np.s_[j : j + high, i : i + wide]
        whose[box] = c
        expected[box] = deviation[box] > 0.5
        expected[j : j + int(np.ceil(foot[c] * (high - 1))), i : i + wide] = False
    np.testing.assert_array_equal(owner, whose)
    np.testing.assert_array_equal(found, expected)


def test_rectangles_that_meet_become_one_until_none_do():
    chart = np.array([4, 4, 4, 4, 7])
    low = np.array([[0.0, 0.0], [0.1, 0.1], [0.18, 0.35], [0.6, 0.0], [0.1, 0.1]])
    high = np.array([[0.15, 0.15], [0.2, 0.4], [0.3, 0.5], [0.9, 0.1], [0.2, 0.4]])
    found = apart(chart, low, high, np.array([1.0, 3.0, 2.0, 5.0, 4.0]))
    assert sorted(zip(*(np.round(part, 9).tolist() for part in found), strict=True)) == [
        (4, [0.0, 0.0], [0.3, 0.5], 3.0), (4, [0.6, 0.0], [0.9, 0.1], 5.0), (7, [0.1, 0.1], [0.2, 0.4], 4.0)
    ]  # fmt: skip
    assert all(len(part) == 0 for part in apart(chart[:0], low[:0], high[:0], low[:0, 0]))


def test_the_mean_colour_is_the_mean_in_double_precision():
    image = np.random.default_rng(4).random((70, 50, 3), np.float32)
    np.testing.assert_array_equal(mean_colour(image), image.reshape(-1, 3).mean(axis=0, dtype=np.float64))
