"""Planned walks of films, measured without a frame: what comes near, what is looked at, how fast anything turns."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from generator.camera.notice import about, things_seen
from generator.camera.operator import Performance
from generator.camera.path import STEP_M, Route, grounds
from generator.camera.script import script_of
from generator.camera.shot import FIELD_S
from generator.film import FilmRequest
from generator.film.timeline import Timeline, plan_timeline
from generator.geometry.level import placed
from generator.places.verbs import build, floorplan
from generator.plan.floorplan import CHUNK_M
from generator.plan.walk import HEAD_M
from generator.scene import Scene, load_scene

NEAR_M, LONG_S, EVERY = 6.0, 1.0, 6
"""Near enough, and for long enough in view, to be looked at; looked up every so many fields."""
AIMED = float(np.radians(13.0))
"""What is looked at lies so near to the picture's middle, or nearer."""
FASTEST, HARDEST = 300.0, 2500.0
"""Degrees a second and a second squared. Vigorous turns of the head reach 780°/s; Grossman et al., "Frequency and
velocity of rotational head perturbations during locomotion", Experimental Brain Research 70, 1988."""
ROUNDED = 0.03
"""Metres by which hands sway off the body's place."""


def film_of(name: str, seed: int, seconds: float) -> Timeline:
    """The plan of a film of a preset, with the scene's own beats."""
    scene = load_scene(name, [f"seed={seed}"])
    script = script_of(scene.film, scene.seed)
    return plan_timeline(FilmRequest(scene, script, 0, round(seconds * 30000 / 1001)))


def things_met(scene: Scene, p: Performance) -> dict[int, tuple[float, float]]:
    """What comes within 6 m, in light and in view, for over a second: place by key."""
    here = grounds(scene, scene.seed, p.origin, furnished=True)
    look, fov = about(scene, p.origin, here), float(np.radians(scene.camera.fov_deg))
    times: dict[int, int] = {}
    place: dict[int, tuple[float, float]] = {}
    for n in range(0, len(p.yaw), EVERY):
        here = p.position[n, :2]
        for sight in things_seen(look(here), here, float(p.yaw[n]), fov):
            if np.hypot(sight.at[0] - here[0], sight.at[1] - here[1]) < NEAR_M:
                times[sight.key] = times.get(sight.key, 0) + 1
                place[sight.key] = sight.at[:2]
    return {key: at for key, at in place.items() if times[key] * EVERY * FIELD_S > LONG_S}


def looked_at(p: Performance, at: tuple[float, float]) -> float:
    """Longest time, seconds, for which the camera stays on a place (2,)."""
    to = np.array(at) - p.position[:, :2]
    off = np.abs((np.arctan2(to[:, 1], to[:, 0]) - p.yaw + np.pi) % (2 * np.pi) - np.pi)
    runs = np.diff(np.flatnonzero(np.concatenate([[True], off > AIMED, [True]])))
    return float(runs.max() - 1) * FIELD_S


def speeds(p: Performance) -> list[tuple[float, float]]:
    """Greatest angular speed, degrees a second, and acceleration of yaw, pitch and roll."""
    out = []
    for angle in (p.yaw, p.pitch, p.roll):
        speed = np.degrees(np.diff(np.unwrap(angle))) / FIELD_S
        out.append((float(np.abs(speed).max()), float(np.abs(np.diff(speed)).max() / FIELD_S)))
    return out


def glided(p: Performance, fields: slice) -> float:
    """How far, metres, the operator gets in some fields."""
    xy: NDArray[np.float64] = p.position[fields, :2]
    return float(np.hypot(*(xy[-1] - xy[0]))) if len(xy) else 0.0


def nearest_thing(scene: Scene, seed: int, xy: NDArray[np.float64]) -> float:
    """How near places (N, 2) come in plan to anything on floor or walls, metres, that reaches below a walker's head."""
    low, high = np.floor(xy.min(axis=0) / CHUNK_M).astype(int) - 1, np.floor(xy.max(axis=0) / CHUNK_M).astype(int) + 2
    level = build(floorplan(scene, seed, (*low, *high)), scene, seed)
    each = zip(level.instances.mesh, level.instances.world_from_mesh, strict=True)
    parts = [placed(level.instance_meshes[k], place) for k, place in each]
    corners = np.concatenate([part.vertices[part.faces] for part in parts if part.vertices[:, 2].min() < HEAD_M])
    corners[..., :2] += low * CHUNK_M
    low = corners[corners[..., 2].min(axis=1) < HEAD_M, :, :2]
    edges = shapely.STRtree(shapely.linestrings(np.concatenate([low, low[:, :1]], axis=1)))
    return float(edges.query_nearest(shapely.points(xy), return_distance=True)[1].min())


def straight(length_m: float = 60.0) -> Route:
    """A route along +x."""
    x = np.arange(0.0, length_m, STEP_M)
    return Route((0, 0), np.stack([x, np.zeros_like(x)], axis=1), closed=False)
