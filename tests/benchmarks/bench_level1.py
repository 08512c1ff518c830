"""What car park and warehouse cost: plan, set, light, and a frame with puddles."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np

from generator.camera.shot import Lens
from generator.geometry import expand
from generator.light.bake import bake
from generator.light.blocks import chart_middles
from generator.places.level1.plan.generate import floorplan as plan_of
from generator.places.verbs import build, floorplan
from generator.plan.floorplan import CHUNK_M
from generator.render import gl_info, open_renderer
from generator.render.mirror import waters
from generator.scene import load_scene
from generator.viewpoint import pose_for
from generator.visibility import dressing, still_detail, visible

SEED, HALL_SEED, CHUNKS = 12, 21, 4
FRAMES = 5
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
    """Processor seconds with warm kernels, and unique triangles; a frame with puddles in view."""
    for name, preset, seed in (("car park", "carpark", SEED), ("warehouse", "warehouse", HALL_SEED)):
        yield from _place(name, load_scene(preset), seed)
    yield from _mirrors()


def _place(name: str, scene: Any, seed: int) -> Iterator[tuple[str, float, str, str]]:
    """What a preset costs from plan to light."""
    plan_of(scene.plan, 0, (0, 0, 1, 1))
    chunk = _seconds(lambda: [plan_of(scene.plan, seed, (k, 3, k + 1, 4)) for k in range(8)])[1] / 8
    yield f"{name}: a chunk of plan", 1e3 * chunk, "ms", "under 10"
    plan = floorplan(scene, seed, (0, 0, CHUNKS, CHUNKS))
    build(floorplan(scene, 0, (0, 0, 1, 1)), scene, 0)
    hectares = (CHUNKS * CHUNK_M) ** 2 / 1e4
    yield f"{name}: build", _seconds(lambda: build(plan, scene, seed))[1] / hectares, "core-s/ha", "under 2.5"
    level = build(plan, scene, seed)
    unique = len(level.building.faces) / hectares + sum(len(mesh.faces) for mesh in level.instance_meshes)
    yield f"{name}: unique triangles a hectare", unique, "", "under 120000"
    albedo = np.array([ALBEDO.get(material, OTHER) for material in level.materials])
    middle = np.abs(chart_middles(expand(level)[0]) - 0.5 * CHUNKS * CHUNK_M)
    bake(level, scene.light, albedo, "draft", (middle <= 8.0).all(axis=1))
    charts = (middle <= HALF_M).all(axis=1)
    yield f"{name}: lamps on the hectare", float(_lamps(level)), "", ""
    for quality, goal in (("draft", "under 6"), ("normal", "under 25")):
        wall, cpu = _seconds(lambda q=quality: bake(level, scene.light, albedo, q, charts))
        yield f"{name}: bake of a hectare, {quality}", wall, "s", goal
        yield f"{name}: bake of a hectare, {quality}: processor", cpu, "core-s", ""


def _mirrors() -> Iterator[tuple[str, float, str, str]]:
    """A frame of a flooded car park by each renderer, and how far they agree where water mirrors."""
    scene = load_scene("carpark", ["seed=33", "look.damp=0.8", "plan.damp=0.7", "render.quality=draft"])
    pose, _ = pose_for(scene)
    seen = visible(scene, [pose], still_detail(scene))
    textures = dressing(scene, seen[0].materials)
    lens, radiance, wet = Lens(float(np.radians(scene.camera.fov_deg))), [], np.zeros((0, 0), bool)
    kinds: tuple[Literal["embree", "opengl"], ...] = ("embree", "opengl")
    for kind in kinds[: 1 if "none" in gl_info() else 2]:
        with open_renderer(kind, *seen, textures) as renderer:
            picture = renderer.draw(pose, lens)
            _, cpu = _seconds(lambda: [renderer.draw(pose, lens) for _ in range(FRAMES)])
        yield f"{kind}: frame with a mirror in view", 1e3 * cpu / FRAMES, "core-ms", "under 60"
        radiance.append(picture.radiance)
        shares = [water.sharp for water in waters(picture.facet, picture.view, picture.drawable)]
        wet = np.max([np.zeros(picture.facet.shape), *shares], axis=0) > 0.0
    yield "share of the picture that mirrors", 100.0 * float(np.mean(wet)), "%", ""
    if len(radiance) == 2:
        ours, theirs = (image[wet] for image in radiance)
        yield "disagreement of the two on water", 100.0 * np.abs(ours - theirs).mean() / ours.mean(), "%", "under 1.5"


def _lamps(level) -> int:
    """How many lamps hang over the hectare."""
    inside = (np.abs(level.lamps.center[:, :2] - 0.5 * CHUNKS * CHUNK_M) <= HALF_M).all(axis=1)
    return len(np.unique(level.lamps.lamp[inside]))


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall-clock and processor seconds of some work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu
