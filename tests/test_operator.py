"""The operator: steps, breath and hands, what beats do, and that a shot does not know how long it lasts."""

from __future__ import annotations

from dataclasses import fields as fields_of

import numpy as np
import pytest

from generator.camera.operator import Performance, perform
from generator.camera.operator_body import CROUCH_M, LYING_M
from generator.camera.path import STEP_M, Route
from generator.camera.script import Beat, Script, beats_of, read_script
from generator.camera.shot import FIELD_S
from generator.errors import NoclipError
from generator.scene.beat import WORDS
from tests.walks import straight


def bent() -> Route:
    """Ten metres along +x, a quarter circle of 1.5 m to the left, ten metres along +y."""
    a = np.arange(0.0, np.pi / 2, STEP_M / 1.5)
    curve = np.stack([10 + 1.5 * np.sin(a), 1.5 - 1.5 * np.cos(a)], axis=1)
    x, y = np.arange(0, 10, STEP_M), np.arange(1.5, 11.5, STEP_M)
    first, last = np.stack([x, 0 * x], axis=1), np.stack([0 * y + 11.5, y], axis=1)
    return Route((0, 0), np.concatenate([first, curve, last]), closed=False)


def acted(beats: list[str], seconds: float = 10.0, route: Route | None = None, shake: float = 0.3) -> Performance:
    return perform(route or straight(), Script(beats_of(beats), again=True), round(seconds / FIELD_S), 7, shake, 0.0)


def test_walking_is_as_fast_as_people_walk_and_steps_match_the_bob():
    p = acted(["walk 100"], 20.0)
    speed = (p.position[-1, 0] - p.position[300, 0]) / ((len(p.yaw) - 1 - 300) * FIELD_S)
    assert 1.0 < speed < 1.3
    steps = p.step_time_s[p.step_time_s > 5.0]
    assert 1.6 < 1 / np.diff(steps).mean() < 2.2
    height = p.position[300:, 2] - p.position[300:, 2].mean()
    spectrum = np.abs(np.fft.rfft(height * np.hanning(len(height))))
    strongest = np.fft.rfftfreq(len(height), FIELD_S)[np.argmax(spectrum[5:]) + 5]
    assert strongest == pytest.approx(1 / np.diff(steps).mean(), rel=0.08)
    assert 0.004 < height.std() < 0.03


def test_heels_land_when_the_camera_is_lowest():
    p = acted(["walk 100"], 20.0)
    fields = np.round(p.step_time_s[8:-2] / FIELD_S - 0.5).astype(int)
    assert p.position[fields, 2].mean() < p.position[300:, 2].mean() - 0.006


def test_running_is_faster_and_harder_than_walking():
    walk, run = acted(["walk 100"]), acted(["run 100"])
    assert run.position[-1, 0] > 2.0 * walk.position[-1, 0]
    assert run.step_strength[-3:].mean() > 1.5 * walk.step_strength[-3:].mean()
    assert np.abs(run.breath[-300:]).mean() > 1.2 * np.abs(acted(["stand 100"]).breath[-300:]).mean()


def test_standing_makes_no_steps_and_stays_in_place():
    p = acted(["stand 100"])
    assert len(p.step_time_s) == 0
    assert np.ptp(p.position, axis=0).max() < 0.03


def test_the_camera_turns_before_the_feet_do():
    p = acted(["walk 100"], 16.0, bent())
    steps = np.diff(p.position[:, :2], axis=0)
    smooth = np.convolve(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])), np.ones(40) / 40, "same")
    looks = np.argmax(p.yaw > np.radians(45))
    walks = 60 + np.argmax(smooth[60:] > np.radians(45))
    assert 0.1 < (walks - looks) * FIELD_S < 1.5


def test_look_back_looks_back_and_returns():
    p = acted(["walk 3", "look back 4", "walk 30"], 12.0)
    back = slice(round(4.5 / FIELD_S), round(5.5 / FIELD_S))
    assert (np.cos(p.yaw[back]) < -0.6).all()
    assert (np.cos(p.yaw[-120:]) > 0.95).all()


def test_hide_crouches_and_drop_ends_on_the_floor():
    hide = acted(["walk 2", "hide 6"], 7.0)
    assert hide.position[round(6 / FIELD_S), 2] == pytest.approx(CROUCH_M, abs=0.05)
    drop = acted(["walk 2", "drop 20"], 8.0)
    resting = slice(round(4 / FIELD_S), None)
    assert drop.position[resting, 2] == pytest.approx(LYING_M, abs=1e-6)
    assert np.ptp(drop.yaw[resting]) < 1e-6
    assert (np.abs(drop.roll[resting]) > np.radians(70)).all()
    assert drop.position[:, 2].min() >= LYING_M - 1e-3


