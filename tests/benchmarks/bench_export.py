"""Figures of the export: level0 after build and materials, warm, CPU seconds, the least of two runs."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from generator.export import Profile, Region, build_region, export_engine, export_level, region_of
from generator.export.gltf import read_tree
from generator.light.bake import bake
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import materials
from generator.plan.floorplan import CHUNK_M
from tests.glb import draw_calls, unique_triangles
from tests.reference import install

HECTARE, HALF = region_of(0.0, 0.0, 100.0, 100.0), region_of(0.0, 0.0, 100.0, 50.0)
SEED = 1
LARGEST_MB: dict[Profile, int] = {"set": 20, "baked": 60, "lightmapped": 60}
MOST_TRIANGLES: dict[Profile, int] = {"set": 110_000, "baked": 180_000, "lightmapped": 180_000}
MOST_S: dict[Profile, int] = {"set": 3, "baked": 4, "lightmapped": 5}
"""CPU seconds of a hectare, after build, materials and bake."""
IMPORT = """
import resource, sys, bpy
bpy.ops.wm.read_factory_settings(use_empty=True)
start = resource.getrusage(resource.RUSAGE_SELF)
bpy.ops.import_scene.gltf(filepath=sys.argv[1])
end = resource.getrusage(resource.RUSAGE_SELF)
print("took", end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime)
"""


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Name, value, unit and goal of each measure."""
    with tempfile.TemporaryDirectory() as folder:
        half, whole = dict(_exports(HALF, Path(folder), "half")), dict(_exports(HECTARE, Path(folder), "all"))
        for profile, most in LARGEST_MB.items():
            path = Path(folder) / f"all_{profile}.glb"
            data = path.read_bytes()
            tree = json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])
            yield f"export: a hectare, {profile}", whole[profile], "s", f"at most {MOST_S[profile]}"
            yield f"export: a hectare by half of one, {profile}", whole[profile] / half[profile], "", "at most 2"
            yield f"export: size of a hectare, {profile}", len(data) / 1e6, "MB", f"under {most}"
            triangles = unique_triangles(tree)
            yield f"export: unique triangles of a hectare, {profile}", triangles, "", f"under {MOST_TRIANGLES[profile]}"
            yield f"export: nodes of a hectare, {profile}", len(tree["nodes"]), "", "under 3000"
            yield f"export: meshes of a hectare, {profile}", len(tree["meshes"]), "", "few"
            yield f"export: draw calls of a hectare, {profile}", draw_calls(tree), "", "1.4 ha: at most 600"
            taken = _import_s(path)
            if taken is not None:
                yield f"export: Blender imports a hectare, {profile}", taken, "s", "under 3"
        yield from shared_rows(Path(folder) / "shared.glb")
        yield from engine_rows(Path(folder) / "level")


def shared_rows(path: Path) -> Iterator[tuple[str, float, str, str]]:
    """Rows of a hectare of the set whose fixtures and props each have a node."""
    scene = Level0Scene()
    level = build_region(scene, SEED, HECTARE)
    export_level(level, scene, SEED, path, texture_px=64, region=HECTARE, things="shared")
    tree = read_tree(path)
    yield "export: draw calls of a hectare, set, shared", draw_calls(tree), "", ""
    yield "export: unique triangles of a hectare, set, shared", unique_triangles(tree), "", "under 110000"


def engine_rows(path: Path) -> Iterator[tuple[str, float, str, str]]:
    """Rows of an engine's folder of four chunks, without its bake, but with everything else."""
    scene = Level0Scene(seed=SEED)
    region = region_of(0.0, 0.0, 2 * CHUNK_M, 2 * CHUNK_M)
    export_engine(scene, region, path, probes=False)  # kernels and materials are there
    start = time.process_time()
    size = export_engine(scene, region, path, probes=False)
    yield "export: engine folder of four chunks, no probes", time.process_time() - start, "s", ""
    yield "export: its size", size / 1e6, "MB", ""
    far = [read_tree(file) for file in path.glob("*_lod1.glb")]
    yield "export: its triangles from afar, a chunk", sum(map(unique_triangles, far)) / 4, "", "under 3000"
    nav = [json.loads(file.read_text()) for file in path.glob("*_nav.json")]
    yield "export: its navigation triangles, a chunk", sum(len(mesh["triangles"]) for mesh in nav) / 4, "", ""


def _exports(region: Region, folder: Path, name: str) -> Iterator[tuple[Profile, float]]:
    """Each profile, and the CPU seconds that its file takes."""
    scene = Level0Scene()
    level = build_region(scene, SEED, region)
    made = materials(level.materials, scene, 1024)
    lightmap = bake(level, scene.light, np.array([m.mean_albedo for m in made]), "draft")
    for profile in LARGEST_MB:
        path, times = folder / f"{name}_{profile}.glb", []
        for _ in range(2):
            start = time.process_time()
            export_level(level, scene, SEED, path, profile=profile, lightmap=lightmap, region=region, materials=made)
            times.append(time.process_time() - start)
        yield profile, min(times)


def _import_s(path: Path) -> float | None:
    """CPU seconds of Blender's importer, None where there is no Blender."""
    try:
        python = install.blender()
    except RuntimeError:
        return None
    done = subprocess.run([str(python), "-c", IMPORT, str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout.rpartition("took ")[2])
