"""The timeline of a film: the route, what the operator does on it, and what every lamp does meanwhile."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..camera.attention import Attention
from ..camera.blank import blankness
from ..camera.choose import Wish
from ..camera.exposure import LUMINANCE
from ..camera.notice import Surroundings, about, worth_passing
from ..camera.operator import Performance, perform
from ..camera.operator_body import length_needed
from ..camera.path import Around, Ground, Route, around, follow, grounds, wander
from ..camera.shot import FIELD_S, Pose, Shot
from ..camera.track import Track
from ..camera.turns import wrapped
from ..camera.white import followed, near_tubes, seen_white
from ..colour import lamp_radiance
from ..light.flicker import flicker
from ..places.verbs import floorplan
from ..plan.floorplan import CHUNK_M, LampState
from ..viewpoint import display_place, pose_for, wish_of
from .request import FilmRequest, check_zoom, longest_lens
from .track_timeline import track_performance

AHEAD_FIELDS = 30
"""Fields that are planned beyond the end: as far as the widest step that is interpolated over."""
WHITE_FIELDS = 30
"""Every so many fields one looks what light there is."""
BLANK_FIELDS = 15
"""And what the focus finds to go by."""


@dataclass(frozen=True)
class Timeline:
    """What happens in a film.

    performance: one entry a field, from the shot's start on. lamp_white (N, 3): the colour of the light in each field,
    which the camera's white follows; it begins at that of the building's lamps. blank (N,): how little the focus finds
    to go by, 0..1. display: the corner of date and time.
    notes: what was not as asked.
    """

    performance: Performance
    lamp_white: NDArray[np.float64]
    blank: NDArray[np.float64]
    display: str
    notes: tuple[str, ...]


def plan_timeline(request: FilmRequest) -> Timeline:
    """Plan the route, from where a still would be taken, and walk it.

    Raises NoclipError when there is nowhere to walk.
    """
    if request.track is not None:
        return _of_track(request, request.track)
    scene, seed = request.scene, request.scene.seed
    wish = wish_of(scene.view)
    at = wish.at if request.start is None else request.start
    chosen, _ = pose_for(scene, Wish(at, wish.yaw))
    origin = (chosen.origin[0] + 1, chosen.origin[1] + 1)
    start = (chosen.position[0] - CHUNK_M, chosen.position[1] - CHUNK_M)
    fields = 2 * request.stop + AHEAD_FIELDS
    here = grounds(scene, seed, origin, furnished=True)
    look = about(scene, origin, here) if _reacts(request) else None
    route = _route(request, origin, start, chosen.yaw, fields, here, look)
    notes = [] if at is None else _moved(route, at)
    where = around(scene, seed, route)
    camera, yaw = scene.camera, _first_yaw(route, chosen.yaw)
    attention = None if look is None else _attention(request, look)
    body = perform(route, request.script, fields, seed, camera.shake, yaw, where, attention, camera.nerves)
    white = _white(request, body, chosen.origin)
    blank = _blank(where, body)
    return Timeline(body, white, blank, display_place(scene, pose_at(body, 0)), (*notes, *route.notes))


def _of_track(request: FilmRequest, track: Track) -> Timeline:
    """The timeline of a camera of one's own."""
    scene = request.scene
    body = track_performance(request, track, 2 * request.stop + AHEAD_FIELDS)
    where = around(scene, scene.seed, Route(body.origin, body.position[:, :2], closed=False))
    white = _white(request, body, (body.origin[0] - 1, body.origin[1] - 1))
    return Timeline(body, white, _blank(where, body), display_place(scene, pose_at(body, 0)), ())


def _reacts(request: FilmRequest) -> bool:
    """Whether the operator notices things: on a path of the user only where the shot says so, never in old films."""
    chosen = not request.script.path and request.goal is None
    react = chosen if request.script.react is None else request.script.react
    return react and request.scene.camera.nerves is None


def _attention(request: FilmRequest, look: Callable[[NDArray[np.float64]], Surroundings]) -> Attention:
    """What the operator notices, with as long a lens as there is where the shot does not say how long it is."""
    scene = request.scene
    longest = 1.0 if request.script.zoom else longest_lens(scene.camera.fov_deg)
    fov = float(np.radians(scene.camera.fov_deg))
    return Attention(look, request.script, scene.seed, fov, longest, scene.camera.lamp)


def walk_shot(request: FilmRequest) -> Shot:
    """Plan the poses of a walk, field by field, for other tools to film: exposure 1, no gain, white as it is, sharp.

    Raises NoclipError when there is nowhere to walk, or the lens is too short for the shot.
    """
    check_zoom(request)
    n, timeline = 2 * request.stop, plan_timeline(request)
    flat = np.ones(n)
    state = {"exposure": flat, "gain_db": 0 * flat, "white": np.ones((n, 3)), "focus": 0 * flat, "lamp": 0 * flat}
    return shot_of(timeline, slice(n), float(np.radians(request.scene.camera.fov_deg)), **state)


def shot_of(timeline: Timeline, fields: slice, fov: float, **state: NDArray[np.float64]) -> Shot:
    """The shot of some fields: how the operator holds the camera, its widest field of view, its ``state``."""
    body = timeline.performance
    poses = {name: getattr(body, name)[fields] for name in ("position", "yaw", "pitch", "roll")}
    return Shot(body.origin, **poses, fov=fov_of(body, fov, fields), **state)


