"""Exported files before the real judges: the Khronos validator, Blender's importer, and Cycles.

``python -m tests.reference.install`` puts them in place; without them these tests fail, and say so.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generator.camera.choose import Wish, choose_pose
from generator.camera.shot import FIELD_S, Lens, Pose, Shot
from generator.export import Views, build_region, export_level, region_of
from generator.export.tone_curve import ToneCurve
from generator.geometry import expand
from generator.light.bake import bake
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import floorplan, materials
from generator.plan.floorplan import LampState
from generator.render import open_renderer
from generator.scene import load_scene
from generator.surface import patina
from generator.surface.palette import worn_albedo
from tests.glb import Glb
from tests.reference import install

pytestmark = pytest.mark.slow
REGION, SEED, FIELDS = region_of(4.0, 6.0, 18.0, 18.0), 1, 120
LENS = Lens(np.radians(62))
HERE = Path(install.__file__).parent


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Set and baked files of a lit region, a .blend, our own radiance from its camera, and the level."""
    folder = tmp_path_factory.mktemp("outside")
    scene = Level0Scene()
    plan = scene.plan.model_copy(update=dict.fromkeys(("blackout", "rooms_dark", "lamps_dead", "lamps_failing"), 0.0))
    scene = scene.model_copy(update={"plan": plan})
    level = build_region(scene, SEED, REGION)
    made = materials(level.materials, scene, 512)
    albedo = worn_albedo(level.palette, np.array([m.mean_albedo for m in made]))
    lightmap = bake(level, scene.light, albedo, "normal")
    plan = floorplan(scene, SEED, (0, 0, 1, 1))
    pose, _ = choose_pose(plan, SEED, Wish(at=(9.0, 12.0)), LENS.fov)
    views = Views((("view", pose, LENS),), walk(pose))
    common = {"views": views, "texture_px": 512, "region": REGION, "lightmap": lightmap}
    export_level(level, scene, SEED, folder / "set.glb", uv2=True, **common)
    export_level(level, scene, SEED, folder / "set.gltf", **common)
    for profile in ("baked", "lightmapped"):
        export_level(level, scene, SEED, folder / f"{profile}.glb", profile=profile, **common)
    return folder, level, scene, seen_by_us(level, lightmap, made, pose), common


def seen_by_us(level, lightmap, made, pose: Pose) -> np.ndarray:
    """Our own radiance (120, 160, 3) from a pose."""
    mesh, _ = expand(level)
    worn = patina(mesh, level, SEED, np.full(len(mesh.chart_origin), 0.03))
    diffuse = [replace(m, gap=np.zeros((0, 0), np.float32)) for m in made]  # files carry no look of a pile aslant
    with open_renderer("embree", level, lightmap, worn, diffuse, "final") as renderer:
        return renderer.draw(pose, LENS, (640, 480)).radiance.reshape(120, 4, 160, 4, 3).mean(axis=(1, 3))


def walk(pose: Pose) -> Shot:
    t, flat, ones = np.arange(FIELDS) * FIELD_S, np.zeros(FIELDS), np.ones(FIELDS)
    place = np.array(pose.position) + t[:, None] * [0.1, 0.0, 0.0]
    white = np.ones((FIELDS, 3))
    return Shot(pose.origin, place, pose.yaw + 0.2 * t, flat, flat, LENS.fov * ones, ones, flat, white, flat, flat)


def in_blender(path: Path, *picture: str) -> dict:
    out = path.with_suffix(".json")
    command = [str(install.blender()), str(HERE / "blender_read.py"), "--", str(path), str(out), *picture]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(out.read_text())


def test_the_khronos_validator_has_nothing_to_say(exported):
    files = [str(exported[0] / name) for name in ("set.glb", "set.gltf", "baked.glb", "lightmapped.glb")]
    command = ["node", str(HERE / "validate_gltf.mjs"), str(install.validator()), *files]
    reports = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    for report in reports:
        issues = report["issues"]
        assert (issues["numErrors"], issues["numWarnings"], issues["numHints"]) == (0, 0, 0), issues["messages"][:5]


