"""What the microphone hears along a timeline: which lamps are near, how many walls stand between, what they do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..places.verbs import floorplan, place_of
from ..plan.floorplan import CHUNK_M, Floorplan, LampState
from ..plan.sight import cast, outlines
from ..progress import Progress
from ..sound import Heard, soundtrack
from .request import FilmRequest
from .timeline import Timeline, lamp_states

WALLS_EVERY = 15
"""Fields between counts of the walls in between; they are taken to change evenly."""
MOST_WALLS = 3
THROUGH_M = 0.2
"""What lies behind a wall begins so far beyond its face."""
BLOCK_FIELDS = 3600
"""Sound is made in blocks of a minute, so that memory has a bound."""


def film_sound(request: FilmRequest, timeline: Timeline, progress: Progress) -> Iterator[NDArray[np.float32]]:
    """What is recorded with frames ``first`` to ``stop``, at 48 kHz, before the tape, in blocks (samples,)."""
    first, stop = 2 * request.first, 2 * request.stop
    for start in range(first, stop, BLOCK_FIELDS):
        fields = range(start, min(start + BLOCK_FIELDS, stop))
        heard = heard_along(request, timeline, fields)
        yield soundtrack(heard, request.scene.sound, request.scene.seed, place_of(request.scene).sounds)
        progress.share((fields.stop - first) / (stop - first))


def heard_along(request: FilmRequest, timeline: Timeline, fields: range) -> Heard:
    """What there is to hear from the first to the last border of some fields."""
    p = timeline.performance
    borders = np.arange(fields.start, fields.stop + 1)
    ear = p.position[borders, :2]
    plan, shift = _about(request, p.origin, ear)
    near = np.flatnonzero(plan.lamp_state != LampState.DEAD)
    reach = request.scene.sound.reach_m
    close = _nearest(plan.lamp_xy[near], ear + shift) < reach
    near = near[close]
    xyz = np.column_stack([plan.lamp_xy[near], plan.lamp_z[near]])
    at = np.column_stack([ear + shift, p.position[borders, 2]])
    distance = np.sqrt(((at[:, None] - xyz[None]) ** 2).sum(axis=2))
    output = np.ones(distance.shape)
    failing = np.flatnonzero(plan.lamp_state[near] == LampState.FAILING)
    if len(failing):
        ident, safe = plan.lamp_id[near[failing]], request.scene.film.flash_safe
        about = range(int(borders[0]) - 1, int(borders[-1]) + 1)  # the fields on both sides of every border
        states = lamp_states(ident, request.scene.seed, about, safe)
        output[:, failing] = 0.5 * (states[:-1] + states[1:])
    loudness = np.array([lamp.hum for lamp in place_of(request.scene).kit.luminaires])
    when, strength = p.step_time_s, p.step_strength
    return Heard(
        first_field=fields.start,
        lamp_ident=plan.lamp_id[near],
        lamp_distance=distance,
        lamp_walls=_walls(plan, ear + shift, plan.lamp_xy[near], distance, reach),
        lamp_output=output,
        step_time_s=when - fields.start * FIELD_S,
        step_strength=strength,
        breath=p.breath[borders],
        motion=p.motion[borders],
        lamp_loudness=loudness[plan.lamp_kind[near]],
    )


def _about(
    request: FilmRequest, origin: tuple[int, int], ear: NDArray[np.float64]
) -> tuple[Floorplan, NDArray[np.float64]]:
    """The plan about some places, and what takes the places' coordinates to its own."""
    reach = request.scene.sound.reach_m
    low = np.floor((ear.min(axis=0) - reach) / CHUNK_M).astype(int)
    high = np.floor((ear.max(axis=0) + reach) / CHUNK_M).astype(int) + 1
    chunks = (origin[0] + int(low[0]), origin[1] + int(low[1]), origin[0] + int(high[0]), origin[1] + int(high[1]))
    return floorplan(request.scene, request.scene.seed, chunks), -low * CHUNK_M


def _nearest(lamps: NDArray[np.float64], ear: NDArray[np.float64]) -> NDArray[np.float64]:
    """(L,) how near any of some places comes to each lamp."""
    from scipy.spatial import cKDTree

    return cKDTree(ear).query(lamps)[0] if len(lamps) else np.zeros(0)


def _walls(
    plan: Floorplan, ear: NDArray[np.float64], lamps: NDArray[np.float64], distance: NDArray[np.float64], reach: float
) -> NDArray[np.float64]:
    """(N, L) walls between each place and each lamp in reach, up to MOST_WALLS, by rays that go on behind each wall."""
    lines = outlines(plan)
    some = np.unique(np.append(np.arange(0, len(ear), WALLS_EVERY), len(ear) - 1))
    count = np.zeros((len(some), len(lamps)))
    for row, n in enumerate(some):
        for k in np.flatnonzero(distance[n] < reach):
            to = lamps[k] - ear[n]
            far, turn, at = float(np.hypot(*to)), float(np.arctan2(to[1], to[0])), 0.0
            while count[row, k] < MOST_WALLS:
                free = float(cast(lines, ear[n] + at * to / max(far, 1e-9), [turn])[0, 0])
                if at + free >= far:
                    break
                count[row, k] += 1.0
                at += free + THROUGH_M
                if at >= far:
                    break
    walls = [np.interp(np.arange(len(ear)), some, column) for column in count.T]
    return np.column_stack(walls) if walls else np.zeros((len(ear), 0))
