"""What a user of the camera relies on: exposure, fields, colour, noise, lens, highlights, date and time."""

import numpy as np
import pytest

from generator.camera.automatics import focus_plan, iris_plan, restless, white_plan
from generator.camera.blank import blankness
from generator.camera.characters import FONT, write
from generator.camera.clock import display_lines
from generator.camera.exposure import State, settled_state, transfer, wanted_exposure, white_factors
from generator.camera.profile import PROFILES, camera_for
from generator.camera.shoot import _root_fit, shoot
from generator.camera.temper import even_temper
from generator.plan.grid import grid_of_lines
from generator.plan.sight import Outlines
from generator.scene.camera import CameraSettings

FIELD_S = 1001 / 60000
IDEAL = CameraSettings(profile="ideal")
NOTHING = {
    "gain_noise": 0,
    "distortion": 0,
    "vignetting": 0,
    "defocus": 0,
    "bloom": 0,
    "smear": 0,
    "aperture_db": 0,
    "setup": 0,
}
BARE = CameraSettings(white_error=0, white_green=0, osd=False, **NOTHING)


def flat(level, height=120, width=160):
    return np.full((height, width, 3), level, np.float32)


def lamp_over_dark(height=480, width=640):
    view = flat(0.05, height, width)
    view[40:88, 300:340] = 8.0
    return view


def test_ideal_is_exposure_and_transfer_only():
    light = np.linspace(0, 1, 160, dtype=np.float32)[None, :, None] * np.ones((120, 1, 3), np.float32)
    video = shoot(light, IDEAL, State(1.0), 0, 0)
    assert video == pytest.approx(transfer(light.astype(float)), abs=2e-3)


def test_transfer_is_bt709():
    assert transfer(np.array([0.0, 0.018, 1.0])) == pytest.approx([0.0, 0.081, 1.0], abs=1e-3)
    root = np.sqrt(np.linspace(0.018, 1.1, 50))
    assert np.polynomial.polynomial.polyval(root, np.array(_root_fit())) == pytest.approx(root**0.9, abs=2e-4)


@pytest.mark.parametrize("height,width", [(16, 16), (17, 33), (121, 160), (480, 641)])
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_any_size_is_filmed_at_its_size(height, width, profile):
    video = shoot(flat(0.3, height, width), CameraSettings(profile=profile), State(1.0), 0, 0)
    assert video.shape == (height, width, 3)
    assert np.isfinite(video).all()
    assert -0.1 < video.min() <= video.max() < 1.3


def test_a_motionless_view_and_its_two_fields_give_the_same_video():
    y = np.linspace(0.1, 0.5, 120, dtype=np.float32)[:, None, None] * np.ones((1, 160, 3), np.float32)
    whole = shoot(y, BARE, State(1.0), 0, 0)
    pair = shoot((y[1::2].copy(), y[0::2].copy()), BARE, State(1.0), 0, 0)
    assert whole[4:-4] == pytest.approx(pair[4:-4], abs=0.01)


def test_odd_rows_are_the_first_field():
    video = shoot((flat(0.6, 60), flat(0.1, 60)), BARE, State(1.0), 0, 0)
    assert video[1::2].min() > video[0::2].max()


def test_a_field_line_sums_two_rows():
    rows = flat(0.0)
    rows[60] = 0.4
    video = shoot(rows, BARE, State(1.0), 0, 0)[:, 80, 1]
    assert np.flatnonzero(video > 0.01).tolist() == [59, 60, 61]
    assert video[60] == pytest.approx(float(transfer(0.2)), abs=0.01)


def test_exposure_meets_the_target_and_follows_the_light():
    settings = CameraSettings(white_error=0)
    for level in (0.1, 1.0):
        state = settled_state(flat(level), settings)
        assert transfer(level * state.exposure) == pytest.approx(camera_for(settings).ae_target, abs=0.01)
        assert state.gain_db == 0.0


def test_the_dark_stays_dark_and_gets_noisy():
    settings = CameraSettings(osd=False)
    state = settled_state(flat(1e-3), settings)
    assert state.gain_db == pytest.approx(18.0)
    dark = shoot(flat(1e-3), settings, state, 0, 0)
    lit = shoot(flat(0.2), settings, settled_state(flat(0.2), settings), 0, 0)
    assert dark[..., 1].mean() < 0.5 * lit[..., 1].mean()
    assert dark[..., 1].std() > 3 * lit[20:100, 40:120, 1].std()


def test_white_is_locked_to_the_lamps_but_for_the_error():
    lamp = np.array([1.1, 1.0, 0.6])
    exact = white_factors(lamp, 0.0) * lamp
    assert exact == pytest.approx(np.full(3, exact[1]))
    warm = white_factors(lamp, 30.0) * lamp
    assert warm[0] > warm[1] > warm[2]
    assert white_factors((1, 1, 1), 30.0) @ np.array([0.2126, 0.7152, 0.0722]) == pytest.approx(1.0)


def test_noise_differs_by_field_and_repeats_by_seed():
    settings = CameraSettings(osd=False, vignetting=0)
    a, b = (shoot(flat(0.3), settings, State(1.0), 1, 0) for _ in range(2))
    assert np.array_equal(a, b)
    assert not np.array_equal(a, shoot(flat(0.3), settings, State(1.0), 1, 1))
    lower, upper = a[1::2, :, 1] - a[1::2, :, 1].mean(axis=0), a[0::2, :, 1] - a[0::2, :, 1].mean(axis=0)
    assert abs(np.corrcoef(lower.ravel(), upper.ravel())[0, 1]) < 0.1


def test_sensor_noise_does_not_become_finer_with_the_picture():
    settings = BARE.model_copy(update={"gain_noise": 1.0})
    narrow = shoot(flat(0.3, 120, 754), settings, State(1.0), 1, 0)[..., 1]
    wide = shoot(flat(0.3, 120, 3016), settings, State(1.0), 1, 0)[..., 1]
    blocks = wide.reshape(120, 754, 4).mean(axis=2)
    assert blocks.std() == pytest.approx(narrow.std(), rel=0.1)


def test_barrel_distortion_bends_lines_and_keeps_the_corners_in_view():
    view = flat(0.1, 240, 320)
    view[:, 20:23] = 0.8
    video = shoot(view, BARE.model_copy(update={"distortion": 0.1}), State(1.0), 0, 0)[..., 1]
    at = video[:, :80].argmax(axis=1)
    assert at[120] < at[4] - 1


def test_vignetting_darkens_the_corner_by_its_share():
    video = shoot(flat(0.4), BARE.model_copy(update={"vignetting": 0.3}), State(1.0), 0, 0)[..., 1]
    assert video[60, 80] == pytest.approx(float(transfer(0.4)), abs=0.01)
    assert video[0, 0] == pytest.approx(float(transfer(0.4 * 0.7)), abs=0.02)


def test_lamps_smear_into_columns_and_bloom_around():
    smeared = shoot(lamp_over_dark(), BARE.model_copy(update={"smear": 0.002}), State(1.0), 0, 0)[..., 1]
    assert smeared[400, 320] > smeared[400, 100] + 0.02
    bloomed = shoot(lamp_over_dark(), BARE.model_copy(update={"bloom": 0.05}), State(1.0), 0, 0)[..., 1]
    assert bloomed[100, 320] > bloomed[400, 320] + 0.02


def test_setup_that_the_player_takes_off_makes_dark_tones_black_and_leaves_white():
    with_setup = BARE.model_copy(update={"setup": 0.075})
    dark, white = (shoot(flat(level), with_setup, State(1.0), 0, 0)[60, 80, 1] for level in (0.0166, 0.85))
    assert dark == pytest.approx(0.0, abs=0.002)
    assert white == pytest.approx((float(transfer(0.85)) - 0.075) / 0.925, abs=0.002)


def test_aperture_correction_edges_luma():
    view = flat(0.1, 120, 720)
    view[:, 360:] = 0.4
    line = shoot(view, BARE.model_copy(update={"aperture_db": 4.0}), State(1.0), 0, 0)[60, :, 1]
    assert line.max() > float(transfer(0.4)) + 0.02
    assert line.min() < float(transfer(0.1)) - 0.02


