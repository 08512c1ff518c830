"""Bays: one room, three to nine times in a row, and in one of them an error."""

from __future__ import annotations

from .....plan.lattice import CELL, DOORWAY, HEADER, MODULE, PLAIN
from ..partitions import BLOCK, PARTITION, PILLAR
from .canvas import Canvas, Site, between_lines

CORRIDOR = 2
ERRORS = ("shut", "moved", "joined", "filled", "turned", "low", "bare")


def bays(site: Site) -> Canvas:
    """Draw rows of equal rooms along corridors of two cells."""
    axis = 0 if site.h > site.w else 1
    canvas = Canvas(site, 1 + 8 * (1 - axis))
    across, phase = site.along(1 - axis), (site.west, site.south)[axis]
    at = -site.below(6)
    while at < across:
        low = at + (at + phase) % 2
        canvas.room(*between_lines(axis, low, low + CORRIDOR, 0, site.along(axis)), None, 1 + 8 * (1 - axis))
        deep = site.between(5, 9)
        middle = low + CORRIDOR + deep
        _row(canvas, axis, low + CORRIDOR, middle, 1)
        at = middle
        if site.chance(0.75):
            _row(canvas, axis, middle, middle + deep, -1)
            at += deep
    return canvas


def _row(canvas: Canvas, axis: int, near: int, far: int, way: int) -> None:
    """Draw groups of equal rooms between two lines; the corridor is before them (way 1) or behind (-1)."""
    site = canvas.site
    length = site.along(axis)
    for line in (near, far):
        canvas.wall(axis, line, 0, length)
    at = -site.below(4)
    while at < length:
        count, wide = site.between(3, 9), site.between(4, 8)
        wrong, error = site.below(count), ERRORS[site.below(len(ERRORS))]
        kind = (PLAIN, HEADER, DOORWAY)[site.below(3)]
        gap = 1 if kind == DOORWAY else site.between(1, 2)
        door, word, thing = site.between(0, wide - gap), site.below(1 << 30), site.below(4)
        for k in range(count):
            fault = error if k == wrong else ""
            _bay(canvas, axis, near, far, way, (at, at + wide), (door, gap, kind, word), thing, fault)
            at += wide


def _bay(
    canvas: Canvas,
    axis: int,
    near: int,
    far: int,
    way: int,
    span: tuple[int, int],
    door: tuple[int, int, int, int],
    thing: int,
    fault: str,
) -> None:
    """Draw one room between the lines, its door, the thing in it, and its fault if it has one."""
    a, b = span
    at, gap, kind, word = door
    front = near if way > 0 else far
    ceiling = canvas.site.ceiling - (3048 if fault == "low" else 0)
    canvas.room(*between_lines(axis, near, far, a, b), ceiling, 0 if b - a < 6 else 1)
    if fault != "joined":
        canvas.wall(1 - axis, b, near, far)
    if fault == "moved":
        at = b - a - gap - at
    if fault not in ("shut", "filled"):
        canvas.gap(axis, front, a + at, a + at + gap, kind, word)
    if a < 0 or fault == "bare":
        return
    if fault == "filled":
        box = [2 * v * MODULE for v in between_lines(axis, near, far, a, b)]
        m = 2 * MODULE
        if far - near > 3 and b - a > 3:
            _solid(canvas, box[0] + m, box[1] + m, box[2] - m, box[3] - m, BLOCK)
    else:
        _thing(canvas, axis, (near, far), (a, b), way if fault != "turned" else -way, thing)


def _thing(canvas: Canvas, axis: int, lines: tuple[int, int], span: tuple[int, int], way: int, thing: int) -> None:
    """Stand what every room of the row has: nothing, a pillar, a partition across or along."""
    (near, far), (a, b) = lines, span
    u = (near + 3 if way > 0 else far - 3) * CELL
    v, half = (a + b) * MODULE, 1500
    if thing == 1:
        x, y = (u, v) if axis == 0 else (v, u)
        _solid(canvas, x - half, y - half, x + half, y + half, PILLAR)
    elif thing == 2 and b - a > 4:
        _bar(canvas, axis, u, (a + 1) * CELL, (b - 2) * CELL)
    elif thing == 3 and far - near > 5:
        _bar(canvas, 1 - axis, (a + 2) * CELL, (near + 2) * CELL, (far - 2) * CELL)


def _solid(canvas: Canvas, x0: int, y0: int, x1: int, y1: int, kind: int) -> None:
    if _inside(canvas, x0, y0) and _inside(canvas, x1, y1):
        canvas.solid(x0, y0, x1, y1, kind, canvas.top(x0, y0))


def _bar(canvas: Canvas, axis: int, line: int, a: int, b: int) -> None:
    x, y = (line, a) if axis == 0 else (a, line)
    if _inside(canvas, x, y):
        canvas.bar(axis, line, a, b, PARTITION, canvas.top(x, y))


def _inside(canvas: Canvas, x: int, y: int) -> bool:
    return 0 < x < canvas.site.w * CELL and 0 < y < canvas.site.h * CELL
