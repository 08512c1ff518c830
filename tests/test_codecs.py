"""Codecs of films: which container holds which, what is flagged, and how much of a tape's grain is kept."""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pytest

from generator.camera.shot import Lens, Pose
from generator.cli import main
from generator.errors import NoclipError
from generator.render.view import view_of
from generator.video import codecs
from generator.video.codecs import HELD, MARKS_FIELDS, PIECE, codec_of, noise_of, quantizer
from generator.video.encode import encode, join, pictures_of
from generator.video.fields import pixel_aspect

ALL = ("h264", "h265", "av1", "prores", "ffv1")
PROMISED = {".mp4": ALL[:3], ".mov": ALL[:4], ".mkv": ALL}
SIZE = (160, 120)


def woven(noise: float, seed: int, frames: int = 6, size: tuple[int, int] = SIZE) -> list[np.ndarray]:
    """Frames of an even slope with grain like a tape's: each line for itself, a quarter of its power coarse."""
    rng, (width, height) = np.random.default_rng(seed), size
    slope = np.linspace(70, 150, width)[None, :, None] * np.array([1.0, 0.95, 0.7])
    fine = rng.normal(0, 1, (frames, height, width + 2))
    fine = (fine[:, :, 2:] + 2 * fine[:, :, 1:-1] + fine[:, :, :-2]) / np.sqrt(6)
    coarse = np.repeat(rng.normal(0, 1, (frames, height, width // 16)), 16, axis=2)
    grain = noise * (np.sqrt(0.75) * fine + np.sqrt(0.25) * coarse)
    return list(np.clip(np.rint(slope + grain[..., None]), 0, 255).astype(np.uint8))


def planes(frames: list[np.ndarray], deliver) -> list[np.ndarray]:
    return [picture for frame in frames for picture in pictures_of(frame, deliver)]


def decoded(data: bytes) -> np.ndarray:
    import av

    with av.open(io.BytesIO(data)) as file:
        return np.stack([f.reformat(format="yuv420p").to_ndarray() for f in file.decode(video=0)])


@pytest.mark.parametrize("ending", PROMISED)
@pytest.mark.parametrize("codec", ALL)
def test_a_container_holds_the_codecs_that_the_help_promises(tmp_path, ending, codec):
    out = tmp_path / f"film{ending}"
    if codec in PROMISED[ending]:
        assert codec_of(codec, ending, fields=False) == codec
        return
    with pytest.raises(NoclipError, match=f"{codec}.*{ending} does not hold it"):
        codec_of(codec, ending, fields=False)
    assert main(["film", "--seconds", "1", "--codec", codec, "-o", str(out)]) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "args, told",
    [
        (["film", "--codec", "divx", "-o", "{}/a.mp4"], "divx"),
        (["film", "--codec", "h264", "-o", "{}/folder"], "PNG"),
        (["film", "--codec", "av1", "--deliver", "interlaced", "-o", "{}/a.mp4"], "fields"),
        (["film", "--codec", "h265", "--deliver", "interlaced", "-o", "{}/a.mov"], "fields"),
        (["film", "-o", "{}/a.avi"], ".mov"),
    ],
)
def test_a_codec_that_cannot_be_had_is_one_line_before_any_frame(tmp_path, capsys, args, told):
    assert main([arg.format(tmp_path) for arg in args]) == 2
    line = capsys.readouterr().err.strip()
    assert told in line
    assert "\n" not in line
    assert not list(tmp_path.iterdir())


def test_an_encoder_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(codecs.ENCODER, "av1", "libnothing")
    with pytest.raises(NoclipError, match="no encoder libnothing"):
        codec_of("av1", ".mp4", fields=False)


@pytest.mark.parametrize("codec", ALL)
def test_what_each_codec_makes_joins_in_every_container_and_says_its_shape_and_order(tmp_path, codec):
    """Pieces of different noise, so of different quantizers, make one film; the same pictures make the same bytes."""
    import av

    deliver = "interlaced" if codec in MARKS_FIELDS else "59.94p"
    pictures, pieces = [], []
    for k, noise in enumerate((0.5, 9.0, 2.0)):
        part = planes(woven(noise, k, 2), deliver)
        pictures += part
        data = encode(part, SIZE, deliver, "normal", codec)
        assert encode(part, SIZE, deliver, "normal", codec) == data
        pieces.append(tmp_path / f"{k}{PIECE[codec]}")
        pieces[-1].write_bytes(data)
    for ending in PROMISED:
        if codec not in HELD[ending]:
            continue
        out = tmp_path / f"out{ending}"
        join(pieces, None, deliver, {}, "x", out)
        with av.open(str(out)) as file:
            stream = file.streams.video[0]
            order, told = stream.codec_context.field_order, stream.codec_context.colorspace
            frames = list(file.decode(stream))
        assert len(frames) == len(pictures)
        assert order == 3 if deliver == "interlaced" else order in (0, 1)
        assert all(f.interlaced_frame for f in frames) == (deliver == "interlaced" and codec != "ffv1")
        assert int(told) == 6
        apart = [np.abs(f.reformat(format="yuv420p").to_ndarray()[:120].astype(int) - p[:120]).mean()
                 for f, p in zip(frames, pictures, strict=True)]  # fmt: skip
        assert max(apart) < 3.5


@pytest.mark.parametrize("width, aspect", [(720, Fraction(8, 9)), (704, Fraction(10, 11)), (640, Fraction(1))])
@pytest.mark.parametrize("codec", ["h264", "h265", "av1", "prores"])
def test_480_lines_fill_a_screen_of_4_to_3(tmp_path, codec, width, aspect):
    import av

    grey = np.full((720, width), 128, np.uint8)
    (tmp_path / "piece").write_bytes(encode([grey], (width, 480), "59.94p", "draft", codec))
    out = tmp_path / "out.mov"
    join([tmp_path / "piece"], None, "59.94p", {}, "x", out)
    with av.open(str(out)) as file:
        assert (file.streams.video[0].sample_aspect_ratio or 1) == aspect


@pytest.mark.parametrize("width", [720, 704])
def test_480_lines_show_what_640_square_pixels_show(width):
    """Of a film, that is: as many degrees each way, whatever its width."""
    pose = Pose((0, 0), (1.0, 2.0, 1.6), 0.3, 0.1)
    square = view_of((0, 0), pose, Lens(1.0), (640, 480))
    narrow = view_of((0, 0), pose, Lens(1.0, float(pixel_aspect((width, 480)))), (width, 480))
    assert narrow.bounds == pytest.approx(square.bounds)


def kept(codec, quality: str, deliver, noise: float) -> tuple[float, float]:
    """Share of the noise's power that is kept, and how what is kept goes with it: what two tapes do not share."""
    before, after = [], []
    for seed in (1, 2):
        pictures = planes(woven(noise, seed), deliver)
        before.append(np.stack(pictures)[:, 8:112].astype(float))
        after.append(decoded(encode(pictures, SIZE, deliver, quality, codec))[:, 8:112].astype(float))
    a, b = before[0] - before[1], after[0] - after[1]
    return (b**2).mean() / (a**2).mean(), (a * b).mean() / np.sqrt((a**2).mean() * (b**2).mean())


@pytest.mark.parametrize("deliver", ["59.94p", "interlaced"])
@pytest.mark.parametrize("noise", [2.0, 8.0])
@pytest.mark.parametrize("quality, share", [("normal", 0.65), ("final", 0.85)])
def test_grain_is_kept_and_is_the_grain_that_was_there(quality, share, noise, deliver):
    power, together = kept("h264", quality, deliver, noise)
    assert share <= power < 1.1
    assert together >= 0.8


@pytest.mark.parametrize("codec", ["h265", "av1", "prores"])
def test_other_codecs_keep_the_grain_too(codec):
    power, together = kept(codec, "normal", "59.94p", 2.0)
    assert 0.65 <= power < 1.1
    assert together >= 0.8


def test_ffv1_loses_nothing():
    pictures = planes(woven(3.0, 1, 2), "59.94p")
    assert np.array_equal(decoded(encode(pictures, SIZE, "59.94p", "draft", "ffv1")), np.stack(pictures))


def test_noise_is_measured_on_the_lines_of_a_field_and_edges_do_not_count():
    frames = woven(4.0, 3)
    assert noise_of(planes(frames, "interlaced")) == pytest.approx(4.0 * 0.86, rel=0.1)
    for frame in frames:
        frame[40:80] = 255 - frame[40:80]
    assert noise_of(planes(frames, "interlaced")) == pytest.approx(4.0 * 0.86, rel=0.15)


def test_twice_the_noise_is_never_coded_more_finely():
    for codec, quality in codecs.TABLES:
        found = [quantizer(codec, quality, noise, False) for noise in (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 1e3)]
        assert found == sorted(found)
        assert found[-1] <= codecs.TABLES[codec, quality].most
