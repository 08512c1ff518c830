"""Figures of the export: a hectare of level0 after build and materials, warm, CPU seconds, the least of two runs."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from generator.export import build_region, export_level, region_of
from generator.light.bake import bake
from generator.scene import Scene
from generator.surface import materials

HECTARE = region_of(0.0, 0.0, 100.0, 100.0)
SEED = 1


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Name, value, unit and goal of each measure."""
    scene = Scene()
    level = build_region(scene, SEED, HECTARE)
    made = materials(level.materials, scene.look, SEED, 1024)
    albedo = np.array([m.mean_albedo for m in made])
    lightmap = bake(level, scene.light, albedo, "draft")
    with tempfile.TemporaryDirectory() as folder:
        for profile, most in (("set", 20), ("baked", 60)):
            path, times = Path(folder) / f"{profile}.glb", []
            for _ in range(2):
                start = time.process_time()
                size = export_level(
                    level, scene, SEED, path,
                    profile=profile, lightmap=lightmap, region=HECTARE, materials=made,  # type: ignore[arg-type]
                )  # fmt: skip
                times.append(time.process_time() - start)
            data = path.read_bytes()
            tree = json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])
            yield f"export: a hectare, {profile}", min(times), "s", "under 5"
            yield f"export: size of a hectare, {profile}", size / 1e6, "MB", f"under {most}"
            yield f"export: nodes of a hectare, {profile}", len(tree["nodes"]), "", "under 3000"
            yield f"export: meshes of a hectare, {profile}", len(tree["meshes"]), "", "few"
