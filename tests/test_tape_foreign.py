"""Foreign footage: every kind of picture, folders, videos of any rate, and what is refused."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.errors import NoclipError
from generator.scene.camera import CameraSettings
from generator.scene.tape import TapeSettings
from generator.tape.footage import tape_file
from generator.tape.foreign import Treatment, through, watch
from generator.video.source import Moment, field_pairs
from tests.footage import watched

QUIET = Treatment(TapeSettings(noise=0, timebase=0, dropouts=0, head_switch=0))
OFF = Treatment(TapeSettings(profile="off"))


def write_video(path: Path, frames: int, rate=Fraction(24), width=64, height=48, sound=True):
    """A video whose frames get brighter, and a tone of 1 kHz."""
    import av

    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=rate)
        video.width, video.height, video.pix_fmt, video.options = width, height, "yuv420p", {"g": "6", "crf": "4"}
        tone = container.add_stream("aac", rate=48000, layout="stereo") if sound else None
        for k in range(frames):
            codes = np.full((height, width, 3), 40 + 4 * (k % 48), np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(codes, format="rgb24")))
        container.mux(video.encode(None))
        if tone is not None:
            t = np.arange(int(48000 * frames / rate)) / 48000
            wave = np.tile(0.3 * np.sin(2 * np.pi * 1000 * t), (2, 1)).astype(np.float32)
            for at in range(0, len(t), 1024):
                frame = av.AudioFrame.from_ndarray(
                    np.ascontiguousarray(wave[:, at : at + 1024]), format="fltp", layout="stereo"
                )
                frame.sample_rate, frame.pts = 48000, at
                container.mux(tone.encode(frame))
            container.mux(tone.encode(None))


def leftovers(folder: Path) -> list[str]:
    return [p.name for p in folder.iterdir() if "part" in p.name]


GREY = {"L": 100, "RGB": (100, 100, 100), "RGBA": (100, 100, 100, 255), "LA": (100, 255), "P": 100, "I;16": 25700}


@pytest.mark.parametrize("mode,value", GREY.items())
def test_every_kind_of_picture_is_taken(tmp_path, mode, value):
    image = Image.new("L", (61, 45), 100).convert("P") if mode == "P" else Image.new(mode, (61, 45), value)
    image.save(tmp_path / "in.png")
    assert tape_file(tmp_path / "in.png", tmp_path / "out.png", OFF) == [tmp_path / "out.png"]
    out = np.asarray(Image.open(tmp_path / "out.png"))
    assert out.shape == (45, 61, 3)
    assert np.abs(out.astype(int) - 100).max() <= 1


def test_what_is_transparent_shows_black(tmp_path):
    Image.new("RGBA", (32, 32), (200, 200, 200, 0)).save(tmp_path / "in.png")
    tape_file(tmp_path / "in.png", tmp_path / "out.png", OFF)
    assert np.asarray(Image.open(tmp_path / "out.png")).max() == 0


def test_a_folder_becomes_a_folder_of_frames(tmp_path):
    (tmp_path / "in").mkdir()
    for n in range(3):
        Image.new("RGB", (64, 48), (90, 90, 90)).save(tmp_path / "in" / f"f{n}.jpg")
    seen: list[tuple[int, int | None]] = []
    noisy = Treatment(TapeSettings())
    written = tape_file(tmp_path / "in", tmp_path / "out", noisy, lambda done, total: seen.append((done, total)))
    assert [p.name for p in written] == ["f0.png", "f1.png", "f2.png"]
    assert seen[-1] == (3, 3)
    first, second = (np.asarray(Image.open(p)) for p in written[:2])
    assert not np.array_equal(first, second)


def test_a_video_keeps_its_size_and_length_and_has_sound(tmp_path):
    import av

    write_video(tmp_path / "in.mp4", 24)
    tape_file(tmp_path / "in.mp4", tmp_path / "out.mp4", QUIET)
    with av.open(str(tmp_path / "out.mp4")) as container:
        video = container.streams.video[0]
        frames = [f.to_ndarray(format="rgb24") for f in container.decode(video)]
        assert video.average_rate == Fraction(30000, 1001)
        assert video.codec_context.colorspace == 6
    assert frames[0].shape == (48, 64, 3)
    assert len(frames) == 30
    assert frames[-1].mean() > frames[0].mean() + 50
    with av.open(str(tmp_path / "out.mp4")) as container:
        sound = np.concatenate([f.to_ndarray() for f in container.decode(audio=0)], axis=1)
    assert sound[:, 10000:40000].std() == pytest.approx(0.3 / np.sqrt(2), rel=0.2)
    assert leftovers(tmp_path) == []


def cadence(rate, frames=24):
    source = (Moment(k / rate, k) for k in range(frames))
    return [n for pair in field_pairs(source, round(frames / rate * 30000 / 1001)) for n in pair]


def test_film_rate_gives_two_three_cadence():
    fields = cadence(24000 / 1001)
    runs = np.diff(np.flatnonzero(np.diff([-1, *fields]))).tolist()
    assert set(runs[:16]) == {2, 3}
    assert all(a != b for a, b in pairwise(runs[:16]))


def test_double_rate_gives_two_true_fields_and_video_rate_pairs():
    assert cadence(60000 / 1001) == list(range(24))
    assert cadence(30000 / 1001, 12) == [k // 2 for k in range(24)]


def test_the_earlier_picture_is_the_lower_field():
    first, second = np.full((48, 64, 3), 0.2, np.float32), np.full((48, 64, 3), 0.8, np.float32)
    codes = through(first, second, 0, OFF)
    assert codes[1::2].max() < codes[0::2].min()


@pytest.mark.parametrize("size", [(270, 480), (480, 270)])
@pytest.mark.parametrize("fit", ["stretch", "letterbox", "crop"])
def test_every_fit_comes_back_at_the_size_that_came_in(size, fit):
    picture = np.full((*size, 3), 0.5, np.float32)
    codes = through(picture, picture, 0, Treatment(OFF.tape, fit=fit))
    assert codes.shape == (*size, 3)
    beside = 1 - 4 / 3 * size[0] / size[1] if size[1] > size[0] else 1 - 3 / 4 * size[1] / size[0]
    assert (codes.max(axis=2) == 0).mean() == pytest.approx(beside if fit == "crop" else 0.0, abs=0.01)


def test_camera_and_display_are_off_unless_asked_for():
    picture = np.full((480, 640, 3), 0.4, np.float32)
    plain = through(picture, picture, 0, OFF)
    assert np.ptp(plain) == 0
    dated = through(picture, picture, 0, Treatment(OFF.tape, display=True))
    assert dated[360:].max() > 220
    filmed = through(picture, picture, 0, Treatment(OFF.tape, camera=CameraSettings()))
    assert filmed[:40, :40].mean() < filmed[220:260, 300:340].mean() - 4
    assert filmed[360:].max() < 150


def test_a_cut_or_damaged_video_is_used_as_far_as_it_goes_and_said(tmp_path):
    write_video(tmp_path / "in.mkv", 60, width=320, height=240, sound=False)
    write_video(tmp_path / "in.mp4", 60, width=320, height=240, sound=False)
    half = (tmp_path / "in.mkv").read_bytes()
    (tmp_path / "cut.mkv").write_bytes(half[: len(half) // 2])
    data = bytearray((tmp_path / "in.mp4").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 600] = bytes((b * 7 + 13) & 255 for b in data[middle : middle + 600])
    (tmp_path / "bad.mp4").write_bytes(bytes(data))
    for name, words, frames in (("cut.mkv", "cut off", range(25, 50)), ("bad.mp4", "damaged", range(75, 76))):
        said: list[str] = []
        tape_file(tmp_path / name, tmp_path / "out.mp4", OFF, say=said.append)
        assert [words in line for line in said] == [True]
        out = watched(tmp_path / "out.mp4")
        assert out.frames in frames
        level = out.fields[::2, 5, 5, 1].astype(int)
        expected = 40 + 4 * (np.arange(len(level)) * 24 * 1001 // 30000 % 48)
        assert (np.abs(level - expected) < 6).mean() > 0.7
    assert leftovers(tmp_path) == []


def test_what_cannot_be_taped_is_refused_in_one_line(tmp_path):
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "text.mp4").write_text("hello")
    (tmp_path / "none.png").touch()
    (tmp_path / "empty").mkdir()
    Image.new("RGB", (32, 32)).save(tmp_path / "good.png")
    Image.new("RGB", (8, 32)).save(tmp_path / "thin.png")
    cases = [
        ("text.png", "o.png", "not a picture"), ("text.mp4", "o.mp4", "neither"), ("none.png", "o.png", "empty"),
        ("nothing.png", "o.png", "no such"), ("good.png", "good.png", "same"), ("good.png", "x/o.png", "no such f"),
        ("good.png", "o.mp4", "ends in"), ("empty", "o", "without pictures"), ("thin.png", "o.png", "8x32"),
    ]  # fmt: skip
    for source, target, words in cases:
        with pytest.raises(NoclipError, match=words) as caught:
            tape_file(tmp_path / source, tmp_path / target, OFF)
        assert "\n" not in str(caught.value)
    assert leftovers(tmp_path) == []


def test_on_footage_the_automatics_move_only_if_asked():
    dark, lit = np.full((48, 64, 3), 0.2, np.float32), np.full((48, 64, 3), 0.7, np.float32)

    def states(**asked):
        watched = watch(Treatment(OFF.tape, camera=CameraSettings(**asked)))
        next(watched)
        return [s for n in range(60) for s in watched.send((dark, dark) if n < 5 else (lit, lit))]

    assert len(set(states())) == 1
    iris = [s.exposure for s in states(foreign_iris=True)]
    assert iris[9] > 3 * iris[-1]
    assert iris[11] > iris[-1] * 1.5
    assert len({s.white for s in states(white_drift=8.0)}) > 50
    assert len({s.focus for s in states(focus_hunting=1.0)}) >= 1


def test_the_display_says_what_the_settings_say():
    picture = np.full((480, 640, 3), 0.4, np.float32)
    empty = CameraSettings(osd_date=" ", osd_time=" ")
    assert np.ptp(through(picture, picture, 0, Treatment(OFF.tape, display=True, texts=empty))) == 0
