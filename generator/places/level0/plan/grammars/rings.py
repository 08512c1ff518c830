"""Rings: ovals within ovals, 20 to 60 m in radius, with gaps to go from one into the next."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .....plan.lattice import CELL
from ..partitions import CURVED
from .canvas import Canvas, Site, band, ragged

WIDEST, LEAST = 49, 4
"""Half axes of the outermost and, about, of the innermost oval, cells: 60 and 5 m."""
ABOUT, TILE = 30000, 3
"""How far the floor reaches about the outermost oval, 0.1 mm; width of what runs into the neighbours, cells."""
CHORD = 6000
"""Length of the chords that an arc is drawn in where FACETS allow it, 0.1 mm."""
FACETS = math.radians(2.0), math.radians(4.0)
"""Least and widest angle between two chords of an arc: a bend of 2 degrees is not seen."""
SPOKE = 0.55
"""Share of the way to the next oval that a wall between two may take."""
HALF = 600
"""Half the thickness of such a wall, 0.1 mm."""
ROOMY = 12000
"""Least distance between two such walls, 0.1 mm: about the pointed ends of an oval they would crowd."""


def rings(site: Site) -> Canvas:
    """Draw ovals about one middle with spokes between them; the rest of the district is offices."""
    canvas = Canvas(site, 4, site.ceiling)
    inner_w, inner_h = site.w - 2 * site.edge, site.h - 2 * site.edge
    w, h = min(inner_w, 2 * WIDEST + 3), min(inner_h, 2 * WIDEST + 3)
    if site.chance(0.6):
        w = h = min(w, h)
    x0, y0 = site.edge + site.below(inner_w - w + 1), site.edge + site.below(inner_h - h + 1)
    cx, cy = (2 * x0 + w) * CELL / 2, (2 * y0 + h) * CELL / 2
    rx, ry = (w / 2 - 1.5) * CELL, (h / 2 - 1.5) * CELL
    canvas.keep_to(ragged(site, _ground(site, (cx, cy), (rx + ABOUT, ry + ABOUT)), TILE))
    while min(rx, ry) > LEAST * CELL:
        step = site.between(2, 6) * CELL
        _oval(canvas, (cx, cy), (rx, ry), step)
        rx, ry = rx - step, ry - step
    return canvas


def _ground(site: Site, middle: tuple[float, float], axes: tuple[float, float]) -> NDArray[np.bool_]:
    """Which cells (h, w) an oval holds the middle of."""
    y, x = (np.mgrid[0 : site.h, 0 : site.w] + 0.5) * CELL
    return np.asarray(((x - middle[0]) / axes[0]) ** 2 + ((y - middle[1]) / axes[1]) ** 2 < 1.0)


def _oval(canvas: Canvas, middle: tuple[float, float], axes: tuple[float, float], step: int) -> None:
    """Draw one oval with two to five gaps, now and then only a part of it, and spokes inwards from it."""
    site = canvas.site
    gaps, turn = site.between(2, 5), site.uniform(0.0, 2.0 * math.pi)
    part, left_out = 2.0 * math.pi / gaps, site.below(3 * gaps)
    thick = 1200 if site.chance(0.7) else 2400
    spoke = site.uniform(20000.0, 120000.0) if min(axes) - step > LEAST * CELL and site.chance(0.6) else 0.0
    arcs, spokes = [], []
    for k in range(gaps):
        gap = site.uniform(14000.0, 34000.0) / min(axes)
        start, end = turn + k * part + gap / 2, turn + (k + 1) * part - gap / 2
        if k == left_out:
            continue
        count = int((end - start) * max(axes) / spoke) if spoke else 0
        arcs.append(_facets(start, end, max(axes)))
        spokes.append(start + (end - start) * np.arange(1, count + 1) / (count + 1))
    if arcs:
        _stand(canvas, (middle, axes), arcs, spokes, thick, step * SPOKE)


def _facets(start: float, end: float, radius: float) -> NDArray[np.float64]:
    """The angles (N,) between which an arc from angle to angle is straight."""
    n = max(2, math.ceil((end - start) / min(max(CHORD / radius, FACETS[0]), FACETS[1])))
    return start + (end - start) * np.arange(n + 1) / n


def _stand(
    canvas: Canvas,
    oval: tuple[tuple[float, float], tuple[float, float]],
    arcs: list[NDArray[np.float64]],
    spokes: list[NDArray[np.float64]],
    thick: int,
    length: float,
) -> None:
    """Stand curved walls along an oval (middle, axes), and from each of them straight ones inwards, at angles."""
    top, half = canvas.site.ceiling, thick / 2
    way, ends = _way(np.concatenate(arcs)), np.cumsum([len(turns) for turns in arcs])
    outer, inner = _on(*oval, half, way), _on(*oval, -half, way)
    foot_way, last = _way(np.concatenate(spokes)), np.cumsum([len(turns) for turns in spokes]).tolist()
    feet, heads = _on(*oval, -400.0, foot_way), _on(*oval, -length, foot_way)
    stand = [_apart(feet, heads, first, end) for first, end in zip([0, *last[:-1]], last, strict=True)]
    every = [k for one in stand for k in one]
    walls, n = band(feet[every], heads[every], HALF), 0
    for first, end, one in zip([0, *ends[:-1]], ends, stand, strict=True):
        canvas.ring(np.concatenate([outer[first:end], inner[first:end][::-1]]), CURVED, top)
        if one:
            canvas.rings(walls[n : n + len(one)], CURVED, top)
            n += len(one)


def _apart(feet: NDArray[np.float64], heads: NDArray[np.float64], first: int, end: int) -> list[int]:
    """Which spokes from first to end stand: none where the one before leaves no room to stand."""
    near, far, stand = feet[first:end].tolist(), heads[first:end].tolist(), [0]
    if not near:
        return []
    for k in range(1, len(near)):
        if min(math.dist(near[k], near[stand[-1]]), math.dist(far[k], far[stand[-1]])) >= ROOMY:
            stand.append(k)
    return [first + k for k in stand]


def _way(turns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors (N, 2) at angles (N,)."""
    out = np.empty((len(turns), 2))
    np.cos(turns, out=out[:, 0])
    np.sin(turns, out=out[:, 1])
    return out


def _on(
    middle: tuple[float, float], axes: tuple[float, float], out: float, way: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Places (N, 2) so far outside an oval, in the directions of unit vectors (N, 2)."""
    return np.array(middle) + np.array((axes[0] + out, axes[1] + out)) * way
