"""Built levels are lit without seams: across blocks and chunks, in any window, and far from the origin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.geometry import expand
from generator.light.bake import Part, bake
from generator.light.blocks import chart_middles, home_blocks
from generator.light.visibility.occluders import high_spans, upright_spans
from generator.places.verbs import build, floorplan
from generator.plan.floorplan import CHUNK_M
from generator.scene import load_scene
from generator.scene.light import LightSettings
from tests.rooms import ALBEDO, box_room

GREY = 0.5
OFFICES = ("plan.grammar=offices", "plan.corridors=false", "plan.long_views=0", "plan.long_walls=0", "plan.heights=0")
NEAR_M = 1.4
CLEAR_M = 0.82
"""Beside a wall one sample of bounced light may stand before its end and the next behind; the cubic through samples
0.41 m apart carries that on for two of them. Nearer than that, steps of 1 to 3 % were seen."""
FAR = 2**30 - 4
PLACE = (CHUNK_M / 2, CHUNK_M / 2)
"""Where blocks meet, so far from the windows' sides that nothing outside them counts."""


def lit(scene, level, charts, part: Part = "all", quality="normal"):
    """The lightmap of some charts, every material half grey."""
    return bake(level, scene.light, np.full((len(level.materials), 3), GREY), quality, charts, part=part)


def grid(lightmap, chart):
    """Green light (nv, nu) of a chart."""
    (nu, nv), (x, y) = lightmap.chart_size[chart], lightmap.chart_place[chart]
    return lightmap.steady[y : y + nv, x : x + nu, 1]


def side_by_side(mesh, charts):
    """Pairs of level charts (c, d), d going on in the plane where c's u ends, cut alike across it."""
    starts = {_key(mesh.chart_origin[d], mesh.chart_normal[d]): d for d in charts}
    for c in charts:
        d = starts.get(_key(mesh.chart_origin[c] + mesh.chart_u[c], mesh.chart_normal[c]))
        if d is not None and d != c and np.allclose(mesh.chart_v[c], mesh.chart_v[d]):
            yield c, d


def _key(point, normal):
    return (*np.round(point, 3), *np.rint(normal))


def steps(lightmap, mesh, pairs):
    """Relative steps of light at the samples of each pair's common side that are clear of walls."""
    spans = high_spans(upright_spans(mesh, np.ones(len(mesh.chart_origin), bool)))
    found = []
    for c, d in pairs:
        ours, theirs = grid(lightmap, c)[:, -1], grid(lightmap, d)[:, 0]
        at = np.linspace(0.0, 1.0, max(len(ours), len(theirs)))
        a, b = (np.interp(at, np.linspace(0.0, 1.0, len(s)), s) for s in (ours, theirs))
        corner = mesh.chart_origin[d]
        free = [nearest(spans, (corner + t * mesh.chart_v[d])[:2]) > CLEAR_M for t in at]
        found.append((np.abs(a - b) / np.maximum(0.5 * (a + b), 0.01))[free])
    return np.concatenate(found)


def nearest(spans, point):
    """Distance from a point of the plan to the nearest of some spans."""
    start, way = spans.ends[:, :2], spans.ends[:, 2:] - spans.ends[:, :2]
    t = np.clip(((point - start) * way).sum(axis=1) / (way * way).sum(axis=1), 0.0, 1.0)
    return np.hypot(*(start + t[:, None] * way - point).T).min()


def middle_strip(name, seed=3):
    """A level of four chunks of offices, lit throughout, its mesh, and the charts along the border of its chunks."""
    scene = load_scene(name, ["plan.blackout=0", *OFFICES])
    level = build(floorplan(scene, seed, (-1, -1, 1, 1)), scene, seed)
    mesh, _ = expand(level)
    x, y = chart_middles(mesh).T
    return scene, level, mesh, (np.abs(x - CHUNK_M) < NEAR_M) & (np.abs(y - CHUNK_M) < 12.0)


