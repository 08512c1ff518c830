"""What a worker does: a contiguous run of frames, from the leg that was made ready for it."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from ..progress import Progress
from ..render import Renderer, open_renderer
from .leg import Leg, prepare
from .order import FilmOrder, Kind
from .plot import plot
from .store import digest, load_noun


@dataclass(frozen=True)
class Task:
    """Frames ``first`` to ``stop`` of a film; renderer: the one to draw with.

    leg: where the leg is kept that they are made from, and leg_frames its half-open range, for a worker that cannot
    read that file and makes the leg ready itself.
    """

    order: FilmOrder
    leg: Path
    leg_frames: tuple[int, int]
    first: int
    stop: int
    renderer: Kind


@dataclass(frozen=True)
class Made:
    """A finished run: its files by name, a hash of each frame's pixels, and processor seconds a stage."""

    first: int
    stop: int
    files: dict[str, bytes]
    frames: tuple[str, ...]
    spent: dict[str, float]


def make_run(task: Task) -> Made:
    """Make the frames of a task.

    Raises NoclipError when this worker cannot draw with the renderer that the film is made with.
    """
    from .frames import make_frame

    started = time.process_time()
    leg, renderer = _ready(task.order, task.leg, task.leg_frames, task.renderer)
    spent = {"open": time.process_time() - started}
    frames: list[NDArray[np.uint8]] = []
    for n in range(task.first, task.stop):
        frames.append(make_frame(task.order, leg, renderer, n, spent))
    files = _files(task, frames, spent)
    return Made(task.first, task.stop, files, tuple(digest(f.tobytes()) for f in frames), spent)


@lru_cache(maxsize=1)
def _ready(order: FilmOrder, path: Path, frames: tuple[int, int], kind: Kind) -> tuple[Leg, Renderer]:
    """A leg and its renderer, kept for the next run of the same leg."""
    leg = load_noun(path) if path.is_file() else prepare(order, plot(order), *frames, kind, Progress())
    quality = order.scene.render.quality
    renderer = open_renderer(kind, leg.level, leg.lightmap, leg.patina, leg.materials, quality)
    if renderer.kind != kind:
        raise NoclipError(f"a worker cannot draw with {kind}, which the film is made with")
    return leg, renderer


def _files(task: Task, frames: list[NDArray[np.uint8]], spent: dict[str, float]) -> dict[str, bytes]:
    """What a run leaves on disk: one piece of video, or pictures."""
    from .encode import encode, pictures_of

    order, started = task.order, time.process_time()
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
    from .bob import bob_rgb

    files = {}
    for n, frame in enumerate(frames, start=task.first):
        if task.order.deliver == "59.94p":
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
