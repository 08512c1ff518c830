"""Films and stills for tests that kill the process which makes them; imported once by the server that forks it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from generator import stills as batch_of_stills
from generator.camera.script import Script, beats_of
from generator.cli import main
from generator.film import FilmRequest, make, make_film, request
from generator.film.frame_range import WorkerCache, make_range, make_ready
from generator.progress import Progress
from generator.scene import load_scene
from tests import still_workers

TINY = ["render.width_px=64", "render.height_px=48", "render.quality=draft", "render.renderer=embree"]
FRAMES = 8
SEEDS = 4


def in_this_process(chapters, workers, cluster, done) -> None:
    """Make what is missing without starting workers."""
    cache = WorkerCache()
    for chapter in chapters:
        if chapter.ready is not None:
            done(make_ready(chapter.ready, cache))
        for task in chapter.ranges:
            done(make_range(task, cache))
    cache.clear()


def tiny_film(form: str) -> FilmRequest:
    asked = FilmRequest(load_scene("level0", TINY), Script(beats_of(["walk 5"])), 0, FRAMES)
    return replace(asked, form="folder", deliver="interlaced") if form == "folder" else asked


def film(out: Path, form: str, resume: bool) -> None:
    """Make a tiny film of several ranges."""
    request.RANGE_FRAMES = 2
    make.make_chapters = in_this_process
    make_film(tiny_film(form), out, Progress(), resume=resume)


def stills(folder: Path) -> None:
    """Take tiny stills of several seeds, without starting workers."""
    batch_of_stills._near = still_workers.in_this_process
    settings = [part for text in TINY for part in ("--set", text)]
    assert main(["still", "--seeds", f"0:{SEEDS}", *settings, "-o", str(folder / "{seed}.png")]) == 0
