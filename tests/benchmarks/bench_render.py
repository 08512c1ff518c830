"""Both renderers: time of a frame, how far they agree, and how well they filter wallpaper in motion."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from generator.camera.shot import Lens, Pose
from generator.geometry import expand
from generator.light.bake import bake
from generator.places.level0.settings import Level0Scene
from generator.places.verbs import build, floorplan, materials
from generator.render import CameraLamp, gl_info, open_renderer
from generator.scene import load_scene
from generator.surface import patina
from generator.viewpoint import pose_for
from generator.visibility import area_for, seen_charts, still_detail
from tests.render_set import LAMPS, block_error, furnished_room, lens_pixels, plain_light, plain_patina
from tests.rooms import MATERIALS, box_room

LENS = Lens(np.radians(62))
POSE = Pose((0, 0), (0.6, 5.5, 1.6), -0.25, -0.05, 0.06)
VIEW_SEED, PATINA_M = 3, 0.02
DOLLY_FRAMES = 30
DOLLY_M = 0.04
ROWS = (180, 300)


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Frames of 640 × 480, warm; processor time, so that other work on the machine counts little."""
    kinds = ["embree"] if "none" in gl_info() else ["embree", "opengl"]
    names = tuple("ceiling/tile" if name == "ceiling" else name for name in MATERIALS)
    made = materials(names, Level0Scene())
    level = furnished_room()
    pieces = (level, plain_light(level), plain_patina(level), made)
    view, real = _level0_view()
    for kind in kinds:
        yield from _times(kind, pieces)
        yield from _view_times(kind, view, real)
    if len(kinds) == 2:
        yield "disagreement of the two, lenses left out", _disagreement(pieces), "%", "under 1.5"
    yield from _dolly(kinds, made)


def _times(kind: str, pieces: tuple) -> Iterator[tuple[str, float, str, str]]:
    start = time.perf_counter()
    with open_renderer(kind, *pieces) as renderer:
        yield f"{kind}: opened, four materials of 1024 px", time.perf_counter() - start, "s", ""
        yield f"{kind}: frame with flicker", _best(lambda: renderer.draw(POSE, LENS)), "core-ms", "under 45"
        lamp = CameraLamp((4.0, 4.0, 3.6))
        lit = _best(lambda: renderer.draw(POSE, LENS, camera_lamp=lamp))
        yield f"{kind}: frame with the camera's lamp", lit, "core-ms", ""
        yield f"{kind}: field", _best(lambda: renderer.draw(POSE, LENS, field=1)), "core-ms", ""
    with open_renderer(kind, *pieces, "draft") as renderer:
        yield f"{kind}: draft", _best(lambda: renderer.draw(POSE, LENS)), "core-ms", "under 25"


def _level0_view() -> tuple[Pose, tuple]:
    """What a still of level0 sees of nine chunks, all of it lit and dressed."""
    scene = load_scene("level0", [f"seed={VIEW_SEED}"])
    pose, _ = pose_for(scene)
    chunks, _ = area_for(scene, [pose], replace(still_detail(scene), near=False))
    level = build(floorplan(scene, scene.seed, chunks), scene, scene.seed)
    made = materials(level.materials, scene)
    mesh = expand(level)[0]
    seen, _ = seen_charts(mesh, level.origin, [pose], LENS, still_detail(scene))
    unique = patina(mesh, level, scene.seed, np.where(seen, PATINA_M, 0.0))
    light = bake(level, scene.light, np.array([m.mean_albedo for m in made]), "normal", seen)
    return pose, (level, light, unique, made)


def _view_times(kind: str, pose: Pose, pieces: tuple) -> Iterator[tuple[str, float, str, str]]:
    for quality, goal in (("normal", "under 45"), ("draft", "under 25")):
        with open_renderer(kind, *pieces, quality) as renderer:
            took = _best(lambda r=renderer: r.draw(pose, LENS))
            yield f"{kind}: frame of a view of level0, {quality}", took, "core-ms", goal
            took = _best(lambda r=renderer: r.draw(pose, LENS, field=1))
            yield f"{kind}: field of a view of level0, {quality}", took, "core-ms", "under 14"


def _best(draw: Callable[[], object]) -> float:
    """Least processor time of some runs, in milliseconds."""
    took = []
    for _ in range(12):
        start = time.process_time()
        draw()
        took.append(time.process_time() - start)
    return 1e3 * min(took)


def _disagreement(pieces: tuple) -> float:
    view = (POSE, LENS, (640, 480))
    steady = dict(lamp_output=np.append(np.ones(len(LAMPS) - 1), 0.0))
    with open_renderer("embree", *pieces) as a, open_renderer("opengl", *pieces) as b:
        ours, theirs = (renderer.draw(*view, **steady).radiance for renderer in (a, b))
    level = pieces[0]
    with open_renderer("embree", level, plain_light(level, flicker=False), *pieces[2:]) as still:
        lenses = lens_pixels(still, *view)
    return 100 * block_error(ours, theirs, lenses)


def _dolly(kinds: list[str], made: tuple) -> Iterator[tuple[str, float, str, str]]:
    """Along a chevron wall, looking at it aslant: variance over time of every pixel against 4 × 4 samples a pixel."""
    level = box_room((16.0, 6.0, 2.74), (), [(x, 3.0, 0) for x in (2, 6, 10, 14)])
    pieces = (level, plain_light(level, 1.0, flicker=False), plain_patina(level), made)
    with open_renderer("embree", *pieces, "final") as renderer:
        truth = _frames(renderer, 4)
    for kind in kinds:
        with open_renderer(kind, *pieces) as renderer:
            ours = _frames(renderer, 1)
        share = ours.var(axis=0).mean() / truth.var(axis=0).mean()
        yield f"{kind}: variance in a dolly, of the supersampled", share, "", "0.6 to 1.5"
        error = np.sqrt(((ours - truth) ** 2).mean()) / truth.mean()
        yield f"{kind}: RMSE to the supersampled, of the mean", 100 * error, "%", ""


def _frames(renderer, finer: int) -> np.ndarray:
    """Green radiance (N, H, W), in even light, of the wall's rows, ``finer`` × ``finer`` samples a pixel."""
    frames = []
    for k in range(DOLLY_FRAMES):
        pose = Pose((0, 0), (3.0 + DOLLY_M * k, 1.3, 1.6), -np.pi / 4)
        band = (ROWS[0] * finer, ROWS[1] * finer)
        picture = renderer.draw(pose, LENS, (640 * finer, 480 * finer), rows=band).radiance[..., 1]
        frames.append(picture.reshape(ROWS[1] - ROWS[0], finer, 640, finer).mean(axis=(1, 3)))
    return np.array(frames)
