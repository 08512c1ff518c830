"""What the tunnels cost: their plan, their set, their light."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from generator.geometry import expand
from generator.light.bake import bake
from generator.light.blocks import chart_middles
from generator.places.level2.plan.generate import floorplan as plan_of
from generator.places.level2.plan.generate import window
from generator.places.level2.plan_settings import PlanSettings
from generator.places.level2.settings import Level2Scene
from generator.places.verbs import build, floorplan
from generator.plan.floorplan import CHUNK_M
from generator.plan.lattice import UNIT_M

SEED, CHUNKS = 4, 6
WALLS = {"limewash": (0.48, 0.46, 0.41), "floor": (0.13, 0.12, 0.1), "soffit": (0.37, 0.36, 0.33)}
OTHER = (0.2, 0.18, 0.15)
HALF_M = 50.0
"""Half the side of a hectare."""


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Processor seconds with warm kernels, and unique triangles."""
    rules, scene = PlanSettings(), Level2Scene()
    plan_of(rules, 0, (0, 0, 1, 1))
    chunk = _seconds(lambda: [plan_of(rules, SEED, (20 * k, 3, 20 * k + 1, 4)) for k in range(8)])[1] / 8
    yield "tunnels: a chunk of plan", 1e3 * chunk, "ms", "under 10"
    chunks = (0, 0, CHUNKS, CHUNKS)
    plan = floorplan(scene, SEED, chunks)
    build(floorplan(scene, 0, (0, 0, 1, 1)), scene, 0)
    kilometres, hectares = _length(rules, chunks) / 1e3, (CHUNKS * CHUNK_M) ** 2 / 1e4
    yield "tunnels: a kilometre built", _seconds(lambda: build(plan, scene, SEED))[1] / kilometres, "core-s", "under 3"
    level = build(plan, scene, SEED)
    unique = len(level.building.faces) / hectares + sum(len(mesh.faces) for mesh in level.instance_meshes)
    yield "tunnels: unique triangles a hectare", unique, "", "under 120000"
    albedo = np.array([WALLS.get(name, OTHER) for name in level.materials])
    middle = np.abs(chart_middles(expand(level)[0]) - 0.5 * CHUNKS * CHUNK_M)
    bake(level, scene.light, albedo, "draft", (middle <= 8.0).all(axis=1))
    charts = (middle <= HALF_M).all(axis=1)
    for quality, goal in (("draft", ""), ("normal", "under 20")):
        wall, cpu = _seconds(lambda q=quality: bake(level, scene.light, albedo, q, charts))
        yield f"tunnels: bake of a hectare, {quality}", wall, "s", goal
        yield f"tunnels: bake of a hectare, {quality}: processor", cpu, "core-s", ""


def _length(rules: PlanSettings, chunks: tuple[int, int, int, int]) -> float:
    """Metres of tunnel whose middles lie in a region."""
    legs, _ = window(rules, SEED, chunks)
    middles = [(leg, (leg.low.x + leg.high.x) / 2 * UNIT_M, (leg.low.y + leg.high.y) / 2 * UNIT_M) for leg in legs]
    far = CHUNKS * CHUNK_M
    return sum((leg.span[1] - leg.span[0]) * UNIT_M for leg, x, y in middles if 0 <= x < far and 0 <= y < far)


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall-clock and processor seconds of some work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu
