"""The prismatic acrylic lens of a troffer, with the tubes just visible behind it."""

from __future__ import annotations

import numpy as np

from ....seed import Rng
from ....surface.canvas import Canvas, Image, canvas, finished, folded, grid, noise, tinted
from ....surface.material import Material

SIZE_M = (1.17, 0.56)
"""The visible lens of a 2 × 4 ft troffer."""
PRISM_M = 1.17 / 192
"""Pitch of the prisms: 6.1 mm."""
TUBES = 3
ACRYLIC = np.array([0.62, 0.63, 0.58])
"""Reflectance of the lens when its lamp is off: acrylic over a white enamelled housing."""


def lens(name: str, burning: tuple[int, ...], rng: Rng, texture_px: int) -> Material:
    """The whole lens, 1.17 × 0.56 m, its tubes along u; ``burning``: which of them burn, counted across."""
    sheet = canvas(SIZE_M, texture_px)
    facet = _prisms(sheet)
    glow = _glow(sheet, burning) * (1.0 + 0.10 * facet) * (1.0 + 0.006 * noise(sheet, rng, 0.01, 0.4))
    emission = tinted(glow, (1.0, 1.0, 1.0))
    emission /= emission.mean(axis=(0, 1))
    albedo = tinted(1.0 + 0.07 * facet, ACRYLIC)
    return finished(name, sheet, albedo, facet * np.float32(2e-4), 0.25, ACRYLIC, 0.04, emission)


def _prisms(sheet: Canvas) -> Image:
    """Pyramids in rows at 45°, from -1 in the grooves to 1 at the tips."""
    x, y = grid(sheet)
    a = np.abs(folded(x + y, PRISM_M * 2)) / PRISM_M
    b = np.abs(folded(x - y, PRISM_M * 2)) / PRISM_M
    return 1.0 - 2.0 * np.maximum(a, b)


def _glow(sheet: Canvas, burning: tuple[int, ...]) -> Image:
    """What the tubes and the white housing behind give: soft bars that stop short of the ends.

    Beside a dead tube the housing gets less, and the tube itself stands before it as a grey bar.
    """
    x, y = grid(sheet)
    lines = (np.arange(TUBES) + 0.5) / TUBES * SIZE_M[1]
    bars = sum(np.exp(-(((y - lines[k]) / 0.045) ** 2)) for k in burning)
    dead = sum((np.exp(-(((y - lines[k]) / 0.11) ** 2)) for k in range(TUBES) if k not in burning), 0.0 * y)
    ends = 1.0 - 0.35 * np.exp(-np.minimum(x, SIZE_M[0] - x) / 0.035)
    sides = 1.0 - 0.18 * np.exp(-np.minimum(y, SIZE_M[1] - y) / 0.03)
    return ((0.84 - 0.62 * dead + 0.20 * bars) * ends * sides).astype(np.float32)
