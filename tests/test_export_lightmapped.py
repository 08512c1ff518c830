"""Lightmaps that travel: charts lie apart, chunks agree where they meet, and the sidecar says what is where."""

from __future__ import annotations

import json

import numpy as np
import OpenEXR
import pytest
from PIL import Image

from generator.errors import NoclipError
from generator.export import build_region, check_request, export_level, region_of
from generator.export.light_atlas import PAD, atlases
from generator.export.primitives import chunk_of_faces
from generator.export.shade import light_at
from generator.geometry import expand
from generator.light.bake import bake
from generator.light.flicker import RIPPLE
from generator.places.level0.settings import Level0Scene
from tests.colour_difference import linear
from tests.glb import Glb

SEED, REGION = 1, region_of(33.0, 6.0, 45.0, 14.0)
"""Two chunks."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A lightmapped file of rooms whose lamps fail, its folder, level and light."""
    path, scene = tmp_path_factory.mktemp("lightmapped") / "x.glb", Level0Scene()
    plan = scene.plan.model_copy(update={"blackout": 0.0, "rooms_dark": 0.0, "lamps_dead": 0.0, "lamps_failing": 0.3})
    scene = scene.model_copy(update={"plan": plan})
    level = build_region(scene, SEED, REGION)
    lightmap = bake(level, scene.light, np.full((len(level.materials), 3), 0.5), "draft")
    common = {"profile": "lightmapped", "lightmap": lightmap, "texture_px": 64, "region": REGION}
    export_level(level, scene, SEED, path, **common)
    return path, level, lightmap, json.loads(path.with_name("x_lightmap.json").read_text())


def held(level):
    """What faces of all that is there lie in which chunk, and show which chart."""
    mesh, _ = expand(level)
    return [(chunk_of_faces(mesh, level.origin), mesh.vertex_chart[mesh.faces[:, 0]].astype(np.int64))]


def test_charts_of_an_atlas_lie_apart_with_their_padding(made):
    *_, told = made
    assert len(told["chunks"]) == 2
    for chunk in told["chunks"]:
        wide, high = chunk["size"]
        assert max(wide, high) <= 2048
        taken = np.zeros((high, wide), int)
        for x, y, w, h in chunk["charts"]:
            assert min(x, y) >= PAD
            assert x + w + PAD <= wide
            assert y + h + PAD <= high
            taken[y - PAD : y + h + PAD, x - PAD : x + w + PAD] += 1
        assert taken.max() == 1


def test_second_coordinates_read_inside_one_chart(made):
    path, *_, told = made
    glb = Glb(path)
    for chunk in told["chunks"]:
        i, j = chunk["chunk"]
        owner = np.full(chunk["size"][::-1], -1)
        for k, (x, y, w, h) in enumerate(chunk["charts"]):
            owner[y : y + h, x : x + w] = k
        seen = 0
        for name, primitive in glb.primitives():
            material = glb.tree["materials"][primitive["material"]]
            if not material["name"].endswith(f"_chunk_{i}_{j}"):
                continue
            uv = glb.values(primitive["attributes"]["TEXCOORD_1"]) * chunk["size"] - 0.5
            texel = np.rint(uv).astype(int)
            assert np.abs(uv - np.rint(uv)).max() < chunk["size"][0], name
            face = owner[texel[:, 1], texel[:, 0]][glb.values(primitive["indices"]).reshape(-1, 3).astype(int)]
            assert (face >= 0).all()
            assert (face == face[:, :1]).mean() > 0.999  # a corner half way between texels rounds either way
            seen += len(face)
        assert seen > 500


def test_openexr_holds_the_bakes_own_light_layer_by_layer(made):
    path, level, lightmap, told = made
    found = atlases(lightmap, held(level))
    for chunk in told["chunks"]:
        atlas = found[tuple(chunk["chunk"])]
        names = {"steady": lightmap.steady} | {f"failing_{k}": lightmap.flicker[k] for k in range(len(chunk["layers"]))}
        with OpenEXR.File(str(path.with_name(chunk["hdr"]))) as file:
            channels = file.channels()
            for name, image in names.items():
                layer = channels[name].pixels.astype(np.float32)
                for k in range(0, len(atlas.chart), 37):
                    (x, y), (w, h) = atlas.place[k], atlas.texels[k]
                    (i, j), _ = lightmap.chart_place[atlas.chart[k]], lightmap.chart_size[atlas.chart[k]]
                    assert np.allclose(layer[y : y + h, x : x + w], image[j : j + h, i : i + w], rtol=2e-3, atol=1e-4)


