"""What a film's sound costs, how near rooms come to theory, and how far steps stand over the hum."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

import numpy as np

from generator.camera.script import Script, beats_of
from generator.film.request import FilmRequest
from generator.film.soundtrack import film_sound, heard_along
from generator.film.timeline import plan_timeline
from generator.places.sounds import FISSURED_TILE, GLUED_CARPET, GYPSUM_BOARD
from generator.places.verbs import place_of
from generator.progress import Progress
from generator.scene import load_scene
from generator.sound import parts
from generator.sound.echoes import echoes
from generator.sound.recorder import gain
from tests.test_sound_film import STEP_OCTAVES, band_levels
from tests.test_sound_room import BOXES, box, decay, hall, volume_and_surface

Rows = Iterator[tuple[str, float, str, str]]
COLD = """
import time
import numpy as np
from generator.sound.hum_kernels import add_hum
from generator.sound.echoes import sights
from tests.test_sound_room import box, decay
room = box(6.0, 5.0, 2.7, 0.4)
sights(room, np.array([5.0, 5.0, 1.6]))  # the plan's own kernels are not counted
start = time.process_time()
decay(room, 6.0, 5.0)
wave = np.zeros(3)
add_hum(np.zeros(900, np.float32), 0, 0, 800.8, np.zeros(2), 0.0, 0.01, wave, wave, wave, 0)
print(time.process_time() - start)
"""


def rows() -> Rows:
    """CPU seconds, warm; decay times against Sabine and Eyring; dB."""
    yield from _rooms()
    yield from _cost()
    yield from _level0()


def _rooms() -> Rows:
    for size in BOXES:
        volume, surface = volume_and_surface(*size)
        name = " × ".join(f"{side:g}" for side in size)
        for absorbed in (0.05, 0.10, 0.15):
            share = decay(box(*size, absorbed), *size[:2]) * surface * absorbed / (0.161 * volume)
            yield f"decay of {name} m, absorption {absorbed:g}, against Sabine", share, "", "0.85 to 1.15"
    volume, surface = volume_and_surface(*BOXES[0])
    share = decay(box(*BOXES[0], 0.4), *BOXES[0][:2]) * -surface * np.log(0.6) / (0.161 * volume)
    yield "decay of 6 × 5 × 2.7 m, absorption 0.4, against Eyring", share, "", "0.85 to 1.15"
    for k, hz in ((1, 250), (3, 1000)):
        yield f"Level 0's linings, open floor, {hz} Hz, from 4 to 8 m", _doubling(k), "dB", "-3 hard, -6 open air"


def _doubling(octave: int) -> float:
    """What doubling the distance from 4 to 8 m takes on a floor without walls."""
    linings = (GLUED_CARPET, GYPSUM_BOARD, FISSURED_TILE)
    keep = 1.0 - np.array([lining.absorption for lining in linings])
    scatter = np.array([lining.scattering for lining in linings])
    floor = hall([], 2.7432, 0.0, 0.0, size_m=70.0)._replace(keep=keep, scatter=scatter)
    ear, level = np.array([35.0, 35.0, 1.6]), []
    for distance in (4.0, 8.0):
        heard = echoes(floor, ear + np.array([distance, 0.0, -0.9]), ear, rays=20000)
        level.append(10.0 * np.log10(heard.energy[:, octave].sum() + heard.tail[:, octave].sum()))
    return level[1] - level[0]


def _cost() -> Rows:
    with tempfile.TemporaryDirectory() as folder:
        cold = _spent(os.environ | {"NUMBA_CACHE_DIR": folder})
        warm = _spent(os.environ | {"NUMBA_CACHE_DIR": folder})
    yield "compiling the kernels of sound, once", cold - warm, "CPU s", "under 5"
    for name in ("level0", "halls", "blackout"):
        request = FilmRequest(load_scene(name, []), Script(beats_of(["walk 90"])), 0, 1798)
        timeline = plan_timeline(request)
        spent = min(_cpu_s(lambda: list(film_sound(request, timeline, Progress()))) for _ in range(2))  # noqa: B023
        yield f"sound of a minute of {name}", spent, "CPU s", "a few"
        yield f"sound of a field of {name}", spent / 3596 * 1e3, "CPU ms", "0.8 with all the rest"


def _spent(environment: dict[str, str]) -> float:
    told = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, env=environment, check=True)
    return float(told.stdout)


def _cpu_s(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _level0() -> Rows:
    request = FilmRequest(load_scene("level0", []), Script(beats_of(["walk 90"])), 0, 900)
    heard = heard_along(request, plan_timeline(request), range(0, 1800))
    made = parts(heard, request.scene.sound, request.scene.seed, place_of(request.scene).sounds)
    for name, (low, high) in STEP_OCTAVES.items():
        over = band_levels(made["steps"], low, high) - band_levels(made["hum"], low, high)
        yield (
            f"steps over hum, {name}, {low:g} to {high:g} Hz, median second",
            float(np.median(over)),
            "dB",
            "5 or more",
        )
        yield f"steps over hum, {name}, a second in ten is under", float(np.percentile(over, 10)), "dB", ""
    taken = 20.0 * np.log10(gain(np.stack(list(made.values())).sum(axis=0)))
    yield "level control while walking, mean", float(taken.mean()), "dB", ""
    yield "level control while walking, deepest", float(taken.min()), "dB", ""
