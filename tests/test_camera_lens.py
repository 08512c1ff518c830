"""What a user of the lens relies on: light is spread, not lost; round in the frame; spread as far as was measured."""

import numpy as np
import pytest
from scipy import ndimage

from generator.camera.exposure import State, transfer
from generator.camera.lens import FALL, NEAR, core_taps, spread_for, stray_light, tent
from generator.camera.lens_kernels import add_doubled, bend_field, gather_cells, halve
from generator.camera.profile import camera_for
from generator.camera.shoot import _expose, shoot
from generator.scene.camera import CameraSettings

NOTHING = {"gain_noise": 0, "distortion": 0, "vignetting": 0, "smear": 0, "aperture_db": 0, "setup": 0}
BARE = CameraSettings(profile="cybershot-2002", white_error=0, white_green=0, osd=False, bloom=0.05, **NOTHING)
CAMCORDER = BARE.model_copy(update={"profile": "camcorder-1996"})
FRAME, FIELD = (BARE, 1), (CAMCORDER, 2)


def spread(view, settings=BARE, **changes):
    """Linear light (H, W) behind the lens, of a view (H, W) before it."""
    source = np.repeat(view[..., None], 3, axis=2).astype(np.float32)
    light = np.empty((len(view), 3, view.shape[1]), np.float32)
    _expose(source, 1, 0, camera_for(settings.model_copy(update=changes)), State(1.0), light)
    return light[:, 1].astype(np.float64)