def test_blender_shows_the_set_with_its_sizes_names_and_light(exported):
    folder, level, _, _, _ = exported
    found = in_blender(folder / "set.glb")
    objects = found["objects"]
    fixtures = [o for o in objects.values() if "watts" in o["extras"]]
    assert len(fixtures) == int((level.instances.lamp >= 0).sum())
    assert {"Walls", "Floor", "Ceiling", "Lights", "Props"} <= set(objects)
    assert all(o["parent"] == "Lights" for o in fixtures)
    floor = objects["floor_chunk_0_0"]
    assert np.allclose(floor["low"], [0, 0, 0], atol=1e-3)
    assert np.allclose(floor["high"], [14, 12, 0], atol=1e-3)
    assert floor["uv"] == ["UVMap", "UVMap.001"]
    assert floor["colours"]
    lit = [m for m in found["materials"].values() if m.get("Emission Strength", 0) > 0]
    assert lit
    brightest = max(o["extras"]["radiance"][0] for o in fixtures)
    assert any(m["Emission Strength"] > 683.0 * brightest for m in lit)  # in cd/m2: Blender takes it as it is
    for name, m in found["materials"].items():
        if name.startswith(("wallpaper", "carpet", "ceiling")):
            assert m["Specular IOR Level"] == 0
            assert m["Metallic"] == 0
    tall = 2 * np.arctan(np.tan(LENS.fov / 2) * 3 / 4)
    assert np.isclose(objects["view"]["fov"][1], tall, atol=1e-4)
    first, last = objects["shot"]["frames"]
    assert np.isclose((last - first) / found["fps"], (FIELDS - 2) * FIELD_S, atol=1e-3)


def test_the_blend_file_is_ready_to_render(exported):
    folder, level, scene, _, common = exported
    install.blender()
    export_level(level, scene, SEED, folder / "set.blend", **common)
    found = in_blender(folder / "set.blend")
    assert found["engine"] == "CYCLES"
    assert np.isclose(found["fps"], 30 / 1.001)
    assert found["camera"] == "shot"
    assert found["view"][0] == "Standard"
    strength = [m.get("Emission Strength", 0.0) for m in found["materials"].values()]
    assert 0.5 < max(strength) / level.lamps.radiance.max() < 2.0  # in W/(sr m2), a lens's brightest texel
    extras = Glb(folder / "set.glb").extras()
    tone = ToneCurve(2.0 ** found["view"][1], (1.0, 1.0, 1.0), tuple(extras["knee"]))
    assert np.isclose(tone.exposure, extras["exposure"])
    radiance, toned = np.array(found["tone"]).T
    ours = tone.shown(np.repeat(radiance[:, None], 3, axis=1).astype(np.float32))[:, 0]
    assert np.abs(tone.exposure * toned - ours).max() < 0.01
    lights = [o for o in found["objects"].values() if o["type"] == "LIGHT"]
    assert len(lights) == int((level.lamps.radiance.max(axis=1) > 0).sum())
    assert all(o["collection"] == "Lights chunk_0_0" and o["energy"] > 0 for o in lights)
    kinds = {f"{kind} chunk_0_0" for kind in ("Walls", "Floor", "Ceiling", "Lights")}
    assert {o["collection"] for o in found["objects"].values()} >= kinds
    assert set(found["collections"]["chunk_0_0"]) >= kinds  # each is linked in its chunk's too
    assert len({o["data"] for o in lights}) <= len(set(level.instance_names))
    given = [o["energy"] * np.array(o["tint"]) for o in lights]
    lit = level.lamps.radiance.max(axis=1) > 0
    area = 4.0 * np.linalg.norm(level.lamps.half_u, axis=1) * np.linalg.norm(level.lamps.half_v, axis=1)
    watts = (np.pi * area[:, None] * level.lamps.radiance)[lit]
    assert np.allclose(np.sort(given, axis=0), np.sort(watts, axis=0), rtol=1e-3)
    assert found["assets"]
    assert found["size"] == [scene.render.width_px, scene.render.height_px]
    first, last = found["objects"]["shot"]["frames"]
    assert np.isclose(last - first, FIELDS / 2 - 1, atol=1e-3)


@pytest.mark.parametrize(
    "profile, samples, limit", [("set", "128", 0.08), ("baked", "32", 0.10), ("blend", "128", 0.08)]
)
def test_cycles_sees_the_light_that_we_see(exported, profile, samples, limit):
    folder, level, scene, ours, common = exported
    path = folder / ("set.blend" if profile == "blend" else f"{profile}.glb")
    if profile == "blend":
        export_level(level, scene, SEED, path, **common)
    picture = folder / f"{profile}.npy"
    in_blender(path, str(picture), "view", samples)
    theirs = np.load(picture)
    if profile == "baked":
        theirs = before_the_camera(theirs, Glb(path).extras())
    if profile == "set":
        theirs = theirs / 683.0  # Blender's importer leaves emission in cd/m2
    error = apart(ours, theirs)
    print(f"{profile}: {error:.4f}")
    assert error < limit


WAREHOUSE = region_of(4.0, 6.0, 24.0, 24.0)
STRIPS = pytest.mark.xfail(reason="one strip's light is 9 % off in a .blend; a .glb has fireflies too", strict=False)


