"""The bake against an independent path tracer (Mitsuba 3)."""

import numpy as np
import pytest
from reference.lookup import block_errors, lightmap_picture
from reference.mitsuba_scene import reference_picture, reference_scene, start_mitsuba
from rooms import ALBEDO, box_room

from generator.camera.shot import Lens, Pose
from generator.light.bake import bake
from generator.scene.light import LightSettings

pytestmark = pytest.mark.slow
SIZE = (160, 120)
PARTS = 4


@pytest.mark.parametrize("position, yaw", [((5.5, 7.5, 1.6), 4.1), ((1.0, 1.0, 1.6), 1.05)])
def test_a_room_matches_a_path_tracer(position, yaw):
    mitsuba = start_mitsuba()
    level = box_room((6, 8, 2.74), [(3, 0, 3.12, 4)], [(1.5, 2, 0), (4.5, 6, 1)])
    pose, lens = Pose((0, 0), position, yaw), Lens(np.radians(75))
    scene = reference_scene(mitsuba, level, ALBEDO)
    parts = [reference_picture(mitsuba, scene, pose, lens, SIZE, 128, seed) for seed in range(PARTS)]
    theirs = np.mean(parts, axis=0)
    ours, left_out = lightmap_picture(level, bake(level, LightSettings(), ALBEDO), ALBEDO, pose, lens, SIZE, 4)
    error = block_errors(ours, theirs, left_out)
    noise = 0.5 * block_errors(np.mean(parts[:2], axis=0), np.mean(parts[2:], axis=0), left_out)
    seen = ~left_out
    print(f"mean {error.mean():.4f}, 99 % {np.percentile(error, 99):.4f}; reference's own {noise.mean():.4f}")
    assert noise.mean() < 0.03 / 3
    assert error.mean() < 0.03
    assert np.percentile(error, 99) < 0.12
    assert abs(ours[seen].sum() / theirs[seen].sum() - 1) < 0.015
