"""The commands beside ``still``: what they write, and how they refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import binary_dilation

from generator.cli import main
from generator.errors import NoclipError

TINY = ["--set", "render.width_px=64", "--set", "render.height_px=48", "--quality", "draft"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["map", "--region", "5,5,1,1", "-o", "a.svg"], ["--region", "empty or reversed"]),
        (["map", "--region", "0,0,x,9", "-o", "a.svg"], ["--region", "metres"]),
        (["map", "--region", "0,0,9000,10", "-o", "a.svg"], ["--region", "5000 m"]),
        (["map", "--region", "0,0,0.5,10", "-o", "a.svg"], ["--region", "at least 1 m"]),
        (["map", "--view", "1e300,1", "-o", "a.svg"], ["world ends"]),
        (["map", "-o", "a.bmp"], [".svg", ".png", ".dxf"]),
        (["map"], ["-o", "--stats"]),
        (["map", "--region", "0,0,30,30", "--view", "500,0", "-o", "a.svg"], ["--view", "outside"]),
        (["chart", "--tape", "betamax"], ["tape.profile", "betamax"]),
        (["chart", "-o", "a.jpg"], [".png"]),
        (["sheet", "--seeds", "5:2"], ["--seeds", "A below B"]),
        (["sheet", "--seeds", "0:900"], ["--seeds", "200"]),
        (["tape", "nothing.png", "b.png"], ["nothing.png", "no such"]),
        (["still", "--only", "shadow"], ["--only", "direct", "albedo"]),
        (["still", "--seeds", "0:100001"], ["--seeds", "in parts"]),
        (["still", "--seeds", "9223372036854775800:9223372036854775809"], ["--seeds", "9223372036854775807"]),
        (["still", "--seeds", "0:90000", "-o", "{seed}" + "n" * 251 + ".png"], ["too long"]),
        (["map", "-o", "n" * 252 + ".svg"], ["too long"]),
        (["film", "-o", "n" * 249 + ".mp4"], ["too long"]),
        (["film", "-o", "n" * 256], ["too long"]),
        (["export", "-o", "n" * 252 + ".glb"], ["too long"]),
        (["export", "--beside", "/dev/zero"], ["no file"]),
        (["film", "--shot", "/dev/zero"], ["no file"]),
        (["film", "--set", "film.beats=['fly 3']"], ["film.beats", "unknown beat"]),
        (["still", "--set", "camera.osd_date='sep 23'"], ["camera.osd_date", "'s'"]),
        (["still", "--set", "title='" + "x" * 100_000 + "'"], ["title", "200 characters"]),
        (["export", "--region", "3,3,0,0"], ["--region", "empty or reversed"]),
        (["export", "--region", "0,0,50000,50000"], ["GB", "limit"]),
        (["export", "--region", "0,0,9,9", "--around", "1,1"], ["--region", "--around"]),
        (["export", "-o", "a.obj"], [".glb", ".blend"]),
        (["export", "--around", "1,1", "--radius", "-3"], ["radius"]),
        (["export", "--seconds", "-1"], ["--seconds"]),
        (["export", "--seconds", "99999"], ["99999 s", "1800 s", "--seconds"]),
    ],
)
def test_mistakes_are_one_line_and_exit_2_and_write_nothing(args, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert len(err) < 1200
    assert all(word in err for word in words)
    assert list(tmp_path.iterdir()) == []


def test_map_draws_and_measures(tmp_path, capsys):
    path = tmp_path / "plan.svg"
    assert main(["map", "--seed", "2", "--region", "0,0,39,39", "--view", "20,20", "--stats", "-o", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == str(path)
    assert json.loads(out.split("\n", 1)[1])["area_m2"] == pytest.approx(39.0144**2, rel=1e-3)
    assert path.read_text().lstrip().startswith(("<?xml", "<svg"))


def test_sheet_has_a_cell_for_every_seed(tmp_path, capsys):
    path = tmp_path / "sheet.png"
    assert main(["sheet", "--seeds", "0:2", "--columns", "2", "--width", "64", *TINY, "-o", str(path)]) == 0
    picture = np.asarray(Image.open(path).convert("RGB"))
    assert picture.shape[1] > 2 * 64
    assert not np.array_equal(picture[10:58, 10:74], picture[10:58, 84:148])


def test_tape_leaves_a_picture_s_size_and_off_its_codes(tmp_path, capsys):
    ramp = np.tile(np.linspace(20, 230, 90).astype(np.uint8)[None, :, None], (70, 1, 3))
    Image.fromarray(ramp).save(tmp_path / "a.png")
    assert main(["tape", str(tmp_path / "a.png"), str(tmp_path / "b.png"), "--tape", "off"]) == 0
    taped = np.asarray(Image.open(tmp_path / "b.png"))
    assert taped.shape == ramp.shape
    assert np.abs(taped.astype(int) - ramp).max() <= 1


def test_cache_is_shown_and_cleared(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NOCLIP_CACHE", str(tmp_path))
    from generator.cache import save

    save("test", "0" * 64, {"a": np.ones(3)})
    assert main(["cache"]) == 0
    assert "entries  1" in capsys.readouterr().out
    assert main(["cache", "--clear"]) == 0
    assert "entries  0" in capsys.readouterr().out


def test_parts_of_the_light_add_up_to_all_of_it(tmp_path, capsys):
    light = {}
    for part in ("direct", "bounce", None):
        extra = ["--only", part] if part else []
        path = tmp_path / f"{part}.npy"
        picture = str(tmp_path / f"{part}.png")
        args = ["still", "--seed", "3", "--size", "64x48", "--quality", "draft", "--renderer", "embree", *extra]
        assert main([*args, "--set", "plan.lamps_failing=0", "--radiance", str(path), "-o", picture]) == 0
        light[part] = np.load(path)
    lens = binary_dilation(light[None].max(axis=2) > 0.1, iterations=2)  # what glows, be it far away, is in both parts
    both = light["direct"] + light["bounce"]
    assert np.abs(both - light[None])[~lens].mean() < 1e-5 * light[None][~lens].mean()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("noclip sti", "still"),
        ("noclip still --qual", "--quality"),
        ("noclip film --cl", "--clean\n--cluster"),
        ("noclip map off", "offices"),
    ],
)
def test_the_shell_completes_commands_options_and_scenes(typed, offered, monkeypatch, capsys):
    monkeypatch.setenv("_NOCLIP_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(typed.count(" ")))
    with suppress(SystemExit):
        main([])
    assert capsys.readouterr().out.strip() == offered


DAMAGED = ["[" * 5000, '{"scenes": 3}', "null", '{"scenes": [{"extras": {"white": [1, 1, 1]}}]}', "NaN"]


@pytest.mark.parametrize("tree", DAMAGED)
def test_a_file_to_stand_beside_that_is_damaged_is_refused(tree, tmp_path, capsys):
    (tmp_path / "old.gltf").write_text(tree)
    assert main(["export", "--beside", str(tmp_path / "old.gltf"), "-o", str(tmp_path / "a.glb")]) == 2
    assert "old.gltf" in capsys.readouterr().err


def test_a_gltf_replaces_no_file_of_a_users_beside_it(tmp_path, capsys):
    (tmp_path / "set.bin").write_bytes(b"mine")
    assert main(["export", "-o", str(tmp_path / "set.gltf")]) == 2
    assert "set.bin" in capsys.readouterr().err
    assert (tmp_path / "set.bin").read_bytes() == b"mine"


def test_what_lies_in_the_current_folder_is_no_blender(tmp_path, monkeypatch):
    from generator.export.blend import find_blender

    planted = tmp_path / ".venv-blender" / "bin" / "python"
    planted.parent.mkdir(parents=True)
    planted.touch(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("NOCLIP_BLENDER", raising=False)
    try:
        assert str(tmp_path) not in find_blender()[0]
    except NoclipError as error:
        assert "blender" in str(error)  # noqa: PT017


def test_a_command_hardly_ever_stops_to_look_for_cycles():
    program = (
        "import gc, sys\n"
        "from generator.__main__ import main\n"
        "looks = []\n"
        "gc.callbacks.append(lambda phase, info: looks.append(phase))\n"
        "sys.argv[1:] = ['scenes']\n"
        "main()\n"
        "print(looks.count('start'), file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(ran.stderr) < 10
