"""An exported file keeps the specification's rules, has the size, names and light of the level, and nothing leaks."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
import trimesh
from PIL import Image
from scipy import ndimage
from trimesh.ray.ray_pyembree import RayMeshIntersector

from generator.camera.exposure import settled_state
from generator.camera.shot import FIELD_S, Lens, Pose, Shot
from generator.errors import NoclipError
from generator.export import (
    Views,
    build_region,
    check_request,
    export_level,
    region_around,
    region_of,
    tone_curve_of_file,
)
from generator.export.building import worn_light
from generator.export.cameras import add_shot
from generator.export.exposure import Meter
from generator.export.fixtures import names_of
from generator.export.gltf import Asset
from generator.export.pieces import conforming, mesh_of_pieces
from generator.export.region import region_chunks
from generator.export.shade import slow_patina
from generator.export.stains import stains
from generator.export.subdivide import SplitLimits, refined
from generator.export.textures import textured
from generator.export.tone_curve import tone_curve_of
from generator.export.triangle_soup import soup_of
from generator.geometry import expand
from generator.light.bake import bake
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import materials
from generator.plan.floorplan import CHUNK_M
from generator.progress import Progress
from generator.render.lamp import CameraLamp
from generator.scene import Scene, load_scene
from generator.surface.palette import Role
from tests.glb import Glb, draw_calls

REGION, DAMP_REGION = region_of(4.0, 6.0, 16.0, 18.0), region_of(10.0, 10.0, 26.0, 22.0)
SEED = 1
POSE = Pose((0, 0), (10.0, 12.0, 1.6), 0.7, -0.1, 0.05)


def lit_scene() -> Scene:
    scene = Level0Scene()
    plan = scene.plan.model_copy(update={"blackout": 0.0, "rooms_dark": 0.0, "lamps_dead": 0.0})
    return scene.model_copy(update={"plan": plan})


def shot(fields: int) -> Shot:
    t, flat = np.arange(fields) * FIELD_S, np.zeros(fields)
    place = np.stack([10 + 0.5 * t, 12 + flat, 1.6 + flat], axis=1)
    ones, white = np.ones(fields), np.ones((fields, 3))
    return Shot((0, 0), place, 3.0 + 0.5 * t, flat, flat, ones * 1.08, ones, flat, white, flat, flat)


@pytest.fixture(scope="module")
def level():
    return build_region(lit_scene(), SEED, REGION)


@pytest.fixture(scope="module")
def damp_level():
    scene = load_scene("damp", [f"seed={SEED}"])
    return scene, build_region(scene, SEED, DAMP_REGION)


@pytest.fixture(scope="module")
def damp_file(damp_level, tmp_path_factory):
    (scene, level), path = damp_level, tmp_path_factory.mktemp("damp") / "set.glb"
    export_level(level, scene, SEED, path, texture_px=64, region=DAMP_REGION)
    return Glb(path)


@pytest.fixture(scope="module")
def files(level, tmp_path_factory):
    folder, scene = tmp_path_factory.mktemp("export"), lit_scene()
    views = Views((("view", POSE, Lens(np.radians(62))),), shot(60))
    albedo = np.array([m.mean_albedo for m in materials(level.materials, scene, 64)])
    lightmap = bake(level, scene.light, albedo, "draft")
    common = {"views": views, "texture_px": 64, "region": REGION}
    export_level(level, scene, SEED, folder / "set.glb", uv2=True, things="shared", **common)
    export_level(level, scene, SEED, folder / "set.gltf", **common)
    export_level(level, scene, SEED, folder / "baked.glb", profile="baked", lightmap=lightmap, **common)
    return folder


@pytest.mark.parametrize("name", ["set.glb", "baked.glb"])
def test_the_file_keeps_the_rules_that_viewers_rely_on(files, name):
    glb = Glb(files / name)
    assert "extensionsRequired" not in glb.tree
    for _, primitive in glb.primitives():
        attributes = primitive["attributes"]
        place = glb.values(attributes["POSITION"])
        bounds = glb.tree["accessors"][attributes["POSITION"]]
        assert np.array_equal(place.min(axis=0), np.float32(bounds["min"]))
        assert np.array_equal(place.max(axis=0), np.float32(bounds["max"]))
        normal = glb.values(attributes["NORMAL"])
        assert np.allclose(np.linalg.norm(normal, axis=1), 1, atol=1e-5)
        face = glb.values(primitive["indices"]).reshape(-1, 3).astype(int)
        assert face.max() < len(place)
        assert (face != face[:, [1, 2, 0]]).all()
        p, q, r = (place[face[:, k]].astype(float) for k in range(3))
        assert (np.einsum("fd,fd->f", np.cross(q - p, r - p), normal[face[:, 0]]) > 0).mean() > 0.999
        views = [glb.tree["bufferViews"][glb.tree["accessors"][a]["bufferView"]] for a in attributes.values()]
        assert {view["target"] for view in views} == {34962}
        bumpy = "normalTexture" in glb.tree["materials"][primitive["material"]]
        assert ("TANGENT" in attributes) == bumpy
        if bumpy:
            tangent = glb.values(attributes["TANGENT"])
            assert np.allclose(np.linalg.norm(tangent[:, :3], axis=1), 1, atol=1e-4)
            assert np.abs((tangent[:, :3] * normal).sum(axis=1)).max() < 1e-3


def test_the_region_has_its_size_to_the_millimetre_with_its_corner_at_the_origin(files, level):
    scene = trimesh.load_scene(files / "set.glb")
    inside = [scene.graph.get(n) for n in scene.graph.nodes_geometry if not n.startswith(("troffer", "wrap"))]
    corners = np.concatenate(
        [trimesh.transform_points(scene.geometry[g].vertices, m) for m, g in inside if g.startswith(("floor", "wall"))]
    )
    assert np.allclose(corners.min(axis=0)[[0, 2]], [0, -12], atol=1e-3)
    assert np.allclose(corners.max(axis=0)[[0, 2]], [12, 0], atol=1e-3)
    assert np.isclose(corners[:, 1].min(), 0, atol=1e-6)
    papered = level.building.faces[level.palette.role[level.building.face_material] == Role.WALL]
    assert np.isclose(corners[:, 1].max(), level.building.vertices[papered][..., 2].max(), atol=1e-3)


def test_nothing_can_be_seen_out_of_a_region_cut_anywhere(level):
    mesh, _ = expand(level)
    solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    tracer, rng = RayMeshIntersector(solid), np.random.default_rng(0)
    from_m = np.column_stack([rng.uniform(4.1, 15.9, 4000), rng.uniform(6.1, 17.9, 4000), np.full(4000, 1.3)])
    down = tracer.intersects_first(from_m, np.tile([0.01, 0.02, -1.0], (4000, 1)))
    free = from_m[(down >= 0) & (solid.face_normals[down, 2] > 0.5)]
    way = rng.normal(size=free.shape)
    hit = tracer.intersects_first(free, way)
    assert len(free) > 3000
    assert (hit < 0).mean() < 0.002  # rays exactly along an edge
    assert ((solid.face_normals[hit] * way).sum(axis=1)[hit >= 0] < 0).mean() > 0.998


def test_open_edges_are_left_open_when_asked():
    level = build_region(lit_scene(), SEED, REGION, closed=False)
    closed = build_region(lit_scene(), SEED, REGION)
    assert len(level.building.faces) < len(closed.building.faces)


def test_fixtures_share_meshes_and_say_what_they_give(files, level):
    glb = Glb(files / "set.glb")
    lights = [glb.tree["nodes"][k] for k in glb.node("Lights")["children"]]
    assert len(lights) == int((level.instances.lamp >= 0).sum())
    assert len({n["mesh"] for n in lights}) < len(lights) / 2
    for node in lights:
        extras = node["extras"]
        wide, deep = extras["area_m"]
        assert np.isclose(extras["watts"], np.pi * max(extras["radiance"]) * wide * deep)
        lens = [glb.tree["materials"][p["material"]] for p in glb.tree["meshes"][node["mesh"]]["primitives"]]
        strength = [m["extensions"].get("KHR_materials_emissive_strength", {}).get("emissiveStrength", 0) for m in lens]
        if max(extras["radiance"]):
            assert max(strength) >= 0.94 * max(extras["radiance"])
        else:
            assert max(strength) == 0


def test_merged_things_are_drawn_by_chunk_and_look_alike_and_lamps_keep_their_names(files, level, tmp_path):
    export_level(level, lit_scene(), SEED, tmp_path / "m.glb", texture_px=64, region=REGION)
    shared, merged = Glb(files / "set.glb"), Glb(tmp_path / "m.glb")
    assert draw_calls(merged.tree) < 0.4 * draw_calls(shared.tree)
    lamps = [n for n in merged.tree["nodes"] if "watts" in n.get("extras", {})]
    names = np.array(names_of(level))
    assert {n["name"] for n in lamps} == set(names[level.instances.lamp >= 0])
    assert not [n for n in lamps if "mesh" in n]
    for name, area in areas(shared).items():
        assert np.isclose(areas(merged)[name], area, rtol=1e-3), name
    assert np.allclose(given(merged), given(shared), rtol=0.01)


def areas(glb):
    """Square metres by material, all lit lenses as one."""
    out = {}
    for material, area in shown_areas(glb):
        name = material["name"].partition("_lit")[0] + ("_lit" if "_lit" in material["name"] else "")
        out[name] = out.get(name, 0.0) + area
    return out


def given(glb):
    """(3,) emission times area of everything that glows."""
    glowing = [(m, area) for m, area in shown_areas(glb) if "emissiveTexture" in m]
    return sum(
        area * np.array(m["emissiveFactor"]) * m["extensions"]["KHR_materials_emissive_strength"]["emissiveStrength"]
        for m, area in glowing
    )


def shown_areas(glb):
    """Material and area of each primitive of each node."""
    for node in glb.tree["nodes"]:
        for p in glb.tree["meshes"][node["mesh"]]["primitives"] if "mesh" in node else ():
            corner = glb.values(p["attributes"]["POSITION"])[glb.values(p["indices"]).reshape(-1, 3).astype(int)]
            sides = corner[:, 1:] - corner[:, :1]
            area = 0.5 * np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1).sum()
            yield glb.tree["materials"][p["material"]], float(area)


@pytest.mark.parametrize("name, profile", [("a.usdz", "set"), ("a.blend", "set"), ("a.glb", "baked")])
def test_things_are_merged_in_lit_glb_and_gltf_alone(tmp_path, name, profile):
    with pytest.raises(NoclipError, match="leave --things out"):
        check_request(tmp_path / name, REGION, profile, things="merged")


def test_a_lit_lens_sends_out_the_lamps_radiance_in_candela_a_square_metre(files, level):
    glb = Glb(files / "set.glb")
    lit = next(m for m in glb.tree["materials"] if "emissiveTexture" in m)
    strength = lit["extensions"]["KHR_materials_emissive_strength"]["emissiveStrength"]
    picture = glb.tree["images"][glb.tree["textures"][lit["emissiveTexture"]["index"]]["source"]]
    view = glb.tree["bufferViews"][picture["bufferView"]]
    data = glb.binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
    code = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")) / 255.0
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    sent = strength * np.array(lit["emissiveFactor"]) * linear.mean(axis=(0, 1))
    lamps = level.lamps.radiance[level.lamps.radiance.max(axis=1) > 0]
    assert np.abs(sent / (683.0 * lamps) - 1).max(axis=1).min() < 0.06
    assert 1500.0 < sent @ [0.2126, 0.7152, 0.0722] < 8000.0  # what troffers have: 3300 cd/m2 in the mean
    told = glb.extras()
    assert np.isclose(told["exposure_per_nit"] * 683.0, told["exposure"])


def test_diffuse_surfaces_have_no_specular_lobe_and_no_metal(files):
    glb = Glb(files / "set.glb")
    for material in glb.tree["materials"]:
        if material["name"].startswith(("wallpaper", "carpet", "ceiling")):
            assert material["extensions"]["KHR_materials_specular"]["specularFactor"] == 0
            assert material["pbrMetallicRoughness"]["metallicFactor"] == 0


def test_normal_maps_turn_little_light_away(level):
    made = materials(level.materials, lit_scene(), 512)
    steep = []
    for material in made:
        pictures = textured(material, np.zeros((4, 4, 3), np.uint8), lit=True)
        if pictures.normal is None:
            continue
        normal = 2.0 * np.asarray(Image.open(io.BytesIO(pictures.normal.data)).convert("RGB")) / 255.0 - 1.0
        steep += [material.name] if pictures.relief < 0.7 else []
        scaled = normal * [pictures.relief, pictures.relief, 1.0]
        assert (scaled[..., 2] / np.linalg.norm(scaled, axis=2)).mean() > 0.96, material.name
    assert "carpet" in steep


def test_baked_colours_fit_below_white_and_follow_the_light(files):
    glb = Glb(files / "baked.glb")
    assert all("KHR_materials_unlit" in m["extensions"] for m in glb.tree["materials"])
    codes = np.concatenate([glb.values(p["attributes"]["COLOR_0"]) for _, p in glb.primitives("wall")])
    assert (codes[:, 3] == 65535).all()
    assert codes[:, :3].max() > 0.7 * 65535
    assert codes[:, :3].min() < 0.2 * 65535
    baked, plain = (
        sum(len(file.values(p["indices"])) for _, p in file.primitives("wall"))
        for file in (glb, Glb(files / "set.glb"))
    )
    assert baked > 1.25 * plain


def test_a_wall_under_a_lamp_is_baked_as_bright_at_its_edge_as_a_hand_below(level):
    """At the edge itself hardly any light falls, which a corner's colour would carry half a metre down."""
    scene, building = lit_scene(), level.building
    lightmap = bake(level, scene.light, np.full((len(level.materials), 3), 0.5), "draft")
    value = worn_light(SimpleNamespace(level=level, baked=True, light=lightmap), slow_patina(level, SEED))
    upright = (building.chart_v[:, 2] > 0.99 * building.sides_m[:, 1]) & (building.sides_m[:, 1] > 1.5)
    middle = building.chart_origin + (building.chart_u / 2 + building.chart_v)
    lit = level.lamps.center[level.lamps.radiance.any(axis=1)]
    near = np.linalg.norm(middle[:, None] - lit, axis=2).min(axis=1) < 0.6
    wall = np.flatnonzero(upright & near)
    assert len(wall) > 2
    edge, below = (value(wall, np.stack([np.full(len(wall), 0.5), 1 - down / building.sides_m[wall, 1]], axis=1))[:, 1]
                   for down in (0.0, 0.12))  # fmt: skip
    assert (edge > 0.85 * below).all()


