"""Files and machines that misbehave: one line, nothing half-written, no program started, the same bytes each time."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.cli import main
from generator.errors import NoclipError
from generator.video.encode import encode, join, pictures_of
from tests.footage import CASES, taped, watched
from tests.footage_maker import clip, write

RUN = [sys.executable, "-m", "generator"]


def refused(source: Path, target: Path, words: str) -> None:
    """A source that gives one line, and no file."""
    before = sorted(path.name for path in target.parent.iterdir())
    with pytest.raises(NoclipError, match=words) as caught:
        taped(source, target)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
    assert sorted(path.name for path in target.parent.iterdir()) == before


@pytest.mark.slow
def test_a_taped_video_has_the_same_bytes_whatever_memory_held_before(tmp_path):
    """x264's look-ahead once read memory that nobody had written; MALLOC_PERTURB_ fills it."""
    rng = np.random.default_rng(3)
    (tmp_path / "in").mkdir()
    frames = [Image.fromarray(rng.integers(0, 256, (48, 64, 3), np.uint8)) for _ in range(12)]
    frames[0].save(tmp_path / "in.gif", save_all=True, append_images=frames[1:], duration=100)
    made = []
    for fill in ("0", "85", "170"):
        out = tmp_path / f"{fill}.mp4"
        env = os.environ | {"MALLOC_PERTURB_": fill}
        subprocess.run([*RUN, "tape", str(tmp_path / "in.gif"), str(out), "--tape", "off"], check=True, env=env)
        made.append(out.read_bytes())
    assert made[0] == made[1] == made[2]
    assert len(made[0]) > 10000


@pytest.mark.parametrize("name", ["late_audio.mkv", "tff.mp4"])
def test_the_same_footage_gives_the_same_file(name, tmp_path):
    for ending in ("mp4", "mkv", "mov"):
        made = []
        for n in range(2):
            taped(CASES / name, tmp_path / f"{n}.{ending}")
            made.append((tmp_path / f"{n}.{ending}").read_bytes())
        assert made[0] == made[1]


def test_films_and_taped_videos_open_at_once_and_are_tagged_alike(tmp_path):
    import av

    taped(CASES / "tff.mp4", tmp_path / "taped.mp4")
    frame = np.full((48, 64, 3), 90, np.uint8)
    pieces = [tmp_path / "0.mp4"]
    pieces[0].write_bytes(encode([p for _ in range(4) for p in pictures_of(frame, "interlaced")], (64, 48),
                                 "interlaced", "draft"))  # fmt: skip
    join(pieces, None, "interlaced", {}, "x", tmp_path / "film.mp4")
    tags = []
    for name in ("taped.mp4", "film.mp4"):
        data = (tmp_path / name).read_bytes()
        assert data.index(b"moov") < data.index(b"mdat")
        with av.open(str(tmp_path / name)) as file:
            context = file.streams.video[0].codec_context
            tags.append((context.color_primaries, context.color_trc, context.colorspace, context.color_range,
                         context.field_order, next(file.decode(video=0)).interlaced_frame))  # fmt: skip
    assert tags == [(1, 1, 6, 1, 3, True)] * 2


@pytest.mark.parametrize("name", ["out.mp4", "out.mkv"])
def test_a_disk_that_is_full_at_any_moment_is_one_line_and_leaves_nothing(name, tmp_path):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        for limit in (0, 3000, 9000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
            refused(CASES / "late_audio.mkv", tmp_path / name, "cannot write")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_pipes_and_devices_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "frames").mkdir()
    os.mkfifo(tmp_path / "frames" / "f1.png")
    refused(tmp_path / "pipe.mp4", tmp_path / "out.mp4", "neither a file nor a folder")
    refused(tmp_path / "pipe.png", tmp_path / "out.png", "neither a file nor a folder")
    refused(Path("/dev/zero"), tmp_path / "out.mp4", "neither a file nor a folder")
    refused(tmp_path / "frames", tmp_path / "out", "without pictures")
    refused(CASES / "odd.mp4", tmp_path / "pipe.mp4", "neither a file nor a folder")


def test_files_that_would_start_a_program_or_open_others_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: pytest.fail("a program was started"))
    (tmp_path / "eps.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\nshowpage\n%%EOF\n")
    (tmp_path / "list.mp4").write_text(f"#EXTM3U\n#EXTINF:1,\n{CASES / 'odd.mp4'}\n#EXT-X-ENDLIST\n")
    (tmp_path / "list.mkv").write_text(f"ffconcat version 1.0\nfile {CASES / 'odd.mp4'}\n")
    refused(tmp_path / "eps.png", tmp_path / "out.png", "not a picture")
    refused(tmp_path / "list.mp4", tmp_path / "out.mp4", "neither a picture nor a video")
    refused(tmp_path / "list.mkv", tmp_path / "out.mp4", "neither a picture nor a video")


def test_a_sound_without_a_decoder_is_left_out_and_said(tmp_path):
    asked = replace(clip(0), form="mov", codec="libx264", sound_codec="pcm_s16le", fault="", size=(64, 48))
    write(asked, tmp_path / "in.mov")
    (tmp_path / "in.mov").write_bytes((tmp_path / "in.mov").read_bytes().replace(b"sowt", b"zq0q"))
    said = taped(tmp_path / "in.mov", tmp_path / "out.mp4")
    assert ["silent" in line for line in said] == [True]
    assert len(watched(tmp_path / "out.mp4").sound) == 0


