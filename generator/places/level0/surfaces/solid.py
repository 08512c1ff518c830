"""Plain stuff: painted steel and wood trim, wood, plastics, concrete, fabric."""

from __future__ import annotations

import numpy as np

from ....seed import Rng
from ....surface.canvas import Canvas, Image, blended, canvas, finished, folded, grid, noise, tinted
from ....surface.material import Material

TRIM = np.array([0.42, 0.365, 0.235])
"""Mean linear albedo of painted trim whose enamel has yellowed: a choice between new enamel, (.72, .70, .64), that drew
every wall's contour in white, and the display colours (118, 100, 60) that others measured on trim of the place."""
PAINTS = {
    "frame": ((0.78, 0.77, 0.72), 0.45, 0.0, 2.4e-5),
    "metal": ((0.34, 0.345, 0.33), 0.36, 0.10, 3.2e-5),
    "metal/brass": ((0.36, 0.24, 0.085), 0.26, 0.20, 0.6e-5),
    "metal/chrome": ((0.50, 0.50, 0.49), 0.18, 0.40, 0.3e-5),
    "plastic/dark": ((0.035, 0.034, 0.033), 0.48, 0.04, 9.0e-5),
    "plastic/ivory": ((0.70, 0.65, 0.50), 0.32, 0.04, 2.0e-5),
    "plastic/red": ((0.38, 0.030, 0.024), 0.30, 0.04, 2.0e-5),
}
"""Reflectance, roughness, reflectance of the gloss seen head on, and depth of the orange peel in metres."""


