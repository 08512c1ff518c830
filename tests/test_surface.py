"""Materials: stated means, sizes that can be measured in the texels, no seam at the period's edge."""

from itertools import pairwise

import numpy as np
import pytest
from pydantic import ValidationError

from generator import surface
from generator.errors import NoclipError
from generator.places import verbs
from generator.places.level0.look_settings import LookSettings
from generator.places.level0.settings import Level0Scene
from generator.places.level0.surfaces.catalogue import SURFACES
from generator.places.level0.surfaces.papers import wallpaper_for, zones

LOOK = LookSettings()


def materials(names, look, texture_px=1024):
    return surface.materials([SURFACES[name] for name in names], look, texture_px)


PX = 256


@pytest.fixture(scope="module")
def made():
    return dict(zip(SURFACES, materials(SURFACES, LOOK, PX), strict=True))


@pytest.mark.parametrize("name", SURFACES)
def test_arrays_are_what_the_noun_says(made, name):
    m = made[name]
    h, w = m.albedo.shape[:2]
    assert m.name == name
    assert m.albedo.shape == m.normal.shape == (h, w, 3)
    assert m.roughness.shape == (h, w)
    assert {m.albedo.dtype, m.normal.dtype, m.roughness.dtype, m.emission.dtype} == {np.dtype(np.float32)}
    assert m.albedo.min() >= 0
    assert m.albedo.max() <= 0.95
    np.testing.assert_allclose(np.linalg.norm(m.normal, axis=2), 1, atol=1e-5)
    assert m.normal[..., 2].min() > 0
    assert 0 < m.roughness.min() <= m.roughness.max() <= 1
    assert m.emission.shape == ((h, w, 3) if name.startswith("lens") else (0, 0, 3))
    assert w / m.size_m[0] == pytest.approx(h / m.size_m[1], rel=0.02)


@pytest.mark.parametrize(
    "name, mean",
    [
        ("carpet", (0.33, 0.27, 0.15)),
        ("ceiling/tile", (0.79, 0.76, 0.65)),
        ("trim", (0.42, 0.365, 0.235)),
        ("wallpaper/plain", (0.472, 0.404, 0.224)),
        ("wallpaper/chevron", (0.472, 0.404, 0.224)),
        ("wallpaper/stripe", (0.472, 0.404, 0.224)),
        ("wallpaper/dots", (0.472, 0.404, 0.224)),
    ],
)
def test_mean_albedos_are_those_of_the_place(made, name, mean):
    np.testing.assert_allclose(made[name].mean_albedo, mean, atol=0.005)


def test_wallpaper_goes_from_beige_to_yellow():
    ends = [materials(("wallpaper/plain",), LookSettings(wallpaper_yellow=t), 64)[0] for t in (0, 1)]
    np.testing.assert_allclose(ends[0].mean_albedo, (0.55, 0.50, 0.38), atol=0.005)
    np.testing.assert_allclose(ends[1].mean_albedo, (0.42, 0.34, 0.12), atol=0.005)


@pytest.mark.parametrize("name", [n for n in SURFACES if not n.startswith("lens") and n != "door/painted"])
@pytest.mark.parametrize("axis", [0, 1])
def test_no_seam_at_the_periods_edge(made, name, axis):
    image = np.moveaxis(made[name].albedo.mean(axis=2), axis, 0)
    steps = np.abs(np.roll(image, -1, 0) - image).mean(axis=1)
    assert steps[-1] <= 1.3 * np.sort(steps[:-1])[-3]


def test_lens_shows_its_tubes_and_emits_one_on_average(made):
    glow = materials(("lens/prismatic",), LOOK, 1024)[0].emission
    np.testing.assert_allclose(glow.mean(axis=(0, 1)), 1, atol=1e-4)
    assert made["lens/prismatic"].size_m == (1.17, 0.56)
    rows = glow[:, glow.shape[1] // 4 : -glow.shape[1] // 4].mean(axis=(1, 2))
    assert np.abs(np.fft.rfft(rows))[1:30].argmax() + 1 == 3
    assert 0.05 < rows.std() < 0.2


@pytest.mark.parametrize("grid, high_m", [("2x4", 1.2192), ("2x2", 0.6096)])
def test_t_bars_lie_on_module_lines_and_are_24_mm_wide(grid, high_m):
    m = materials(("ceiling/tile",), LookSettings(ceiling_grid=grid), 1024)[0]
    texel = m.size_m[0] / m.albedo.shape[1]
    bright = m.roughness < 0.7
    columns, rows = bright.mean(axis=0) > 0.9, bright.mean(axis=1)[::-1] > 0.9
    for mask, pitch in ((columns, 0.6096), (rows, high_m)):
        at = (np.arange(len(mask)) + 0.5) * texel
        distance = np.abs(at - pitch * np.round(at / pitch))
        assert distance[mask].max() == pytest.approx(0.012, abs=1.5 * texel)
        assert mask.mean() == pytest.approx(0.024 / pitch, abs=0.01)


@pytest.mark.parametrize(
    "name, motif, pitch_m",
    [
        ("wallpaper/chevron", "large", 0.060),
        ("wallpaper/chevron", "photograph", 0.030),
        ("wallpaper/stripe", "large", 0.15),
        ("wallpaper/stripe", "photograph", 0.15),
        ("wallpaper/dots", "large", 0.046),
        ("wallpaper/dots", "photograph", 0.023),
    ],
)
def test_patterns_have_their_pitch(name, motif, pitch_m):
    m = materials((name,), LookSettings(wallpaper_motif=motif), 512)[0]
    power = (np.abs(np.fft.rfft(m.albedo[..., 2], axis=1)) ** 2).mean(axis=0)
    line = round(m.size_m[0] / pitch_m)
    assert m.size_m[0] / line == pytest.approx(pitch_m)
    between = np.delete(power[1 : 3 * line], np.arange(line, 3 * line, line) - 1)
    assert power[line] > 4 * between.max()


@pytest.mark.parametrize("pattern, roll_m", [("chevron", 0.60), ("plain", 0.60), ("dots", 0.69)])
def test_rolls_meet_in_a_darker_joint(pattern, roll_m):
    pitch_px, roll_px = {"dots": 46}.get(pattern, 60), round(roll_m * 1000)
    m = materials((f"wallpaper/{pattern}",), LOOK, 2 * roll_px)[0]
    assert m.size_m[0] == pytest.approx(2 * roll_m)
    same_place_in_the_pattern = m.albedo.mean(axis=(0, 2))[pitch_px::pitch_px]
    assert same_place_in_the_pattern.argmin() == roll_px // pitch_px - 1


def test_carpet_lies_in_rows_an_eighth_of_an_inch_apart():
    m = materials(("carpet",), LOOK, 1024)[0]
    columns = np.abs(np.fft.rfft(m.gap - m.gap.mean(), axis=0)) ** 2
    line = columns.mean(axis=1)[20:400].argmax() + 20
    assert m.size_m[1] / line == pytest.approx(0.0254 / 8, rel=1e-9)
    assert columns.mean(axis=1)[line] > 20 * np.median(columns.mean(axis=1)[20:400])


def test_carpet_is_even_from_afar():
    """Clumps of the size of orange peel: the shade of squares of 13 mm and more varies little."""
    m = materials(("carpet",), LOOK, 1024)[0]
    squares = m.albedo[..., 1].reshape(64, 16, 64, 16).mean(axis=(1, 3))
    assert squares.std() / squares.mean() < 0.045


def test_a_material_depends_on_its_name_and_look_alone():
    alone = materials(("trim",), LOOK, 64)[0]
    among = materials(("wood", "trim"), LookSettings(decay=0.9), 64)[1]
    np.testing.assert_array_equal(alone.albedo, among.albedo)


def test_two_materials_of_one_make_are_drawn_apart():
    one, other = (m.roughness for m in materials(("plastic/ivory", "plastic/dark"), LOOK, 64))
    assert not np.array_equal(one, other)


def test_an_unknown_material_is_one_clear_error():
    with pytest.raises(NoclipError, match="wallpaper/chevron") as caught:
        verbs.materials(("wallpaper/chevrons",), Level0Scene())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "bad",
    [{"wallpapers": ()}, {"wallpapers": ("wallpaper/tartan",)}, {"wallpaper_weights": (0.0, 0.0)}, {"decay": 1.5}],
)
def test_bad_looks_are_refused(bad):
    with pytest.raises(ValidationError):
        LookSettings(**bad)