def test_second_coordinates_never_overlap(files):
    glb = Glb(files / "set.glb")
    triangles = []
    for name, primitive in glb.primitives():
        if "TEXCOORD_1" not in primitive["attributes"]:
            assert not name.startswith(("wall", "floor", "ceiling"))
            continue
        uv = glb.values(primitive["attributes"]["TEXCOORD_1"]).astype(float)
        assert uv.min() >= 0
        assert uv.max() <= 1
        triangles.append(shapely.polygons(uv[glb.values(primitive["indices"]).reshape(-1, 3)]))
    flat = np.concatenate(triangles)
    assert np.isclose(shapely.union_all(flat).area, shapely.area(flat).sum(), rtol=1e-4)


def test_cameras_see_what_ours_see_and_the_shot_lasts_as_long(files):
    glb = Glb(files / "set.glb")
    node = glb.node("view")
    lens = glb.tree["cameras"][node["camera"]]["perspective"]
    across = 2 * np.arctan(np.tan(lens["yfov"] / 2) * lens["aspectRatio"])
    assert np.isclose(np.degrees(across), 62.0)
    assert np.allclose(node["translation"], [10 - 4, 1.6, -(12 - 6)])
    x, y, z, w = node["rotation"]
    forward = trimesh.transformations.quaternion_matrix([w, x, y, z])[:3, :3] @ [0, 0, -1]
    assert np.allclose(forward, [np.cos(0.7) * np.cos(0.1), np.sin(-0.1), -np.sin(0.7) * np.cos(0.1)], atol=1e-6)
    animation = glb.tree["animations"][0]
    times = glb.values(animation["samplers"][0]["input"])[:, 0]
    assert np.allclose(np.diff(times), 2 * FIELD_S, atol=1e-6)
    turn = glb.values(animation["samplers"][1]["output"])
    assert ((turn[1:] * turn[:-1]).sum(axis=1) > 0).all()


