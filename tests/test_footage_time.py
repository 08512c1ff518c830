"""Time: one clock from a file's stamps, sound where it is due, pictures held as long as they must be."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from generator.video.encode import encode, join, pictures_of
from generator.video.scan import Scan, Track
from generator.video.sound import Sound
from generator.video.source import FRAME_S, span_of
from generator.video.stamps import Stamps, moved
from tests.footage import FIELD_S, rises, taped, watched


def stamps(*runs: tuple[float, float], step=0.04) -> Stamps:
    """Packets whose stamps run from one time to another, then begin again elsewhere."""
    due = np.concatenate([np.arange(begin, end - 1e-9, step) for begin, end in runs])
    return Stamps(due, due, np.full(len(due), step))


def clock(stream: Stamps, move) -> np.ndarray:
    return stream.shown + move


def test_stamps_that_run_through_are_left_as_they_are():
    video, sound = stamps((5.0, 9.0)), stamps((4.5, 9.2), step=0.02)
    for broadcast in (False, True):
        for move in moved(video, sound, broadcast):
            assert (move == 0).all()


def test_stamps_that_start_again_go_on_where_the_longer_stream_ended():
    video, sound = stamps((10.0, 12.0), (0.5, 3.0)), stamps((10.0, 12.3), (0.3, 3.0), step=0.02)
    by_video, by_sound = moved(video, sound, False)
    seen, heard = clock(video, by_video), clock(sound, by_sound)
    assert (np.diff(seen) > 0).all()
    assert (np.diff(heard) > 0).all()
    again = np.flatnonzero(np.diff(by_video))[0] + 1, np.flatnonzero(np.diff(by_sound))[0] + 1
    assert heard[again[1]] == pytest.approx(12.3)
    assert seen[again[0]] - heard[again[1]] == pytest.approx(0.2)


def test_stamps_that_start_again_many_times_never_go_back():
    rng = np.random.default_rng(1)
    for _ in range(50):
        runs = [(begin, begin + rng.uniform(1, 4)) for begin in rng.uniform(0, 100, rng.integers(2, 6))]
        late = [(begin + rng.uniform(0, 0.3), end + rng.uniform(-0.3, 0.3)) for begin, end in runs]
        video, sound = stamps(*runs), stamps(*late, step=0.02)
        by_video, by_sound = moved(video, sound, True)
        assert (np.diff(clock(video, by_video)) > -0.5).all()
        assert (np.diff(clock(sound, by_sound)) > -0.5).all()


def test_a_broadcasts_leap_is_closed_and_a_files_leap_is_a_picture_that_stays():
    video, sound = stamps((0.0, 2.0), (95443.0, 95445.0)), stamps((0.0, 2.0), (95443.0, 95445.0), step=0.02)
    closed = moved(video, sound, True)
    assert clock(video, closed[0])[-1] == pytest.approx(3.96)
    assert clock(sound, closed[1])[-1] == pytest.approx(3.98)
    paused = stamps((0.0, 2.0), (60.0, 62.0))
    assert (moved(paused, stamps((0.0, 2.0), (60.0, 62.0), step=0.02), False)[0] == 0).all()
    hole = stamps((0.0, 2.0), (40.0, 60.0), step=0.02)
    long = stamps((0.0, 60.0))
    assert all((move == 0).all() for move in moved(long, hole, True))


def test_single_stamps_that_are_far_off_take_their_neighbours():
    video, sound = stamps((0.0, 9.0)), stamps((0.0, 9.0), step=0.02)
    video.shown[40] = video.due[40] = 4.0e6
    video = replace(video, shown=video.shown.copy())
    video.shown[90] = 47000.0
    sound.shown[100] = sound.due[100] = -3000.0
    for stream, move in zip((video, sound), moved(video, sound, False), strict=True):
        assert np.abs(clock(stream, move) - np.arange(len(move)) * stream.lasts[0]).max() < 0.05


def test_leaps_of_days_are_closed_in_any_file():
    video, sound = stamps((0.0, 2.0), (4.0e6, 4.0e6 + 2)), stamps((0.0, 2.0), (4.0e6, 4.0e6 + 2), step=0.02)
    assert clock(video, moved(video, sound, False)[0])[-1] == pytest.approx(3.96)
    assert clock(video, moved(video, None, False)[0])[-1] == pytest.approx(3.96)
    assert clock(video, moved(video, stamps((0.0, 4.0)), False)[0])[-1] == pytest.approx(3.96)


def track(start: float, end: float, last: float | None = None) -> Track:
    return Track(np.zeros(1), 0, start, end - 0.04 if last is None else last, end, False)


def test_the_span_reaches_from_the_first_to_the_last_of_both():
    def span(pictures, sound, most=None):
        said: list[str] = []
        return span_of(Scan(pictures, sound, ""), most, said.append), said

    taken, _ = span(track(2.0, 6.0), track(1.0, 8.0))
    assert 2.0 - taken.start_s == pytest.approx(30 * FRAME_S)
    assert taken.frames * FRAME_S == pytest.approx(8.0 - taken.start_s, abs=FIELD_S)
    assert span(track(2.0, 6.0), track(1.95, 6.0))[0].start_s == 2.0
    assert ["first picture" in line for line in span(track(90.0, 96.0), track(0.0, 96.0))[1]] == [True]
    taken, said = span(track(0.0, 6.0), track(0.0, 100.0))
    assert ["--hold-max" in line for line in said] == [True]
    assert taken.frames * FRAME_S == pytest.approx(100.0, abs=FIELD_S)
    taken, said = span(track(0.0, 6.0), track(0.0, 100.0), 5.0)
    assert said == []
    assert taken.frames * FRAME_S == pytest.approx(11.0, abs=FIELD_S)
    taken, said = span(track(0.0, 96.0, last=5.96), None, 5.0)
    assert taken.frames * FRAME_S == pytest.approx(11.96, abs=FIELD_S)


# --- sound, measured in finished files ---


def write(path: Path, rate: Fraction, hz: int, seconds: float, wrong=lambda at: at) -> np.ndarray:
    """A flash and a beep together every 7.3 s; ``wrong`` changes the sound's stamps, seconds. Returns their times."""
    import av

    event = np.arange(round(3 * rate), round((seconds - 1) * rate), round(Fraction(73, 10) * rate)) / float(rate)
    dark = np.full((48, 32), 16, np.uint8)
    dark[32:] = 128
    lit = np.where(dark == 16, 235, dark).astype(np.uint8)

    def on(at):
        k = np.searchsorted(event, at + 1e-6, side="right") - 1
        return (k >= 0) & (at - event[np.maximum(k, 0)] < 0.1)

    with av.open(str(path), "w") as out:
        video, sound = out.add_stream("libx264", rate=rate), out.add_stream("aac", rate=hz, layout="mono")
        video.width, video.height, video.pix_fmt, video.options = 32, 32, "yuv420p", {"preset": "ultrafast"}

        def send(packets):
            for packet in packets:
                stamp = wrong(packet.pts / hz)
                if stamp is not None:
                    packet.pts = packet.dts = round(stamp * 1e6)
                    packet.duration, packet.time_base = 0, Fraction(1, 1000000)
                    out.mux(packet)

        sent = 0
        for n, bright in enumerate(on(np.arange(int(seconds * rate)) / float(rate))):
            frame = av.VideoFrame.from_ndarray(lit if bright else dark, format="yuv420p")
            frame.pts, frame.time_base = n, 1 / rate
            out.mux(video.encode(frame))
            while sent + 1024 <= (n + 1) / rate * hz:
                at = (sent + np.arange(1024)) / hz
                wave = np.where(on(at), 0.5 * np.sin(2 * np.pi * 1000 * at), 0).astype(np.float32)
                part = av.AudioFrame.from_ndarray(wave[None], format="fltp", layout="mono")
                part.sample_rate, part.pts, part.time_base = hz, sent, Fraction(1, hz)
                send(sound.encode(part))
                sent += 1024
        out.mux(video.encode(None))
        send(sound.encode(None))
    return event


