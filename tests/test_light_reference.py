"""The bake against an independent path tracer, Mitsuba 3, which must be installed (extra ``reference``)."""

from __future__ import annotations

import pytest

from generator.camera.shot import Pose
from generator.export import build_region, export_level, region_of
from generator.light.bake import bake
from generator.scene import Scene
from tests.reference.lookup import lightmap_picture
from tests.reference.mitsuba_scene import file_scene, start_mitsuba
from tests.reference.mitsuba_views import (
    LENS,
    SIZE,
    SPP,
    VIEWS,
    Agreement,
    agreement,
    mean_albedo,
    ours,
    parts,
    room,
    theirs,
)

pytestmark = pytest.mark.slow
MEAN, WORST, TOTAL = 0.03, 0.12, 0.015
CORNER = (4.0, 6.0)
POSE = Pose((0, 0), (10.0, 11.0, 1.6), 1.57)
RADIANCE = (6.53, 4.59, 2.20)
"""Of every lens: 3300 cd/m² at 4000 K over 683 lm/W, a little green, in linear Rec.709."""


@pytest.fixture(scope="module")
def mitsuba():
    return start_mitsuba()


def expect_agreement(found: Agreement) -> None:
    print(found)
    assert found.noise[0] < MEAN / 3
    assert found.noise[1] < WORST / 3
    assert found.noise[2] < TOTAL / 3
    assert found.mean < MEAN
    assert found.worst < WORST
    assert abs(found.total) < TOTAL


@pytest.mark.parametrize("name, seed", VIEWS)
def test_a_furnished_room_matches_a_path_tracer(mitsuba, name, seed):
    seen = room(name, seed)
    mine, left_out = ours(seen)
    expect_agreement(agreement(mine, theirs(mitsuba, seen, SPP), left_out))


def test_an_exported_file_lit_by_lamps_typed_in_by_hand_matches_the_bake(mitsuba, tmp_path):
    seed, region = 1, region_of(*CORNER, 16.0, 16.0)
    base = Scene()
    plan = base.plan.model_copy(update={"blackout": 0.0, "lamps_dead": 0.0, "lamps_failing": 0.0})
    scene = base.model_copy(update={"plan": plan})
    level = build_region(scene, seed, region)
    path = tmp_path / "room.glb"
    export_level(level, scene, seed, path, texture_px=64, region=region)
    albedo = mean_albedo(level, scene, seed)
    mine, left_out = lightmap_picture(level, bake(level, scene.light, albedo), albedo, POSE, LENS, SIZE, 4)
    named = dict(zip(level.materials, albedo, strict=True))
    read = file_scene(mitsuba, path, CORNER, named, RADIANCE, POSE.position[:2])
    expect_agreement(agreement(mine, parts(mitsuba, read, POSE, LENS, SPP), left_out))
