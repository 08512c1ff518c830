"""A web viewer shows what noclip's camera shows: three.js in Chromium, on every preset."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import ndimage

from generator.camera.choose import Wish, choose_pose, chunk_of
from generator.camera.shot import Lens, Pose
from generator.export import Views, build_region, export_level, region_around, tone_curve_of_file
from generator.light.bake import bake
from generator.places.verbs import floorplan, materials
from generator.scene import load_scene
from generator.surface.palette import worn_albedo
from tests.colour_difference import ciede2000, lab, linear
from tests.reference.export_picture import codes, our_radiance, posted_by, web_picture

SIZE, LENS = (640, 480), Lens(float(np.radians(62)))
STEADY = ("camera.profile=ideal", "camera.lamp=false", "plan.lamps_failing=0", "plan.rooms_dark=0")
"""Baked light has no part for a lamp on the camera, and none for flicker."""
PLACES = [
    ("level0", 3, (20.0, 20.0)), ("offices", 6, (20.0, 20.0)), ("halls", 1, (20.0, 20.0)), ("damp", 2, (20.0, 20.0)),
    ("blackout", 2, (20.0, 20.0)), ("dsc00161", 161, (18.3, 10.9)),
]  # fmt: skip
PICTURES = [*(("baked", place) for place in PLACES), ("lightmapped", PLACES[0]), ("lightmapped", PLACES[3])]
LENS_RADIANCE = 2.5
"""What is brighter is a lamp's lens: left out, with three pixels about it."""
MOST = 3.0


def test_the_colour_difference_is_as_published():
    first = [[50.0, 2.6772, -79.7751], [50.0, 2.5, 0.0], [60.2574, -34.0099, 36.2677], [63.0109, -31.0961, -5.8663]]
    second = [[50.0, 0.0, -82.7485], [73.0, 25.0, -18.0], [60.4626, -34.1751, 39.4387], [62.8187, -29.7946, -4.0864]]
    assert np.allclose(ciede2000(np.array(first), np.array(second)), [2.0425, 27.1492, 1.2644, 1.2630], atol=1e-4)


def seen(preset: str, seed: int, at: tuple[float, float]):
    """A scene's region, its materials and light, and a pose in it."""
    scene, region = load_scene(preset, [f"seed={seed}", *STEADY]), region_around(*at, 12.0)
    level = build_region(scene, seed, region)
    made = materials(level.materials, scene, 1024)
    albedo = worn_albedo(level.palette, np.array([m.mean_albedo for m in made]))
    lightmap = bake(level, scene.light, albedo, "normal")
    i, j = chunk_of(*at)
    pose, _ = choose_pose(floorplan(scene, seed, (i - 1, j - 1, i + 2, j + 2)), seed, Wish(at=at), LENS.fov)
    return scene, region, level, made, lightmap, pose


@pytest.mark.slow
@pytest.mark.parametrize("profile, place", PICTURES, ids=[f"{profile}-{place[0]}" for profile, place in PICTURES])
def test_three_js_shows_a_file_as_our_camera_does(profile, place, tmp_path):
    preset, seed, at = place
    scene, region, level, made, lightmap, pose = seen(preset, seed, at)
    views = Views((("view", pose, LENS),))
    path = tmp_path / "baked.glb"
    export_level(
        level, scene, seed, path, profile=profile, lightmap=lightmap, views=views, region=region, materials=made
    )
    light = our_radiance(level, lightmap, made, pose, LENS, seed, SIZE)
    ours, theirs = codes(tone_curve_of_file(path).code(light)), web_picture(tmp_path, SIZE, profile)
    lens = ndimage.binary_dilation(light.max(axis=2) > LENS_RADIANCE, iterations=3)
    away = ciede2000(lab(linear(ours)), lab(linear(theirs)))[~lens]
    print(f"{profile} {preset}: {away.mean():.2f}")
    assert (~lens).mean() > 0.7
    assert ours.mean() > 40
    assert away.mean() < MOST


@pytest.mark.slow
def test_three_js_draws_a_set_of_over_a_hectare_in_six_hundred_calls(tmp_path):
    scene, region = load_scene("level0", ["seed=3"]), region_around(20.0, 20.0, 60.0)
    level = build_region(scene, 3, region)
    made = materials(level.materials, scene, 64)
    views = Views((("view", Pose((0, 0), (20.0, 20.0, 1.6), 0.0, 0.0, 0.0), LENS),))
    calls = {}
    for things in ("shared", None):
        export_level(level, scene, 3, tmp_path / "baked.glb", views=views, region=region, materials=made, things=things)
        calls[things] = json.loads(posted_by(tmp_path, SIZE, "set", "web_view.html"))
    assert calls[None][0] <= 600  # as it is written by default
    assert calls["shared"][0] > 1000
    assert calls["shared"][1] <= 600  # by examples/three/instanced.js
