"""Void: 40 by 60 m without anything."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas, Site, ragged

SHORT, LONG = 33, 49
"""Sides of what is empty, cells: 40 and 60 m."""
TILE = 4
"""Width of what it runs into its neighbours with, cells."""
HEIGHTS = (0, 0, 0, 18000, 27000)
"""How much higher than usual its ceiling is, 0.1 mm."""


def void(site: Site) -> Canvas:
    """Draw one empty hall with a ragged border; the rest of the district is offices."""
    long, short = site.between(LONG, LONG + 8), site.between(SHORT, SHORT + 5)
    w, h = (long, short) if site.w > site.h else (short, long)
    room_w, room_h = site.w - 2 * site.edge, site.h - 2 * site.edge
    w, h = min(w, room_w), min(h, room_h)
    x0, y0 = site.edge + site.below(room_w - w + 1), site.edge + site.below(room_h - h + 1)
    ceiling = site.ceiling + HEIGHTS[site.below(len(HEIGHTS))]
    canvas = Canvas(site, 5 if ceiling == site.ceiling else 7, ceiling)
    hall = np.zeros((site.h, site.w), bool)
    hall[y0 : y0 + h, x0 : x0 + w] = True
    canvas.keep_to(ragged(site, hall, TILE))
    return canvas
