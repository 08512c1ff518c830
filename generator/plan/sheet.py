"""What a drawing is made of: sheets of filled rings, lines and words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .floorplan import CELL_M

INK, PAPER, RED = "#2a2118", "#f3ead2", "#a3392c"
LETTER = 0.72
"""Width of a capital over the size of its type; Helvetica's widest but M and W."""


@dataclass(frozen=True)
class Rings:
    """Closed rings, each (V, 2) in page pixels, filled as one shape; ``line`` and ``width`` for an outline."""

    rings: list[NDArray[np.float64]]
    fill: str | None
    line: str | None = None
    width: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True)
class Lines:
    """Straight lines (N, 4) in page pixels."""

    lines: NDArray[np.float64]
    ink: str
    width: float


@dataclass(frozen=True)
class Words:
    """A line of text; anchor "start", "middle" or "end"; turn in degrees, counter-clockwise."""

    xy: tuple[float, float]
    text: str
    size: float
    ink: str = INK
    anchor: str = "start"
    turn: int = 0


Item = Rings | Lines | Words
ToPage = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""What takes places (..., 2) of a plan, metres, to the page."""


class Service(NamedTuple):
    """Lines of one kind that a map shows besides the building, such as pipes: a name, an ink, its ``colour`` in the
    AutoCAD colour index; lines (N, 4), metres in the plan's coordinates; group: of its layer in a drawing; note: what
    the map's key says of it."""

    name: str
    ink: str
    colour: int
    lines: NDArray[np.float64]
    group: str = "PIPES"
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """A page of (width, height) pixels and what is on it, from the bottom up."""

    size: tuple[int, int]
    items: list[Item]


def cell_runs(mask: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Rectangles (4, 2) metres, one for each run of true cells in a row."""
    step = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, first = np.nonzero(step == 1)
    last = np.nonzero(step == -1)[1]
    x0, x1, y0, y1 = first * CELL_M, last * CELL_M, rows * CELL_M, (rows + 1) * CELL_M
    return list(np.stack([np.stack([x0, x1, x1, x0], 1), np.stack([y0, y0, y1, y1], 1)], axis=2))


def fitting(xy: tuple[float, float], text: str, size: float, ink: str, width: int) -> Words:
    """A line of text, smaller where it would run off a page so wide."""
    room = (width - xy[0] - 10) / (LETTER * max(len(text), 1))
    return Words(xy, text, min(size, room), ink)
