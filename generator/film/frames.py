"""A frame of a film: two fields rendered, shot and recorded; a pure function of the leg and the frame's number."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from ..camera.exposure import State, state_of
from ..camera.shoot import shoot
from ..camera.shot import Lens, Pose
from ..camera.shutter import panned
from ..render import Renderer
from ..render.lamp import camera_lamp
from ..tape import record
from ..tape.deck import to_codes
from .leg import Leg, lamp_output
from .order import FilmOrder

LOWER, UPPER = 1, 0
"""Fields as the renderer counts them; the lower is first in time."""


def make_frame(
    order: FilmOrder, leg: Leg, renderer: Renderer, frame: int, spent: dict[str, float]
) -> NDArray[np.uint8]:
    """The woven frame (H, W, 3) of two fields, as seen from tape, or ``clean``; adds processor seconds to ``spent``."""
    scene = order.scene
    clock = [time.process_time()]
    lower = _field(order, leg, renderer, 2 * frame, LOWER)
    upper = _field(order, leg, renderer, 2 * frame + 1, UPPER)
    clock.append(time.process_time())
    states = (_state(leg, 2 * frame), _state(leg, 2 * frame + 1))
    video = shoot((lower, upper), scene.camera, states, scene.seed, frame, display=not order.clean)
    clock.append(time.process_time())
    picture = to_codes(video) if order.clean else record(video, scene.tape, scene.seed, frame)
    clock.append(time.process_time())
    for stage, seconds in zip(("render", "camera", "tape"), np.diff(clock), strict=True):
        spent[stage] = spent.get(stage, 0.0) + float(seconds)
    return picture


def pose_of(leg: Leg, field: int) -> Pose:
    """The camera's pose in one field of the film."""
    shot, k = leg.take.shot, field - leg.take.field
    x, y, z = (float(c) for c in shot.position[k])
    return Pose(shot.origin, (x, y, z), float(shot.yaw[k]), float(shot.pitch[k]), float(shot.roll[k]))


def _state(leg: Leg, field: int) -> State:
    return state_of(leg.take.shot, field - leg.take.field)


def _field(order: FilmOrder, leg: Leg, renderer: Renderer, field: int, parity: int) -> NDArray[np.float32]:
    """Radiance (H / 2, W, 3) of one field, smeared by the turn of the camera while the shutter was open."""
    k, shot = field - leg.take.field, leg.take.shot
    lens = Lens(float(shot.fov[k]))
    size = order.scene.render.width_px, order.scene.render.height_px
    output, own = lamp_output(leg, field), camera_lamp(order.scene.camera, float(shot.lamp[k]))
    radiance = renderer.radiance(pose_of(leg, field), lens, size, lamp_output=output, camera_lamp=own, field=parity)
    a, b = max(k - 1, 0), min(k + 1, len(shot.yaw) - 1)
    turn = [(angle[b] - angle[a]) / max(b - a, 1) for angle in (shot.yaw, shot.pitch)]
    return panned(radiance, turn[0] * np.cos(shot.pitch[k]), turn[1], float(shot.roll[k]), lens.fov, 0.5)
