"""A batch of stills: pictures a minute and core, and the memory of a worker."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from generator.child import environment
from generator.progress import Progress
from generator.scene import load_scene
from generator.still import StillRequest
from generator.stills import Take, make_stills

PICTURES, FIRST = 12, 1000
"""Seeds, and the first; no cache knows them."""
RSS_MB = 1e-6 if sys.platform == "darwin" else 1e-3


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Of a worker that has made its first picture: wall and processor time of twelve more, each of another seed."""
    scene = load_scene("level0", ["render.quality=draft", "render.renderer=embree"])
    with tempfile.TemporaryDirectory() as folder:
        takes = [Take(StillRequest(scene.model_copy(update={"seed": FIRST + k})), Path(folder) / f"{k}.png")
                 for k in range(PICTURES + 1)]  # fmt: skip
        began: list[float] = []
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with environment({"NOCLIP_CACHE": str(Path(folder) / "cache")}):
            make_stills(iter(takes), len(takes), Progress(), 1, finished=lambda take: began.append(time.perf_counter()))
        wall = began[-1] - began[0]
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield "stills a minute and core, draft 640x480", 60 * PICTURES / wall, "1/min", "at least 12, idle"
    cost = (spent.ru_utime + spent.ru_stime - before.ru_utime - before.ru_stime) / len(takes)
    yield "stills a minute and core, by processor time, the start too", 60 / cost, "1/min", "at least 12"
    yield "most memory of a worker, thirteen seeds", spent.ru_maxrss * RSS_MB, "MB", "under 1200"