@pytest.mark.parametrize(
    "name, part, usual, nearly_all",
    [
        ("halls", "bounce", 0.005, 0.02),
        pytest.param("level0", "bounce", 0.005, 0.02, marks=pytest.mark.slow),
        pytest.param("halls", "all", 0.005, 0.01, marks=pytest.mark.slow),
        pytest.param("level0", "all", 0.005, 0.01, marks=pytest.mark.slow),
    ],
)
def test_light_goes_on_across_the_borders_of_charts_blocks_and_chunks(name, part, usual, nearly_all):
    scene, level, mesh, charts = middle_strip(name)
    lightmap = lit(scene, level, charts, part)
    middle = chart_middles(mesh)
    pairs = [
        (c, d)
        for c, d in side_by_side(mesh, np.flatnonzero(charts))
        if (home_blocks(middle[[c]]) != home_blocks(middle[[d]])).any()
    ]
    found = steps(lightmap, mesh, pairs)
    print(f"{name}, {part}: {len(found)} samples, percentiles 50, 98, 100: {np.percentile(found, [50, 98, 100])}")
    assert len(found) > 100
    assert np.median(found) < usual
    assert np.percentile(found, 98) < nearly_all
    assert found.max() < 0.04


@pytest.mark.slow
@pytest.mark.parametrize("corner", [(0, 0), (FAR, -FAR)])
def test_a_place_is_lit_alike_in_any_window_also_far_from_the_origin(corner):
    i, j = corner
    base, longer, shifted = (lit_about(corner, (i + a, j - 1, i + b, j + 2)) for a, b in ((-1, 2), (-1, 3), (-2, 2)))
    assert base.keys() == longer.keys() == shifted.keys()
    assert len(base) > 30
    for key in base:
        np.testing.assert_array_equal(base[key], longer[key])
    apart = np.concatenate([(np.abs(base[key] - shifted[key]) / np.maximum(base[key], 0.01)).ravel() for key in base])
    print(
        f"{len(base)} charts, {np.mean(apart > 0.01):.2%} of samples apart by more than 1 %, {apart.max():.2%} at most"
    )
    assert np.mean(apart > 0.01) < 0.02  # a ray along the edge of a wall goes one way or the other by rounding
    assert apart.max() < 0.06


def lit_about(corner, window):
    """Light of the charts within three metres of PLACE in a chunk, by what tells them from others in any window."""
    scene = load_scene("level0", ["plan.blackout=0", "plan.rooms_dark=0"])
    level = build(floorplan(scene, 5, window), scene, 5)
    mesh, _ = expand(level)
    shift = CHUNK_M * np.array([window[0] - corner[0], window[1] - corner[1], 0.0])
    charts = np.hypot(*(chart_middles(mesh) + shift[:2] - PLACE).T) < 3.0
    lightmap = lit(scene, level, charts, quality="draft")
    return {_place(mesh, c, shift): grid(lightmap, c) for c in np.flatnonzero(charts)}


def _place(mesh, chart, shift):
    """What tells a chart from others in any window."""
    off = 1.3e-4  # nothing lies on a multiple of half a millimetre and this
    corner = np.round(mesh.chart_origin[chart] + shift + off, 3) + 0.0
    sides = [*np.round(mesh.chart_u[chart] + off, 3) + 0.0, *np.round(mesh.chart_v[chart] + off, 3) + 0.0]
    return (*corner, *sides, int(mesh.chart_material[chart]))


def test_the_same_level_is_lit_the_same_wherever_its_origin_lies():
    near = box_room((6, 8, 2.74), [(3, 0, 3.12, 4)], [(1.5, 2, 0), (4.5, 6, 1)])
    far = replace(near, origin=(FAR, -FAR))
    one, other = (bake(level, LightSettings(), ALBEDO, "draft") for level in (near, far))
    np.testing.assert_array_equal(one.steady, other.steady)
