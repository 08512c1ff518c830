"""The soundtrack hums at twice the mains, follows distance and flicker, and steps when a heel lands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.camera.shot import FIELD_S
from generator.scene.sound import SoundSettings
from generator.seed import rng_for
from generator.sound import RATE_HZ, Heard, soundtrack
from generator.sound.hum import ballast_period, spreading
from generator.sound.noise import band, shaped_noise


def silence(fields: int = 120, lamps: int = 1) -> Heard:
    ones = np.ones((fields + 1, lamps))
    still = np.zeros(fields + 1)
    none, ident = np.zeros(0), np.arange(lamps, dtype=np.uint64)
    return Heard(0, ident, 2.0 * ones, 0.0 * ones, 1.0 * ones, none, none, still, still, np.ones(lamps))


def quiet(**levels: float) -> SoundSettings:
    return SoundSettings(**({"room_db": -60.0, "breath_db": -60.0, "camera_db": -60.0} | levels))


def rms(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def test_there_are_as_many_samples_as_the_fields_last():
    assert len(soundtrack(silence(600), SoundSettings(), 1)) == round(600 * FIELD_S * RATE_HZ)


def test_parts_of_a_film_follow_one_another_without_a_sample_too_many():
    for first in range(0, 700, 7):
        part, rest = (replace(silence(2), first_field=field) for field in (first, first + 2))
        assert part.start + part.samples == rest.start


@pytest.mark.parametrize("mains", [50, 60])
def test_a_fixture_hums_at_twice_the_mains(mains):
    sound = soundtrack(silence(), quiet(mains_hz=mains), 3)
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    assert abs(hz[np.argmax(power * (hz > 30) * (hz < 150))] - 2 * mains) < 1.0


def test_harmonics_fall_like_a_ballast():
    rows = [np.abs(np.fft.rfft(ballast_period(0, k, 120.0, 512)))[1:33] for k in range(200)]
    level = np.exp(np.mean(np.log(rows), axis=0))
    assert -1.4 < np.log(level[2] / level[0]) / np.log(3) < -0.9


def test_a_farther_fixture_and_one_behind_a_wall_are_quieter():
    assert spreading(np.array([6.0]), np.zeros(1))[0] == pytest.approx(0.25)
    here = rms(soundtrack(silence(), quiet(), 1))
    walled = replace(silence(), lamp_walls=np.ones((121, 1)))
    assert rms(soundtrack(walled, quiet(), 1)) == pytest.approx(here * 10 ** (-9 / 20), rel=0.05)


def test_a_lamp_that_goes_out_falls_silent_in_that_field():
    output = np.ones((121, 1))
    output[60:] = 0.0
    sound = soundtrack(replace(silence(), lamp_output=output), quiet(), 1)
    field = FIELD_S * RATE_HZ
    assert rms(sound[: int(58 * field)]) > 100 * rms(sound[int(61 * field) :])


def test_steps_sound_when_the_heel_lands():
    film = replace(silence(), step_time_s=np.array([0.5, 1.2]), step_strength=np.ones(2))
    sound = soundtrack(film, quiet(hum_db=-60.0), 1)
    for when in (0.5, 1.2):
        start = round(when * RATE_HZ)
        assert rms(sound[start : start + 4800]) > 20 * rms(sound[start - 4800 : start - 10])


def test_a_part_of_the_film_hums_as_in_the_whole():
    whole = soundtrack(silence(240), quiet(), 5)
    late = replace(silence(120), first_field=120)
    part = soundtrack(late, quiet(), 5)
    start = round(120 * FIELD_S * RATE_HZ)
    assert np.abs(whole[start : start + len(part)] - part).max() < 1e-4


def test_noise_falls_18_db_an_octave_outside_its_band():
    """Third-order slopes: an octave below the lower edge the power is 1/65 of the middle's."""
    noise = shaped_noise(rng_for(0, "test"), 480_000, band(1000.0, 8000.0))
    power = np.abs(np.fft.rfft(noise)) ** 2
    hz = np.fft.rfftfreq(480_000, 1 / RATE_HZ)
    ratio = power[(hz > 490) & (hz < 510)].mean() / power[(hz > 2500) & (hz < 3200)].mean()
    assert ratio == pytest.approx(1 / 65, rel=0.3)
