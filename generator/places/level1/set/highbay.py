"""A high bay: a ballast in its case, a bell of spun aluminium, the glass that closes its mouth."""

from __future__ import annotations

import numpy as np

from ....geometry.kit import Emitter, Index
from ....geometry.level import Mesh, joined, shadeless
from ....geometry.panels import panel
from ....geometry.shapes import bar, polygon, turned

MOUTH_M, SIDES = 0.21, 12
"""Radius of the glass, and sides of the bell: makers' bells are 380 to 460 mm wide."""
ROD_M = 1.6
"""How much of the rod is modelled; its end sticks in slabs that are nearer."""
HALIDE_LUMENS, SODIUM_LUMENS = 36000.0, 50000.0
"""Of new 400 W lamps. Source: makers' tables."""
CUT_OFF = 2.14
"""Tangent of the angle from straight down beyond which the bell hides its lamp: 65 degrees, in the middle of a side."""
OPEN = 0.44
"""Share of a square's light that gets out of an opening of its size so far before it. Source: configuration factor
of two opposite squares, Howell's catalogue, C-11."""
LEFT = 0.70 * 0.62
"""Share of that which leaves a bell: its efficiency, and what age and dirt have left."""


def high_bay(index: Index, corners=(), taken=()) -> Mesh:
    """A high bay about the middle of its mouth, which looks down; what is over its mouth shades nothing that is lit."""
    bell = index["bell"]
    disc = polygon(MOUTH_M, SIDES)[::-1]
    return shadeless(joined([
        panel(np.column_stack([disc, np.full(SIDES, -0.010)]), index["lens/bay"]),
        turned([(0.225, -0.012), (0.222, 0.03), (0.185, 0.17), (0.115, 0.27)], SIDES, bell, "Z"),
        turned([(0.105, 0.27), (0.105, 0.50), (0.06, 0.54)], 8, index["enamel"], "zZ"),
        bar((0.0, 0.0, 0.54), (0.0, 0.0, ROD_M), 0.022, index["zinc"]),
    ]))  # fmt: skip


def emitters() -> tuple[Emitter, ...]:
    """What a high bay sends out: down, from a square as large as its glass, as if from deep in its bell."""
    half = MOUTH_M * float(np.sqrt(np.pi)) / 2
    return (Emitter((0.0, 0.0, -0.016), (half, 0.0, 0.0), (0.0, half, 0.0), (0.0, 0.0, -1.0), 2 * half / CUT_OFF),)


def luminance(lumens: float) -> float:
    """cd/m² of the glass for a lamp of so many lumens."""
    return LEFT * lumens / (OPEN * np.pi * np.pi * MOUTH_M**2)
