"""What the bake costs: areas at two qualities, one still's view, and a walk beside the same walk path traced."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator

import numpy as np

from generator.geometry import expand
from generator.geometry.level import Level
from generator.light.bake import bake
from generator.light.blocks import chart_middles
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import build, floorplan
from generator.plan.floorplan import CHUNK_M

SEED = 7
ALBEDO = {
    "wallpaper": (0.42, 0.34, 0.12),
    "carpet": (0.33, 0.27, 0.15),
    "ceiling": (0.70, 0.67, 0.56),
    "trim": (0.72, 0.70, 0.64),
    "frame": (0.70, 0.70, 0.68),
}
OTHER = (0.5, 0.45, 0.4)
VIEW_M = 20.0
"""A still's view: the charts up to this far from the camera in a quarter of all directions."""
HALVES_M = {"a quarter of a hectare": 25.0, "a hectare": 50.0}
GOALS = {"normal": "under 12", "draft": "under 5"}


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Wall-clock and processor seconds with warm kernels, the greatest memory, and how much faster a walk is."""
    scene = Level0Scene()
    level = build(floorplan(scene, SEED, (0, 0, 4, 4)), scene, SEED)
    albedo = np.array([ALBEDO.get(name.split("/")[0], OTHER) for name in level.materials])
    middle = chart_middles(expand(level)[0])
    view = _view(level, middle)
    lamps = (np.abs(level.lamps.center[:, :2] - 2 * CHUNK_M) <= 50.0).all(axis=1).sum()
    yield "lamps on the hectare", float(lamps), "", ""
    bake(level, scene.light, albedo, "draft", view)
    for quality, goal in GOALS.items():
        for area, half in HALVES_M.items():
            charts = (np.abs(middle - 2 * CHUNK_M) <= half).all(axis=1)
            wall, cpu = _seconds(lambda q=quality, c=charts: bake(level, scene.light, albedo, q, c))
            goal_here = goal if half == 50.0 else ""
            yield f"{area}, {quality}", wall, "s", goal_here
            yield f"{area}, {quality}: processor", cpu, "core-s", ""
            yield f"{area}, {quality}: processor by area", 1e3 * cpu / (4 * half * half), "core-ms/m²", ""
            yield f"{area}, {quality}: cores busy", cpu / wall, "", "near 2"
    wall, cpu = _seconds(lambda: bake(level, scene.light, albedo, "normal", view))
    yield "a still's view, normal", wall, "s", "under 6"
    yield "a still's view, normal: processor", cpu, "core-s", ""
    yield "memory of the process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, "GB", "under 2"
    yield from _against_a_path_tracer()


def _view(level: Level, middle: np.ndarray) -> np.ndarray:
    """Charts before a camera under the lamp nearest to the level's middle."""
    lamp = level.lamps.center[np.argmin(np.hypot(*(level.lamps.center[:, :2] - 2 * CHUNK_M).T)), :2]
    way = middle - lamp
    far = np.hypot(*way.T)
    return (far < VIEW_M) & (way.sum(axis=1) >= far)


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall-clock and processor seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _against_a_path_tracer() -> Iterator[tuple[str, float, str, str]]:
    """A walk of ``tests.reference.walk``, where Mitsuba is installed."""
    try:
        import mitsuba  # noqa: F401
    except ImportError:
        yield "a walk beside Mitsuba: not installed, make .venv/.ready-full", float("nan"), "", "at least 200"
        return
    from tests.reference.walk import compared

    yield from compared()
