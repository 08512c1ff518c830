"""Slots: parallel walls with gaps of 0.9 to 1.1 m to walk through, and of 0.6 to 0.85 m to look into."""

from __future__ import annotations

from .....plan.lattice import CELL
from ..partitions import BLOCK
from .canvas import Canvas, Site, between_lines, split

WALKED = (1200, 3000)
"""Thicknesses of walls a cell apart, 0.1 mm: they leave 1.10 to 0.92 m."""
LOOKED = (6200, 8400)
"""Widths of gaps that are there to look into, 0.1 mm."""


def slots(site: Site) -> Canvas:
    """Draw sheaves of slots, each with its own direction and length, aisles between them."""
    canvas = Canvas(site, 0)
    for box in split(site, (0, 0, site.w, site.h), 9, 24):
        x0, y0, x1, y1 = box
        axis = 0 if y1 - y0 > x1 - x0 else 1
        if site.chance(0.15):
            axis = 1 - axis
        canvas.room(x0, y0, x1, y1, site.ceiling - (3048 if site.chance(0.3) else 0), 8 * axis)
        if site.chance(0.25):
            _looked_into(canvas, axis, (x0 + 2, y0 + 2, x1 - 1, y1 - 1))
        else:
            _walked(canvas, axis, (x0 + 1, y0 + 1, x1 - 1, y1 - 1))
    return canvas


def _walked(canvas: Canvas, axis: int, box: tuple[int, int, int, int]) -> None:
    """Stand walls a cell apart, now and then two; a few slots are shut at one end."""
    site, (x0, y0, x1, y1) = canvas.site, box
    low, high, a, b = (x0, x1, y0, y1) if axis == 0 else (y0, y1, x0, x1)
    thick = site.between(*WALKED) // 100 * 100
    line = low
    while line <= high:
        canvas.wall(axis, line, a, b, thick)
        wide = 1 if site.chance(0.85) else 2
        if site.chance(0.2) and line + wide <= high:
            canvas.wall(1 - axis, (a, b)[site.below(2)], line, line + wide)
        line += wide


def _looked_into(canvas: Canvas, axis: int, box: tuple[int, int, int, int]) -> None:
    """Stand thick walls so near to one another that one looks between them and stays out; mark what is between."""
    site, (x0, y0, x1, y1) = canvas.site, box
    low, high, a, b = (v * CELL for v in ((x0, x1, y0, y1) if axis == 0 else (y0, y1, x0, x1)))
    gap, thick = site.between(*LOOKED), site.between(20, 60) * 100
    if b - a <= 2 * CELL:
        return
    for line in range(low, high - thick + 1, thick + gap):
        corners = between_lines(axis, line, line + thick, a, b)
        canvas.solid(*corners, BLOCK, canvas.top(corners[0], corners[1]))
        if line > low:
            canvas.slit(1 - axis, between_lines(axis, line - gap - thick, line + thick, a, b), thick)
