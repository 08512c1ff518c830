"""A film: the same for any number of workers, resumed to the same bytes, in step with its sound."""

from __future__ import annotations

import itertools
import json
import os
import shlex
import signal
import subprocess
import sys
import time
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.camera.script import Script, beats_of
from generator.cli import main
from generator.errors import NoclipError
from generator.files import digest, whole
from generator.film import FilmRequest, batch, make, make_film, request, segment
from generator.film.frame_range import Made, Setting, Task, WorkerCache, make_range, make_ready
from generator.film.request import frame_ranges
from generator.places.verbs import floorplan
from generator.plan.floorplan import LampState
from generator.progress import Progress
from generator.scene import Scene, load_scene
from generator.video.deinterlace import bob, bob_rgb, weave
from generator.video.encode import encode, join, pictures_of
from generator.video.sound import Sound
from generator.workers import working
from tests import film_workers

TINY = ["render.width_px=64", "render.height_px=48", "render.quality=draft", "render.renderer=embree"]
FRAMES = 6


@pytest.fixture(scope="module", autouse=True)
def short_runs():
    """Ranges of two frames, so that a short film has several."""
    patch = pytest.MonkeyPatch()
    patch.setattr(request, "RANGE_FRAMES", 2)
    yield
    patch.undo()


@pytest.fixture(scope="module")
def asked() -> FilmRequest:
    """Six tiny frames."""
    return FilmRequest(load_scene("level0", TINY), Script(beats_of(["walk 5"])), 0, FRAMES)


@pytest.fixture(scope="module")
def folder(asked, tmp_path_factory) -> Path:
    """The film as a folder, made by one worker."""
    out = tmp_path_factory.mktemp("film") / "frames"
    make_film(replace(asked, form="folder", deliver="interlaced"), out, Progress(), workers=1)
    return out


@pytest.fixture(scope="module")
def film(asked, tmp_path_factory) -> Path:
    """The film as a file, made by two workers."""
    out = tmp_path_factory.mktemp("film") / "a.mp4"
    make_film(asked, out, Progress(), workers=2)
    return out


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_folder_holds_frames_sound_shot_and_manifest(folder):
    frames = [f"frame_{n:06d}.png" for n in range(FRAMES)]
    assert sorted(p.name for p in folder.iterdir()) == [*frames, "manifest.json", "shot.json", "sound.wav"]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert list(manifest["frames"]) == [str(n) for n in range(FRAMES)]
    assert len(set(manifest["frames"].values())) == FRAMES
    shot = json.loads((folder / "shot.json").read_text())
    for column in ("position", "yaw", "pitch", "roll", "fov", "exposure", "gain_db", "white", "focus", "lamp"):
        assert len(shot[column]) == 2 * FRAMES, column
    assert all(len(output) == 2 * FRAMES for output in shot["failing_lamps"].values())
    for n, picture in enumerate(frames):
        pixels = np.asarray(Image.open(folder / picture))
        assert manifest["frames"][str(n)] == digest(pixels.tobytes())
    with wave.open(str(folder / "sound.wav")) as sound:
        assert sound.getframerate() == 48000
        assert sound.getnframes() == round(2 * FRAMES * 1001 / 60000 * 48000)


def test_two_workers_make_the_same_film_as_one(asked, folder, tmp_path):
    again = tmp_path / "frames"
    make_film(replace(asked, form="folder", deliver="interlaced"), again, Progress(), workers=2)
    assert contents(again) == contents(folder)


def test_a_film_file_is_what_it_says(film):
    import av

    with av.open(str(film)) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        context = video.codec_context
        assert (context.name, audio.codec_context.name, audio.rate) == ("h264", "aac", 48000)
        assert (context.width, context.height, video.frames) == (64, 48, 2 * FRAMES)
        assert float(video.average_rate) == pytest.approx(60000 / 1001)
        assert (context.colorspace, context.color_range, context.color_primaries) == (6, 1, 1)
        assert float(audio.duration * audio.time_base) == pytest.approx(2 * FRAMES * 1001 / 60000, abs=0.03)
        assert (video.sample_aspect_ratio, context.width / context.height) == (1, pytest.approx(4 / 3))
        assert json.loads(file.metadata["comment"])["scene"]["seed"] == load_scene("level0").seed
        times = [frame.pts for frame in file.decode(video)]
    assert len(times) == 2 * FRAMES
    assert np.ptp(np.diff(times)) == 0
    assert not film.with_name("a.mp4.work").exists()


