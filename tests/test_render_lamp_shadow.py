"""The camera's lamp stands beside the lens: it throws a shadow, the same in both renderers, and a ray says where."""

from __future__ import annotations

import numpy as np
import pytest

from generator.camera.shot import Lens, Pose
from generator.render import CameraLamp, gl_info, open_renderer
from generator.render.lamp_shadow import cast_shadows
from tests.render_set import plain_light, plain_materials, plain_patina
from tests.rooms import box_room

PX = 533.0
"""Focal length of 62° across 640 pixels."""


def traced(nearness, shift):
    """Whether each pixel of a row is reached, by looking at every other: slow, and nothing but the definition."""
    x = np.arange(len(nearness))
    place = x - shift * nearness
    before = (np.abs(place[None] - place[:, None]) < 0.5) & (nearness[None] > nearness[:, None] + 1e-3)
    return ~before.any(axis=1)


def steps(*parts):
    """A row of nearness from (pixels, metres)."""
    return np.concatenate([np.full(count, 1.0 / far, np.float32) for count, far in parts])


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("row", [
    steps((300, 4.0), (10, 1.5), (330, 4.0)),
    steps((200, 5.0), (200, 2.0), (240, 3.0)),
    steps((100, 6.0), (40, 1.2), (20, 6.0), (40, 1.2), (440, 6.0)),
    np.linspace(0.1, 0.9, 640).astype(np.float32),
    np.zeros(640, np.float32),
])  # fmt: skip
def test_shadows_fall_where_the_definition_has_them(row, side):
    out = np.empty((1, 640), np.float32)
    cast_shadows(row[None], side * 0.08 * PX, out)
    expected = traced(row, 0.08 * PX) if side > 0 else traced(row[::-1], 0.08 * PX)[::-1]
    assert ((out[0] > 0.5) != expected).sum() <= 6


@pytest.mark.parametrize("kind", ["embree", "opengl"])
def test_a_pillar_throws_a_shadow_to_the_side_away_from_the_lamp(kind):
    if kind == "opengl" and "none" in gl_info():
        pytest.skip("no OpenGL on this machine")
    lines = {of: lit_lines(of) for of in {"embree", kind}}
    for right, line in lines[kind].items():
        dark = np.flatnonzero(line < 0.3 * lines[kind][0.0])
        assert (len(dark) >= 6) == (right != 0.0)
        assert (dark < 160).all() if right > 0 else (dark >= 160).all()
        drawn = lines["embree"][right]
        assert (np.abs(line - drawn) > 0.05 * drawn.max()).sum() <= 4


def lit_lines(kind: str) -> dict[float, np.ndarray]:
    """The middle line of a picture of a pillar, by how far to the right of the lens its lamp is."""
    level = box_room((9.0, 7.0, 2.74), [(4.0, 3.4, 4.2, 3.6)])
    pose, lens, size = Pose((0, 0), (1.5, 3.5, 1.37), 0.0), Lens(np.radians(62)), (320, 240)
    light, patina = plain_light(level, 0.0, flicker=False), plain_patina(level)
    with open_renderer(kind, level, light, patina, plain_materials(8)) as opened:
        return {
            right: opened.draw(
                pose, lens, size, camera_lamp=CameraLamp((3.0, 3.0, 3.0), offset_m=(right, 0.0, 0.0))
            ).radiance[120, :, 1]
            for right in (0.0, 0.3, -0.3)
        }


@pytest.mark.parametrize("upper", [True, False])
@pytest.mark.parametrize("side", [1, -1])
def test_the_shadow_along_an_edge_that_is_nearly_level_is_a_line_and_not_a_row_of_dots(side, upper):
    row, column = np.mgrid[:60, :160]
    near = (row > 30 + column / 7.3) if upper else (row < 20 + column / 7.3)
    nearness = np.where(near, 1 / 1.03, 1 / 1.10).astype(np.float32)
    out = np.empty(nearness.shape, np.float32)
    cast_shadows(nearness, side * 0.08 * 340.0, out)
    beside = np.argmax(near, axis=0) - 1 if upper else np.argmin(near, axis=0)
    edge = out[beside, np.arange(160)][16:-16]
    if (edge == 1.0).all():
        assert side > 0 if upper else side < 0  # on this side of the bar no shadow falls
    else:
        assert 0.7 < edge.mean() < 0.98
        assert edge.std() < 0.05
