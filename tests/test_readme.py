"""Commands of the README and docs/ work: run here at a tiny size, by test_film, or by ``make gallery`` (pictures)."""

from __future__ import annotations

import re
import shlex
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.cli import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SMALLER = {
    "still": ["--size", "64x48", "--set", "render.quality=draft"],
    "export": ["--radius", "3", "--texture-px", "64", "--set", "render.quality=draft"],
}
"""What makes a command tiny, by its verb; the last word of a repeated option counts."""
SHORTER = {"--seconds": "0.2", "--seeds": "0:1"}
"""Options of the README's that would take long, and what they are given instead."""


def commands() -> list[list[str]]:
    """The pages' commands, without their comments."""
    lines = [line for page in PAGES for line in page.read_text(encoding="utf-8").splitlines()]
    found = [line for line in lines if re.match(r" {4}(noclip|python|make) ", line)]
    return [shlex.split(line, comments=True) for line in found]


def drawn_by_gallery() -> list[list[str]]:
    """What ``make gallery`` would run, by the pattern in the Makefile."""
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ngallery:")[2].splitlines()[1]
    pattern = re.search(r"grep -hoE '(.*?)'", recipe)[1].replace("$$", "$")
    lines = [line for page in PAGES for line in page.read_text(encoding="utf-8").splitlines()]
    return [shlex.split(line) for line in lines if re.match(pattern, line)]


def left_over() -> list[list[str]]:
    """Commands that nothing else runs."""
    others = drawn_by_gallery()
    return [c for c in commands() if c not in others and c[0] == "noclip" and c[1] != "film"]


def test_every_command_is_a_film_a_picture_of_the_gallery_a_make_target_or_run_here():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    seen = left_over()
    for command in commands():
        if command[0] == "make":
            assert command[1] in targets
        elif command[:2] != ["noclip", "film"]:
            assert command in seen or command in drawn_by_gallery(), shlex.join(command)
    assert {command[1] for command in seen} >= {"still", "export", "tape", "scenes", "doctor", "cache"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the README's reader has already: a picture, an old still, a folder of frames, a render from Blender."""
    at = tmp_path_factory.mktemp("readme")
    grey = np.full((48, 64, 3), 90, np.uint8)
    Image.fromarray(grey).save(at / "photo.jpg")
    (at / "frames").mkdir()
    for k in range(2):
        Image.fromarray(grey).save(at / "frames" / f"{k:04d}.png")
    (at / "chase.toml").write_text('beats = ["walk 8", "look back 2.5"]')
    render(at / "render.mp4", grey)
    assert main(["still", "-o", str(at / "old.png"), *SMALLER["still"]]) == 0
    return at


def render(path: Path, picture: np.ndarray) -> None:
    """A short film with sound."""
    import av

    with av.open(str(path), "w") as file:
        video, audio = file.add_stream("h264", Fraction(30)), file.add_stream("aac", 48000)
        video.width, video.height = picture.shape[1], picture.shape[0]
        for _ in range(3):
            file.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.float32), format="flt", layout="mono")
        sound.sample_rate = 48000
        file.mux(audio.encode(sound))
        file.mux(video.encode(None))
        file.mux(audio.encode(None))


@pytest.mark.slow
@pytest.mark.parametrize("command", left_over(), ids=shlex.join)
def test_a_command_of_the_readme_works_at_a_tiny_size(command, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    args = command[1:]
    for option, value in SHORTER.items():
        if option in args:
            args[args.index(option) + 1] = value
    code = main([*args, *SMALLER.get(args[0], [])])
    said = capsys.readouterr()
    assert code == 0, said.err
    written = [Path(line) for line in said.out.splitlines()] if args[0] in ("still", "export", "tape") else []
    assert all(path.stat().st_size > 0 for path in written)
    assert bool(written) == (args[0] in ("still", "export", "tape"))
    if args[0] == "export":
        assert written[0].name == args[args.index("-o") + 1]
