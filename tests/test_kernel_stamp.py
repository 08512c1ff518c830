"""A kept kernel is compiled anew when what it was compiled from has changed, in whatever file, and else is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "generator"
FILES = {
    "base.py": "RATE = 2.0\n",
    "sizes.py": "from enum import IntEnum\n\nclass Size(IntEnum):\n    BIG = 5\n",
    "inner.py": (
        "from numba import njit\nfrom .base import RATE\n\n@njit(cache=True)\ndef inner(x):\n    return x * RATE\n"
    ),
    "outer.py": (
        "from numba import njit\nfrom . import inner\nfrom .sizes import Size\n\n"
        "@njit(cache=True)\ndef outer(x):\n    return inner.inner(x) + Size.BIG.value\n"
    ),
    "other.py": "from numba import njit\n\n@njit(cache=True)\ndef other(x):\n    return x - 1\n",
}
RUN = """
import json
from generator.outer import outer
from generator.other import other
print(json.dumps([outer(10.0), other(10.0)] + [sum(k.stats.cache_misses.values()) for k in (outer, other)]))
"""


@pytest.fixture
def package(tmp_path):
    """A small package of the name of ours, with the files that keep kernels and a few with kernels."""
    folder = tmp_path / "generator"
    folder.mkdir()
    for name in ("__init__.py", "kernel_folder.py", "kernel_stamp.py", "files.py", "errors.py"):
        shutil.copy(PACKAGE / name, folder)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def run(package: Path) -> list[float]:
    """What two kernels give in a process of their own, and how many were compiled for each."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA")}
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=package.parent, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def edit(path: Path, old: str, new: str) -> None:
    """Change a text in a file; its length and its time may stay."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_change_of_what_a_kernel_was_compiled_from_is_noticed_in_other_files_and_no_other_edit(package):
    assert run(package) == [25.0, 9.0, 1, 1]
    edit(package / "other.py", "x - 1", "x - 2")
    edit(package / "base.py", "RATE", "UNUSED = 1\nRATE")
    assert run(package) == [25.0, 8.0, 0, 1]
    edit(package / "base.py", "2.0", "3.0")
    assert run(package) == [35.0, 8.0, 1, 0]
    edit(package / "sizes.py", "5", "6")
    assert run(package) == [36.0, 8.0, 1, 0]
    edit(package / "inner.py", "x * RATE", "x + RATE")
    assert run(package) == [19.0, 8.0, 1, 0]


def test_kernels_of_others_are_kept_as_numba_keeps_them(package):
    (package.parent / "theirs.py").write_text(FILES["other.py"])
    code = "import numba, generator, theirs; print(type(theirs.other._cache._impl.locator).__name__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=package.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "InTreeCacheLocator"
