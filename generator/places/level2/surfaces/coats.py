"""What is on the concrete and what is not concrete: limewash, lagging, pipe paint, iron, glass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ....seed import Rng
from ....surface.canvas import Image, blended, canvas, cover, finished, grid, noise, tinted
from ....surface.material import Material
from ....surface.mean import mean_colour
from ...level1.surfaces import concrete

WASH_M = (2.4, 3.6)
"""Period of limewash along a wall, and how high it is drawn from the foot."""
LIME = (0.56, 0.54, 0.48)
"""Linear albedo of limewash that has yellowed and taken up soot; fresh it has 0.8."""
MUD = np.array([0.066, 0.056, 0.043])
"""Linear albedo of what settles on a floor that nobody sweeps: dust, soot, rust, dried up."""
RUST = np.array([0.12, 0.056, 0.028], np.float32)


def limewash(rng: Rng, texture_px: int) -> Material:
    """Limewash on cast concrete, 2.4 m along a wall and 3.6 m up from its foot: brushed on thin, flaked off in sheets,
    splashed from the floor, a line where water stood, runs of rust and lime from above."""
    below = _taller(concrete.cast(rng, round(texture_px * WASH_M[0] / WASH_M[1])), texture_px)
    sheet = canvas(WASH_M, texture_px)
    _, up = grid(sheet)
    flakes = 0.55 * noise(sheet, rng, 0.006, 0.05, 0.7) + noise(sheet, rng, 0.05, 0.8, 1.3)
    brushed = noise(sheet, rng, 0.004, 0.05, 0.4, (9.0, 1.0))
    foot = np.exp(-up / 0.28)
    kept = np.clip((flakes + 1.05 - 1.6 * foot) / 0.5, 0.0, 1.0) * np.clip(0.86 + 0.09 * brushed, 0.55, 1.0)
    shade = 1.0 + 0.045 * brushed + 0.05 * noise(sheet, rng, 0.03, 0.6, 1.0)
    albedo = blended(below.albedo, tinted(shade, LIME), kept.astype(np.float32))
    runs = noise(sheet, rng, 0.012, 0.5, 0.7, (1.0, 14.0))
    wave = 0.03 * noise(sheet, rng, 0.1, 1.2, 1.2)
    stood = np.exp(-(((up + wave - 0.52) / 0.018) ** 2)) + 0.6 * np.exp(-(((up + wave - 0.31) / 0.03) ** 2))
    grime = 0.62 * foot * np.clip(1.0 + 0.4 * flakes, 0.2, 1.5) + 0.22 * stood
    grime += 0.22 * np.clip(runs - 0.9, 0.0, 1.6) + 0.10 * np.exp(-np.abs(2.45 - up) / 0.35)
    albedo = blended(albedo, MUD, np.clip(grime, 0.0, 0.85).astype(np.float32))
    rust = np.clip(0.35 * (noise(sheet, rng, 0.012, 0.35, 0.8, (1.0, 18.0)) - 1.9), 0.0, 0.5)
    albedo = blended(albedo, RUST, rust.astype(np.float32))
    return replace(below, name="limewash", albedo=np.clip(albedo, 0.0, 0.95).astype(np.float32))


def _taller(below: Material, texture_px: int) -> Material:
    """A cast face of 2.4 m square as one of 2.4 × 3.6 m."""
    extra = texture_px - len(below.albedo)

    def up(image: Image) -> Image:
        return np.concatenate([image[len(image) - extra :], image])

    return replace(
        below, size_m=WASH_M, albedo=up(below.albedo), normal=up(below.normal), roughness=up(below.roughness)
    )


def floor(rng: Rng, texture_px: int) -> Material:
    """A slab under decades of dirt, 2.4384 m square: trodden thin here, caked there, lime where water dried."""
    below = concrete.slab(rng, texture_px)
    sheet = canvas(below.size_m, texture_px)
    cloud, grit = noise(sheet, rng, 0.04, 0.9, 1.1), noise(sheet, rng, 0.003, 0.03, 0.5)
    dirt = np.clip(0.48 + 0.22 * cloud + 0.10 * grit, 0.1, 0.92).astype(np.float32)
    edge = noise(sheet, rng, 0.05, 0.7, 1.2)
    lime = (np.exp(-((edge / 0.09) ** 2)) * np.clip(noise(sheet, rng, 0.1, 0.9, 1.0), 0, 1)).astype(np.float32)
    albedo = blended(below.albedo, tinted(1.0 + 0.25 * grit, MUD), dirt)
    albedo = blended(albedo, np.array([0.34, 0.32, 0.28]), 0.45 * lime)
    return replace(below, name="floor", albedo=np.clip(albedo, 0.0, 0.95).astype(np.float32))


SOLID = {
    "iron": ((0.075, 0.066, 0.058), 0.6, 0.02, 0.14),
    "zinc": ((0.19, 0.185, 0.175), 0.55, 0.05, 0.2),
    "cast_grey": ((0.16, 0.17, 0.165), 0.5, 0.03, 0.08),
    "plinth": ((0.17, 0.16, 0.14), 0.9, 0.0, 0.16),
    "cabinet": ((0.20, 0.215, 0.20), 0.45, 0.03, 0.06),
    "cable": ((0.035, 0.035, 0.036), 0.6, 0.03, 0.08),
    "aluminium": ((0.56, 0.56, 0.55), 0.35, 0.12, 0.06),
    "paint/yellow": ((0.50, 0.33, 0.04), 0.45, 0.03, 0.08),
    "paint/green": ((0.075, 0.17, 0.085), 0.45, 0.03, 0.08),
    "paint/blue": ((0.065, 0.115, 0.20), 0.45, 0.03, 0.08),
    "paint/red": ((0.20, 0.042, 0.032), 0.45, 0.03, 0.08),
    "letter/white": ((0.68, 0.67, 0.62), 0.6, 0.0, 0.05),
    "letter/black": ((0.03, 0.03, 0.03), 0.6, 0.0, 0.05),
}
"""Reflectance, roughness, gloss head on, and how uneven it is. Colours of labels: ASME A13.1-1996, yellow, green, blue,
red; pipes were painted in them."""


def solid(name: str, rng: Rng, texture_px: int) -> Material:
    """An even stuff of its own colour, 0.6 m square."""
    colour, roughness, specular, uneven = SOLID[name]
    sheet = canvas((0.6, 0.6), max(4, texture_px // 2))
    fine, cloud = noise(sheet, rng, 0.002, 0.012, 0.3), noise(sheet, rng, 0.02, 0.3, 1.0)
    albedo = tinted(1.0 + uneven * (0.5 * fine + cloud), colour)
    return finished(name, sheet, albedo, fine * np.float32(6e-5), roughness + 0.04 * cloud, colour, specular)


CHANNEL_M = (0.041, 0.1)
"""Width of metal framing channel, and from slot to slot."""


def channel(rng: Rng, texture_px: int) -> Material:
    """The slotted face of metal framing channel, 41 × 100 mm: one slot of 14 × 52 mm, dark inside."""
    sheet = canvas(CHANNEL_M, max(8, texture_px // 4))
    x, y = grid(sheet)
    away = np.hypot(x - CHANNEL_M[0] / 2, np.maximum(np.abs(y - CHANNEL_M[1] / 2) - 0.019, 0.0)) - 0.007
    slot = cover(away, sheet.texel_m[0])
    colour, roughness, specular, _ = SOLID["zinc"]
    albedo = tinted((1.0 + 0.1 * noise(sheet, rng, 0.003, 0.03, 0.6)) * (1.0 - 0.9 * slot), colour)
    return finished("channel", sheet, albedo, -3e-3 * slot, roughness, mean_colour(albedo), specular)


TRAY_M = (0.30, 0.229)
"""Breadth of a cable tray, and from rung to rung, at most 9 in. Source: NEMA VE 1."""


def tray(rng: Rng, texture_px: int) -> Material:
    """The bottom of a cable tray: rungs of 25 mm, and the dark of the cables between them."""
    sheet = canvas(TRAY_M, max(8, texture_px // 4))
    x, y = grid(sheet)
    edge = np.minimum(x, TRAY_M[0] - x) - 0.02
    opening = cover(np.maximum(np.abs(y - TRAY_M[1] / 2) - (TRAY_M[1] - 0.025) / 2, -edge), sheet.texel_m[0])
    colour, roughness, specular, _ = SOLID["zinc"]
    cables = 0.10 + 0.10 * np.clip(noise(sheet, rng, 0.01, 0.05, 0.6, (1.0, 12.0)), -1.0, 1.0)
    shade = 1.0 + 0.1 * noise(sheet, rng, 0.003, 0.03, 0.6)
    albedo = tinted(shade * (1.0 - opening) + cables * opening, colour)
    return finished("tray", sheet, albedo, -8e-3 * opening, roughness, mean_colour(albedo), specular)


def painted_pipe(name: str, rng: Rng, texture_px: int) -> Material:
    """Paint on steel, 1.2 m square: dulled, grimy, rust through it in spots and along scratches."""
    colour, roughness, specular, uneven = SOLID[name]
    sheet = canvas((1.2, 1.2), texture_px)
    fine, cloud = noise(sheet, rng, 0.003, 0.02, 0.4), noise(sheet, rng, 0.03, 0.5, 1.1)
    spots = 0.6 * noise(sheet, rng, 0.005, 0.04, 0.6) + noise(sheet, rng, 0.05, 0.5, 1.1)
    rust = np.clip((spots - 1.35) / 0.35, 0.0, 1.0).astype(np.float32)
    film = tinted(1.0 + uneven * (0.6 * fine + 1.3 * cloud), colour)
    soot = np.clip(0.22 + 0.16 * noise(sheet, rng, 0.02, 0.6, 1.0) + 0.08 * fine, 0.0, 0.6).astype(np.float32)
    film = blended(film, np.array([0.075, 0.068, 0.058]), soot)
    albedo = blended(film, tinted(1.0 + 0.3 * fine, RUST), rust)
    return finished(
        name, sheet, albedo, 2e-4 * rust + 4e-5 * fine, roughness + 0.3 * rust, mean_colour(albedo), specular
    )


def rusted(rng: Rng, texture_px: int) -> Material:
    """Bare steel that has rusted for decades, 1.2 m square."""
    sheet = canvas((1.2, 1.2), texture_px)
    scale, cloud = noise(sheet, rng, 0.003, 0.03, 0.5), noise(sheet, rng, 0.04, 0.6, 1.1)
    dark = tinted(1.0 + 0.2 * scale, (0.055, 0.045, 0.040))
    albedo = blended(dark, tinted(1.0 + 0.25 * scale, RUST), np.clip(0.25 + 0.35 * cloud, 0, 1).astype(np.float32))
    return finished("rust", sheet, albedo, 1.5e-4 * scale, 0.9, mean_colour(albedo), 0.02)


def canvas_lagging(rng: Rng, texture_px: int) -> Material:
    """Sewn canvas over magnesia, painted long ago, 0.6 m square along a pipe and about it: seams, stains, sags."""
    sheet = canvas((1.2, 1.2), texture_px)
    weave = noise(sheet, rng, 0.0025, 0.006, 0.0)
    cloud, streak = noise(sheet, rng, 0.03, 0.5, 1.1), noise(sheet, rng, 0.02, 0.4, 0.9, (1.0, 4.0))
    stain = np.clip((streak + 0.5 * cloud - 1.0) / 0.8, 0.0, 1.0).astype(np.float32)
    cream = tinted(1.0 + 0.03 * weave + 0.06 * cloud, (0.50, 0.47, 0.39))
    albedo = blended(cream, tinted(1.0 + 0.1 * cloud, (0.24, 0.17, 0.10)), 0.7 * stain)
    height = 1.5e-4 * weave + 2.5e-3 * noise(sheet, rng, 0.08, 0.5, 1.0)
    return finished("lagging", sheet, albedo, height, 0.95, mean_colour(albedo))


def jar(rng: Rng, texture_px: int) -> Material:
    """The glass jar of a bulkhead lamp, 0.3 m square: even, dusty."""
    sheet = canvas((0.3, 0.3), max(8, texture_px // 4))
    dust = noise(sheet, rng, 0.004, 0.06, 1.0)
    glow = tinted(1.0 - 0.08 * dust, (1.0, 1.0, 1.0)).astype(np.float32)
    glow /= glow.mean()
    albedo = tinted(1.0 - 0.08 * dust, (0.42, 0.40, 0.35))
    return finished("jar", sheet, albedo, np.zeros(sheet.shape, np.float32), 0.25, (0.42, 0.40, 0.35), 0.04, glow)