def test_the_horizon_stays_level_in_quiet_hands_and_not_in_nervous_ones():
    calm, nervous = acted(["walk 100"], shake=0.0), acted(["walk 100"], shake=1.0)
    assert np.degrees(np.abs(calm.roll)).max() < 2.0
    assert nervous.roll.std() > 1.5 * calm.roll.std()
    assert np.degrees(np.abs(np.diff(calm.yaw))).max() / FIELD_S < 60


def test_hands_have_a_spectrum_and_no_single_tone():
    p = acted(["stand 200"], 60.0)
    yaw = np.diff(p.yaw[600:])
    power = np.abs(np.fft.rfft(yaw * np.hanning(len(yaw)))) ** 2
    hz = np.fft.rfftfreq(len(yaw), FIELD_S)
    assert power.max() < 0.1 * power.sum()
    tremor = power[(hz > 6) & (hz < 11)].mean()
    assert tremor > 3 * power[(hz > 16) & (hz < 28)].mean()


def test_a_longer_shot_begins_like_a_shorter_one():
    beats = ["walk 2", "look back 2", "run 2", "drop 3"]
    short, long = acted(beats, 6.0), acted(beats, 15.0)
    for field in fields_of(Performance):
        if field.name not in ("origin", "step_time_s", "step_strength"):
            a, b = getattr(short, field.name), getattr(long, field.name)
            assert np.array_equal(a, b[: len(a)]), field.name
    assert np.array_equal(short.step_time_s, long.step_time_s[: len(short.step_time_s)])


def test_beats_begin_again_or_the_last_one_goes_on():
    beats = beats_of(["walk 2", "drop 3"])
    round_ = Script(beats, again=True)
    assert [round_.at(t)[:2] for t in (1.0, 4.0, 6.0)] == [(0, beats[0]), (1, beats[1]), (2, beats[0])]
    number, beat, start = Script(beats).at(100.0)
    assert (number, beat.word, start) == (1, "drop", 2.0)
    assert start + beat.seconds > 1000.0


def test_a_shot_file_is_read(tmp_path):
    path = tmp_path / "shot.toml"
    path.write_text('beats = ["walk 8", "look back 2.5"]\npath = [[1, 2], [3.5, 4]]\n', encoding="utf-8")
    beats = Beat("walk", 8.0), Beat("look back", 2.5)
    assert read_script(path) == Script(beats, ((1.0, 2.0), (3.5, 4.0)), react=False)


@pytest.mark.parametrize(
    "text, says",
    [
        ('beats = [\n "walk 8",\n "fly 3",\n]\n', ["line 3", "'fly'", *WORDS]),
        ('beats = ["walk"]\n', ["line 1", "seconds"]),
        ('beats = ["walk -3"]\n', ["line 1", "-3"]),
        ('beats = ["walk nan"]\n', ["line 1", "nan"]),
        ("beats = []\n", ["line 1", "list"]),
        ('beats = ["walk 3"]\nspeed = 4\n', ["line 2", "'speed'"]),
        ("\npath = [[1, 2, 3]]\n", ["line 2", "metres"]),
        ('path = [["a", 2]]\n', ["metres"]),
        ("beats = [\n", ["broken TOML"]),
        ('beats = ["look back 0.4"]\n', ["look back", "1.4 s"]),
        ('beats = ["stand 9"]\npath = [[3, 4]]\n', ["line 2", "add a walk"]),
        ('beats = ["walk 1", "run 9"]\nreact = true\n', ["line 2", "react", "2.2 s"]),
        ('beats = ["walk 3"]\nreact = 1\n', ["line 2", "true or false"]),
        ('beats = ["walk 3"]\nzoom = [[2, 1], [9, 2]]\n', ["line 2", "zoom at 9 s", "3 s"]),
        ('beats = ["walk 3"]\nzoom = [[2, 0.5]]\n', ["line 2", "from 1 on"]),
        ('beats = ["walk 3"]\nzoom = [[2, 2], [1, 1]]\n', ["line 2", "later and later"]),
        ('beats = ["walk 3"]\nzoom = 2\n', ["line 2", "list"]),
    ],
)
def test_a_bad_shot_file_is_one_clear_line(tmp_path, text, says):
    path = tmp_path / "shot.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NoclipError) as error:
        read_script(path)
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in [str(path), *says])


def test_a_missing_shot_file_is_one_clear_line(tmp_path):
    with pytest.raises(NoclipError, match="cannot read the shot"):
        read_script(tmp_path / "none.toml")
