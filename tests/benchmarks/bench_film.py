"""How long a film takes: making ready, a field by stage, workers side by side."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from generator.camera.beats import Script, beats_of
from generator.film import FilmOrder
from generator.film.batch import make_runs
from generator.film.leg import prepare
from generator.film.plot import plot
from generator.film.run import Made, Task, make_run
from generator.film.store import save_noun
from generator.progress import Progress
from generator.scene import load_scene

GOALS = {"draft": ("under 8", 30), "normal": ("under 30", 15)}
CORES = 2


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Processor milliseconds a field, the least of a few runs; wall seconds of making ready, with an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NOCLIP_CACHE"] = folder
        try:
            yield from _rows(Path(folder))
        finally:
            del os.environ["NOCLIP_CACHE"]


def _rows(folder: Path) -> Iterator[tuple[str, float, str, str]]:
    for quality, (ready_s, frame_hz) in GOALS.items():
        scene = load_scene("level0", [f"render.quality={quality}", "render.renderer=embree"])
        asked = FilmOrder(scene, Script(beats_of(scene.film.beats)), 0, 1798)
        prepare(asked, plot(asked), 0, 2, "embree", Progress())
        start = time.perf_counter()
        plotted = plot(asked)
        yield f"route and hands of 60 s, {quality}", time.perf_counter() - start, "s", ""
        leg = prepare(asked, plotted, 0, asked.stop, "embree", Progress())
        yield f"plan and bake of a 60 s walk, {quality}", time.perf_counter() - start, "s", ready_s
        path = folder / f"{quality}.leg"
        save_noun(path, leg)
        tasks = [Task(asked, path, (0, asked.stop), a, a + 30, "embree") for a in range(0, 360, 30)]
        yield from _fields(tasks, quality, frame_hz)
        if quality == "draft":
            yield "two workers, against one", _wall(tasks, 1) / _wall(tasks, 2), "x", "over 1.8"


def _fields(tasks: list[Task], quality: str, frame_hz: int) -> Iterator[tuple[str, float, str, str]]:
    """Each stage of a field, and what two cores make of it."""
    make_run(tasks[0])
    made = [make_run(task) for task in tasks[:5]]
    least = {stage: min(_field_ms(run, stage) for run in made) for stage in ("render", "camera", "tape", "encode")}
    goals = {"render": "under 14", "encode": "under 4"}
    for stage, value in least.items():
        yield f"a field, {quality}: {stage}", value, "core-ms", goals.get(stage, "")
    whole = sum(least.values())
    yield f"a field, {quality}: all", whole, "core-ms", f"under {1e3 * CORES / frame_hz / 2:.0f}"
    yield f"frames a second on {CORES} cores, {quality}", CORES * 1e3 / whole / 2, "1/s", f"at least {frame_hz}"


def _field_ms(made: Made, stage: str) -> float:
    return 1e3 * made.spent[stage] / (2 * (made.stop - made.first))


def _wall(tasks: list[Task], workers: int) -> float:
    """Seconds from the first finished run to the last: without the start of the processes."""
    times: list[float] = []
    make_runs(tasks, workers, None, lambda made: times.append(time.perf_counter()))
    return (times[-1] - times[workers - 1]) / (len(tasks) - workers)
