"""The bake against values that can be derived by hand."""

from dataclasses import replace

import numpy as np
import pytest
from light_budget import absorbed, samples
from rooms import ALBEDO, LENS_SIDES, box_room

from generator.colour import lamp_radiance
from generator.geometry.level import expand
from generator.light.area_light import exact_lens, lens_tables
from generator.light.bake import bake
from generator.light.lightmap import LAYERS
from generator.plan.floorplan import LampState
from generator.scene.light import LightSettings

BLACK = np.zeros((4, 3))
SETTINGS = LightSettings()


def at(level, lightmap, point, normal):
    """Light (3,) at a place: bilinear on the chart that holds it."""
    mesh, _ = expand(level)
    way = np.asarray(point) - mesh.chart_origin
    a = (way * mesh.chart_u).sum(1) / (mesh.chart_u**2).sum(1)
    b = (way * mesh.chart_v).sum(1) / (mesh.chart_v**2).sum(1)
    off = np.abs((way * mesh.chart_normal).sum(1))
    inside = (a >= -1e-9) & (a <= 1 + 1e-9) & (b >= -1e-9) & (b <= 1 + 1e-9) & (off < 1e-6)
    (chart, *_) = np.flatnonzero(inside & (mesh.chart_normal @ normal > 0.99))
    grid = samples(lightmap, chart).astype(float)
    x, y = a[chart] * (grid.shape[1] - 1), b[chart] * (grid.shape[0] - 1)
    i, j = min(int(x), grid.shape[1] - 2), min(int(y), grid.shape[0] - 2)
    row = [grid[j + k, i] * (1 - x + i) + grid[j + k, i + 1] * (x - i) for k in (0, 1)]
    return row[0] * (1 - y + j) + row[1] * (y - j)


def test_lens_light_below_its_middle_is_the_closed_form():
    # A rectangle 2a x 2b seen head on from distance h: E = 4 * L/2 * (2 terms), Lambert 1760:
    # E / (pi L) = 4 / (2 pi) * (A atan(B') + B atan(A')) with A = a/sqrt(h²+a²), B' = b/sqrt(h²+a²), and so on.
    level = box_room((6, 6, 2.74), [], [(3.0, 3.0, 0)])
    a, b, h = LENS_SIDES[0] / 2, LENS_SIDES[1] / 2, 2.74
    p, q = np.hypot(h, a), np.hypot(h, b)
    factor = 2 / np.pi * (a / p * np.arctan(b / p) + b / q * np.arctan(a / q))
    light = at(level, bake(level, SETTINGS, BLACK), (3.0, 3.0, 0.0), (0, 0, 1))
    np.testing.assert_allclose(light, factor * level.lamps.radiance[0], rtol=3e-3)


def test_light_on_a_wall_is_the_sum_of_small_sources():
    # Independent of the closed form: 400 x 400 point sources on the lens, wall x = 0 at 1 m up.
    level = box_room((6, 6, 2.74), [], [(2.0, 3.0, 0)])
    n = 400
    x = 2.0 + LENS_SIDES[0] * ((np.arange(n) + 0.5) / n - 0.5)[:, None]
    y = LENS_SIDES[1] * ((np.arange(n) + 0.5) / n - 0.5)[None, :] + 0.24
    d2 = x**2 + y**2 + 1.74**2
    factor = (x * 1.74 / d2**2).mean() * np.prod(LENS_SIDES) / np.pi
    light = at(level, bake(level, SETTINGS, BLACK), (0.0, 2.76, 1.0), (1, 0, 0))
    np.testing.assert_allclose(light, factor * level.lamps.radiance[0], rtol=5e-3)


def test_half_a_lens_behind_a_wall_gives_half_the_light():
    # The partition's end is in line with the lens' middle and with the point, which the lens faces symmetrically.
    free = box_room((8, 6, 2.74), [], [(4.0, 3.0, 1)])
    half = box_room((8, 6, 2.74), [(2.0, 3.0, 2.12, 6.0)], [(4.0, 3.0, 1)])
    there = (0.0, 3.0, 1.0), (1, 0, 0)
    whole, part = (at(room, bake(room, SETTINGS, BLACK, "final"), *there) for room in (free, half))
    np.testing.assert_allclose(part / whole, 0.5, atol=0.03)


