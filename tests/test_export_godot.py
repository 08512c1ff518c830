"""An engine folder in Godot 3.2.3, headless (Debian 12: ``godot3-server``): what its importer makes of the names."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from generator.export import export_engine, region_of
from generator.plan.floorplan import CHUNK_M
from generator.scene import load_scene
from tests.glb import Glb
from tests.reference import install

pytestmark = pytest.mark.slow
HERE = Path(install.__file__).parent
LONGEST_S = 400.0
"""A busy machine takes two minutes."""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with one chunk, and what Godot found in each of its files: how many nodes of each class."""
    path = tmp_path_factory.mktemp("godot") / "level"
    export_engine(
        load_scene("level0", ["seed=1"]), region_of(0.0, 0.0, CHUNK_M, CHUNK_M), path, texture_px=64, probes=False
    )
    (path / "project.godot").write_text("config_version=4\n")
    shutil.copy(HERE / "godot_read.gd", path)
    let_import(path, len(list(path.glob("*.glb"))))
    command = [install.godot(), "--path", str(path), "-s", "godot_read.gd"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    found = [line.split(" ", 1) for line in done.stdout.splitlines() if line.startswith(("chunk", "border"))]
    return path, {name: json.loads(text) for name, text in found}


def let_import(path, count):
    """Open a project in the editor until it has imported ``count`` scenes: this version does not quit by itself."""
    command, ends = [install.godot(), "--path", str(path), "--editor"], time.monotonic() + LONGEST_S
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as editor:
        try:
            while len(list(path.glob(".import/*.scn"))) < count:
                assert time.monotonic() < ends, "Godot does not import the files"
                time.sleep(1.0)
            time.sleep(5.0)  # until what it says of them is on disk too
        finally:
            editor.kill()


def test_every_collider_is_a_static_body_with_a_convex_shape(project):
    path, found = project
    for name in ("chunk_0_0", "border"):
        wanted = sum(node["name"].endswith("-convcolonly") for node in Glb(path / f"{name}.glb").tree["nodes"])
        assert wanted > 0
        assert found[name]["StaticBody"] == found[name]["ConvexPolygonShape"] == wanted


def test_the_navigation_mesh_is_a_region_to_walk_in(project):
    _, found = project
    assert found["chunk_0_0_nav"]["NavigationMeshInstance"] == 1


def test_lamps_stand_in_for_the_panels(project):
    _, found = project
    assert found["chunk_0_0"]["OmniLight"] == found["chunk_0_0_lod1"]["OmniLight"] == 8
