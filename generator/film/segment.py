"""A segment of a film made ready: the level that its frames see, dressed and lit, and the camera's state by field."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import Shot
from ..geometry import Level
from ..light.lightmap import Lightmap
from ..plan.floorplan import LampState
from ..render import open_renderer
from ..surface import Patina
from ..visibility import dressing, film_detail, stepped, visible
from .metering import metered_fields, planned_shot
from .request import SEGMENT_FRAMES, FilmRequest, Kind
from .timeline import Timeline, lamp_states, pose_at


@dataclass(frozen=True)
class SegmentState:
    """A segment's shot and what its failing lamps do meanwhile.

    field: number of the first field of ``shot``. display: the corner of date and time. lamps: how many the level has.
    lamp (F,) int64: the failing ones among them; lamp_ident (F,) uint64; lamp_output (N, F): their mean output in every
    field of the shot.
    """

    field: int
    shot: Shot
    display: str
    lamps: int
    lamp: NDArray[np.int64]
    lamp_ident: NDArray[np.uint64]
    lamp_output: NDArray[np.float32]


@dataclass(frozen=True)
class Segment:
    """All that frames of one segment are made from, but for the materials; of the level, what the frames see."""

    level: Level
    lightmap: Lightmap
    patina: Patina
    state: SegmentState


def segments(request: FilmRequest) -> list[tuple[int, int]]:
    """The half-open ranges of frames that are prepared together."""
    numbers = range(request.first // SEGMENT_FRAMES, -(-request.stop // SEGMENT_FRAMES))
    return [(max(k * SEGMENT_FRAMES, request.first), min((k + 1) * SEGMENT_FRAMES, request.stop)) for k in numbers]


def prepare(request: FilmRequest, timeline: Timeline, first: int, stop: int, renderer: Kind) -> Segment:
    """Plan, build, dress and light what frames ``first`` to ``stop`` see, and plan the camera's state for each field.

    Fields before the first are looked at too, so that iris and gain have settled by then.
    """
    scene, seed = request.scene, request.scene.seed
    fields = metered_fields(first, stop)
    poses = stepped([pose_at(timeline.performance, n) for n in fields])
    parts = request.passes is not None and request.passes.parts
    level, light, unique = visible(scene, poses, film_detail(scene), parts=parts)
    failing = np.flatnonzero(level.lamps.state == LampState.FAILING)
    ident = level.lamps.ident[failing]
    output = lamp_states(ident, seed, fields, scene.film.flash_safe)
    lamps = len(level.lamps.state)
    with open_renderer(renderer, level, light, unique, dressing(scene, level.materials), "draft") as draft:
        shot = planned_shot(request, timeline, fields, draft, failing, output, lamps)
    state = SegmentState(fields.start, shot, timeline.display, lamps, failing, ident, output)
    return Segment(level, light, unique, state)


def lamp_output(state: SegmentState, field: int) -> NDArray[np.float32]:
    """Output (L,) of every lamp of a state's level in one field of the film."""
    output = np.ones(state.lamps, np.float32)
    output[state.lamp] = state.lamp_output[field - state.field]
    return output
