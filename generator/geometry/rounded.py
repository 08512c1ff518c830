"""Bodies without sharp edges: boxes with rolled edges, round tubes, cushions, mitred mouldings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .level import Mesh
from .panels import Panel, panels
from .shapes import SIDES, lofted
from .smooth import smoothed

EDGE_M = 0.003
"""Radius of the rolled edge of sheet steel, of a planed board, of moulded plastic."""
FRAMES = {"x": (1, -1, 2, 1), "X": (1, 1, 2, 1), "y": (0, 1, 2, 1), "Y": (0, -1, 2, 1), "z": (0, 1, 1, -1),
          "Z": (0, 1, 1, 1)}  # fmt: skip
"""Axis and sign of u and of v on each of a box's sides, as ``box`` has them."""


def bevelled(low: ArrayLike, high: ArrayLike, material: int, without: str = "", edge: float = EDGE_M) -> Mesh:
    """An upright box whose edges are rolled with radius ``edge`` wherever both sides are there; as ``box`` else."""
    bounds = np.array([low, high], float)
    has = {name: name not in without for name in SIDES}

    def corner(axis: int, sign: Sequence[int]) -> NDArray[np.float64]:
        """The corner, towards ``sign``, of the side across ``axis``."""
        at = np.array([bounds[(s + 1) // 2, k] for k, s in enumerate(sign)])
        for k in range(3):
            if k != axis and has[_side(k, sign[k])]:
                at[k] -= sign[k] * edge
        return at

    parts: list[Panel] = []
    for name in SIDES:
        if has[name]:
            parts.append((_face(name, corner), material))
    for first, second in ((0, 1), (0, 2), (1, 2)):
        along = 3 - first - second
        for s in (-1, 1):
            for t in (-1, 1):
                if has[_side(first, s)] and has[_side(second, t)]:
                    a, b = ([s if k == first else t if k == second else end for k in range(3)] for end in (-1, 1))
                    ring = [corner(first, a), corner(first, b), corner(second, b), corner(second, a)]
                    parts.append((_outward(ring, a, along), material))
    for sign in np.ndindex(2, 2, 2):
        signs = [2 * s - 1 for s in sign]
        if all(has[_side(k, s)] for k, s in enumerate(signs)):
            parts.append((_outward([corner(k, signs) for k in range(3)], signs, None), material))
    return smoothed(panels(parts))


def _side(axis: int, sign: int) -> str:
    return SIDES[2 * axis + (sign + 1) // 2]


def _face(name: str, corner) -> list[NDArray[np.float64]]:
    """Outline of a box's side, u first."""
    u, along, v, up = FRAMES[name]
    axis = 3 - u - v
    out = []
    for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        sign = [0, 0, 0]
        sign[axis], sign[u], sign[v] = (1 if name.isupper() else -1), a * along, b * up
        out.append(corner(axis, sign))
    return out


def _outward(ring: list[NDArray[np.float64]], sign: Sequence[int], along: int | None) -> list[NDArray[np.float64]]:
    """The ring, turned so that it is seen from the side of ``sign``, but for the axis ``along``."""
    way = np.cross(ring[1] - ring[0], ring[2] - ring[0])
    out = np.array([0.0 if k == along else s for k, s in enumerate(sign)])
    return ring if way @ out > 0 else ring[::-1]


def filleted(path: ArrayLike, radius: float, steps: int = 3) -> NDArray[np.float64]:
    """A polyline (N, 3) whose corners are arcs of ``radius`` metres in so many ``steps``, as a tube is bent."""
    line = np.asarray(path, float)
    out = [line[0]]
    for before, at, after in zip(line, line[1:], line[2:], strict=False):
        back, on = (before - at) / np.linalg.norm(before - at), (after - at) / np.linalg.norm(after - at)
        half = 0.5 * np.arccos(np.clip(back @ on, -1.0, 1.0))
        middle = back + on
        center = at + middle / np.linalg.norm(middle) * radius / np.sin(half)
        first, last = at + back * radius / np.tan(half) - center, at + on * radius / np.tan(half) - center
        whole = np.pi - 2.0 * half
        for k in range(steps + 1):
            t = k / steps
            out.append(center + (np.sin((1 - t) * whole) * first + np.sin(t * whole) * last) / np.sin(whole))
    return np.array([*out, line[-1]])


def tube(path: ArrayLike, radius: float, sides: int, material: int, closed: bool = False) -> Mesh:
    """A round tube about a polyline (N, 3), mitred at its corners and open at its ends; ``closed``: a plane loop."""
    line = np.asarray(path, float)
    way = np.diff(np.concatenate([line, line[:1]]) if closed else line, axis=0)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    before = np.concatenate([way[-1:] if closed else way[:1], way])[: len(line)]
    after = way if closed else np.concatenate([way, way[-1:]])
    angle = 2 * np.pi * np.arange(sides) / sides
    side = _across(way, closed)
    rings = []
    for k in range(len(line)):
        mitre = before[k] + after[k]
        frame = side[k] if k < len(side) else side[-1]
        w = after[k] if k < len(side) else before[k]
        off = radius * (np.cos(angle)[:, None] * frame + np.sin(angle)[:, None] * np.cross(w, frame))
        rings.append(line[k] + off - w * ((off @ mitre) / (w @ mitre))[:, None])
    parts: list[Panel] = []
    for low, high in pairwise([*rings, rings[0]] if closed else rings):
        for j in range(sides):
            n = (j + 1) % sides
            parts.append(([low[n], high[n], high[j], low[j]], material))
    return smoothed(panels(parts))


def _across(way: NDArray[np.float64], closed: bool) -> NDArray[np.float64]:
    """(K, 3) a direction across each of some ways, carried on from one to the next without twist."""
    if closed:
        normal = np.cross(way[0], way[1])
        first = normal / np.linalg.norm(normal)
    else:
        first = np.cross(way[0], [0.0, 1.0, 0.0] if abs(way[0][1]) < 0.9 else [1.0, 0.0, 0.0])
        first /= np.linalg.norm(first)
    out = [first]
    for a, b in pairwise(way):
        turned = out[-1] - (out[-1] @ b) / (1.0 + a @ b) * (a + b)
        out.append(turned / np.linalg.norm(turned))
    return np.array(out)


def outline(half: tuple[float, float], radius: float, steps: int = 3) -> NDArray[np.float64]:
    """A rectangle (N, 2) with round corners of so many ``steps``, counter-clockwise."""
    x, y = half[0] - radius, half[1] - radius
    turn = np.linspace(0.0, np.pi / 2, steps + 1)
    parts = [
        np.column_stack([sx * x + radius * np.cos(turn + base), sy * y + radius * np.sin(turn + base)])
        for sx, sy, base in ((1, 1, 0.0), (-1, 1, np.pi / 2), (-1, -1, np.pi), (1, -1, 1.5 * np.pi))
    ]
    return np.concatenate(parts)


def cushion(
    half: tuple[float, float], radius: float, layers: Sequence[tuple[float, float]], material: int, caps: str = "zZ"
) -> Mesh:
    """A pad with a round rectangle for its outline: layers (inset, z) upwards, metres."""
    rings = [
        np.column_stack([ring, np.full(len(ring), z)])
        for inset, z in layers
        for ring in [outline((half[0] - inset, half[1] - inset), radius - inset)]
    ]
    return lofted(rings, material, caps)


def surround(width: float, high: float, foot: float, profile: ArrayLike, material: int) -> Mesh:
    """A moulding about an opening on a wall, mitred at its head: two jambs from ``foot`` and a head.

    profile (K, 2): how far beyond the opening's edge, and how far before the wall, from the opening outwards.
    """
    beyond, proud = np.asarray(profile, float).T
    left = np.column_stack([-width / 2 - beyond, -proud])
    parts: list[Panel] = []
    for (x0, y0), (x1, y1), top0, top1 in zip(left, left[1:], high + beyond, high + beyond[1:], strict=False):
        parts.append(([(x1, y1, foot), (x0, y0, foot), (x0, y0, top0), (x1, y1, top1)], material))
        parts.append(([(-x0, y0, foot), (-x1, y1, foot), (-x1, y1, top1), (-x0, y0, top0)], material))
        parts.append(([(x0, y0, top0), (-x0, y0, top0), (-x1, y1, top1), (x1, y1, top1)], material))
        if foot > 0.0 and x0 > x1:
            ring = [(x0, 0.0, foot), (x0, y0, foot), (x1, y1, foot), (x1, 0.0, foot)]
            ring = list(dict.fromkeys(ring))
            parts += [(ring, material), ([(-x, y, z) for x, y, z in reversed(ring)], material)]
    return smoothed(panels(parts))