def test_the_lamp_on_the_camera_is_a_spot_on_the_camera_that_is_looked_through(files, level, tmp_path):
    scene, lens = load_scene("blackout", [f"seed={SEED}", "camera.lamp_cd=500"]), Lens(np.radians(62))
    one, two = ("view", POSE, lens), ("other", POSE, lens)
    common = {"texture_px": 64, "region": REGION}
    export_level(level, scene, SEED, tmp_path / "still.glb", views=Views((one, two)), **common)
    export_level(level, scene, SEED, tmp_path / "moving.glb", views=Views((one,), shot(20)), **common)
    for name, holder in (("still", "view"), ("moving", "shot")):
        glb = Glb(tmp_path / f"{name}.glb")
        held = [glb.tree["nodes"][k] for k in glb.node(holder)["children"]]
        assert [node["extensions"]["KHR_lights_punctual"]["light"] for node in held] == [0]
        assert held[0]["translation"][0] > 0
        assert sum("KHR_lights_punctual" in node.get("extensions", {}) for node in glb.tree["nodes"]) == 1
        (light,) = glb.tree["extensions"]["KHR_lights_punctual"]["lights"]
        assert np.isclose(light["intensity"] * np.dot(light["color"], [0.2126, 0.7152, 0.0722]), 500.0, rtol=1e-3)
        assert max(light["color"]) == 1.0
    assert "extensions" not in Glb(files / "set.glb").tree


def test_a_lamp_on_the_camera_is_metered(level):
    albedo = np.full((len(level.materials), 3), 0.5)
    meter, lens = Meter(level, albedo), Lens(np.radians(62))
    pose = Pose((0, 0), (10.0, 12.0, 1.6), 0.7, -np.pi / 2, 0.0)
    plain, lit = meter.through_lens(pose, lens), meter.through_lens(pose, lens, CameraLamp((3.0, 2.0, 1.0)))
    added = (lit - plain)[29:31, 39:41].mean(axis=(0, 1))
    assert np.allclose(added, 0.5 / np.pi * np.array([3.0, 2.0, 1.0]) / 1.6**2, rtol=0.01)


def test_a_view_nearer_to_lamps_than_the_rest_is_not_burnt_out():
    scene = load_scene("level0", ["seed=3"])
    level = build_region(scene, 3, region_around(20.0, 20.0, 10.0))
    albedo, view = np.full((len(level.materials), 3), 0.5), (Pose((0, 0), (20.0, 20.0, 1.6), 5.13, 0, 0), Lens(1.08))
    tone = tone_curve_of(level, albedo, scene.camera, view)
    seen = Meter(level, albedo).through_lens(*view)
    wanted = settled_state(seen, scene.camera)
    assert tone.exposure <= 1.01 * wanted.exposure * 10.0 ** (wanted.gain_db / 20.0)


def test_the_white_is_the_lamps_where_they_are_out_too(level):
    lamps, albedo = level.lamps, np.full((len(level.materials), 3), 0.5)
    out = replace(level, lamps=replace(lamps, radiance=0.0 * lamps.radiance))
    lit, dark = (tone_curve_of(held, albedo, lit_scene().camera) for held in (level, out))
    assert np.allclose(lit.white, dark.white, rtol=0.05)


def test_the_recipe_is_in_the_file(files):
    extras = Glb(files / "set.glb").tree["scenes"][0]["extras"]
    assert extras["world_offset_m"] == [4.0, 6.0, 0.0]
    assert Level0Scene.model_validate(extras["scene"]) == lit_scene()
    assert extras["seed"] == SEED
    assert extras["exposure"] > 0


def test_a_file_beside_another_keeps_its_exposure_and_white(files, tmp_path):
    scene = load_scene("blackout", [f"seed={SEED}"])
    place = region_of(16.0, 6.0, 22.0, 12.0)
    level = build_region(scene, SEED, place)
    seen = {}
    for ending, tone in (("alone", None), ("beside", tone_curve_of_file(files / "set.gltf"))):
        path = tmp_path / f"{ending}.glb"
        export_level(level, scene, SEED, path, texture_px=64, region=place, tone=tone)
        seen[ending] = Glb(path).tree["scenes"][0]["extras"]
    first = Glb(files / "set.glb").tree["scenes"][0]["extras"]
    assert [seen["beside"][key] for key in ("exposure", "white", "knee")] == [
        first[key] for key in ("exposure", "white", "knee")
    ]
    assert seen["alone"]["exposure"] != first["exposure"]


