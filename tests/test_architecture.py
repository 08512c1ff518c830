"""Imports only point up the pipeline, no files import one another, and everything is packed into a wheel."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "generator"
LEAVES = ["errors", "seed", "colour", "progress", "files", "child", "toml_file", "recipe", "kernel_options"]
"""What any stage may import. Of the package, leaves import nothing but ``errors``."""
STORES = ["array_file", "kernel_folder", "kernel_stamp", "cache"]
"""What keeps results on disk, whatever they are."""
STAGES = [
    "scene", "plan", "surface", "geometry", "places", "light", "camera", "render", "video", "tape", "sound", "export",
]  # fmt: skip
"""The pipeline."""
WHOLE = [
    "noun_cache",
    "cull",
    "visibility",
    "viewpoint",
    "camera_file",
    "passes",
    "precompile",
    "cluster",
    "workers",
    "still",
    "stills",
    "sheet",
    "film",
    "cli",
    "__main__",
]
"""What runs the pipeline."""
LAYERS = [*LEAVES, *STORES, *STAGES, *WHOLE]
"""Every module and folder of the package; each may import those before it."""
SETTINGS = "places.scenes"
"""What can be asked of each place. The scene stage looks it up; it imports nouns of that stage alone."""
NOUNS = {"plan.floorplan", "geometry.level", "surface.material", "surface.palette", "light.lightmap", "camera.shot"}
"""Data without behaviour. They import no other stage but its nouns."""
EARLY = {"surface": {"geometry.level"}, "scene": {SETTINGS}}
"""What a stage before them names: patina is laid on a level's charts; a scene is read by its place's settings."""


def module_name(path: Path) -> str:
    """The dotted name of a file; a folder's name for its ``__init__.py``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path):
    """Dotted names inside the package that a module imports, wherever in it."""
    here = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            module = (*base, *node.module.split(".")) if node.module else base
            for alias in node.names:
                yield ".".join((*module, alias.name))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name


def layer_of(path: Path) -> str:
    """The layer of a file: its name, or its folder's, just below the package."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def breaches(path: Path) -> list[str]:
    """The imports of a file that point the wrong way."""
    layer = layer_of(path)
    allowed = {"__version__", "errors", layer}
    early = EARLY.get(layer, set())
    if layer not in LEAVES:
        allowed |= set(LAYERS[: LAYERS.index(layer)])
    names = [name.split(".") for name in imported(path)]
    inside = [parts for parts in names if parts[0] == "generator" and len(parts) > 1]
    wrong = [parts for parts in inside if parts[1] not in allowed and ".".join(parts[1:3]) not in early]
    return [f"{path.relative_to(ROOT)} imports {'.'.join(parts)}" for parts in wrong]


def circles(files: list[Path]) -> list[list[str]]:
    """The sets of files that import one another, directly or through others."""
    names = {module_name(path): k for k, path in enumerate(files)}
    edges = []
    for k, path in enumerate(files):
        for name in imported(path):
            found = names.get(name, names.get(name.rpartition(".")[0]))
            if found is not None and found != k:
                edges.append((k, found))
    start, end = np.array(edges).reshape(-1, 2).T
    graph = coo_array((np.ones(len(start), bool), (start, end)), shape=(len(files), len(files)))
    count, component = connected_components(graph, connection="strong")
    groups = [[module_name(files[k]) for k in np.flatnonzero(component == c)] for c in range(count)]
    return [group for group in groups if len(group) > 1]


def astray(files: list[Path]) -> list[str]:
    """Imports from files of the package that are not there; the type checker passes over them."""
    names = {module_name(path) for path in files}
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in imported(path)
        if name.startswith("generator.") and not {name, name.rpartition(".")[0]} & names
    ]


def names_of(path: Path) -> set[str]:
    """What a module defines or imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name)
        elif isinstance(node, ast.Name):
            names.add(node.id)
    return names


def unknown_names(users: list[Path], files: list[Path]) -> list[str]:
    """What tests, benchmarks and examples import from the package that is not there."""
    modules = {module_name(path): path for path in files}
    names = {name: names_of(path) for name, path in modules.items()}
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in users
        for name in imported(path)
        if name.startswith("generator.") and name not in modules
        if name.rpartition(".")[2] not in names.get(name.rpartition(".")[0], set())
    ]


def python_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.fixture
def small_package(tmp_path, monkeypatch):
    """A function that writes files of a package in a folder of its own and returns their paths."""
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path / "generator")

    def write(files: dict[str, str]) -> list[Path]:
        paths = []
        for name, text in files.items():
            path = tmp_path / "generator" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        return paths

    return write


def test_every_module_belongs_to_a_layer():
    assert {layer_of(path) for path in python_files()} - {"__init__"} == set(LAYERS)


@pytest.mark.parametrize("layer", LAYERS)
def test_modules_import_only_what_lies_before_them(layer):
    assert [line for path in python_files() if layer_of(path) == layer for line in breaches(path)] == []


def test_a_breach_is_seen(small_package):
    text = "from ..tape import record\nfrom generator.seed import rng_for\n"
    (path,) = small_package({"plan/bad.py": text})
    assert len(breaches(path)) == 1


def test_a_leaf_that_imports_a_leaf_is_seen(small_package):
    (path,) = small_package({"colour.py": "from .seed import rng_for\nfrom .errors import NoclipError\n"})
    assert len(breaches(path)) == 1


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_nouns_import_no_other_stage(noun):
    path = PACKAGE / f"{noun.replace('.', '/')}.py"
    inside = [name.split(".") for name in imported(path) if name.startswith("generator.")]
    others = [parts for parts in inside if parts[1] not in {*LEAVES, *STORES, layer_of(path)}]
    assert [parts for parts in others if ".".join(parts[1:3]) not in NOUNS] == []


def test_every_import_names_a_file():
    assert astray(python_files()) == []


def test_an_import_that_names_no_file_is_seen(small_package):
    texts = {"tape/plot.py": "from .pictures import whole\n", "tape/deck.py": "from .plot import draw\n"}
    files = small_package(texts)
    assert astray(files) == ["generator/tape/plot.py imports generator.tape.pictures.whole"]


def test_what_can_be_asked_of_a_place_imports_the_scene_stage_alone():
    files = [PACKAGE / "places" / "scenes.py", *(PACKAGE / "places").glob("*/*settings.py")]
    names = [name.split(".") for path in files for name in imported(path) if name.startswith("generator.")]
    assert [parts for parts in names if parts[1] not in {"scene", "places"}] == []


def test_tests_benchmarks_and_examples_import_what_is_there():
    users = [path for folder in ("tests", "examples") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(users) > 50
    assert unknown_names(users, python_files()) == []


def test_an_import_of_an_unknown_name_is_seen(small_package, tmp_path):
    files = small_package({"film/store.py": "from .noun_file import save\nLATEST = 1\n"})
    user = tmp_path / "bench.py"
    user.write_text("from generator.film.store import LATEST, save, save_noun\n", encoding="utf-8")
    assert unknown_names([user], files) == ["bench.py imports generator.film.store.save_noun"]


def test_no_files_import_one_another():
    assert circles(python_files()) == []


def test_a_circle_of_files_is_seen(small_package):
    one = "from .two import b\n"
    two = "def late():\n    from . import three\n"
    three = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .one import a\n"
    texts = {"light/one.py": one, "light/two.py": two, "light/three.py": three, "light/four.py": one}
    files = small_package(texts)
    assert circles(files) == [["generator.light.one", "generator.light.two", "generator.light.three"]]


def test_a_circle_through_a_folder_is_seen(small_package):
    files = small_package({"scene/__init__.py": "from .load import load\n", "scene/load.py": "from . import Scene\n"})
    assert circles(files) == [["generator.scene", "generator.scene.load"]]


def test_every_folder_is_packed():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in PACKAGE.rglob("*.py")}
    assert set(listed) == folders | {"generator.scenes"}


def test_what_is_packed_beside_the_code_is_there():
    """Type checkers of other projects read the package's hints only where it holds ``py.typed``."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    assert "py.typed" in data["generator"]
    for package, patterns in data.items():
        folder = ROOT / "scenes" if package == "generator.scenes" else ROOT / package.replace(".", "/")
        assert all(list(folder.glob(pattern)) for pattern in patterns), package


def test_pinned_set_covers_every_dependency():
    import re

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    names = {re.split(r"[=; ]", line)[0].lower().replace("_", "-") for line in pinned.splitlines() if "==" in line}
    needed = project["dependencies"] + project["optional-dependencies"]["test"]
    wanted = {re.split(r"[>=<]", text)[0].lower().replace("_", "-") for text in needed}
    assert wanted <= names
    assert "://" not in pinned
