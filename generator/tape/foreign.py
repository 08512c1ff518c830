"""Any footage through the tape: a picture, a folder of pictures, or a video with its sound."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..camera.automatics import focus_plan, iris_steps, wanted_per_field, white_plan
from ..camera.display import stamp
from ..camera.exposure import State, white_factors
from ..camera.profile import camera_for
from ..camera.shoot import shoot
from ..camera.shot import FIELD_S
from ..errors import NoclipError
from ..scene.camera import CameraSettings
from ..scene.tape import TapeSettings
from ..video.pictures import PICTURES, WRITABLE_PICTURES, read_picture, whole_file, write_picture
from ..video.sound import Spool
from ..video.source import VideoSource
from ..video.target import WRITABLE_VIDEOS, VideoTarget
from .audio import played
from .deck import record

MIN_SIDE, MAX_SIDE = 16, 8192
SCREEN = 4 / 3
Fit = Literal["stretch", "letterbox", "crop"]
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Treatment:
    """What footage goes through.

    camera: None for none. display: date and time burnt in, camera or not. texts: what the display says, and where.
    """

    tape: TapeSettings
    camera: CameraSettings | None = None
    display: bool = False
    fit: Fit = "stretch"
    seed: int = 0
    texts: CameraSettings = field(default_factory=CameraSettings)


def tape_file(source: Path, target: Path, treatment: Treatment, progress: Progress | None = None) -> list[Path]:
    """Put a picture, a folder of pictures or a video through the tape; returns the files written.

    Pictures keep their size and become PNG, JPEG, ... as ``target`` says; a folder becomes a folder of PNG, one frame
    after another; a video becomes a 29.97 Hz video of the same size and length, its sound off the tape's audio track.
    progress: called with frames done and frames in all, None where unknown.
    Raises NoclipError for what cannot be read or written; nothing half-written stays.
    """
    _check_places(source, target)
    told = progress or (lambda done, total: None)
    if source.is_dir():
        return _folder(source, target, treatment, told)
    if source.suffix.lower() in PICTURES:
        return _picture(source, target, treatment, told)
    return _video(source, target, treatment, told)


def _check_places(source: Path, target: Path) -> None:
    if not source.exists():
        raise NoclipError(f"{source}: no such file or folder")
    if source.is_file() and source.stat().st_size == 0:
        raise NoclipError(f"{source}: empty")
    if target.exists() and source.samefile(target):
        raise NoclipError(f"{target}: IN and OUT are the same; give OUT another name")
    if not target.absolute().parent.is_dir():
        raise NoclipError(f"{target.absolute().parent}: no such folder")


def _picture(source: Path, target: Path, treatment: Treatment, told: Progress) -> list[Path]:
    if target.suffix.lower() not in WRITABLE_PICTURES:
        raise NoclipError(f"{target}: a picture's OUT ends in one of {' '.join(WRITABLE_PICTURES)}")
    told(0, 1)
    picture = _sized(read_picture(source), source)
    write_picture(target, through(picture, picture, 0, treatment))
    told(1, 1)
    return [target]


def _folder(source: Path, target: Path, treatment: Treatment, told: Progress) -> list[Path]:
    """Every picture of a folder as one frame, in order of name."""
    files = sorted(p for p in source.iterdir() if p.suffix.lower() in PICTURES)
    if not files:
        raise NoclipError(f"{source}: a folder without pictures ({' '.join(PICTURES)})")
    if target.suffix.lower() in (*WRITABLE_VIDEOS, *WRITABLE_PICTURES) or target.is_file():
        raise NoclipError(f"{target}: a folder's OUT is a folder")
    names = [p.stem for p in files]
    if len(set(names)) < len(names):
        raise NoclipError(f"{source}: two pictures share the name {next(n for n in names if names.count(n) > 1)}")
    target.mkdir(exist_ok=True)
    written = []
    for n, path in enumerate(files):
        told(n, len(files))
        picture = _sized(read_picture(path), path)
        written.append(target / f"{path.stem}.png")
        write_picture(written[-1], through(picture, picture, n, treatment))
    told(len(files), len(files))
    return written


def _video(source: Path, target: Path, treatment: Treatment, told: Progress) -> list[Path]:
    video = VideoSource(source)
    if target.suffix.lower() not in WRITABLE_VIDEOS:
        raise NoclipError(f"{target}: a video's OUT ends in one of {' '.join(WRITABLE_VIDEOS)}")
    total = max(1, math.ceil(video.seconds / (2 * FIELD_S) - 0.25)) if video.seconds else None
    heard = played(video.sound(), 48000, treatment.tape, treatment.seed) if video.has_sound else None
    sound = Spool(heard) if heard is not None else None
    out = None
    with whole_file(target) as temporary:
        try:
            watched = watch(treatment)
            next(watched)
            for n, (first, second) in enumerate(field_pairs(video.frames())):
                told(n, total)
                pair = _as_video(first, source), _as_video(second, source)
                states = watched.send(pair)
                codes = through(*pair, n, treatment, video.pixel_aspect, states)
                if out is None:
                    height, width = codes.shape[:2]
                    out = VideoTarget(temporary, width, height, video.pixel_aspect, sound)
                out.write(codes)
        finally:
            video.close()
            if out is not None:
                out.close()
    told(total or 0, total)
    return [target]


def field_pairs(frames: Iterator[tuple[float, NDArray]]) -> Iterator[tuple[NDArray, NDArray]]:
    """For every taped frame the pictures that its two fields see: field k takes the frame shown at its time.

    frames: seconds and picture, in order. The last picture lasts as long as the one before it did. A quarter of a
    field is allowed for rounded times, so 23.976 gives 2:3, 59.94 two different fields.
    """
    shown: list[NDArray] = []
    count, lasts = 0, FIELD_S
    before: tuple[float, NDArray] | None = None
    for at, picture in frames:
        if before is not None:
            lasts = max(at - before[0], 0.0)
            while (count + 0.25) * FIELD_S < at:
                shown.append(before[1])
                count += 1
                if len(shown) == 2:
                    yield shown[0], shown[1]
                    shown = []
        before = (at, picture)
    if before is None:
        return
    while (count + 0.25) * FIELD_S < before[0] + lasts or shown or count == 0:
        shown.append(before[1])
        count += 1
        if len(shown) == 2:
            yield shown[0], shown[1]
            shown = []


def _as_video(codes: NDArray[np.uint8], source: Path) -> NDArray[np.float32]:
    return _sized(codes.astype(np.float32) / 255.0, source)


def _sized(picture: NDArray[np.float32], path: Path) -> NDArray[np.float32]:
    height, width = picture.shape[:2]
    if min(height, width) < MIN_SIDE or max(height, width) > MAX_SIDE:
        raise NoclipError(f"{path}: {width}x{height} pixels; sides of {MIN_SIDE} to {MAX_SIDE} can be taped")
    return picture


def settled(camera: CameraSettings) -> State:
    """The camera before footage that is exposed already: its gain 1, its white error kept."""
    own = camera_for(camera)
    r, g, b = (float(w) for w in white_factors((1.0, 1.0, 1.0), own.white_error, own.white_green))
    return State(2.0**camera.exposure_ev, 0.0, (r, g, b))


def watch(treatment: Treatment) -> Generator[tuple[State, State] | None, tuple[NDArray, NDArray], None]:
    """The camera's automatics on footage whose end is not known: send a frame's two pictures, get its two states.

    Iris, white and focus stay put but for what the camera's settings ask of them.
    """
    camera = treatment.camera
    pair = yield None
    if camera is None:
        while True:
            pair = yield None
    iris = iris_steps(FIELD_S, camera)
    next(iris)
    still, ahead, count = settled(camera), 0, 0
    white, focus = np.zeros((0, 3)), np.zeros(0)
    while True:
        if count + 2 > ahead:
            ahead = max(3600, 2 * ahead)
            white = white_plan(ahead, FIELD_S, camera, seed=treatment.seed)
            focus = focus_plan(ahead, FIELD_S, camera, treatment.seed)
        states = []
        for picture in pair:
            state = replace(still, focus=float(focus[count]))
            if camera.white_drift:
                r, g, b = (float(w) for w in white[count])
                state = replace(state, white=(r, g, b))
            if camera.foreign_iris:
                exposure, gain_db = iris.send(wanted_per_field(_linear(picture[::8, ::8]), camera))
                state = replace(state, exposure=exposure, gain_db=gain_db)
            states.append(state)
            count += 1
        pair = yield states[0], states[1]


def through(
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    index: int,
    treatment: Treatment,
    pixel_aspect: float = 1.0,
    states: tuple[State, State] | None = None,
) -> NDArray[np.uint8]:
    """One frame: its fields' pictures, (H, W, 3) R'G'B' each, fitted to the screen, filmed if asked for, and taped.

    letterbox: all of the picture between bars on the tape, shown without them. crop: what a 4:3 screen holds of it,
    black beside. stretch: the picture's width is the line's, whatever its shape. states: the camera's, else settled.
    """
    height, width = first.shape[:2]
    still = first is second
    screen = [_on_screen(p, treatment.fit, pixel_aspect) for p in ((first,) if still else (first, second))]
    video = _filmed(screen[0], screen[-1], index, treatment, states)
    codes = record(video, treatment.tape, treatment.seed, index)
    return _off_screen(codes, height, width, treatment.fit)


def _filmed(first, second, index: int, treatment: Treatment, states) -> NDArray[np.float32]:
    """The video of two fields' pictures: woven, or what a camera makes of them."""
    camera = treatment.camera
    if camera is None:
        video = first.copy()
        video[0::2] = second[0::2]
        if treatment.display:
            stamp(video, treatment.texts.model_copy(update={"osd": True}), index)
        return video
    still = second is first
    light = _linear(first) if still else (_two_rows(_linear(first), 1), _two_rows(_linear(second), 0))
    asked = camera.model_copy(update={"osd": treatment.display})
    return shoot(light, asked, states or settled(camera), treatment.seed, index)