@pytest.mark.parametrize("reflectance", [0.0, 0.5, 0.8])
def test_all_the_power_sent_out_is_taken_up(reflectance):
    level = box_room((6, 8, 2.74), [(3, 0, 3.12, 4)], [(1.5, 2, 0), (4.5, 6, 1)])
    albedo = np.full((4, 3), reflectance)
    sent = level.lamps.radiance.sum(axis=0) * np.prod(LENS_SIDES)
    np.testing.assert_allclose(absorbed(level, bake(level, SETTINGS, albedo), albedo), sent, rtol=0.01)


def test_no_light_enters_a_closed_room_beside_a_lit_one():
    level = box_room((8, 6, 2.74), [(4.0, 0, 4.06, 6)], [(2.0, 3.0, 0)])
    mesh, _ = expand(level)
    lightmap = bake(level, SETTINGS, ALBEDO)
    middle = mesh.chart_origin + 0.5 * (mesh.chart_u + mesh.chart_v)
    dark = np.flatnonzero(middle[:, 0] > 4.05)
    assert len(dark) > 20
    assert max(samples(lightmap, c).max() for c in dark) == 0.0
    assert all(samples(lightmap, c).min() > 0.0 for c in np.flatnonzero(middle[:, 0] < 3.99))


def test_walls_and_half_walls_throw_shadows_to_their_feet():
    level = box_room((8, 6, 2.74), [(4.0, 2.0, 4.12, 4.0, 0.0, 1.2)], [(2.0, 3.0, 0)])
    lightmap = bake(level, SETTINGS, BLACK)
    # From (4.3, 3, 0) the lens at height 2.74 is seen through z = 1.2 at 3.3 m < 4: hidden; far behind it is free.
    assert at(level, lightmap, (4.3, 3.0, 0.0), (0, 0, 1)).max() == 0.0
    assert at(level, lightmap, (7.5, 3.0, 0.0), (0, 0, 1)).min() > 0.0
    assert at(level, lightmap, (3.9, 3.0, 0.0), (0, 0, 1)).min() > 0.02


def test_dead_lamps_give_nothing():
    lamps = [(2, 3, 0), (5, 3, 0)]
    dead = bake(box_room((7, 6, 2.74), [], lamps, states=[LampState.ON, LampState.DEAD]), SETTINGS, ALBEDO)
    alone = bake(box_room((7, 6, 2.74), [], lamps[:1]), SETTINGS, ALBEDO)
    assert dead.steady.sum() > 0
    assert abs(dead.steady.max() - alone.steady.max()) < 0.02 * alone.steady.max()


def test_a_lamp_that_lies_on_the_floor_lights_what_is_above_it_and_a_half_wall_shades_it():
    # The lens reaches from x = 2.725 to 3.275 at 0.1 m, a wall of 1 m begins at x = 4. On the ceiling all of the lens
    # is seen up to x = 3.275 + 2.64 * 0.725 / 0.9 = 5.40, none of it from x = 2.725 + 2.64 * 1.275 / 0.9 = 6.46 on.
    room = box_room((8, 6, 2.74), [(4.0, 0.0, 4.12, 6.0, 0.0, 1.0)], [(3, 3, 1)])
    center = room.lamps.center * [1, 1, 0] + [0, 0, 0.1]
    level = replace(room, lamps=replace(room.lamps, center=center, normal=-room.lamps.normal))
    lightmap = bake(level, SETTINGS, ALBEDO, part="direct")
    corner = lens_tables(level, 0.0)[1][0]
    for x in (2.0, 5.0):
        expected = exact_lens(x, 3.2, 2.74, 0.0, 0.0, -1.0, corner) * level.lamps.radiance[0]
        np.testing.assert_allclose(at(level, lightmap, (x, 3.2, 2.74), (0, 0, -1)), expected, rtol=0.02)
    for point, normal in (((6.7, 3, 2.74), (0, 0, -1)), ((8, 3, 2), (-1, 0, 0)), ((3, 4.5, 0), (0, 0, 1))):
        assert (at(level, lightmap, point, normal) == 0.0).all()


