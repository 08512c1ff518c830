"""What the pictures of each preset are like, as numbers: 24 seeds each, drafts of 320 × 240 as they come off the tape.

``python -m tests.benchmarks.bench_look PRESET [SEEDS]`` prints one preset with fewer seeds.
"""

from __future__ import annotations

import colorsys
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter

from generator.camera.shot import Lens
from generator.geometry.level import Level
from generator.render import open_renderer
from generator.render.aov import material, position
from generator.render.lamp import camera_lamp
from generator.render.picture import Picture
from generator.scene import Scene, load_scene
from generator.still import _frame, _lamp_output, _mean_colour
from generator.surface.palette import Role
from generator.viewpoint import pose_for, white_before
from generator.visibility import dressing, lamps_about, still_detail, visible
from tests.benchmarks.rows import Row, printed

PRESETS = ("level0", "offices", "halls", "damp", "blackout", "dsc00161")
LIT = ("level0", "offices", "halls", "damp")
SEEDS, SHARP_SEEDS = 24, 6
LUMA = np.array([0.299, 0.587, 0.114])
"""Weights of luma. Source: ITU-R BT.601."""
BLACK = 25
"""Code value below which a picture's dark counts as black, in at least BLACK_SHARE of it."""
BLACK_SHARE = 0.005
DOOR_SHARE = 0.004
"""A door is in a picture that it fills so much of."""
PATTERN_CODES, PATTERN_SHARE, BLOCK = 2.5, 0.02, 32
"""A pattern shows where a block of so many pixels differs from the same picture with plain paper by this much in luma
(root of the mean square, the blocks' means left out), and in a picture where so much of it does."""
NEAR_M, FAR_M, STEP_M = 1.0, 3.0, 0.25
"""Ceiling and wall are compared at equal distances from the nearest lamp that burns, in steps."""
Rows = Iterator[tuple[str, float, str, str]]


class Look(NamedTuple):
    """One picture in numbers: percentiles of luma, hues in degrees, shares 0..1; NaN where there is nothing to ask."""

    median: float
    low: float
    high: float
    hue_lit: float
    hue_shade: float
    wall_low: float
    wall_high: float
    ceiling: float
    black: float
    door: float
    pattern: float


def rows(presets: tuple[str, ...] = PRESETS, seeds: int = SEEDS) -> Rows:
    """Medians over the seeds; shares of pictures. Two processes."""
    jobs = [(preset, seed) for preset in presets for seed in range(seeds)]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        found = dict(zip(jobs, pool.map(look_of, *zip(*jobs, strict=True)), strict=True))
    for preset in presets:
        of = {name: np.array([getattr(found[preset, seed], name) for seed in range(seeds)]) for name in Look._fields}
        yield from _rows_of(preset, of)


def _rows_of(preset: str, of: dict[str, np.ndarray]) -> Rows:
    """A preset's rows; goals are of those that a lamp lights, some of Level 0 alone."""
    middle = {name: np.nanmedian(values) if np.isfinite(values).any() else np.nan for name, values in of.items()}
    percent = {name: 100 * np.nanmean(of[name]) for name in ("pattern", "door", "black")}
    lit = preset in LIT
    for name, value, unit, goal in (
        ("median luma, middle of the seeds", middle["median"], "codes", lit and "125 to 160"),
        ("median luma, standard deviation", of["median"].std(), "codes", lit and "over 10"),
        ("5th percentile of luma, least", of["low"].min(), "codes", lit and "16 to 25"),
        ("5th percentile of luma, middle", middle["low"], "codes", ""),
        ("95th percentile of luma", middle["high"], "codes", ""),
        ("hue of lit walls", middle["hue_lit"], "degrees", lit and "47 to 50"),
        ("hue of walls in shade", middle["hue_shade"], "degrees", lit and "at least 42"),
        ("lit walls, 5th percentile of luma", middle["wall_low"], "codes", ""),
        ("lit walls, 95th percentile of luma", middle["wall_high"], "codes", lit and "under 235"),
        ("ceiling to wall, as far from the lamp", middle["ceiling"], "x", lit and "at least 0.7"),
        ("pictures with a pattern that shows", percent["pattern"], "%", preset == "level0" and "over 60"),
        ("pictures with a door", percent["door"], "%", preset == "level0" and "under 10"),
        ("pictures with black", percent["black"], "%", lit and "over 30"),
    ):
        yield f"{preset}: {name}", float(value), unit, goal or ""


