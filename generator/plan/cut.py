"""Outlines and lines cut at the border of a rectangle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Box = tuple[float, float, float, float]
"""A rectangle: x0, y0, x1, y1, the low corner first."""


def corners_of(boxes: ArrayLike) -> NDArray[np.float64]:
    """Corners (..., 4, 2) of rectangles (..., 4), counter-clockwise from the low one."""
    return np.asarray(boxes, np.float64)[..., [[0, 1], [2, 1], [2, 3], [0, 3]]]


def cut_rings(rings: Sequence[NDArray[np.float64]], box: Box) -> list[NDArray[np.float64]]:
    """The parts of filled rings, each (V, 2), that lie in a box; those that lie in it whole stay as they are."""
    from shapely import Polygon, get_parts
    from shapely import box as rectangle

    low, high = np.array(box[:2]), np.array(box[2:])
    out: list[NDArray[np.float64]] = []
    for ring in rings:
        least, most = ring.min(axis=0), ring.max(axis=0)
        if (least >= low).all() and (most <= high).all():
            out.append(ring)
        elif (most > low).all() and (least < high).all():
            shape = Polygon(ring).buffer(0).intersection(rectangle(*box))
            parts = [p for p in get_parts(shape) if p.geom_type == "Polygon" and not p.is_empty]
            out += [np.array(p.exterior.coords)[:-1] for p in parts]
    return out


def cut_lines(lines: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    """The parts of straight lines (N, 4) that lie in a box."""
    import shapely

    parts = shapely.intersection(shapely.linestrings(lines.reshape(-1, 2, 2)), shapely.box(*box))
    return np.asarray(shapely.get_coordinates(parts[shapely.length(parts) > 0.0]).reshape(-1, 4))
