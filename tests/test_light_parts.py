"""The parts of the bake: gathering, the solve, blocks, occluders, failing lamps."""

import numpy as np
import pytest
from furnace import furnace_light, room_rays
from rooms import ALBEDO, box_room

from generator.geometry.level import expand
from generator.light.area_light import exact_lens
from generator.light.bake import bake
from generator.light.blocks import BLOCK_M, MARGIN_M, block_share, blocks_of, chart_middles, counts_in
from generator.light.flicker_layers import FLICKER_M, STEADY, layer_of
from generator.light.gather import level_rays, upright_rays
from generator.light.lightmap import LAYERS
from generator.light.samples import pieces
from generator.light.visibility.occluders import high_spans, merged, upright_spans
from generator.places.verbs import build, floorplan
from generator.plan.floorplan import CHUNK_M
from generator.scene import load_scene
from generator.scene.light import LightSettings


def test_furnace_every_patch_reaches_emission_over_one_less_reflectance():
    # In a closed room of reflectance r where every patch gets E directly: B = r (E + B), so B = r E / (1 - r).
    level = box_room((6, 8, 2.74), [(3, 0, 3.12, 4), (1, 5, 2, 5.5, 0.0, 1.2)], [(1.5, 2, 0)])
    for reflectance in (0.3, 0.8):
        np.testing.assert_allclose(furnace_light(level, reflectance), reflectance / (1 - reflectance), rtol=0.005)


def test_rays_from_inside_a_closed_room_always_meet_a_patch_that_faces_them():
    level = box_room((6, 8, 2.74), [(3, 0, 3.12, 4)], [(1.5, 2, 0)])
    patches, normal, hits = room_rays(level)
    assert (hits >= 0).mean() > 0.995  # charts narrower than the maps' squares are missed
    row, ray = np.nonzero(hits >= 0)
    way = patches.samples.position[hits[row, ray]] - patches.samples.position[row]
    assert (way * normal[row]).sum(axis=1).min() > -0.01
    assert (way * normal[hits[row, ray]]).sum(axis=1).max() < 0.01


def test_rays_see_the_floor_of_a_box_by_its_form_factor():
    # The floor of a convex room is seen whole, so its share of the rays is the exact form factor of its rectangle.
    level = box_room((6, 6, 2.4))
    mesh, _ = expand(level)
    patches, normal, hits = room_rays(level, 12)
    floor = np.array([[0, 0, 0], [6, 0, 0], [6, 6, 0], [0, 6, 0]], float)
    rows = np.flatnonzero(np.abs(normal[:, 2]) < 0.1)[::7]
    seen = (mesh.chart_normal[patches.chart[hits[rows]], 2] > 0.9).mean(axis=1)
    exact = [exact_lens(*patches.samples.position[r], *normal[r], floor) for r in rows]
    np.testing.assert_allclose(seen, exact, atol=0.02)


def test_strata_weigh_directions_by_their_cosine():
    rays = upright_rays(32, 16)
    elevation = np.arctan(rays.slope)
    cosine = np.cos(elevation) * np.cos(rays.azimuth)[:, None]
    # E[cos] over cosine-weighted directions is 2/3, E[sin²(elevation)] is 1/4.
    assert abs(cosine.mean() - 2 / 3) < 2e-3
    assert abs((np.sin(elevation) ** 2).mean() - 1 / 4) < 2e-3
    rays = level_rays(32, 16, True)
    assert abs(np.sin(np.arctan(rays.slope)).mean() - 2 / 3) < 2e-3


def test_merged_spans_cover_the_same_length_with_fewer_pieces():
    mesh, _ = expand(box_room((12, 8, 2.74), [(6, 0, 6.12, 5)]))
    spans = high_spans(upright_spans(mesh, np.ones(len(mesh.chart_origin), bool)))
    whole = merged(spans)
    assert len(whole.ends) == 4 + 3 + 1 < len(spans.ends)
    lengths = [np.hypot(*(s.ends[:, 2:] - s.ends[:, :2]).T).sum() for s in (spans, whole)]
    np.testing.assert_allclose(lengths[0], lengths[1])


