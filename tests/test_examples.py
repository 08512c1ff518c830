"""The examples run as they stand, at a tiny size, and write what they say."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.recipe import read_recipe

FOLDER = Path(__file__).parents[1] / "examples"
TINY = ["render.width_px=160", "render.height_px=120", 'render.quality="draft"', 'render.renderer="embree"']
"""As in docs/library.md, so that one view serves the tests of both."""


def example(name: str):
    """The ``main`` of an example."""
    return runpy.run_path(str(FOLDER / f"{name}.py"))["main"]


def test_every_example_is_run_here():
    assert {path.stem for path in FOLDER.glob("*.py")} == {"still", "own_scene", "own_footage"}


def test_a_still_is_a_picture_that_can_be_made_again(tmp_path, capsys):
    example("still")(tmp_path / "still.png", *TINY, "tape.profile=worn")
    recipe = read_recipe(tmp_path / "still.png")
    assert (recipe["scene"]["seed"], recipe["scene"]["tape"]["profile"]) == (3, "worn")
    assert "cd/m²" in capsys.readouterr().out


def test_a_scene_of_ones_own_is_a_plan_and_a_frame(tmp_path):
    example("own_scene")(tmp_path / "room", *TINY)
    assert "<svg" in (tmp_path / "room" / "plan.svg").read_text(encoding="utf-8")
    with Image.open(tmp_path / "room" / "frame.png") as image:
        pixels = np.asarray(image.convert("RGB"), np.float64)
    assert pixels.shape == (120, 160, 3)
    assert pixels[:, :, 2].mean() < 0.8 * pixels[:, :, 0].mean()  # yellow, and lit
    assert pixels.mean() > 30


def test_footage_of_ones_own_goes_through_the_tape(tmp_path):
    picture = tmp_path / "mine.png"
    Image.fromarray(np.full((48, 64, 3), 90, np.uint8)).save(picture)
    example("own_footage")(tmp_path / "taped", str(picture))
    balls = [np.asarray(Image.open(tmp_path / "taped" / f"ball-{k}.png"), np.int64) for k in range(8)]
    right = [np.argwhere((b[:, :, 0] > 120) & (b[:, :, 1] < 90) & (b[:, :, 2] < 90))[:, 1].mean() for b in balls]
    assert right[7] > right[0]
    taped = np.asarray(Image.open(tmp_path / "taped" / "mine.png"), np.int64)
    assert taped.shape == (48, 64, 3)
    assert taped.std() > 0


@pytest.mark.parametrize("name", ["still", "own_scene", "own_footage"])
def test_an_example_begins_with_the_command_that_runs_it(name):
    assert f"python examples/{name}.py " in (FOLDER / f"{name}.py").read_text(encoding="utf-8").split('"""')[1]
