"""The patina: a function of the place in the world, clean by default, and never in step with the texture."""

from dataclasses import replace

import numpy as np
import pytest
from surface_charts import level_of, rectangles, texels

from generator import surface
from generator.geometry import expand
from generator.geometry.level import Instances
from generator.places.level0.look_settings import LookSettings
from generator.places.level0.settings import Level0Scene
from generator.places.level0.surfaces.catalogue import SURFACES
from generator.places.verbs import build, floorplan
from generator.surface import Ageing, concrete_layers, patina_kernels, patina_layers, value_noise
from generator.surface.lay import LAID, MOST, WET, coded
from generator.surface.palette import LEFT_BY_WEAR, Wear
from generator.surface.patina import wall_feet

LOOK = LookSettings()
WORN = LookSettings(decay=0.8, damp=0.8)
CHUNK = 39.0144
DUSTY = Ageing(0.8, 0.0, 0.0, 2.0)
WALL = {"origin": (1, 3, 0), "u": (12, 0, 0), "v": (0, 0, 2.74), "material": "wallpaper/plain", "run": 7}
FLOOR = {"origin": (2, 2, 0), "u": (6, 0, 0), "v": (0, 5, 0), "material": "carpet"}
CEILING = {"origin": (2, 7, 2.74), "u": (6, 0, 0), "v": (0, -5, 0), "material": "ceiling/tile"}


def wetness(code):
    """Share of water, 0 to 1, that codes (any shape) stand for: the renderers' reading, in plain NumPy."""
    return np.maximum((np.asarray(code, np.float64) - WET) / (MOST - WET), 0.0)


def lean(code):
    """How far a pile leans, -1 to 1, by codes (any shape), likewise."""
    c = np.asarray(code, np.float64)
    return np.minimum(2.0 * c / LAID - 1.0, np.maximum((WET - c) / (WET - LAID), 0.0))


def aged(charts, look=WORN, seed=4, pitch=0.05, **level):
    mesh = rectangles(charts)
    age = Ageing(look.decay, look.damp, look.anomalies, 2.0)
    return surface.patina(mesh, level_of(mesh, ageing=age, **level), seed, np.full(len(charts), pitch))


def shifted(chart, x, y):
    return {**chart, "origin": tuple(np.add(chart["origin"], (x, y, 0)))}


@pytest.mark.parametrize("chart", [WALL, FLOOR, CEILING], ids=["wall", "floor", "ceiling"])
@pytest.mark.parametrize("origin", [(0, 0), (-3, 5), (2**30 - 1, -(2**30))])
def test_the_window_and_the_distance_from_the_origin_do_not_matter(chart, origin):
    here = texels(aged([chart], origin=origin), 0).astype(int)
    there = texels(aged([shifted(chart, CHUNK, -CHUNK)], origin=(origin[0] - 1, origin[1] + 1)), 0).astype(int)
    assert np.abs(here - there).max() <= 1
    assert here.std(axis=(0, 1))[:3].min() > 0.5


def test_charts_that_share_an_edge_agree_along_it():
    wall = [{**WALL, "u": (5, 0, 0)}, {**WALL, "origin": (6, 3, 0), "u": (7, 0, 0), "uv": 5.0}]
    floor = [FLOOR, {**FLOOR, "origin": (8, 2, 0)}]
    for pair in (wall, floor):
        p = aged(pair)
        left, right = texels(p, 0)[:, -1].astype(int), texels(p, 1)[:, 0].astype(int)
        assert np.abs(left - right).max() <= 1


def test_runs_and_sides_differ_from_one_another():
    back = {**WALL, "origin": (13, 3, 0), "u": (-12, 0, 0)}
    p = aged([WALL, {**WALL, "run": 8}, back])
    front, other, behind = (texels(p, k).astype(int) for k in range(3))
    assert np.abs(front - other).mean() > 0.5
    assert np.abs(front - behind[:, ::-1]).mean() > 0.5


def test_guards_repeat_the_border():
    p = aged([WALL, FLOOR])
    for (wide, high), (column, row) in zip(p.chart_size, p.chart_place, strict=True):
        around = p.factor[row - 1 : row + high + 1, column - 1 : column + wide + 1]
        np.testing.assert_array_equal(around, np.pad(around[1:-1, 1:-1], ((1, 1), (1, 1), (0, 0)), "edge"))


def test_no_pitch_no_patina():
    mesh = rectangles([WALL, FLOOR])
    p = surface.patina(mesh, level_of(mesh), 4, np.array([0.0, 0.1]))
    assert tuple(p.chart_size[0]) == (0, 0)
    assert tuple(p.chart_size[1]) == (61, 51)


