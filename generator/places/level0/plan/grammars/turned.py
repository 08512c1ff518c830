"""Turned: rooms on a grid 7 to 20 degrees off the building's, with wedges left over about it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .....plan.lattice import CELL
from .....plan.maze import carve
from ..partitions import OBLIQUE
from .canvas import Canvas, Site

MARGIN = 15000
"""Free floor between the turned rooms and the border of their ground, 0.1 mm."""
HALF = 600
"""Half the thickness of a wall, 0.1 mm."""


def turned(site: Site) -> Canvas:
    """Draw a turned maze of rooms in the middle of the district; the rest of the district is offices."""
    canvas = Canvas(site, 3 if site.chance(0.5) else 0)
    e = site.edge
    canvas.keep_to(e, e, site.w - e, site.h - e)
    turn = math.radians(site.uniform(7.0, 20.0)) * (1 if site.chance(0.5) else -1)
    pitch = site.between(36, 62) * 1000
    w, h = (site.w - 2 * e) * CELL, (site.h - 2 * e) * CELL
    reach = math.ceil(math.hypot(w, h) / pitch / 2) + 1
    middle = (site.w * CELL / 2, site.h * CELL / 2)
    corner = _Turned(middle, turn, pitch, reach)
    inside = corner.inside(w / 2 - MARGIN, h / 2 - MARGIN)
    for axis, walls in enumerate(_walls(site, inside)):
        _stand(canvas, corner, axis, walls)
    return canvas


class _Turned:
    """A lattice of ``2 * reach`` rooms a side, turned about a middle."""

    def __init__(self, middle: tuple[float, float], turn: float, pitch: int, reach: int) -> None:
        self.middle, self.turn, self.pitch, self.reach = middle, turn, pitch, reach

    def at(self, i: float, j: float) -> tuple[float, float]:
        """Where a corner of the lattice, or a place between, lies."""
        u, v = (i - self.reach) * self.pitch, (j - self.reach) * self.pitch
        c, s = math.cos(self.turn), math.sin(self.turn)
        return self.middle[0] + c * u - s * v, self.middle[1] + s * u + c * v

    def inside(self, half_w: float, half_h: float) -> NDArray[np.bool_]:
        """Which rooms (n, n) lie within so much of the middle, whole."""
        n = 2 * self.reach
        j, i = np.mgrid[0 : n + 1, 0 : n + 1] - self.reach
        c, s = math.cos(self.turn), math.sin(self.turn)
        near = np.abs(c * i - s * j) * self.pitch < half_w
        near &= np.abs(s * i + c * j) * self.pitch < half_h
        return np.asarray(near[1:, 1:] & near[1:, :-1] & near[:-1, 1:] & near[:-1, :-1])


def _walls(site: Site, inside: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which sides of rooms have a wall: on lines i (n, n + 1), on lines j (n + 1, n).

    A maze spans all rooms, those outside too, which are one floor; so all rooms are joined.
    """
    n = len(inside)
    east, north = carve(site.maze, n, n, site.state)
    pad = np.pad(inside, 1)
    upright = pad[1:-1, 1:] | pad[1:-1, :-1]
    level = pad[1:, 1:-1] | pad[:-1, 1:-1]
    upright[:, 1:] &= ~east
    level[1:] &= ~north
    for walls in (upright, level):
        for k in np.flatnonzero(walls):
            if site.chance(0.22):
                walls.flat[k] = False
    return upright, level


def _stand(canvas: Canvas, corner: _Turned, axis: int, walls: NDArray[np.bool_]) -> None:
    """Stand the walls of one direction, each as long as it runs on."""
    lines = walls.T if axis == 0 else walls
    for line, sides in enumerate(lines):
        step = np.diff(np.pad(sides.astype(np.int8), 1))
        for a, b in zip(np.flatnonzero(step == 1), np.flatnonzero(step == -1), strict=True):
            p, q = ((line, a), (line, b)) if axis == 0 else ((a, line), (b, line))
            _wall(canvas, corner.at(*p), corner.at(*q))


def _wall(canvas: Canvas, p: tuple[float, float], q: tuple[float, float]) -> None:
    length = math.hypot(q[0] - p[0], q[1] - p[1])
    dx, dy = (q[0] - p[0]) / length * HALF, (q[1] - p[1]) / length * HALF
    ends = (p[0] - dx, p[1] - dy), (q[0] + dx, q[1] + dy)
    (x, y), (u, v) = ends
    corners = np.array([(x + dy, y - dx), (u + dy, v - dx), (u - dy, v + dx), (x - dy, y + dx)])
    canvas.ring(corners, OBLIQUE, canvas.site.ceiling)
