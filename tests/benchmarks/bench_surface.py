"""How long surfaces take: all materials of the default scene, and the patina."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from generator import surface
from generator.places.level0.look_settings import LookSettings
from generator.places.level0.surfaces.catalogue import SURFACES
from generator.surface.pack import pack

sys.path.insert(0, str(Path(__file__).parents[1]))
from surface_charts import level_of, rectangles

LOOK = LookSettings()
REPEATS = 4


def rows() -> Iterator[tuple[str, float, str, str]]:
    """(name, value, unit, goal); processor time, the least of a few runs, kernels warm."""
    surfaces = SURFACES.values()
    yield "all materials, 1024 px", _least(lambda: surface.materials(surfaces, LOOK)), "s", "under 3"
    sizes = np.random.Generator(np.random.Philox(1)).integers(2, 120, (20_000, 2))
    yield "pack 20,000 charts", 1e3 * _least(lambda: pack(sizes, 4096)), "ms", "under 50"
    wall = {"origin": (0, 3, 0), "u": (36, 0, 0), "v": (0, 0, 2.74), "material": "wallpaper/plain", "run": 7}
    floor = {"origin": (0, 0, 0), "u": (36, 0, 0), "v": (0, 10, 0), "material": "carpet"}
    ceiling = {"origin": (0, 10, 2.74), "u": (36, 0, 0), "v": (0, -10, 0), "material": "ceiling/tile"}
    for name, chart, pitch in (("wall", wall, 0.012), ("carpet", floor, 0.02), ("ceiling", ceiling, 0.02)):
        mesh = rectangles([chart])
        level, pitches = level_of(mesh), np.array([pitch])
        texels = surface.patina(mesh, level, 1, pitches).chart_size.prod()
        seconds = _least(lambda m=mesh, v=level, p=pitches: surface.patina(m, v, 1, p))
        yield f"patina, {name}", texels / seconds / 1e6, "million texels/s", "over 8"


def _least(run: Callable[[], object]) -> float:
    """Processor seconds of the fastest of a few runs."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    for row in rows():
        print(*row)
