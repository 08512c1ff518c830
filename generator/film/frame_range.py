"""What a worker does: make a segment ready, or make a contiguous range of frames from one."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from ..files import digest
from ..render import Renderer, open_renderer
from ..visibility import dressing
from .noun_file import load_noun, save_noun
from .request import FilmRequest, Kind, files_of, recipe_of
from .segment import Segment, SegmentState, prepare
from .timeline import Timeline, plan_timeline

if TYPE_CHECKING:
    from ..passes.make import PassTables

TIMELINE = "timeline.arrays"


@dataclass(frozen=True)
class Setting:
    """A segment to make ready: frames ``first`` to ``stop`` of a film, drawn with ``renderer``, kept at ``segment``."""

    request: FilmRequest
    segment: Path
    first: int
    stop: int
    renderer: Kind


@dataclass(frozen=True)
class Task:
    """Frames ``first`` to ``stop`` of a film, from a segment; a worker that cannot read its file makes it itself."""

    setting: Setting
    first: int
    stop: int


@dataclass(frozen=True)
class Ready:
    """A segment made ready: its number of the first frame, its state, and processor seconds a stage."""

    first: int
    state: SegmentState
    spent: dict[str, float]


@dataclass(frozen=True)
class Made:
    """A finished range: its files by name, a hash of each frame's pixels, processor seconds a stage, and the bytes that
    pixels of passes take before they are compressed."""

    first: int
    stop: int
    files: dict[str, bytes]
    frames: tuple[str, ...]
    spent: dict[str, float]
    pass_bytes: int = 0


class WorkerCache:
    """What a worker keeps between ranges: the segment that is open, one alone so that memory has a bound."""

    def __init__(self) -> None:
        self._open: tuple[Setting, SegmentState, Renderer, PassTables | None] | None = None

    def opened(self, setting: Setting) -> tuple[SegmentState, Renderer, PassTables | None]:
        """A segment's state, its renderer, and what its passes are made from; the one before is closed first."""
        if self._open is None or self._open[0] != setting:
            self.clear()
            self._open = setting, *_opened(setting)
        return self._open[1:]

    def clear(self) -> None:
        """Close the segment that is open."""
        if self._open is not None:
            self._open[2].__exit__(None, None, None)
        self._open = None


def make_ready(setting: Setting, cache: WorkerCache) -> Ready:
    """Make a segment ready and keep it.

    Raises NoclipError when this worker cannot draw with the renderer that the film is made with.
    """
    started = time.process_time()
    cache.clear()
    segment = _prepared(setting)
    save_noun(setting.segment, segment)
    return Ready(setting.first, segment.state, {"ready": time.process_time() - started})


def make_range(task: Task, cache: WorkerCache) -> Made:
    """Make the frames of a task.

    Raises NoclipError when this worker cannot draw with the renderer that the film is made with.
    """
    from .frames import make_frame

    started, request = time.process_time(), task.setting.request
    state, renderer, ready = cache.opened(task.setting)
    spent = {"open": time.process_time() - started}
    frames: list[NDArray[np.uint8]] = []
    passes: list[bytes] = []
    size, recipe = 0, recipe_of(request, task.setting.renderer)
    for number in range(task.first, task.stop):
        frames.append(make_frame(request, state, renderer, number, spent))
        if ready is not None:
            from .pass_files import make_passes

            made, own = make_passes(request, state, renderer, ready, number, recipe, spent)
            passes, size = passes + made, size + own
    files = _files(task, frames, passes, spent)
    return Made(task.first, task.stop, files, tuple(digest(f.tobytes()) for f in frames), spent, size)


def _prepared(setting: Setting) -> Segment:
    """A segment from the film's timeline: as it was kept, or where that cannot be read, anew."""
    timeline = load_noun(setting.segment.with_name(TIMELINE), Timeline) or plan_timeline(setting.request)
    return prepare(setting.request, timeline, setting.first, setting.stop, setting.renderer)


def _opened(setting: Setting) -> tuple[SegmentState, Renderer, PassTables | None]:
    segment = load_noun(setting.segment, Segment) or _prepared(setting)
    scene, wanted = setting.request.scene, setting.request.passes
    made = dressing(scene, segment.level.materials, relief=wanted is not None and "normal" in wanted.names)
    quality = scene.render.quality
    renderer = open_renderer(setting.renderer, segment.level, segment.lightmap, segment.patina, made, quality)
    if renderer.kind != setting.renderer:
        raise NoclipError(f"a worker cannot draw with {setting.renderer}, which the film is made with")
    if wanted is None:
        return segment.state, renderer, None
    from ..passes.shoot import ready_passes

    return segment.state, renderer, ready_passes(scene, wanted, segment.level, renderer.drawable)


def _files(
    task: Task, frames: list[NDArray[np.uint8]], passes: list[bytes], spent: dict[str, float]
) -> dict[str, bytes]:
    """What a range leaves on disk: one piece of video, or pictures and their passes."""
    from ..video.encode import encode, pictures_of
    from ..video.fields import bobbed

    request, started = task.setting.request, time.process_time()
    deliver, render = request.deliver, request.scene.render
    if request.form == "folder":
        bob = deliver == "59.94p"
        pictures = ([bobbed(frame, parity) for parity in (1, 0)] if bob else [frame] for frame in frames)
        made = [_png(picture) for both in pictures for picture in both]
    else:
        planes = (picture for frame in frames for picture in pictures_of(frame, deliver))
        made = [encode(planes, (render.width_px, render.height_px), deliver, render.quality, request.codec)]
    spent["encode"] = time.process_time() - started
    return dict(zip(files_of(request, task.first, task.stop), [*made, *passes], strict=True))


def _png(picture: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=3)
    return file.getvalue()
