"""The verb: an order to a film on disk."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NoclipError
from ..progress import Progress
from ..sound import RATE_HZ
from .batch import Chapter, check_cluster, make_chapters
from .leg import Take, legs
from .order import FilmOrder, Kind, check, identity, recipe_of, runs
from .plot import Plot, plot
from .run import PLOT, Made, Ready, Setting, Task
from .store import MANIFEST, check_folder, finished, load_noun, open_work, save_bytes, save_json, save_noun, save_run
from .store import work_folder as work_of

if TYPE_CHECKING:
    from ..video.sound import Sound


def make_film(
    order: FilmOrder, out: Path, progress: Progress, workers: int = 1, cluster: str | None = None, resume: bool = False
) -> dict[str, float]:
    """Make a film: a file, or a folder of pictures with its sound, shot and manifest; returns seconds spent by stage.

    Raises NoclipError: an order that no film can come of, another film's work in the way, no such renderer or
    scheduler, a full disk. What is finished then stays, and ``resume`` goes on from there.
    """
    check(order)
    kind = _renderer(order.scene.render.renderer, progress)
    recipe, work = recipe_of(order, kind), work_of(order, out)
    if order.form == "folder":
        check_folder(out, recipe)
        if resume and (out / MANIFEST).is_file() and not work.exists():
            return {}
    if cluster is not None:
        check_cluster(cluster)
    open_work(work, recipe, resume)
    with progress.stage("route"):
        plotted = plot(order)
    for note in plotted.notes:
        progress.warn(note)
    try:
        spent = _make_frames(order, out, work, plotted, kind, progress, workers, cluster)
        _finish(order, out, work, plotted, recipe, progress)
    except KeyboardInterrupt:
        progress.warn("stopped; the same command with --resume goes on")
        raise
    except NoclipError as error:
        raise NoclipError(f"{error}; what is finished is kept, the same command with --resume goes on") from error
    return spent


def _renderer(wanted: str, progress: Progress) -> Kind:
    """The renderer that the whole film is drawn with."""
    from ..render import gl_info

    if wanted == "embree":
        return "embree"
    info = gl_info()
    if "none" not in info:
        return "opengl"
    if wanted == "opengl":
        raise NoclipError(f"no OpenGL context could be made ({info['none']}): install libegl1 and libgl1, "
                          "or use the renderer embree")  # fmt: skip
    progress.warn(f"no OpenGL ({info['none']}): drawing with Embree")
    return "embree"


def _make_frames(
    order: FilmOrder,
    out: Path,
    work: Path,
    plotted: Plot,
    kind: Kind,
    progress: Progress,
    workers: int,
    cluster: str | None,
) -> dict[str, float]:
    """Make what is missing; each run is on disk before it counts as finished, and a finished leg goes."""
    chapters = _chapters(order, out, work, kind)
    if not chapters:
        return {}
    save_noun(work / PLOT, plotted)
    spent: dict[str, float] = {}
    legs_of = {task.first: task.setting for chapter in chapters for task in chapter.runs}
    report = _Report(progress, sum(task.stop - task.first for chapter in chapters for task in chapter.runs))

    def done(what: Ready | Made) -> None:
        for stage, seconds in what.spent.items():
            spent[stage] = spent.get(stage, 0.0) + seconds
        if isinstance(what, Ready):
            save_noun(_take(work, what.first), what.take)
            return
        _keep(order, out, work, what)
        setting = legs_of.pop(what.first)
        if setting not in legs_of.values():
            setting.leg.unlink(missing_ok=True)
        report.add(what.stop - what.first)

    with progress.stage("frames"):
        progress.count(0, report.frames, "making ready")
        make_chapters(chapters, workers, cluster, done)
    return spent


def _chapters(order: FilmOrder, out: Path, work: Path, kind: Kind) -> list[Chapter]:
    """The legs of which something is missing."""
    have = {a for a, note in finished(work).items() if _on_disk(order, out, work, note)}
    chapters = []
    for first, stop in legs(order):
        setting = Setting(order, (work / f"leg-{first:08d}.pickle").resolve(), first, stop, kind)
        missing = [Task(setting, a, b) for a, b in runs(order) if first <= a < stop and a not in have]
        ready = setting.leg.is_file() and _take(work, first).is_file()
        if missing:
            chapters.append(Chapter(None if ready else setting, missing))
    return chapters


def _take(work: Path, first: int) -> Path:
    return work / f"take-{first:08d}.pickle"


def _keep(order: FilmOrder, out: Path, work: Path, made: Made) -> None:
    """Save a finished run: its files, then the note that says so."""
    folder = out if order.form == "folder" else work
    for name, data in made.files.items():
        save_bytes(folder / name, data)
    note = {"first": made.first, "stop": made.stop, "frames": made.frames, "files": sorted(made.files)}
    save_run(work, made.first, note)


def _on_disk(order: FilmOrder, out: Path, work: Path, note: dict[str, Any]) -> bool:
    """Are all of a finished run's files still there?"""
    folder = out if order.form == "folder" else work
    return all((folder / name).is_file() for name in note["files"])


class _Report:
    """Frames done, frames a second, time left."""

    def __init__(self, progress: Progress, frames: int) -> None:
        self._progress, self.frames = progress, frames
        self._done, self._start = 0, time.perf_counter()

    def add(self, frames: int) -> None:
        self._done += frames
        rate = self._done / max(time.perf_counter() - self._start, 1e-6)
        left = (self.frames - self._done) / rate
        self._progress.count(self._done, self.frames, f"{rate:.1f} frames/s, {left:.0f} s left")


def _finish(order: FilmOrder, out: Path, work: Path, plotted: Plot, recipe: dict[str, Any], progress: Progress) -> None:
    """The file from its pieces and the sound, or the folder's papers; the work folder goes."""
    from ..video.encode import join

    notes = list(finished(work).values())
    sound = None if order.silent else _sound(order, plotted, progress)
    if order.form == "folder":
        with progress.stage("sound"):
            _papers(order, out, work, recipe, notes, sound)
    else:
        pieces = [work / name for note in notes for name in note["files"]]
        with progress.stage("film"):
            join(pieces, sound, order.deliver, recipe, order.scene.title, out)
    shutil.rmtree(work, ignore_errors=True)


def _sound(order: FilmOrder, plotted: Plot, progress: Progress) -> Sound:
    """The sound that comes with the pictures: made while it is written, so that none of it waits in memory."""
    from ..tape.audio import played, track_for
    from ..video.sound import Sound
    from .heard import film_sound

    recorded = film_sound(order, plotted, progress)
    if order.clean:
        return Sound((block[:, None] for block in recorded), 1)
    tape = order.scene.tape
    channels = track_for(tape).channels
    both = (np.repeat(block[:, None], channels, axis=1) for block in recorded)
    return Sound(played(both, RATE_HZ, tape, order.scene.seed), channels)


def _papers(
    order: FilmOrder, out: Path, work: Path, recipe: dict[str, Any], notes: list[dict[str, Any]], sound: Sound | None
) -> None:
    """Sound, shot and manifest beside the pictures."""
    from ..video.sound import save_wav
    from .papers import shot_table

    if sound is not None:
        save_wav(out / "sound.wav", sound)
    save_json(out / "shot.json", shot_table(order, _takes(work)))
    hashes = {str(note["first"] + k): h for note in notes for k, h in enumerate(note["frames"])}
    save_json(out / MANIFEST, {"identity": identity(recipe), "recipe": recipe, "frames": hashes})


def _takes(work: Path) -> Iterator[Take]:
    for path in sorted(work.glob("take-*.pickle")):
        yield load_noun(path)
