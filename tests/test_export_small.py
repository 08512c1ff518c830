"""Smaller files show the same: corners go on meeting, pictures stay, and what they need is said."""

from __future__ import annotations

import importlib.util
import io
import json

import numpy as np
import pytest
from PIL import Image

from generator.errors import NoclipError
from generator.export import Small, build_region, check_request, export_level, region_of
from generator.export.small import STEP_M
from generator.light.bake import bake
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import materials
from tests.glb import Glb
from tests.test_cli import run

SEED, REGION = 1, region_of(34.0, 6.0, 44.0, 14.0)
"""Two chunks."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Writes the region in a profile, smaller as asked."""
    folder, scene = tmp_path_factory.mktemp("small"), Level0Scene()
    level = build_region(scene, SEED, REGION)
    lightmap = bake(level, scene.light, np.full((len(level.materials), 3), 0.5), "draft")
    pictures = materials(level.materials, scene, 64)
    common = {"lightmap": lightmap, "region": REGION, "materials": pictures}

    def write(profile, small):
        path = folder / f"{profile}_{small.geometry}_{small.textures}.glb"
        if not path.exists():
            export_level(level, scene, SEED, path, profile=profile, small=small, **common)
        return Glb(path)

    return write


def corners(glb):
    """By node and primitive, the corners of triangles in the scene's metres."""
    out = {}
    for node in glb.tree["nodes"]:
        if "mesh" not in node:
            continue
        matrix = np.eye(4)
        if "matrix" in node:
            matrix = np.array(node["matrix"]).reshape(4, 4).T
        else:
            from scipy.spatial.transform import Rotation

            turn = Rotation.from_quat(node.get("rotation", [0, 0, 0, 1])).as_matrix()
            matrix[:3, :3] = turn * np.array(node.get("scale", [1, 1, 1]))
            matrix[:3, 3] = node.get("translation", [0, 0, 0])
        for k, part in enumerate(glb.tree["meshes"][node["mesh"]]["primitives"]):
            place = glb.values(part["attributes"]["POSITION"]).astype(float)
            faces = glb.values(part["indices"]).ravel().astype(int)
            out[node["name"], k] = (place @ matrix[:3, :3].T + matrix[:3, 3])[faces]
    return out


@pytest.mark.parametrize("profile", ["set", "baked", "lightmapped"])
def test_quantized_corners_lie_within_half_a_step_of_where_they_were(made, profile):
    plain, small = (corners(made(profile, Small(geometry))) for geometry in ("float", "quantized"))
    assert plain.keys() == small.keys()
    for key, place in plain.items():
        assert np.abs(small[key] - place).max() <= 0.5001 * STEP_M + 1e-5, key


def test_what_met_before_meets_still(made):
    plain, small = (corners(made("baked", Small(geometry))) for geometry in ("float", "quantized"))
    building = [key for key in plain if key[0].startswith(("wall", "floor", "ceiling", "trim"))]
    before, after = (np.concatenate([held[key] for key in building]) for held in (plain, small))
    spot, index = np.unique(np.round(before / 1e-5).astype(np.int64), axis=0, return_inverse=True)
    low, high = np.full((len(spot), 3), np.inf), np.full((len(spot), 3), -np.inf)
    np.minimum.at(low, index.ravel(), after)
    np.maximum.at(high, index.ravel(), after)
    assert (high - low).max() < 1e-6


@pytest.mark.parametrize("profile", ["set", "baked", "lightmapped"])
def test_quantized_files_are_smaller_and_say_what_they_need(made, profile):
    plain, small = (made(profile, Small(geometry)) for geometry in ("float", "quantized"))
    assert small.tree["extensionsRequired"] == ["KHR_mesh_quantization"]
    assert len(small.binary) < 0.9 * len(plain.binary)
    for mesh in small.tree["meshes"]:
        for part in mesh["primitives"]:
            assert "TEXCOORD_0" in part["attributes"]
            for index in part["attributes"].values():
                view = small.tree["bufferViews"][small.tree["accessors"][index]["bufferView"]]
                assert view["byteStride"] % 4 == 0


