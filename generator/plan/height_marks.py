"""Heights on a map: lines at steps, hachures where the floor falls further than one steps, levels in centimetres."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from .cut import Box
from .floorplan import CELL_M, Floorplan
from .ground import PIT_M, STEP_M, is_level, squares
from .sheet import INK, PAPER, Item, Lines, Rings, ToPage, Words, cell_runs
from .sight import wall_corners

HACHURE_M, APART_M = 0.34, 0.20
"""Length of a hachure and the space between two. They point downhill, as Lehmann's do (1799)."""
LEAST_SCALE = 4.0
"""Pixels a metre from which levels are written."""
LEGEND = "hachures: the floor falls; levels in cm"


def height_marks(plan: Floorplan, to_page: ToPage, scale: float) -> Iterator[Item]:
    """Draw the edges of all floors that are not level, and pits dark; nothing where the floor is level."""
    if is_level(plan):
        return
    pits = plan.floor_m < np.median(plan.floor_m) - PIT_M
    yield Rings([to_page(ring) for ring in cell_runs(pits)], INK, opacity=0.45)
    steps, falls, hachures = _edges(plan)
    width = max(0.5, 0.03 * scale)
    yield Lines(to_page(steps).reshape(-1, 4), "#7a6a45", width)
    yield Lines(to_page(falls).reshape(-1, 4), INK, width)
    yield Lines(to_page(hachures).reshape(-1, 4), INK, 0.8 * width)


def _edges(plan: Floorplan) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Ends (N, 2, 2) of the edges that one steps over, of those over which the floor falls, and of their hachures."""
    height, side = squares(plan)
    lines, drop, lower = [], [], []
    for axis in (1, 0):
        rise = np.diff(height, axis=axis)
        j, i = np.nonzero(rise)
        start = np.column_stack([i + (axis == 1), j + (axis == 0)]) * side
        end = start + np.array([0.0, side] if axis == 1 else [side, 0.0])
        lines.append(np.stack([start, end], axis=1))
        drop.append(np.abs(rise[j, i]))
        lower.append(-np.sign(rise[j, i])[:, None] * ([1.0, 0.0] if axis == 1 else [0.0, 1.0]))
    line, down, fall = np.concatenate(lines), np.concatenate(lower), np.concatenate(drop)
    walls = shapely.STRtree(shapely.polygons(wall_corners(plan)))
    free = np.ones(len(line), bool)
    free[walls.query(shapely.points(line.mean(axis=1)), "within")[0]] = False
    line, down, far = line[free], down[free], fall[free] > STEP_M + 1e-6
    share = (np.arange(count := max(round(side / APART_M), 1)) + 0.5) / count
    foot = (line[far, :1] + share[:, None] * (line[far, 1:] - line[far, :1])).reshape(-1, 2)
    tip = foot + HACHURE_M * np.repeat(down[far], count, axis=0)
    return line[~far], line[far], np.stack([foot, tip], axis=1)


def levels(plan: Floorplan, to_page: ToPage, scale: float, box: Box) -> Iterator[Item]:
    """Write the level of each floor that lies higher or lower than most, in centimetres, on a slip of paper."""
    from scipy.ndimage import label

    if scale < LEAST_SCALE or is_level(plan):
        return
    size = float(np.clip(0.55 * scale, 8.0, 13.0))
    usual = float(np.median(plan.floor_m))
    for height in np.unique(plan.floor_m[plan.floor_m != usual]):
        parts, count = label(plan.floor_m == height)
        for part in range(1, count + 1):
            y, x = np.nonzero(parts == part)
            middle = np.array([x.mean() + 0.5, y.mean() + 0.5]) * CELL_M
            if not (box[0] < middle[0] < box[2] and box[1] < middle[1] < box[3]):
                continue
            u, v = (float(c) for c in to_page(middle))
            text = f"{100 * (height - usual):+.0f}"
            w = 0.3 * size * len(text) + 2
            slip = np.array([[u - w, v - 0.8 * size], [u + w, v - 0.8 * size], [u + w, v + 3], [u - w, v + 3]])
            yield Rings([slip], PAPER, opacity=0.8)
            yield Words((u, v), text, size, anchor="middle")