def test_defocus_blurs():
    view = flat(0.1, 120, 320)
    view[:, 160:] = 0.4
    sharp = shoot(view, BARE, State(1.0), 0, 0)[60, :, 1]
    soft = shoot(view, BARE, State(1.0, focus=0.02), 0, 0)[60, :, 1]
    assert np.diff(soft).max() < 0.5 * np.diff(sharp).max()


def test_iris_overshoots_and_settles_in_time():
    settings = CameraSettings(iris_s=0.8, iris_overshoot=0.15)
    wanted = np.where(np.arange(200) < 20, 0.5, 2.0)
    exposure, gain = iris_plan(wanted, FIELD_S, settings)
    doublings = np.log2(exposure / 0.5) / 2
    assert doublings[:20] == pytest.approx(np.zeros(20))
    assert doublings.max() == pytest.approx(1.15, abs=0.03)
    settled = 20 + round(1.1 * 0.8 / FIELD_S)
    assert np.abs(doublings[settled:] - 1).max() < 0.06
    assert not gain.any()


def test_iris_plan_depends_on_the_past_alone():
    wanted = np.exp(np.sin(np.arange(120) / 9))
    long, short = iris_plan(wanted, FIELD_S, CameraSettings())[0], iris_plan(wanted[:60], FIELD_S, CameraSettings())[0]
    assert np.array_equal(long[:60], short)


def test_a_field_asks_for_the_exposure_that_settles_on_it():
    settings = CameraSettings()
    wanted = wanted_exposure(flat(0.4), even_temper(settings))
    assert wanted == pytest.approx(settled_state(flat(0.4), settings).exposure)


def test_white_follows_the_lamps_in_seconds_and_wanders_if_asked():
    lamps = np.ones((1200, 3))
    lamps[60:] = [1.2, 1.0, 0.7]
    plan = white_plan(1200, FIELD_S, CameraSettings(white_error=0, white_green=0), lamps)
    blue = plan[:, 2] / plan[:, 1]
    assert blue[60] == pytest.approx(1.0, abs=0.01)
    assert blue[60 + 60 * 2] < 0.5 * (1.0 + 1 / 0.7)
    assert blue[60 + 60 * 16] == pytest.approx(1 / 0.7, abs=0.03)
    drifting = white_plan(1200, FIELD_S, CameraSettings(white_drift=10.0))
    assert drifting.std(axis=0).max() > 0
    assert np.array_equal(drifting[:300], white_plan(300, FIELD_S, CameraSettings(white_drift=10.0)))


def test_focus_hunts_on_blank_walls_and_seldom_elsewhere():
    settings, count = CameraSettings(focus_hunting=0.5), 120000
    bare, rich = (focus_plan(count, FIELD_S, settings, 3, np.full(count, blank)) > 0 for blank in (1.0, 0.0))
    assert bare.mean() > 5 * rich.mean() > 0
    assert np.array_equal(bare[:3000], focus_plan(3000, FIELD_S, settings, 3, np.ones(3000)) > 0)


def test_films_are_restless_where_the_scene_does_not_say_and_foreign_footage_is_not():
    film = restless(CameraSettings())
    assert film.focus_hunting > 0
    assert film.white_drift > 0
    assert restless(CameraSettings(focus_hunting=0.0, white_drift=0.0)) == CameraSettings(
        focus_hunting=0.0, white_drift=0.0
    )
    assert not focus_plan(3600, FIELD_S, CameraSettings()).any()
    assert np.ptp(white_plan(600, FIELD_S, CameraSettings()), axis=0).max() == 0.0


def test_a_wall_before_the_camera_is_blank_and_a_corner_or_a_far_wall_is_not():
    edge = np.array([[10.0, 0.0, 10.0, 20.0], [0.0, 20.0, 10.0, 20.0], [0.0, 0.0, 10.0, 0.0], [0.0, 0.0, 0.0, 20.0]])
    lines = Outlines(edge, grid_of_lines((20, 20), edge))
    places = np.array([[8.5, 10.0], [8.5, 18.5], [2.0, 10.0]])
    near, corner, far = blankness(lines, places, np.array([0.0, np.pi / 4, 0.0]))
    assert near == 1.0
    assert corner == 0.0
    assert far == 0.0


def test_focus_hunts_only_if_asked():
    assert not focus_plan(3600, FIELD_S, CameraSettings()).any()
    blur = focus_plan(3600, FIELD_S, CameraSettings(focus_hunting=1.0))
    assert 0 < (blur > 0).mean() < 0.6
    assert blur.max() < 0.01


def test_date_and_time_stand_low_in_the_frame_white_with_a_dark_edge():
    with_date = shoot(flat(0.2, 480, 640), CameraSettings(), State(1.0), 0, 0)
    without = shoot(flat(0.2, 480, 640), CameraSettings(osd=False), State(1.0), 0, 0)
    rows = np.flatnonzero(np.abs(with_date - without).max(axis=(1, 2)) > 0.1)
    assert rows.min() > 480 * 0.75
    assert rows.max() < 480 * 0.95
    assert with_date.max() > 0.85
    assert with_date.min() < 0.15


def test_date_and_time_have_a_time_and_a_place():
    timed = CameraSettings(osd_from_s=1.0, gain_noise=0)
    assert shoot(flat(0.2, 480, 640), timed, State(1.0), 0, 0).max() < 0.7
    assert shoot(flat(0.2, 480, 640), timed, State(1.0), 0, 31).max() > 0.85
    right = shoot(flat(0.2, 480, 640), CameraSettings(osd_place="right", gain_noise=0), State(1.0), 0, 0)
    assert right[360:, :300].max() < 0.7
    assert right[360:, 340:].max() > 0.85


def lines_of(seed, seconds=0.0, **settings):
    return display_lines(CameraSettings(**settings), seed, seconds)


def test_every_tape_has_a_day_of_its_own_between_1996_and_1998_and_a_few_have_none():
    shown = [lines_of(seed) for seed in range(200)]
    dated = [lines for lines in shown if lines]
    assert 0.75 < len(dated) / 200 < 0.97
    assert {line[0].split()[-1] for line in dated} == {"1996", "1997", "1998"}
    assert len({line[0] for line in dated}) > 140
    assert len({line[1][:2] for line in dated}) == 2
    assert all(lines_of(seed, osd=True) for seed in range(40))


def test_the_clock_runs_on_through_the_hour_and_the_night():
    seed = next(seed for seed in range(40) if lines_of(seed))
    minutes = [lines_of(seed, 60.0 * n)[1] for n in range(24 * 60)]
    assert len(set(minutes)) == 24 * 60
    assert lines_of(seed, 86400.0)[0] != lines_of(seed)[0]
    assert lines_of(seed, 86400.0)[1] == lines_of(seed)[1]


def test_texts_that_are_given_stand_still():
    for seconds in (0.0, 5000.0):
        assert lines_of(3, seconds, osd_date="SEP 23 1996", osd_time="AM 10:42") == ("SEP 23 1996", "AM 10:42")


def test_viewfinder_items_are_off_until_asked_for():
    quiet = CameraSettings(osd=False, gain_noise=0)
    assert shoot(flat(0.2, 480, 640), quiet, State(1.0), 0, 0).max() < 0.7
    assert shoot(flat(0.2, 480, 640), quiet.model_copy(update={"viewfinder": True}), State(1.0), 0, 0)[:90].max() > 0.85


def test_every_character_is_seven_rows_of_five_and_no_two_look_alike():
    assert all(len(rows.split()) == 7 and all(len(r) == 5 for r in rows.split()) for rows in FONT.values())
    assert len(set(FONT.values())) == len(FONT)


def test_characters_have_a_size_in_shares_of_the_picture():
    def box(height, width):
        picture = np.zeros((height, width, 3), np.float32)
        write(picture, "H", 0.5, 0.5)
        rows, columns = np.nonzero(picture[..., 0] > 0.4)
        return np.ptp(rows) / height, np.ptp(columns) / width

    assert box(480, 640) == pytest.approx(box(960, 1280), abs=0.004)


def test_profiles_give_way_to_the_scene_s_own_keys():
    assert camera_for(CameraSettings(profile="ideal", vignetting=0.4)).vignetting == 0.4
    assert camera_for(CameraSettings(profile="ideal")).vignetting == 0.0
    assert not camera_for(CameraSettings(profile="cybershot-2002")).interlaced
