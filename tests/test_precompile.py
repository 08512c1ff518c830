"""What is compiled once stays compiled, and the first run says on a terminal what it is doing."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from generator import precompile
from generator.cli import report
from generator.precompile import KERNELS, Precompiler, precompiling
from generator.progress import Progress

ROOT = Path(__file__).resolve().parents[1]
TINY = ["--size", "64x48", "--quality", "draft"]
STILL = ["still", *TINY, "-o", "a.png"]
COUNTED = """
import json, sys
from numba.core.dispatcher import Dispatcher
from generator.cli import main
from tests.test_precompile import frames_in_this_process

def codes():
    found = {}
    for module in [m for name, m in sys.modules.items() if name.startswith("generator")]:
        for kernel in vars(module).values():
            if isinstance(kernel, Dispatcher):
                found[f"{kernel.py_func.__module__}.{kernel.py_func.__qualname__}"] = len(kernel.signatures)
    return found

first, *others = json.loads(sys.argv[1])
assert main(first) == 0
before = codes()
for command in others:
    if command == ["frames"]:
        frames_in_this_process()
    else:
        assert main(command) == 0, command
grown = {name: count for name, count in codes().items() if 0 < before.get(name, 0) < count}
print(json.dumps(grown))
"""


def frames_in_this_process() -> None:
    """What a film's worker does: a segment made ready, and three frames of it."""
    from generator.camera.script import script_of
    from generator.film import FilmRequest
    from generator.film.frame_range import TIMELINE, Setting, Task, WorkerCache, make_range, make_ready
    from generator.film.noun_file import save_noun
    from generator.film.timeline import plan_timeline
    from generator.scene import load_scene

    scene = load_scene("level0", ["render.renderer=embree", "render.width_px=64", "render.height_px=48"])
    request = FilmRequest(scene, script_of(scene.film, scene.seed), 0, 3)
    setting, cache = Setting(request, Path("segment.arrays").resolve(), 0, 3, "embree"), WorkerCache()
    save_noun(setting.segment.with_name(TIMELINE), plan_timeline(request))
    make_ready(setting, cache)
    made = make_range(Task(setting, 0, 3), cache)
    assert len(made.frames) == 3


def grown(folder, commands: list[list[str]]) -> dict[str, int]:
    """The kernels that the first command used, and that others needed for arguments of another type."""
    asked = [sys.executable, "-c", COUNTED, json.dumps(commands)]
    found = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(asked, cwd=folder, env=found, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_the_same_view_another_seed_or_preset_needs_no_kernel_twice(tmp_path):
    others = [STILL, [*STILL, "--seed", "5"], ["still", "offices", *TINY, "-o", "a.png"]]
    assert grown(tmp_path, [STILL, *others]) == {}


@pytest.mark.slow
def test_film_export_tape_and_quality_need_no_kernel_twice(tmp_path):
    others = [
        ["still", "--size", "64x48", "-o", "a.png"],
        ["frames"],
        ["export", "--region", "0,0,12,12", "-o", "a.glb"],
        ["tape", "a.png", "b.png"],
    ]
    assert grown(tmp_path, [STILL, *others]) == {}


class Terminal(io.StringIO):
    """A text stream that is one."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_is_told_how_many_kernels_are_compiled():
    shown = Terminal()
    precompiler = Precompiler(Progress(shown))
    precompiler.tick()
    precompiler.tick()
    assert f"compiling, once: 2 of {KERNELS}" in shown.getvalue()


def test_a_pipe_is_told_nothing():
    shown = io.StringIO()
    Precompiler(Progress(shown)).tick()
    assert shown.getvalue() == ""


def test_a_terminal_sees_something_before_anything_heavy_is_imported():
    code = (
        "import sys; from generator.cli import report; sys.stderr.isatty = lambda: True; report.starting().__enter__();"
        "print(sorted({'numpy', 'numba', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "starting" in done.stderr
    assert done.stdout.strip() == "[]"


def test_something_moves_on_a_terminal_while_modules_are_imported(monkeypatch):
    shown = Terminal()
    monkeypatch.setattr(report.sys, "stderr", shown)
    with report.starting():
        time.sleep(2.5 * report.BEAT_S)
    assert report.BEAT_S <= 0.5
    assert len(set(re.findall(r"starting \.\.\. \d+\.\d s", shown.getvalue()))) >= 2


@pytest.mark.parametrize("cores", [1, 2, 4])
def test_nobody_waits_for_processes_that_ended_without_a_word(tmp_path, monkeypatch, cores):
    monkeypatch.setenv("NOCLIP_CACHE", str(tmp_path))
    monkeypatch.setattr(precompile.os, "cpu_count", lambda: cores)
    monkeypatch.setattr(precompile, "python_command", lambda code: [sys.executable, "-c", "pass"])
    monkeypatch.setattr(precompile, "warm_camera", lambda say: say("camera"))
    with precompiling(Progress()) as precompiler:
        waiting = [
            Thread(target=precompiler.wait, args=(stage,), daemon=True) for stage in ("camera", "render", "light")
        ]
        for thread in waiting:
            thread.start()
            thread.join(20)
        assert not any(thread.is_alive() for thread in waiting)
