"""The command as a user meets it: its help, a first picture, the same picture again, another seed."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

RUNS = 5


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Wall seconds of whole processes, and processor seconds, which a busy machine changes less."""
    yield "noclip --help, best of 5", min(noclip("--help")[0] for _ in range(RUNS)), "s", "under 0.4"
    imports = median(spent("-c", "import generator.still")[1] for _ in range(RUNS))
    yield "imports of a still", imports, "core-s", "under 0.8"
    with tempfile.TemporaryDirectory() as folder:
        fresh = {"NOCLIP_CACHE": folder, "NUMBA_CACHE_DIR": str(Path(folder) / "kernels")}
        still = "still", "-o", str(Path(folder) / "a.png")
        wall, core = noclip(*still, **fresh)
        yield "first still, kernels compiled and light baked", wall, "s", "under 35, aiming at 25"
        yield "first still, kernels compiled and light baked, all processes", core, "core-s", ""
        yield from _medians("the same view again", "2", [noclip(*still, **fresh) for _ in range(RUNS)])
        seeds = [str(seed) for seed in range(100, 100 + RUNS)]
        yield from _medians("the next seed", "6", [noclip(*still, "--seed", seed, **fresh) for seed in seeds])
        draft = *still, "--quality", "draft"
        noclip(*draft, **fresh)
        yield from _medians("the next seed, draft", "3", [noclip(*draft, "--seed", seed, **fresh) for seed in seeds])
        size = sum(path.stat().st_size for path in Path(folder, "textures").glob("*"))
        yield "textures on disk, normal and draft, all seeds", size / 1e6, "MB", "under 50"


def _medians(what: str, goal: str, times: list[tuple[float, float]]) -> Iterator[tuple[str, float, str, str]]:
    yield what, median(wall for wall, _ in times), "s", f"under {goal}"
    yield f"{what}, all threads", median(core for _, core in times), "core-s", ""


def noclip(*args: str, **environment: str) -> tuple[float, float]:
    """Wall and processor seconds of one ``noclip`` process and those it starts."""
    return spent("-m", "generator", *args, **environment)


def spent(*args: str, **environment: str) -> tuple[float, float]:
    """Wall and processor seconds of one Python process and those it starts; what it imports is kept compiled."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *args], check=True, capture_output=True, env=kept | environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    core = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, core
