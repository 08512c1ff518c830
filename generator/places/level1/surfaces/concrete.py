"""Cast concrete as its forms left it: driven slabs, soffits on plywood, walls and columns, and walls of block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....seed import Rng
from ....surface.canvas import Canvas, Image, blended, canvas, cover, finished, folded, grid, noise, tinted
from ....surface.material import Material

SLAB_M = 2.4384
"""Period of floors and soffits: whole ones in a chunk, and the length of a sheet of plywood (8 ft)."""
WALL_M = 2.4
"""Period of upright faces."""
PLY_M = 1.2192
"""Width of a sheet of plywood (4 ft)."""
SLAB = np.array([0.235, 0.228, 0.212])
SOFFIT = np.array([0.375, 0.362, 0.335])
CAST = np.array([0.345, 0.335, 0.312])
BLOCK = np.array([0.33, 0.325, 0.305])
"""Mean linear albedo of driven slab, soffit, cast and block walls, greyed by twenty years of exhaust. Smooth new
concrete has 0.41 to 0.77 in sunlight; abrasion takes 0.19. Source: Levinson and Akbari, "Effects of composition and
exposure on the solar reflectance of Portland cement concrete", LBNL-48334, 2001."""
TIE_M = (0.8, 1.2)
"""Distance of form ties along a wall and up."""
STONE = np.array([0.20, 0.17, 0.13])
"""Linear albedo of the gravel that shows where the cement is worn off."""


def slab_sheet(sheet: Canvas, rng: Rng) -> tuple[Image, Image]:
    """Shade (H, W) about 1 and height in metres of a broomed slab that tyres have polished: fine ridges along x where
    they are left, sand, stones laid bare, craze cracks and old drips."""
    sand = noise(sheet, rng, 0.0035, 0.012, 0.2)
    broom = noise(sheet, rng, 0.0042, 0.011, 0.2, (60.0, 1.0))
    worn = noise(sheet, rng, 0.05, 0.9, 1.0)
    cloud = noise(sheet, rng, 0.03, 0.5, 1.1)
    ridges = broom * np.clip(0.65 - 0.35 * worn, 0.1, 1.0)
    stones = np.clip((noise(sheet, rng, 0.007, 0.016, 0.1) - 1.75 - 0.25 * worn) / 0.35, 0, 1)
    pits = np.clip((noise(sheet, rng, 0.005, 0.02, 0.0) - 2.7) / 0.4, 0, 1)
    shade = 1.0 + 0.055 * sand + 0.050 * ridges + 0.032 * cloud + 0.025 * np.tanh(worn) - 0.30 * pits - 0.16 * stones
    crack = _crazing(sheet, rng)
    height = 2.2e-4 * ridges + 1.2e-4 * sand - 8e-4 * pits + 1e-4 * stones
    return (shade * (1.0 - 0.22 * crack)).astype(np.float32), height.astype(np.float32)


def slab(rng: Rng, texture_px: int) -> Material:
    """A driven slab, 2.4384 m square."""
    sheet = canvas((SLAB_M, SLAB_M), texture_px)
    shade, height = slab_sheet(sheet, rng)
    return finished("slab", sheet, tinted(shade, SLAB), height, 0.75, SLAB)


def _crazing(sheet: Canvas, rng: Rng) -> Image:
    """Hair cracks, 0 to 1: where two slow noises cross zero, only in part of the sheet."""
    a, b = noise(sheet, rng, 0.02, 0.35, 1.3), noise(sheet, rng, 0.02, 0.25, 1.2)
    there = np.clip(noise(sheet, rng, 0.1, 0.9, 1.0) - 0.5, 0, 1)
    texel = sheet.texel_m[0]
    return (
        there
        * np.maximum(*(np.clip(1.0 - np.abs(c) / (_slope(c) * 1.1 + 1e-6), 0, 1) for c in (a, b)))
        * min(1.0, 0.0016 / texel)
    )


def _slope(image: Image) -> Image:
    """How much an image changes from texel to texel."""
    return np.hypot(image - np.roll(image, 1, 0), image - np.roll(image, 1, 1))


def soffit(rng: Rng, texture_px: int) -> Material:
    """The underside of a slab cast on plywood, 2.4384 m square: two sheets, their grain, fins at their joints."""
    sheet = canvas((SLAB_M, SLAB_M), texture_px)
    x, y = grid(sheet)
    joint = _joints(sheet, x, y)
    beside = np.exp(-((np.abs(folded(x, PLY_M)) / 0.018) ** 2)) * np.ones_like(y)
    shade, height = formed(sheet, rng, (22.0, 1.0))
    shade = shade - 0.34 * joint - 0.06 * beside
    return finished("soffit", sheet, tinted(shade, SOFFIT), height + 1.2e-3 * joint, 0.9, SOFFIT)


def _joints(sheet: Canvas, x: Image, y: Image) -> Image:
    """Fins between sheets of plywood, staggered from one row to the next, 0 to 1."""
    texel = sheet.texel_m[0]
    row = np.floor(x / PLY_M).astype(int) % 2
    along = cover(np.abs(folded(x, PLY_M)) - 0.002, texel)
    across = cover(np.abs(folded(y - 0.8 * row, SLAB_M)) - 0.002, texel)
    return np.maximum(along * np.ones_like(y), across)


