"""The passes of a film: one OpenEXR file of full height a frame, or a field."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import numpy as np

from ..camera.shot import FIELD_S, Lens
from ..passes.exr import PassImage, exr_bytes
from ..passes.make import PassTables
from ..passes.shoot import pass_image
from ..render import Renderer
from ..render.lamp import camera_lamp
from ..render.view import View, view_of
from ..video.fields import pixel_aspect
from .frames import pose_of
from .request import FilmRequest, pass_fields
from .segment import SegmentState, lamp_output

RATES = {"frames": Fraction(30000, 1001), "fields": Fraction(60000, 1001)}
"""Pictures a second, by ``passes_rate``."""


def make_passes(
    request: FilmRequest,
    state: SegmentState,
    renderer: Renderer,
    ready: PassTables,
    frame: int,
    recipe: dict[str, Any],
    spent: dict[str, float],
) -> tuple[list[bytes], int]:
    """The files of a frame, and how many bytes their pixels take before they are compressed; adds processor seconds to
    ``spent``."""
    files, size = [], 0
    for field in pass_fields(request, frame):
        clock = [time.process_time()]
        passes = passes_at(request, state, renderer, ready, field, recipe)
        clock.append(time.process_time())
        files.append(exr_bytes(passes))
        clock.append(time.process_time())
        size += passes.size_bytes
        for stage, seconds in zip(("passes", "write"), np.diff(clock), strict=True):
            spent[stage] = spent.get(stage, 0.0) + float(seconds)
    return files, size


def passes_at(
    request: FilmRequest,
    state: SegmentState,
    renderer: Renderer,
    ready: PassTables,
    field: int,
    recipe: dict[str, Any],
) -> PassImage:
    """The passes of one motionless, progressive picture at the time of a field, with motion to the fields beside."""
    shot, scene = state.shot, request.scene
    size = scene.render.width_px, scene.render.height_px
    aspect, pose = float(pixel_aspect(size)), pose_of(state, field)

    def lens(at: int) -> Lens:
        return Lens(float(shot.fov[min(max(at - state.field, 0), len(shot.fov) - 1)]), aspect)

    def beside(at: int) -> View:
        return view_of(renderer.drawable.origin, pose_of(state, at), lens(at), size)

    own = camera_lamp(scene.camera, float(shot.lamp[field - state.field]))
    lit, shaded = lamp_output(state, field), ready.terms is None
    picture = renderer.draw(pose, lens(field), size, lamp_output=lit, camera_lamp=own, shaded=shaded)
    film = RATES[request.passes_rate], field * FIELD_S
    around = beside(field + 1), beside(field - 1)
    return pass_image(scene, picture, ready, pose, aspect, own, around, film, recipe | {"field": field})
