"""Cores: fat solids that one walks round."""

from __future__ import annotations

import numpy as np

from .....plan.lattice import CELL
from ..partitions import BLOCK
from .canvas import Canvas, Site, split


def cores(site: Site) -> Canvas:
    """Draw solids of 3 to 14 m with aisles of 2 to 5 cells between them."""
    ceiling = site.ceiling - (3048 if site.chance(0.4) else 0)
    canvas = Canvas(site, site.below(3), ceiling)
    solids = []
    for x0, y0, x1, y1 in split(site, (0, 0, site.w, site.h), 6, 15):
        w, h = x1 - x0, y1 - y0
        u, v = x0 + site.between(1, max(w // 3, 1)), y0 + site.between(1, max(h // 3, 1))
        a, b = x1 - site.between(1, max(w // 3, 1)), y1 - site.between(1, max(h // 3, 1))
        if min(a - u, b - v) >= 2 and not site.chance(0.06):
            solids.append((u, v, a, b))
    canvas.solids(np.array(solids, np.int64).reshape(-1, 4) * CELL, BLOCK, ceiling)
    return canvas
