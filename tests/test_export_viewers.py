"""What viewers trip over is not in an exported file."""

from __future__ import annotations

import hashlib
import io
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from generator.export import ToneCurve, build_region, export_level, region_around, region_of
from generator.export.baked_colours import base_picture, brightest, over, shown
from generator.export.fixtures import names_of
from generator.export.layers import APART_M, kept_apart
from generator.geometry.level import expand
from generator.light.bake import bake
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import materials, place_of
from generator.progress import Progress
from generator.scene import load_scene
from tests.colour_difference import linear
from tests.glb import Glb, draw_calls

SEED, REGION = 1, region_of(4.0, 6.0, 16.0, 18.0)
DEPTH_STEPS, NEAR_M, FAR_M = 2.0**24, 0.05, 30.0
"""Of a viewer's depth buffer; where it looks from; how far things shall not flicker."""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A set and a baked file of one region of damp rooms, and its level."""
    folder, scene = tmp_path_factory.mktemp("viewers"), load_scene("damp", [f"seed={SEED}"])
    level = build_region(scene, SEED, REGION)
    lightmap = bake(level, scene.light, np.full((len(level.materials), 3), 0.5), "draft")
    common = {"texture_px": 64, "region": REGION}
    export_level(level, scene, SEED, folder / "set.glb", **common)
    export_level(level, scene, SEED, folder / "baked.glb", profile="baked", lightmap=lightmap, **common)
    return {profile: Glb(folder / f"{profile}.glb") for profile in ("set", "baked")}


@pytest.mark.parametrize("light", [0.01, 0.05, 0.1, 0.2, 0.5])
def test_a_bright_carpet_keeps_its_hue_and_all_but_a_tenth_of_its_brightness(light):
    grain = np.random.default_rng(0).uniform(0.4, 1.6, (64, 64, 1))
    texel = (grain * [0.45, 0.38, 0.2]).astype(np.float32)
    tone, one = ToneCurve(10.0, (1.0, 1.0, 1.3), (0.8, 0.3, 1.1)), np.zeros(1, np.int64)
    want = shown(tone, [texel], one, np.full((1, 3), light, np.float32))
    base = base_picture(texel, tone.contrast, brightest(1, one, want)[0])
    got = base.middle * over(want, base.middle[None])
    assert np.allclose(got / got.max(), want / want.max(), rtol=1e-3)
    assert (got > 0.9 * want).all()
    assert got.max() < 1.0001
    means = linear(base.codes).reshape(-1, 3).mean(axis=0)
    assert np.allclose(means, base.middle, rtol=0.02)


@pytest.mark.parametrize("profile", ["set", "baked"])
@pytest.mark.parametrize("things", ["nodes", "meshes", "materials", "images", "textures"])
def test_names_are_unique_and_without_slashes(files, profile, things):
    names = Counter(thing["name"] for thing in files[profile].tree[things])
    assert len(names) > 1
    assert [name for name, count in names.items() if count > 1 or "/" in name] == []


@pytest.mark.parametrize("preset", ["level0", "offices"])
def test_a_viewer_draws_a_set_of_over_a_hectare_in_six_hundred_calls(preset, tmp_path):
    scene, region = load_scene(preset, ["seed=3"]), region_around(20.0, 20.0, 60.0)
    export_level(build_region(scene, 3, region), scene, 3, tmp_path / "set.glb", texture_px=64, region=region)
    assert draw_calls(Glb(tmp_path / "set.glb").tree) <= 600


@pytest.mark.parametrize("profile", ["set", "baked"])
def test_no_picture_has_a_single_channel(files, profile):
    modes = {Image.open(io.BytesIO(data)).mode for data in files[profile].images()}
    assert modes <= {"RGB", "RGBA"}


@pytest.mark.parametrize("profile", ["set", "baked"])
def test_no_accessor_is_written_twice(files, profile):
    glb, seen = files[profile], Counter()
    for accessor in glb.tree["accessors"]:
        view = glb.tree["bufferViews"][accessor["bufferView"]]
        data = glb.binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        seen[hashlib.md5(data).digest(), accessor["componentType"], accessor["type"], view.get("target")] += 1
    assert max(seen.values()) == 1


@pytest.mark.parametrize("profile", ["set", "baked"])
def test_what_is_one_material_is_one(files, profile):
    looks = Counter()
    for material in files[profile].tree["materials"]:
        looks[repr({key: value for key, value in material.items() if key not in ("name", "extras")})] += 1
    assert max(looks.values()) == 1
    names = {material["name"] for material in files[profile].tree["materials"]}
    assert not [name for name in names if name.endswith("fixture")]


def test_lenses_share_one_picture_of_each_kind(files):
    lit = [image["name"] for image in files["baked"].tree["images"] if "_lit" in image["name"]]
    assert len(lit) == len({name.partition("_lit")[0] for name in lit}) >= 1


def test_both_profiles_state_one_exposure(files):
    told = [files[profile].tree["scenes"][0]["extras"] for profile in ("set", "baked")]
    for key in ("exposure", "white", "knee"):
        assert told[0][key] == told[1][key]


def test_stains_do_not_flicker_at_thirty_metres(files):
    glb = files["set"]
    step = FAR_M**2 / (NEAR_M * DEPTH_STEPS)
    walls = [places(glb, p) for _, p in glb.primitives("wall")]
    planes = {(axis, round(float(p[0, axis]), 5)) for ps in walls for p in ps for axis in (0, 2) if flat(p, axis)}
    gaps = []
    for _, primitive in glb.primitives("stains"):
        for corners in places(glb, primitive):
            for axis in (0, 2):
                if flat(corners, axis):
                    gaps.append(min(abs(corners[0, axis] - at) for other, at in planes if other == axis))
    assert len(gaps) > 10
    assert min(gaps) > 2 * step


def places(glb, primitive):
    at = glb.values(primitive["attributes"]["POSITION"])
    return at[glb.values(primitive["indices"]).reshape(-1, 3).astype(int)]


def flat(corners, axis):
    return np.ptp(corners[:, axis]) < 1e-5


def test_layers_of_small_things_stay_two_millimetres_apart():
    level = build_region(Level0Scene(), SEED, region_of(0.0, 0.0, 4.0, 4.0))
    kit = place_of(Level0Scene()).kit
    index = {name: k for k, name in enumerate(level.materials)}
    for name in ("outlet", "switch", "clock", "exit_sign", "arrow"):
        mesh = kit.props[name].mesh(index)
        moved = kept_apart(mesh)
        assert nearest_layers(mesh) < APART_M - 1e-6, name
        assert nearest_layers(moved) > APART_M - 1e-6, name
        assert np.abs(moved.vertices - mesh.vertices).max() < 0.006


def nearest_layers(mesh):
    """The least distance, above none, of charts that lie before one another, or before the wall."""
    best = np.inf
    corner = [mesh.vertices[mesh.vertex_chart == c] for c in range(len(mesh.chart_origin))]
    for a, low in enumerate(corner):
        normal = mesh.chart_normal[a].astype(float)
        if normal @ [0, -1, 0] > 0.999 and -low[:, 1].max() > 1e-6:
            best = min(best, -low[:, 1].max())
        for b, high in enumerate(corner):
            if a == b or mesh.chart_normal[b] @ normal < 0.999:
                continue
            gap = ((high - low[0]) @ normal).mean()
            first, last = high.min(axis=0) - 0.005, high.max(axis=0) + 0.005
            if gap > 1e-6 and (last > low.min(axis=0)).all() and (first < low.max(axis=0)).all():
                best = min(best, gap)
    return best


def test_a_thing_on_a_border_is_in_one_file_of_two_neighbours():
    scene, found = load_scene("level0", ["seed=3"]), []
    border = 20.0
    whole = build_region(scene, 3, region_of(8.0, 8.0, 32.0, 24.0))
    centres = whole.lamps.center[:, 0] + whole.origin[0] * 39.0144
    border = float(centres[np.argmin(np.abs(centres - border))])  # through the middle of a lamp
    for x in (0.0, 0.3):
        west, east = (
            build_region(scene, 3, region_of(*sides))
            for sides in ((8.0, 8.0, border + x, 24.0), (border + x, 8.0, 32.0, 24.0))
        )
        found = [set(names_of(level)) for level in (west, east)]
        assert not found[0] & found[1]
        assert found[0] | found[1] == set(names_of(whole))


def test_the_hole_of_a_neighbours_fixture_is_closed():
    import trimesh
    from trimesh.ray.ray_pyembree import RayMeshIntersector

    scene = load_scene("level0", ["seed=3"])
    whole = build_region(scene, 3, region_of(8.0, 8.0, 32.0, 24.0))
    lamp = np.argmin(np.abs(whole.lamps.center[:, 0] - 20.0))
    x, y, z = whole.lamps.center[lamp]
    west = build_region(scene, 3, region_of(8.0, 8.0, float(x) - 0.05, 24.0))
    mesh, _ = expand(west)
    tracer = RayMeshIntersector(trimesh.Trimesh(mesh.vertices, mesh.faces, process=False))
    rng = np.random.default_rng(0)
    start = np.tile([x - 0.2, y, z - 0.5], (500, 1))
    aim = np.column_stack([rng.uniform(x - 0.55, x - 0.06, 500), rng.uniform(y - 0.25, y + 0.25, 500), np.full(500, z)])
    assert (tracer.intersects_first(start, aim - start) >= 0).all()


@pytest.mark.parametrize("profile", ["set", "baked"])
def test_a_file_without_a_burning_lamp_says_so(tmp_path, profile):
    scene = Level0Scene()
    scene = scene.model_copy(update={"plan": scene.plan.model_copy(update={"blackout": 1.0})})
    place, told = region_of(4.0, 6.0, 8.0, 10.0), io.StringIO()
    level = build_region(scene, SEED, place)
    lightmap = bake(level, scene.light, np.full((len(level.materials), 3), 0.5), "draft")
    made = materials(level.materials, scene, 64)
    common = {"lightmap": lightmap, "texture_px": 64, "region": place, "materials": made}
    export_level(level, scene, SEED, tmp_path / "x.glb", profile=profile, progress=Progress(told), **common)
    assert "no lamp burns" in told.getvalue()