def test_headers_of_thirty_thousand_pixels_are_refused_before_any_is_read(tmp_path):
    png = bytearray((CASES / "p3.png").read_bytes())
    at = png.index(b"IHDR")
    png[at + 4 : at + 12] = struct.pack(">II", 30000, 30000)
    png[at + 17 : at + 21] = struct.pack(">I", zlib.crc32(bytes(png[at : at + 17])))
    (tmp_path / "in.png").write_bytes(bytes(png))
    refused(tmp_path / "in.png", tmp_path / "out.png", r"sides of 16 to 8192")
    gif = bytearray((CASES / "anim.gif").read_bytes())
    gif[6:10] = struct.pack("<HH", 30000, 30000)
    (tmp_path / "in.gif").write_bytes(bytes(gif))
    refused(tmp_path / "in.gif", tmp_path / "out.mp4", r"sides of 16 to 8192")
    import av

    with av.open(str(tmp_path / "in.avi"), "w") as out:
        stream = out.add_stream("rawvideo", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "bgr24"
        out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="bgr24")))
    data = (tmp_path / "in.avi").read_bytes().replace(struct.pack("<ii", 64, 48), struct.pack("<ii", 30000, 30000))
    data = data.replace(struct.pack("<ii", 64, -48), struct.pack("<ii", 30000, -30000))
    (tmp_path / "in.avi").write_bytes(data)
    refused(tmp_path / "in.avi", tmp_path / "out.mp4", "sides of 16|no picture|decoded")


def test_a_broken_picture_in_a_folder_leaves_no_folder(tmp_path):
    (tmp_path / "in").mkdir()
    for n in range(3):
        Image.effect_noise((64, 48), 60).save(tmp_path / "in" / f"f{n}.png")
    (tmp_path / "in" / "f3.png").write_bytes((tmp_path / "in" / "f2.png").read_bytes()[:900])
    refused(tmp_path / "in", tmp_path / "out", r"f3\.png: not a picture")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    refused(tmp_path / "in", tmp_path / "out", r"f3\.png: not a picture")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_pictures_that_are_there_already_are_never_replaced(tmp_path):
    (tmp_path / "in").mkdir()
    Image.new("RGB", (64, 48)).save(tmp_path / "in" / "f1.png")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "f1.png").write_bytes(b"mine")
    refused(tmp_path / "in", tmp_path / "out", r"f1\.png: is there already")
    assert (tmp_path / "out" / "f1.png").read_bytes() == b"mine"


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_ended_leaves_no_part(how, tmp_path):
    noise = np.random.default_rng(1).integers(0, 256, (480, 640, 3), np.uint8)
    frames = [Image.fromarray(np.roll(noise, k, axis=0)) for k in range(4)]
    frames[0].save(tmp_path / "in.gif", save_all=True, append_images=frames[1:], duration=20000)
    run = subprocess.Popen([*RUN, "tape", str(tmp_path / "in.gif"), str(tmp_path / "out.mp4")],
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # fmt: skip
    until = time.monotonic() + 60
    while time.monotonic() < until and not any(p.stat().st_size for p in tmp_path.iterdir() if "part" in p.name):
        time.sleep(0.02)
    run.send_signal(how)
    said = run.communicate(timeout=60)[1].decode()
    assert run.returncode == 128 + how
    assert said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["in.gif"]


def test_the_coder_looks_at_no_picture_but_the_one_it_codes(tmp_path):
    """Its look-ahead is what read memory that nobody had written; the file states the coder's settings."""
    taped(CASES / "odd.mp4", tmp_path / "out.mp4")
    data = (tmp_path / "out.mp4").read_bytes()
    for words in (b"rc=cqp mbtree=0", b"bframes=0", b"lookahead_threads=1", b"threads=1 "):
        assert words in data


def test_a_name_that_is_not_utf_8_is_taped(tmp_path):
    name = os.fsdecode(b"caf\xe9.mp4")
    (tmp_path / name).write_bytes((CASES / "odd.mp4").read_bytes())
    (tmp_path / "out").mkdir()
    taped(tmp_path / name, tmp_path / "out" / name)
    assert watched(tmp_path / "out" / name).frames == 6


@pytest.mark.slow
def test_a_name_that_is_not_utf_8_is_taped_and_printed(tmp_path):
    name = os.fsdecode(b"caf\xe9.mp4")
    (tmp_path / name).write_bytes((CASES / "odd.mp4").read_bytes())
    (tmp_path / "out").mkdir()
    run = subprocess.run([*RUN, "tape", str(tmp_path / name), str(tmp_path / "out" / name)], capture_output=True)
    assert run.returncode == 0, run.stderr
    assert b"Traceback" not in run.stderr
    assert os.fsencode(tmp_path / "out" / name) in run.stdout


def test_an_out_without_or_with_a_foreign_ending_says_what_is_possible(tmp_path, capsys):
    for out, words in (("out", ".mp4"), ("out.wmv", ".mkv"), ("out.png", ".mov")):
        assert main(["tape", str(CASES / "odd.mp4"), str(tmp_path / out)]) == 2
        assert words in capsys.readouterr().err
    assert main(["tape", str(CASES / "odd.mp4"), str(tmp_path / "o.mp4"), "--hold-max", "nan"]) == 2
    assert "--hold-max" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
