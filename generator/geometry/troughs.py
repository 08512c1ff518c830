"""Sheet metal bent to a profile along lines with square corners, which are mitred: cable trays. They block light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .level import FREE_RUN, Mesh
from .panels import Panel, panels

MITRE_M = 0.5
"""A trough is cut no nearer than this to a corner; half of its breadth is less."""


class Trough(NamedTuple):
    """A profile (K, 2) along a line (N, 3), metres: how far left of the way and over the line each corner is, counter-
    clockwise as seen along the way; and the material of each side, from its own corner on."""

    path: NDArray[np.float64]
    profile: NDArray[np.float64]
    material: tuple[int, ...]


def beside(path: NDArray[np.float64], left: float, over: float) -> NDArray[np.float64]:
    """Shift a line (N, 3) to its left and up, round its square corners; its first stretch is level."""
    way = np.diff(path, axis=0)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    off = left * np.cross([0.0, 0.0, 1.0], way[0]) + np.array([0.0, 0.0, over])
    out = [path[0] + off]
    for at, before, after in zip(path[1:], way, way[1:], strict=False):
        ahead = float(off @ after)
        out.append(at + off - ahead * before)
        off = off - ahead * (before + after)
    return np.array([*out, path[-1] + off])


def trough_mesh(troughs: Sequence[Trough], size_m: tuple[float, float], cut_m: float) -> list[Mesh]:
    """Make the mesh of troughs in a region, cut and kept as ``pipe_mesh`` does with pipes."""
    sides = [panel for trough in troughs for panel in _sides(trough, size_m, cut_m)]
    if not sides:
        return []
    mesh = panels(sides)
    return [replace(mesh, chart_run=np.full(len(mesh.chart_run), FREE_RUN, np.int64))]


def _sides(trough: Trough, size_m: tuple[float, float], cut_m: float) -> list[Panel]:
    """The sides of those pieces of a trough whose middles lie in the region."""
    edges = np.array([beside(trough.path, *corner) for corner in trough.profile])
    out: list[Panel] = []
    for k in range(len(trough.path) - 1):
        for low, high in _pieces(trough.path[k], trough.path[k + 1], edges[:, k], edges[:, k + 1], cut_m):
            middle = (low + high).mean(axis=0)[:2] / 2
            if (middle >= 0.0).all() and (middle < size_m).all():
                turned = np.roll(np.arange(len(edges)), -1)
                out += [
                    (np.array([low[i], low[n], high[n], high[i]]), trough.material[i]) for i, n in enumerate(turned)
                ]
    return out


def _pieces(
    p: NDArray[np.float64], q: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64], cut_m: float
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """A stretch from p to q whose corners (K, 3) lie at ``start`` and ``end``, cut at whole multiples of ``cut_m``."""
    axis = int(np.abs(q - p).argmax())
    low, high = sorted((float(p[axis]), float(q[axis])))
    cuts = np.arange(np.floor(low / cut_m) + 1, np.ceil(high / cut_m)) * cut_m if axis < 2 else np.zeros(0)
    cuts = cuts[(cuts > low + MITRE_M) & (cuts < high - MITRE_M)]
    rings = [start]
    for cut in cuts if q[axis] > p[axis] else cuts[::-1]:
        ring = start.copy()
        ring[:, axis] = cut
        rings.append(ring)
    return list(zip(rings, [*rings[1:], end], strict=True))
