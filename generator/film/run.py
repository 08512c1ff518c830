"""What a worker does: make a leg ready, or make a contiguous run of frames from one."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from ..render import Renderer, open_renderer
from .leg import Leg, Take, dressing, prepare
from .order import FilmOrder, Kind
from .plot import Plot, plot
from .store import digest, load_noun, save_noun

PLOT = "plot.pickle"


@dataclass(frozen=True)
class Setting:
    """A leg to be made ready: frames ``first`` to ``stop`` of a film, drawn with ``renderer``, kept at ``leg``."""

    order: FilmOrder
    leg: Path
    first: int
    stop: int
    renderer: Kind


@dataclass(frozen=True)
class Task:
    """Frames ``first`` to ``stop`` of a film, from a leg; a worker that cannot read its file makes the leg itself."""

    setting: Setting
    first: int
    stop: int


@dataclass(frozen=True)
class Ready:
    """A leg made ready: its number of the first frame, its take, and processor seconds a stage."""

    first: int
    take: Take
    spent: dict[str, float]


@dataclass(frozen=True)
class Made:
    """A finished run: its files by name, a hash of each frame's pixels, and processor seconds a stage."""

    first: int
    stop: int
    files: dict[str, bytes]
    frames: tuple[str, ...]
    spent: dict[str, float]


class Desk:
    """What a worker keeps from one run to the next: the leg that is open, one alone so that memory has a bound."""

    def __init__(self) -> None:
        self._open: tuple[Setting, Take, Renderer] | None = None

    def opened(self, setting: Setting) -> tuple[Take, Renderer]:
        """A leg's take and its renderer; the one before is closed first."""
        if self._open is None or self._open[0] != setting:
            self.clear()
            self._open = setting, *_opened(setting)
        return self._open[1:]

    def clear(self) -> None:
        """Close the leg that is open."""
        if self._open is not None:
            self._open[2].__exit__(None, None, None)
        self._open = None


def make_ready(setting: Setting, desk: Desk) -> Ready:
    """Make a leg ready and keep it.

    Raises NoclipError when this worker cannot draw with the renderer that the film is made with.
    """
    started = time.process_time()
    desk.clear()
    leg = _prepared(setting)
    save_noun(setting.leg, leg)
    return Ready(setting.first, leg.take, {"ready": time.process_time() - started})


def make_run(task: Task, desk: Desk) -> Made:
    """Make the frames of a task.

    Raises NoclipError when this worker cannot draw with the renderer that the film is made with.
    """
    from .frames import make_frame

    started = time.process_time()
    take, renderer = desk.opened(task.setting)
    spent = {"open": time.process_time() - started}
    frames: list[NDArray[np.uint8]] = []
    for number in range(task.first, task.stop):
        frames.append(make_frame(task.setting.order, take, renderer, number, spent))
    files = _files(task, frames, spent)
    return Made(task.first, task.stop, files, tuple(digest(f.tobytes()) for f in frames), spent)


def _prepared(setting: Setting) -> Leg:
    return prepare(setting.order, _plot(setting), setting.first, setting.stop, setting.renderer)


def _plot(setting: Setting) -> Plot:
    """The film's plot: as it was kept, or where that cannot be read, anew."""
    path = setting.leg.with_name(PLOT)
    plotted: Plot = load_noun(path) if path.is_file() else plot(setting.order)
    return plotted


def _opened(setting: Setting) -> tuple[Take, Renderer]:
    leg = load_noun(setting.leg) if setting.leg.is_file() else _prepared(setting)
    made = dressing(setting.order, leg.level.materials)
    quality = setting.order.scene.render.quality
    renderer = open_renderer(setting.renderer, leg.level, leg.lightmap, leg.patina, made, quality)
    if renderer.kind != setting.renderer:
        raise NoclipError(f"a worker cannot draw with {setting.renderer}, which the film is made with")
    return leg.take, renderer


def _files(task: Task, frames: list[NDArray[np.uint8]], spent: dict[str, float]) -> dict[str, bytes]:
    """What a run leaves on disk: one piece of video, or pictures."""
    from ..video.encode import encode, pictures_of

    order, started = task.setting.order, time.process_time()
    deliver, render = order.deliver, order.scene.render
    if order.form == "folder":
        files = _pictures(task, frames)
    else:
        pictures = (picture for frame in frames for picture in pictures_of(frame, deliver))
        name = f"{task.first:08d}.piece.mp4"
        files = {name: encode(pictures, (render.width_px, render.height_px), deliver, render.quality)}
    spent["encode"] = time.process_time() - started
    return files


def _pictures(task: Task, frames: list[NDArray[np.uint8]]) -> dict[str, bytes]:
    """PNG files: one a woven frame, or one a bobbed field."""
    from ..video.deinterlace import bob_rgb

    files = {}
    for n, frame in enumerate(frames, start=task.first):
        if task.setting.order.deliver == "59.94p":
            for k, parity in enumerate((1, 0)):
                picture = np.empty_like(frame)
                bob_rgb(frame, parity, picture)
                files[f"field_{2 * n + k:06d}.png"] = _png(picture)
        else:
            files[f"frame_{n:06d}.png"] = _png(frame)
    return files


def _png(picture: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=3)
    return file.getvalue()
