"""A second process for the first run: it compiles the late stages' kernels while the early stages run.

Kernels are compiled once for a machine and kept beside the code. On the first run a second process sends one small room
through light and renderer, and says on its standard output what it has compiled. The first process plans and builds
meanwhile; where it would wait, it compiles camera and tape itself, so both cores are busy. With four cores or more a
third process does that.
"""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from numba.core import event

from .cache import cache_folder, content_key
from .child import python_command
from .geometry.build import uncollected
from .noun_cache import STAGES, as_kept, code_key
from .plan.floorplan import CHUNK_CELLS, DISTRICT_MAPS, Floorplan, LampState, WallKind
from .plan.rows import Drawing, plan_of_drawing
from .progress import Progress
from .surface.material import Material

HEIGHT = 27432
"""Of the ceiling, 0.1 mm."""
KERNELS = 310
"""About so many kernels are compiled for a first still. ``make bench BENCH=compile`` counts them."""
TICK = "+"
"""What a process says for each kernel that it has compiled."""
PARTS = ("light", "render", "camera")
"""What is compiled ahead of the stages that need it."""
THREE = 4
"""Cores that let a third process help."""


class Compiled(event.Listener):
    """Calls ``told`` for each of our kernels that this process compiles; what Numba brings along does not count."""

    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told

    def on_start(self, event: event.Event) -> None:
        """Do nothing yet."""

    def on_end(self, event: event.Event) -> None:
        """Count one."""
        if event.data["dispatcher"].py_func.__module__.startswith(__package__):
            self._told()


class Precompiler:
    """The other processes: what they have finished, and how many kernels all have compiled; none where all is there."""

    def __init__(self, progress: Progress, own: bool = False) -> None:
        self._progress, self._own, self._count = progress, own, 0
        self._ready = {stage: threading.Event() for stage in PARTS}
        self._lock = threading.Lock()

    def wait(self, stage: str) -> None:
        """Come back when the kernels of ``stage`` are compiled, or the process that did it has ended without."""
        if self._own and stage != "render":
            self._own = False
            warm_camera(lambda done: self._ready[done].set())
        self._ready[stage].wait()

    def tick(self) -> None:
        """Count one kernel and show it."""
        with self._lock:
            self._count += 1
            self._progress.show(f"compiling, once: {self._count} of {max(KERNELS, self._count)}")

    def listen(self, process: subprocess.Popen[str], stages: tuple[str, ...]) -> None:
        """Follow what a process says until it ends; then nobody waits for it any longer."""
        for line in process.stdout or ():
            said = line.strip()
            if said == TICK:
                self.tick()
            elif said in self._ready:
                self._ready[said].set()
        self.give_up(stages)

    def give_up(self, stages: tuple[str, ...] = PARTS) -> None:
        """Let nobody wait for some stages."""
        for stage in stages:
            self._ready[stage].set()


@contextmanager
def precompiling(progress: Progress) -> Iterator[Precompiler]:
    """Run the other processes where they help: on the first run of this code, with two cores or more."""
    cores = os.cpu_count() or 1
    known = _marker().exists() or cores < 2
    precompiler = Precompiler(progress, own=not known and cores < THREE)
    if known:
        precompiler.give_up()
        yield precompiler
        return
    work = [("warm_set", ("light", "render"))] + [("warm_camera", ("camera",))] * (cores >= THREE)
    with ExitStack() as stack:
        stack.enter_context(uncollected())
        for verb, stages in work:
            stack.enter_context(_listened(precompiler, verb, stages))
        stack.enter_context(event.install_listener("numba:compile", Compiled(precompiler.tick)))
        yield precompiler


@contextmanager
def _listened(precompiler: Precompiler, verb: str, stages: tuple[str, ...]) -> Iterator[None]:
    """Run one verb of this module in a process of its own, and end it in the end."""
    command = python_command(f"from generator.precompile import in_process, {verb}; in_process({verb})")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        listener = threading.Thread(target=precompiler.listen, args=(process, stages), daemon=True)
        listener.start()
        try:
            yield
        finally:
            process.terminate()
            listener.join()


def in_process(verb: Callable[[Callable[[str], None]], None]) -> None:
    """Compile, and say so kernel by kernel; there is nothing here for Python's collector of cycles to find."""
    gc.disable()
    with event.install_listener("numba:compile", Compiled(lambda: print(TICK, flush=True))):
        verb(lambda done: print(done, flush=True))


def warm_set(say: Callable[[str], None]) -> None:
    """Compile light, renderer and another preset's maze, say what is done, and leave a note for the next run."""
    from .camera.shot import Lens, Pose
    from .geometry import expand
    from .light.bake import bake
    from .places.level0.settings import Level0Scene
    from .places.verbs import build
    from .plan.maze import maze
    from .render import open_renderer
    from .surface import patina, textures_of

    scene = Level0Scene()
    level = as_kept(build(small_room(), scene, 0))
    mesh = expand(level)[0]
    seen = np.hypot(*(mesh.chart_origin[:, :2] - 5.0).T) < 4.0
    light = as_kept(bake(level, scene.light, np.full((len(level.materials), 3), 0.5), "normal", seen))
    worn = as_kept(patina(mesh, level, 0, np.where(seen, 0.1, 0.0)))
    say("light")
    textures = as_kept(textures_of((_plain(name) for name in level.materials), False))
    pose, lamps = Pose((0, 0), (5.0, 5.0, 1.6), 0.4, 0.0, 0.0), np.ones(len(level.lamps.state))
    with open_renderer("embree", level, light, worn, textures) as renderer:
        renderer.draw(pose, Lens(1.1), (96, 72), lamp_output=lamps)
    say("render")
    maze("wilson", 4, 4, 1)
    _marker().parent.mkdir(parents=True, exist_ok=True)
    _marker().touch()


def warm_camera(say: Callable[[str], None]) -> None:
    """Compile camera and tape, and say so."""
    from .camera.exposure import settled_state
    from .camera.shoot import shoot
    from .places.level0.settings import Level0Scene
    from .tape import record

    scene, radiance = Level0Scene(), np.full((48, 160, 3), 0.5, np.float32)
    record(shoot(radiance, scene.camera, settled_state(radiance, scene.camera), 0, 0), scene.tape, 0, 0)
    say("camera")


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


def _plain(name: str) -> Material:
    """A grey material, 8 texels square."""
    grey = np.full((8, 8, 3), 0.5, np.float32)
    return Material(name, (1.0, 1.0), grey, grey, grey[..., 0], np.ones((8, 8, 3), np.float32))


def _marker() -> Path:
    """A file that says that this Python has compiled this code, for this folder of kernels."""
    code = code_key((*STAGES, "render", "camera", "tape"))
    return cache_folder() / "compiled" / content_key(code, platform.python_version(), os.environ.get("NUMBA_CACHE_DIR"))
