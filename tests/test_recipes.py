"""Recipes outlive versions: what an earlier one made is made again, what a later one made is left alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator import __version__
from generator.cli import main
from generator.recipe import number_of, read_recipe, recipe_chunk
from generator.scene import load_scene
from generator.scene.base import keys
from generator.scene.versions import CHANGES, RENAMED

OLD = sorted((Path(__file__).parent / "recipes").glob("*.png"))
"""Pictures that noclip 0.1.0 made: 64 × 48, draft, Embree; taped, clean with settings of its own, and with a flash."""
ALIKE = 0.7
"""Correlation of two pictures, in luma of 16 × 12: since 0.1.0 the look has changed, and not where things are."""
ROOT = Path(__file__).parents[1]


def run(capsys, *args: object) -> tuple[int, list[str], list[str]]:
    """Exit code, and the lines of standard output and of what is said on standard error about it."""
    code = main([str(arg) for arg in args])
    out, err = capsys.readouterr()
    return code, out.splitlines(), [line for line in err.splitlines() if line.startswith("noclip:")]


def png(path: Path, recipe: dict) -> Path:
    """A picture with a recipe."""
    Image.new("RGB", (4, 4)).save(path, "PNG", pnginfo=recipe_chunk(recipe))
    return path


def scene_file(path: Path, **sections: str) -> Path:
    path.write_text("".join(f"[{name}]\n{text}\n" for name, text in sections.items()), encoding="utf-8")
    return path


@pytest.mark.parametrize("old", OLD, ids=lambda path: path.stem)
def test_a_picture_of_an_earlier_version_is_taken_again_from_the_same_place(old, tmp_path, capsys):
    recipe = read_recipe(old)
    assert recipe["version"] == "0.1.0"
    assert "nerves" in recipe["scene"]["camera"]
    new = tmp_path / "new.png"
    code, _, said = run(capsys, "still", old, "-o", new)
    assert code == 0
    before, now = (np.asarray(Image.open(path).convert("L").resize((16, 12))).ravel() for path in (old, new))
    assert np.corrcoef(before, now)[0, 1] > ALIKE
    assert len(said) == 1
    assert "made by noclip 0.1.0" in said[0]
    assert all(f"{was} is now {name}" in said[0] for was, name in RENAMED.items())
    taken = read_recipe(new)
    assert taken["version"] == __version__
    assert taken["scene"]["look"]["anomalies"] == recipe["scene"]["look"]["wrongness"]
    assert taken["pose"] == recipe["pose"]


def test_settings_of_an_earlier_picture_reach_the_scene_and_can_be_altered():
    old = next(path for path in OLD if path.stem == "offices")
    with pytest.warns(match=r"0\.1\.0"):
        scene = load_scene(str(old), ["look.wrongness=0.4"])
    assert (scene.plan.maze_share, scene.look.anomalies, scene.camera.nerves) == (0.8, 0.4, 0.1)


def test_a_picture_of_this_version_is_opened_without_a_word(tmp_path, recwarn):
    scene = load_scene("level0")
    recipe = {"version": __version__, "scene": scene.model_dump(mode="json"), "pose": {}}
    assert load_scene(str(png(tmp_path / "a.png", _posed(recipe)))) == scene
    assert not recwarn.list


@pytest.mark.parametrize("command", ["still", "film", "scenes --show"])
def test_a_picture_of_a_later_version_is_refused_and_nothing_is_tried(command, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    later = png(tmp_path / "later.png", {"version": "97.1.0", "set": "in a form that nobody knows yet"})
    out = [] if command == "scenes --show" else ["-o", f"out.{'png' if command == 'still' else 'mp4'}"]
    code, lines, said = run(capsys, *command.split(), later, *out)
    assert (code, lines) == (2, [])
    assert len(said) == 1
    assert all(text in said[0] for text in ("later.png", "97.1.0", __version__, "update"))
    assert [path.name for path in tmp_path.iterdir()] == ["later.png"]


@pytest.mark.parametrize("version", [None, 2, "", "new", "9" * 5000, ["0.1.0"]])
def test_a_recipe_without_a_version_is_damaged(version, tmp_path, capsys):
    recipe = _posed({"scene": load_scene("level0").model_dump(mode="json")})
    path = png(tmp_path / "a.png", recipe if version is None else recipe | {"version": version})
    code, _, said = run(capsys, "still", path, "-o", tmp_path / "b.png")
    assert code == 2
    assert len(said) == 1
    assert "damaged" in said[0]


def test_versions_are_ordered_by_their_numbers():
    assert number_of("0.1.0") < number_of("0.2") == number_of("0.2.0") < number_of("0.10.0") < number_of("1.0.0rc1")
    assert all(number_of(version) <= number_of(__version__) for version in CHANGES)


@pytest.mark.parametrize("old, new", RENAMED.items())
def test_old_names_of_settings_are_accepted_with_one_line(old, new, tmp_path, capsys):
    known = set(keys(type(load_scene("level0"))))
    assert new in known
    assert old not in known
    (section, was), (_, now) = old.split("."), new.split(".")
    value = 100.0 if now.endswith("_m") else 0.25
    paths = [scene_file(tmp_path / f"{key}.toml", **{section: f"{key} = {value}"}) for key in (was, now)]
    with pytest.warns(match=f"{was}.toml: {old} is now {new}"):
        assert load_scene(str(paths[0])) == load_scene(str(paths[1]))
    code, lines, said = run(capsys, "scenes", "--show", paths[0])
    assert code == 0
    assert f"{now} = {value}" in lines
    assert not [line for line in lines if line.startswith(f"{was} =")]
    assert len(said) == 1


def test_old_names_in_a_file_and_on_the_command_line_are_told_in_one_line(tmp_path, recwarn):
    path = scene_file(tmp_path / "a.toml", look="wrongness = 0.5", camera="nerves = 0.9")
    scene = load_scene(str(path), ["camera.nerves=0.1", "plan={warren=0.3}"])
    assert (scene.look.anomalies, scene.camera.nerves, scene.plan.maze_share) == (0.5, 0.1, 0.3)
    assert len(recwarn.list) == 1
    assert str(recwarn.list[0].message).startswith(f"{path} and command line: ")


def test_an_old_name_is_told_once_for_many_seeds_and_before_a_mistake(tmp_path, capsys):
    several = ["--seeds", "0:3", "-o", tmp_path / "one.png"]
    code, _, said = run(capsys, "still", "--set", "look.wrongness=0.1", *several)
    assert code == 2
    assert len(said) == 2
    assert said[0] == "noclip: warning: command line: look.wrongness is now look.anomalies; the old names still work"


def test_one_setting_under_both_names_is_a_mistake(tmp_path, capsys):
    path = scene_file(tmp_path / "a.toml", look="wrongness = 0.5\nanomalies = 0.4")
    code, _, said = run(capsys, "still", path, "-o", tmp_path / "a.png")
    assert code == 2
    assert len(said) == 1
    assert "look.wrongness and look.anomalies are one setting" in said[0]


def test_a_mistake_under_an_old_name_tells_both_names(tmp_path, capsys):
    path = scene_file(tmp_path / "a.toml", look="wrongness = 7")
    code, _, said = run(capsys, "still", path, "-o", tmp_path / "a.png")
    assert code == 2
    assert len(said) == 1
    assert "look.anomalies = 7 is out of range" in said[0]
    assert "look.wrongness is now look.anomalies" in said[0]


def test_scenes_and_readme_use_the_present_names():
    text = "".join(path.read_text(encoding="utf-8") for path in [*(ROOT / "scenes").glob("*.toml"), ROOT / "README.md"])
    old = [was.split(".")[1] for was in RENAMED]
    assert not [name for name in old if f"{name} =" in text or f".{name}=" in text]


def _posed(recipe: dict) -> dict:
    pose = {"origin": [0, 0], "position": [5.0, 5.0, 1.6], "yaw": 0.0, "pitch": 0.0, "roll": 0.0}
    return recipe | {"pose": pose, "clean": False, "only": None}


def test_a_damaged_picture_of_an_earlier_version_is_one_line(tmp_path, capsys):
    broken = tmp_path / "broken.png"
    recipe = {"version": "0.1.0", "scene": {"plan": 3}, "pose": {}}
    Image.new("RGB", (8, 8)).save(broken, pnginfo=recipe_chunk(recipe))
    code, _, said = run(capsys, "still", broken, "-o", tmp_path / "new.png")
    assert code == 2
    assert len(said) == 1
