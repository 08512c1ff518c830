"""The verb: a request to a film on disk."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from ..files import digest, file_digest, whole
from ..progress import Progress, duration
from ..video.sound import RATE_HZ, Sound, save_wav
from ..workers import check_cluster
from .batch import Chapter, make_chapters
from .frame_range import TIMELINE, Made, Ready, Setting, Task
from .joining import Pieces, meanwhile
from .noun_file import load_noun, save_noun
from .request import FilmRequest, Kind, check, files_of, frame_ranges, identity, recipe_of
from .segment import SegmentState, segments
from .store import MANIFEST, SHOT, SOUND, Record, complete, records_of, save_bytes, save_json, save_record, under_way
from .timeline import Timeline, plan_timeline


def make_film(
    request: FilmRequest,
    out: Path,
    progress: Progress,
    workers: int = 1,
    cluster: str | None = None,
    resume: bool = False,
) -> dict[str, float]:
    """Make a film: a file, or a folder of pictures with its sound, shot and manifest; returns seconds spent by stage.

    Raises NoclipError: a request that no film can come of, files in the way that are not this film's, no such renderer
    or scheduler, a full disk. What is finished then stays, and ``resume`` goes on from there.
    """
    check(request)
    kind = _renderer(request, progress)
    recipe = recipe_of(request, kind)
    if resume and complete(request, out, recipe):
        return {}
    if cluster is not None:
        check_cluster(cluster)
    with under_way(request, out, recipe, resume) as work:
        with progress.stage("route"):
            timeline = plan_timeline(request)
        for note in timeline.notes:
            progress.warn(note)
        film = _Film(request, out, work, recipe, timeline, records_of(request, out, work), progress)
        try:
            pieces = Pieces(_pieces(film))
            with meanwhile(lambda: _join(film, pieces), pieces.give_up) as wait:
                spent = _make_frames(film, kind, workers, cluster, pieces)
                with progress.stage("sound" if request.form == "folder" else "film"):
                    wait()
                    _finish(film)
        except KeyboardInterrupt:
            progress.warn("stopped; the same command with --resume goes on")
            raise
        except NoclipError as error:
            if not film.records:
                raise
            raise NoclipError(f"{error}; what is finished is kept, the same command with --resume goes on") from error
    return spent


def _renderer(request: FilmRequest, progress: Progress) -> Kind:
    """The renderer that the whole film is drawn with."""
    from ..render import gl_info

    wanted = request.scene.render.renderer
    if request.passes is not None:
        from ..passes.shoot import check_renderer

        check_renderer(wanted)
        return "embree"
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


@dataclass(frozen=True)
class _Film:
    """A film under way: what was asked, where it and its work folder lie, the finished ranges by their first frames."""

    request: FilmRequest
    out: Path
    work: Path
    recipe: dict[str, Any]
    timeline: Timeline
    records: dict[int, Record]
    progress: Progress


def _make_frames(film: _Film, kind: Kind, workers: int, cluster: str | None, pieces: Pieces) -> dict[str, float]:
    """Make the ranges that are missing; one is on disk before it counts as finished; a finished segment goes."""
    chapters = _chapters(film, kind)
    for record in film.records.values():
        _give(film, record, pieces)
    if not chapters:
        return {}
    save_noun(film.work / TIMELINE, film.timeline)
    spent: dict[str, float] = {}
    segments_of = {task.first: task.setting for chapter in chapters for task in chapter.ranges}
    report = _Report(film.progress, sum(task.stop - task.first for chapter in chapters for task in chapter.ranges))
    written = 0

    def done(what: Ready | Made) -> None:
        nonlocal written
        for stage, seconds in what.spent.items():
            spent[stage] = spent.get(stage, 0.0) + seconds
        if isinstance(what, Ready):
            save_noun(_state_of(film.work, what.first), what.state)
            return
        film.records[what.first] = _keep(film, what)
        _give(film, film.records[what.first], pieces)
        written += what.pass_bytes
        setting = segments_of.pop(what.first)
        if setting not in segments_of.values():
            setting.segment.unlink(missing_ok=True)
        report.add(what.stop - what.first)

    with film.progress.stage("frames"):
        film.progress.count(0, report.frames, "making ready")
        make_chapters(chapters, workers, cluster, done)
    if written:
        film.progress.tell("write", spent["write"], f"{written / spent['write'] / 1e6:.0f} MB/s of passes a core")
    return spent


def _chapters(film: _Film, kind: Kind) -> list[Chapter]:
    """The segments of which something is missing: ranges, or what the shot was."""
    request, work, chapters = film.request, film.work, []
    for first, stop in segments(request):
        setting = Setting(request, (work / f"segment-{first:08d}.arrays").resolve(), first, stop, kind)
        missing = [Task(setting, a, b) for a, b in frame_ranges(request) if first <= a < stop and a not in film.records]
        known = request.form != "folder" or load_noun(_state_of(work, first), SegmentState) is not None
        ready = known and (not missing or setting.segment.is_file())
        if missing or not ready:
            chapters.append(Chapter(None if ready else setting, missing))
    return chapters


def _state_of(work: Path, first: int) -> Path:
    return work / f"state-{first:08d}.arrays"


def _keep(film: _Film, made: Made) -> Record:
    """Save a finished range, all of it or nothing: its files, then the note that says so."""
    folder = film.out if film.request.form == "folder" else film.work
    record = Record(made.first, made.stop, made.frames, {name: digest(data) for name, data in made.files.items()})
    try:
        for name, data in made.files.items():
            save_bytes(folder / name, data, film.work)
        save_record(film.work, record)
    except NoclipError:
        for name in made.files:
            (folder / name).unlink(missing_ok=True)
        raise
    return record


class _Report:
    """Frames done, frames a second, time left."""

    def __init__(self, progress: Progress, frames: int) -> None:
        self._progress, self.frames = progress, frames
        self._done, self._start = 0, time.perf_counter()

    def add(self, frames: int) -> None:
        self._done += frames
        rate = self._done / max(time.perf_counter() - self._start, 1e-6)
        left = (self.frames - self._done) / rate
        self._progress.count(self._done, self.frames, f"{rate:.1f} frames/s, {duration(left)} left")


def _pieces(film: _Film) -> list[Path]:
    """The pieces that the film's file is joined from, in order; none of a folder."""
    request = film.request
    if request.form == "folder":
        return []
    return [film.work / name for first, stop in frame_ranges(request) for name in files_of(request, first, stop)]