def _linear(video: NDArray[np.float32]) -> NDArray[np.float32]:
    """BT.709 video back to linear light. Source: ITU-R BT.709-6, item 1.2, inverted."""
    power = ((np.maximum(video, 0.081) + 0.099) / 1.099) ** (1 / 0.45)
    return np.where(video < 0.081, video / 4.5, power).astype(np.float32)


def _two_rows(light: NDArray[np.float32], parity: int) -> NDArray[np.float32]:
    """One field of a picture's light with its two-row footprint."""
    rows = np.pad(light, ((1, 1), (0, 0), (0, 0)), mode="edge")
    whole = 0.5 * rows[1:-1] + 0.25 * (rows[:-2] + rows[2:])
    return np.ascontiguousarray(whole[parity::2])


def _on_screen(picture, fit: Fit, pixel_aspect: float) -> NDArray[np.float32]:
    """The picture on a 4:3 screen of its own pixels."""
    height, width = picture.shape[:2]
    shape = width * pixel_aspect / height
    if fit == "stretch" or abs(shape / SCREEN - 1) < 0.01:
        return picture
    if (fit == "letterbox") == (shape > SCREEN):
        return _placed(picture, round(height * shape / SCREEN), width)
    return _placed(picture, height, round(width * SCREEN / shape))


def _off_screen(codes, height: int, width: int, fit: Fit) -> NDArray[np.uint8]:
    """A taped screen at the size that the picture came in."""
    return codes if codes.shape[:2] == (height, width) else _placed(codes, height, width)


def _placed(picture, rows: int, columns: int):
    """The picture's middle on black of another size; rows move by an even number, which keeps the fields."""
    height, width = picture.shape[:2]
    out = np.zeros((rows, columns, 3), picture.dtype)
    down, across = (rows - height) // 2 // 2 * 2, (columns - width) // 2
    top, left = max(down, 0), max(across, 0)
    tall, wide = min(height, rows), min(width, columns)
    from_top, from_left = max(-down, 0), max(-across, 0)
    out[top : top + tall, left : left + wide] = picture[from_top : from_top + tall, from_left : from_left + wide]
    return out
