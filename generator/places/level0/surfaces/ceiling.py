"""The lay-in ceiling: fissured mineral tiles in a 24 mm T-bar grid."""

from __future__ import annotations

import numpy as np

from ....seed import Rng
from ....surface.canvas import Canvas, Image, blended, canvas, cover, finished, folded, grid, noise, tinted
from ....surface.material import Material

MODULE_M = 0.6096
SIZE_M = 4 * MODULE_M
"""The period: 4 × 4 modules, whole periods in a chunk."""
BAR_M = 0.024
"""Face of the exposed T-bar (15/16 in)."""
TILE = np.array([0.79, 0.76, 0.65])
"""Mean linear albedo of the tile: white mineral board (light reflectance 0.80 to 0.85, ASTM E1477) gone yellow."""
BAR = np.array([0.77, 0.745, 0.66])
"""White enamelled steel under the dust of years, that does not yellow as the tile does."""
REVEAL_M = (0.006, 0.012)
"""Width of the shadow beside main tees and beside cross tees. A tegular tile's face hangs lower than its edge, which
lies on the bar; it lies close to its main tees, its ends have the play."""
REVEAL_DEPTH = (0.36, 0.66)
"""Share of the light that these shadows take: cross tees then show at 8 m, and main tees are no rails beside them."""
TURNED = 0.3
"""Share of the tiles that lie the other way round; their fissures run across."""


def ceiling_tile(modules_long: int, rng: Rng, texture_px: int) -> Material:
    """4 × 4 modules of ceiling, T-bars centred on module lines; tiles of 1 × ``modules_long`` modules."""
    sheet = canvas((SIZE_M, SIZE_M), texture_px)
    pits, grain, shade = _tiles(sheet, rng, modules_long)
    x, y = grid(sheet)
    main, cross = np.abs(folded(x, MODULE_M)), np.abs(folded(y, MODULE_M * modules_long))
    bar = cover(np.minimum(main, cross) - BAR_M / 2, sheet.texel_m[0])
    gap = np.maximum(*(
        deep * _reveal(edge - BAR_M / 2, wide, sheet.texel_m[0])
        for edge, wide, deep in zip((main, cross), REVEAL_M, REVEAL_DEPTH, strict=True)
    ))  # fmt: skip
    board = tinted((1.0 - 0.62 * pits) * (1.0 + 0.02 * grain) * shade * (1.0 - gap), TILE)
    steel = tinted(1.0 - 0.35 * _bar_joints(sheet, x, y, modules_long), BAR)
    height = (1 - bar) * (0.00025 * grain - 0.0016 * pits) + bar * 0.0009
    return finished("ceiling/tile", sheet, blended(board, steel, bar), height, 0.92 - 0.4 * bar, TILE)


def ceiling_bar(rng: Rng, texture_px: int) -> Material:
    """Painted steel of the T-bar, 0.6096 m square."""
    sheet = canvas((MODULE_M, MODULE_M), texture_px // 2)
    peel = noise(sheet, rng, 0.002, 0.01, 0.5)
    albedo = tinted(1.0 + 0.008 * peel + 0.006 * noise(sheet, rng, 0.02, 0.3), BAR)
    return finished("ceiling/bar", sheet, albedo, peel * np.float32(1.5e-5), 0.5, BAR)


def _tiles(sheet: Canvas, rng: Rng, modules_long: int) -> tuple[Image, Image, Image]:
    """Pits 0..1, grain and shade; every tile is cut from another part of one large board, some of them crosswise."""
    worm = noise(sheet, rng, 0.0045, 0.020, 0.6, (1.0, 2.4))
    bend = noise(sheet, rng, 0.0035, 0.012, 0.3, (1.7, 1.0))
    mood = noise(sheet, rng, 0.03, 0.15, 0.5)
    fissure = np.clip((0.85 * worm + 0.5 * bend + 0.30 * mood - 1.45) / 0.35, 0, 1)
    hole = np.clip((noise(sheet, rng, 0.0030, 0.005, 0.0) - 2.6) / 0.6, 0, 1)
    pits = fissure + 0.7 * hole
    grain = noise(sheet, rng, 0.002, 0.008, 0.3)
    side, deep = sheet.shape[1] // 4, sheet.shape[0] * modules_long // 4
    out = [np.empty(sheet.shape, np.float32) for _ in range(3)]
    for j in range(4 // modules_long):
        for i in range(4):
            shift = rng.integers(0, min(sheet.shape), 2)
            at = np.s_[j * deep : (j + 1) * deep, i * side : (i + 1) * side]
            turned = rng.uniform() < TURNED
            for k, image in enumerate((pits, grain)):
                out[k][at] = np.roll(image.T if turned else image, tuple(shift), (0, 1))[at]
            out[2][at] = rng.uniform(0.985, 1.015)
    return np.clip(out[0], 0, 1), out[1], out[2]


def _reveal(past: Image, wide: float, texel_m: float) -> Image:
    """The shadow ``past`` metres from a T-bar's edge: 1 in the reveal, and a soft one on the tile beyond it."""
    return np.minimum(cover(past - wide, texel_m) + 0.35 * np.exp(-np.maximum(past - wide, 0) / 0.006), 1.0)


def _bar_joints(sheet: Canvas, x: Image, y: Image, modules_long: int) -> Image:
    """Hairlines where cross tees meet the main tees, which run along v."""
    beside = np.abs(np.abs(folded(x, MODULE_M)) - BAR_M / 2)
    crossing = cover(np.abs(folded(y, MODULE_M * modules_long)) - BAR_M / 2, sheet.texel_m[1])
    return np.clip(1.0 - beside / sheet.texel_m[0], 0.0, 1.0) * crossing
