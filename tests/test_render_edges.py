"""How much of each pixel a lamp's lens or a narrow bar covers, against areas worked out from their corners."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import shapely

from generator.camera.shot import Lens, Pose
from generator.geometry.level import Level
from generator.render import gl_info, open_renderer
from generator.render.view import View, view_of
from tests.render_set import plain_light, plain_materials, plain_patina
from tests.rooms import LENS_SIDES, box_room

ROOM, LAMP = (50.0, 12.0, 2.74), (44.0, 6.0)
SIZE = (160, 120)
TOLERANCE = 0.05
"""Of a pixel's area."""
WHITE = 3
"""The material that all but what is measured lacks: the others are black."""


@pytest.fixture(scope="module", params=["embree", "opengl"])
def kind(request):
    if request.param == "opengl" and "none" in gl_info():
        pytest.skip("no OpenGL on this machine")
    return request.param


def opened(kind: str, level: Level, quality: str = "normal"):
    """A renderer of a level that is evenly lit, one material white, the others black; lenses show 1."""
    even = np.ones((4, 4, 3), np.float32)
    made = tuple(
        replace(m, albedo=even * (k == WHITE), emission=even if k == WHITE else m.emission)
        for k, m in enumerate(plain_materials(4))
    )
    patina, lamps = plain_patina(level), replace(level.lamps, radiance=np.ones_like(level.lamps.radiance))
    patina = replace(patina, chart_size=np.zeros_like(patina.chart_size))
    light = plain_light(level, 0.0 if len(lamps.center) else 1.0, flicker=False)
    return open_renderer(kind, replace(level, lamps=lamps), light, patina, made, quality)


def poses(rng: np.random.Generator, count: int, target: np.ndarray, far: tuple[float, float]):
    """Poses and lenses that have a target in the picture, from all sides, turned in all ways."""
    for _ in range(count):
        away = np.exp(rng.uniform(*np.log(far)))
        eye = np.array([max(target[0] - away, 0.5), rng.uniform(3, 9), rng.uniform(0.3, 2.5)])
        way = target - eye
        yaw, pitch = np.arctan2(way[1], way[0]), np.arctan2(way[2], np.hypot(*way[:2]))
        spread = rng.uniform(-0.1, 0.1, 2)
        pose = Pose((0, 0), tuple(eye), yaw + spread[0], pitch + spread[1], rng.choice([0.0, rng.uniform(-3, 3)]))
        yield pose, Lens(np.radians(rng.uniform(30, 75)))


def covered(view: View, corners: np.ndarray) -> np.ndarray:
    """Share (H, W) of each pixel that the outline of points (N, 3) covers, all in front of the camera."""
    places = (corners - view.eye) @ view.clip.T
    assert (places[:, 2] > 0.01).all()
    outline = shapely.convex_hull(shapely.multipoints(places[:, :2] / places[:, 2:]))
    y, x = np.mgrid[0 : view.height, 0 : view.width]
    return shapely.area(shapely.intersection(shapely.box(x, y, x + 1, y + 1), outline))


def worst(renderer, corners: np.ndarray, views, size=SIZE) -> float:
    """Greatest difference in share of any pixel of pictures from some poses."""
    errors = []
    for k, (pose, lens) in enumerate(views):
        field = (None, 0, 1)[k % 3]
        view = view_of((0, 0), pose, lens, size, field)
        if (((corners - view.eye) @ view.forward) > 0.01).all():
            share = renderer.draw(pose, lens, size, field=field).radiance[..., 1]
            errors.append(np.abs(share - covered(view, corners)).max())
    assert len(errors) > 0.6 * (k + 1)
    return max(errors)


def lens_errors(kind: str, quality: str, count: int, size=SIZE) -> float:
    level = box_room(ROOM, (), [(*LAMP, 0)])
    long, short = LENS_SIDES
    corners = np.array([[x, y, ROOM[2]] for x in (LAMP[0] - long / 2, LAMP[0] + long / 2)
                        for y in (LAMP[1] - short / 2, LAMP[1] + short / 2)])  # fmt: skip
    with opened(kind, level, quality) as renderer:
        views = poses(np.random.default_rng(17), count, corners.mean(axis=0), (0.8, 43.0))
        return worst(renderer, corners, views, size)


def bar_errors(kind: str, quality: str, count: int, size=SIZE) -> float:
    """A bar under the ceiling, 3 to 30 mm wide and 6 to 25 mm high, along x or y, from 2 to 40 m."""
    rng, found = np.random.default_rng(18), []
    for k in range(count):
        sides = np.array([1.2, rng.uniform(0.003, 0.03), rng.uniform(0.006, 0.025)])
        sides[:2] = np.roll(sides[:2], k % 2)
        low = np.array([*LAMP, ROOM[2] - sides[2]]) - [*(sides[:2] / 2), 0]
        corners = low + np.array(list(itertools.product((0, 1), repeat=3))) * sides
        level = box_room(ROOM, [(*low[:2], *(low + sides)[:2], low[2], ROOM[2])])
        points = level.building.vertices[level.building.faces]
        bar = ((points > low - 1e-6) & (points < low + sides + 1e-6)).all(axis=(1, 2))
        assert bar.sum() > 8
        material = np.where(bar, WHITE, 0).astype(level.building.face_material.dtype)
        level = replace(level, building=replace(level.building, face_material=material))
        with opened(kind, level, quality) as renderer:
            found.append(worst(renderer, corners, poses(rng, 3, corners.mean(axis=0), (2.0, 40.0)), size))
    return max(found)


@pytest.mark.parametrize("quality", ["draft", "normal"])
def test_a_lens_covers_the_share_of_each_pixel_that_its_outline_does(kind, quality):
    assert lens_errors(kind, quality, 12) < TOLERANCE


def test_narrow_bars_cover_the_share_of_each_pixel_that_their_outlines_do(kind):
    assert bar_errors(kind, "normal", 3) < TOLERANCE


@pytest.mark.slow
@pytest.mark.parametrize("quality", ["draft", "normal", "final"])
def test_lenses_and_bars_from_many_sides(kind, quality):
    assert lens_errors(kind, quality, 60) < TOLERANCE
    assert bar_errors(kind, quality, 8) < TOLERANCE