@pytest.mark.parametrize(
    "preset, region, ending, samples",
    [
        ("warehouse", WAREHOUSE, "glb", "256"),
        ("warehouse", WAREHOUSE, "blend", "128"),
        pytest.param("carpark", REGION, "blend", "64", marks=STRIPS),
    ],
)
def test_cycles_sees_the_light_of_level_1_that_we_see(preset, region, ending, samples, tmp_path):
    # dry: a file's floor is diffuse, and ours mirrors where it is wet
    scene = load_scene(preset, ["look.damp=0", "plan.blackout=0", "plan.lamps_dead=0", "plan.lamps_failing=0"])
    level = build_region(scene, scene.seed, region)
    made = materials(level.materials, scene, 512)
    lightmap = bake(level, scene.light, worn_albedo(level.palette, np.array([m.mean_albedo for m in made])), "normal")
    pose, _ = choose_pose(floorplan(scene, scene.seed, (0, 0, 1, 1)), scene.seed, Wish(at=(9.0, 12.0)), LENS.fov)
    path, picture = tmp_path / f"set.{ending}", tmp_path / "set.npy"
    views = Views((("view", pose, LENS),), walk(pose))
    export_level(level, scene, scene.seed, path, views=views, texture_px=512, region=region, lightmap=lightmap)
    in_blender(path, str(picture), "view", samples)
    theirs = np.load(picture) / (683.0 if ending == "glb" else 1.0)
    error = apart(seen_by_us(level, lightmap, made, pose), theirs)
    print(f"{preset}.{ending}: {error:.4f}")
    assert error < 0.08


def apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    """How far two pictures' blocks without lenses differ, of ours' mean."""
    lens = blocks((ours.max(axis=2, keepdims=True) > 3.0).astype(float))[..., 0] > 0
    mine, other = blocks(ours)[~lens], blocks(theirs)[~lens]
    assert len(mine) > 20
    return float(np.abs(mine - other).mean() / mine.mean())


def blocks(picture: np.ndarray) -> np.ndarray:
    """Means of 20 × 20 pixels."""
    return picture.reshape(6, 20, 8, 20, -1).mean(axis=(1, 3))


def before_the_camera(shown: np.ndarray, extras: dict) -> np.ndarray:
    """Radiance of linear sRGB values that show our clean frame: BT.709's curve, knee, white and exposure undone."""
    code = np.where(shown <= 0.0031308, 12.92 * shown, 1.055 * np.maximum(shown, 1e-9) ** (1 / 2.4) - 0.055)
    level = np.where(code < 0.081, code / 4.5, ((code + 0.099) / 1.099) ** (1 / 0.45))
    start, slope, _ = extras["knee"]
    level = np.where(level > start, start + (level - start) / slope, level)
    return level / (extras["exposure"] * np.array(extras["white"]))


def test_a_failing_lamp_of_a_blend_flickers_with_the_film(tmp_path):
    install.blender()
    scene = Level0Scene()
    plan = scene.plan.model_copy(update={"lamps_failing": 0.3, "blackout": 0.0, "rooms_dark": 0.0})
    scene = scene.model_copy(update={"plan": plan})
    level = build_region(scene, SEED, REGION)
    failing = level.lamps.state == LampState.FAILING
    assert failing.any()
    plan = floorplan(scene, SEED, (0, 0, 1, 1))
    pose, _ = choose_pose(plan, SEED, Wish(at=(9.0, 12.0)), LENS.fov)
    views = Views((), walk(pose))
    export_level(level, scene, SEED, tmp_path / "set.blend", views=views, texture_px=64, region=REGION)
    found = in_blender(tmp_path / "set.blend")
    assert len(found["keyed"]) == failing.sum()
    assert all(frames == found["objects"]["shot"]["frames"] for frames in found["keyed"].values())


@pytest.mark.parametrize("profile, transform", [("baked", 0.0), ("lightmapped", None)])
def test_a_blend_of_our_light_needs_no_lamp(exported, profile, transform):
    folder, level, scene, _, common = exported
    install.blender()
    export_level(level, scene, SEED, folder / f"{profile}.blend", profile=profile, **common)
    found = in_blender(folder / f"{profile}.blend")
    assert found["view"][0] == "Standard"
    assert transform is None or found["view"][1] == transform
    assert not [o for o in found["objects"].values() if o["type"] == "LIGHT"]
    assert found["camera"] == "shot"
    maps = [m for m in found["materials"].values() if m.get("Emission Strength", 0.0) > 0.0 and "UVMAP" in m["nodes"]]
    assert bool(maps) == (profile == "lightmapped")
