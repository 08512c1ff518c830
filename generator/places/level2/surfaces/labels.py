"""Labels of pipes: a field in the colour of what flows in them, and its name."""

from __future__ import annotations

import numpy as np

from ....seed import Rng
from ....surface.canvas import blended, canvas, finished, noise, tinted
from ....surface.material import Material
from ....surface.mean import mean_colour
from ...level0.surfaces.lettered import GLYPHS, write
from .coats import SOLID

SIZES = {"large": (0.60, 0.16, 0.064), "small": (0.30, 0.08, 0.032)}
"""Length and breadth of a field, height of its letters: on pipes of 200 to 250 mm, and of 64 to 150 mm.
Source: ASME A13.1-1996, table 2."""
INKS = {"yellow": "letter/black", "green": "letter/white", "blue": "letter/white", "red": "letter/white"}
"""Black letters on what is hazardous, white on all else. Source: as above, table 1."""


def label(text: str, field: str, size: str, rng: Rng, texture_px: int) -> Material:
    """A label: stencilled letters on a field of paint that has been rubbed, splashed and half forgotten."""
    long, wide, high = SIZES[size]
    sheet = canvas((long, wide), max(8, texture_px // 2))
    ink = np.zeros(sheet.shape, np.float32)
    widths = [
        0.01 * max(float(p.split(",")[0]) for p in GLYPHS[c].replace(" / ", " ").split()) for c in text if c != " "
    ]
    step = 0.28 * high
    x = (long - sum(w * high for w in widths) - step * (len(widths) - 1)) / 2
    for letter, w in zip((c for c in text if c != " "), widths, strict=True):
        write(sheet, ink, letter, (x, (wide - high) / 2), (high, high), 0.085 * high)
        x += w * high + step
    worn = 0.5 * noise(sheet, rng, 0.003, 0.02, 0.5) + noise(sheet, rng, 0.02, 0.15, 1.1)
    grime = np.clip((worn - 0.7) / 1.2, 0.0, 0.6).astype(np.float32)
    kept = np.clip((worn + 1.7) / 0.4, 0.0, 1.0).astype(np.float32)
    albedo = blended(tinted(1.0 + 0.05 * worn, SOLID[f"paint/{field}"][0]), np.array(SOLID[INKS[field]][0]), ink * kept)
    albedo = blended(albedo, np.array([0.10, 0.085, 0.06]), grime)
    name = label_name(text, size)
    return finished(name, sheet, albedo, np.zeros(sheet.shape, np.float32), 0.5, mean_colour(albedo), 0.03)


def label_name(text: str, size: str) -> str:
    """Name a label's surface."""
    return f"label/{text.replace(' ', '_')}/{size}"
