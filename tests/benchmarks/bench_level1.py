"""What the car park costs: its plan, its set, its light."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from generator.geometry import expand
from generator.light.bake import bake
from generator.light.blocks import chart_middles
from generator.places.level1.plan.generate import floorplan as plan_of
from generator.places.level1.plan_settings import PlanSettings
from generator.places.level1.settings import Level1Scene
from generator.places.verbs import build, floorplan
from generator.plan.floorplan import CHUNK_M

SEED, CHUNKS = 12, 4
ALBEDO = {
    "slab": (0.23, 0.22, 0.2),
    "soffit": (0.37, 0.36, 0.33),
    "cast": (0.34, 0.33, 0.31),
    "block": (0.33, 0.32, 0.3),
}
OTHER = (0.3, 0.28, 0.25)
HALF_M = 50.0
"""Half the side of a hectare."""


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Processor seconds with warm kernels, and unique triangles."""
    rules, scene = PlanSettings(), Level1Scene()
    plan_of(rules, 0, (0, 0, 1, 1))
    chunk = _seconds(lambda: [plan_of(rules, SEED, (k, 3, k + 1, 4)) for k in range(8)])[1] / 8
    yield "car park: a chunk of plan", 1e3 * chunk, "ms", "under 10"
    plan = floorplan(scene, SEED, (0, 0, CHUNKS, CHUNKS))
    build(floorplan(scene, 0, (0, 0, 1, 1)), scene, 0)
    hectares = (CHUNKS * CHUNK_M) ** 2 / 1e4
    yield "car park: build", _seconds(lambda: build(plan, scene, SEED))[1] / hectares, "core-s/ha", "under 2.5"
    level = build(plan, scene, SEED)
    unique = len(level.building.faces) / hectares + sum(len(mesh.faces) for mesh in level.instance_meshes)
    yield "car park: unique triangles a hectare", unique, "", "under 120000"
    albedo = np.array([ALBEDO.get(name, OTHER) for name in level.materials])
    middle = np.abs(chart_middles(expand(level)[0]) - 0.5 * CHUNKS * CHUNK_M)
    bake(level, scene.light, albedo, "draft", (middle <= 8.0).all(axis=1))
    charts = (middle <= HALF_M).all(axis=1)
    yield "car park: lamps on the hectare", float(_lamps(level)), "", ""
    for quality, goal in (("draft", "under 6"), ("normal", "under 25")):
        wall, cpu = _seconds(lambda q=quality: bake(level, scene.light, albedo, q, charts))
        yield f"car park: bake of a hectare, {quality}", wall, "s", goal
        yield f"car park: bake of a hectare, {quality}: processor", cpu, "core-s", ""


def _lamps(level) -> int:
    """How many lamps hang over the hectare."""
    inside = (np.abs(level.lamps.center[:, :2] - 0.5 * CHUNKS * CHUNK_M) <= HALF_M).all(axis=1)
    return len(np.unique(level.lamps.lamp[inside]))


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall-clock and processor seconds of some work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu
