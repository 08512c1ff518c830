"""What is painted on concrete, and what is not concrete: lines, bands, enamel, zinc, rubber, glass."""

from __future__ import annotations

import numpy as np

from ....seed import Rng, rng_for
from ....surface.canvas import blended, canvas, cover, finished, folded, grid, noise, tinted
from ....surface.make import SHARED
from ....surface.material import Material
from ....surface.mean import mean_colour
from .concrete import CAST, SLAB, SLAB_M, WALL_M, formed, painted, slab_sheet

WHITE, YELLOW, BLUE, RED = (0.54, 0.53, 0.48), (0.43, 0.275, 0.05), (0.06, 0.12, 0.26), (0.26, 0.04, 0.034)
"""Linear albedo of traffic paint after some years under tyres."""
PANE = (0.06, 0.065, 0.06)
"""Of a window pane before a room."""
WOOD, CARTON, TAPE, ROLLER = (0.27, 0.20, 0.125), (0.34, 0.225, 0.125), (0.40, 0.31, 0.19), (0.30, 0.31, 0.30)
"""Of grey pallet boards, brown board, paper tape, and slats that were once painted."""


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
    "rack/upright": ((0.035, 0.075, 0.145), 0.4, 0.03, 0.05),
    "rack/beam": ((0.42, 0.105, 0.014), 0.4, 0.03, 0.05),
    "bell": ((0.46, 0.465, 0.46), 0.35, 0.2, 0.05),
    "tee": ((0.37, 0.358, 0.332), 0.9, 0.0, 0.07),
    "glass": ((0.018, 0.020, 0.019), 0.08, 0.05, 0.0),
    "wrap": ((0.40, 0.41, 0.42), 0.3, 0.04, 0.10),
    "casing": ((0.40, 0.405, 0.375), 0.45, 0.03, 0.05),
    "plant/grey": ((0.29, 0.305, 0.295), 0.4, 0.03, 0.04),
    "plant/green": ((0.105, 0.165, 0.135), 0.4, 0.03, 0.05),
    "plant/blue": ((0.06, 0.105, 0.165), 0.4, 0.03, 0.06),
    "plant/red": ((0.27, 0.045, 0.030), 0.4, 0.03, 0.06),
    "plant/mesh": ((0.22, 0.225, 0.215), 0.45, 0.05, 0.08),
    "pipe/green": ((0.07, 0.17, 0.095), 0.45, 0.03, 0.07),
    "cast_grey": ((0.16, 0.17, 0.165), 0.5, 0.03, 0.08),
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


