"""Figures of the geometry stage: a hectare from its plan, warm, CPU seconds of a thread, the least of several runs."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator

from generator.geometry import expand
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import build, floorplan
from generator.plan.floorplan import CHUNK_M

CHUNKS = 3
HECTARES = (CHUNKS * CHUNK_M) ** 2 / 1e4
"""1.37 ha are built; the figures are per hectare."""


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Name, value, unit and goal of each measure."""
    scene = Level0Scene()
    plan = floorplan(scene, 1, (0, 0, CHUNKS, CHUNKS))
    build(plan, scene, 1)
    times = []
    for _ in range(3):
        start = time.thread_time()
        level = build(plan, scene, 1)
        times.append(time.thread_time() - start)
    yield "build: a hectare", min(times) / HECTARES, "s", "under 1.5"
    counts = []
    for seed in range(4):
        level = build(floorplan(scene, seed, (0, 0, CHUNKS, CHUNKS)), scene, seed)
        counts.append(len(level.building.faces) + sum(len(mesh.faces) for mesh in level.instance_meshes))
    yield "build: unique triangles of a hectare, most of 4 seeds", max(counts) / HECTARES, "", "under 100000"
    tracemalloc.start()
    build(plan, scene, 1)
    yield (
        "build: arrays while building a hectare",
        tracemalloc.get_traced_memory()[1] / HECTARES / 1e6,
        "MB",
        "under 300",
    )
    tracemalloc.stop()
    start = time.thread_time()
    mesh, _ = expand(level)
    yield "build: expanding a hectare", (time.thread_time() - start) / HECTARES, "s", ""
    yield "build: triangles of a hectare with its instances", len(mesh.faces) / HECTARES, "", ""
