"""What a user relies on in how takes are exposed: they differ by seed and go wrong as often as is said."""

from dataclasses import replace

import numpy as np
import pytest

from generator.camera.exposure import CLIPPED, PEAK, settled_state, wanted_exposure
from generator.camera.temper import BAD_TAKES, Temper, even_temper, mishaps_allowed, temper_of
from generator.camera.white import near_tubes
from generator.colour import lamp_radiance
from generator.precompile import small_room
from generator.scene import load_scene
from generator.scene.camera import CameraSettings

SEEDS = range(2000)
SETTINGS = CameraSettings()


def room(lamp=5.0):
    """A lit room with a lamp in view."""
    view = np.full((120, 160, 3), 0.06, np.float32)
    view[:, 100:] = 0.01
    view[10:30, 20:60] = lamp
    return view


def doublings(seed, settings=SETTINGS):
    """How much brighter a seed's take is than an even one."""
    even = wanted_exposure(room(), even_temper(settings))
    return np.log2(wanted_exposure(room(), temper_of(settings, seed)) / even)


def test_takes_differ_by_seed_and_a_seed_s_take_is_always_the_same():
    takes = [doublings(seed) for seed in range(60)]
    assert takes == [doublings(seed) for seed in range(60)]
    assert 0.15 < np.std(takes) < 0.5
    assert np.abs(takes).max() < 1.0


@pytest.mark.parametrize("told", [{"ae_target": 0.5}, {"exposure_ev": 0.25}, {"profile": "ideal"}, {"temper": 0.0}])
def test_a_user_who_says_how_to_expose_is_obeyed_in_every_take(told):
    settings = SETTINGS.model_copy(update=told)
    assert {temper_of(mishaps_allowed(settings), seed) for seed in range(50)} == {even_temper(settings)}


def test_one_take_in_eight_is_too_bright_and_one_too_dark_where_takes_go_wrong():
    film = mishaps_allowed(SETTINGS)
    off = np.array([temper_of(film, seed).ev - temper_of(SETTINGS, seed).ev for seed in SEEDS])
    assert (off > 0.6).mean() == pytest.approx(0.125, abs=0.03)
    assert (off < -0.8).mean() == pytest.approx(0.125, abs=0.03)
    assert (off == 0).mean() == pytest.approx(0.75, abs=0.04)


def test_a_single_still_s_take_never_goes_wrong_unless_the_scene_says_so():
    assert max(abs(temper_of(SETTINGS, seed).ev) for seed in SEEDS) < 0.5
    always = SETTINGS.model_copy(update={"bad_takes": 0.5})
    assert min(abs(temper_of(always, seed).ev) for seed in SEEDS) > 0.3


def test_a_picture_of_a_batch_is_exposed_alike_when_made_again_alone():
    scene = load_scene("level0")
    batch = mishaps_allowed(scene.camera)
    assert batch.bad_takes == BAD_TAKES
    again = CameraSettings(**batch.model_dump(mode="json"))
    assert [temper_of(again, s) for s in range(50)] == [temper_of(mishaps_allowed(SETTINGS), s) for s in range(50)]
    steady = SETTINGS.model_copy(update={"bad_takes": 0.0})
    assert mishaps_allowed(steady) == steady


def test_lamps_in_view_fool_some_meters_more_than_others():
    target = even_temper(SETTINGS).target
    exposures = [wanted_exposure(room(), Temper(target, lamps=lamps)) for lamps in (1.0, 3.0, 8.0)]
    assert exposures == sorted(exposures, reverse=True)
    assert exposures[0] > 1.15 * exposures[2]


def test_a_meter_that_counts_the_middle_cares_less_for_the_border():
    dark_middle = np.full((120, 160, 3), 0.06, np.float32)
    dark_middle[40:100, 50:110] = 0.02
    average, centre = (wanted_exposure(dark_middle, Temper(0.5, centre=c)) for c in (0.0, 6.0))
    assert centre > 1.1 * average


def test_a_bright_part_of_the_picture_is_not_burnt_out_for_the_sake_of_the_dark():
    view = np.full((120, 160, 3), 0.001, np.float32)
    view[:, 120:] = 0.05
    assert (view * wanted_exposure(view, even_temper(SETTINGS)) > 1.01 * PEAK).mean() < CLIPPED


def test_the_state_of_a_take_is_that_of_its_temper():
    bright = Temper(even_temper(SETTINGS).target, ev=0.5)
    even, brighter = (settled_state(10 * room(), SETTINGS, temper=t).exposure for t in (None, bright))
    assert brighter == pytest.approx(2**0.5 * even)


def test_white_follows_the_lamps_near_the_view_where_lamps_of_several_makes_hang():
    plan = small_room()
    far = plan.lamp_xy + np.array([20.0, 0.0])
    plan = replace(
        plan,
        lamp_xy=np.concatenate([plan.lamp_xy, far]),
        lamp_state=np.zeros(8, np.uint8),
        lamp_kelvin=np.repeat([3000.0, 4200.0], 4),
    )
    mean = lamp_radiance(plan.lamp_kelvin, 1.0).mean(axis=0)
    for kelvin, place in ((3000.0, [5.0, 5.0]), (4200.0, [25.0, 5.0])):
        seen = near_tubes(plan, np.array(place), 0.0 if kelvin > 4000 else np.pi, mean)
        assert seen == pytest.approx(lamp_radiance(kelvin, 1.0)[0], rel=0.05)
    even = replace(plan, lamp_kelvin=np.full(8, 4000.0))
    assert near_tubes(even, np.array([5.0, 5.0]), 0.0, mean) == pytest.approx(mean)
