"""What the documents say is so: verbs have the arguments written there, files and names exist, the code runs."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

import generator
from generator.places.level0.set.table import PROPS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
VERBS = re.findall(r"``(\w+)\((.*?)\)(?: -> (\w+))?``\s+``([\w.]+)``", generator.__doc__ or "")


@pytest.mark.parametrize(("name", "arguments", "noun", "module"), VERBS, ids=[verb[0] for verb in VERBS])
def test_the_package_names_verbs_as_they_are(name, arguments, noun, module):
    signature = inspect.signature(getattr(importlib.import_module(module), name))
    needed = [p.name for p in signature.parameters.values() if p.default is p.empty]
    assert needed == [word for word in arguments.split(", ") if word]
    assert noun in ("", signature.return_annotation)


LIBRARY = [*sorted({module for *_, module in VERBS}), "generator.plan", "generator.geometry", "generator.seed"]
BEGIN = {
    "Bake", "Build", "Cast", "Check", "Collect", "Draw", "Estimate", "Find", "Give", "Hash", "Join", "Lay", "Light",
    "List", "Load", "Look", "Make", "Measure", "Mix", "Plan", "Prepare", "Put", "Raise", "Read", "Record", "Return",
    "Scramble", "Shoot", "Tell", "Write",
}  # fmt: skip
"""Verbs that public docstrings begin with; add to them."""


def public_functions():
    """What the modules of the library list, or define."""
    for module in map(importlib.import_module, LIBRARY):
        own = [name for name, thing in vars(module).items() if getattr(thing, "__module__", "") == module.__name__]
        names = getattr(module, "__all__", [name for name in own if not name.startswith("_")])
        yield from (getattr(module, name) for name in names if inspect.isfunction(getattr(module, name)))


def test_public_docstrings_begin_with_a_verb():
    words = {f"{f.__module__}.{f.__name__}": re.findall(r"\w+", f.__doc__ or "?")[:1] for f in public_functions()}
    assert len(words) > 40
    assert {name: word for name, word in words.items() if not BEGIN & set(word)} == {}


def test_every_stage_has_a_verb():
    assert {module.split(".")[1] for *_, module in VERBS} >= {"scene", "places", "surface", "light", "render"}
    assert {module.split(".")[1] for *_, module in VERBS} >= {"camera", "tape", "sound", "export", "still", "film"}


@pytest.mark.parametrize("page", ["README.md", "docs/library.md", "docs/adding-a-prop.md"])
def test_the_code_of_a_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    rows = dict(PROPS)
    try:
        for block in blocks:
            exec(compile(block, page, "exec"), names)
    finally:
        PROPS.clear()
        PROPS.update(rows)
    assert blocks


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_folders_and_files_that_a_page_names_are_there(page):
    folders = "generator|tests|scenes|docs|examples|renders"
    named = re.findall(rf"`((?:{folders})/[\w./-]*)`", page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_glossary_names_each_word_once():
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    words = rows[1:]
    assert len(words) > 40
    assert words == sorted(set(words))


def defined(path: Path) -> set[str]:
    """The names that a module defines at its top."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assigned = [node.targets for node in body if isinstance(node, ast.Assign)]
    assigned += [[node.target] for node in body if isinstance(node, ast.AnnAssign)]
    parts = [part for targets in assigned for target in targets for part in ast.walk(target)]
    names = {part.id for part in parts if isinstance(part, ast.Name)}
    return names | {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


POINTS = sorted({found for page in PAGES for found in re.findall(r"`([\w/]+\.py):(\w+)`", page.read_text("utf-8"))})


@pytest.mark.parametrize(("file", "name"), POINTS, ids=":".join)
def test_what_a_page_points_to_is_there(file, name):
    assert name in defined(ROOT / file)


def test_ten_questions_are_answered():
    rows = re.findall(r"^\| [^|]+\? \| `", (ROOT / "docs" / "questions.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == 10