def test_chunks_read_the_same_light_where_they_meet(made):
    path, level, lightmap, told = made
    one, two = atlases(lightmap, held(level)).values()
    shared = np.intersect1d(one.chart, two.chart)
    mesh, _ = expand(level)
    border = np.flatnonzero(np.abs(mesh.vertices[:, 0] + level.origin[0] * 39.0144 - 39.0144) < 1e-6)
    assert len(border) + len(shared) > 10
    maps = [linear(np.asarray(Image.open(path.with_name(chunk["map"])))) * told["white"] for chunk in told["chunks"]]
    for chart, uv in zip(mesh.vertex_chart[border], mesh.chart_uv[border], strict=True):
        want = light_at(lightmap, np.array([chart]), uv[None].astype(np.float64))[0]
        for atlas, image in zip((one, two), maps, strict=True):
            if chart not in atlas.chart:
                continue
            at = atlas.uv(np.array([chart]), uv[None])[0] * atlas.size - 0.5
            x, y = np.rint(at).astype(int)
            if np.abs(at - [x, y]).max() < 1e-3 and want.max() < told["white"]:
                assert np.abs(image[y, x] - want).max() < 0.012 * told["white"] ** 0.5 + 0.02 * want.max()


def test_the_sidecar_names_lamps_and_what_failing_ones_do(made):
    path, *_, told = made
    nodes = {node["name"] for node in Glb(path).tree["nodes"]}
    assert {lamp["name"] for lamp in told["lamps"]} <= nodes
    failing = {lamp["name"] for lamp in told["lamps"] if lamp["state"] == "failing"}
    assert failing == set(told["signal"]["lamps"])
    assert failing
    for values in told["signal"]["lamps"].values():
        assert len(values) >= 299
        assert 0.0 <= min(values) < max(values) <= 1.0 + RIPPLE
    layers = [layer for chunk in told["chunks"] for layer in chunk["layers"]]
    assert layers
    for layer in layers:
        assert path.with_name(layer["map"]).exists()
        assert set(layer["lamps"]) <= failing


def test_the_document_holds_each_chunks_map_on_its_second_coordinates(made):
    path, *_, told = made
    tree = Glb(path).tree
    assert "extensionsRequired" not in tree
    mapped = [m for m in tree["materials"] if "MOZ_lightmap" in m["extensions"]]
    assert {m["extras"]["lightmap"] for m in mapped} == {f"lightmap_chunk_{i}_{j}" for i, j in
                                                         (chunk["chunk"] for chunk in told["chunks"])}  # fmt: skip
    for material in mapped:
        light = material["extensions"]["MOZ_lightmap"]
        assert light["texCoord"] == 1
        assert np.isclose(light["intensity"], 683.0 * np.pi * told["white"])
        assert tree["textures"][light["index"]]["name"] == material["extras"]["lightmap"]
    plain = {m["name"].partition("_chunk")[0] for m in tree["materials"] if "MOZ_lightmap" not in m["extensions"]}
    assert all(name.startswith("lens_") for name in plain)


def test_an_atlas_that_cannot_fit_says_what_would(made):
    _, level, lightmap, _ = made
    with pytest.raises(NoclipError, match=r"does not fit 64 x 64 texels: bake it coarser"):
        atlases(lightmap, held(level), largest=64)


def test_a_gltf_of_several_files_has_its_maps_and_sidecar_beside_it(made, tmp_path):
    _, level, lightmap, told = made
    common = {"profile": "lightmapped", "lightmap": lightmap, "texture_px": 64, "region": REGION}
    for _ in range(2):  # anew, and in its own place
        export_level(level, Level0Scene(), SEED, tmp_path / "x.gltf", **common)
    images = json.loads((tmp_path / "x.gltf").read_text())["images"]
    here = {file.name for file in tmp_path.iterdir()}
    assert {image["uri"] for image in images} <= here
    assert {chunk[key] for chunk in told["chunks"] for key in ("hdr", "map", "steady")} <= here
    assert "x_lightmap.json" in here


def test_lightmaps_do_not_go_into_usd_and_replace_nobodys_sidecar(tmp_path):
    with pytest.raises(NoclipError, match="write the lightmapped profile as"):
        check_request(tmp_path / "x.usdz", REGION, "lightmapped")
    (tmp_path / "x_lightmap.json").write_text("mine")
    with pytest.raises(NoclipError, match="is here already"):
        check_request(tmp_path / "x.glb", REGION, "lightmapped")
