"""The passes of films: a file a frame or field, motion that leads from one to the next, and going on."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from generator.camera.script import script_of
from generator.cli import main
from generator.errors import NoclipError
from generator.film import FilmRequest
from generator.film.request import check, files_of, frame_ranges, pass_fields
from generator.passes.catalogue import wanted_of
from generator.scene import load_scene

TINY = ["--seed", "3", "--size", "80x60", "--quality", "draft", "--workers", "1", "--silent", "--frames", "3:4"]
FOV = np.radians(62.0)


def request_with(**options) -> FilmRequest:
    scene = load_scene("level0")
    asked = {"form": "folder", "deliver": "interlaced", "passes": wanted_of("depth", True)} | options
    return FilmRequest(scene, script_of(scene.film, scene.seed), 0, 8, **asked)


def test_a_film_has_a_file_of_passes_for_each_frame_or_field():
    frames, fields = request_with(), request_with(passes_rate="fields")
    assert files_of(frames, 2, 4) == tuple(f"frame_{n:06d}.{kind}" for kind in ("png", "exr") for n in (2, 3))
    assert files_of(fields, 2, 3) == ("frame_000002.png", "field_000004.exr", "field_000005.exr")
    assert pass_fields(frames, 5) == (10,)
    assert pass_fields(request_with(passes=None), 5) == ()
    assert files_of(request_with(passes=None), 2, 3) == ("frame_000002.png",)
    assert max(b - a for a, b in frame_ranges(frames)) < 30, "a range's files are in memory together"


def test_a_file_of_the_tape_alone_has_no_passes():
    with pytest.raises(NoclipError, match="the tape alone"):
        check(request_with(form="mp4"))
    check(request_with())


@pytest.mark.parametrize(("options", "says"), [
    (["--passes", "depth", "--passes-rate", "half"], "choose one of frames, fields"),
    (["--passes-rate", "fields"], "there are no passes"),
    (["--passes-distorted"], "there are no passes"),
    (["--passes", "depth", "--renderer", "opengl"], "drawn by embree alone"),
    (["--passes", "depth", "--passes-levels", "9"], "give 1 to 4"),
])  # fmt: skip
def test_what_passes_of_a_film_cannot_be_is_one_line_and_nothing_is_written(options, says, tmp_path, capsys):
    assert main(["film", *TINY, *options, "-o", str(tmp_path / "film")]) == 2
    out, err = capsys.readouterr()
    assert says in err
    assert err.count("\n") == 1
    assert not out
    assert list(tmp_path.iterdir()) == []


def channels_of(path):
    import OpenEXR

    with OpenEXR.File(str(path), separate_channels=True) as file:
        return dict(file.header()), {name: channel.pixels for name, channel in file.channels().items()}


@pytest.mark.slow
def test_motion_leads_from_each_field_to_the_next_and_back(tmp_path, capsys):
    out = tmp_path / "film"
    assert main(["film", *TINY, "--passes", "depth,position,motion", "--passes-rate", "fields", "-o", str(out)]) == 0
    (head, first), (_, second) = (channels_of(out / f"field_{n:06d}.exr") for n in (6, 7))
    assert head["framesPerSecond"] == Fraction(60000, 1001)
    assert head["second"] == pytest.approx(6 * 1001 / 60000)
    height, width = first["Z"].shape
    y, x = np.mgrid[0:height, 0:width] + 0.5
    for here, there, way in ((first, second, "forward"), (second, first, "backward")):
        u, v = x + here[f"{way}.u"], y - here[f"{way}.v"]
        i, j = np.floor(u).astype(int), np.floor(v).astype(int)
        inside = (i > 0) & (j > 0) & (i < width - 1) & (j < height - 1)
        spot, other = (np.stack([image[f"position.{c}"] for c in "XYZ"], axis=-1) for image in (here, there))
        apart = np.linalg.norm(other[j[inside], i[inside]] - spot[inside], axis=-1)
        pixel = 2 * np.tan(FOV / 2) / width * here["Z"][inside]
        assert np.median(apart / pixel) < 1.0
        assert np.mean(apart < 4 * pixel + 0.1) > 0.9
    head, _ = channels_of(out / "field_000006.exr")
    assert "noclip" in head


@pytest.mark.slow
def test_passes_are_finished_by_resuming_and_are_the_same_again(tmp_path, capsys):
    out = tmp_path / "film"
    asked = ["film", *TINY, "--passes", "depth,material,radiance", "-o", str(out)]
    assert main(asked) == 0
    path = out / "frame_000003.exr"
    before = path.read_bytes()
    path.write_bytes(before[:100])
    assert main([*asked, "--resume"]) == 0
    assert path.read_bytes() == before