def test_light_depends_on_nothing_beyond_the_margin_but_lamps_in_reach():
    # Two corridors that are the same up to a wall 20 m beyond the first block's margin, walls cut alike every 1.3 m.
    assert BLOCK_M + MARGIN_M + 20 < 39 * 1.3
    short = box_room((39 * 1.3, 3, 2.74), [], [(3, 1.5, 0), (12, 1.5, 0)])
    long = box_room((48 * 1.3, 3, 2.74), [], [(3, 1.5, 0), (12, 1.5, 0)])
    results = []
    for level in (short, long):
        mesh, _ = expand(level)
        middle = mesh.chart_origin + 0.5 * (mesh.chart_u + mesh.chart_v)
        floor = (mesh.chart_normal[:, 2] > 0.9) & (middle[:, 0] < BLOCK_M)
        lightmap = bake(level, LightSettings(), ALBEDO, "draft", floor)
        chart = np.flatnonzero(floor)[np.lexsort(middle[floor].T)]
        (nu, nv), (x, y) = lightmap.chart_size[chart].T, lightmap.chart_place[chart].T
        results.append([lightmap.steady[b : b + m, a : a + n] for n, m, a, b in zip(nu, nv, x, y, strict=True)])
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-4)  # the rooms differ by rounding


@pytest.mark.slow
@pytest.mark.parametrize("name, openness", [("open hall", 1.0), ("warren", 0.0)])
def test_what_the_cut_off_leaves_out_is_under_half_a_percent(name, openness):
    scene = load_scene("halls" if openness else "level0", [f"plan.openness={openness}", "plan.blackout=0"])
    level = build(floorplan(scene, 2, (-1, -1, 2, 2)), scene, 2)
    charts = (np.abs(chart_middles(expand(level)[0]) - 1.5 * CHUNK_M) < 6.0).all(axis=1)
    grey = np.full((len(level.materials), 3), 0.5)
    usual, all_lamps = (
        bake(level, scene.light.model_copy(update={"cutoff": cutoff}), grey, "draft", charts)
        for cutoff in (scene.light.cutoff, 2e-6)
    )
    lost = 1.0 - usual.steady.sum(dtype=float) / all_lamps.steady.sum(dtype=float)
    print(f"{name}: the cut-off of {scene.light.cutoff:g} costs {lost:.3%} of the light beside one of 2e-6")
    assert 0.0 <= lost < 0.005


def test_a_length_that_differs_by_rounding_is_cut_alike():
    lengths = np.array([1.2192, 0.6096, 0.15])
    for off in (-1e-12, 1e-12):
        np.testing.assert_array_equal(pieces(lengths + off, 0.48768), pieces(lengths, 0.48768))
        np.testing.assert_array_equal(pieces(lengths + off, 0.8128), pieces(lengths, 0.8128))


def test_shares_of_blocks_add_up_to_one_and_change_little_over_a_step():
    rng = np.random.default_rng(0)
    place = rng.uniform(-60.0, 60.0, (400, 2))
    blocks = blocks_of(place, place)
    share = np.array([block_share(place, block) for block in blocks])
    near = np.array([block_share(place + 0.01, block) for block in blocks])
    np.testing.assert_allclose(share.sum(axis=0), 1.0)
    assert np.abs(share - near).max() < 0.01
    assert ((share > 0.0).sum(axis=0) > 1).any()


def test_a_block_counts_in_every_rectangle_that_holds_a_place_it_has_a_share_in():
    rng = np.random.default_rng(1)
    low = rng.uniform(-60.0, 60.0, (300, 2))
    high = low + rng.uniform(0.0, 8.0, (300, 2))
    inside = low + rng.uniform(0.0, 1.0, (300, 2)) * (high - low)
    blocks = blocks_of(low, high)
    counts = np.array([[counts_in(*corners, block) for corners in zip(low, high, strict=True)] for block in blocks])
    shares = np.array([block_share(inside, block) for block in blocks]) > 0.0
    assert counts[shares].all()
    assert not counts.all(axis=1).any()


def test_failing_lamps_near_each_other_never_share_a_layer():
    rng = np.random.default_rng(3)
    xy = rng.uniform(0, 150, (60, 2))
    ident = rng.permutation(60).astype(np.uint64)
    layer = layer_of(xy, ident)
    near = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) <= 2 * FLICKER_M
    same = (layer[:, None] == layer[None]) & (layer[:, None] != STEADY) & ~np.eye(60, dtype=bool)
    assert not (near & same).any()
    assert set(layer) <= {STEADY, *range(LAYERS)}
    assert (layer != STEADY).mean() > 0.5
    lonely = near.sum(axis=1) <= LAYERS
    assert (layer[lonely] != STEADY).all()
