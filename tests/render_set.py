"""A small level with everything a renderer reads: stand-in light, patina and materials, made without a bake."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from generator.geometry.level import Level, expand
from generator.light.lightmap import LAYERS, Lightmap
from generator.surface.material import Material, Patina
from generator.surface.pack import pack
from tests.rooms import ALBEDO, MATERIALS, box_room

PARTITIONS = [(3.0, 0.0, 3.12, 4.0), (6.0, 3.0, 6.12, 8.0), (8.0, 2.0, 9.5, 2.12), (9.0, 6.0, 9.4, 6.4)]
LAMPS = [(x, y, k % 2) for k, (x, y) in enumerate((x, y) for x in (1.5, 4.5, 7.5, 10.5) for y in (1.5, 4.5, 7.0))]


def furnished_room(origin: tuple[int, int] = (0, 0)) -> Level:
    """Twelve by eight and a half metres with four partitions and twelve lamps; the last one fails."""
    states = [0] * (len(LAMPS) - 2) + [1, 2]
    return box_room((12.0, 8.5, 2.74), PARTITIONS, LAMPS, states=states, origin=origin)


def plain_light(level: Level, value: float | None = None, flicker: bool = True) -> Lightmap:
    """Unshadowed light of every lens as a point, or one value everywhere; the last lamp alone in layer 0."""
    mesh, _ = expand(level)
    lengths = [np.linalg.norm(a, axis=1) for a in (mesh.chart_u, mesh.chart_v)]
    size = np.stack([np.maximum(np.ceil(n / 0.15).astype(np.int32) + 1, 2) for n in lengths], axis=1)
    place, height = pack(size, 512)
    steady = np.zeros((height, 512, 3), np.float32)
    layers = np.zeros((LAYERS if flicker else 0, height, 512, 3), np.float32)
    chart_lamp = np.full((len(size), LAYERS), -1, np.int32)
    for c in range(len(size)):
        points, window = _samples(mesh, c, size[c], place[c], steady.shape)
        light = _point_light(level, points, mesh.chart_normal[c])
        ambient = 0.25 * np.array([0.9, 0.8, 0.5])
        total = light[:-1].sum(axis=0) + ambient if value is None else np.full((*points.shape[:2], 3), value)
        steady[window] = total
        if flicker:
            layers[0][window], chart_lamp[c, 0] = light[-1], len(level.lamps.center) - 1
    return Lightmap(size, place, steady, layers, chart_lamp)


def plain_patina(level: Level) -> Patina:
    """A slow wave of shade and a wet corner; every seventh chart has none."""
    mesh, _ = expand(level)
    size = np.full((len(mesh.chart_origin), 2), 9, np.int32)
    size[::7] = 0
    place, height = pack(size, 256)
    factor = np.full((height, 256, 4), 200, np.uint8)
    for c in np.flatnonzero(size[:, 0]):
        points, window = _samples(mesh, c, size[c], place[c], factor.shape)
        wave = 185 + 15 * np.sin(points @ [1.1, 0.7, 2.0])
        factor[window] = np.stack([wave, wave, 0.95 * wave, 255 * (points[..., 0] > 6)], axis=-1).astype(np.uint8)
    return Patina(size, place, factor)


def plain_materials(texture_px: int = 256) -> tuple[Material, ...]:
    """Chevrons, loops, specks and prisms in the albedos of ``rooms``."""
    y, x = (np.mgrid[0:texture_px, 0:texture_px] + 0.5) / texture_px
    stroke = np.abs(((x * 20 + np.abs((y * 20) % 1 - 0.5)) % 1) - 0.5) < 0.06
    loops = 0.8 + 0.2 * np.sin(40 * np.pi * x) * np.sin(40 * np.pi * y)
    specks = 1 - 0.5 * (np.random.default_rng(3).random((texture_px, texture_px)) > 0.97)
    shades = [np.where(stroke, 0.6, 1.0), loops, specks, np.ones_like(x)]
    return tuple(_material(k, shades[k], x, y) for k in range(4))


def with_pile(materials: tuple[Material, ...]) -> tuple[Material, ...]:
    """The materials, the floor's with gaps where it is dark."""
    shade = materials[1].albedo[..., 0] / materials[1].albedo[..., 0].max()
    return materials[0], replace(materials[1], gap=np.clip(2.0 - 2.0 * shade, 0.0, 1.0)), *materials[2:]


