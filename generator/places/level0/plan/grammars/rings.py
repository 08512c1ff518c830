"""Rings: ovals within ovals, 20 to 60 m in radius, with gaps to go from one into the next."""

from __future__ import annotations

import math

from .....plan.lattice import CELL
from ..partitions import CURVED
from .canvas import Canvas, Site

WIDEST, LEAST = 49, 4
"""Half axes of the outermost and, about, of the innermost oval, cells: 60 and 5 m."""
CHORD = 6000
"""Longest chord that an arc is drawn in, 0.1 mm."""
SPOKE = 0.55
"""Share of the way to the next oval that a wall between two may take."""


def rings(site: Site) -> Canvas:
    """Draw ovals about one middle with spokes between them; the rest of the district is offices."""
    canvas = Canvas(site, 4, site.ceiling)
    inner_w, inner_h = site.w - 2 * site.edge, site.h - 2 * site.edge
    w, h = min(inner_w, 2 * WIDEST + 3), min(inner_h, 2 * WIDEST + 3)
    if site.chance(0.6):
        w = h = min(w, h)
    x0, y0 = site.edge + site.below(inner_w - w + 1), site.edge + site.below(inner_h - h + 1)
    canvas.own[:] = False
    canvas.own[y0 : y0 + h, x0 : x0 + w] = True
    canvas.sealed[:] = canvas.own
    cx, cy = (2 * x0 + w) * CELL / 2, (2 * y0 + h) * CELL / 2
    rx, ry = (w / 2 - 1.5) * CELL, (h / 2 - 1.5) * CELL
    while min(rx, ry) > LEAST * CELL:
        step = site.between(2, 6) * CELL
        _oval(canvas, (cx, cy), (rx, ry), step)
        rx, ry = rx - step, ry - step
    return canvas


def _oval(canvas: Canvas, middle: tuple[float, float], axes: tuple[float, float], step: int) -> None:
    """Draw one oval with two to five gaps, now and then only a part of it, and spokes inwards from it."""
    site = canvas.site
    gaps, turn = site.between(2, 5), site.uniform(0.0, 2.0 * math.pi)
    part, left_out = 2.0 * math.pi / gaps, site.below(3 * gaps)
    thick = 1200 if site.chance(0.7) else 2400
    spoke = site.uniform(20000.0, 120000.0) if min(axes) - step > LEAST * CELL and site.chance(0.6) else 0.0
    for k in range(gaps):
        gap = site.uniform(14000.0, 34000.0) / min(axes)
        start, end = turn + k * part + gap / 2, turn + (k + 1) * part - gap / 2
        if k == left_out:
            continue
        _arc(canvas, middle, axes, start, end, thick)
        count = int((end - start) * max(axes) / spoke) if spoke else 0
        for n in range(1, count + 1):
            _spoke(canvas, middle, axes, start + (end - start) * n / (count + 1), step * SPOKE)


def _arc(
    canvas: Canvas, middle: tuple[float, float], axes: tuple[float, float], start: float, end: float, thick: int
) -> None:
    """Stand a curved wall along an oval from angle to angle."""
    n = max(2, math.ceil((end - start) * max(axes) / CHORD))
    turns = [start + (end - start) * k / n for k in range(n + 1)]
    outer = [_on(middle, (axes[0] + thick / 2, axes[1] + thick / 2), t) for t in turns]
    inner = [_on(middle, (axes[0] - thick / 2, axes[1] - thick / 2), t) for t in reversed(turns)]
    canvas.ring(outer + inner, CURVED, canvas.site.ceiling)


def _spoke(canvas: Canvas, middle: tuple[float, float], axes: tuple[float, float], turn: float, length: float) -> None:
    """Stand a straight wall from an oval inwards."""
    x, y = _on(middle, (axes[0] - 400, axes[1] - 400), turn)
    u, v = _on(middle, (axes[0] - length, axes[1] - length), turn)
    dx, dy = (u - x) / math.hypot(u - x, v - y), (v - y) / math.hypot(u - x, v - y)
    t = 600.0
    corners = [(x + t * dy, y - t * dx), (u + t * dy, v - t * dx), (u - t * dy, v + t * dx), (x - t * dy, y + t * dx)]
    canvas.ring(corners, CURVED, canvas.site.ceiling)


def _on(middle: tuple[float, float], axes: tuple[float, float], turn: float) -> tuple[float, float]:
    """The place on an oval at an angle."""
    return middle[0] + axes[0] * math.cos(turn), middle[1] + axes[1] * math.sin(turn)
