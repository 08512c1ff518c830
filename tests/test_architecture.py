"""Imports only point up the pipeline, and everything is packed into a wheel."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "generator"
LEAVES = {"errors", "seed", "files", "recipe", "progress"}
ORDER = ["scene", "plan", "surface", "geometry", "light", "camera", "render", "video", "tape", "sound", "export"]
"""The pipeline: a stage may import those before it."""
NOUNS = {"plan.floorplan", "geometry.level", "surface.material", "light.lightmap", "light.lamps", "camera.shot"}
"""Data without behaviour, and what a lamp's light is, which any stage may name."""


def imported(path: Path):
    """Dotted names inside the package that a module imports, wherever in it."""
    here = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            module = (*base, *(node.module or "").split(".")) if node.module else base
            for alias in node.names:
                yield ".".join((*module, alias.name))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name


def breaches(path: Path) -> list[str]:
    stage = path.relative_to(PACKAGE).parts[0]
    allowed = ORDER[: ORDER.index(stage) + 1]
    found = []
    for name in imported(path):
        parts = name.split(".")
        if parts[0] != "generator" or len(parts) < 2 or parts[1] in {*LEAVES, "__version__", *allowed}:
            continue
        if ".".join(parts[1:3]) not in NOUNS:
            found.append(f"{path.relative_to(ROOT)} imports {name}")
    return found


@pytest.mark.parametrize("stage", ORDER)
def test_stages_import_only_what_lies_before_them(stage):
    assert [line for path in sorted((PACKAGE / stage).rglob("*.py")) for line in breaches(path)] == []


def test_a_breach_is_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path / "generator")
    path = tmp_path / "generator" / "plan" / "bad.py"
    path.parent.mkdir(parents=True)
    path.write_text("from ..tape import record\nfrom generator.seed import rng_for\n", encoding="utf-8")
    assert len(breaches(path)) == 1


def test_leaves_import_no_stage():
    for leaf in LEAVES:
        names = [name.split(".") for name in imported(PACKAGE / f"{leaf}.py")]
        assert not [n for n in names if n[0] == "generator" and n[1] not in LEAVES | {"errors"}], leaf


def test_every_folder_is_packed():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in PACKAGE.rglob("*.py")}
    assert set(listed) == folders | {"generator.scenes"}


def test_pinned_set_covers_every_dependency():
    import re

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    names = {re.split(r"[=; ]", line)[0].lower().replace("_", "-") for line in pinned.splitlines() if "==" in line}
    wanted = {re.split(r"[>=<]", text)[0].lower().replace("_", "-") for text in project["dependencies"]}
    assert wanted <= names
    assert "://" not in pinned