def wood(rng: Rng, texture_px: int) -> Material:
    """Rough-sawn boards of pallets, grey with age and dark with boots, 0.6 m square, their grain along y."""
    sheet = canvas((0.6, 0.6), max(4, texture_px // 2))
    grain = noise(sheet, rng, 0.002, 0.03, 0.6, (1.0, 30.0))
    cloud = noise(sheet, rng, 0.03, 0.3, 1.0)
    albedo = tinted(1.0 + 0.14 * grain + 0.10 * cloud, WOOD)
    return finished("wood", sheet, albedo, 3e-4 * grain, 0.9, WOOD)


def carton(rng: Rng, texture_px: int) -> Material:
    """Courses of brown cartons of 0.4 × 0.3 m, taped along their tops, 1.2 m square; no two quite of one brown."""
    sheet = canvas((1.2, 1.2), texture_px)
    x, y = grid(sheet)
    texel = sheet.texel_m[0]
    row, column = np.floor(y / 0.3).astype(int), np.floor(x / 0.4).astype(int)
    tone = rng.uniform(-0.10, 0.10, (4, 3))[row % 4, column % 3]
    seam = cover(np.minimum(np.abs(folded(x, 0.4)) * np.ones_like(y), np.abs(folded(y, 0.3))) - 0.0035, texel)
    tape = cover(np.maximum(np.abs(folded(x - 0.2, 0.4)) - 0.026, 0.235 - (y % 0.3)), texel)
    fibre, cloud = noise(sheet, rng, 0.003, 0.02, 0.4, (1.0, 6.0)), noise(sheet, rng, 0.03, 0.5, 1.0)
    scuff = np.clip(noise(sheet, rng, 0.01, 0.10, 0.8) - 1.7, 0, 1)
    shade = (1.0 + tone + 0.03 * fibre + 0.04 * cloud - 0.10 * scuff) * (1.0 - 0.65 * seam)
    albedo = blended(
        tinted(shade, CARTON), tinted(1.0 + 0.05 * cloud, TAPE), (0.8 * tape * (1 - seam)).astype(np.float32)
    )
    return finished("carton", sheet, albedo, -2e-3 * seam + 1e-4 * fibre, 0.8, CARTON, 0.02)


def roller(rng: Rng, texture_px: int) -> Material:
    """Slats of a roller door, 75 mm high, galvanised and once painted, 1.2 m square."""
    sheet = canvas((1.2, 1.2), texture_px)
    _, y = grid(sheet)
    within = np.abs(folded(y, 0.075)) * np.ones(sheet.shape, np.float32)
    groove = np.exp(-((within / 0.006) ** 2))
    dirt, streak = noise(sheet, rng, 0.02, 0.4, 1.0), noise(sheet, rng, 0.006, 0.08, 0.5, (1.0, 12.0))
    shade = 1.0 + 0.05 * dirt + 0.05 * streak - 0.55 * groove + 0.06 * (within / 0.0375)
    height = 0.006 * np.sqrt(np.clip(within / 0.0375, 0.0, 1.0))
    return finished("roller", sheet, tinted(shade, ROLLER), height, 0.45, ROLLER, 0.04)


def duct(rng: Rng, texture_px: int) -> Material:
    """Galvanised sheet of a duct, 1.2192 m square: a flange where two lengths meet, a cross broken into each."""
    side = 2 * 0.6096
    sheet = canvas((side, side), texture_px)
    x, y = grid(sheet)
    joint = cover(np.abs(folded(y, side)) - 0.018, sheet.texel_m[0]) * np.ones_like(x)
    lip = np.exp(-(((np.abs(folded(y, side)) - 0.018) / 0.004) ** 2)) * np.ones_like(x)
    fold = np.exp(-((np.minimum(np.abs(x - y), np.abs(x + y - side)) / 0.004) ** 2))
    spangle, cloud = noise(sheet, rng, 0.008, 0.03, 0.3), noise(sheet, rng, 0.05, 0.6, 1.0)
    streak = np.clip(noise(sheet, rng, 0.01, 0.3, 0.7, (1.0, 8.0)) - 1.2, 0.0, 1.0)
    shade = 1.0 + 0.05 * spangle + 0.06 * cloud + 0.10 * joint - 0.30 * lip - 0.05 * fold - 0.12 * streak
    colour = SOLID["zinc"][0]
    height = 0.006 * joint + 1e-3 * fold
    return finished("duct", sheet, tinted(shade, colour), height, 0.45, colour, 0.05)


def tread(rng: Rng, texture_px: int) -> Material:
    """Tread plate, 0.6096 m square: lozenges that lie crosswise by turns, worn bright, the rest brown."""
    sheet = canvas((0.6096, 0.6096), texture_px)
    x, y = grid(sheet)
    step = 0.6096 / 16
    i, j = np.floor(x / step).astype(int), np.floor(y / step).astype(int)
    u, v = folded(x - step / 2, step), folded(y - step / 2, step)
    a, b = (u + v) / 1.414, (u - v) / 1.414
    along, across = (np.where((i + j) % 2, p, q) for p, q in ((a, b), (b, a)))
    stud = cover(np.hypot(along / 0.014, across / 0.004) * 0.004 - 0.004, sheet.texel_m[0])
    cloud, fine = noise(sheet, rng, 0.03, 0.4, 1.0), noise(sheet, rng, 0.003, 0.02, 0.4)
    shade = 1.0 + 0.16 * cloud + 0.08 * fine + 0.9 * stud
    colour = (0.105, 0.095, 0.085)
    return finished("tread", sheet, tinted(shade, colour), 1.5e-3 * stud, 0.5, colour, 0.06)


def bay_glass(rng: Rng, texture_px: int) -> Material:
    """The mouth of a high bay, 0.42 m square: brightest where the arc tube hangs, dimmer on the reflector about it."""
    sheet = canvas((0.42, 0.42), max(8, texture_px // 4))
    x, y = grid(sheet)
    away = np.hypot(x - 0.21, y - 0.21)
    glow = 0.55 + 2.2 * np.exp(-((away / 0.055) ** 2)) + 0.25 * np.exp(-(((away - 0.15) / 0.03) ** 2))
    glow = tinted((glow / glow.mean()).astype(np.float32), (1.0, 1.0, 1.0)).astype(np.float32)
    glass = (0.55, 0.55, 0.53)
    return finished("lens/bay", sheet, tinted(np.ones(sheet.shape, np.float32), glass),
                    np.zeros(sheet.shape, np.float32), 0.15, glass, 0.04, glow)  # fmt: skip


def blinds(rng: Rng, texture_px: int) -> Material:
    """A window with the light on behind its blinds, 1.82 × 1.06 m: slats of an inch, one pair bent, a cord."""
    sheet = canvas((1.82, 1.06), texture_px)
    x, y = grid(sheet)
    sag = 0.010 * np.exp(-(((x - 1.21) / 0.10) ** 2 + ((y - 0.55) / 0.05) ** 2))
    gap = np.exp(-((folded(y + sag, 0.0254) / 0.0035) ** 2))
    lean = 0.55 + 0.45 * y / 1.06 + 0.05 * noise(sheet, rng, 0.05, 0.9, 1.0)
    glow = (0.45 + 0.75 * gap) * lean * (1.0 - 0.5 * cover(np.abs(x - 0.16) - 0.003, sheet.texel_m[0]))
    glow = tinted((glow / glow.mean()).astype(np.float32), (1.0, 0.97, 0.88)).astype(np.float32)
    return finished("lens/window", sheet, tinted(np.ones(sheet.shape, np.float32), PANE),
                    np.zeros(sheet.shape, np.float32), 0.1, PANE, 0.04, glow)  # fmt: skip


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