def _material(k: int, shade: np.ndarray, x: np.ndarray, y: np.ndarray) -> Material:
    slope = np.stack([0.2 * np.sin(16 * np.pi * x), 0.2 * np.cos(16 * np.pi * y), np.ones_like(x)], axis=-1)
    emission = (1 + 0.2 * np.sin(60 * np.pi * x))[..., None].repeat(3, 2) if k == 3 else np.zeros((0, 0, 3))
    return Material(
        name=MATERIALS[k],
        size_m=((0.6, 0.6), (0.5, 0.5), (1.2192, 1.2192), (1.15, 0.55))[k],
        albedo=(shade[..., None] * ALBEDO[k]).astype(np.float32),
        normal=(slope / np.linalg.norm(slope, axis=-1, keepdims=True)).astype(np.float32),
        roughness=np.full(x.shape, 0.7 if k < 3 else 0.2, np.float32),
        emission=emission.astype(np.float32),
        specular=0.04 if k == 3 else 0.0,
    )


def _samples(mesh, c: int, size, place, shape) -> tuple[np.ndarray, tuple]:
    """World places (h, w, 3) of a chart's samples and its guard texels, and their window in the atlas."""
    a, b = (np.clip(np.arange(-1, n + 1) / max(n - 1, 1), 0, 1) for n in size)
    points = mesh.chart_origin[c] + a[None, :, None] * mesh.chart_u[c] + b[:, None, None] * mesh.chart_v[c]
    x, y = place
    return points, np.s_[y - 1 : y + size[1] + 1, x - 1 : x + size[0] + 1]


def _point_light(level: Level, points: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Irradiance / pi (L, h, w, 3) at points of each lens taken as a point (at least 0.5 m away)."""
    lamps = level.lamps
    area = 4 * np.linalg.norm(lamps.half_u, axis=1) * np.linalg.norm(lamps.half_v, axis=1)
    way = lamps.center[:, None, None] - points
    far2 = np.maximum((way**2).sum(-1), 0.25)
    cosines = np.maximum((way * normal).sum(-1), 0) * np.maximum(way[..., 2], 0) / far2
    return (cosines / far2 * area[:, None, None] / np.pi)[..., None] * lamps.radiance[:, None, None]


def lens_pixels(renderer, *view, **options) -> np.ndarray:
    """Pixels (H, W) bool that a lens touches, and two more about them; the light must not flicker."""
    lit, dark = (renderer.draw(*view, **options, lamp_output=np.full(len(LAMPS), k)).radiance for k in (1.0, 0.0))
    mask = np.abs(lit - dark).max(axis=2) > 1e-6
    for _ in range(2):
        grown = mask.copy()
        grown[1:] |= mask[:-1]
        grown[:-1] |= mask[1:]
        grown[:, 1:] |= mask[:, :-1]
        grown[:, :-1] |= mask[:, 1:]
        mask = grown
    return mask


def block_error(ours: np.ndarray, reference: np.ndarray, left_out: np.ndarray) -> float:
    """Mean over 8 × 8 blocks of the pixels' mean absolute difference in luminance, relative to the block's mean in
    the reference (at least 2 % of the median block); pixels (H, W) that are left out do not count."""
    h, w = (n // 8 * 8 for n in left_out.shape)
    weight = np.where(left_out, 0.0, 1.0)[:h, :w]
    a, b = (picture[:h, :w].astype(float) @ [0.2126, 0.7152, 0.0722] for picture in (ours, reference))
    count = _blocks(weight)
    used = count > 0
    difference, mean = (_blocks(weight * image)[used] / count[used] for image in (np.abs(a - b), b))
    return float(np.mean(difference / np.maximum(mean, 0.02 * np.median(mean))))


def _blocks(image: np.ndarray) -> np.ndarray:
    """Sums over 8 × 8 pixels."""
    h, w = image.shape
    return image.reshape(h // 8, 8, w // 8, 8).sum(axis=(1, 3))
