"""What is painted on concrete, and what is not concrete: lines, bands, enamel, zinc, rubber, glass."""

from __future__ import annotations

import numpy as np

from ....seed import Rng, rng_for
from ....surface.canvas import canvas, cover, finished, folded, grid, noise, tinted
from ....surface.make import SHARED
from ....surface.material import Material
from ....surface.mean import mean_colour
from .concrete import CAST, SLAB, SLAB_M, WALL_M, formed, painted, slab_sheet

WHITE, YELLOW, BLUE, RED = (0.54, 0.53, 0.48), (0.43, 0.275, 0.05), (0.06, 0.12, 0.26), (0.26, 0.04, 0.034)
"""Linear albedo of traffic paint after some years under tyres."""


def floor_paint(name: str, colour: tuple[float, float, float], rng: Rng, texture_px: int) -> Material:
    """Traffic paint on the slab, 2.4384 m square: the same slab, which shows wherever the paint is gone."""
    sheet = canvas((SLAB_M, SLAB_M), texture_px)
    shade, height = slab_sheet(sheet, rng_for(SHARED, "surface.slab"))
    albedo = painted(SLAB, shade, sheet, rng, colour)
    return finished(name, sheet, albedo, height, 0.6, mean_colour(albedo))


def band(name: str, colour: tuple[float, float, float], rng: Rng, texture_px: int) -> Material:
    """Paint on columns and walls, 2.4 m square, knocked off by bumpers and doors."""
    sheet = canvas((WALL_M, WALL_M), texture_px)
    shade, height = formed(sheet, rng, (1.0, 26.0))
    albedo = painted(CAST, shade, sheet, rng, colour)
    return finished(name, sheet, albedo, 0.5 * height, 0.5, mean_colour(albedo), 0.03)


SOLID = {
    "enamel": ((0.62, 0.61, 0.56), 0.4, 0.03, 0.03),
    "zinc": ((0.36, 0.365, 0.36), 0.4, 0.06, 0.12),
    "pipe": ((0.30, 0.045, 0.035), 0.45, 0.03, 0.06),
    "iron": ((0.10, 0.085, 0.07), 0.6, 0.02, 0.14),
    "sealant": ((0.045, 0.045, 0.043), 0.7, 0.0, 0.08),
    "precast": ((0.33, 0.325, 0.30), 0.9, 0.0, 0.09),
    "door": ((0.19, 0.205, 0.19), 0.4, 0.03, 0.03),
    "brass": ((0.40, 0.30, 0.14), 0.3, 0.2, 0.04),
    "tarpaulin": ((0.10, 0.135, 0.15), 0.6, 0.03, 0.06),
}
"""Reflectance, roughness, gloss head on, and how uneven it is."""


def solid(name: str, rng: Rng, texture_px: int) -> Material:
    """An even stuff of its own colour, 0.6 m square."""
    colour, roughness, specular, uneven = SOLID[name]
    sheet = canvas((0.6, 0.6), max(4, texture_px // 2))
    fine, cloud = noise(sheet, rng, 0.002, 0.012, 0.3), noise(sheet, rng, 0.02, 0.3, 1.0)
    albedo = tinted(1.0 + uneven * (0.5 * fine + cloud), colour)
    return finished(name, sheet, albedo, fine * np.float32(6e-5), roughness + 0.04 * cloud, colour, specular)


def grate(rng: Rng, texture_px: int) -> Material:
    """A cast-iron drain, 0.3 m square: slots with dark in them."""
    sheet = canvas((0.3, 0.3), max(4, texture_px // 2))
    x, y = grid(sheet)
    texel = sheet.texel_m[0]
    slot = cover(np.abs(folded(x, 0.03)) - 0.007, texel)
    inside = cover(np.maximum(np.abs(folded(y - 0.075, 0.15)) - 0.058, np.abs(x - 0.15) - 0.118), texel)
    shade = (1.0 + 0.15 * noise(sheet, rng, 0.003, 0.05, 0.5)) * (1.0 - 0.93 * slot * inside)
    colour = (0.085, 0.072, 0.06)
    return finished("grate", sheet, tinted(shade, colour), -4e-3 * slot * inside, 0.6, 0.6 * np.array(colour))


def tube(rng: Rng, texture_px: int) -> Material:
    """A fluorescent tube, 1.2 × 0.12 m: even, grey towards its ends where the cathodes have sputtered."""
    sheet = canvas((1.2, 0.12), max(8, texture_px // 2))
    x, _ = grid(sheet)
    from_end = np.minimum(x, 1.2 - x) * np.ones(sheet.shape, np.float32)
    glow = tinted(1.0 - 0.45 * np.exp(-from_end / 0.035), (1.0, 1.0, 1.0)).astype(np.float32)
    glow /= glow.mean()
    glass = (0.72, 0.72, 0.69)
    albedo = tinted(1.0 - 0.35 * np.exp(-from_end / 0.02), glass)
    return finished("tube", sheet, albedo, np.zeros(sheet.shape, np.float32), 0.2, glass, 0.04, glow)


def dead_tube(rng: Rng, texture_px: int) -> Material:
    """A tube that is out beside one that burns: white glass, black at its ends."""
    sheet = canvas((1.2, 0.12), max(8, texture_px // 2))
    x, _ = grid(sheet)
    from_end = np.minimum(x, 1.2 - x) * np.ones(sheet.shape, np.float32)
    albedo = tinted(1.0 - 0.8 * np.exp(-from_end / 0.05), (0.62, 0.62, 0.60))
    return finished("tube/dead", sheet, albedo, np.zeros(sheet.shape, np.float32), 0.2, (0.58, 0.58, 0.56), 0.04)
