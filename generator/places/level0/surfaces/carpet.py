"""Level-loop carpet: rows of loops at a tufting machine's gauge, of several yarns, with a fleck here and there."""

from __future__ import annotations

import numpy as np

from ....seed import Rng
from ....surface.canvas import Canvas, Image, canvas, finished, grid, noise
from ....surface.material import Material

SIZE_M = 0.8128
"""Whole periods in a chunk, and whole rows of loops in a period."""
ROWS = 256
"""Rows across a period: 1/8 in gauge, a usual one of commercial loop pile. They run along x, as breadths do."""
LOOPS = 192
"""Loops along a row: six stitches an inch."""
CARPET = np.array([0.33, 0.27, 0.15])
"""Mean linear albedo, of display colours (177, 157, 112) measured on pictures of the place; a darker carpet than this
leaves the ceiling, which it lights, darker than theirs."""
CLUSTER_M = (0.0095, 0.026)
"""Wavelengths at which the shade of neighbouring loops clumps."""
YARNS = np.array([[0.86, 0.85, 0.82], [0.96, 0.955, 0.94], [1.05, 1.05, 1.06], [1.14, 1.13, 1.09]], np.float32)
"""Heather: four yarns, as factors on the mean colour."""
FLECKS = np.array([[0.64, 0.59, 0.54], [1.28, 1.26, 1.26]], np.float32)
"""Slubs of two other yarns, brown and cream."""
FLECK_SHARE = 0.007
"""Share of places along a row where a slub begins."""
DEEPEST = 0.55
"""Share of its light that the bottom of a gap keeps to itself, in the mean over all directions."""
PILE_M = 0.0032
"""Height of a loop over the backing."""


def carpet(rng: Rng, texture_px: int) -> Material:
    """Two feet and eight inches of carpet, 256 rows of 192 loops."""
    sheet = canvas((SIZE_M, SIZE_M), texture_px)
    loops = _loops(rng)
    height, owner, across = _pile(sheet, loops)
    fibre = noise(sheet, rng, 0.0008, 0.003, 0.2)
    twist = np.sin(across * np.float32(2 * np.pi / 0.0016))
    fluff = 0.07 * fibre + 0.05 * twist
    gap = np.clip(1.0 - height - 0.05 * fibre, 0.0, 1.0)
    gap *= gap
    albedo = loops["colour"][owner] * ((1.0 - DEEPEST * gap) * (1.0 + fluff))[..., None] * CARPET.astype(np.float32)
    height_m = PILE_M * height + 0.0002 * fluff
    return finished("carpet", sheet, albedo, height_m, 0.95, CARPET, gap=gap)


def _loops(rng: Rng) -> dict[str, Image]:
    """Of every loop: how far it lies off its place along its row and across, in loops and rows, its height, 1 in the
    mean, each (ROWS * LOOPS,), and its colour (ROWS * LOOPS, 3)."""
    shape = (ROWS, LOOPS)
    cells = Canvas((SIZE_M, SIZE_M), shape)
    clump = noise(cells, rng, *CLUSTER_M, 0.4)
    streak = noise(cells, rng, 0.003, 0.05, 0.3, (6.0, 1.0))
    tone = 1.5 + 0.55 * rng.normal(shape) + 0.40 * clump + 0.30 * streak
    colour = YARNS[np.clip(np.rint(tone), 0, 3).astype(int)]
    begins, which = rng.uniform(0.0, 1.0, shape), (rng.uniform(0.0, 1.0, shape) < 0.3).astype(int)
    for length in range(3):
        slub = np.roll(begins < FLECK_SHARE / (1 + length), length, axis=1)
        colour[slub] = FLECKS[np.roll(which, length, axis=1)[slub]]
    drift = rng.uniform(0.0, 1.0, (ROWS, 1))
    return {
        "along": (drift + 0.10 * rng.normal(shape)).astype(np.float32).ravel(),
        "across": (0.07 * rng.normal(shape) + 0.05 * streak).astype(np.float32).ravel(),
        "high": (1.0 + 0.07 * rng.normal(shape) + 0.04 * clump).astype(np.float32).ravel(),
        "colour": colour.reshape(-1, 3).astype(np.float32),
    }


def _pile(sheet: Canvas, loops: dict[str, Image]) -> tuple[Image, np.ndarray, Image]:
    """Height of the pile (0 backing, about 1 a loop's top), the loop on top, and metres across its twisted yarn.

    A loop is an arch along its row; the next one in the row begins where it comes down.
    """
    x, y = grid(sheet)
    row = np.minimum((y / np.float32(SIZE_M / ROWS)).astype(int), ROWS - 1)
    best = np.full(sheet.shape, -1.0, np.float32)
    owner, twist = np.zeros(sheet.shape, np.int32), np.zeros(sheet.shape, np.float32)
    home = loops["along"].reshape(ROWS, LOOPS)[row[:, 0], :1]
    place = x / np.float32(SIZE_M / LOOPS) - home
    first = np.floor(place).astype(int)
    for step in (0, 1):
        which = row * LOOPS + (first + step) % LOOPS
        a = place - (first + step) - (loops["along"][which] - home)
        b = y / np.float32(SIZE_M / ROWS) - row - np.float32(0.5) - loops["across"][which]
        rise = loops["high"][which] - 1.9 * a * a - 3.4 * b * b
        over = rise > best
        best = np.where(over, rise, best)
        owner = np.where(over, which, owner)
        twist = np.where(over, b * np.float32(SIZE_M / ROWS) + 0.5 * a * np.float32(SIZE_M / LOOPS), twist)
    return np.clip(best, 0.0, 1.2), owner, twist
