"""The verb: a request to a film on disk."""

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
from .frame_range import TIMELINE, Made, Ready, Setting, Task
from .request import FilmRequest, Kind, check, frame_ranges, identity, recipe_of
from .segment import SegmentState, segments
from .store import MANIFEST, check_folder, finished, load_noun, open_work, save_bytes, save_json, save_noun, save_run
from .store import work_folder as work_of
from .timeline import Timeline, plan_timeline

if TYPE_CHECKING:
    from ..video.sound import Sound


def make_film(
    request: FilmRequest,
    out: Path,
    progress: Progress,
    workers: int = 1,
    cluster: str | None = None,
    resume: bool = False,
) -> dict[str, float]:
    """Make a film: a file, or a folder of pictures with its sound, shot and manifest; returns seconds spent by stage.

    Raises NoclipError: a request that no film can come of, another film's work in the way, no such renderer or
    scheduler, a full disk. What is finished then stays, and ``resume`` goes on from there.
    """
    check(request)
    kind = _renderer(request.scene.render.renderer, progress)
    recipe, work = recipe_of(request, kind), work_of(request, out)
    if request.form == "folder":
        check_folder(out, recipe)
        if resume and (out / MANIFEST).is_file() and not work.exists():
            return {}
    if cluster is not None:
        check_cluster(cluster)
    open_work(work, recipe, resume)
    with progress.stage("route"):
        timeline = plan_timeline(request)
    for note in timeline.notes:
        progress.warn(note)
    try:
        spent = _make_frames(request, out, work, timeline, kind, progress, workers, cluster)
        _finish(request, out, work, timeline, recipe, progress)
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
    request: FilmRequest,
    out: Path,
    work: Path,
    timeline: Timeline,
    kind: Kind,
    progress: Progress,
    workers: int,
    cluster: str | None,
) -> dict[str, float]:
    """Make what is missing; each run is on disk before it counts as finished, and a finished segment goes."""
    chapters = _chapters(request, out, work, kind)
    if not chapters:
        return {}
    save_noun(work / TIMELINE, timeline)
    spent: dict[str, float] = {}
    segments_of = {task.first: task.setting for chapter in chapters for task in chapter.ranges}
    report = _Report(progress, sum(task.stop - task.first for chapter in chapters for task in chapter.ranges))

    def done(what: Ready | Made) -> None:
        for stage, seconds in what.spent.items():
            spent[stage] = spent.get(stage, 0.0) + seconds
        if isinstance(what, Ready):
            save_noun(_state_of(work, what.first), what.state)
            return
        _keep(request, out, work, what)
        setting = segments_of.pop(what.first)
        if setting not in segments_of.values():
            setting.segment.unlink(missing_ok=True)
        report.add(what.stop - what.first)

    with progress.stage("frames"):
        progress.count(0, report.frames, "making ready")
        make_chapters(chapters, workers, cluster, done)
    return spent


def _chapters(request: FilmRequest, out: Path, work: Path, kind: Kind) -> list[Chapter]:
    """The segments of which something is missing."""
    have = {a for a, note in finished(work).items() if _on_disk(request, out, work, note)}
    chapters = []
    for first, stop in segments(request):
        setting = Setting(request, (work / f"segment-{first:08d}.pickle").resolve(), first, stop, kind)
        missing = [Task(setting, a, b) for a, b in frame_ranges(request) if first <= a < stop and a not in have]
        ready = setting.segment.is_file() and _state_of(work, first).is_file()
        if missing:
            chapters.append(Chapter(None if ready else setting, missing))
    return chapters


def _state_of(work: Path, first: int) -> Path:
    return work / f"state-{first:08d}.pickle"


def _keep(request: FilmRequest, out: Path, work: Path, made: Made) -> None:
    """Save a finished run: its files, then the note that says so."""
    folder = out if request.form == "folder" else work
    for name, data in made.files.items():
        save_bytes(folder / name, data)
    note = {"first": made.first, "stop": made.stop, "frames": made.frames, "files": sorted(made.files)}
    save_run(work, made.first, note)


def _on_disk(request: FilmRequest, out: Path, work: Path, note: dict[str, Any]) -> bool:
    """Are all of a finished run's files still there?"""
    folder = out if request.form == "folder" else work
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


def _finish(
    request: FilmRequest, out: Path, work: Path, timeline: Timeline, recipe: dict[str, Any], progress: Progress
) -> None:
    """The file from its pieces and the sound, or the folder's papers; the work folder goes."""
    from ..video.encode import join

    notes = list(finished(work).values())
    sound = None if request.silent else _sound(request, timeline, progress)
    if request.form == "folder":
        with progress.stage("sound"):
            _sidecars(request, out, work, recipe, notes, sound)
    else:
        pieces = [work / name for note in notes for name in note["files"]]
        with progress.stage("film"):
            join(pieces, sound, request.deliver, recipe, request.scene.title, out)
    shutil.rmtree(work, ignore_errors=True)


def _sound(request: FilmRequest, timeline: Timeline, progress: Progress) -> Sound:
    """The sound that comes with the pictures: made while it is written, so that none of it waits in memory."""
    from ..tape.audio import played, track_for
    from ..video.sound import Sound
    from .soundtrack import film_sound

    recorded = film_sound(request, timeline, progress)
    if request.clean:
        return Sound((block[:, None] for block in recorded), 1)
    tape = request.scene.tape
    channels = track_for(tape).channels
    both = (np.repeat(block[:, None], channels, axis=1) for block in recorded)
    return Sound(played(both, RATE_HZ, tape, request.scene.seed), channels)


def _sidecars(
    request: FilmRequest,
    out: Path,
    work: Path,
    recipe: dict[str, Any],
    notes: list[dict[str, Any]],
    sound: Sound | None,
) -> None:
    """Sound, shot and manifest beside the pictures."""
    from ..video.sound import save_wav
    from .sidecar import shot_table

    if sound is not None:
        save_wav(out / "sound.wav", sound)
    save_json(out / "shot.json", shot_table(request, _states(work)))
    hashes = {str(note["first"] + k): h for note in notes for k, h in enumerate(note["frames"])}
    save_json(out / MANIFEST, {"identity": identity(recipe), "recipe": recipe, "frames": hashes})


def _states(work: Path) -> Iterator[SegmentState]:
    for path in sorted(work.glob("state-*.pickle")):
        yield load_noun(path)
