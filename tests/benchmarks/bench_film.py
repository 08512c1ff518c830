"""How long a film takes: making ready, a field by stage, workers side by side; and what ten minutes need."""

from __future__ import annotations

import io
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from generator.camera.script import script_of
from generator.film import FilmRequest, make_film
from generator.film.frame_range import TIMELINE, Made, Ready, Setting, Task, WorkerCache, make_range, make_ready
from generator.film.noun_file import save_noun
from generator.film.request import frame_ranges
from generator.film.segment import segments
from generator.film.timeline import plan_timeline
from generator.progress import Progress
from generator.scene import load_scene
from generator.workers import working

GOALS = {"draft": ("under 8", 50), "normal": ("under 30", 30)}
"""Seconds of making ready, and frames a second of two cores."""
STAGES = {"render": 20.0, "camera": 4.5, "tape": 3.5, "encode": 4.5}
"""What each stage of a field may cost at normal, core-ms."""
OTHERS = ("halls", "blackout")
"""Presets whose fields are told apart too."""
CORES = 2
MINUTE = 1798
"""Frames of a minute."""
Rows = Iterator[tuple[str, float, str, str]]


def rows() -> Rows:
    """Processor milliseconds a field, the least of a few runs; wall seconds of making ready, with an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NOCLIP_CACHE"] = folder
        try:
            for quality in GOALS:
                yield from _one_minute(Path(folder) / quality, quality)
            for preset in OTHERS:
                yield from _of_preset(Path(folder) / preset, preset)
            yield from _again(Path(folder))
            yield from _ten_minutes(Path(folder) / "long")
        finally:
            del os.environ["NOCLIP_CACHE"]


def _one_minute(folder: Path, quality: str) -> Rows:
    ready_s, frame_hz = GOALS[quality]
    asked = _request(quality, MINUTE)
    settings = _settings(asked, folder)
    start = time.process_time()
    save_noun(folder / TIMELINE, plan_timeline(asked))
    route = time.process_time() - start
    yield f"route and hands of 60 s, {quality}", route, "core-s", ""
    warm = _settings(replace(asked, stop=1), folder / "warm")
    with working(CORES, WorkerCache) as pool:
        list(pool.map(make_ready, CORES * warm))
        start = time.perf_counter()
        ready: list[Ready] = list(pool.map(make_ready, settings))
        wall = time.perf_counter() - start
    yield f"making a 60 s walk ready, {quality}", route + sum(segment.spent["ready"] for segment in ready), "core-s", ""
    yield f"making a 60 s walk ready on {CORES} workers, {quality}", route + wall, "s", ready_s
    tasks = _tasks(settings[0])
    yield from _fields(tasks, quality, frame_hz)
    if quality == "draft":
        yield "two workers, against one", _rate(tasks, 2) / _rate(tasks, 1), "x", "over 1.8"


def _of_preset(folder: Path, preset: str) -> Rows:
    """A field of another preset, at normal."""
    setting = _settings(_request("normal", 300, preset), folder)[0]
    with working(1, WorkerCache) as pool:
        pool.submit(make_ready, setting).result()
        made: list[Made] = list(pool.map(make_range, _tasks(setting)[:5]))[1:]
    for stage in STAGES:
        least = min(_field_ms(run, stage) for run in made)
        yield f"a field of {preset}, normal: {stage}", least, "core-ms", f"under {STAGES[stage]:g}"


def _again(folder: Path) -> Rows:
    """A second of film, made twice; and how long after its last frame a longer one is there."""
    asked = _request("draft", 30)
    make_film(asked, folder / "first.mp4", Progress(), CORES)
    start = time.perf_counter()
    make_film(asked, folder / "again.mp4", Progress(), CORES)
    yield "start to the first finished second, warm cache, draft", time.perf_counter() - start, "s", "under 6"
    longer, lines = _request("draft", 300), io.StringIO()
    make_film(longer, folder / "longer.mp4", Progress(lines), CORES)
    last = next(line for line in lines.getvalue().splitlines() if line.startswith("film"))
    yield "the last frame to the finished film, 10 s of draft", float(last.split()[1]), "s", "under 1"


def _ten_minutes(folder: Path) -> Rows:
    """Ranges of the tenth minute by a worker that made the first minute's, and by a fresh one: what is seen is the
    same, so only what the work leaves behind can slow it down."""
    asked = _request("draft", 10 * MINUTE)
    settings = _settings(asked, folder)
    start = time.process_time()
    save_noun(folder / TIMELINE, plan_timeline(asked))
    yield "route and hands of 600 s", time.process_time() - start, "core-s", ""
    cost = {}
    for name, path in (("worker that made the first", (settings[0], settings[-1])), ("fresh worker", settings[-1:])):
        with working(1, WorkerCache) as pool:
            for setting in path:
                if not setting.segment.is_file():
                    pool.submit(make_ready, setting).result()
                made: list[Made] = list(pool.map(make_range, _tasks(setting)[:5]))
        cost[name] = min(sum(_field_ms(run, stage) for stage in run.spent if stage != "open") for run in made[1:])
        yield f"a field in the tenth minute, draft, by a {name}", cost[name], "core-ms", ""
    first, fresh = cost.values()
    yield "the tenth minute after the first, against afresh", first / fresh, "x", "within 0.95 to 1.05"
    most = [resource.getrusage(who).ru_maxrss / 1e3 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    yield "memory: the process that gives out the work, and two workers", most[0] + CORES * most[1], "MB", "under 2000"


def _request(quality: str, frames: int, preset: str = "level0") -> FilmRequest:
    scene = load_scene(preset, [f"render.quality={quality}", "render.renderer=embree"])
    return FilmRequest(scene, script_of(scene.film, scene.seed), 0, frames)


def _settings(request: FilmRequest, folder: Path) -> list[Setting]:
    folder.mkdir(parents=True)
    return [
        Setting(request, folder / f"segment-{first}.pickle", first, stop, "embree") for first, stop in segments(request)
    ]


def _tasks(setting: Setting) -> list[Task]:
    return [Task(setting, a, b) for a, b in frame_ranges(setting.request) if setting.first <= a < setting.stop][:12]


def _fields(tasks: list[Task], quality: str, frame_hz: int) -> Rows:
    """Each stage of a field, and what two cores make of it."""
    with working(1, WorkerCache) as pool:
        made: list[Made] = list(pool.map(make_range, tasks[:6]))[1:]
    least = {stage: min(_field_ms(run, stage) for run in made) for stage in STAGES}
    for stage, value in least.items():
        yield (
            f"a field, {quality}: {stage}",
            value,
            "core-ms",
            f"under {STAGES[stage]:g}" if quality == "normal" else "",
        )
    whole = sum(least.values())
    yield f"a field, {quality}: all", whole, "core-ms", f"under {1e3 * CORES / frame_hz / 2:.0f}"
    yield f"frames a second on {CORES} cores, {quality}", CORES * 1e3 / whole / 2, "1/s", f"at least {frame_hz}"


def _field_ms(made: Made, stage: str) -> float:
    return 1e3 * made.spent[stage] / (2 * (made.stop - made.first))


def _rate(tasks: list[Task], workers: int) -> float:
    """Ranges a second of workers that have started and opened the segment before."""
    with working(workers, WorkerCache) as pool:
        list(pool.map(make_range, tasks[:workers]))
        start = time.perf_counter()
        list(pool.map(make_range, tasks))
        return len(tasks) / (time.perf_counter() - start)