@pytest.mark.parametrize(
    "text, words", [(None, "No such file"), ("no JSON", "neither a .glb nor"), ('{"scenes": [{}]}', "no exposure")]
)
def test_a_file_that_says_nothing_of_exposure_is_refused(tmp_path, text, words):
    path = tmp_path / "other.gltf"
    if text is not None:
        path.write_text(text)
    with pytest.raises(NoclipError, match=words):
        tone_curve_of_file(path)


def test_a_baked_file_without_light_is_warned_of(tmp_path):
    scene = Level0Scene()
    scene = scene.model_copy(update={"plan": scene.plan.model_copy(update={"blackout": 1.0})})
    place, told = region_of(4.0, 6.0, 8.0, 10.0), io.StringIO()
    level = build_region(scene, SEED, place)
    assert not level.lamps.radiance.any()
    lightmap = bake(level, scene.light, np.full((len(level.materials), 3), 0.5), "draft")
    common = {"profile": "baked", "lightmap": lightmap, "texture_px": 64, "region": place}
    export_level(level, scene, SEED, tmp_path / "dark.glb", progress=Progress(told), **common)
    assert "no lamp burns" in told.getvalue()


def test_gltf_comes_with_its_files(files):
    tree = json.loads((files / "set.gltf").read_text())
    assert (files / tree["buffers"][0]["uri"]).stat().st_size == tree["buffers"][0]["byteLength"]
    for image in tree["images"]:
        Image.open(files / image["uri"]).verify()


def test_the_same_request_gives_the_same_bytes(files, level):
    again = files / "again.glb"
    views = Views((("view", POSE, Lens(np.radians(62))),), shot(60))
    common = {"views": views, "texture_px": 64, "region": REGION}
    export_level(level, lit_scene(), SEED, again, uv2=True, things="shared", **common)
    assert again.read_bytes() == (files / "set.glb").read_bytes()


def test_no_two_stains_lie_in_one_place(damp_level):
    scene, level = damp_level
    made = materials(level.materials, scene, 64)
    found = stains(level, slow_patina(level, SEED), made, SEED)
    corner = found.mesh.vertices[found.mesh.faces]
    plane = np.round(np.einsum("fd,fd->f", found.mesh.normals[found.mesh.faces[:, 0]], corner[:, 0]), 4)
    facing = np.round(found.mesh.normals[found.mesh.faces[:, 0]]).astype(int)
    assert len(corner) > 20
    for key in np.unique(np.column_stack([plane, facing]), axis=0):
        rows = (np.column_stack([plane, facing]) == key).all(axis=1)
        keep = np.flatnonzero(key[1:] == 0)
        flat = shapely.polygons(corner[rows][:, :, keep])
        assert np.isclose(shapely.union_all(flat).area, shapely.area(flat).sum(), rtol=1e-6)


def test_stains_have_no_dark_rim_where_viewers_mix_texels(damp_file):
    tree = damp_file.tree
    view = tree["bufferViews"][next(i["bufferView"] for i in tree["images"] if i["name"] == "stains")]
    data = damp_file.binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
    codes = np.asarray(Image.open(io.BytesIO(data))).astype(int)
    seen, bright = codes[..., 3] >= 128, codes[..., :3].mean(axis=2)
    edge = ndimage.binary_dilation(seen, np.ones((3, 3))) & ~seen
    assert edge.sum() > 1000
    assert bright[edge].min() > 0.4 * np.median(bright[seen])
    assert bright.min() > 0.25 * np.median(bright[seen])