def point(rows_a_line=1, width=640):
    view = np.zeros((width * 3 // 4 // rows_a_line, width))
    view[view.shape[0] // 2, width // 2] = 1000.0
    return view


def distances(shape, rows_a_line):
    """Distance of every pixel from the middle one, pixels of the frame."""
    y, x = np.indices(shape)
    return np.hypot(x - shape[1] // 2, rows_a_line * (y - shape[0] // 2))


@pytest.mark.parametrize("settings,rows_a_line", [FRAME, FIELD])
def test_light_is_spread_not_lost(settings, rows_a_line):
    view = point(rows_a_line)
    assert spread(view, settings).sum() == pytest.approx(view.sum(), rel=0.005)


@pytest.mark.parametrize("settings,rows_a_line", [FRAME, FIELD])
@pytest.mark.parametrize("size", [(16, 16), (37, 53), (240, 641), (240, 720)])
def test_an_even_view_stays_as_it_is(size, settings, rows_a_line):
    assert spread(np.full(size, 0.4), settings, bloom=0.3) == pytest.approx(np.full(size, 0.4), rel=1e-4)


@pytest.mark.parametrize("settings,rows_a_line", [FRAME, FIELD])
@pytest.mark.parametrize("width", [640, 1280])
def test_the_core_is_as_wide_as_the_lens_has_it(settings, rows_a_line, width):
    core = spread(point(rows_a_line, width), settings, bloom=0.0, defocus=0.0025)
    y, x = np.indices(core.shape)
    wanted = 0.8 / 640 * width
    for along, pixels in ((x, wanted), (y, wanted / rows_a_line)):
        mean = np.average(along, weights=core)
        assert np.sqrt(np.average((along - mean) ** 2, weights=core)) == pytest.approx(pixels, rel=0.02)


@pytest.mark.parametrize("settings,rows_a_line", [FRAME, FIELD])
@pytest.mark.parametrize("radius", [0.01, 0.02, 0.05, 0.1])
def test_as_much_light_falls_beyond_a_radius_as_was_measured(settings, rows_a_line, radius):
    view = point(rows_a_line)
    share = spread(view, settings)[distances(view.shape, rows_a_line) > radius * 640].sum() / view.sum()
    assert share == pytest.approx(0.05 * (radius / NEAR) ** -FALL, rel=0.2)


def test_a_black_patch_in_a_white_field_shows_a_zoom_s_veiling_glare():
    view = np.ones((480, 640))
    view[distances(view.shape, 1) < 64] = 0.0
    assert 0.005 < spread(view)[240, 320] < 0.01


@pytest.mark.parametrize("settings,rows_a_line", [FRAME, FIELD])
def test_glow_is_round_in_the_frame(settings, rows_a_line):
    view = np.zeros((480 // rows_a_line, 640))
    view[160 // rows_a_line, 220] = 1000.0
    glow = spread(view, settings)
    y, x = np.indices(glow.shape)
    y, x = rows_a_line * y - 160, x - 220
    radius = np.hypot(x, y)
    level = glow * radius ** (FALL + 2)
    for r in (12, 24, 40, 100):
        ring = np.abs(radius - r) < 2
        assert level[ring & (abs(x) > abs(y))].mean() == pytest.approx(level[ring & (abs(x) < abs(y))].mean(), rel=0.1)


def test_a_lamp_s_whole_light_glows_however_bright_it_is():
    lamp = np.full((480, 640), 0.05)
    lamp[200:240, 300:360] = 10.0
    once, far = spread(lamp), (300, 330)
    brighter = np.where(lamp > 1, 100.0, lamp)
    assert spread(brighter)[far] - spread(lamp * (lamp < 1))[far] == pytest.approx(
        10 * (once[far] - spread(lamp * (lamp < 1))[far]), rel=1e-3
    )
    assert once[250, 330] > once[280, 330] > once[330, 330] > once[470, 10] > 0.05


def test_bloom_is_a_factor_on_the_tails():
    none, half, whole = (spread(point(), bloom=bloom)[300, 400] for bloom in (0.0, 0.025, 0.05))
    assert none == 0.0
    assert whole == pytest.approx(2 * half)


def test_the_converter_lens_shows_a_faint_ghost_upside_down():
    view = np.zeros((480, 640))
    view[100:130, 100:160] = 10.0
    seen = spread(view)
    opposite, beside = seen[365, 510], seen[365, 130]
    assert 1.3 * beside < opposite < 0.01


def test_distortion_comes_before_the_spread():
    view = np.zeros((480, 640))
    view[20:30, 20:30] = 1000.0
    seen = spread(view, distortion=0.1)
    ring = seen * (seen < 0.2 * seen.max())
    for axis in (0, 1):
        bright = np.average(np.arange(seen.shape[1 - axis]), weights=(seen > 0.5 * seen.max()).sum(axis=axis))
        near = ring[:60, :60].sum(axis=axis)
        assert np.average(np.arange(60), weights=near) == pytest.approx(bright, abs=4)


def test_vignetting_comes_after_the_spread():
    even = spread(np.full((480, 640), 0.5), vignetting=0.3)
    assert even[0, 0] == pytest.approx(0.5 * 0.7, rel=0.01)


def test_the_ideal_camera_has_no_lens():
    view = np.random.default_rng(0).uniform(0, 0.9, (48, 64, 3)).astype(np.float32)
    assert shoot(view, CameraSettings(profile="ideal"), State(1.0), 0, 0) == pytest.approx(transfer(view), abs=2e-4)


def test_a_frame_does_not_depend_on_what_was_shot_before_it():
    view = np.random.default_rng(1).uniform(0, 3, (120, 160, 3)).astype(np.float32)
    alone = shoot(view, CameraSettings(), State(1.0), 3, 17)
    for frame in (15, 16):
        shoot(view[::-1], CameraSettings(), State(1.0, focus=0.01 * (frame - 15)), 3, frame)
    assert np.array_equal(alone, shoot(view, CameraSettings(), State(1.0), 3, 17))


def test_the_core_s_kernel_blurs_as_a_plain_filter_does():
    view = np.random.default_rng(2).uniform(0, 1, (31, 47))
    plain = view
    for axis, variance in ((0, (0.05 * 47 / 4) ** 2), (1, (0.05 * 47 / 2) ** 2)):
        plain = ndimage.correlate1d(plain, core_taps(variance), axis=axis, mode="nearest")
    assert spread(view, CAMCORDER, bloom=0.0, defocus=0.05) == pytest.approx(plain, abs=1e-5)


def test_the_pyramid_s_kernels_do_what_plain_ones_do():
    light = np.random.default_rng(3).uniform(0, 1, (25, 3, 38)).astype(np.float32)
    cells = np.empty((13, 10, 3), np.float32)
    gather_cells(light, tent(4), tent(2), cells)
    weights = np.outer([0.125, 0.375, 0.375, 0.125], np.array([1, 3, 5, 7, 7, 5, 3, 1]) / 32)
    assert cells[3, 2] == pytest.approx(np.einsum("ji,jci->c", weights, light[5:9, :, 6:14]), abs=1e-5)
    small = np.empty((7, 5, 3), np.float32)
    halve(cells, small)
    taps = np.array([1, 3, 3, 1]) / 8
    plain = cells.astype(float)
    for axis in (0, 1):
        plain = ndimage.correlate1d(plain, taps, axis=axis, mode="nearest", origin=-1)
    assert small[1:-1, 1:-1] == pytest.approx(plain[2:-2:2, 2:-2:2][:5, :3], abs=1e-5)
    fine = np.zeros((13, 10, 3), np.float32)
    add_doubled(small, fine)
    assert fine[5, 4] == pytest.approx(
        0.75 * (0.75 * small[2, 2] + 0.25 * small[2, 1]) + 0.25 * (0.75 * small[3, 2] + 0.25 * small[3, 1]), abs=1e-6
    )


def test_an_undistorted_field_is_not_moved():
    source = np.random.default_rng(4).uniform(0, 1, (12, 16, 3)).astype(np.float32)
    light = np.empty((6, 3, 16), np.float32)
    bend_field(source, 2, 1, np.float32(0.0), light)
    assert light == pytest.approx(source[1::2].transpose(0, 2, 1), abs=1e-6)


def test_no_tails_cost_nothing():
    fitted = spread_for(48, 64, 1, 0.00125, 0.0)
    assert stray_light(np.ones((48, 3, 64), np.float32), fitted).size == 0
    assert fitted.across.sum() == pytest.approx(1.0)
