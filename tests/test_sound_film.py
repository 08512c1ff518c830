"""A film's sound: steps stand out over the hum, the level control pumps, and any part equals the whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy import signal

from generator.camera.script import Script, beats_of
from generator.camera.shot import FIELD_S
from generator.film.request import FilmRequest
from generator.film.soundtrack import film_sound, heard_along
from generator.film.timeline import plan_timeline
from generator.places.verbs import place_of
from generator.progress import Progress
from generator.scene import load_scene
from generator.sound import RATE_HZ, parts
from generator.sound.hum import BUZZ_LOOP_S, ballast_period, buzz_gate
from generator.sound.hum_kernels import add_hum
from generator.sound.recorder import RATIO, RECOVERY_DB_S, THRESHOLD_DB, gain, level_controlled

STEP_OCTAVES = {"thud": (44.0, 88.0), "knock": (350.0, 1400.0), "rub": (1400.0, 5600.0)}
"""Where steps on carpet have their sound, hertz."""


EVENTFUL = ["sound.events=20", "plan.lamps_failing=0.1"]
DROPPED = ["walk 9", "drop 5", "walk 60"]


def request(first: int, stop: int, *changes: str, script: Sequence[str] = ("walk 60",)) -> FilmRequest:
    scene = load_scene("level0", ["render.width_px=160", "render.height_px=120", *changes])
    return FilmRequest(scene, Script(beats_of(script)), first, stop)


@pytest.fixture(scope="module")
def walk():
    """What comes to the microphone on a walk of ten seconds, by source."""
    asked = request(0, 300)
    heard = heard_along(asked, plan_timeline(asked), range(0, 600))
    return parts(heard, asked.scene.sound, asked.scene.seed, place_of(asked.scene).sounds)


def band_levels(sound: np.ndarray, low: float, high: float) -> np.ndarray:
    """Level of each whole second in a band, dB."""
    taken = signal.sosfilt(signal.butter(4, (low, high), "bandpass", fs=RATE_HZ, output="sos"), sound)
    seconds = taken[: len(taken) // RATE_HZ * RATE_HZ].reshape(-1, RATE_HZ)
    return 10.0 * np.log10((seconds**2).mean(axis=1))


@pytest.mark.parametrize("name", STEP_OCTAVES)
def test_steps_stand_5_db_over_the_hum_in_their_bands(walk, name):
    """At means of 1 s, beside the lamps of Level 0; the first second is left out, in which one begins to walk."""
    over = (band_levels(walk["steps"], *STEP_OCTAVES[name]) - band_levels(walk["hum"], *STEP_OCTAVES[name]))[1:]
    assert np.median(over) >= 5.0


def test_any_part_of_a_film_sounds_as_in_the_whole():
    """Frames 330 to 390 alone are as in the whole, far events too, to less than half a step of 16 bits."""
    whole_request, part_request = (request(*frames, *EVENTFUL, script=DROPPED) for frames in ((0, 400), (330, 390)))
    whole, part = (
        np.concatenate(list(film_sound(asked, plan_timeline(asked), Progress())))
        for asked in (whole_request, part_request)
    )
    start = round(660 * FIELD_S * RATE_HZ)
    assert len(part) == round(780 * FIELD_S * RATE_HZ) - start
    assert np.abs(whole[start : start + len(part)] - part).max() < 0.5 / 32768


def test_the_level_control_ducks_after_a_step_and_comes_back_by_6_db_a_second():
    quiet = np.full(4 * RATE_HZ, 0.05, np.float32)
    struck = quiet.copy()
    struck[RATE_HZ : RATE_HZ + 480] = 1.0
    level = 20.0 * np.log10(gain(struck))
    slope = 1.0 - 1.0 / RATIO
    assert level[: RATE_HZ - 100].max() == 0.0
    assert level[RATE_HZ + 1200] == pytest.approx(slope * THRESHOLD_DB, abs=0.3)
    back = level[RATE_HZ + 4800 + RATE_HZ // 2] - level[RATE_HZ + 4800]
    assert back == pytest.approx(0.5 * slope * RECOVERY_DB_S, abs=0.05)
    assert level[-1] == 0.0


def test_what_is_quiet_is_recorded_as_it_comes():
    quiet = (0.2 * np.sin(np.arange(RATE_HZ) * 0.02)).astype(np.float32)
    assert np.array_equal(level_controlled(quiet), quiet)


def test_the_level_control_forgets():
    """A sound that begins six seconds later is recorded to the same bits, wherever between two looks it begins."""
    loud = np.random.default_rng(1).normal(0.0, 0.5, 8 * RATE_HZ).astype(np.float32)
    cut = 6 * RATE_HZ
    for begin in (0, 17, 47):
        assert np.array_equal(level_controlled(loud)[cut:], level_controlled(loud[begin:], begin)[cut - begin :])


def test_the_compiled_hum_is_the_plain_one():
    rng = np.random.default_rng(3)
    level, start, turn, phase = rng.uniform(0.0, 1.0, 31), 123456, 120.01 / RATE_HZ, 0.3
    wave, gate = (np.append(w, w[0]) for w in (ballast_period(3, 9, 120.0, 512), buzz_gate(512)))
    buzz = rng.normal(size=round(BUZZ_LOOP_S * RATE_HZ))
    out = np.zeros(30 * 802, np.float32)
    add_hum(out, 7, start, FIELD_S * RATE_HZ, level, phase, turn, wave, gate, buzz, 191_000)
    n = np.arange(round(30 * FIELD_S * RATE_HZ))
    at = ((start + n) * turn + phase) % 1.0 * 512
    tone, open_ = (np.interp(at, np.arange(513), table) for table in (wave, gate))
    plain = tone + open_ * buzz[(start + n + 191_000) % len(buzz)]
    plain *= np.interp(n / (FIELD_S * RATE_HZ), np.arange(31), level)
    assert out[7 : 7 + len(n)] == pytest.approx(plain, abs=1e-5)
    assert not out[:7].any()
