"""Round things: normals that run on over the edges of facets, edges that are rolled, tubes, mouldings."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from generator.geometry.panels import panels
from generator.geometry.rounded import bevelled, cushion, filleted, surround, tube
from generator.geometry.shapes import box, turned
from generator.geometry.smooth import smoothed
from generator.light.bends import bends_of, bent_normal
from tests.shell_checks import edges_used

LOOP = [(0.1, 0.0, 0.0), (0.0, 0.1, 0.0), (-0.1, 0.0, 0.0), (0.0, -0.1, 0.0)]


def test_a_turned_body_is_shaded_as_the_round_one_it_stands_for():
    mesh = turned([(0.1, 0.0), (0.1, 0.3)], 12, 0)
    side = np.abs(mesh.chart_normal[mesh.vertex_chart, 2]) < 0.5
    radial = mesh.vertices[side, :2] / 0.1
    assert np.allclose(mesh.normals[side, :2], radial, atol=1e-6)
    assert np.allclose(np.abs(mesh.normals[~side, 2]), 1.0)


def test_sharp_edges_stay_sharp_and_a_rolled_edge_takes_its_faces_normals():
    plain, rolled = smoothed(box((0, 0, 0), (1, 2, 3), 0)), bevelled((0, 0, 0), (1, 2, 3), 0)
    assert np.array_equal(plain.normals, plain.chart_normal[plain.vertex_chart])
    area = np.linalg.norm(np.cross(rolled.chart_u, rolled.chart_v), axis=1)
    flat = (area > 0.1)[rolled.vertex_chart]
    assert np.allclose(rolled.normals[flat], rolled.chart_normal[rolled.vertex_chart[flat]], atol=1e-6)
    assert np.allclose(np.abs(rolled.normals[~flat]).max(axis=1), 1.0, atol=1e-6)


@pytest.mark.parametrize(
    "mesh",
    [
        bevelled((0, 0, 0), (0.3, 0.2, 0.1), 0),
        turned([(0.1, 0.0), (0.12, 0.1), (0.05, 0.2)], 9, 0),
        cushion((0.2, 0.15), 0.05, [(0.0, 0.0), (0.0, 0.02), (0.01, 0.03)], 0),
        tube(LOOP, 0.01, 6, 0, closed=True),
    ],
    ids=["box", "turned", "cushion", "ring"],
)
def test_round_things_are_closed_and_seen_from_outside(mesh):
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    assert (edges_used(mesh) == 2).all()
    assert ((np.cross(b - a, c - a) * mesh.normals[mesh.faces[:, 0]]).sum(axis=1) > 0).all()
    assert (a * np.cross(b, c)).sum() > 0


def test_a_tube_keeps_its_radius_around_a_bend():
    path = filleted([(0, 0, 0), (0, 0, 0.4), (0.3, 0.1, 0.4)], 0.05)
    mesh = tube(path, 0.011, 8, 0)
    straight = mesh.vertices[(mesh.vertices[:, 2] < 0.3)]
    assert np.allclose(np.hypot(straight[:, 0], straight[:, 1]), 0.011)
    assert len(path) > 4
    assert np.linalg.norm(np.diff(path, axis=0), axis=1).sum() < 0.4 + np.hypot(0.3, 0.1)


def test_a_surround_is_mitred_without_a_gap():
    mesh = surround(0.9, 2.0, 0.0, [(0.0, 0.0), (0.0, 0.02), (0.06, 0.02), (0.06, 0.0)], 0)
    at = Counter(map(tuple, np.round(mesh.vertices, 6).tolist()))
    corner = [n for (x, _, z), n in at.items() if z > 2.0 - 1e-6 and abs(x) > 0.4]
    assert len(corner) == 8
    assert min(corner) >= 2


def test_the_light_of_neighbours_on_a_turned_body_is_taken_with_the_same_normals_along_their_edge():
    mesh = turned([(0.10, 0.0), (0.14, 0.1), (0.12, 0.2)], 10, 0, "")
    bends = bends_of(mesh)
    found: dict[tuple, list] = {}
    for vertex, chart in enumerate(mesh.vertex_chart):
        normal = bent_normal(bends.corner[bends.row[chart]], *map(float, mesh.chart_uv[vertex]))
        found.setdefault(tuple(np.round(mesh.vertices[vertex], 6)), []).append(normal)
    assert (bends.row >= 0).all()
    assert all(np.ptp(np.array(normals), axis=0).max() < 0.02 for normals in found.values())


def test_flat_charts_have_no_bend():
    flat = panels([([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], 0)])
    bends = bends_of(flat)
    assert bends.row.tolist() == [-1]
    assert bends.sine.tolist() == [0.0]
    assert len(bends.corner) == 0
