"""Footage that went wrong with comparable tools, each file with its right result."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image

from generator.errors import NoclipError
from tests.footage import CASES, FIELD_S, Shown, taped, watched

EVENTS = np.array([0.6, 1.6, 2.6, 3.4])
"""When a flash and a beep stand in the sound cases, seconds of the file's clock."""


@pytest.fixture
def shown(tmp_path):
    def run(name: str, **how) -> Shown:
        taped(CASES / name, tmp_path / "out.mp4", **how)
        return watched(tmp_path / "out.mp4")

    return run


def assert_together(flashes, beeps, events_seen, events_heard):
    """Both lie where they lay in the source, but for one shift that is the same for both, within a field."""
    shift = np.mean([*(flashes - events_seen), *(beeps - events_heard)])
    assert np.abs(flashes - events_seen - shift).max() <= FIELD_S
    assert np.abs(beeps - events_heard - shift).max() <= FIELD_S


def test_a_picture_that_starts_late_keeps_its_sound(shown):
    out = shown("late_video.mkv")
    assert_together(out.flashes(), out.beeps(), 0.5 + np.ceil((EVENTS - 0.5) / 0.04) * 0.04, EVENTS[:3])
    assert out.frames * 2 * FIELD_S == pytest.approx(3.5, abs=3 * FIELD_S)


def test_a_sound_that_starts_late_keeps_its_picture(shown):
    out = shown("late_audio.mkv")
    assert_together(out.flashes(), out.beeps(), EVENTS[:3], EVENTS)


def test_a_sound_that_is_longer_holds_the_last_picture(shown, tmp_path):
    out = shown("sound_longer.mp4")
    assert out.frames * 2 * FIELD_S == pytest.approx(4.0, abs=FIELD_S)
    assert len(out.sound) / 48000 == pytest.approx(4.0, abs=2 * FIELD_S)
    assert out.beeps() == pytest.approx(EVENTS, abs=FIELD_S)
    assert shown("sound_longer.mp4", hold_max_s=1.0).frames * 2 * FIELD_S == pytest.approx(2.0, abs=FIELD_S)


def test_a_last_picture_that_stays_for_seconds_is_not_cut_off(tmp_path):
    assert taped(CASES / "vfr_tail.mp4", tmp_path / "out.mp4") == []
    assert watched(tmp_path / "out.mp4").frames == 209


def test_fields_stay_in_order_when_the_upper_one_is_first(shown):
    bars = [int(field[8:-8, :, 1].astype(int).sum(axis=0).argmax()) for field in shown("tff.mp4").fields]
    assert bars == [4 * n for n in range(32)]


def test_a_turned_video_and_a_turned_photograph_stand_upright(shown, tmp_path):
    out = shown("rotated.mp4").fields[0]
    assert out.shape[:2] == (48, 72)
    assert out[2, -4].min() > 200
    assert out[2, 4].max() < 60
    taped(CASES / "exif6.jpg", tmp_path / "out.png")
    photo = np.asarray(Image.open(tmp_path / "out.png"))
    assert photo.shape[:2] == (96, 72)
    assert photo[4, -4].min() > 200
    assert photo[4, 4].max() < 60


def test_a_wide_gamut_photograph_becomes_srgb(tmp_path):
    taped(CASES / "p3.png", tmp_path / "out.png")
    assert np.abs(np.asarray(Image.open(tmp_path / "out.png"))[20, 20].astype(int) - (255, 0, 0)).max() <= 2


def test_diffuse_white_of_pq_is_nearly_white(shown):
    level = shown("c_pq_white.mp4").fields[0, 10, 10].astype(int)
    assert np.ptp(level) <= 2
    assert 235 <= level.mean() <= 255


def test_untagged_footage_of_720_lines_is_bt_709(shown):
    assert np.abs(shown("c_untag_hd.mp4").fields[0, 100, 600].astype(int) - (180, 60, 40)).max() <= 3


def test_what_is_transparent_in_a_video_shows_black(shown):
    field = shown("alpha.mov").fields[0]
    assert field[:, 60:].max() <= 2
    assert field[20, 10, 0] > 190


def test_an_animated_picture_is_a_film_and_no_picture(shown, tmp_path):
    with pytest.raises(NoclipError, match=r"moves.*\.mp4"):
        taped(CASES / "anim.gif", tmp_path / "o.png")
    out = shown("anim.gif")
    assert out.frames == 24
    assert len(np.unique(out.fields[:, 10, 10, 1])) == 4


def test_a_picture_with_too_many_pixels_is_refused_in_one_line(tmp_path):
    with pytest.raises(NoclipError, match=r"sides of 16 to 8192") as caught:
        taped(CASES / "bomb.png", tmp_path / "o.png")
    assert "\n" not in str(caught.value)


def test_an_odd_size_becomes_a_file_that_plays_everywhere_and_is_said(tmp_path):
    import av

    said = taped(CASES / "odd.mp4", tmp_path / "out.mp4")
    assert [line for line in said if "97x73" in line and "98x76" in line] == said != []
    with av.open(str(tmp_path / "out.mp4")) as container:
        context = container.streams.video[0].codec_context
        assert (context.pix_fmt, context.width, context.height) == ("yuv420p", 98, 76)


@pytest.mark.parametrize("name", ["T1:x.mp4", 'it\'s "quoted".mp4', "фильм 映画.mp4", "%03d.mp4", "a\nb.mp4"])
def test_any_name_is_read_and_written(name, tmp_path):
    shutil.copy(CASES / "odd.mp4", tmp_path / name)
    (tmp_path / "out").mkdir()
    taped(tmp_path / name, tmp_path / "out" / name)
    assert watched(tmp_path / "out" / name).frames == 6
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]