def test_a_failing_lamp_has_its_own_layer_and_the_sum_is_the_same():
    lamps = [(2, 3, 0), (5, 3, 0)]
    steady = box_room((7, 6, 2.74), [], lamps)
    failing = box_room((7, 6, 2.74), [], lamps, states=[LampState.ON, LampState.FAILING])
    a, b = bake(steady, SETTINGS, ALBEDO), bake(failing, SETTINGS, ALBEDO)
    assert a.flicker.shape[0] == 0
    assert b.flicker.shape[0] == LAYERS
    np.testing.assert_array_equal(a.chart_size, b.chart_size)
    assert set(np.unique(b.chart_lamp)) == {-1, 1}
    for chart in range(0, len(a.chart_size), 5):
        whole, rest = samples(a, chart), samples(b, chart)
        layered = sum(samples(b, chart, layer) for layer in b.flicker)
        np.testing.assert_allclose(rest + layered, whole, rtol=0.02, atol=0.01 * whole.max() + 1e-4)


def halved(lamps):
    """The lamps with each lens as two emitters, its halves along its long side."""
    two = {name: np.repeat(value, 2, axis=0) for name, value in vars(lamps).items()}
    two["half_u"] = two["half_u"] / 2
    two["center"] = two["center"] + np.tile([[-1.0], [1.0]], (len(lamps.center), 1)) * two["half_u"]
    return replace(lamps, **(two | {"lamp": np.repeat(2 * lamps.lamp, 2)}))


def test_a_failing_lamp_of_two_emitters_flickers_as_one():
    room = box_room((7, 6, 2.74), [], [(2, 3, 0), (5, 3, 0)], states=[LampState.ON, LampState.FAILING])
    two = replace(room, lamps=halved(room.lamps), instances=replace(room.instances, lamp=2 * room.instances.lamp))
    a, b = bake(room, SETTINGS, ALBEDO), bake(two, SETTINGS, ALBEDO)
    assert set(np.unique(b.chart_lamp)) == {-1, 2}
    np.testing.assert_array_equal(a.chart_lamp >= 0, b.chart_lamp >= 0)
    for one, other in ((a.steady, b.steady), *zip(a.flicker, b.flicker, strict=True)):
        np.testing.assert_allclose(one, other, rtol=0.02, atol=2e-3 * a.steady.max())
        assert one is not a.flicker[0] or one.max() > 0.05


def test_a_room_far_from_the_corner_of_its_level_is_lit_alike():
    near = box_room((6, 8, 2.74), [(3, 0, 3.12, 4)], [(1.5, 2, 0), (4.5, 6, 1)])
    far = box_room((6, 8, 2.74), [(3, 0, 3.12, 4)], [(1.5, 2, 0), (4.5, 6, 1)], corner=(39.0144, 0.0))
    a, b = bake(near, SETTINGS, ALBEDO), bake(far, SETTINGS, ALBEDO)
    np.testing.assert_array_equal(a.chart_size, b.chart_size)
    np.testing.assert_allclose(a.steady, b.steady, atol=2e-3 * a.steady.max())


def test_a_chart_is_lit_alike_alone_and_among_all():
    level = box_room((12, 8, 2.74), [(6, 0, 6.12, 5)], [(2.5, 4, 0), (9.5, 4, 1), (4.5, 2, 0)])
    mesh, _ = expand(level)
    some = np.zeros(len(mesh.chart_origin), bool)
    some[[3, 40, 77, 120]] = True
    whole, part = bake(level, SETTINGS, ALBEDO), bake(level, SETTINGS, ALBEDO, charts=some)
    assert (part.chart_size[~some] == 0).all()
    for chart in np.flatnonzero(some):
        np.testing.assert_array_equal(samples(whole, chart), samples(part, chart))


def test_neighbours_agree_along_their_common_border():
    level = box_room((9, 5, 2.74), [], [(3, 2.5, 0), (7, 2.5, 0)])
    mesh, _ = expand(level)
    lightmap = bake(level, SETTINGS, ALBEDO)
    floor = [c for c in range(len(mesh.chart_origin)) if mesh.chart_normal[c, 2] > 0.9]
    worst = 0.0
    for c in floor:
        east = mesh.chart_origin[c] + mesh.chart_u[c]
        beside = [d for d in floor if np.allclose(mesh.chart_origin[d], east)]
        for d in beside:
            step = max(lightmap.chart_size[c, 1], lightmap.chart_size[d, 1]) - 1
            ours, theirs = samples(lightmap, c)[:, -1], samples(lightmap, d)[:, 0]
            ends = [np.interp(np.linspace(0, 1, step + 1), np.linspace(0, 1, len(s)), s[:, 1]) for s in (ours, theirs)]
            worst = max(worst, np.max(np.abs(ends[0] - ends[1]) / np.maximum(ends[0], 0.02)))
    assert 0.0 < worst < 0.01


