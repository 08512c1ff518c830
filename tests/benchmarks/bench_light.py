"""What the bake costs: a hectare with its surroundings at two qualities, and one still's view."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator

import numpy as np

from generator.build import build, expand
from generator.build.level import Level
from generator.light.bake import bake
from generator.light.blocks import chart_middles
from generator.plan import floorplan
from generator.plan.floorplan import CHUNK_M
from generator.scene import Scene

SEED = 7
ALBEDO = {
    "wallpaper": (0.42, 0.34, 0.12),
    "carpet": (0.22, 0.17, 0.08),
    "ceiling": (0.70, 0.67, 0.56),
    "trim": (0.72, 0.70, 0.64),
    "frame": (0.70, 0.70, 0.68),
}
OTHER = (0.5, 0.45, 0.4)
VIEW_M = 20.0
"""A still's view: the charts up to this far from the camera in a quarter of all directions."""


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Wall-clock seconds with warm kernels, and the greatest memory of the process."""
    scene = Scene()
    level = build(floorplan(scene.plan, SEED, (0, 0, 4, 4)), scene, SEED)
    albedo = np.array([ALBEDO.get(name.split("/")[0], OTHER) for name in level.materials])
    mesh, _ = expand(level)
    middle = chart_middles(mesh)
    hectare = (np.abs(middle - 2 * CHUNK_M) <= 50.0).all(axis=1)
    lamps = (np.abs(level.lamps.center[:, :2] - 2 * CHUNK_M) <= 50.0).all(axis=1).sum()
    view = _view(level, middle)
    bake(level, scene.light, albedo, "draft", view)
    yield "light: lamps on the hectare", float(lamps), "", ""
    yield "light: a hectare, normal", _seconds(level, scene, albedo, "normal", hectare), "s", "under 30"
    yield "light: a hectare, draft", _seconds(level, scene, albedo, "draft", hectare), "s", "under 6"
    yield "light: a still's view, normal", _seconds(level, scene, albedo, "normal", view), "s", "under 6"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield "light: memory of the process", memory, "GB", "under 2"


def _view(level: Level, middle: np.ndarray) -> np.ndarray:
    """Charts before a camera under the lamp nearest to the level's middle."""
    lamp = level.lamps.center[np.argmin(np.hypot(*(level.lamps.center[:, :2] - 2 * CHUNK_M).T)), :2]
    way = middle - lamp
    far = np.hypot(*way.T)
    return (far < VIEW_M) & (way.sum(axis=1) >= far)


def _seconds(level: Level, scene: Scene, albedo: np.ndarray, quality: str, charts: np.ndarray) -> float:
    start = time.perf_counter()
    bake(level, scene.light, albedo, quality, charts)
    return time.perf_counter() - start


if __name__ == "__main__":
    for name, value, unit, goal in rows():
        print(f"{name:40s} {value:9.2f} {unit:3s} {goal}")
