"""Pictures of footage: upright, in a television's colours, fields in order and apart, frames as they are numbered."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from generator.camera.exposure import transfer
from generator.errors import NoclipError
from generator.video.colour import HLG, PQ, television
from generator.video.fields import LOWER, UPPER, bobbed, first_field, spread
from generator.video.pictures import read_animation, read_picture
from generator.video.sequence import frames_of, gaps
from tests.footage import CASES, taped, watched
from tests.footage_maker import clip, write_streams


def video(path: Path, pictures, rate=Fraction(30000, 1001), codec="ffv1", pixels="yuv420p", woven=False, **context):
    """Write pictures (H, W, 3) as a video; woven: fields converted apart."""
    import av

    from tests.footage_maker import _woven

    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=rate)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pixels
        for name, value in context.items():
            setattr(stream.codec_context, name, value)
        for n, codes in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(codes, format="rgb24")
            frame = _woven(frame, pixels) if woven else frame.reformat(format=pixels, dst_colorspace=5)
            frame.pts, frame.time_base = n, 1 / rate
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


# --- single pictures ---


def test_each_orientation_of_a_photograph_is_turned_upright(tmp_path):
    picture = np.full((20, 30, 3), 30, np.uint8)
    picture[:5, :5] = (250, 0, 0)
    picture[:5, -5:] = (0, 250, 0)
    upright = Image.fromarray(picture)
    ways = [None, None, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM,
            Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_90, Image.Transpose.TRANSVERSE,
            Image.Transpose.ROTATE_270]  # fmt: skip
    for orientation in range(1, 9):
        stored = upright if ways[orientation] is None else upright.transpose(ways[orientation])
        exif = Image.Exif()
        exif[274] = orientation
        stored.save(tmp_path / "in.png", exif=exif)
        assert np.abs(read_picture(tmp_path / "in.png") - picture / 255).max() < 0.01, orientation


def test_profiles_are_used_and_damaged_ones_left_out(tmp_path):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (32, 32), (180, 60, 40)).save(tmp_path / "same.png", icc_profile=srgb)
    Image.new("RGB", (32, 32), (180, 60, 40)).save(tmp_path / "bad.png", icc_profile=b"nonsense" * 40)
    Image.new("RGBA", (32, 32), (180, 60, 40, 0)).save(tmp_path / "clear.png", icc_profile=srgb)
    for name in ("same", "bad"):
        assert np.abs(read_picture(tmp_path / f"{name}.png")[5, 5] * 255 - (180, 60, 40)).max() <= 1
    assert read_picture(tmp_path / "clear.png").max() == 0
    Image.new("CMYK", (32, 32), (0, 255, 255, 0)).save(tmp_path / "print.jpg")
    assert read_picture(tmp_path / "print.jpg")[5, 5].round(1).tolist() == [1.0, 0.0, 0.0]


def test_pictures_of_an_animation_stay_as_long_as_they_say(tmp_path):
    frames = [Image.new("RGB", (32, 32), (40 * n, 0, 0)) for n in range(3)]
    for name in ("a.gif", "a.webp", "a.png"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], duration=[200, 0, 500], lossless=True)
        stays = [stay for stay, _ in read_animation(tmp_path / name)]
        assert stays[0] == pytest.approx(0.2)
        assert stays[1] == pytest.approx(0.1)
        assert stays[2] == pytest.approx(0.5)


# --- colour ---


def test_diffuse_white_is_nine_tenths_whatever_the_curve():
    """PQ codes luminance; HLG puts it at 75 % on a display of 1000 cd/m². Source: ITU-R BT.2408, table 1."""
    white = transfer(0.85 + 0.16 * 0.05)
    for curve, share in ((PQ, 0.5807), (HLG, 0.75)):
        codes = np.full((2, 2, 3), round(share * 65535), np.uint16)
        assert np.abs(television(codes, curve, 9) - white).max() < 0.004
        assert television(np.zeros((2, 2, 3), np.uint16), curve, 9).max() == 0
        brighter = television(np.full((2, 2, 3), 65535, np.uint16), curve, 9)
        assert white + 0.02 < brighter.max() <= transfer(1.06) + 1e-3


def test_wide_primaries_become_bt_709s():
    """BT.709's red in BT.2020, by ITU-R BT.2087's matrix, comes back; greys stay."""
    linear = np.array([0.6274, 0.0691, 0.0164])
    codes = np.round(transfer(linear) * 255).astype(np.uint8)[None, None]
    assert television(codes, 1, 9)[0, 0] == pytest.approx([1.0, 0.0, 0.0], abs=0.03)
    grey = np.full((1, 1, 3), 130, np.uint8)
    for primaries in (9, 11, 12):
        assert np.abs(television(grey, 1, primaries) - 130 / 255).max() < 0.002


def test_tags_of_a_file_decide_and_sizes_where_there_are_none(tmp_path):
    colour = np.tile(np.array([180, 60, 40], np.uint8), (48, 64, 1))
    video(tmp_path / "in.mkv", [colour] * 2, codec="libx264", colorspace=5, color_range=1)
    taped(tmp_path / "in.mkv", tmp_path / "out.mp4")
    as_601 = watched(tmp_path / "out.mp4").fields[0, 5, 5].astype(int)
    assert np.abs(as_601 - (180, 60, 40)).max() <= 3
    video(tmp_path / "in.mkv", [colour] * 2, codec="libx264", colorspace=1, color_range=1)
    taped(tmp_path / "in.mkv", tmp_path / "out.mp4")
    assert np.abs(watched(tmp_path / "out.mp4").fields[0, 5, 5].astype(int) - as_601).max() > 5


# --- fields ---


def test_which_field_is_first_is_read_or_guessed_by_the_lines():
    assert first_field(False, 0, "h264", 480) == (None, True)
    assert first_field(True, 2, "h264", 480) == (UPPER, True)
    assert first_field(True, 4, "h264", 1080) == (LOWER, True)
    assert first_field(False, 3, "ffv1", 576) == (LOWER, True)
    assert first_field(False, 2, "h264", 480) == (None, True)
    assert first_field(True, 0, "dvvideo", 480) == (LOWER, False)
    assert first_field(True, 0, "mpeg2video", 576) == (UPPER, False)


def test_a_field_keeps_its_lines_or_moves_down_by_one_row():
    rng = np.random.default_rng(1)
    for rows in (12, 13):
        picture = rng.integers(0, 256, (rows, 8, 3), np.uint8)
        for parity in (UPPER, LOWER):
            assert np.array_equal(spread(picture, parity, parity)[parity::2], picture[parity::2])
            moved_down = spread(picture, parity, 1 - parity)
            own = picture[parity::2]
            assert np.array_equal(moved_down[parity + 1 :: 2], own[: len(moved_down[parity + 1 :: 2])])


def test_colours_of_two_fields_are_never_mixed(tmp_path):
    """The upper field is red, the lower one blue, in 4:2:0."""
    woven = np.zeros((48, 64, 3), np.uint8)
    woven[0::2], woven[1::2] = (200, 20, 20), (20, 20, 200)
    for order, first in ((2, (200, 20, 20)), (3, (20, 20, 200))):
        video(tmp_path / "in.mkv", [woven] * 3, woven=True, field_order=order)
        assert taped(tmp_path / "in.mkv", tmp_path / "out.mp4") == []
        fields = watched_apart(tmp_path / "out.mp4")
        for n, field in enumerate(fields):
            expected = first if n % 2 == 0 else tuple(reversed(first))
            assert np.abs(field[2:-2].reshape(-1, 3) - np.array(expected)).max() < 14, (order, n)


def watched_apart(path: Path):
    """Fields of a finished video in order of time, the chroma of each read by itself."""
    import av

    fields = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            planes = frame.to_ndarray()
            height, width = frame.height, frame.width
            luma, blue, red = planes[:height], *planes[height:].reshape(2, height // 2, width // 2)
            for parity in (1, 0):
                y = luma[parity::2].astype(float)
                cb, cr = (np.kron(c[parity::2].astype(float), np.ones((2, 2))) - 128 for c in (blue, red))
                y = (y - 16) * 255 / 219
                r, b = y + 1.402 * cr * 255 / 224, y + 1.772 * cb * 255 / 224
                fields.append(np.stack([r, (y - 0.299 * r - 0.114 * b) / 0.587, b], axis=-1))
    return fields


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(24000, 1001)])
def test_fields_of_other_rates_are_shown_in_order_of_time(rate, tmp_path):
    frames = []
    for n in range(12):
        woven = np.full((48, 64, 3), 40 + 8 * n, np.uint8)
        woven[1::2] += 4
        frames.append(woven)
    video(tmp_path / "in.mkv", frames, rate, woven=True, field_order=2)
    taped(tmp_path / "in.mkv", tmp_path / "out.mp4")
    level = watched(tmp_path / "out.mp4").fields[:, 4:-4].mean(axis=(1, 2, 3))
    expected = 40 + 4 * np.minimum(np.floor((np.arange(len(level)) + 0.25) * 1001 / 60000 * 2 * float(rate)), 23)
    assert np.abs(level - expected).max() < 3


def test_footage_that_is_interlaced_but_does_not_say_how_is_said_and_set_by_hand(tmp_path):
    frames = []
    for n in range(4):
        woven = np.full((480, 720, 3), 40 + 8 * n, np.uint8)
        woven[0::2] += 4
        frames.append(woven)
    video(tmp_path / "in.avi", frames, codec="dvvideo", pixels="yuv411p", woven=True)
    said = taped(tmp_path / "in.avi", tmp_path / "out.mp4")
    assert ["the lower is taken; --fields" in line for line in said] == [True]
    for order, rises in (("auto", True), ("lower", True), ("upper", False), ("progressive", True)):
        taped(tmp_path / "in.avi", tmp_path / "out.mp4", fields=order)
        level = watched(tmp_path / "out.mp4").fields[:, 20:-20].mean(axis=(1, 2, 3))
        assert (np.diff(level) > -1).all() == rises, order


def test_a_bobbed_field_holds_no_line_of_the_other():
    picture = np.zeros((16, 8, 3), np.uint8)
    picture[0::2] = 200
    assert bobbed(picture, UPPER).min() == 200
    assert bobbed(picture, LOWER).max() == 0
    odd = picture[:15].astype(np.float32)
    assert bobbed(odd, LOWER).max() == 0


def test_a_turned_interlaced_video_is_turned_field_by_field(tmp_path):
    import av

    asked = replace(clip(0), form="mov", codec="prores_ks", sound_codec="", fault="upper first", seconds=1.6,
                    rate=Fraction(30000, 1001), size=(64, 48), picture_at=0.0)  # fmt: skip
    write_streams(asked, tmp_path / "in.mov")
    with av.open(str(tmp_path / "in.mov")) as source, av.open(str(tmp_path / "turned.mov"), "w") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        stream.set_display_rotation(-90)
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                out.mux(packet)
    taped(tmp_path / "turned.mov", tmp_path / "out.mp4")
    shown = watched(tmp_path / "out.mp4")
    assert shown.fields.shape[1:3] == (32, 48)
    ramp = shown.fields[:-2, -6, 20:40].mean(axis=(1, 2))
    assert (np.diff(ramp) > -1.5).all()
    assert ramp[-1] > ramp[0] + 30


def test_a_picture_that_changes_its_size_is_scaled_to_the_first_and_said(tmp_path):
    import av

    with av.open(str(tmp_path / "in.mkv"), "w") as out:
        stream = out.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        packets = []
        for size, level in (((64, 48), 60), ((96, 80), 160)):
            coder = av.CodecContext.create("mjpeg", "w")
            coder.width, coder.height, coder.pix_fmt, coder.time_base = *size, "yuvj420p", Fraction(1, 25)
            frame = av.VideoFrame.from_ndarray(np.full((*size[::-1], 3), level, np.uint8), format="rgb24")
            frame = frame.reformat(format="yuvj420p", dst_colorspace=5)
            packets += coder.encode(frame) + coder.encode(None)
        for n in range(20):
            packet = av.Packet(bytes(packets[n // 10]))
            packet.pts = packet.dts = n
            packet.time_base, packet.stream, packet.is_keyframe = Fraction(1, 25), stream, True
            out.mux(packet)
    said = taped(tmp_path / "in.mkv", tmp_path / "out.mp4")
    assert ["96x80" in line for line in said] == [True]
    level = watched(tmp_path / "out.mp4").fields[:, 5, 5, 1].astype(int)
    assert level[2] == pytest.approx(60, abs=4)
    assert level[-2] == pytest.approx(160, abs=4)


# --- folders of frames ---


def folder(path: Path, names) -> Path:
    path.mkdir()
    for n, name in enumerate(names):
        Image.new("RGB", (32, 24), (10 * n, 0, 0)).save(path / name)
    return path


def test_frames_come_in_the_order_of_their_numbers_without_hidden_and_side_files(tmp_path):
    at = folder(tmp_path / "in", [f"f{n}.png" for n in range(1, 12)])
    for name in ("._f1.png", ".DS_Store", "Thumbs.db", "notes.txt"):
        (at / name).write_bytes(b"no picture")
    (at / "old.png").mkdir()
    assert [path.name for path in frames_of(at)] == [f"f{n}.png" for n in range(1, 12)]
    assert taped(at, tmp_path / "out") == []
    assert len(list((tmp_path / "out").iterdir())) == 11


def test_missing_numbers_are_said(tmp_path):
    assert gaps([f"f{n}" for n in (1, 2, 3)]) == ""
    assert gaps(["f1", "f2", "f5", "f7", "f8"]) == "3 to 4, 6"
    assert gaps([f"f{n:04d}" for n in range(0, 40, 4)]) == ""
    assert gaps(["f1", "g3"]) == ""
    assert gaps(["20240101", "20240705"]) == ""
    assert gaps([f"f{n}" for n in range(30) if n % 6]).endswith("and 1 more")
    at = folder(tmp_path / "in", ["f1.png", "f2.png", "f4.png"])
    assert ["missing numbers 3" in line for line in taped(at, tmp_path / "out")] == [True]


def test_names_of_any_script_are_kept(tmp_path):
    names = ["Т1:кадр 1.png", "Т1:кадр 2.png", "Т1:кадр 10.png"]
    at = folder(tmp_path / "映画", names)
    taped(at, tmp_path / "出力")
    assert sorted(path.name for path in (tmp_path / "出力").iterdir()) == sorted(names)
    assert [path.name for path in frames_of(at)] == names


def test_a_picture_in_the_wrong_kind_of_file_is_refused(tmp_path):
    (tmp_path / "in.png").write_bytes((CASES / "odd.mp4").read_bytes())
    with pytest.raises(NoclipError, match="not a picture"):
        taped(tmp_path / "in.png", tmp_path / "out.png")


KINDS = [("ffv1", "gray16le"), ("ffv1", "yuv444p16le"), ("ffv1", "yuv411p"), ("png", "rgba"), ("png", "ya8"),
         ("prores_ks", "yuva444p10le"), ("qtrle", "argb"), ("mjpeg", "yuvj420p")]  # fmt: skip


@pytest.mark.parametrize("codec,pixels", KINDS)
def test_every_kind_of_pixel_keeps_its_colour_and_shows_black_where_it_is_clear(codec, pixels, tmp_path):
    import av

    source = tmp_path / ("in.mkv" if codec == "ffv1" else "in.mov")
    codes = np.empty((48, 64, 4), np.uint8)
    codes[:] = (180, 60, 40, 255)
    codes[:, 32:, 3] = 0
    with av.open(str(source), "w") as out:
        stream = out.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixels
        frame = av.VideoFrame.from_ndarray(codes, format="rgba").reformat(format=pixels, dst_colorspace=5)
        frame.pts = 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    taped(source, tmp_path / "out.mp4")
    field = watched(tmp_path / "out.mp4").fields[0].astype(int)
    grey = "gray" in pixels or pixels == "ya8"
    assert np.abs(field[5, 10] - ((94, 94, 94) if grey else (180, 60, 40))).max() <= 3
    clear = any(word in pixels for word in ("rgba", "ya8", "yuva", "argb"))
    assert (field[5, -5].max() <= 3) == clear