def test_a_wall_side_keeps_its_paper_and_districts_have_a_dominant_one():
    run = np.arange(3000)
    district = run // 300
    paper = wallpaper_for(LOOK, 3, run, 0, district)
    np.testing.assert_array_equal(paper[100:200], wallpaper_for(LOOK, 3, run[100:200], 0, district[100:200]))
    shares = [np.bincount(paper[district == d], minlength=4).max() / 300 for d in range(10)]
    assert min(shares) > 0.85
    assert max(shares) < 1.0
    other = wallpaper_for(LOOK, 3, run, 1, district)
    assert 0 < (paper != other).mean() < 0.2


def test_wallpaper_weights_rule_the_districts():
    shares = (0.62, 0.24, 0.09, 0.05)
    districts = np.arange(4000)
    paper = wallpaper_for(LookSettings(wallpaper_mix=0.0, wallpaper_weights=shares), 3, districts, 0, districts)
    np.testing.assert_allclose(np.bincount(paper) / 4000, shares, atol=0.03)


def test_the_floor_at_large_wears_a_printed_paper_without_a_rail_where_there_is_one():
    run = np.arange(40)
    floors = [wallpaper_for(LookSettings(wallpaper_mix=0.0), seed, run, 0, 0) for seed in range(60)]
    assert all(len(set(floor)) == 1 for floor in floors)
    assert {LOOK.wallpapers[floor[0]] for floor in floors} == {"wallpaper/chevron", "wallpaper/stripe"}
    plain = wallpaper_for(LookSettings(wallpaper_mix=0.0, wallpaper_weights=(1.0, 0.0)), 3, run, 0, 0)
    assert (plain == 0).all()


@pytest.mark.parametrize("name", [n for n in SURFACES if n.startswith("wallpaper")])
def test_zones_stack_from_the_floor_up(name):
    stack = zones(name)
    assert stack[0][0] == 0.0
    assert stack[-1][1] == float("inf")
    assert all(below[1] == above[0] for below, above in pairwise(stack))
    assert stack[-1][2] == name
    assert all(material in SURFACES for _, _, material in stack)


def test_the_plain_paper_has_a_weave_that_a_pixel_at_three_metres_still_shows():
    m = materials(("wallpaper/plain",), LOOK, 1024)[0]
    pixels = m.albedo[..., 1].reshape(256, 4, 256, 4).mean(axis=(1, 3))
    assert 0.015 < pixels.std() / pixels.mean() < 0.05


def test_a_dead_tube_darkens_its_third_of_the_lens():
    lenses = materials(("lens/prismatic", "lens/tube_dead"), LOOK)
    whole, lame = (m.emission[:, 300:700].mean(axis=(1, 2)) for m in lenses)
    thirds = [[rows[k * len(rows) // 3 : (k + 1) * len(rows) // 3].mean() for k in range(3)] for rows in (whole, lame)]
    assert max(thirds[0]) / min(thirds[0]) < 1.1
    assert sorted(thirds[1])[0] < 0.6 * sorted(thirds[1])[1]
    assert lame.mean() == pytest.approx(whole.mean(), rel=0.02)
