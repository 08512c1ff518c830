"""Far events: thuds come rarely and from behind walls, machines stop and run again, lamps are heard to catch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.camera.shot import FIELD_S
from generator.places.sounds import AIR_HANDLER, CARPET, DRYWALL_DB, Sounds
from generator.plan.grid import grid_of_lines
from generator.scene.sound import SoundSettings
from generator.sound import RATE_HZ, parts, soundtrack
from generator.sound.events import restrikes, speed_and_lost, thuds
from generator.sound.hall import Hall
from generator.sound.impulse import tail_noise
from generator.sound.machines import machine_sound
from generator.sound.recorder import knocks, zoom_motor
from generator.sound.room import Room, behind_walls, faces_entered, from_afar
from tests.test_sound import quiet, rms, silence

OFTEN = replace(AIR_HANDLER, stops_per_hour=30.0)


def hall_with_a_wall() -> Hall:
    """An open floor of 60 m with one wall across it at x = 33 m."""
    edge = np.array(
        [[33.0, 0.0, 33.1, 0.0], [33.1, 0.0, 33.1, 60.0], [33.1, 60.0, 33.0, 60.0], [33.0, 60.0, 33.0, 0.0]]
    )
    flat = np.zeros((50, 50))
    keep = np.full((3, 6), 0.8)
    return Hall(
        edge, np.tile([0.0, 2.7], (4, 1)), grid_of_lines((50, 50), edge), flat, flat + 2.7, keep, np.full(3, 0.2)
    )


def room() -> Room:
    ear = np.tile([30.0, 30.0, 1.6], (100, 1))
    return Room(hall_with_a_wall(), ear, tail_noise(0), 1.0, np.array(DRYWALL_DB))


def test_thuds_come_as_often_as_asked_and_from_time_and_seed_alone():
    hours = list(thuds(5, 20.0, 0.0, 20 * 3600.0))
    assert len(hours) == pytest.approx(400, rel=0.15)
    part = list(thuds(5, 20.0, 7200.0, 9000.0))
    assert [t.time_s for t in part] == [t.time_s for t in hours if 7200.0 <= t.time_s < 9000.0]
    assert list(thuds(5, 0.0, 0.0, 36000.0)) == []


def test_a_thud_has_a_wall_before_it():
    for bearing in np.linspace(0.0, 6.0, 7):
        place = behind_walls(room(), 0.5, 12.0, bearing)
        assert place is not None
        assert faces_entered(room().hall, place, room().ear[0]) == 1
    open_floor = replace(room(), hall=room().hall._replace(edge_z=np.zeros((4, 2))))
    assert behind_walls(open_floor, 0.5, 12.0, 0.0) is None


def test_a_wall_takes_the_top_of_a_thud_more_than_its_depth():
    """Straight through, by the partition's loss in each octave; nothing comes round this wall."""
    far = np.array([40.0, 30.0, 0.5])
    power = np.abs(np.fft.rfft(from_afar(room(), 0.5, far))) ** 2
    hz = np.fft.rfftfreq(2 * len(power) - 2, 1 / RATE_HZ)
    low, high = (power[(hz > f / 1.1) & (hz < f * 1.1)].mean() for f in (125.0, 1000.0))
    assert 10 * np.log10(low / high) == pytest.approx(DRYWALL_DB[3] - DRYWALL_DB[0], abs=1.0)
    assert 10 * np.log10(low) == pytest.approx(-DRYWALL_DB[0] - 20.0 * np.log10(np.hypot(10.0, 1.1)), abs=1.0)


def test_a_machine_stops_runs_down_rests_and_runs_again():
    time = np.arange(0.0, 1200.0, 0.05)
    speed, lost = speed_and_lost(OFTEN, 2, 0, 1.0, time)
    assert speed.min() < 0.01
    assert speed[-1] > 0.5
    assert 0.1 < (speed < 0.5).mean() < 0.7
    assert lost == pytest.approx(np.cumsum(1.0 - speed) * 0.05, abs=0.5)
    late = speed_and_lost(OFTEN, 2, 0, 1.0, time[9000:])
    assert np.array_equal(late[0], speed[9000:])
    assert (speed_and_lost(OFTEN, 2, 0, 0.0, time)[0] == 1.0).all()


def test_ventilation_that_has_stopped_is_not_heard():
    time = np.arange(0.0, 120.0, 1.0)
    speed, _ = speed_and_lost(OFTEN, 2, 0, 1.0, time)
    still, runs = int(time[speed.argmin()]), int(time[speed.argmax()])
    loud = [rms(machine_sound(OFTEN, 2, 0, 1.0, second * RATE_HZ, RATE_HZ)) for second in (still, runs)]
    assert loud[0] < 0.02 * loud[1]


def test_a_lamp_that_catches_is_heard_in_that_field():
    """Its tick stands in the first field that is lit, and no lamp is heard to go out."""
    fields, first = 120, 70
    light = np.ones(fields + 2)
    light[30 : first + 1] = 0.0  # light[k + 1] is field k's
    output = 0.5 * (light[:-1] + light[1:])[:, None]
    assert restrikes(output) == [(first, 0)]
    dark = replace(silence(fields), lamp_output=output)
    far = parts(dark, SoundSettings(), 1, Sounds(CARPET))["far"]
    at = np.flatnonzero(far)
    assert at[0] == pytest.approx(first * FIELD_S * RATE_HZ, abs=2)
    assert np.abs(far).argmax() < (first + 1) * FIELD_S * RATE_HZ


def test_a_strike_goes_with_the_hum():
    light = np.ones((121, 1))
    light[40:80] = 0.0
    dark = replace(silence(), lamp_output=light)
    assert rms(soundtrack(dark, quiet(hum_db=-60.0), 1)) < 0.01 * rms(soundtrack(dark, quiet(), 1))


def test_a_dropped_camera_knocks_once_where_it_lands_and_softly_where_it_bounces():
    fall = np.maximum(1.6 - 0.5 * 9.81 * (np.arange(60) * FIELD_S) ** 2, 0.09)
    bounce = np.zeros(60)
    bounce[33:43] = 0.05 * np.sin(np.linspace(0.0, np.pi, 10))
    landed = int(np.argmax(fall == 0.09))
    struck = knocks(fall + bounce)
    assert len(struck) == 2
    assert [border for border, _ in struck] == pytest.approx([landed, 42], abs=1)
    assert struck[0][1] > 3.0 * struck[1][1]
    assert knocks(1.6 - 0.5 * np.arange(60) * FIELD_S) == []


def test_the_lens_whines_while_it_zooms_and_not_else():
    zoom = np.ones(181)
    zoom[60:120] = np.geomspace(1.0, 1.5, 60)
    zoom[120:] = 1.5
    sound = zoom_motor(3, 5000, zoom, 180 * 800)
    assert rms(sound[65 * 800 : 115 * 800]) > 0.5
    assert not sound[: 57 * 800].any()
    assert not sound[124 * 800 :].any()
