"""Where films go: they begin where stills stand, in the light or, with a lamp in hand, in the dark."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from generator.camera.automatics import white_plan
from generator.camera.script import Script
from generator.camera.shot import FIELD_S
from generator.film import FilmRequest
from generator.film.timeline import Timeline, plan_timeline
from generator.places.verbs import floorplan
from generator.plan.floorplan import CHUNK_M, LampState
from generator.scene import load_scene
from generator.scene.camera import CameraSettings
from generator.viewpoint import pose_for, world_of


def timeline(scene, seconds: float, **asked) -> Timeline:
    """The plot of a walk."""
    return plan_timeline(FilmRequest(scene, Script(), 0, round(seconds * 30), **asked))


def lit_share(scene, made: Timeline) -> float:
    """Share of a walk that lies within 4 m of a lamp that burns."""
    xy = made.performance.position[::10, :2] + np.array(made.performance.origin) * CHUNK_M
    low, high = np.floor(xy.min(axis=0) / CHUNK_M).astype(int) - 1, np.floor(xy.max(axis=0) / CHUNK_M).astype(int) + 2
    plan = floorplan(scene, scene.seed, (*low, *high))
    on = plan.lamp_xy[plan.lamp_state == LampState.ON] + low * CHUNK_M
    return float((cKDTree(on).query(xy)[0] < 4.0).mean())


def test_films_of_a_blackout_show_mostly_the_dark_and_others_the_light():
    shares = {}
    for name in ("blackout", "halls"):
        scenes = [load_scene(name, [f"seed={seed}"]) for seed in range(12)]
        shares[name] = np.mean([lit_share(scene, timeline(scene, 20.0)) for scene in scenes])
    assert shares["blackout"] < 0.35
    assert shares["halls"] > 0.9


@pytest.mark.parametrize("seed", range(3))
def test_a_film_begins_where_a_still_would_be_taken(seed):
    scene = load_scene("level0", [f"seed={seed}"])
    begins = timeline(scene, 1.0).performance.position[0, :2]
    still = world_of(pose_for(scene)[0])
    assert np.hypot(*(begins - still)) < 0.05


def test_a_start_inside_something_is_moved_with_a_note():
    scene = load_scene("level0", ["seed=0"])
    wall = floorplan(scene, 0, (0, 0, 1, 1)).wall_xy[0]
    start = (float(wall[::2].mean()), float(wall[1::2].mean()))
    made = timeline(scene, 1.0, start=start)
    assert len(made.notes) == 1
    assert "moved" in made.notes[0]
    assert 0.2 < np.hypot(*(made.performance.position[0, :2] - start)) < 3.0


def test_in_a_blackout_the_white_balance_goes_from_the_buildings_lamps_to_the_cameras_own():
    made = timeline(load_scene("blackout", ["seed=0"]), 12.0)
    warmth = made.lamp_white[:, 0] / made.lamp_white[:, 2]
    assert warmth[60:].max() > 1.4 * warmth[0]
    white = white_plan(
        720,
        FIELD_S,
        CameraSettings(white_error=0.0, white_green=0.0),
        np.repeat([made.lamp_white[0], made.lamp_white[warmth.argmax()]], [1, 719], axis=0),
    )
    seen = white[:, 2] / white[:, 0]
    reached = np.argmax(seen > seen[0] + 0.9 * (seen[-1] - seen[0])) * FIELD_S
    assert 4.0 < reached < 10.0


def test_a_light_on_the_camera_makes_no_odds_where_there_is_none_and_films_keep_their_corner():
    made = timeline(load_scene("level0", ["seed=1"]), 1.0)
    assert (made.lamp_white == made.lamp_white[0]).all()
    assert made.display == timeline(load_scene("level0", ["seed=1"]), 4.0).display
