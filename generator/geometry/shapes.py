"""Bodies that fixtures and props are made of: every face a panel with its own chart, seen from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .level import Mesh
from .panels import Panel, panel, panels, rectangles
from .smooth import smoothed

SIDES = "xXyYzZ"
"""A box's sides: at its low and high x, y and z."""


def box(low: ArrayLike, high: ArrayLike, material: int, without: str = "") -> Mesh:
    """An upright box between two corners, metres; ``without``: sides left out, such as ``"zY"``, bottom and back."""
    (x0, y0, z0), (x1, y1, z1) = np.asarray(low, float), np.asarray(high, float)
    dx, dy, dz = (x1 - x0, 0, 0), (0, y1 - y0, 0), (0, 0, z1 - z0)
    every = {
        "x": ((x0, y1, z0), np.negative(dy), dz),
        "X": ((x1, y0, z0), dy, dz),
        "y": ((x0, y0, z0), dx, dz),
        "Y": ((x1, y1, z0), np.negative(dx), dz),
        "z": ((x0, y1, z0), dx, np.negative(dy)),
        "Z": ((x0, y0, z1), dx, dy),
    }
    sides = [every[name] for name in SIDES if name not in without]
    origin, u, v = (np.array(column, dtype=float) for column in zip(*sides, strict=True))
    return rectangles(origin, u, v, np.full(len(sides), material))


def bar(start: ArrayLike, end: ArrayLike, width: float, material: int) -> Mesh:
    """A square bar around the line from ``start`` to ``end``, open at both ends."""
    p, q = np.asarray(start, float), np.asarray(end, float)
    way = (q - p) / np.linalg.norm(q - p)
    side = np.cross(way, [0.0, 1.0, 0.0] if abs(way[1]) < 0.9 else [1.0, 0.0, 0.0])
    side *= width / 2 / np.linalg.norm(side)
    other = np.cross(way, side)
    ring = np.array([side + other, other - side, -side - other, side - other])
    onward = np.roll(ring, -1, axis=0) - ring
    return rectangles(p + ring, onward, np.tile(q - p, (4, 1)), np.full(4, material))


def lofted(rings: Sequence[NDArray[np.float64]], material: int, caps: str = "zZ") -> Mesh:
    """Plane rings (N, 3) one over the other, counter-clockwise from above, joined by facets; ``caps`` as ``turned``."""
    ends = {"z": rings[0][::-1], "Z": rings[-1]}
    parts: list[Panel] = [(ends[name], material) for name in caps]
    count = len(rings[0])
    for low, high in pairwise(rings):
        parts += [([low[k], low[k + 1 - count], high[k + 1 - count], high[k]], material) for k in range(count)]
    return smoothed(panels(parts))


def turned(profile: Sequence[tuple[float, float]], sides: int, material: int, caps: str = "zZ") -> Mesh:
    """A body of revolution about z in ``sides`` facets, shaded as round: (radius, z) upwards; flat ``caps`` below (z)
    and above (Z)."""
    angle = 2 * np.pi * (np.arange(sides) + 0.5) / sides
    circle = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(sides)])
    rings = [r * circle + [0.0, 0.0, z] for r, z in profile]
    mesh = lofted(rings, material, caps)
    around, first = np.arange(sides), len(mesh.vertices) - 4 * sides * (len(rings) - 1)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(np.array(profile), axis=0).T))])
    wide = 2 * np.pi * max(r for r, _ in profile) / sides
    uv = mesh.uv.copy()
    for n in range(len(rings) - 1):
        u = wide * np.stack([around, around + 1, around + 1, around], axis=1)
        v = np.broadcast_to(length[[n, n, n + 1, n + 1]], u.shape)
        rows = slice(first + 4 * sides * n, first + 4 * sides * (n + 1))
        uv[rows] = np.stack([u, v], axis=2).reshape(-1, 2)
    return replace(mesh, uv=uv)


def on_wall(outline: ArrayLike, depth: float, material: int) -> Mesh:
    """A flat convex figure, (N, 2) of x and z counter-clockwise as the viewer sees it, ``depth`` before the wall."""
    figure = np.asarray(outline, float)
    return panel(np.column_stack([figure[:, 0], np.full(len(figure), -depth), figure[:, 1]]), material)


def cushioned(half: ArrayLike, depth: float, bevel: float, material: int) -> Mesh:
    """A rectangular plate on a wall with sloping edges: half width and height, metres."""
    x, z = np.asarray(half, float)
    foot = np.array([[-x, 0, -z], [x, 0, -z], [x, 0, z], [-x, 0, z]])
    top = foot - [0.0, depth, 0.0]
    top[:, 0] -= bevel * np.sign(top[:, 0])
    top[:, 2] -= bevel * np.sign(top[:, 2])
    edges = [([foot[k], foot[k - 3], top[k - 3], top[k]], material) for k in range(4)]
    return panels([(top, material), *edges])


def polygon(radius: float, sides: int, center: tuple[float, float] = (0.0, 0.0)) -> NDArray[np.float64]:
    """Corners (sides, 2) of a regular polygon that stands on a side."""
    angle = 2 * np.pi * (np.arange(sides) + 0.5) / sides - np.pi / 2
    return np.column_stack([np.cos(angle), np.sin(angle)]) * radius + center
