"""Motion blur: a field is what a shutter sees that is open while the camera moves and turns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.camera.shot import FIELD_S, Lens, Pose
from generator.camera.shutter import smeared
from generator.render import gl_info, open_renderer
from generator.render.aov import nearness
from generator.render.view import reprojection, view_of
from tests.render_set import LAMPS, furnished_room, plain_light, plain_materials, plain_patina

SIZE, LENS = (320, 240), Lens(np.radians(62.0))
ALONG_A_WALL = Pose((0, 0), (4.5, 0.55, 1.6), 0.12)
RUN_M = 2.9 * FIELD_S
OFF = np.zeros(len(LAMPS))
"""Lenses are left dark, so that all surfaces count alike."""


@pytest.fixture(scope="module", params=["embree", "opengl"])
def renderer(request):
    if request.param == "opengl" and "none" in gl_info():
        pytest.skip("no OpenGL on this machine")
    level = furnished_room()
    with open_renderer(request.param, level, plain_light(level), plain_patina(level), plain_materials()) as opened:
        yield opened


def pose_during(share: float, forward: float, turn: float) -> Pose:
    """The pose at a share (-1/2..1/2) of the shutter of a camera that walks along x and turns."""
    x, y, z = ALONG_A_WALL.position
    return replace(ALONG_A_WALL, position=(x + share * forward, y, z), yaw=ALONG_A_WALL.yaw + share * turn)


def one_field(renderer, forward: float, turn: float) -> tuple[np.ndarray, np.ndarray]:
    """A field, smeared; and unsmeared."""
    picture = renderer.draw(ALONG_A_WALL, LENS, SIZE, field=1, lamp_output=OFF)
    ends = (view_of((0, 0), pose_during(s, forward, turn), LENS, SIZE, 1) for s in (-0.5, 0.5))
    ways = np.stack([reprojection(picture.view, end) for end in ends])
    return smeared(picture.radiance, nearness(picture), ways), picture.radiance


@pytest.mark.parametrize("forward, turn", [(RUN_M, 0.0), (0.0, 0.03), (RUN_M, -0.02)])
def test_a_field_is_the_mean_of_the_instants_that_the_shutter_was_open(renderer, forward, turn):
    instants = [
        renderer.draw(pose_during(share, forward, turn), LENS, SIZE, field=1, lamp_output=OFF).radiance
        for share in (np.arange(32) + 0.5) / 32 - 0.5
    ]
    truth = np.mean(instants, axis=0)
    field, sharp = one_field(renderer, forward, turn)
    wall = np.s_[8:-8, 240:-4]
    wrong, unblurred = (np.sqrt(np.mean((picture - truth)[wall] ** 2)) for picture in (field, sharp))
    assert wrong < 0.45 * unblurred


def test_what_is_near_is_drawn_out_more_than_what_is_far(renderer):
    field, sharp = one_field(renderer, RUN_M, 0.0)
    changed = np.abs(field - sharp).sum(axis=2) / sharp.sum(axis=2).clip(1e-3)
    assert changed[:, -40:].mean() > 5 * changed[40:80, 150:170].mean()


def test_a_camera_at_rest_has_a_sharp_picture(renderer):
    field, sharp = one_field(renderer, 0.0, 0.0)
    np.testing.assert_array_equal(field, sharp)