def formed(sheet: Canvas, rng: Rng, stretch: tuple[float, float]) -> tuple[Image, Image]:
    """Shade about 1 and height of a formed face: the wood's grain, blow holes, blotches of form oil."""
    grain = noise(sheet, rng, 0.004, 0.03, 0.6, stretch)
    fine = noise(sheet, rng, 0.004, 0.012, 0.2)
    cloud = noise(sheet, rng, 0.03, 0.7, 1.1)
    blotch = np.tanh(1.5 * noise(sheet, rng, 0.06, 0.5, 0.8) - 1.0)
    holes = np.clip((noise(sheet, rng, 0.005, 0.014, 0.0) - 2.55) / 0.4, 0, 1)
    shade = 1.0 + 0.032 * grain + 0.025 * fine + 0.026 * cloud + 0.016 * blotch - 0.42 * holes
    height = 1.0e-4 * grain + 0.6e-4 * fine - 1.8e-3 * holes
    return shade.astype(np.float32), height.astype(np.float32)


def cast(rng: Rng, texture_px: int) -> Material:
    """An upright face cast against boards 0.2 m wide, 2.4 m square: board joints, lifts of pouring, tie holes."""
    sheet = canvas((WALL_M, WALL_M), texture_px)
    x, y = grid(sheet)
    texel = sheet.texel_m[0]
    shade, height = formed(sheet, rng, (1.0, 26.0))
    board = np.floor(x / 0.2).astype(int)
    tone = rng.uniform(-0.03, 0.03, 12)[board % 12]
    joint = cover(np.abs(folded(x, 0.2)) - 0.0012, texel) * (0.4 + 0.6 * rng.uniform(size=12)[board % 12])
    wave = 0.02 * noise(sheet, rng, 0.1, 0.8, 1.2)
    lift = np.exp(-(((folded(y + wave, 1.2)) / 0.012) ** 2))
    below = np.clip(-folded(y + wave, 1.2) / 0.25, 0, 1) * (folded(y + wave, 1.2) < 0)
    across, up = folded(x - 0.3, TIE_M[0]), folded(y - 0.5, TIE_M[1])
    tie = np.hypot(across, up)
    hole, ring = cover(tie - 0.012, texel), np.exp(-(((tie - 0.026) / 0.012) ** 2))
    rust = np.exp(-np.abs(across) / 0.012) * _under(up)
    shade = shade + tone - 0.20 * joint - 0.10 * lift + 0.03 * below - 0.06 * ring
    albedo = tinted(shade * (1.0 - 0.75 * hole), CAST)
    albedo *= 1.0 - (0.10 * rust)[..., None] * np.array([0.5, 0.9, 1.2], np.float32)
    relief_m = height - 9e-4 * joint - 1.5e-3 * lift - 0.012 * hole
    return finished("cast", sheet, albedo, relief_m, 0.9, CAST)


def _under(y: Image) -> Image:
    """1 just under a place, fading downwards over a hand's breadth."""
    return np.where(y < 0, np.exp(y / 0.11), 0.0).astype(np.float32)


def block(rng: Rng, texture_px: int) -> Material:
    """A wall of concrete block, 2.4 m square: 0.4 × 0.2 m in running bond, struck joints of 10 mm."""
    sheet = canvas((WALL_M, WALL_M), texture_px)
    x, y = grid(sheet)
    texel = sheet.texel_m[0]
    course = np.floor(y / 0.2).astype(int)
    shifted = x + 0.2 * (course % 2)
    bed = np.abs(folded(y, 0.2)) * np.ones_like(x)
    head = np.abs(folded(shifted, 0.4))
    joint = cover(np.minimum(bed, head) - 0.005, texel)
    tone = rng.uniform(-0.06, 0.06, (12, 6))[course % 12, np.floor(shifted / 0.4).astype(int) % 6]
    pores = np.clip((noise(sheet, rng, 0.005, 0.012, 0.0) - 1.5) / 0.5, 0, 1)
    rough, cloud = noise(sheet, rng, 0.004, 0.014, 0.2), noise(sheet, rng, 0.03, 0.6, 1.0)
    shade = 1.0 + tone + 0.05 * rough + 0.02 * cloud - 0.30 * pores * (1 - joint)
    mortar = tinted(1.0 + 0.04 * rough, 0.82 * BLOCK)
    albedo = blended(tinted(shade, BLOCK), mortar, 0.85 * joint)
    return finished("block", sheet, albedo, 3e-4 * rough - 1.5e-3 * pores - 4e-3 * joint, 0.95, BLOCK)


def painted(below: NDArray, shade: Image, sheet: Canvas, rng: Rng, colour: tuple[float, float, float]) -> Image:
    """Albedo of concrete (3,) times its ``shade`` under a coat of paint that has worn off in flakes and cracks."""
    chips = 0.45 * noise(sheet, rng, 0.005, 0.03, 0.6) + noise(sheet, rng, 0.04, 0.5, 1.2)
    kept = np.clip((chips + 1.25) / 0.40, 0.0, 1.0)
    thin = np.clip(0.84 + 0.12 * noise(sheet, rng, 0.05, 0.6, 1.0), 0.55, 1.0)
    film = tinted(1.0 + 0.35 * (shade - 1.0), colour)
    return blended(tinted(shade, below), film, (kept * thin).astype(np.float32))
