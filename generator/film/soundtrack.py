"""What the microphone hears along a timeline: which lamps are near, how many walls stand between, what they do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..places.verbs import floorplan, place_of
from ..plan.floorplan import CHUNK_M, Floorplan, LampState
from ..plan.near import nearest_m
from ..plan.sight import Outlines, cast, outlines
from ..progress import Progress
from ..sound import RATE_HZ, Heard, soundtrack
from ..sound.hall import hall_of
from ..surface.palette import Role, Wear
from ..surface.underfoot import wetness
from .request import FilmRequest
from .timeline import Timeline, lamp_states

WALLS_EVERY = 12
"""Fields between counts of the walls in between; they are taken to change evenly. A timeline goes on as far."""
MOST_WALLS = 3
THROUGH_M = 0.2
"""What lies behind a wall begins so far beyond its face."""
BLOCK_FIELDS = 1800
"""Sound is made in blocks of half a minute of the film's clock, so that memory has a bound."""
LEAD_FIELDS = 540
"""What sounds before a block counts in it: nine seconds, for the level control's memory and the longest tail."""


def film_sound(request: FilmRequest, timeline: Timeline, progress: Progress) -> Iterator[NDArray[np.float32]]:
    """What is recorded with frames ``first`` to ``stop``, at 48 kHz, before the tape, in blocks (samples,)."""
    first, stop = 2 * request.first, 2 * request.stop
    for block in range(first // BLOCK_FIELDS, -(-stop // BLOCK_FIELDS)):
        start, end = max(block * BLOCK_FIELDS, first), min((block + 1) * BLOCK_FIELDS, stop)
        fields = range(max(start - LEAD_FIELDS, 0), end)
        heard = heard_along(request, timeline, fields)
        sound = soundtrack(heard, request.scene.sound, request.scene.seed, place_of(request.scene).sounds)
        yield sound[round(start * FIELD_S * RATE_HZ) - heard.start :]
        progress.share((end - first) / (stop - first))


def heard_along(request: FilmRequest, timeline: Timeline, fields: range) -> Heard:
    """What there is to hear from the first to the last border of some fields."""
    p = timeline.performance
    borders = np.arange(fields.start, fields.stop + 1)
    ear = p.position[borders, :2]
    plan, shift = _about(request, p.origin, ear)
    near = np.flatnonzero(plan.lamp_state != LampState.DEAD)
    reach = request.scene.sound.reach_m
    near = near[nearest_m(ear + shift, plan.lamp_xy[near]) < reach]
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
        lamp_walls=_walls(plan, fields, p.position[:, :2] + shift, plan.lamp_xy[near], reach),
        lamp_output=output,
        step_time_s=when - fields.start * FIELD_S,
        step_strength=strength,
        breath=p.breath[borders],
        motion=p.motion[borders],
        lamp_loudness=loudness[plan.lamp_kind[near]],
        zoom=p.zoom[borders],
        hall=hall_of(plan, place_of(request.scene).sounds),
        ear=at,
        step_wet=_wet(request, plan, p.position[:, :2] + shift, when),
    )


def _about(
    request: FilmRequest, origin: tuple[int, int], ear: NDArray[np.float64]
) -> tuple[Floorplan, NDArray[np.float64]]:
    """The plan about some places, and what takes the places' coordinates to its own."""
    reach = max(request.scene.sound.reach_m, place_of(request.scene).sounds.reach_m)
    low = np.floor((ear.min(axis=0) - reach) / CHUNK_M).astype(int)
    high = np.floor((ear.max(axis=0) + reach) / CHUNK_M).astype(int) + 1
    chunks = (origin[0] + int(low[0]), origin[1] + int(low[1]), origin[0] + int(high[0]), origin[1] + int(high[1]))
    return floorplan(request.scene, request.scene.seed, chunks), -low * CHUNK_M


def _wet(
    request: FilmRequest, plan: Floorplan, ear: NDArray[np.float64], when: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """How wet it is under each step (S,) at times of the film, of an operator at places (F, 2) of the plan; None where
    the floor is no bare slab. Only steps on the plan count."""
    kit = place_of(request.scene).kit
    if not any(surface.role == Role.FLOOR and surface.wear == Wear.SLAB for surface in kit.surfaces.values()):
        return None
    at = ear[np.clip(np.round(when / FIELD_S).astype(int), 0, len(ear) - 1)]
    inside = ((at > 0.0) & (at < plan.size_m)).all(axis=1)
    out = np.zeros(len(at))
    out[inside] = wetness(plan, kit.ageing(request.scene), request.scene.seed, at[inside])
    return out


def _walls(
    plan: Floorplan, fields: range, ear: NDArray[np.float64], lamps: NDArray[np.float64], reach: float
) -> NDArray[np.float64]:
    """(N + 1, L) walls between the ear at each border of some fields and each lamp, up to MOST_WALLS.

    ear (F, 2): its places over the whole film. They are counted at every WALLS_EVERY-th field of the film.
    """
    first, last = fields.start // WALLS_EVERY, -(-fields.stop // WALLS_EVERY)
    some = np.minimum(np.arange(first, last + 1) * WALLS_EVERY, len(ear) - 1)
    lines, count = outlines(plan), np.zeros((len(some), len(lamps)))
    for row, place in zip(count, ear[some], strict=True):
        near = np.flatnonzero(np.hypot(*(lamps - place).T) < reach)
        row[near] = walls_between(lines, place, lamps[near])
    borders = np.arange(fields.start, fields.stop + 1)
    return (
        np.stack([np.interp(borders, some, column) for column in count.T], axis=1)
        if len(lamps)
        else np.zeros((len(borders), 0))
    )


def walls_between(lines: Outlines, place: NDArray[np.float64], lamps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Count the walls between a place and each lamp (L,), up to MOST_WALLS, by rays that go on behind each wall."""
    to = lamps - place
    far, turns = np.hypot(*to.T), np.arctan2(to[:, 1], to[:, 0])
    counts, at = np.zeros(len(lamps)), cast(lines, place, turns)[0]
    for k in np.flatnonzero(at < far):
        while at[k] < far[k] and counts[k] < MOST_WALLS:
            counts[k] += 1.0
            at[k] += THROUGH_M
            if counts[k] < MOST_WALLS and at[k] < far[k]:
                at[k] += cast(lines, place + at[k] * to[k] / far[k], turns[k : k + 1])[0, 0]
    return counts