def stripes(chart, uv):
    return np.tile(np.sin(9 * uv[:, :1]), (1, 3)).astype(np.float32)


def test_split_triangles_cover_the_same_area_and_follow_the_colour(level):
    soup = soup_of(level.building)
    everything = np.ones(len(soup.chart), bool)
    pieces = refined(soup, conforming(soup), stripes, SplitLimits(2.0, 0.3, 0.05), everything)
    split = soup_of(mesh_of_pieces(level.building, pieces))
    assert len(split.chart) > 2 * len(soup.chart)
    assert np.isclose(area(split).sum(), area(soup).sum(), rtol=1e-9)
    long = np.linalg.norm(split.position - np.roll(split.position, 1, axis=1), axis=2).max(axis=1)
    assert (long[area(split) > 0.01 * long] <= 2.0).all()


def area(soup):
    sides = soup.position[:, 1:] - soup.position[:, :1]
    return 0.5 * np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1)


@pytest.mark.parametrize("seed, place, where", [(1, "level0", 0), (2, "offices", 1), (3, "halls", 2), (4, "level0", 3)])
def test_no_corner_hangs_within_a_neighbours_edge_at_any_seed(seed, place, where):
    x, y = 40.0 * where - 51.3, 17.7 * where
    level = build_region(load_scene(place, [f"seed={seed}"]), seed, region_of(x, y, x + 7.0, y + 5.0))
    soup = soup_of(level.building)
    assert hanging(soup) > 0
    cut = conforming(soup)
    assert hanging(soup_of(mesh_of_pieces(level.building, cut))) == 0
    everything = np.ones(len(soup.chart), bool)
    pieces = refined(soup, cut, stripes, SplitLimits(2.0, 0.3, 0.05), everything)
    split = soup_of(mesh_of_pieces(level.building, pieces))
    assert len(split.chart) > 2 * len(soup.chart)
    assert hanging(split) == 0


def hanging(soup):
    """How many corners lie within the edges that only one triangle has: there a viewer shows specks."""
    place, node = np.unique(soup.position.reshape(-1, 3), axis=0, return_inverse=True)
    face = node.reshape(-1, 3)
    edge = np.sort(np.concatenate([face[:, [0, 1]], face[:, [1, 2]], face[:, [2, 0]]]), axis=1)
    edge, count = np.unique(edge, axis=0, return_counts=True)
    found = 0
    for a, b in place[edge[count == 1]]:
        way = (b - a) / np.linalg.norm(b - a)
        along = (place - a) @ way
        off = np.linalg.norm(place - a - along[:, None] * way, axis=1)
        found += int(((off < 1e-5) & (along > 1e-5) & (along < np.linalg.norm(b - a) - 1e-5)).sum())
    return found


def test_ceilings_keep_fitting_round_their_fixtures(level):
    soup = soup_of(level.building)
    fitted = expand(level)[0].vertices[len(level.building.vertices) :]
    everything = np.ones(len(soup.chart), bool)
    pieces = refined(soup, conforming(soup), stripes, SplitLimits(1.0, 0.3, 0.05), everything, fitted)
    split = soup_of(mesh_of_pieces(level.building, pieces))
    place, _ = np.unique(split.position.reshape(-1, 3), axis=0, return_index=True)
    x, y = level.lamps.center[:, 0], level.lamps.center[:, 1]
    inner = np.flatnonzero((np.minimum(x - REGION.x0, REGION.x1 - x) > 0.7) & (np.minimum(y - 6.0, 18.0 - y) > 0.7))
    rims = 0
    lamps = level.lamps
    for k in inner:
        middle, long, short = lamps.center[k], lamps.half_u[k], lamps.half_v[k]
        at = np.stack([(place - middle) @ h / np.linalg.norm(h) for h in (long, short)], axis=1)
        half = np.linalg.norm([long, short], axis=1) + 0.024
        on = (np.abs(at) < half + 1e-4).all(axis=1) & (np.abs(np.abs(at) - half) < 1e-4).any(axis=1)
        on &= np.abs(place[:, 2] - middle[2]) < 0.03
        rims += int(on.sum())
        gap = np.linalg.norm(place[on][:, None] - fitted[None], axis=2).min(axis=1, initial=9.0)
        assert (gap < 1e-4).all()
    assert rims >= 4 * len(inner) > 0


