"""The command as a user meets it: its help, a first picture, the same picture again."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Seconds of whole processes."""
    yield "noclip --help, best of 5", min(seconds("--help") for _ in range(5)), "s", "under 0.4"
    with tempfile.TemporaryDirectory() as folder:
        fresh = {"XDG_CACHE_HOME": folder, "NUMBA_CACHE_DIR": str(Path(folder) / "kernels")}
        out = str(Path(folder) / "a.png")
        first = seconds("still", "--renderer", "embree", "-o", out, **fresh)
        yield "first still, kernels compiled and light baked, Embree", first, "s", "under 45"
        again = min(seconds("still", "--renderer", "embree", "-o", out, **fresh) for _ in range(2))
        yield "the same view again, Embree", again, "s", "under 5"
        other = seconds("still", "--renderer", "embree", "--seed", "1", "-o", out, **fresh)
        yield "another view, Embree", other, "s", ""


def seconds(*args: str, **environment: str) -> float:
    """Wall time of one ``noclip`` process."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "generator", *args], check=True, capture_output=True, env=os.environ | environment
    )
    return time.perf_counter() - start
