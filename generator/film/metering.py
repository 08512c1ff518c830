"""Iris, white and focus, planned for every field from a small, cheap look along the path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..camera.automatics import focus_plan, iris_plan, restless, white_plan
from ..camera.exposure import wanted_exposure
from ..camera.shot import FIELD_S, Lens, Shot
from ..camera.temper import mishaps_allowed, temper_of
from ..render import Renderer
from ..render.lamp import camera_lamp
from ..scene.camera import CameraSettings
from .request import FilmRequest
from .timeline import Timeline, fov_of, pose_at, shot_of

EVERY_FIELDS = 12
"""The light is measured five times a second, lamps as they were since the last time, and taken to change evenly in
between: the iris takes four times as long to settle."""
METER_PX = (40, 30)
BLOCK_FIELDS = 600
WARM_FIELDS = 300
"""Iris and gain of a block of ten seconds follow from so many fields before it and no others: six times as long as the
iris takes to settle, so that blocks join unseen and any frame can be made alone."""


def metered_fields(first: int, stop: int) -> range:
    """The fields to plan so that those of frames ``first`` to ``stop`` are as in any longer film."""
    start = 2 * first // BLOCK_FIELDS * BLOCK_FIELDS - WARM_FIELDS
    return range(max(start, 0), -(-2 * stop // EVERY_FIELDS) * EVERY_FIELDS + 1)


def planned_shot(
    request: FilmRequest,
    timeline: Timeline,
    fields: range,
    renderer: Renderer,
    lamp: NDArray[np.int64],
    lamp_output: NDArray[np.float32],
    lamps: int,
) -> Shot:
    """The shot of ``metered_fields``.

    lamp (F,): the failing ones among ``lamps``; lamp_output (N, F): their output in each field.
    """
    scene = request.scene
    fov = float(np.radians(scene.camera.fov_deg))
    temper = temper_of(mishaps_allowed(scene.camera), scene.seed)
    at = np.arange(fields.start, fields.stop, EVERY_FIELDS)
    across, wanted = fov_of(timeline.performance, fov, at), np.empty(len(at))
    output = np.ones(lamps, np.float32)
    for k, n in enumerate(at):
        now = n - fields.start + 1
        output[lamp] = lamp_output[max(now - EVERY_FIELDS, 0) : now].mean(axis=0)
        pose, beside = pose_at(timeline.performance, int(n)), camera_lamp(scene.camera)
        picture = renderer.draw(pose, Lens(float(across[k])), METER_PX, lamp_output=output, camera_lamp=beside).radiance
        wanted[k] = np.log2(max(wanted_exposure(picture, temper), 1e-9))
    each = 2.0 ** np.interp(np.arange(fields.start, fields.stop), at, wanted)
    exposure, gain = _blockwise(each, fields, scene.camera)
    camera = restless(scene.camera)
    white = white_plan(fields.stop, FIELD_S, camera, timeline.lamp_white[: fields.stop], scene.seed)
    focus = focus_plan(fields.stop, FIELD_S, camera, scene.seed, timeline.blank[: fields.stop])
    span, own = slice(fields.start, fields.stop), np.full(len(fields), float(scene.camera.lamp))
    state = {"exposure": exposure, "gain_db": gain, "white": white[span], "focus": focus[span], "lamp": own}
    return shot_of(timeline, span, fov, **state)


def _blockwise(
    wanted: NDArray[np.float64], fields: range, settings: CameraSettings
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Exposure and gain (N,) of fields from what the views ask for (N,), block by block."""
    exposure, gain = np.empty((2, len(wanted)))
    for block in range(fields.start // BLOCK_FIELDS, -(-fields.stop // BLOCK_FIELDS)):
        first = max(block * BLOCK_FIELDS, fields.start)
        stop = min((block + 1) * BLOCK_FIELDS, fields.stop)
        warm = max(block * BLOCK_FIELDS - WARM_FIELDS, fields.start) - fields.start
        a, b = first - fields.start, stop - fields.start
        planned = iris_plan(wanted[warm:b], FIELD_S, settings)
        exposure[a:b], gain[a:b] = (column[a - warm :] for column in planned)
    return exposure, gain
