"""Every command once on the tunnels, at a size so small that it tells only whether it works."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli import main
from tests.tiny_scene import TINY

SMALL = [f"--set=render.{key}={value}" for key, value in TINY.items()]
REGION = ["--region", "12,30,20,38"]
GROUND = ["--region", "20,20,28,28"]


def run(folder: Path, *args: str) -> Path:
    """Run a command whose last argument is what it writes, and give that."""
    out = folder / args[-1]
    assert main([*args[:-1], "-o", str(out)]) == 0
    assert out.exists()
    return out


def test_a_map_of_each_kind_has_small_lamps_and_a_key(tmp_path):
    drawn = run(tmp_path, "map", "level2", "--seed", "4", "--region", "0,0,39,39", "a.svg").read_text(encoding="utf-8")
    assert "steam 168 mm +1.46 to 2.50" in drawn
    for name in ("a.png", "a.dxf"):
        run(tmp_path, "map", "tunnels", "--region", "0,0,39,39", name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["level2", "tunnels"])
def test_a_still_with_its_passes_and_the_tape_of_it(name, tmp_path):
    picture = run(tmp_path, "still", name, *SMALL, "--passes", "depth,normal,light", "a.png")
    assert picture.with_suffix(".exr").exists()
    assert main(["tape", str(picture), str(tmp_path / "b.png")]) == 0
    assert (tmp_path / "b.png").exists()


@pytest.mark.slow
def test_a_sheet(tmp_path):
    run(tmp_path, "sheet", "tunnels", "--seeds", "4:6", "--width", "64", "--workers", "1", *SMALL, "a.png")


@pytest.mark.slow
def test_a_film_with_sound(tmp_path):
    run(tmp_path, "film", "level2", "--seconds", "0.2", "--workers", "1", *SMALL, "a.mp4")


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["set", "baked", "lightmapped", "engine"])
def test_a_gltf_of_each_profile(profile, tmp_path):
    out = "folder" if profile == "engine" else "a.glb"
    run(tmp_path, "export", "level2", *REGION, "--profile", profile, "--texture-px", "64", out)


def test_a_region_of_solid_ground_is_one_line_and_no_file(tmp_path, capsys):
    assert main(["export", "level2", *GROUND, "-o", str(tmp_path / "a.glb")]) == 2
    assert "nothing in this region but solid ground" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_usd(tmp_path):
    run(tmp_path, "export", "level2", *REGION, "--texture-px", "64", "a.usdz")


@pytest.mark.slow
def test_a_blend(tmp_path):
    from tests.reference import install

    install.blender()
    run(tmp_path, "export", "level2", *REGION, "--texture-px", "64", "a.blend")