def test_resuming_makes_only_what_is_missing_and_gives_the_same_bytes(asked, film, tmp_path, monkeypatch):
    out = tmp_path / "a.mp4"
    made: list[int] = []
    cache = WorkerCache()

    def here(chapters, done, most=99):
        for chapter in chapters:
            if chapter.ready is not None:
                done(make_ready(chapter.ready, cache))
            for task in chapter.ranges[:most]:
                made.append(task.first)
                done(make_range(task, cache))

    def stop_after_one(chapters, workers, cluster, done):
        here(chapters, done, 1)
        raise KeyboardInterrupt

    monkeypatch.setattr(make, "make_chapters", stop_after_one)
    with pytest.raises(KeyboardInterrupt):
        make_film(asked, out, Progress(), workers=1)
    assert not out.exists()
    monkeypatch.setattr(make, "make_chapters", lambda chapters, workers, cluster, done: here(chapters, done))
    make_film(asked, out, Progress(), workers=1, resume=True)
    assert made == [0, 2, 4]
    assert out.read_bytes() == film.read_bytes()


def test_a_full_disk_is_one_error_and_what_is_finished_stays_usable(asked, film, tmp_path, monkeypatch):
    import errno

    out, saved = tmp_path / "a.mp4", []

    def full(path, data, folder, save=make.save_bytes):
        if saved:
            with whole(path):
                raise OSError(errno.ENOSPC, "No space left on device")
        saved.append(path)
        save(path, data, folder)

    monkeypatch.setattr(make, "save_bytes", full)
    with pytest.raises(NoclipError, match=r"No space left.*--resume"):
        make_film(asked, out, Progress(), workers=1)
    assert not out.exists()
    assert saved[0].is_file()
    monkeypatch.undo()
    monkeypatch.setattr(request, "RANGE_FRAMES", 2)
    make_film(asked, out, Progress(), workers=1, resume=True)
    assert out.read_bytes() == film.read_bytes()


def test_another_films_work_is_refused(asked, folder, tmp_path):
    before = contents(folder)
    other = replace(asked, form="folder", deliver="interlaced", scene=load_scene("level0", [*TINY, "seed=9"]))
    with pytest.raises(NoclipError, match=r"another film.*scene\.seed"):
        make_film(other, folder, Progress())
    assert contents(folder) == before
    with pytest.raises(NoclipError, match="nothing to resume"):
        make_film(asked, tmp_path / "new.mp4", Progress(), resume=True)
    assert list(tmp_path.iterdir()) == []


def test_part_of_a_film_equals_the_whole_but_for_rounding(asked, folder, tmp_path):
    part = tmp_path / "part"
    make_film(replace(asked, form="folder", deliver="interlaced", first=3, stop=4), part, Progress(), workers=1)
    a, b = (np.asarray(Image.open(p / "frame_000003.png")).astype(int) for p in (part, folder))
    assert np.abs(a - b).max() <= 1
    assert [p.name for p in sorted(part.glob("*.png"))] == ["frame_000003.png"]


def chapter_for(path: Path) -> batch.Chapter:
    whole = FilmRequest(load_scene("level0", TINY), Script(), 0, 8)
    return batch.Chapter(None, [Task(Setting(whole, path, 0, 8, "embree"), a, b) for a, b in frame_ranges(whole)])


def test_a_worker_that_dies_has_its_range_done_again(tmp_path, monkeypatch):
    done: list[Made] = []
    monkeypatch.setattr(batch, "make_range", film_workers.die_once)
    batch.make_chapters([chapter_for(tmp_path / "mark")], 2, None, done.append)
    assert sorted(made.first for made in done) == [0, 2, 4, 6]
    assert (tmp_path / "mark").exists()


def test_what_fails_in_a_worker_fails_here_and_the_worker_goes_on():
    with working(1) as pool:
        with pytest.raises(NoclipError, match="no 3"):
            pool.submit(film_workers.refuse, 3).result()
        assert list(pool.map(film_workers.pid, range(3))) == 3 * [pool.submit(film_workers.pid, 0).result()]


def test_a_range_that_kills_every_worker_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "make_range", film_workers.die_always)
    monkeypatch.setattr(batch, "TRIES", 1)
    with pytest.raises(NoclipError, match="fewer --workers"):
        batch.make_chapters([chapter_for(tmp_path / "mark")], 1, None, lambda made: None)