def test_the_result_does_not_depend_on_the_number_of_threads(monkeypatch):
    level = box_room((6, 8, 2.74), [(3, 0, 3.12, 4)], [(1.5, 2, 0), (4.5, 6, 1)])
    two = bake(level, SETTINGS, ALBEDO)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    np.testing.assert_array_equal(two.steady, bake(level, SETTINGS, ALBEDO).steady)


def test_a_lamp_has_its_luminance_and_is_greenish():
    # x, y of the Planckian locus at 4000 K: 0.3805, 0.3768 (CIE 15); Duv 0.006 above it lies nearer to green.
    plain, green = lamp_radiance([4000.0], duv=0.0)[0], lamp_radiance([4000.0])[0]
    luminance = np.array([0.2126, 0.7152, 0.0722])
    for color in (plain, green):
        assert color @ luminance == pytest.approx(3300 / 683, rel=1e-4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ plain
    np.testing.assert_allclose(xyz[:2] / xyz.sum(), [0.3805, 0.3768], atol=1e-3)
    assert green[1] / green[[0, 2]].mean() > plain[1] / plain[[0, 2]].mean()


def on_its_back(level, height=0.11):
    """The level with its lamps lying on the floor, lens up; nothing is left in the ceiling."""
    lamps = level.lamps
    center = np.column_stack([lamps.center[:, :2], np.full(len(lamps.center), height)])
    none = replace(
        level.instances,
        mesh=level.instances.mesh[:0],
        world_from_mesh=level.instances.world_from_mesh[:0],
        lamp=level.instances.lamp[:0],
    )
    return replace(level, lamps=replace(lamps, center=center, normal=-lamps.normal), instances=none)


def test_a_lamp_on_its_back_lights_the_ceiling_as_one_in_the_ceiling_lights_the_floor():
    up = on_its_back(box_room((6, 6, 2.74), [], [(3.0, 3.0, 0)]), 0.0)
    down = box_room((6, 6, 2.74), [], [(3.0, 3.0, 0)])
    mesh, _ = expand(up)
    ceiling = replace(up.building, chart_material=np.where(mesh.chart_normal[:, 2] < -0.9, 2, mesh.chart_material))
    up = replace(up, building=ceiling)
    lit, floor = bake(up, SETTINGS, BLACK), bake(down, SETTINGS, BLACK)
    for x, y in ((1.0, 1.0), (3.3, 4.0), (5.0, 2.0)):
        above = at(up, lit, (x, y, 2.74), (0, 0, -1))
        np.testing.assert_allclose(above, at(down, floor, (x, y, 0.0), (0, 0, 1)), rtol=0.01)
        assert at(up, lit, (x, y, 0.0), (0, 0, 1)).max() == 0.0


def test_a_half_wall_shades_what_stands_higher_from_a_lamp_on_the_floor():
    # 300 x 300 point sources on a lens 0.11 m up; a half wall 1.0 m high before the wall x = 6. From 1.85 m
    # up some ways pass over its near edge and then meet its far side.
    level = on_its_back(box_room((6, 6, 2.74), [(4.0, 0.0, 4.12, 6.0, 0.0, 1.0)], [(2.0, 3.0, 1)]))
    n, high = 300, 1.85
    step = (np.arange(n) + 0.5) / n - 0.5
    x, y = 2.0 + LENS_SIDES[1] * step[:, None], 3.0 + LENS_SIDES[0] * step[None, :]
    far, rise = 6.0 - x, high - 0.11
    d2 = far**2 + (y - 3.0) ** 2 + rise**2
    free = 0.11 + rise * (4.0 - x) / far > 1.0
    factor = (free * far * rise / d2**2).mean() * np.prod(LENS_SIDES) / np.pi
    light = at(level, bake(level, SETTINGS, BLACK, "final"), (6.0, 3.0, high), (-1, 0, 0))
    assert 0.1 < (free + 0.0 * y).mean() < 0.9
    np.testing.assert_allclose(light, factor * level.lamps.radiance[0], rtol=0.06)
