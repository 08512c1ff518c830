"""Other programs' readers find in an exported file what it holds: trimesh and assimp."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from generator.export import build_region, export_level, region_of
from generator.geometry import expand
from generator.light.bake import bake
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import materials

SEED, REGION = 1, region_of(4.0, 6.0, 12.0, 14.0)
FILES = {"set": ("set", "shared"), "merged": ("set", "merged"), "baked": ("baked", "shared"),
         "lightmapped": ("lightmapped", "shared")}  # fmt: skip
GROUND = ("floor", "wall", "ceiling")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The level, and a file of each profile."""
    folder, scene = tmp_path_factory.mktemp("readers"), Level0Scene()
    level = build_region(scene, SEED, REGION)
    made = materials(level.materials, scene, 64)
    lightmap = bake(level, scene.light, np.array([m.mean_albedo for m in made]), "draft")
    for name, (profile, things) in FILES.items():
        common = {"lightmap": lightmap, "region": REGION, "materials": made, "texture_px": 64}
        export_level(level, scene, SEED, folder / f"{name}.glb", profile=profile, things=things, **common)
    return level, {name: folder / f"{name}.glb" for name in FILES}


@pytest.fixture(scope="module")
def shape(written):
    """Corners of the whole level's box (2, 3) in glTF's axes, and its area."""
    level, _ = written
    mesh, _ = expand(level)
    corner = mesh.vertices[mesh.faces] - np.array([4.0, 6.0, 0.0])
    area = 0.5 * np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1).sum()
    flat = corner.reshape(-1, 3)[:, [0, 2, 1]] * [1.0, 1.0, -1.0]
    return np.array([flat.min(axis=0), flat.max(axis=0)]), area


@pytest.mark.parametrize("name", FILES)
def test_trimesh_finds_its_size_area_and_names(written, shape, name):
    scene = trimesh.load(written[1][name])
    assert np.abs(scene.bounds - shape[0]).max() < 0.005
    assert 0.99 * shape[1] < scene.area < 1.02 * shape[1]  # stains lie over it
    nodes = [str(node) for node in scene.graph.nodes]
    assert all(any(node.startswith(kind) for node in nodes) for kind in GROUND)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_assimp_finds_its_size_materials_and_names(written, shape, name):
    import assimp_py as assimp

    scene = assimp.import_file(str(written[1][name]), assimp.Process_Triangulate | assimp.Process_PreTransformVertices)
    corner = np.concatenate([np.asarray(mesh.vertices).reshape(-1, 3) for mesh in scene.meshes])
    assert np.abs([corner.min(axis=0) - shape[0][0], corner.max(axis=0) - shape[0][1]]).max() < 0.005
    assert {kind for kind in GROUND for child in scene.root_node.children if child.name.startswith(kind)} == set(GROUND)
    named = {material.get("NAME", "").partition("_")[0] for material in scene.materials}
    assert named >= {"carpet", "ceiling", "wallpaper"}