def test_a_new_dry_place_is_clean_and_a_given_up_one_is_not():
    clean = aged([WALL, FLOOR, CEILING], LookSettings(decay=0.0, damp=0.0, anomalies=0.0))
    foul = aged([WALL, FLOOR, CEILING], LookSettings(decay=1.0, damp=1.0))
    for k, tolerance in enumerate((24, 40, 20)):
        factor = texels(clean, k).astype(int)
        assert np.percentile(np.abs(factor[..., :3] - 200), 98) < tolerance
        assert wetness(factor[..., 3]).max() == 0
        assert texels(foul, k)[..., :3].std() > 1.5 * factor[..., :3].std()
    assert wetness(texels(foul, 1)[..., 3]).mean() > 0.1


def test_wet_carpet_is_darker_carpet():
    factor = texels(aged([FLOOR], LookSettings(damp=0.6)), 0).astype(float)
    wet = wetness(factor[..., 3]) > 0.78
    assert 0.02 < wet.mean() < 0.98
    assert factor[wet][:, :3].mean() < 0.75 * factor[wetness(factor[..., 3]) == 0][:, :3].mean()


@pytest.mark.parametrize("name", ["wallpaper/plain", "wallpaper/chevron", "wallpaper/stripe", "wallpaper/dots"])
def test_a_twelve_metre_wall_does_not_tile(name):
    material = surface.materials([SURFACES[name]], LOOK, 256)[0]
    period = material.albedo.shape[1]
    repeats = int(12.0 / material.size_m[0])
    chart = {**WALL, "u": (repeats * material.size_m[0], 0, 0), "material": name}
    worst = []
    for run in (1, 2, 3, 4, 5, 6):
        factor = texels(aged([{**chart, "run": run}], LOOK, pitch=0.02), 0)[..., 1] / 200.0
        at = np.linspace(0, factor.shape[1] - 1, repeats * period)
        rows = np.linspace(0, len(factor) - 1, period).astype(int)
        wear = np.stack([np.interp(at, np.arange(factor.shape[1]), factor[r]) for r in rows])
        wall = wear * np.tile(material.albedo[..., 1], repeats)
        residual = wall.reshape(period, repeats, period)
        residual = (residual - residual.mean(axis=1, keepdims=True)).reshape(period, -1)
        own = (residual**2).mean()
        worst.append((residual[:, period:] * residual[:, :-period]).mean() / own)
        assert np.sqrt(own) / wall.mean() > 0.004
    assert max(worst) < 0.35


def test_compiled_noise_equals_its_plain_definition():
    """Gradient noise written out with Python's integers."""
    mask = 2**64 - 1

    def slope(i, j, key, dx, dy):
        word = (i * int(value_noise.ALONG_X) + j * int(value_noise.ALONG_Y) + key) & mask
        word = ((word ^ (word >> 29)) * 0x9FB21C651E98DF25) & mask
        word ^= word >> 32
        low, high = word & 0xFFFFFFFF, word >> 32
        gx, gy = (v - 2**32 if v >= 2**31 else v for v in (low, high))
        return (gx * dx + gy * dy) * 2.3 / 2**31

    def fade(t):
        return t * t * t * (t * (t * 6 - 15) + 10)

    for x, y, cx, cy, n in ((0.3, 2.9, 0, 0, 16), (-1.7, 38.2, -5, 2**30, 61), (11.0, 0.01, 7, -3, 5)):
        tx, ty = x * n / CHUNK, y * n / CHUNK
        i, j = int(np.floor(tx)), int(np.floor(ty))
        fx, fy = tx - i, ty - j
        corner = [[slope(i + cx * n + a, j + cy * n + b, 12345, fx - a, fy - b) for a in (0, 1)] for b in (0, 1)]
        rows = [c[0] + fade(fx) * (c[1] - c[0]) for c in corner]
        expected = rows[0] + fade(fy) * (rows[1] - rows[0])
        assert value_noise.smooth(x, y, cx, cy, n, np.uint64(12345)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("n", [2, 61, 600])
@pytest.mark.parametrize("slope", [0.0, 0.4, 31.0])
def test_noise_along_a_row_equals_noise_at_each_place(n, slope):
    x = np.linspace(-1.3, 9.7, 700)
    y = 2.0 + slope * x
    row = np.full(len(x), np.nan)
    value_noise.smooth_row(x, y, -3, 2**30, n, np.uint64(12345), row)
    alone = [value_noise.smooth(a, b, -3, 2**30, n, np.uint64(12345)) for a, b in zip(x, y, strict=True)]
    np.testing.assert_array_equal(row, alone)


def test_a_floor_knows_how_far_its_walls_are():
    """Against plain geometry: the distance to every foot, for places all over a room with an oblique wall."""
    walls = [
        {**WALL, "origin": (2, 2, 0), "u": (7, 0, 0)},
        {**WALL, "origin": (9, 2, 0), "u": (0, 6, 0)},
        {**WALL, "origin": (4, 3, 0), "u": (2.5, 3.0, 0)},
        {**WALL, "origin": (3, 6, 1.0), "u": (4, 0, 0)},
    ]
    level = level_of(rectangles([*walls, FLOOR]))
    first, feet = wall_feet(level)
    lines = [((2, 2), (9, 2)), ((9, 2), (9, 8)), ((4, 3), (6.5, 6))]
    rng = np.random.default_rng(2)
    for x, y in rng.uniform((2, 2), (9, 8), (300, 2)):
        near = min(_distance(np.array([x, y]), np.array(a, float), np.array(b, float)) for a, b in lines)
        ours = patina_layers.from_walls(first, feet, (32, 32, 3), x, y)
        assert ours == pytest.approx(min(near, patina_layers.FAR_M), abs=1e-9)


def _distance(p, a, b):
    t = np.clip((p - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
    return float(np.linalg.norm(p - a - t * (b - a)))


def test_carpet_is_soiled_along_walls_and_worn_where_people_walk():
    floor = {"origin": (2, 2, 0), "u": (8, 0, 0), "v": (0, 3, 0), "material": "carpet"}
    wall = {**WALL, "origin": (2, 2, 0), "u": (8, 0, 0)}
    mesh = rectangles([floor, wall])
    level = level_of(mesh, ageing=Ageing(0.5, 0.0, 0.0, 2.0))
    quiet = texels(surface.patina(mesh, level, 4, np.full(2, 0.02)), 0)[..., 1].astype(float)
    level.district_maps["traffic"] = np.ones((32, 32), np.float32)
    walked = texels(surface.patina(mesh, level, 4, np.full(2, 0.02)), 0)[..., 1].astype(float)
    assert quiet[:2].mean() < 0.93 * quiet[30:].mean()
    assert walked[50:].mean() < 0.95 * quiet[50:].mean()
    np.testing.assert_array_equal(walked[:3], quiet[:3])


def test_ceiling_tiles_differ_in_tone_and_one_in_fifteen_is_new():
    """A texel in each of 1664 tiles of a new, dry ceiling, against the shares and tones that are stated."""
    module, long = CHUNK / 64, 2.0
    look, nothing = (0.0, 0.0, 0.0, long), 0.0
    middles = [((i + 0.5) * module, (j + 1.0) * module) for i in range(64) for j in range(0, 52, 2)]
    key = np.uint64(77)
    shade = np.array([patina_kernels.ceiling(x, y, 0, 0, key, 0.0, nothing, look, 0.02, 0.0)[0] for x, y in middles])
    new = np.isclose(shade, 1.0 + patina_kernels.TONE, atol=1e-9)
    assert 0.04 < new.mean() < 0.10
    others = shade[~new & (shade < 1.06) & (shade > 0.93)]
    assert others.std() == pytest.approx(2 * patina_kernels.TONE / np.sqrt(12), rel=0.08)
    assert len(others) > 0.85 * len(shade)


def test_a_sagging_tile_is_darker_at_its_rim_than_in_its_belly():
    rim, belly = patina_kernels._sagging(0.01, 0.5), patina_kernels._sagging(0.5, 0.5)
    assert rim < 0.8 < 1.0 < belly


def test_a_loose_joint_has_its_shadow_beside_the_light_on_its_edge():
    """Along a joint that came loose somewhere: dark on one side of it, bright on the other, nothing 30 mm away."""
    width, key = 0.6, np.uint64(5)
    for joint in range(1, 400):
        u = joint * width + np.linspace(-0.029, 0.029, 117)
        factor = np.array([patina_kernels._lifted(at, 0.45, 2.74, width, key, 0.9, 0.9, 0.001) for at in u])
        if (factor != 1.0).any():
            break
    assert factor.min() < 0.95
    assert factor.max() > 1.02
    assert (factor.argmin() < 58) != (factor.argmax() < 58)
    assert patina_kernels._lifted(joint * width + 0.031, 0.45, 2.74, width, key, 0.9, 0.9, 0.001) == 1.0


def test_light_bounces_from_what_wear_leaves_of_a_surface():
    scene = Level0Scene()
    level = build(floorplan(scene, 1, (0, 0, 1, 1)), scene, 1)
    mesh = expand(level)[0]
    sides_m, worn = mesh.sides_m, surface.patina(mesh, level, 1, np.full(len(mesh.chart_origin), 0.1))
    share, area = [[], [], [], []], [[], [], [], []]
    for k, ((h, w), (y, x)) in enumerate(zip(worn.chart_size[:, ::-1], worn.chart_place[:, ::-1], strict=True)):
        if h and w:
            wear = level.palette.wear[mesh.chart_material[k]]
            share[wear].append(worn.factor[y : y + h, x : x + w, :3].mean() / 200)
            area[wear].append(np.prod(sides_m[k]))
    for wear in (Wear.WALL, Wear.FLOOR, Wear.CEILING):
        assert np.average(share[wear], weights=area[wear]) == pytest.approx(LEFT_BY_WEAR[wear], abs=0.05)


def test_lean_and_water_share_a_byte_and_come_back():
    code = np.array([[coded(way, water) for water in (0.0, 0.01, 0.5, 1.0)] for way in (-1.0, 0.0, 0.6, 1.0)])
    assert code.min() >= 0
    assert code.max() <= 255
    np.testing.assert_allclose(lean(code[:, 0]), (-1.0, 0.0, 0.6, 1.0), atol=1e-9)
    np.testing.assert_allclose(lean(code[:, 1:]), 0.0, atol=1e-9)
    np.testing.assert_allclose(wetness(code), [[0.0, 0.01, 0.5, 1.0]] * 4, atol=1e-9)


def test_vacuum_strokes_lean_both_ways_side_by_side():
    way = lean(texels(aged([FLOOR], LookSettings(decay=0.1, damp=0.0)), 0)[..., 3])
    own = way - np.median(way)
    assert (own > 0.2).mean() > 0.1
    assert (own < -0.2).mean() > 0.1


def test_hands_soil_the_wall_about_a_switch_on_its_own_side():
    front = {"origin": (4, 2, 0), "u": (-2, 0, 0), "v": (0, 0, 2.4), "material": "wallpaper/plain", "run": 3}
    back = {"origin": (2, 2.12, 0), "u": (2, 0, 0), "v": (0, 0, 2.4), "material": "wallpaper/plain", "run": 3}
    place = np.eye(4)
    place[:3, 3] = 3.0, 2.0, 1.22
    mesh = rectangles([front, back])
    level = level_of(mesh, decay=0.2, damp=0.0, ageing=Ageing(0.3, 0.0, 0.0, 2.0, ("switch",)))
    one = Instances(np.zeros(1, np.int16), place[None], np.full(1, -1, np.int32))
    with_switch = replace(level, instances=one, instance_meshes=(mesh,), instance_names=("switch",))
    without, soiled = (surface.patina(mesh, some, 4, np.full(2, 0.02)) for some in (level, with_switch))
    lost = [1.0 - texels(soiled, k).astype(float) / texels(without, k) for k in (0, 1)]
    assert lost[0][55:67, 45:56, :3].mean() > 0.03
    assert lost[0][:40].max() == lost[0][80:].max() == 0.0
    assert np.array_equal(texels(soiled, 1), texels(without, 1))


def test_dust_lies_on_what_faces_up_and_not_on_its_underside_whichever_way_its_sides_run():
    top = {"origin": (1, 3, 1.0), "u": (3, 0, 0), "v": (0, 1, 0), "material": "metal"}
    mesh = rectangles([top])
    means = []
    for facing in (1.0, -1.0):
        turned = replace(mesh, chart_normal=np.array([[0.0, 0.0, facing]], np.float32))
        worn = surface.patina(turned, level_of(turned, ageing=DUSTY), 4, np.full(1, 0.05))
        means.append(texels(worn, 0)[..., 2].mean())
    assert means[0] > 1.05 * means[1]


def test_a_floor_without_concrete_needs_none_of_the_concrete_kernels(monkeypatch):
    asked = []
    monkeypatch.setattr(concrete_layers, "weather_concrete", lambda *arrays: asked.append(arrays))
    aged([WALL, FLOOR, CEILING])
    assert not asked
    mesh = rectangles([FLOOR])
    cast = surface.palette_of(replace(surface_, wear=Wear.SLAB) for surface_ in SURFACES.values())
    surface.patina(mesh, replace(level_of(mesh), palette=cast), 4, np.full(1, 0.05))
    assert len(asked) == 1