@pytest.mark.parametrize(
    "corners, words",
    [((3, 3, 3, 9), "empty or reversed"), ((9, 0, 3, 9), "empty or reversed"), ((0, 0, np.inf, 9), "finite"),
     ((0, 0, 0.2, 9), "at least"), ((0, 0, 1e14, 9), "world ends")],
)  # fmt: skip
def test_a_useless_region_is_refused(corners, words):
    with pytest.raises(NoclipError, match=words):
        region_of(*corners)


def test_a_huge_region_is_refused_with_the_size_it_would_give(tmp_path):
    with pytest.raises(NoclipError, match=r"about .* GB, the limit is 2 GB; ask for at most"):
        check_request(tmp_path / "x.glb", region_around(0, 0, 5000.0))


@pytest.mark.parametrize("name, words", [("x.obj", "unknown ending"), ("no/x.glb", "does not exist")])
def test_a_target_that_cannot_be_written_is_refused(tmp_path, name, words):
    with pytest.raises(NoclipError, match=words):
        check_request(tmp_path / name, REGION)


def test_a_camera_that_sees_nothing_is_exported_as_any_other(level, tmp_path):
    away = Pose((0, 0), (-50.0, -50.0, 1.6), np.pi, 0.0, 0.0)
    views = Views((("view", away, Lens(1.08)),))
    export_level(level, lit_scene(), SEED, tmp_path / "x.glb", views=views, texture_px=64, region=REGION)
    assert Glb(tmp_path / "x.glb").node("view")


def test_a_shot_too_long_or_empty_is_refused():
    for fields, words in ((0, "no fields"), (120_000, "lasts")):
        with pytest.raises(NoclipError, match=words):
            add_shot(Asset("test"), shot(fields), 4 / 3, REGION)


def test_chunks_cover_a_region_and_no_more():
    assert region_chunks(region_of(0, 0, CHUNK_M, 2 * CHUNK_M)) == (0, 0, 1, 2)
    assert region_chunks(region_of(-0.5, 1, CHUNK_M + 0.5, 2)) == (-1, 0, 2, 1)


def test_without_blender_one_line_says_how_to_get_it(monkeypatch, tmp_path):
    from generator.export import blend

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(blend.VARIABLE, raising=False)
    monkeypatch.setattr(blend, "__file__", str(tmp_path / "a" / "b" / "blend.py"))
    with pytest.raises(NoclipError, match="bpy==5") as found:
        check_request(tmp_path / "x.blend", REGION)
    assert "\n" not in str(found.value)


def test_a_thing_has_the_same_name_and_place_in_every_region_that_holds_it():
    scene = lit_scene()
    one, two = (build_region(scene, SEED, region_of(*corners)) for corners in ((20, 6, 44, 18), (30.3, 1.5, 52, 15.7)))
    here, there = named_places(one), named_places(two)
    assert len(here) == len(one.instances.mesh)
    shared = here.keys() & there.keys()
    assert len(shared) > 10
    assert {name.partition("_chunk")[0] for name in shared} > {"troffer"}
    for name in shared:
        assert np.allclose(here[name], there[name], atol=1e-6)
    inside = {name for name, (x, y, _) in here.items() if 31.0 < x < 43.3 and 6.7 < y < 15.0}
    assert inside <= there.keys()


def named_places(level):
    place = level.instances.world_from_mesh[:, :3, 3] + [level.origin[0] * CHUNK_M, level.origin[1] * CHUNK_M, 0]
    return dict(zip(names_of(level), place, strict=True))


def test_instances_of_a_cropped_level_keep_their_lamps(level):
    lamp = level.instances.lamp
    centre = level.instances.world_from_mesh[lamp >= 0, :2, 3]
    assert np.abs(centre - level.lamps.center[lamp[lamp >= 0], :2]).max() < 1.0