def fov_of(body: Performance, fov: float, fields: slice | NDArray[np.int64]) -> NDArray[np.float64]:
    """Give the field of view (N,) in some fields, radians, of a lens of ``fov`` at its widest."""
    return np.asarray(2 * np.arctan(np.tan(fov / 2) / body.zoom[fields]))


def pose_at(body: Performance, field: int) -> Pose:
    """The camera's pose in the middle of a field."""
    x, y, z = (float(c) for c in body.position[field])
    return Pose(body.origin, (x, y, z), float(body.yaw[field]), float(body.pitch[field]), float(body.roll[field]))


def _white(request: FilmRequest, body: Performance, first: tuple[int, int]) -> NDArray[np.float64]:
    """The colour (N, 3) of the light in each field. first: the lowest chunk whose lamps count as the building's."""
    scene, (i, j) = request.scene, first
    begins = floorplan(scene, scene.seed, (i, j, i + 3, j + 3))
    lit = begins.lamp_kelvin[begins.lamp_state == LampState.ON]
    tubes = lamp_radiance(followed(lit)).mean(axis=0) if len(lit) else np.ones(3)
    count, at = len(body.yaw), body.position[0, :2] + _shift(body, first)
    tubes = near_tubes(begins, at, float(body.yaw[0]), tubes)
    if not scene.camera.lamp:
        return np.broadcast_to(tubes, (count, 3)).copy()
    low, high = (np.floor(end / CHUNK_M).astype(int) for end in (body.position.min(axis=0), body.position.max(axis=0)))
    corner = (body.origin[0] + int(low[0]) - 1, body.origin[1] + int(low[1]) - 1)
    plan = floorplan(scene, scene.seed, (*corner, body.origin[0] + int(high[0]) + 2, body.origin[1] + int(high[1]) + 2))
    some = _sampled(count, WHITE_FIELDS)
    seen = seen_white(plan, body.position[some, :2] + _shift(body, corner), body.yaw[some], tubes, scene.camera)
    seen[0] = tubes / float(tubes @ LUMINANCE)
    return np.stack([np.interp(np.arange(count), some, column) for column in seen.T], axis=1)


def _blank(where: Around, body: Performance) -> NDArray[np.float64]:
    """How little (N,) the focus finds to go by in each field, 0..1."""
    at = _sampled(len(body.yaw), BLANK_FIELDS)
    blank = blankness(where.lines, body.position[at, :2] + where.shift, body.yaw[at])
    return np.interp(np.arange(len(body.yaw)), at, blank)


def _sampled(count: int, every: int) -> NDArray[np.int64]:
    """The fields that are looked at: every so many, and the last."""
    return np.append(np.arange(0, count, every), count - 1)


def _shift(body: Performance, chunk: tuple[int, int]) -> list[float]:
    """What takes the performance's places to a chunk's, metres."""
    return [(body.origin[k] - chunk[k]) * CHUNK_M for k in (0, 1)]


def _route(
    request: FilmRequest, origin: tuple[int, int], start: tuple[float, float], yaw: float, fields: int,
    here: Callable[[int, int], Ground], look: Callable[[NDArray[np.float64]], Surroundings] | None,
) -> Route:  # fmt: skip
    """The way of a film, by things worth a look where the operator has eyes for them."""
    scene = request.scene
    points = request.script.path if request.goal is None else (*request.script.path, request.goal)
    if points:
        local = [(x - origin[0] * CHUNK_M, y - origin[1] * CHUNK_M) for x, y in points]
        return follow(scene, scene.seed, origin, start, local, furnished=True)
    length = length_needed(request.script, fields)
    curious = None if look is None else lambda place: worth_passing(look(place))
    lamp = scene.camera.lamp
    return wander(scene, scene.seed, origin, start, yaw, length, True, lamp, here, curious)


def _moved(route: Route, at: tuple[float, float]) -> list[str]:
    """A note where a film begins elsewhere than was asked."""
    begins = route.xy[0] + np.array(route.origin) * CHUNK_M
    moved = float(np.hypot(*(begins - at)))
    return [f"--from is inside something; moved {moved:.2f} m to the nearest free place"] if moved > 0.005 else []


def _first_yaw(route: Route, yaw: float) -> float:
    """Where the camera points at first: as chosen, but little off from where the feet will go."""
    ahead = route.xy[min(30, len(route.xy) - 1)] - route.xy[0]
    way = math.atan2(ahead[1], ahead[0]) if np.hypot(*ahead) > 0.05 else yaw
    off = wrapped(yaw - way)
    return way + max(-0.6, min(0.6, off))


def lamp_states(ident: NDArray[np.uint64], seed: int, fields: range, safe: bool) -> NDArray[np.float32]:
    """Mean output (N, F) of failing lamps in every one of some fields."""
    if not len(ident) or not len(fields):
        return np.zeros((len(fields), len(ident)), np.float32)
    start = np.arange(fields.start, fields.stop) * FIELD_S
    return flicker(ident, seed, start, start + FIELD_S, safe).astype(np.float32)