def _give(film: _Film, record: Record, pieces: Pieces) -> None:
    """Hand a finished range on to be joined."""
    for name in record.files:
        pieces.add(film.work / name)


def _join(film: _Film, pieces: Pieces) -> None:
    """Write what comes of the pieces and the sound, as they are made, into the work folder."""
    from ..video.encode import join

    request, joined = film.request, _joined(film)
    sound = None if request.silent else _sound(request, film.timeline, pieces)
    if request.form == "folder":
        if sound is not None:
            save_wav(joined, sound)
        return
    join(pieces, sound, request.deliver, film.recipe, request.scene.title, joined)


def _joined(film: _Film) -> Path:
    """Where the film's file, or the sound of its folder, waits until all is finished."""
    name = SOUND if film.request.form == "folder" else film.out.name
    return film.work / f"joined{Path(name).suffix.lower()}"


def _finish(film: _Film) -> None:
    """Put the film, or the folder's sidecars, where it belongs."""
    if film.request.form == "folder":
        _sidecars(film, [film.records[first] for first in sorted(film.records)])
    else:
        _move(film, film.out)


def _move(film: _Film, out: Path) -> None:
    """Give what was joined its own name."""
    with whole(out, film.work) as part:
        os.replace(_joined(film), part)


def _sound(request: FilmRequest, timeline: Timeline, pieces: Pieces) -> Sound:
    """The sound that comes with the pictures: made while it is written, so that none of it waits in memory."""
    from ..tape.audio import played, track_for
    from .soundtrack import film_sound

    recorded = _wanted(film_sound(request, timeline, Progress()), pieces)
    if request.clean:
        return Sound((block[:, None] for block in recorded), 1)
    tape = request.scene.tape
    channels = track_for(tape).channels
    both = (np.repeat(block[:, None], channels, axis=1) for block in recorded)
    return Sound(played(both, RATE_HZ, tape, request.scene.seed), channels)


def _wanted(blocks: Iterator[NDArray[np.float32]], pieces: Pieces) -> Iterator[NDArray[np.float32]]:
    """The blocks of a film's sound, until the film is given up."""
    for block in blocks:
        pieces.check()
        yield block


def _sidecars(film: _Film, records: Sequence[Record]) -> None:
    """Sound, shot and manifest beside the pictures."""
    from .sidecar import shot_table

    out, work = film.out, film.work
    if not film.request.silent:
        _move(film, out / SOUND)
    save_json(out / SHOT, shot_table(film.request, _states(film)), work)
    beside = {name: file_digest(out / name) for name in ((SHOT,) if film.request.silent else (SHOT, SOUND))}
    files = {name: known for record in records for name, known in record.files.items()}
    frames = {str(record.first + k): h for record in records for k, h in enumerate(record.frames)}
    manifest = {"identity": identity(film.recipe), "recipe": film.recipe, "frames": frames, "files": files | beside}
    save_json(out / MANIFEST, manifest, work)


def _states(film: _Film) -> Iterator[SegmentState]:
    """Every segment's state, in order.

    Raises NoclipError where one was damaged since it was written.
    """
    for first, _ in segments(film.request):
        path = _state_of(film.work, first)
        state = load_noun(path, SegmentState)
        if state is None:
            raise NoclipError(f"{path}: damaged while the film was made")
        yield state
