"""A frame of a film: two fields rendered, shot and recorded; a pure function of the state and the frame's number."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from ..camera.exposure import state_of
from ..camera.shoot import shoot
from ..camera.shot import Lens, Pose
from ..camera.shutter import smeared
from ..render import Renderer
from ..render.aov import nearness
from ..render.lamp import camera_lamp
from ..render.view import reprojection, view_of
from ..tape import record
from ..tape.deck import to_codes
from ..video.fields import pixel_aspect
from .request import FilmRequest
from .segment import SegmentState, lamp_output

LOWER, UPPER = 1, 0
"""Fields as the renderer counts them; the lower is first in time."""


def make_frame(
    request: FilmRequest, state: SegmentState, renderer: Renderer, frame: int, spent: dict[str, float]
) -> NDArray[np.uint8]:
    """The woven frame (H, W, 3) of two fields, as seen from tape, or ``clean``; adds processor seconds to ``spent``."""
    scene = request.scene
    clock = [time.process_time()]
    lower = _field(request, state, renderer, 2 * frame, LOWER)
    upper = _field(request, state, renderer, 2 * frame + 1, UPPER)
    clock.append(time.process_time())
    first = 2 * frame - state.field
    states = state_of(state.shot, first), state_of(state.shot, first + 1)
    camera = scene.camera.model_copy(update={"osd_place": state.display})
    video = shoot((lower, upper), camera, states, scene.seed, frame, display=not request.clean)
    clock.append(time.process_time())
    picture = to_codes(video) if request.clean else record(video, scene.tape, scene.seed, frame)
    clock.append(time.process_time())
    for stage, seconds in zip(("render", "camera", "tape"), np.diff(clock), strict=True):
        spent[stage] = spent.get(stage, 0.0) + float(seconds)
    return picture


def pose_of(state: SegmentState, field: float) -> Pose:
    """The camera's pose at a field of the film, or between two."""
    shot, at = state.shot, min(max(field - state.field, 0.0), len(state.shot.yaw) - 1.0)
    k = min(int(at), len(shot.yaw) - 2)
    near = slice(k, k + 2)
    columns = np.column_stack([shot.position[near], shot.yaw[near], shot.pitch[near], shot.roll[near]])
    x, y, z, yaw, pitch, roll = (float(value) for value in columns[0] + (at - k) * (columns[1] - columns[0]))
    return Pose(shot.origin, (x, y, z), yaw, pitch, roll)


def _field(
    request: FilmRequest, state: SegmentState, renderer: Renderer, field: int, parity: int
) -> NDArray[np.float32]:
    """Radiance (H / 2, W, 3) of one field, smeared by what moved while the shutter was open: all of the field."""
    shot = state.shot
    size = request.scene.render.width_px, request.scene.render.height_px
    lens = Lens(float(shot.fov[field - state.field]), float(pixel_aspect(size)))
    own = camera_lamp(request.scene.camera, float(shot.lamp[field - state.field]))
    before, now, after = (pose_of(state, field + shift) for shift in (-0.5, 0.0, 0.5))
    lamps = lamp_output(state, field)
    picture = renderer.draw(now, lens, size, lamp_output=lamps, camera_lamp=own, field=parity)
    ends = (view_of(renderer.drawable.origin, pose, lens, size, parity) for pose in (before, after))
    return smeared(picture.radiance, nearness(picture), np.stack([reprojection(picture.view, end) for end in ends]))
