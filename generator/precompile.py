"""A second process for the first run: it compiles the late stages' kernels while the early stages run.

Kernels are compiled once for a machine and kept beside the code. On the first run a second process sends one small room
through light, camera and tape. It says on its standard output which stage is ready. The first process waits for that
instead of compiling the same, so both cores are busy.
"""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from .cache import cache_folder, content_key
from .child import python_command
from .noun_cache import STAGES, code_key
from .plan.floorplan import CHUNK_CELLS, DISTRICT_MAPS, Floorplan, LampState, WallKind
from .plan.rows import Drawing, plan_of_drawing

HEIGHT = 27432
"""Of the ceiling, 0.1 mm."""


class Precompiler:
    """The second process, or None where all is compiled."""

    def __init__(self, process: subprocess.Popen[str] | None) -> None:
        self._process = process

    def wait(self, stage: str) -> None:
        """Come back when the kernels of ``stage`` are compiled, or the process has ended without."""
        if self._process is not None and self._process.stdout is not None:
            for line in self._process.stdout:
                if line.strip() == stage:
                    return


@contextmanager
def precompiling() -> Iterator[Precompiler]:
    """Run the second process where it helps: on the first run of this code, with two cores or more."""
    if _marker().exists() or (os.cpu_count() or 1) < 2:
        yield Precompiler(None)
        return
    command = python_command("from generator.precompile import warm; warm()")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield Precompiler(process)
        finally:
            process.terminate()


def warm() -> None:
    """Compile stage by stage, say so, and leave a note for the next run."""
    from .camera.exposure import settled_state
    from .camera.shoot import shoot
    from .geometry import expand
    from .light.bake import bake
    from .places.level0.settings import Level0Scene
    from .places.verbs import build
    from .tape import record

    scene = Level0Scene()
    level = build(small_room(), scene, 0)
    corner = expand(level)[0].chart_origin[:, :2]
    bake(level, scene.light, np.full((len(level.materials), 3), 0.5), "normal", np.hypot(*(corner - 5.0).T) < 4.0)
    print("light", flush=True)
    radiance = np.full((48, 160, 3), 0.5, np.float32)
    record(shoot(radiance, scene.camera, settled_state(radiance, scene.camera), 0, 0), scene.tape, 0, 0)
    print("camera", flush=True)
    _marker().parent.mkdir(parents=True, exist_ok=True)
    _marker().touch()


def small_room() -> Floorplan:
    """A chunk with one room of 10 × 10 m in its corner: walls, a half wall, a header; lamps lit, dead and failing."""
    bars = [
        [1, 100000, 0, 100000, WallKind.WALL, 0, HEIGHT, 0, 1200, 1],
        [0, 100000, 0, 100000, WallKind.WALL, 0, HEIGHT, 0, 1200, 2],
        [0, 40000, 20000, 50000, WallKind.HALF, 0, 12000, 0, 1200, 3],
        [1, 60000, 60000, 80000, WallKind.HEADER, 22000, HEIGHT, 0, 1200, 4],
    ]
    lamps = [
        [25000, 25000, 0, HEIGHT, LampState.ON],
        [75000, 25000, 0, HEIGHT, LampState.FAILING],
        [25000, 75000, 1, HEIGHT, LampState.ON],
        [75000, 75000, 0, HEIGHT, LampState.DEAD],
    ]
    cells = np.ones((2, CHUNK_CELLS, CHUNK_CELLS), np.int64)
    maps = {name: np.full(cells.shape[1:], 0.5, np.float32) for name in DISTRICT_MAPS}
    planes = 0 * cells[0], HEIGHT * cells[0], cells[0]
    names = np.arange(1, 5, dtype=np.uint64), np.zeros(4, np.uint8), np.full(4, 4100.0)
    drawn = Drawing(0, np.array(bars), *planes, cells > 0, maps, np.array(lamps), *names)
    return plan_of_drawing((0, 0, 1, 1), drawn)


def _marker() -> Path:
    """A file that says that this Python has compiled this code, for this folder of kernels."""
    code = code_key((*STAGES, "camera", "tape"))
    return cache_folder() / "compiled" / content_key(code, platform.python_version(), os.environ.get("NUMBA_CACHE_DIR"))