def test_flat_fields_become_the_standards_codes():
    for rgb, code in (((255, 255, 255), (235, 128, 128)), ((0, 0, 0), (16, 128, 128)), ((255, 0, 0), (81, 90, 240))):
        frame = np.full((8, 8, 3), rgb, np.uint8)
        for deliver in ("59.94p", "29.97p", "interlaced"):
            for picture in pictures_of(frame, deliver):
                luma, blue, red = picture[:8], picture[8:10], picture[10:]
                assert {int(p.min()) for p in (luma,)} == {code[0]} == {int(luma.max())}
                assert np.abs(np.array([blue[0, 0], red[0, 0]], int) - code[1:]).max() <= 1


def test_bobbed_fields_of_something_still_do_not_hop():
    """A soft edge keeps its height and its steepness from field to field."""
    y = np.arange(64) + 0.5
    edge = 128 + 100 * np.tanh((y - 31.0) / 3.0)
    frame = np.repeat(np.repeat(np.rint(edge)[:, None, None], 16, 1), 3, 2).astype(np.uint8)
    both = []
    for parity in (1, 0):
        out = np.empty_like(frame)
        bob_rgb(frame, parity, out)
        both.append(out[:, 0, 0].astype(float))
    assert np.abs(both[0] - both[1])[4:-4].max() <= 2.5
    expected = 128 + 100 * np.tanh((y + 0.5 - 31.0) / 3.0)
    assert np.abs(both[0] - expected)[4:-4].max() <= 2.5


def test_a_field_holds_no_line_of_the_other():
    frame = np.zeros((32, 16, 3), np.uint8)
    frame[0::2] = 200
    planes = [np.empty(shape, np.uint8) for shape in ((32, 16), (16, 8), (16, 8))]
    bob(frame, 1, *planes)
    assert planes[0].max() == 16
    bob(frame, 0, *planes)
    assert planes[0].min() > 180
    weave(frame, *planes)
    assert (planes[0][0::2] > 180).all()
    assert (planes[0][1::2] == 16).all()


def test_pieces_join_without_a_seam_and_interlaced_is_marked(tmp_path):
    import av

    ramp = [np.full((72, 64), 40 + 3 * k, np.uint8) for k in range(12)]
    pieces = []
    for k in range(3):
        pieces.append(tmp_path / f"{k}.mp4")
        pieces[-1].write_bytes(encode(ramp[4 * k : 4 * k + 4], (64, 48), "interlaced", "draft"))
    out = tmp_path / "all.mkv"
    join(pieces, Sound([np.zeros((19219, 1), np.float32)], 1), "interlaced", {}, "x", out)
    with av.open(str(out)) as file:
        frames = list(file.decode(video=0))
    assert [round(float(f.to_ndarray()[:48].mean())) for f in frames] == [40 + 3 * k for k in range(12)]
    assert all(frame.interlaced_frame for frame in frames)


