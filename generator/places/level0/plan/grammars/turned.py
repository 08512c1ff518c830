"""Turned: rooms on a grid 7 to 20 degrees off the building's, with wedges left over about it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .....plan.lattice import CELL
from .....plan.maze import carve
from ..partitions import OBLIQUE
from .canvas import Canvas, Site, band, grown, ragged

MARGIN = 15000
"""How far the turned rooms stay from the district's own ground, 0.1 mm."""
ABOUT, TILE = 2, 3
"""Cells of free floor about the turned rooms, and width of what that runs into its neighbours with."""
LEFT_OUT = 0.2
"""Share of the outermost rooms that are not there."""
HALF = 600
"""Half the thickness of a wall, 0.1 mm."""


def turned(site: Site) -> Canvas:
    """Draw a turned maze of rooms in the middle of the district; the rest of the district is offices."""
    canvas = Canvas(site, 3 if site.chance(0.5) else 0)
    e = site.edge
    turn = math.radians(site.uniform(7.0, 20.0)) * (1 if site.chance(0.5) else -1)
    pitch = site.between(36, 62) * 1000
    w, h = (site.w - 2 * e) * CELL, (site.h - 2 * e) * CELL
    reach = math.ceil(math.hypot(w, h) / pitch / 2) + 1
    middle = (site.w * CELL / 2, site.h * CELL / 2)
    corner = _Turned(middle, turn, pitch, reach)
    inside = corner.inside(w / 2 - MARGIN, h / 2 - MARGIN)
    for j, i in np.argwhere(inside & grown(~inside)):
        inside[j, i] = not site.chance(LEFT_OUT)
    canvas.keep_to(ragged(site, corner.ground(site, inside), TILE))
    for axis, walls in enumerate(_walls(site, inside)):
        _stand(canvas, corner, axis, walls)
    return canvas


class _Turned:
    """A lattice of ``2 * reach`` rooms a side, turned about a middle."""

    def __init__(self, middle: tuple[float, float], turn: float, pitch: int, reach: int) -> None:
        self.middle, self.turn, self.pitch, self.reach = middle, turn, pitch, reach

    def at(self, places: NDArray) -> NDArray[np.float64]:
        """Where corners of the lattice (..., 2) lie."""
        u, v = np.moveaxis((places - self.reach) * self.pitch, -1, 0)
        c, s = math.cos(self.turn), math.sin(self.turn)
        return np.stack([self.middle[0] + c * u - s * v, self.middle[1] + s * u + c * v], axis=-1)

    def inside(self, half_w: float, half_h: float) -> NDArray[np.bool_]:
        """Which rooms (n, n) lie in the largest rectangle of their own lattice within so much of the middle."""
        c, s = abs(math.cos(self.turn)), abs(math.sin(self.turn))
        scale = min(half_w / (half_w * c + half_h * s), half_h / (half_w * s + half_h * c))
        away = np.abs(np.arange(2 * self.reach) + 0.5 - self.reach) + 0.5
        return np.outer(away * self.pitch <= half_h * scale, away * self.pitch <= half_w * scale)

    def ground(self, site: Site, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which cells (h, w) lie ABOUT or less from one whose middle is in a room."""
        y, x = (np.mgrid[0 : site.h, 0 : site.w] + 0.5) * CELL
        dx, dy = x - self.middle[0], y - self.middle[1]
        c, s = math.cos(self.turn), math.sin(self.turn)
        i, j = (np.floor(d / self.pitch + self.reach).astype(np.int64) for d in (c * dx + s * dy, c * dy - s * dx))
        n = 2 * self.reach
        among = (i >= 0) & (i < n) & (j >= 0) & (j < n)
        rooms = among & inside[np.clip(j, 0, n - 1), np.clip(i, 0, n - 1)]
        for _ in range(ABOUT):
            rooms = grown(grown(rooms))
        return rooms


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
    step = np.diff(np.pad((walls.T if axis == 0 else walls).astype(np.int8), ((0, 0), (1, 1))))
    (line, a), (_, b) = np.nonzero(step == 1), np.nonzero(step == -1)
    ends = np.stack([[line, a], [line, b]] if axis == 0 else [[a, line], [b, line]])
    p, q = corner.at(np.moveaxis(ends, 1, 2))
    along = (q - p) / np.hypot(*(q - p).T)[:, None] * HALF
    canvas.rings(band(p - along, q + along, HALF), OBLIQUE, canvas.site.ceiling)
