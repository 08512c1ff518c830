"""Outlines and lines cut at the border of a rectangle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""A rectangle: x0, y0, x1, y1, the low corner first."""


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
            out += [np.array(p.exterior.coords)[:-1] for p in get_parts(shape) if p.geom_type == "Polygon"]
    return out


def cut_lines(lines: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    """The parts of straight lines (N, 4) that lie in a box.  Source: Liang and Barsky, ACM TOG 3, 1984."""
    start, way = lines[:, :2], lines[:, 2:] - lines[:, :2]
    enter, leave = np.zeros(len(lines)), np.ones(len(lines))
    for axis in (0, 1):
        for sign, border in ((-1.0, -box[axis]), (1.0, box[axis + 2])):
            ahead, room = sign * way[:, axis], border - sign * start[:, axis]
            with np.errstate(divide="ignore", invalid="ignore"):
                at = room / ahead
            enter = np.where(ahead < 0, np.maximum(enter, at), enter)
            leave = np.where(ahead > 0, np.minimum(leave, at), leave)
            leave = np.where((ahead == 0) & (room < 0), -1.0, leave)
    inside = enter <= leave
    cut = np.concatenate([start + enter[:, None] * way, start + leave[:, None] * way], axis=1)
    return cut[inside]