def test_a_lamps_stutter_is_heard_when_it_is_seen():
    """Luma and loudness of one failing lamp at the tenth minute, cross-correlated: within one field."""
    from generator.film.timeline import lamp_states
    from generator.sound import RATE_HZ, Heard, soundtrack

    ident, fields = np.array([0x1234567890ABCDEF], np.uint64), range(35960, 35960 + 900)
    seen = lamp_states(ident, 3, fields, safe=True)[:, 0]
    around = lamp_states(ident, 3, range(fields.start - 1, fields.stop + 1), safe=True)
    border = 0.5 * (around[:-1] + around[1:])
    assert seen.std() > 0.02
    count = len(border)
    quiet = {"step_time_s": np.zeros(0), "step_strength": np.zeros(0), "breath": np.zeros(count)}
    far, walls = np.full((count, 1), 1.0), np.zeros((count, 1))
    quiet |= {"motion": np.zeros(count), "lamp_loudness": np.ones(len(ident))}
    heard = Heard(fields.start, ident, far, walls, border, **quiet)
    settings = load_scene("level0", ["sound.room_db=-60"]).sound
    sound = soundtrack(heard, settings, 3).astype(float)
    period = round(1001 / 60000 * RATE_HZ)
    loud = np.sqrt(np.add.reduceat(sound**2, np.arange(len(fields)) * RATE_HZ * 1001 // 60000) / period)
    a, b = loud - loud.mean(), seen - seen.mean()
    lags = np.arange(-30, 31)
    best = lags[np.argmax([np.dot(a[30 + k : len(a) - 30 + k], b[30 : len(b) - 30]) for k in lags])]
    assert abs(best) <= 1


TENTH_MINUTE = range(17982, 18162)
"""Six seconds of frames that begin ten minutes after the first."""


def lag_of(heard: np.ndarray, seen: np.ndarray) -> int:
    """Fields by which what is heard comes after what is seen: where their changes go together best."""
    a, b = np.diff(heard), np.diff(seen)
    lags = np.arange(-30, 31)
    return int(lags[np.argmax([np.dot(a[30 + k : len(a) - 30 + k], b[30:-30]) for k in lags])])


def beside_a_failing_lamp(scene: Scene) -> tuple[float, float]:
    """The middle of some failing lamp in the first chunk."""
    plan = floorplan(scene, scene.seed, (0, 0, 1, 1))
    x, y = plan.lamp_xy[plan.lamp_state == LampState.FAILING][0]
    return float(x), float(y)


@pytest.mark.slow
def test_at_the_tenth_minute_a_lamps_stutter_is_heard_in_the_field_in_which_it_is_seen(tmp_path):
    """Luma of finished pictures against loudness of the finished sound; and a sound put off by five fields is told."""
    still = ["camera.shake=0", "sound.breath_db=-60", "sound.steps_db=-60", "sound.room_db=-60", "sound.reach_m=4"]
    still += ["tape.audio_noise=0", "plan.lamps_failing=0.3", "camera.osd=false", "seed=0"]
    scene = load_scene("level0", [*TINY, *still])
    asked = FilmRequest(scene, Script(beats_of(["stand 1000"])), TENTH_MINUTE.start, TENTH_MINUTE.stop, "folder",
                      "59.94p", start=beside_a_failing_lamp(scene))  # fmt: skip
    make_film(asked, tmp_path / "film", Progress(), workers=2)
    pictures = sorted((tmp_path / "film").glob("field_*.png"))
    seen = np.array([np.asarray(Image.open(path).convert("L"), float).mean() for path in pictures])
    with wave.open(str(tmp_path / "film" / "sound.wav")) as file:
        sound = np.frombuffer(file.readframes(-1), "<i2").reshape(-1, file.getnchannels())[:, 0].astype(float)
    cuts = np.arange(len(seen)) * 48048 // 60
    heard = np.sqrt(np.add.reduceat(sound**2, cuts) / 800.8)
    assert len(seen) == 2 * len(TENTH_MINUTE)
    assert np.abs(np.diff(seen)).max() > 5.0
    assert abs(lag_of(heard, seen)) <= 1
    assert lag_of(np.roll(heard, 5), seen) - lag_of(heard, seen) == 5


def test_walls_muffle_and_no_lamp_is_silence(asked):
    from generator.film.soundtrack import film_sound
    from generator.film.timeline import plan_timeline

    lit = np.concatenate(list(film_sound(asked, plan_timeline(asked), Progress())))
    dark = replace(asked, scene=load_scene("level0", [*TINY, "plan.lamps_dead=1.0", "plan.lamps_failing=0.0"]))
    unlit = np.concatenate(list(film_sound(dark, plan_timeline(dark), Progress())))
    assert len(lit) == len(unlit) == round(2 * FRAMES * 1001 / 60000 * 48000)
    assert unlit.std() < 0.7 * lit.std()


@pytest.mark.parametrize(
    "args, says",
    [
        (["--seconds", "0"], "film.seconds"),
        (["--seconds", "-3"], "film.seconds"),
        (["--seconds", "1e9"], "film.seconds"),
        (["--frames", "5:5"], "--frames"),
        (["--frames", "-5:5"], "frames"),
        (["--seconds", "1", "--frames", "0:5"], "not both"),
        (["--deliver", "24p"], "59.94p"),
        (["--workers", "0"], "--workers"),
        (["--from", "here"], "--from"),
        (["--shot", "nowhere.toml"], "nowhere.toml"),
        (["--size", "64x50"], "64x50"),
        (["--set", "film.beats=['fly 3']"], "fly"),
        (["--renderer", "crayon"], "crayon"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(args, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    tiny = [] if "--size" in args else ["--size", "64x48"]
    assert main(["film", *tiny, *args, "-o", "a.mp4"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert says in lines[0]
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_ending_is_refused(tmp_path, capsys):
    assert main(["film", "-o", str(tmp_path / "a.avi")]) == 2
    assert ".mp4" in capsys.readouterr().err


def command(out: Path, *more: str) -> list[str]:
    settings = [part for text in TINY for part in ("--set", text)]
    return [sys.executable, "-m", "generator", "film", "--frames", "0:120", *settings, "-o", str(out), *more]


@pytest.mark.slow
def test_kill_and_resume_lose_at_most_the_runs_in_flight(tmp_path, monkeypatch):
    out = tmp_path / "a.mp4"
    subprocess.run(command(out, "--workers", "1"), check=True, capture_output=True)
    once = out.read_bytes()
    out.unlink()
    work = tmp_path / "a.mp4.work"
    process = subprocess.Popen(command(out, "--workers", "2"), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while process.poll() is None and not list(work.glob("0*.json")):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = len(list(work.glob("0*.json")))
    assert kept
    assert not out.exists()
    again: list[int] = []

    def counting(chapters, *others, give_out=make.make_chapters):
        again.extend(n for chapter in chapters for task in chapter.ranges for n in range(task.first, task.stop))
        give_out(chapters, *others)

    monkeypatch.setattr(make, "make_chapters", counting)
    monkeypatch.setattr(request, "RANGE_FRAMES", 30)
    assert main([*command(out, "--workers", "2", "--resume")[3:]]) == 0
    assert len(again) == len(set(again)) == 120 - 30 * kept
    assert out.read_bytes() == once


@pytest.mark.slow
def test_a_cluster_makes_the_same_film_though_a_worker_is_killed(asked, film, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    out = tmp_path / "a.mp4"
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        with distributed.Client(cluster) as client:
            pids = list(client.run(os.getpid).values())
        reports = []

        def add(self, frames, report=make._Report.add):
            if not reports:
                os.kill(pids[0], signal.SIGKILL)
            reports.append(frames)
            report(self, frames)

        monkeypatch.setattr(make._Report, "add", add)
        make_film(asked, out, Progress(), cluster=cluster.scheduler_address)
    assert out.read_bytes() == film.read_bytes()


@pytest.mark.slow
def test_nothing_pops_where_one_leg_ends_and_the_next_begins(tmp_path, monkeypatch):
    """Pictures without noise, on a walk: the step over the border is like the steps before and after it."""
    border = 150
    monkeypatch.setattr(segment, "SEGMENT_FRAMES", border)
    quiet = ["camera.gain_noise=0", "plan.lamps_failing=0"]
    scene = load_scene("level0", [*TINY, *quiet, "render.width_px=160", "render.height_px=120"])
    asked = FilmRequest(scene, Script(beats_of(["walk 60"])), border - 8, border + 8, "folder", "interlaced",
                      clean=True, silent=True)  # fmt: skip
    make_film(asked, tmp_path / "film", Progress(), workers=2)
    pictures = [np.asarray(Image.open(path), float) for path in sorted((tmp_path / "film").glob("frame_*.png"))]
    steps = [np.abs(b - a).mean() for a, b in itertools.pairwise(pictures)]
    assert len(steps) == 15
    assert steps[7] < 1.15 * max(steps[6], steps[8])


def readme_commands() -> list[list[str]]:
    """The ``noclip film`` lines of the README, without their comments."""
    text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    return [shlex.split(line, comments=True) for line in text.splitlines() if line.startswith("    noclip film ")]


@pytest.mark.slow
def test_every_film_command_of_the_readme_works_at_a_tiny_size(tmp_path, monkeypatch, capsys):
    distributed = pytest.importorskip("distributed")
    monkeypatch.chdir(tmp_path)
    commands = readme_commands()
    assert len(commands) >= 5
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        for _, *args in commands:
            if "--seconds" in args:
                del args[args.index("--seconds") : args.index("--seconds") + 2]
            args = [cluster.scheduler_address if text.startswith("tcp://") else text for text in args]
            small = [part for text in TINY for part in ("--set", text)]
            with monkeypatch.context() as stopped:
                stop = "long.mkv" in args and "--resume" not in args
                if stop:
                    stopped.setattr(make, "make_chapters", interrupted)
                code = main([*args, "--frames", "0:3", *small])
            said = capsys.readouterr()
            assert code == (130 if stop else 0), said.err
            assert ("--resume" in said.err) == stop
            assert Path(args[args.index("-o") + 1]).exists() != stop


def interrupted(*asked) -> None:
    raise KeyboardInterrupt


@pytest.mark.slow
def test_no_scheduler_is_one_line_in_ten_seconds(tmp_path, capsys, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.chdir(tmp_path)
    start = time.monotonic()
    assert main(["film", "--cluster", "tcp://127.0.0.1:9", "-o", "a.mp4"]) == 2
    assert time.monotonic() - start < 30
    assert "no scheduler" in capsys.readouterr().err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []
