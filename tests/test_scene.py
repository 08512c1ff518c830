"""Scenes: precedence, every mistake as one clear line, and the printed scene that loads again."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from PIL import Image

from generator import __version__
from generator.errors import NoclipError
from generator.places.level0.settings import Level0Scene
from generator.recipe import read_recipe, recipe_chunk
from generator.scene import load_scene, preset_names, scene_toml
from generator.scene.base import Section, keys, limits, setting
from generator.scene.load import preset_folder
from generator.scene.show import toml_value


@pytest.fixture
def scene_file(tmp_path: Path):
    def write(text: str) -> str:
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def complaint(name: str, *overrides: str) -> str:
    with pytest.raises(NoclipError) as caught:
        load_scene(name, overrides)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_command_line_wins_over_file_and_file_over_default(scene_file):
    path = scene_file("[render]\nwidth_px = 320\nheight_px = 240\n")
    scene = load_scene(path, ["render.width_px=64"])
    assert (scene.render.width_px, scene.render.height_px, scene.render.quality) == (64, 240, "normal")


def test_last_override_wins_and_values_are_toml_or_plain_text():
    scene = load_scene("level0", ["seed=1", "seed=2", "render.quality=draft", 'title="1996"'])
    assert (scene.seed, scene.render.quality, scene.title) == (2, "draft", "1996")


def test_every_preset_loads_and_the_default_is_listed_first():
    assert preset_names()[0] == "level0"
    for name in preset_names():
        assert load_scene(name).title


def test_presets_are_short_and_commented():
    for name in preset_names():
        lines = (preset_folder() / f"{name}.toml").read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("#"), name
        assert len([line for line in lines if line and not line.startswith("#")]) <= 45, name


def test_unknown_scene_lists_the_known_and_suggests_the_nearest():
    message = complaint("levle0")
    assert "did you mean 'level0'" in message
    assert all(name in message for name in preset_names())


def test_missing_file_is_named():
    assert complaint("nowhere/mine.toml").startswith(str(Path("nowhere/mine.toml")))


def test_broken_toml_names_file_and_line(scene_file):
    path = scene_file("seed = 1\n[render]\nwidth_px 320\n")
    message = complaint(path)
    assert path in message
    assert "line 3" in message


def test_toml_that_ends_too_early_names_its_last_line(scene_file):
    assert "line 2" in complaint(scene_file('seed = 1\ntitle = "open'))


def test_file_that_is_not_text_is_said_so(tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00title")
    assert "UTF-8" in complaint(str(path))


@pytest.mark.parametrize(
    "text, words",
    [
        ("[render]\nwidth = 3", ["'render.width'", "did you mean 'render.width_px'"]),
        ("[rendr]\nwidth_px = 3", ["'rendr'", "did you mean 'render'"]),
        ("[camera]\nwidth_px = 3", ["'camera.width_px'"]),
        ("[render]\nwidth_px = 15", ["render.width_px = 15", "16 to 8192 px"]),
        ("[render]\nwidth_px = 8193", ["16 to 8192 px"]),
        ("[render]\nwidth_px = 64.5", ["render.width_px = 64.5", "whole number"]),
        ("[render]\nwidth_px = '640'", ["wrong type", "whole number"]),
        ("[render]\nwidth_px = true", ["wrong type"]),
        ("render = 3", ["render = 3", "wrong type", "table"]),
        ("title = 3", ["title = 3", "text"]),
        ("[camera]\nfov_deg = nan", ["camera.fov_deg", "finite"]),
        ("[camera]\nfov_deg = 'wide'", ["camera.fov_deg", "number"]),
        ("[render]\nquality = 'normale'", ["render.quality", "draft, normal, final", "did you mean 'normal'"]),
        ("seed = 9223372036854775808", ["seed", "out of range"]),
        ("[[plan.patch]]\nwall = [{ line = [1, 1, 1, 1] }]", ["plan.patch[0].wall[0].line", "at least 0.01 m long"]),
        ("[[plan.patch]]\nwall = [{ bottom = 2, top = 1 }]", ["wall[0].top", "above the bottom"]),
        ("[[plan.patch]]\npillar = [{ box = [2, 2, 1, 1] }]", ["pillar[0].box", "above x0"]),
        ('title = "a\\u0007b"', ["title", "control characters"]),
        (f"title = '{'x' * 201}'", ["title", "at most 200 characters"]),
        ("[film]\nbeats = ['walk 1e-320']", ["film.beats", "0.05 to 36000"]),
    ],
)
def test_mistakes_in_a_file_name_file_key_and_what_is_allowed(scene_file, text, words):
    path = scene_file(text)
    message = complaint(path)
    assert message.startswith(f"{path}: ")
    for word in words:
        assert word in message


def test_mistakes_on_the_command_line_are_blamed_on_it(scene_file):
    message = complaint(scene_file("[render]\nheight_px = 99"), "render.width_px=1")
    assert message.startswith("command line: render.width_px = 1 ")


@pytest.mark.parametrize("text", ["render.width_px", "=3", "render.width_px="])
def test_override_without_key_or_value_is_explained(text):
    assert "SECTION.KEY=VALUE" in complaint("level0", text)


def test_printed_scene_loads_again_as_the_same_scene(scene_file):
    for name in preset_names():
        scene = load_scene(name)
        assert load_scene(scene_file(scene_toml(scene))) == scene


def test_printed_scene_has_every_key_with_its_range():
    text = scene_toml(Level0Scene())
    for dotted in keys(Level0Scene):
        if dotted.startswith("plan.patch."):  # an empty list: its items' keys are not there
            continue
        assert f"{dotted.rsplit('.')[-1]} =" in text or f"[{dotted}]" in text, dotted
    assert "(16 to 8192 px)" in text


def test_every_setting_has_help_and_every_default_is_in_its_range():
    def check(section: type[Section], value: Section) -> None:
        for key, field in section.model_fields.items():
            inner = getattr(value, key)
            if isinstance(inner, Section):
                check(type(inner), inner)
            else:
                assert field.description, f"{section.__name__}.{key}"

    check(Level0Scene, Level0Scene())
    assert Level0Scene.model_validate_json(Level0Scene().model_dump_json(), strict=True) == Level0Scene()


def test_range_holds_for_each_number_of_a_list():
    class Demo(Section):
        span: tuple[float, float] = setting((1.0, 2.0), "a span", unit="m", low=0.0, high=5.0)

    assert limits(Demo, "span") == (0.0, 5.0)
    assert Demo(span=(0.0, 5.0)).span == (0.0, 5.0)
    with pytest.raises(ValueError, match="out of range"):
        Demo(span=(1.0, 5.1))


@pytest.mark.parametrize("value", [True, 3, -2.5, 1e300, 'a "quoted" \\ é\n\x01', [1, [2.0]], {"a b": 1}])
def test_values_survive_toml(value):
    assert tomllib.loads(f"x = {toml_value(value)}")["x"] == value


POSE = {"origin": [0, 0], "position": [1.0, 2.0, 1.6], "yaw": 0.5, "pitch": 0.0, "roll": 0.0}


def picture(path: Path, recipe: dict | None, text: str | None = None) -> str:
    chunk = recipe_chunk(recipe) if recipe else None
    if text is not None:
        chunk = recipe_chunk({})
        chunk.chunks.clear()
        chunk.add_text("noclip", text)
    Image.new("RGB", (2, 2)).save(path, pnginfo=chunk)
    return str(path)


def test_picture_that_noclip_made_is_a_scene(tmp_path: Path):
    scene = load_scene("level0", ["seed=7", "camera.fov_deg=50"])
    recipe = {"scene": json.loads(scene.model_dump_json()), "pose": POSE, "version": __version__}
    path = picture(tmp_path / "a.png", recipe)
    assert load_scene(path) == scene
    assert load_scene(path, ["seed=8"]).seed == 8
    assert read_recipe(Path(path)) == recipe


def test_picture_without_a_recipe_is_refused(tmp_path: Path):
    assert "no noclip recipe" in complaint(picture(tmp_path / "a.png", None))
    assert "damaged" in complaint(picture(tmp_path / "b.png", None, "{"))
    assert "damaged" in complaint(picture(tmp_path / "c.png", None, '["scene"]'))


def test_file_that_is_no_picture_is_refused(tmp_path: Path):
    path = tmp_path / "a.png"
    path.write_bytes(b"not a picture")
    assert "not a PNG" in complaint(str(path))
    assert "No such file" in complaint(str(tmp_path / "b.png"))
