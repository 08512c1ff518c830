"""A scene of one kind of district is shown by what that kind is about, wherever it lies."""

from __future__ import annotations

import numpy as np
import pytest

from generator.places.level0.plan.grammars.known import value_of
from generator.places.verbs import floorplan
from generator.plan.floorplan import CELL_M, CHUNK_M, SolidKind
from generator.plan.sight import cast, outlines, solid_rings
from generator.scene import load_scene
from generator.viewpoint import pose_for, world_of

TURNS = np.radians(np.linspace(-31.0, 31.0, 63))
SEEDS = (1, 2)


def seen_from(kind: str, seed: int):
    """The plan about a scene's pose, the place (2,) that it stands at, and how far one sees across the picture."""
    scene = load_scene("level0", [f"seed={seed}", f"plan.grammar={kind}"])
    pose, _ = pose_for(scene)
    i, j = (int(c // CHUNK_M) for c in world_of(pose))
    plan = floorplan(scene, seed, (i - 2, j - 2, i + 3, j + 3))
    at = np.array(world_of(pose)) - np.array([i - 2, j - 2]) * CHUNK_M
    return plan, at, pose.yaw + TURNS, cast(outlines(plan), at, pose.yaw + TURNS)[0]


def stands_in(plan, at, kind: str) -> bool:
    x, y = (at // CELL_M).astype(int)
    return bool(plan.district_maps["grammar"][y, x] == np.float32(value_of(kind)))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_void_is_shown_empty(seed):
    plan, at, _, away = seen_from("void", seed)
    assert stands_in(plan, at, "void")
    assert np.median(away) > 18.0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_spine_is_shown_along_its_corridor(seed):
    assert seen_from("spine", seed)[3][21:42].max() > 45.0


@pytest.mark.parametrize("seed", SEEDS)
def test_rings_are_shown_by_a_wall_that_bends(seed):
    plan, at, turns, away = seen_from("rings", seed)
    ends = at + away[:, None] * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    bends = []
    for ring in np.array(solid_rings(plan), dtype=object)[plan.solid_kind == SolidKind.CURVED_WALL]:
        p, q = ring.astype(float), np.roll(ring.astype(float), -1, axis=0)
        t = np.clip(((ends[:, None] - p) * (q - p)).sum(axis=2) / ((q - p) ** 2).sum(axis=1), 0.0, 1.0)
        near = np.linalg.norm(p + t[..., None] * (q - p) - ends[:, None], axis=2)
        side = near.argmin(axis=1)[near.min(axis=1) < 1e-6]
        if len(side) > 10:
            along = (q - p)[side]
            bends.append(np.degrees(np.ptp(np.unwrap(np.arctan2(along[:, 1], along[:, 0])))))
    assert max(bends) > 20.0


@pytest.mark.parametrize("kind", ["turned", "cores"])
def test_one_stands_among_what_the_kind_is_named_for(kind):
    plan, at, _, _ = seen_from(kind, 1)
    assert stands_in(plan, at, kind)
