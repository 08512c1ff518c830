"""Nested: rooms in rooms in rooms."""

from __future__ import annotations

from .....plan.lattice import DOORWAY, HEADER, PLAIN
from .canvas import Canvas, Site, split

STEP = 1016
"""How much a ceiling comes down with every room inwards, 0.1 mm: a third of a foot; never under LOWEST."""
LOWEST = 23400


def nested(site: Site) -> Canvas:
    """Draw rooms of 15 to 40 m with others in them, each entered from another side than the one around it."""
    canvas = Canvas(site, 0)
    for box in split(site, (0, 0, site.w, site.h), 13, 32):
        canvas.box(*box, 1500)
        _nest(canvas, box, site.between(1, 3), site.below(4))
    return canvas


def _nest(canvas: Canvas, box: tuple[int, int, int, int], wide: int, side: int) -> None:
    """Draw a room and those in it, ``wide`` cells apart, doors going round from ``side``."""
    site, (x0, y0, x1, y1) = canvas.site, box
    ceiling, turn = site.ceiling, site.chance(0.5)
    kind = (DOORWAY, HEADER, PLAIN)[site.below(3)]
    while min(x1 - x0, y1 - y0) >= 2:
        canvas.room(x0, y0, x1, y1, max(ceiling, LOWEST), (0 if min(x1 - x0, y1 - y0) > 3 else 1))
        canvas.box(x0, y0, x1, y1)
        _door(canvas, (x0, y0, x1, y1), side, kind)
        if site.chance(0.3):
            _door(canvas, (x0, y0, x1, y1), side + 1, kind)
        side += 2 if turn else 1
        ceiling -= STEP
        x0, y0, x1, y1 = x0 + wide, y0 + wide, x1 - wide, y1 - wide


def _door(canvas: Canvas, box: tuple[int, int, int, int], side: int, kind: int) -> None:
    """Open one side of a room near its middle."""
    x0, y0, x1, y1 = box
    axis = side % 2
    a, b = (y0, y1) if axis == 0 else (x0, x1)
    line = ((x0, y0), (x1, y1))[side // 2 % 2][axis]
    wide = 1 if kind == DOORWAY or b - a < 5 else 2
    at = a + (b - a - wide) // 2 + canvas.site.between(-((b - a) // 5), (b - a) // 5)
    canvas.gap(axis, line, at, at + wide, kind)
