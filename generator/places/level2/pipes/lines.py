"""The lines there are: what each carries, how thick it is, what it wears, and where on a wall it runs."""

from __future__ import annotations

from typing import NamedTuple

from ..plan.graph import Section


class Line(NamedTuple):
    """A line of pipe. number: its own, for ever; they are listed from the ceiling down. outside: diameter of the steel,
    lagging: thickness about it, metres. coat: what it wears. label: what is written on it and in which field. share: of
    the walls that have it. heights: of its middle over the floor, metres, by section; none where it does not fit.
    span: metres from support to support. off: how far its near side is from the wall, metres.
    """

    number: int
    name: str
    outside: float
    lagging: float
    coat: str
    label: tuple[str, str]
    share: float
    heights: dict[str, float]
    span: float
    off: float = 0.07

    @property
    def radius(self) -> float:
        """Outer radius with what is about it, metres."""
        return self.outside / 2 + self.lagging

    @property
    def bend(self) -> float:
        """Radius of its elbows, metres: 1.5 diameters; conduit is bent to six. Source: ASME B16.9; NEC 344.24."""
        return max(1.5, 0.063 / self.outside) * self.outside

    @property
    def before(self) -> float:
        """Distance of its middle from the wall, metres."""
        return self.radius + self.off

    def height(self, section: Section) -> float | None:
        """Give its height in a section; None where it does not fit."""
        return self.heights.get(section.name)


def _heights(*metres: float) -> dict[str, float]:
    """Heights in sections from the highest down, as many as it fits in."""
    return dict(zip(("main", "walk", "low", "crawl"), metres, strict=False))


LINES = (
    Line(0, "power", 0.0422, 0.0, "zinc", ("480 V", "yellow"), 0.6, _heights(2.80, 2.30, 1.92, 1.74), 3.0),
    Line(1, "signal", 0.0267, 0.0, "zinc", ("TEL", "yellow"), 0.6, _heights(2.72, 2.22, 1.82, 1.64), 3.0),
    Line(9, "tray", 0.1, 0.0, "zinc", ("", ""), 0.65, _heights(2.89, 2.39), 3.7, 0.5),
    Line(2, "steam", 0.1683, 0.063, "lagging", ("STEAM", "yellow"), 0.5, _heights(2.50, 1.98, 1.46), 5.0),
    Line(3, "condensate", 0.0889, 0.038, "lagging", ("CONDENSATE", "yellow"), 0.5, _heights(2.12, 1.60, 1.08), 4.0),
    Line(4, "water", 0.1683, 0.0, "paint/green", ("WATER", "green"), 0.42, _heights(1.80, 1.28, 0.76), 5.0),
    Line(5, "fire", 0.1143, 0.0, "paint/red", ("FIRE", "red"), 0.35, _heights(1.52, 1.02, 0.54), 4.2),
    Line(6, "air", 0.0603, 0.0, "paint/blue", ("AIR", "blue"), 0.5, _heights(1.30, 0.78, 0.42, 1.30), 3.0),
    Line(8, "mains", 0.3556, 0.089, "lagging", ("STEAM", "yellow"), 0.55, _heights(0.80), 7.0),
    Line(7, "sewage", 0.2191, 0.0, "rust", ("DRAIN", "green"), 0.4, _heights(0.20, 0.20, 0.20), 3.6),
)
"""Outside diameters: 6, 3, 6, 4, 2, 14 and 8 inches, conduit of 1 1/4 and 3/4 inches. Source: ASME B36.10, ANSI C80.1.
Colours of labels: ASME A13.1-1996. Spans, the least that a line's contents allow: Piping Handbook, table B5.1."""
BY_NAME = {line.name: line for line in LINES}
TRAY = BY_NAME["tray"]
"""A cable tray: as deep as a line of this diameter, on arms over the conduits. Source of spans: NEMA VE 1."""
LABELLED = tuple(line for line in LINES if line.outside > 0.05 and line is not TRAY)
"""Conduits are too thin for a label."""
TRAY_HALF_M = 0.15
"""Half of a tray's breadth. Source: NEMA VE 1, 12 in."""
LARGE_M = 0.12
"""A line of a larger radius, with what is about it, has large labels."""


def label_size(line: Line) -> str:
    """Say which of the sizes of labels a line has."""
    return "large" if line.radius > LARGE_M else "small"
