"""How much of a tape's grain each codec keeps, at which rate, and what a field's encoding costs.

Each scene is filmed twice with the same light and other noise: what two tapes do not share is noise. It is measured on
the lines that a field really has. A bobbed field has twice as many rows, each made of four lines by known weights; its
lines are those that explain its rows best.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.camera.script import script_of
from generator.film import FilmRequest
from generator.film.frames import make_frame
from generator.film.segment import prepare
from generator.film.timeline import plan_timeline
from generator.render import open_renderer
from generator.scene import load_scene
from generator.video.codecs import MARKS_FIELDS, TABLES
from generator.video.deinterlace import AFTER, BEFORE, NEAR, NEXT
from generator.video.encode import FRAME_HZ, PICTURES, encode, pictures_of
from generator.visibility import dressing
from tests.test_codecs import decoded

FIRST, FRAMES = 60, 12
EDGE_ROWS, EDGE_COLUMNS, FLAT = 16, 8, 1.0
"""Not measured: rows and columns at the picture's edge, where heads switch, and slopes of more codes a pixel."""
GOALS = {"normal": "at least 0.65", "final": "at least 0.85", "draft": ""}
Rows = Iterator[tuple[str, float, str, str]]


def rows() -> Rows:
    """Share of the noise's power, correlation, rate and core-ms for scenes, qualities, deliveries and codecs."""
    for name in ("level0", "blackout"):
        tapes = twin_tapes(name)
        for quality in ("draft", "normal", "final"):
            for deliver in ("59.94p", "interlaced"):
                yield from measured(tapes, name, "h264", quality, deliver)
        for codec in ("h265", "av1", "prores", "ffv1"):
            yield from measured(tapes, name, codec, "normal", "interlaced" if codec in MARKS_FIELDS else "59.94p")


def twin_tapes(name: str) -> list[list[NDArray[np.uint8]]]:
    """The same frames of a film with the noise of two seeds."""
    scene = load_scene(name, ["render.quality=normal", "render.renderer=embree"])
    asked = FilmRequest(scene, script_of(scene.film, scene.seed), FIRST, FIRST + FRAMES)
    made = prepare(asked, plan_timeline(asked), FIRST, FIRST + FRAMES, "embree")
    dressed = dressing(scene, made.level.materials)
    other = replace(asked, scene=scene.model_copy(update={"seed": scene.seed + 1}))
    with open_renderer("embree", made.level, made.lightmap, made.patina, dressed, "normal") as renderer:
        return [[make_frame(request, made.state, renderer, FIRST + k, {}) for k in range(FRAMES)]
                for request in (asked, other)]  # fmt: skip


def measured(tapes: list[list[NDArray[np.uint8]]], name: str, codec, quality, deliver) -> Rows:
    """Rows of one codec at one quality."""
    height, width = tapes[0][0].shape[:2]
    before = [[p for frame in tape for p in pictures_of(frame, deliver)] for tape in tapes]
    spent, files = [], []
    for pictures in before:
        start = time.process_time()
        files.append(encode(pictures, (width, height), deliver, quality, codec))
        spent.append(time.process_time() - start)
    after = [decoded(file)[:, :height] for file in files]
    stacked = [np.stack(pictures)[:, :height] for pictures in before]
    a, b = noise(*stacked, deliver), noise(*after, deliver)
    even = flat(*stacked, deliver)
    a, b = a[even], b[even]
    what = f"{name}, {codec} {quality} {deliver}"
    goal = GOALS[quality] if (codec, quality) in TABLES else ""
    yield f"{what}: noise kept, power", float((b**2).mean() / (a**2).mean()), "", goal
    together = float((a * b).mean() / np.sqrt((a**2).mean() * (b**2).mean()))
    yield f"{what}: noise, correlation", together, "", goal and "at least 0.8"
    rate = 8e-6 * len(files[0]) / len(before[0]) * float(FRAME_HZ * PICTURES[deliver])
    yield f"{what}: rate", rate, "Mbit/s", "at most 20" if (codec, quality) == ("h264", "normal") else ""
    cost = 1e3 * min(spent) / (2 * FRAMES)
    yield f"{what}: a field", cost, "core-ms", "under 4.5 with bob" if (codec, quality) == ("h264", "normal") else ""


def noise(one: NDArray, other: NDArray, deliver: str) -> NDArray[np.float32]:
    """What two tapes' luma do not share, on the lines of their fields."""
    apart = one.astype(np.float32) - other
    if deliver == "interlaced":
        return apart
    back = [lines_of_rows(apart.shape[1], parity) for parity in (1, 0)]
    return np.stack([back[k % 2] @ picture for k, picture in enumerate(apart)])


def lines_of_rows(height: int, parity: int) -> NDArray[np.float32]:
    """(height / 2, height): the lines of a field from the rows that ``bob`` makes of them, by least squares."""
    weights = np.zeros((height, height // 2))
    for row in range(height):
        turn = 1 if row % 2 == parity else -1
        line = row // 2 + (1 if parity == 0 and row % 2 == 1 else 0)
        for weight, step in ((BEFORE, -turn), (NEAR, 0), (NEXT, turn), (AFTER, 2 * turn)):
            weights[row, min(max(line + step, 0), height // 2 - 1)] += weight
    return np.linalg.pinv(weights).astype(np.float32)


def flat(one: NDArray, other: NDArray, deliver: str) -> NDArray[np.bool_]:
    """Where neither edges nor the picture's borders are: what time base and heads do there is no noise."""
    mean = ndimage.gaussian_filter((one.astype(np.float32) + other) / 2, (0, 2, 2))
    even = np.abs(np.gradient(mean, axis=1)) + np.abs(np.gradient(mean, axis=2)) < FLAT
    even[:, :EDGE_ROWS] = even[:, -EDGE_ROWS:] = False
    even[:, :, :EDGE_COLUMNS] = even[:, :, -EDGE_COLUMNS:] = False
    return even if deliver == "interlaced" else even[:, ::2] & even[:, 1::2]
