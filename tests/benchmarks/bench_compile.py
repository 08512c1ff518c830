"""What a first picture compiles: kernels, and processor seconds of compiling, where no kernel is compiled yet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from generator.precompile import KERNELS

DEAREST = 5


def rows() -> Iterator[tuple[str, float, str, str]]:
    """All, those that Numba brings along, and the stages that cost most."""
    with tempfile.TemporaryDirectory() as folder:
        made = compiled(Path(folder))
    own = [(name, seconds) for name, _, seconds in made if name.startswith("generator.")]
    yield "kernels compiled for a first still", len({name for name, _ in own}), "", f"at most {KERNELS}"
    yield "machine codes of them", len(own), "", "as many as kernels"
    yield "compiling a first still, one process", sum(seconds for _, _, seconds in made), "core-s", ""
    yield "of it, functions that Numba brings along", sum(s for _, _, s in made) - sum(s for _, s in own), "core-s", ""
    modules: dict[str, float] = defaultdict(float)
    for name, seconds in own:
        modules[name.rpartition(".")[0].removeprefix("generator.")] += seconds
    for name in sorted(modules, key=lambda name: -modules[name])[:DEAREST]:
        yield f"of it, {name}", modules[name], "core-s", ""


def compiled(folder: Path) -> list[tuple[str, str, float]]:
    """Kernel, signature and processor seconds of its own, of everything that a small draft still compiles."""
    fresh = {"NOCLIP_CACHE": str(folder), "NUMBA_CACHE_DIR": str(folder / "kernels")}
    still = ["still", "--renderer", "embree", "--size", "160x120", "--quality", "draft", "-o", str(folder / "a.png")]
    command = [sys.executable, "-m", "tests.benchmarks.compiling", str(folder / "made.json"), *still]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | fresh)
    return json.loads((folder / "made.json").read_text())