def test_webp_pictures_are_those_of_the_file(made):
    files = [made("baked", Small("float", textures)) for textures in ("jpeg", "webp")]
    one, two = (glb.tree for glb in files)
    assert two["extensionsRequired"] == ["EXT_texture_webp"]
    assert sum(view["byteLength"] for view in two["bufferViews"]) < sum(
        view["byteLength"] for view in one["bufferViews"]
    )
    pictures = zip(*(glb.images() for glb in files), strict=True)
    for a, b, pair in zip(one["images"], two["images"], pictures, strict=True):
        before, after = (np.asarray(Image.open(io.BytesIO(data))) for data in pair)
        assert a["name"] == b["name"]
        assert b["mimeType"] == "image/webp"
        assert before.shape == after.shape
        assert np.abs(before.astype(float) - after).mean() < 8
    sources = {texture["extensions"]["EXT_texture_webp"]["source"] for texture in two["textures"]}
    assert sources == set(range(len(two["images"])))


def test_without_its_library_one_line_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NoclipError, match=r"pip install 'noclip-generator\[small\]'") as found:
        check_request(tmp_path / "x.glb", REGION, "baked", 64, Small("meshopt"))
    assert "\n" not in str(found.value)


def test_what_is_not_gltf_is_not_made_smaller(tmp_path):
    with pytest.raises(NoclipError, match=r"write a \.glb"):
        check_request(tmp_path / "x.blend", REGION, "set", 64, Small("quantized"))


def test_a_phone_is_given_the_baked_profile(tmp_path, capsys):
    code, out, told = run(capsys, "export", "--phone", "--profile", "set", "-o", str(tmp_path / "x.glb"))
    assert (code, out) == (2, [])
    assert "--phone: a phone is given the baked profile" in told[0]


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["set", "baked", "lightmapped"])
def test_meshopt_unpacks_to_what_was_packed(made, profile):
    import almeshopt

    plain, packed = made(profile, Small("quantized")), made(profile, Small("meshopt"))
    assert "EXT_meshopt_compression" in packed.tree["extensionsRequired"]
    assert packed.path.stat().st_size < plain.path.stat().st_size
    unpacked = bytearray(packed.tree["buffers"][1]["byteLength"])
    for view in packed.tree["bufferViews"]:
        told = view.get("extensions", {}).get("EXT_meshopt_compression")
        if told is None:
            continue
        data = packed.binary[told["byteOffset"] : told["byteOffset"] + told["byteLength"]]
        assert data[0] == (0xA0 if told["mode"] == "ATTRIBUTES" else 0xE1)
        if told["mode"] == "ATTRIBUTES":
            out = almeshopt.decode_vertex_buffer(data, told["count"], told["byteStride"], np.uint8)
        else:
            out = almeshopt.decode_index_buffer(data, told["count"])
        unpacked[view["byteOffset"] : view["byteOffset"] + view["byteLength"]] = np.ascontiguousarray(out).tobytes()
    one = corners(plain)
    packed.binary = bytes(unpacked)
    two = corners(packed)
    for key, place in one.items():
        middles = [np.round(at.reshape(-1, 3, 3).mean(axis=1), 6) for at in (place, two[key])]
        triangles, others = (middle[np.lexsort(middle.T)] for middle in middles)
        assert np.allclose(triangles, others, atol=2e-6), key


@pytest.mark.slow
def test_the_validator_has_nothing_to_say_of_smaller_files(made):
    import subprocess

    from tests.reference import install

    smalls = (Small("quantized", "webp"), Small("meshopt", "webp"))
    files = [str(made(profile, small).path) for profile in ("set", "baked", "lightmapped") for small in smalls]
    script = install.ROOT / "tests" / "reference" / "validate_gltf.mjs"
    done = subprocess.run(
        ["node", str(script), str(install.validator()), *files], capture_output=True, text=True, check=True
    )
    for report in json.loads(done.stdout):
        issues = report["issues"]
        assert (issues["numErrors"], issues["numWarnings"], issues["numHints"]) == (0, 0, 0), issues["messages"][:5]