def apart(path: Path, out: Path) -> np.ndarray:
    """Seconds by which each flash comes after its beep in what is made of a file."""
    taped(path, out)
    shown = watched(out)
    assert len(shown.sound) / 48000 == pytest.approx(shown.frames * FRAME_S, abs=0.03)
    flashes, beeps = shown.flashes(), shown.beeps()
    assert len(flashes) == len(beeps) > 0
    return flashes - beeps


@pytest.mark.slow
@pytest.mark.parametrize("rate,hz", [(Fraction(30000, 1001), 48000), (Fraction(25), 44100)])
def test_a_flash_and_a_beep_stay_together_over_ten_minutes(rate, hz, tmp_path):
    event = write(tmp_path / "in.mkv", rate, hz, 600.0)
    off = apart(tmp_path / "in.mkv", tmp_path / "out.mp4")
    assert len(off) == len(event) > 80
    assert np.abs(off).max() <= FIELD_S


@pytest.mark.parametrize("skew", [0.002, pytest.param(-0.001, marks=pytest.mark.slow)])
def test_sound_whose_samples_come_too_slowly_or_fast_does_not_drift(skew, tmp_path):
    write(tmp_path / "in.mkv", Fraction(25), 48000, 19.0, lambda at: at * (1 + skew))
    off = apart(tmp_path / "in.mkv", tmp_path / "out.mp4")
    assert np.abs(off + np.array([3.0, 10.3, 17.6]) * skew).max() <= FIELD_S


