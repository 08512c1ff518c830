"""How much there is to read: lines of generator/ that are neither blank nor a comment."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
BEFORE = "a480530"
"""The revision that growth is counted from."""


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Lines now, and at an earlier revision where the history has it."""
    name = "lines of generator/, neither blank nor comment"
    before, goal = lines_at(BEFORE), ""
    if before:
        yield f"{name}, at {BEFORE}", before, "", ""
        goal = f"{1.05 * before:,.0f}, and what has been added since"
    yield name, sum(lines(path.read_text()) for path in (ROOT / "generator").rglob("*.py")), "", goal


def lines_at(revision: str) -> int:
    """Lines of a revision; 0 if the history does not have it."""
    asked = ["git", "-C", str(ROOT), "archive", revision, "generator"]
    told = subprocess.run(asked, capture_output=True)
    if told.returncode:
        return 0
    with tarfile.open(fileobj=io.BytesIO(told.stdout)) as tree:
        files = [tree.extractfile(member) for member in tree if member.name.endswith(".py")]
        return sum(lines(file.read().decode()) for file in files if file)


def lines(code: str) -> int:
    """Lines of a file that are neither blank nor a comment."""
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in code.splitlines())
