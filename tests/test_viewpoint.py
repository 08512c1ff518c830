"""Where date and time stand in a picture: in the corner where they hide less, whatever else of the world is known."""

from __future__ import annotations

import numpy as np

from generator.camera.composition import low_sides, worth_of
from generator.camera.shot import Pose
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import floorplan, landmarks
from generator.plan.floorplan import CHUNK_M
from generator.viewpoint import display_place


def test_the_display_stands_where_it_hides_less_of_three_chunks_each_way():
    seed = 5
    scene = Level0Scene(seed=seed)
    plan = floorplan(scene, seed, (-1, -1, 2, 2))
    things = landmarks(plan, scene, seed)
    worth, fov = worth_of(things, seed), float(np.radians(scene.camera.fov_deg))
    rng, sides = np.random.default_rng(seed), set()
    to_border = np.abs((things.at[:, :2] + 0.5 * CHUNK_M) % CHUNK_M - 0.5 * CHUNK_M).min(axis=1)
    inside = np.abs(things.at[:, :2] - 1.5 * CHUNK_M).max(axis=1) < 0.8 * CHUNK_M
    about = np.repeat(things.at[inside & (to_border < 6.0)], 30, axis=0)
    from_it = rng.uniform([[-3.1], [3.0], [-0.5]], [[3.1], [8.0], [0.5]], (3, len(about)))
    for (x, y, _), way, away, turn in zip(about, *from_it, strict=True):
        at, yaw = (x - away * np.cos(way), y - away * np.sin(way)), way + turn
        left, right = low_sides(plan, things, worth, at, yaw, fov)
        shown = display_place(scene, Pose((-1, -1), (*at, 1.6), yaw, 0.0, 0.0))
        assert shown == ("right" if left > right else "left")
        sides.add(shown)
    assert sides == {"left", "right"}