def test_rounded_and_trembling_stamps_do_not_change_the_sound(tmp_path):
    rng = np.random.default_rng(2)
    write(tmp_path / "in.mkv", Fraction(25), 48000, 8.0)
    write(tmp_path / "shaky.mkv", Fraction(25), 48000, 8.0, lambda at: at + float(rng.uniform(-0.0015, 0.0015)))
    sounds = []
    for name in ("in", "shaky"):
        taped(tmp_path / f"{name}.mkv", tmp_path / "out.mkv")
        sounds.append(watched(tmp_path / "out.mkv").sound)
    assert np.abs(sounds[0] - sounds[1][: len(sounds[0])]).max() < 0.05


@pytest.mark.parametrize("length", [0.05, 0.4])
def test_a_hole_in_the_sound_is_silence_and_what_follows_stays_in_place(length, tmp_path):
    write(tmp_path / "in.mkv", Fraction(25), 48000, 12.0, lambda at: None if 5.0 <= at < 5.0 + length else at)
    assert np.abs(apart(tmp_path / "in.mkv", tmp_path / "out.mp4")).max() <= FIELD_S


@pytest.mark.parametrize("frames", range(40, 48))
def test_picture_and_sound_end_within_a_field_of_each_other(frames, tmp_path):
    import av

    picture = np.full((72, 64), 90, np.uint8)
    (tmp_path / "0.mp4").write_bytes(encode([picture] * frames, (64, 48), "interlaced", "draft"))
    samples = round(frames * FRAME_S * 48000)
    for name in ("film.mp4", "film.mkv"):
        sound = Sound([np.full((samples, 1), 0.1, np.float32)], 1)
        join([tmp_path / "0.mp4"], sound, "interlaced", {}, "x", tmp_path / name)
        with av.open(str(tmp_path / name)) as file:
            audio = file.streams.audio[0]
            stated = float(audio.duration * audio.time_base) if audio.duration else None
        heard = stated or len(watched(tmp_path / name).sound) / 48000
        assert heard == pytest.approx(frames * FRAME_S, abs=FIELD_S)


@pytest.mark.parametrize("name", ["T1:film.mp4", "film.mkv"])
def test_a_films_sound_begins_with_its_first_picture(name, tmp_path):
    """The coder's priming is left out by the file's edit list, or by Matroska's codec delay."""
    dark, lit = np.full((48, 64, 3), 20, np.uint8), np.full((48, 64, 3), 230, np.uint8)
    frames = [lit if n % 10 == 3 else dark for n in range(60)]
    (tmp_path / "0.mp4").write_bytes(encode([p for f in frames for p in pictures_of(f, "interlaced")], (64, 48),
                                            "interlaced", "draft"))  # fmt: skip
    at = np.arange(round(60 * FRAME_S * 48000)) / 48000
    beep = np.where((at / FRAME_S) % 10 // 1 == 3, 0.5 * np.sin(2 * np.pi * 1000 * at), 0).astype(np.float32)
    join([tmp_path / "0.mp4"], Sound([beep[:, None]], 1), "interlaced", {}, "x", tmp_path / name)
    shown = watched(tmp_path / name)
    level = shown.fields[:, :, :, 1].mean(axis=(1, 2))
    assert rises(level > 130).tolist() == [6, 26, 46, 66, 86, 106]
    assert shown.beeps() == pytest.approx(np.array([6, 26, 46, 66, 86, 106]) * FIELD_S, abs=0.003)
    assert len(shown.sound) - len(at) < 1100