def look_of(preset: str, seed: int) -> Look:
    """One still in numbers."""
    scene = load_scene(preset, [f"seed={seed}", *_drafted(320, 240)])
    picture, level, white = _drawn(scene)
    taped = _frame(picture.radiance, white, scene, False, None) @ LUMA
    clean = _frame(picture.radiance, white, scene, True, None)
    role = np.append(level.palette.role, 255)[material(picture)]
    doors = np.array([name.startswith("door") for name in level.materials] + [False])[material(picture)]
    pattern = _pattern_shows(preset, seed) if seed < SHARP_SEEDS else np.nan
    lit, shade, low, high = _walls(clean, role == Role.WALL)
    return Look(
        *np.percentile(taped, (50, 5, 95)), lit, shade, low, high, _ceiling_ratio(picture, level, clean, role),
        float((taped < BLACK).mean() > BLACK_SHARE), float(doors.mean() > DOOR_SHARE), pattern,
    )  # fmt: skip


def _drafted(width: int, height: int) -> list[str]:
    size = [f"render.width_px={width}", f"render.height_px={height}"]
    return [*size, "render.quality=draft", "render.renderer=embree"]


def _drawn(scene: Scene, plain: bool = False) -> tuple[Picture, Level, np.ndarray]:
    """The picture that a still is shot from; with every paper a plain one where asked."""
    pose, _ = pose_for(scene)
    level, light, patina = visible(scene, [pose], still_detail(scene))
    names = tuple("wallpaper/plain" if plain and n.startswith("wallpaper") else n for n in level.materials)
    lens, size = Lens(float(np.radians(scene.camera.fov_deg))), (scene.render.width_px, scene.render.height_px)
    pieces = (level, light, patina, dressing(scene, names), scene.render.quality)
    with open_renderer("embree", *pieces) as renderer:
        output, own = _lamp_output(level.lamps, scene.seed), camera_lamp(scene.camera)
        white = white_before(scene, pose, _mean_colour(lamps_about(scene, level)))
        return renderer.draw(pose, lens, size, lamp_output=output, camera_lamp=own), level, white


def _walls(frame: np.ndarray, wall: np.ndarray) -> tuple[float, float, float, float]:
    """Hue (degrees) of the brighter half of the walls and of their darkest quarter, black left out; 5th and 95th
    percentile of luma of the brighter half."""
    if wall.mean() < 0.02:
        return (np.nan,) * 4
    colour = frame[wall].astype(float)
    luma = colour @ LUMA
    lit, shade = luma >= np.median(luma), (luma <= np.percentile(luma, 25)) & (luma > 30)
    return _hue(colour[lit]), _hue(colour[shade]), *np.percentile(luma[lit], (5, 95))


def _hue(colour: np.ndarray) -> float:
    return 360 * colorsys.rgb_to_hsv(*(colour.mean(axis=0) / 255))[0] if len(colour) else np.nan


def _ceiling_ratio(picture: Picture, level: Level, frame: np.ndarray, role: np.ndarray) -> float:
    """Luma of ceiling over that of wall, the median over equal distances from the nearest lamp that burns."""
    lamps = level.lamps.center[level.lamps.radiance.any(axis=1)]
    if not len(lamps):
        return np.nan
    luma, at = (frame @ LUMA).ravel(), position(picture).reshape(-1, 3)
    away = np.full(len(at), np.inf)
    for lamp in lamps:
        away = np.fmin(away, np.linalg.norm(at - lamp, axis=1))
    ratios = []
    for near in np.arange(NEAR_M, FAR_M, STEP_M):
        here = (away >= near) & (away < near + STEP_M)
        ceiling, wall = (luma[here & (role.ravel() == r)] for r in (Role.CEILING, Role.WALL))
        if len(ceiling) > 30 and len(wall) > 30:
            ratios.append(np.median(ceiling) / np.median(wall))
    return float(np.median(ratios)) if ratios else np.nan


def _pattern_shows(preset: str, seed: int) -> float:
    """Does the paper's pattern come through the tape, at 640 × 480?"""
    scene = load_scene(preset, [f"seed={seed}", *_drafted(640, 480)])
    printed, plain = (
        _frame(picture.radiance, white, scene, False, None) @ LUMA
        for picture, _, white in (_drawn(scene, plain) for plain in (False, True))
    )
    of = gaussian_filter(printed - plain, 1.0)
    blocks = of.reshape(480 // BLOCK, BLOCK, 640 // BLOCK, BLOCK).std(axis=(1, 3))
    return float((blocks > PATTERN_CODES).mean() > PATTERN_SHARE)


if __name__ == "__main__":
    for row in rows((sys.argv[1],), int(sys.argv[2]) if len(sys.argv) > 2 else SEEDS):
        print(printed(Row(*row)))