def paint(name: str, rng: Rng, texture_px: int) -> Material:
    """An even coat or moulding, 0.6 m square: orange peel, and a shade that is not quite even."""
    colour, roughness, specular, depth_m = PAINTS[name]
    sheet = canvas((0.6, 0.6), max(4, texture_px // 2))
    peel = noise(sheet, rng, 0.0016, 0.007, 0.3)
    cloud = noise(sheet, rng, 0.02, 0.3, 1.0)
    worn = _scratches(sheet, rng)
    albedo = tinted(1.0 + 0.015 * cloud + 0.010 * peel + 0.10 * worn, colour)
    rough = roughness + 0.05 * cloud + 0.25 * worn
    return finished(name, sheet, albedo, peel * np.float32(depth_m), rough, colour, specular)


def _scratches(sheet: Canvas, rng: Rng) -> Image:
    """Fine strokes of wiping and knocks, -1 to 1, sparse: here dull and dark, there bright."""
    level = noise(sheet, rng, 0.0010, 0.004, 0.2, (30.0, 1.0))
    steep = noise(sheet, rng, 0.0010, 0.004, 0.2, (1.0, 22.0))
    return np.clip((np.abs(level) - 2.3) * 2, 0, 1) * np.sign(level) + np.clip((np.abs(steep) - 2.6) * 2, 0, 1)


LIQUIDS = {"plastic/clear": ((0.44, 0.40, 0.26), 0.06), "plastic/water": ((0.32, 0.365, 0.30), 0.20)}
"""Reflectance of a clear bottle with air in it and with water: what is seen through it of yellow walls, a little blue;
and how far that varies by refraction."""


def clear(name: str, rng: Rng, texture_px: int) -> Material:
    """A clear bottle as it looks from outside, 0.42 m round and 0.6 m high: light and dark of what lies behind, drawn
    out upright, caustics, and lamps mirrored in it. Its rim shows what lies beside it, so it is dark there."""
    colour, contrast = LIQUIDS[name]
    sheet = canvas((0.42, 0.6), max(4, texture_px // 2))
    behind = noise(sheet, rng, 0.02, 0.15, 1.2, (1.0, 4.0))
    bent = noise(sheet, rng, 0.012, 0.06, 0.8, (1.0, 2.5))
    caustic = np.clip(1.0 - np.abs(bent + 0.4 * behind) / 0.10, 0, 1) ** 2
    x, y = grid(sheet)
    mirrored = np.exp(-((folded(x - 0.09, 0.21) / 0.006) ** 2)) * np.exp(-(((y - 0.30) / 0.26) ** 8))
    shade = 1.0 + contrast * np.tanh(behind) + 1.2 * contrast * caustic
    albedo = blended(tinted(shade, colour), np.full(3, 0.85, np.float32), 0.45 * mirrored)
    flat = np.zeros(sheet.shape, np.float32)
    return finished(name, sheet, albedo, flat, 0.08, colour, 0.06, gap=flat + np.float32(1.0), clear=True)


def trim(rng: Rng, texture_px: int) -> Material:
    """Wooden trim under brushed enamel, 1.2 × 0.6 m: strokes along u."""
    sheet = canvas((1.2, 0.6), texture_px)
    stroke = noise(sheet, rng, 0.0012, 0.008, 0.3, (40.0, 1.0))
    albedo = tinted(1.0 + 0.012 * stroke + 0.010 * noise(sheet, rng, 0.02, 0.3), TRIM)
    return finished("trim", sheet, albedo, stroke * np.float32(2.0e-5), 0.5 + 0.03 * stroke, TRIM)


def wood(rng: Rng, texture_px: int) -> Material:
    """Stained oak, 1.2 × 0.6 m, flat-sawn, grain along u: growth rings cut at a shallow angle, open pores, varnish."""
    sheet = canvas((1.2, 0.6), texture_px)
    colour, stretch, fine = (0.235, 0.125, 0.048), (14.0, 1.0), (36.0, 1.0)
    rings = noise(sheet, rng, 0.012, 0.20, 1.4, stretch)
    phase = rings * 2.6 + 0.05 * noise(sheet, rng, 0.002, 0.02, 0.5, stretch)
    late = (phase - np.floor(phase)) ** 2.5
    pores = np.clip(noise(sheet, rng, 0.0014, 0.005, 0.0, fine) - 1.0 - 0.5 * (1 - late), 0, 1)
    ray = noise(sheet, rng, 0.05, 0.6, 0.8, stretch)
    shade = 1.0 - 0.28 * late - 0.30 * pores + 0.06 * ray
    albedo = tinted(shade, colour)
    albedo[..., 2] *= 1.0 - 0.12 * late
    return finished("wood", sheet, albedo, pores * np.float32(-1.2e-4), 0.42 + 0.2 * pores, colour)


LEAF_M = 0.30
"""Width of a leaf of veneer; leaves are laid in pairs, each the mirror image of the other."""
VENEER = (0.33, 0.20, 0.095)


def door(rng: Rng, texture_px: int) -> Material:
    """Flush veneer of book-matched oak, 1.2 × 2.4 m, grain along v: cathedrals, streaks, and a joint between leaves."""
    sheet = canvas((1.2, 2.4), texture_px)
    x, y = grid(sheet)
    leaf = np.floor(x[0] / LEAF_M).astype(np.int64)
    within = np.where(leaf % 2 == 0, x[0] - leaf * LEAF_M, (leaf + 1) * LEAF_M - x[0])
    cut = np.minimum(((leaf // 2 * 2 * LEAF_M + within) / sheet.texel_m[0]).astype(np.int64), sheet.shape[1] - 1)
    wander = noise(sheet, rng, 0.03, 0.5, 1.5, (1.0, 6.0))[:, cut]
    streak = noise(sheet, rng, 0.005, 0.05, 0.6, (1.0, 40.0))[:, cut]
    pores = np.clip(noise(sheet, rng, 0.004, 0.010, 0.0, (1.0, 25.0))[:, cut] - 0.9, 0, 1)
    heart = np.hypot(within - 0.12 - 0.03 * (leaf // 2), 0.022)[None] / 0.030
    rise = np.where(leaf // 2 == 0, 6.0, -5.0)[None] * (y / 2.4)
    phase = 2.6 * heart + rise + 0.55 * wander
    late = (phase - np.floor(phase)) ** 2.0
    tone = np.array([0.035, -0.02, 0.01, -0.035], np.float32)[leaf % 4]
    joint = np.clip(1.0 - np.abs(folded(x, LEAF_M)) / sheet.texel_m[0], 0, 1)
    shade = (1.0 - 0.17 * late - 0.16 * pores + 0.045 * streak + tone[None]) * (1.0 - 0.16 * joint)
    albedo = tinted(shade.astype(np.float32), VENEER)
    albedo[..., 2] *= 1.0 - 0.10 * late
    albedo *= 1.0 - _handled(sheet, rng)[..., None] * np.array([0.80, 0.88, 0.95], np.float32)
    return finished("door", sheet, albedo, pores * np.float32(-0.6e-4), 0.38 + 0.12 * pores, VENEER, 0.04)


def _handled(sheet: Canvas, rng: Rng) -> Image:
    """Grime on a door of 0.91 m, 0 to 1: about the knob, at the edge where hands push, fingers, shoes at its foot."""
    x, y = grid(sheet)
    cloud = noise(sheet, rng, 0.006, 0.08, 0.8)
    about = 0.20 * np.exp(-(((x - 0.82) / 0.09) ** 2) - ((y - 1.02) / 0.17) ** 2)
    edge = 0.26 * np.exp(-(((x - 0.905) / 0.03) ** 2)) * np.exp(-(((y - 1.12) / 0.30) ** 4))
    grime = (about + edge) * np.clip(0.8 + 0.5 * cloud, 0.1, 1.8)
    for _ in range(16):
        px, py = 0.855 + 0.05 * rng.normal(), 1.12 + 0.15 * rng.normal()
        grime += 0.13 * np.exp(-(np.hypot((x - px) / 0.008, (y - py) / 0.011) ** 4))
    strokes = np.clip(noise(sheet, rng, 0.004, 0.06, 0.4, (6.0, 1.0)) - 1.2, 0, 1)
    return np.clip(grime + 0.40 * strokes * np.exp(-(((y - 0.16) / 0.07) ** 2)), 0, 0.6)


def concrete(rng: Rng, texture_px: int) -> Material:
    """The slab above the ceiling, 2.4384 m square: board marks, blow holes, dust."""
    sheet = canvas((2.4384, 2.4384), texture_px)
    x, _ = grid(sheet)
    cloud = noise(sheet, rng, 0.006, 0.8, 1.1)
    board = np.clip(1.0 - np.abs(folded(x, 0.2032)) / 0.004, 0, 1)
    holes = np.clip((noise(sheet, rng, 0.006, 0.02, 0.0) - 2.4) / 0.4, 0, 1)
    shade = 1.0 + 0.14 * cloud - 0.2 * board - 0.5 * holes
    mean = (0.10, 0.095, 0.088)
    height = cloud * np.float32(4e-4) + board * np.float32(1e-3) - holes * np.float32(2e-3)
    return finished("concrete/dark", sheet, tinted(shade, mean), height, 0.95, mean)


def fabric(rng: Rng, texture_px: int) -> Material:
    """Upholstery in a plain weave of 4.2 mm yarns of two shades, 0.3024 m square, flecked."""
    sheet = canvas((0.3024, 0.3024), max(4, texture_px // 2))
    weave, over = _weave(sheet, 0.0042)
    fleck = noise(sheet, rng, 0.0015, 0.012, 0.2, (1.0, 1.0))
    warp, weft = (0.100, 0.112, 0.135), (0.155, 0.160, 0.185)
    ones = np.ones(sheet.shape, np.float32)
    albedo = blended(tinted(ones, warp), tinted(ones, weft), over)
    albedo *= ((0.45 + 0.55 * weave) * (1.0 + 0.14 * fleck))[..., None]
    mean = (0.12, 0.13, 0.15)
    return finished("fabric", sheet, albedo, weave * np.float32(5e-4), 0.95, mean)


def _weave(sheet: Canvas, yarn_m: float) -> tuple[Image, Image]:
    """Height 0..1 of a plain weave and where the weft lies on top (0 or 1)."""
    x, y = grid(sheet)
    over = ((np.floor(x / yarn_m) + np.floor(y / yarn_m)) % 2).astype(np.float32)
    a, b = np.abs(folded(x - yarn_m / 2, yarn_m)), np.abs(folded(y - yarn_m / 2, yarn_m))
    across = np.where(over > 0, b, a) * (2 / yarn_m)
    along = np.where(over > 0, a, b) * (2 / yarn_m)
    return np.sqrt(np.clip(1 - 0.85 * across**2 - 0.35 * along**2, 0, 1)).astype(np.float32), over
