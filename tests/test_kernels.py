"""Kernels share their options, and those that are made without a wrapper for Python are called by kernels alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from generator.kernel_options import ENTRY, INNER
from generator.render.run_kernels import PART, STEP, WHOLE
from tests.test_architecture import PACKAGE, ROOT, module_name

FILES = sorted(PACKAGE.rglob("*.py"))
USERS = [path for folder in ("tests", "examples") for path in sorted((ROOT / folder).rglob("*.py"))]


def is_kernel(node: ast.stmt) -> bool:
    """Is a statement of a module a compiled function?"""
    return isinstance(node, ast.FunctionDef) and any("njit(" in ast.unparse(d) for d in node.decorator_list)


def inner_of(path: Path) -> set[str]:
    """Dotted names of a module's kernels that Python cannot call."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    kernels = {node.name for node in body if is_kernel(node) and "INNER" in ast.unparse(node.decorator_list)}
    return {f"{module_name(path)}.{name}" for name in kernels}


def origins(path: Path, tree: ast.Module) -> dict[str, str]:
    """The dotted names that a module's own names stand for."""
    here = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = {node.name: f"{module_name(path)}.{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            for alias in node.names:
                parts = (*base, *filter(None, [node.module]), alias.name)
                found[alias.asname or alias.name] = ".".join(parts)
    return found


def called_by_python(path: Path, inner: set[str]) -> list[str]:
    """The inner kernels that a module names outside of kernels, except for what they are in Python."""
    tree, found = ast.parse(path.read_text(encoding="utf-8")), []
    known = origins(path, tree)
    plain = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "py_func"}
    for node in [part for body in tree.body if not is_kernel(body) for part in ast.walk(body)]:
        name = None
        if isinstance(node, ast.Name):
            name = known.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            name = f"{known[node.value.id]}.{node.attr}"
        if name in inner and id(node) not in plain:
            found.append(f"{path.relative_to(ROOT)} calls {name}")
    return found


@pytest.fixture(scope="module")
def inner() -> set[str]:
    return set().union(*map(inner_of, FILES))


def test_python_calls_no_kernel_that_is_made_without_its_wrapper(inner):
    assert len(inner) > 100
    assert [breach for path in [*FILES, *USERS] for breach in called_by_python(path, inner)] == []


def test_a_call_from_python_is_found(tmp_path, monkeypatch):
    text = "from generator.plan.rays import cast_rays\nfrom generator.plan import rays\n"
    text += "def f(x):\n    return cast_rays(x) + rays.cast_rays(x) + cast_rays.py_func(x)\n"
    (tmp_path / "a.py").write_text(text)
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    monkeypatch.setitem(globals(), "module_name", lambda path: path.stem)
    assert (
        called_by_python(tmp_path / "a.py", {"generator.plan.rays.cast_rays"})
        == ["a.py calls generator.plan.rays.cast_rays"] * 2
    )


def test_every_kernel_is_compiled_with_the_shared_options():
    kernels = [
        (path, ast.unparse(d))
        for path in FILES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        for d in node.decorator_list
        if "njit" in ast.unparse(d)
    ]
    shared = ("**ENTRY", "**INNER", "**OPTIONS", "**WHOLE", "**STEP", "**PART", "inline='always'")
    assert WHOLE.items() >= ENTRY.items()
    assert STEP.items() >= INNER.items()
    assert PART.items() >= INNER.items()
    assert [(path.name, text) for path, text in kernels if not any(option in text for option in shared)] == []
