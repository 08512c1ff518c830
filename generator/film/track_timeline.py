"""The timeline of a film whose camera was moved elsewhere: no operator, but for hands where they are asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..camera.hands import Gait, held
from ..camera.operator import Performance
from ..camera.track import Track, field_times, moments
from ..plan.floorplan import CHUNK_M
from ..video.fields import pixel_aspect
from .request import FilmRequest

NO_STEPS = np.zeros(0)


def picture_aspect(size: tuple[int, int]) -> float:
    """Width over height of a film's picture, as it is shown."""
    return size[0] * float(pixel_aspect(size)) / size[1]


def track_performance(request: FilmRequest, track: Track, fields: int) -> Performance:
    """What a track's camera does over some fields: silent, without steps or breath."""
    render, wide = request.scene.render, np.radians(request.scene.camera.fov_deg)
    size = render.width_px, render.height_px
    where = moments(track, field_times(0, fields), picture_aspect(size))
    chunk = np.floor(where.position[0, :2] / CHUNK_M)
    origin, still = (int(chunk[0]), int(chunk[1])), np.zeros(fields)
    performance = Performance(
        origin=origin,
        position=where.position - [*(CHUNK_M * chunk), 0.0],
        yaw=where.yaw,
        pitch=where.pitch,
        roll=where.roll,
        step_time_s=NO_STEPS,
        step_strength=NO_STEPS,
        breath=still,
        motion=still,
        zoom=np.tan(wide / 2) / np.tan(where.fov / 2),
        reactions=(),
    )
    return _with_hands(performance, request) if request.hands else performance


def _with_hands(performance: Performance, request: FilmRequest) -> Performance:
    """The camera held in an operator's hands, who stands: as ``camera.shake`` has them."""
    p, fields = performance, len(performance.yaw)
    still: NDArray[np.float64] = np.zeros(fields)
    gait = Gait(still, still, still, NO_STEPS, NO_STEPS)
    hands = held(gait, still, np.ones(fields), still, request.scene.seed, request.scene.camera.shake)
    return replace(
        p,
        position=p.position + hands.offset(p.yaw),
        yaw=p.yaw + hands.yaw,
        pitch=p.pitch + hands.pitch,
        roll=p.roll + hands.roll,
    )
