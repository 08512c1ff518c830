"""Shapes of what is painted on a floor, as convex polygons in metres: bars, arrows, numbers cut from stencils."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Shape = NDArray[np.float64]
"""(K, 2) corners, counter-clockwise."""
LINE_M = 0.1016
"""Width of a stall's line: 4 in."""
FIGURE_M = (0.20, 0.36, 0.055)
"""Width, height and stroke of a stencilled figure."""
SEGMENTS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")
"""Strokes of the figures 0 to 9: a on top, then clockwise, g in the middle."""
ARROW_M = ((-0.06, -1.25), (0.06, -1.25), (0.06, 0.45), (-0.06, 0.45)), ((-0.30, 0.45), (0.30, 0.45), (0.0, 1.25))
"""Shaft and head of an arrow that points up, 2.5 m long."""


def bar(x0: float, y0: float, x1: float, y1: float) -> Shape:
    """Give a rectangle between two corners in any order."""
    (x0, x1), (y0, y1) = sorted((x0, x1)), sorted((y0, y1))
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def arrow() -> list[Shape]:
    """Give an arrow about its middle that points to +y."""
    return [np.array(part) for part in ARROW_M]


def number(value: int) -> list[Shape]:
    """Give a number about its middle, upright along +y, in figures cut from a stencil with its bridges."""
    wide, high, stroke = FIGURE_M
    text = str(value)
    step = wide + 0.09
    left = -(step * len(text) - 0.09) / 2
    parts = []
    for k, figure in enumerate(text):
        x = left + k * step - (0.5 * (wide - stroke) if figure == "1" else 0.0)
        at = np.array([x, -high / 2])
        parts += [_segment(name) + at for name in SEGMENTS[int(figure)]]
    return parts


def _segment(name: str) -> Shape:
    """One stroke of a figure, its lower left corner at the origin, short of its neighbours by a bridge."""
    (w, h, s), gap = FIGURE_M, 0.008
    boxes = {
        "a": (s * 0.4, h - s, w - s * 0.4, h), "d": (s * 0.4, 0.0, w - s * 0.4, s),
        "g": (s + gap, (h - s) / 2, w - s - gap, (h + s) / 2),
        "f": (0.0, h / 2 + gap, s, h - s - gap), "e": (0.0, s + gap, s, h / 2 - gap),
        "b": (w - s, h / 2 + gap, w, h - s - gap), "c": (w - s, s + gap, w, h / 2 - gap),
    }  # fmt: skip
    return bar(*boxes[name])


def hatching(x0: float, y0: float, x1: float, y1: float, step: float = 0.9, wide: float = 0.15) -> list[Shape]:
    """Give diagonal bars across a rectangle, cut at its border, and that border."""
    import shapely

    field = shapely.box(x0, y0, x1, y1)
    rise, reach = y1 - y0, np.arange(x0 - (y1 - y0) + step / 2, x1, step)
    bars = [np.array([(x, y0), (x + wide * 1.414, y0), (x + wide * 1.414 + rise, y1), (x + rise, y1)]) for x in reach]
    cut = [shapely.intersection(shapely.Polygon(ring), field) for ring in bars]
    whole = [np.array(shapely.orient_polygons(p).exterior.coords)[:-1] for p in cut if p.geom_type == "Polygon"]
    edge = LINE_M
    return [ring for ring in whole if len(ring) >= 3] + [
        bar(x0, y0, x1, y0 + edge), bar(x0, y1 - edge, x1, y1), bar(x0, y0, x0 + edge, y1), bar(x1 - edge, y0, x1, y1),
    ]  # fmt: skip


def moved(shapes: list[Shape], at: ArrayLike, turn: float) -> list[Shape]:
    """Turn shapes by so many radians and move their middle to a place (2,)."""
    c, s = round(float(np.cos(turn)), 12), round(float(np.sin(turn)), 12)
    way = np.array([[c, s], [-s, c]])
    return [shape @ way + np.asarray(at, float) for shape in shapes]
