"""What poses see of the world, and how fine it must be, is found alike for stills and for films."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.camera.shot import Lens, Pose
from generator.geometry import expand
from generator.places.verbs import build, floorplan, place_of
from generator.plan.floorplan import CELL_M, CHUNK_CELLS, CHUNK_M
from generator.plan.sight import cast, closings
from generator.precompile import small_room
from generator.render import open_renderer
from generator.scene import load_scene
from generator.viewpoint import pose_for
from generator.visibility import (
    PATINA_M,
    STEP_M,
    Detail,
    area_for,
    dressing,
    film_detail,
    patina_pitch,
    seen_charts,
    stepped,
    still_detail,
    visible,
)

LENS = Lens(np.radians(62.0))
CLOSE = Detail((160, 120), 0.0, PATINA_M, near=False)
WALK = [Pose((0, 0), (2.0 + 0.5 * k, 7.5, 1.6), 0.4 * k - 1.2) for k in range(6)]


@pytest.fixture(scope="module")
def mesh():
    """A room of 10 by 10 m, with a half wall in it."""
    return expand(build(small_room(), load_scene("level0"), 0))[0]


def test_a_walk_sees_all_that_each_of_its_poses_sees(mesh):
    seen, away = seen_charts(mesh, (0, 0), WALK, LENS, CLOSE)
    for pose in WALK:
        alone, far = seen_charts(mesh, (0, 0), [pose], LENS, CLOSE)
        assert alone.any()
        assert (seen | ~alone).all()
        assert (away[alone] <= far[alone]).all()
    assert seen.sum() > alone.sum()


def test_who_may_turn_sees_more_and_who_looks_away_sees_something_else(mesh):
    narrow, _ = seen_charts(mesh, (0, 0), WALK[:1], LENS, CLOSE)
    wide, _ = seen_charts(mesh, (0, 0), WALK[:1], LENS, replace(CLOSE, turn=np.radians(20.0)))
    behind, _ = seen_charts(mesh, (0, 0), [replace(WALK[0], yaw=WALK[0].yaw + np.pi)], LENS, CLOSE)
    assert (wide | ~narrow).all()
    assert wide.sum() > narrow.sum()
    assert (narrow & ~behind).any()


def test_what_lies_behind_a_wall_is_not_seen_and_what_is_seen_faces_the_walk(mesh):
    seen, away = seen_charts(mesh, (0, 0), WALK, LENS, CLOSE)
    middle = mesh.chart_origin + 0.5 * (mesh.chart_u + mesh.chart_v)
    assert not seen[(middle[:, :2] > 11.0).any(axis=1)].any()
    assert (np.isinf(away) == ~seen).all()
    eyes = np.array([pose.position for pose in WALK])
    fronts = ((eyes - mesh.chart_origin[seen][:, None]) * mesh.chart_normal[seen][:, None]).sum(axis=2)
    assert (fronts.max(axis=1) > 0).mean() > 0.98  # rays meet a few backs, such as a trim's


def test_distance_is_that_of_a_charts_nearest_point(mesh):
    seen, away = seen_charts(mesh, (0, 0), WALK[:1], LENS, CLOSE)
    share = np.linspace(0.0, 1.0, 81)
    for chart in np.flatnonzero(seen)[::7]:
        u, v = mesh.chart_u[chart], mesh.chart_v[chart]
        points = mesh.chart_origin[chart] + share[:, None, None] * u + share[None, :, None] * v
        least = np.linalg.norm(points - WALK[0].position, axis=2).min()
        step = (np.linalg.norm(u) + np.linalg.norm(v)) / 80
        assert least - step <= away[chart] <= least + 1e-9


def test_patina_is_as_fine_as_a_pixel_and_no_finer_than_asked():
    pitch = patina_pitch(np.array([0.5, 10.0, np.inf]), LENS, 640, 0.012)
    pixel = 2 * 10.0 * np.tan(np.radians(31.0)) / 640
    assert pitch.tolist() == pytest.approx([0.012, pixel, 0.0])


@pytest.mark.parametrize("size", ["640x480", "1280x720", "360x640"])
def test_the_area_holds_what_the_pictures_corners_see_and_the_lamps_about_it(size):
    width, height = size.split("x")
    scene = load_scene("halls", [f"render.width_px={width}", f"render.height_px={height}"])
    pose = Pose((0, 0), (19.0, 19.0, 1.6), 0.3)
    reach_m = max(lamp.reach_m for lamp in place_of(scene).kit.luminaires)
    count = {}
    for near in (False, True):
        (i0, j0, i1, j1), cells = area_for(scene, [pose], replace(CLOSE, near=near))
        assert cells.shape == ((j1 - j0) * CHUNK_CELLS, (i1 - i0) * CHUNK_CELLS)
        lines = closings(floorplan(scene, scene.seed, (i0, j0, i1, j1)))
        eye = np.array([19.0, 19.0]) - np.array([i0, j0]) * CHUNK_M
        turns = np.linspace(0.0, 2 * np.pi, 300)
        lit = np.minimum(cast(lines, eye, turns)[0], reach_m)  # what the light of lamps reaches straight on
        ends = eye + lit[:, None] * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        assert cells[tuple(np.floor(ends / CELL_M).astype(int)[:, ::-1].T)].all()
        _, wide = area_for(scene, [pose, replace(pose, yaw=2.0)], replace(CLOSE, near=near))
        assert wide.sum() >= cells.sum()
        count[near] = cells.sum()
    assert count[True] < count[False]


def test_steps_of_a_walk_are_never_further_apart_than_is_looked():
    poses = [Pose((0, 0), (0.03 * k, 0.0, 1.6), 0.02 * k) for k in range(200)]
    kept = stepped(poses)
    assert len(kept) < len(poses) / 4
    assert kept[-1] == poses[-1]
    for pose in poses:
        assert min(np.hypot(*(np.array(pose.position) - other.position)[:2]) for other in kept) <= STEP_M


def test_a_still_is_a_film_of_one_pose():
    """Rays by the pixel or few and wide: of the same part of the world the same light comes into the lens, but in
    pixels at edges, where what both rays miss may cover a little of the one picture."""
    size = (f"render.{key}" for key in ("width_px=64", "height_px=48", "quality=draft"))
    scene = load_scene("level0", ["seed=11", *size])
    pose, _ = pose_for(scene)
    pictures = []
    for detail in (replace(still_detail(scene), near=False), replace(film_detail(scene), patina_m=PATINA_M)):
        level, light, worn = visible(scene, [pose], detail)
        with open_renderer("embree", level, light, worn, dressing(scene, level.materials), "draft") as renderer:
            pictures.append(renderer.draw(pose, LENS, (64, 48)))
    still, film = (picture.radiance for picture in pictures)
    inside = np.ones(still.shape[:2], np.bool_)
    for edges in (picture.edges for picture in pictures):
        inside[edges.row, edges.column] = False
    apart = np.abs(still - film).max(axis=2)
    assert inside.mean() > 0.7
    assert (apart[inside] <= 1e-6).mean() > 0.998
    assert apart.mean() < 2e-3 * still.mean()
    assert still.mean() == pytest.approx(film.mean(), rel=1e-3)


@pytest.mark.parametrize(("preset", "seed"), [("level0", 301), ("offices", 8)])
def test_what_lies_behind_walls_or_far_off_is_left_out_of_a_still_and_missed_by_nobody(preset, seed):
    """Off edges 19 of 20 pixels stay within a two-hundredth, half a code value; the mean within a thousandth."""
    size = (f"render.{key}" for key in ("width_px=64", "height_px=48", "quality=draft"))
    scene = load_scene(preset, [f"seed={seed}", *size])
    pose, _ = pose_for(scene)
    pictures, built = [], []
    for near in (True, False):
        detail = replace(still_detail(scene), near=near)
        _, cells = area_for(scene, [pose], detail)
        built.append(cells.sum())
        level, light, worn = visible(scene, [pose], detail)
        with open_renderer("embree", level, light, worn, dressing(scene, level.materials), "draft") as renderer:
            pictures.append(renderer.draw(pose, LENS, (64, 48)))
    inside = np.ones((48, 64), np.bool_)
    for picture in pictures:
        inside[picture.edges.row, picture.edges.column] = False
    near, whole = (picture.radiance for picture in pictures)
    assert built[0] < 0.6 * built[1]
    apart = np.abs(near - whole)[inside] / (whole[inside] + 0.1 * whole.mean())
    assert np.percentile(apart, 95) < 0.005
    assert near.mean() == pytest.approx(whole.mean(), rel=1e-3)


def test_stills_and_films_differ_in_stated_numbers_alone():
    still, film = (f(load_scene("level0")) for f in (still_detail, film_detail))
    assert still.rays_px == (1280, 960)
    assert (still.turn, still.near) == (0.0, True)
    assert film.turn > 0
    assert not film.near
    assert still.patina_m == film.patina_m
