"""Spine: corridors that run straight through the district, with ribs to both sides."""

from __future__ import annotations

from .....plan.lattice import DOORWAY, HEADER, PLAIN
from .canvas import Canvas, Site, between_lines

LONGEST = 120
"""Length at which a wall shuts a corridor off, cells: 146 m."""
LOW = 3048
"""How much lower a rib's ceiling is than the corridor's, 0.1 mm: one course of tiles."""


def spine(site: Site) -> Canvas:
    """Draw parallel corridors along the district's longer side, each with ribs of one pitch."""
    axis = 0 if site.h > site.w else 1
    canvas = Canvas(site, 1 + 8 * (1 - axis))
    across, phase = site.along(1 - axis), (site.west, site.south)[axis]
    at = -site.below(8)
    while at < across:
        deep, wide = site.between(5, 13), site.between(2, 4)
        low = at + deep
        low += (low + phase + wide - 2) % 2  # so that a row of lamps runs down the middle
        other = site.between(5, 13)
        _corridor(canvas, axis, low, wide)
        _ribs(canvas, axis, low, at, low)
        _ribs(canvas, axis, low + wide, low + wide, low + wide + other)
        at = low + wide + other
        canvas.wall(axis, at, 0, site.along(axis))
    return canvas


def _corridor(canvas: Canvas, axis: int, low: int, wide: int) -> None:
    """Stand the two walls of a corridor along an axis."""
    length = canvas.site.along(axis)
    for line in (low, low + wide):
        canvas.wall(axis, line, 0, length, 1500)
    canvas.room(*between_lines(axis, low, low + wide, 0, length), None, 1 + 8 * (1 - axis))
    if length > LONGEST:
        canvas.wall(1 - axis, canvas.site.between(length - LONGEST, LONGEST), low, low + wide)


def _ribs(canvas: Canvas, axis: int, line: int, near: int, far: int) -> None:
    """Stand ribs between two lines, open to the corridor's wall on ``line``; a few lead on at their other end."""
    site = canvas.site
    length = site.along(axis)
    pitch, kind = site.between(2, 6), (HEADER, PLAIN, DOORWAY)[site.below(3)]
    wide = 1 if kind == DOORWAY or pitch < 4 else site.between(1, pitch - 2)
    off, low = site.below(pitch - wide + 1), site.chance(0.5)
    back = far if line == near else near
    at, word = site.below(pitch), site.below(1 << 30)
    while at < length:
        end = at + (2 * pitch if site.chance(0.12) else pitch)
        canvas.wall(1 - axis, end, near, far)
        ceiling = site.ceiling - LOW if low else site.ceiling
        canvas.room(*between_lines(axis, near, far, at, end), ceiling, 0 + 8 * axis)
        canvas.gap(axis, line, at + off, at + off + wide, kind, word)
        if site.chance(0.15):
            canvas.gap(axis, back, at + off, at + off + 1, DOORWAY)
        at = end
