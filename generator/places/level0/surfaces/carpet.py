"""Loop-pile carpet: yarn loops in rows, with clusters where the loops run high or low."""

from __future__ import annotations

import numpy as np

from ....seed import Rng
from ....surface.canvas import Canvas, Image, blurred, canvas, finished, grid, noise
from ....surface.material import Material

SIZE_M = 1.2192
"""One cell: whole periods in a chunk."""
LOOPS = 128
"""Loops across a period: 9.5 mm each."""
CARPET = np.array([0.33, 0.27, 0.15])
"""Mean linear albedo, of display colours (177, 157, 112) measured on pictures of the place; a darker carpet than this
leaves the ceiling, which it lights, darker than theirs."""
YARNS = np.array([[0.80, 0.78, 0.73], [0.95, 0.94, 0.92], [1.07, 1.07, 1.09], [1.20, 1.19, 1.12]], np.float32)
"""Heather: four yarns, as factors on the mean colour."""


def carpet(rng: Rng, texture_px: int) -> Material:
    """One cell of carpet, 128 × 128 loops."""
    sheet = canvas((SIZE_M, SIZE_M), texture_px)
    cluster = noise(Canvas(sheet.size_m, (LOOPS, LOOPS)), rng, 0.013, 0.060, 0.5)
    loops = _loops(rng, cluster)
    stray = [0.10 * noise(sheet, rng, 0.0006, 0.005, 0.5) for _ in range(2)]
    height, owner, along = _pile(sheet, loops, stray)
    yarn = YARNS[np.clip(np.rint(1.5 + 0.75 * loops["tone"]).astype(int), 0, 3)].reshape(-1, 3)[owner]
    fibre = noise(sheet, rng, 0.0005, 0.003, 0.1)
    ply = np.sin(along * np.float32(2 * np.pi / 0.0034))
    fluff = 0.17 * fibre + 0.13 * ply
    sunk = np.clip(height - blurred(sheet, height, 0.008), -0.6, 0.25)
    shade = (0.50 + 0.45 * height + 0.75 * sunk) * (1.0 + fluff)
    albedo = yarn * np.clip(shade, 0.06, 2.0)[..., None] * CARPET.astype(np.float32)
    return finished("carpet", sheet, albedo, height * 0.0018 + fluff * 0.0006, 0.95, CARPET)


def _loops(rng: Rng, cluster: Image) -> dict[str, Image]:
    """Every loop's place in its cell, lean, length, height and tone, each (LOOPS, LOOPS)."""
    shape = (LOOPS, LOOPS)
    tone = 0.50 * rng.normal(shape) + 0.80 * cluster
    return {
        "x": (0.5 + 0.22 * rng.normal(shape)).astype(np.float32),
        "y": (0.5 + 0.18 * rng.normal(shape) + 0.25 * (np.arange(LOOPS) % 2)).astype(np.float32),
        "lean": (np.pi / 2 + 0.55 * rng.normal(shape)).astype(np.float32),
        "long": (0.95 + 0.12 * rng.normal(shape)).astype(np.float32),
        "high": (0.85 + 0.11 * cluster + 0.08 * rng.normal(shape)).astype(np.float32),
        "tone": tone.astype(np.float32),
    }


def _pile(sheet: Canvas, loops: dict[str, Image], stray: list[Image]) -> tuple[Image, np.ndarray, Image]:
    """Height of the pile (0 backing, 1 a loop's top), the loop on top, and metres along its yarn's twist.

    stray: two pictures (H, W), how far fibres stand out of their loop along x and y, in loops.
    """
    x, y = (axis / np.float32(SIZE_M / LOOPS) for axis in grid(sheet))
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    best = np.zeros(sheet.shape, np.float32)
    owner = np.zeros(sheet.shape, np.int32)
    twist = np.zeros(sheet.shape, np.float32)
    for dj in (-1, 0, 1):
        for di in (-1, 0, 1):
            which = (row + dj) % LOOPS * LOOPS + (column + di) % LOOPS
            part = {key: value.ravel()[which] for key, value in loops.items() if key != "tone"}
            dx = x - (column + di) - part["x"] + stray[0]
            dy = y - (row + dj) - part["y"] + stray[1]
            cos, sin = np.cos(part["lean"]), np.sin(part["lean"])
            a, b = dx * cos + dy * sin, dy * cos - dx * sin
            rise = part["high"] - (a / part["long"]) ** 2 - (b / 0.56) ** 2
            over = rise > best
            best = np.where(over, rise, best)
            owner = np.where(over, which, owner)
            twist = np.where(over, a + 0.8 * b, twist)
    return best, owner, twist * np.float32(SIZE_M / LOOPS)
