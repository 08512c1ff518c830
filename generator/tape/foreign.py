"""What footage goes through: fitted to the screen, filmed again if asked for, and taped."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..camera.automatics import focus_plan, iris_steps, white_plan
from ..camera.display import stamp
from ..camera.exposure import State, wanted_exposure, white_factors
from ..camera.profile import camera_for
from ..camera.shoot import shoot
from ..camera.shot import FIELD_S
from ..camera.temper import even_temper
from ..scene.camera import CameraSettings
from ..scene.tape import TapeSettings
from ..video.source import FieldOrder
from .deck import record

SCREEN = 4 / 3
Fit = Literal["stretch", "letterbox", "crop"]


@dataclass(frozen=True)
class Treatment:
    """What footage goes through.

    camera: None for none. display: date and time burnt in, camera or not. texts: what the display says, and where.
    fields: which field of a frame comes first in time, where the file need not be asked. hold_max_s: how long the
    first and the last picture may be held for the sound's sake, None for as long as there is sound.
    """

    tape: TapeSettings
    camera: CameraSettings | None = None
    display: bool = False
    fit: Fit = "stretch"
    seed: int = 0
    texts: CameraSettings = field(default_factory=CameraSettings)
    fields: FieldOrder = "auto"
    hold_max_s: float | None = None


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
                exposure, gain_db = iris.send(wanted_exposure(_linear(picture[::8, ::8]), even_temper(camera)))
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
            stamp(video, treatment.texts.model_copy(update={"osd": True}), treatment.seed, index)
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
