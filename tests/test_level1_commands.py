"""Every command works in Level 1, the car park and the warehouse: each is run once a preset, as small as may be."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
import OpenEXR
import pytest
from PIL import Image

from generator.cli import main
from tests.glb import Glb
from tests.reference import install
from tests.tiny_scene import TINY

PRESETS = "level1", "carpark", "warehouse"
SMALL = [part for key, value in TINY.items() for part in ("--set", f"render.{key}={value}")]
REGION = ["--region", "0,0,12,12", "--texture-px", "64", "--set", "render.quality=draft"]
PROFILES = {
    "set": ["-o", "set.glb"],
    "merged": ["--things", "merged", "--uv2", "-o", "merged.gltf"],
    "baked": ["--profile", "baked", "-o", "baked.glb"],
    "lightmapped": ["--profile", "lightmapped", "-o", "lightmapped.glb"],
    "phone": ["--phone", "-o", "phone.glb"],
    "engine": ["--profile", "engine", "--no-probes", "-o", "engine"],
    "usd": ["-o", "set.usdz"],
}


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*asked: str) -> None:
    assert main(list(asked)) == 0


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_map_is_drawn_and_measured(preset, here, capsys):
    run("map", preset, "--region", "0,0,39,39", "--view", "20,20", "--stats", "-o", "map.svg")
    assert json.loads(capsys.readouterr().out.split("\n", 1)[1])["area_m2"] > 1000.0
    assert "<svg" in (here / "map.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("preset", PRESETS)
def test_a_drawing_for_a_set_builder_is_made(preset, here):
    run("map", preset, "--region", "0,0,39,39", "-o", "map.dxf")
    assert "PIPES_MAINS" in (here / "map.dxf").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_a_still_its_passes_and_its_tape(preset, here):
    run("still", preset, *SMALL, "--clean", "--passes", "all", "-o", "still.png")
    shown = pixels(here / "still.png")
    assert shown.shape == (48, 64, 3)
    assert shown.std() > 5.0
    with OpenEXR.File(str(here / "still.exr"), separate_channels=True) as file:
        depth = file.channels()["Z"].pixels
    assert 0.2 < depth.min() < np.median(depth) < 200.0
    run("tape", "still.png", "taped.png", "--tape", "worn")
    assert not np.array_equal(pixels(here / "taped.png"), shown)


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_a_sheet_of_two_seeds(preset, here):
    run("sheet", preset, "--seeds", "0:2", "--workers", "1", *SMALL, "--width", "64", "-o", "sheet.png")
    assert pixels(here / "sheet.png").shape[1] > 2 * 64


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_a_film_of_four_frames_with_its_sound(preset, here):
    run("film", preset, *SMALL, "--frames", "0:4", "--workers", "1", "-o", "film")
    assert len(list((here / "film").glob("frame_*.png"))) == 4
    with wave.open(str(here / "film" / "sound.wav")) as sound:
        heard = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    assert np.abs(heard).max() > 50


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_file_of_every_profile(preset, profile, here):
    run("export", preset, *REGION, *PROFILES[profile])
    out = here / PROFILES[profile][-1]
    if out.suffix == ".glb":
        names = [node.get("name", "") for node in Glb(out).tree["nodes"]]
        assert any("floor" in name.lower() for name in names), names[:20]
    assert out.exists()


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_a_file_for_blender(preset, here):
    install.blender()
    run("export", preset, *REGION, "-o", "set.blend")
    assert (here / "set.blend").stat().st_size > 100_000
