"""A walk of a hundred frames, baked and drawn by us, beside the same frames path traced by Mitsuba.

What is compared is time at equal error. A path tracer's error falls with the root of its samples, so it is measured at
one number of samples, and from that follows how many would err by as much as we do; time grows as their number.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from generator.camera.shot import Pose
from generator.geometry.level import Level, expand
from generator.light.bake import bake
from generator.light.lightmap import Lightmap
from generator.places.verbs import materials
from generator.render import open_renderer
from generator.surface import patina
from generator.surface.material import Material, Patina
from generator.visibility import Detail, seen_charts

from .lookup import block_errors, lightmap_picture
from .mitsuba_scene import reference_picture, reference_scene, start_mitsuba
from .mitsuba_views import LENS, SIZE, Room, room

FRAMES, STEP_M, SIDEWAYS = 100, 0.02, 0.004
"""A hundred frames of a slow walk: two metres ahead, the look swinging by a few degrees (radians a frame)."""
FRAME = (640, 480)
MEASURED = (0, 99)
"""Frames whose error is measured, at 160 × 120."""
TRUE_SPP, TRIED_SPP, TIMED_SPP = 1024, 64, 32
"""Samples a pixel of what counts as true, of the pictures by which Mitsuba's error is measured, and of the frame by
which its time is."""
PATINA_M = 0.02
GOAL = "at least 200"

VIEW = ("level0", 2)
"""Of ``VIEWS``: where the walk begins."""


def compared() -> Iterator[tuple[str, float, str, str]]:
    """Rows of a benchmark: both errors, both times, and how much faster the walk is. Materials are their mean albedo
    where errors are measured; our frames are timed with textures, patina and edges."""
    mi, seen = start_mitsuba(), room(*VIEW)
    poses = walk(seen.pose)
    made = materials(seen.level.materials, seen.scene)
    _baked(seen, poses)
    start = _clocks()
    light, charts = _baked(seen, poses)
    baking = _clocks() - start
    pitch = np.where(charts, PATINA_M, 0.0)
    unique = patina(expand(seen.level)[0], seen.level, VIEW[1], pitch)
    drawing = _drawn((seen.level, light, unique, made), poses)
    yield "a walk of 100 frames of 640 × 480: bake", baking[1], "core-s", ""
    yield "a walk of 100 frames of 640 × 480: opened, drawn by Embree", drawing[1], "core-s", ""
    scene = reference_scene(mi, seen.level, seen.albedo, seen.pose.position[:2])
    ours, theirs = _errors(mi, scene, seen, light, [poses[k] for k in MEASURED])
    spp = TRIED_SPP * (theirs / ours) ** 2
    yield "our mean error of 8 × 8 blocks", 100 * ours, "%", ""
    yield f"Mitsuba's, {mi.variant()}, {TRIED_SPP} samples a pixel", 100 * theirs, "%", ""
    yield f"Mitsuba's samples a pixel for our error, {mi.variant()}", spp, "", ""
    traced = spp * _traced(mi, scene, poses[0])
    yield f"Mitsuba, a frame of 640 × 480 at that error, {mi.variant()}", traced[1], "core-s", ""
    wall, cpu = FRAMES * traced / (baking + drawing)
    yield "a walk, bake and frames together, against Mitsuba: processor", cpu, "× faster", GOAL
    yield "a walk, bake and frames together, against Mitsuba: wall clock", wall, "× faster", ""


def _clocks() -> NDArray[np.float64]:
    """Wall-clock and processor seconds (2,): the latter count little what else a machine does."""
    return np.array([time.perf_counter(), time.process_time()])


def walk(start: Pose) -> list[Pose]:
    """The camera's pose in every frame."""
    x, y, z = start.position
    ahead = np.array([np.cos(start.yaw), np.sin(start.yaw)])
    at = [np.array([x, y]) + k * STEP_M * ahead for k in range(FRAMES)]
    return [
        replace(start, position=(float(p[0]), float(p[1]), z), yaw=start.yaw + SIDEWAYS * k) for k, p in enumerate(at)
    ]


def _baked(seen: Room, poses: list[Pose]) -> tuple[Lightmap, NDArray[np.bool_]]:
    """The light of all that the walk shows, found by looking at every tenth frame of it, and which charts those are."""
    looked, rays = [*poses[::10], poses[-1]], Detail((2 * SIZE[0], 2 * SIZE[1]), 0.0, PATINA_M, near=False)
    charts, _ = seen_charts(expand(seen.level)[0], seen.level.origin, looked, LENS, rays)
    return bake(seen.level, seen.scene.light, seen.albedo, "normal", charts), charts


def _drawn(pieces: tuple[Level, Lightmap, Patina, tuple[Material, ...]], poses: list[Pose]) -> NDArray:
    """Seconds (2,) to open the renderer and draw all frames, one after the other, kernels warm."""
    with open_renderer("embree", *pieces) as renderer:
        renderer.draw(poses[0], LENS, FRAME)
    start = _clocks()
    with open_renderer("embree", *pieces) as renderer:
        for pose in poses:
            renderer.draw(pose, LENS, FRAME)
    return _clocks() - start


def _errors(mi, scene, seen: Room, light: Lightmap, poses: list[Pose]) -> tuple[float, float]:
    """Mean error of blocks over some frames: ours, and Mitsuba's with TRIED_SPP samples a pixel."""
    found = []
    for pose in poses:
        true = reference_picture(mi, scene, pose, LENS, SIZE, TRUE_SPP, 0)
        tried = reference_picture(mi, scene, pose, LENS, SIZE, TRIED_SPP, 1)
        mine, left_out = lightmap_picture(seen.level, light, seen.albedo, pose, LENS, SIZE, 4)
        found.append([block_errors(picture, true, left_out).mean() for picture in (mine, tried)])
    ours, theirs = np.mean(found, axis=0)
    return float(ours), float(theirs)


def _traced(mi, scene, pose: Pose) -> NDArray[np.float64]:
    """Seconds (2,) that a frame takes Mitsuba for each sample a pixel."""
    start = _clocks()
    reference_picture(mi, scene, pose, LENS, FRAME, TIMED_SPP, 2)
    return (_clocks() - start) / TIMED_SPP
