"""No film flashes more than three times a second: checked on pictures of rooms whose lamps fail, not on the signal."""

from __future__ import annotations

import numpy as np
import pytest

from generator.camera.exposure import settled_state
from generator.camera.shot import FIELD_S, Lens, Pose
from generator.light.bake import bake
from generator.light.flicker import flicker
from generator.plan.floorplan import LampState
from generator.render import open_renderer
from generator.scene.camera import CameraSettings
from generator.scene.light import LightSettings
from tests.flash import most_flashes
from tests.render_set import plain_materials, plain_patina
from tests.rooms import ALBEDO, box_room

HZ = 1.0 / FIELD_S
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def blinking(hz, low=0.2, high=0.6, shape=(48, 64), seconds=3.0, shift=0.0):
    """Pictures that go dark and bright ``hz`` times a second."""
    t = np.arange(round(seconds * HZ)) / HZ
    value = np.where(((t + shift) * hz) % 1.0 < 0.5, low, high)
    return np.broadcast_to(value[:, None, None], (len(t), *shape)).copy()


def test_a_blinking_picture_has_as_many_flashes_as_it_blinks():
    for hz in (2, 3, 4, 8):
        assert most_flashes(blinking(hz), HZ) == pytest.approx(hz, abs=0.5)
    assert most_flashes(blinking(4), HZ) > 3.0 >= most_flashes(blinking(2), HZ)


def test_small_changes_bright_ones_and_small_areas_are_no_flashes():
    assert most_flashes(blinking(8, 0.2, 0.29), HZ) == 0.0
    assert most_flashes(blinking(8, 0.85, 1.0), HZ) == 0.0
    small, large = blinking(8), blinking(8)
    small[:, 6:], small[:, :, 12:] = 0.5, 0.5
    large[:, 16:] = 0.5
    assert most_flashes(small, HZ) == 0.0
    assert most_flashes(large, HZ) > 3.0


def test_slow_fades_and_steps_of_one_way_do_not_add_up():
    t = np.linspace(0.0, 3.0, 180)
    ramp = np.broadcast_to((t / 3.0)[:, None, None], (180, 48, 64)) * 0.7
    assert most_flashes(ramp, HZ) <= 0.5


def test_places_that_flash_in_turn_add_up_within_one_field_of_view():
    left = blinking(2, 0.6, 0.2) * (((np.arange(180) / HZ * 2) % 1.0 < 0.2)[:, None, None]) + 0.05
    pictures = left.copy()
    pictures[:, :, ::2] = np.roll(left, 15, axis=0)[:, :, ::2]
    assert most_flashes(left, HZ) == pytest.approx(2.0, abs=0.5)
    assert most_flashes(pictures, HZ) == pytest.approx(4.0, abs=0.5)


def pictures_of(lamps, states, pose, seed, seconds, safe=True, first=0.0):
    """Relative luminance (T, 48, 64) of fields, at the exposure that the lit room asks for."""
    level = box_room((9.0, 7.0, 2.74), [(4.0, 0.0, 4.12, 3.0)], lamps, states=states)
    light = bake(level, LightSettings(), ALBEDO, "draft")
    failing = np.flatnonzero(level.lamps.state == LampState.FAILING)
    ident, lens = level.lamps.ident[failing], Lens(np.radians(62))
    output, fields = np.ones(len(lamps)), []
    with open_renderer("embree", level, light, plain_patina(level), plain_materials(8), "draft") as renderer:
        whole = renderer.draw(pose, lens, (64, 48)).radiance
        white = level.lamps.radiance[0]
        state = settled_state(whole, CameraSettings(), white)
        scale = state.exposure * 10.0 ** (state.gain_db / 20.0) * np.array(state.white)
        for k in range(round(seconds * HZ)):
            t = first + k * FIELD_S
            output[failing] = flicker(ident, seed, t, t + FIELD_S, safe)
            radiance = renderer.draw(pose, lens, (64, 48), lamp_output=output).radiance
            fields.append(np.clip(radiance * scale, 0.0, 1.0) @ LUMINANCE)
    return np.array(fields)


LAMPS = [(2, 2, 0), (2, 5, 1), (6, 2, 0), (6, 5, 1)]
POSE = Pose((0, 0), (8.5, 6.0, 1.6), -2.5)
THREE_FAIL = [LampState.FAILING] * 3 + [LampState.DEAD]


def test_a_room_lit_by_three_failing_lamps_alone_flashes_at_most_three_times_a_second():
    pictures = pictures_of(LAMPS, THREE_FAIL, POSE, 1, 8.0)
    assert 0.5 <= most_flashes(pictures, HZ) <= 3.0


def test_the_check_finds_the_flashes_of_lamps_that_need_not_be_safe():
    assert most_flashes(pictures_of(LAMPS, THREE_FAIL, POSE, 1, 8.0, safe=False), HZ) > 3.0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("others", [LampState.ON, LampState.FAILING, LampState.DEAD])
def test_rooms_of_failing_lamps_flash_at_most_three_times_a_second(seed, others):
    states = [LampState.FAILING, others, others, others]
    worst = most_flashes(pictures_of(LAMPS, states, POSE, seed, 30.0, first=60.0 * seed), HZ)
    print(f"seed {seed}: {worst:g} flashes a second at most")
    assert worst <= 3.0
