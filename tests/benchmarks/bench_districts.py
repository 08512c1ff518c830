"""What districts of each grammar measure, and how well they are told apart by it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from generator.places.level0.plan_settings import NAMES
from tests.district_measures import figures, told_apart
from tests.maze_measures import told_apart as mazes_told_apart

SEEDS = 100
"""Seeds over which each grammar is measured."""
UNITS = {"room": "m²", "corridor": "m", "isovist": "m²", "intelligibility": "", "links": ""}


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Name, value, unit and goal of each measure: medians over seeds of squares of 78 m of each grammar."""
    share, _ = told_apart(range(3), range(3, 6))
    yield "districts: windows of 60 m told apart by grammar", 100.0 * share, "%", "at least 90"
    right = mazes_told_apart(range(8), range(8, 40))
    yield "districts: windows of 390 m told apart by maze", 100.0 * sum(right.values()) / len(right), "%", "at least 90"
    for name in NAMES:
        for measure, value in figures(name, range(SEEDS)).items():
            if not math.isnan(value):
                yield f"districts: {name}, {measure}, median of {SEEDS} seeds", value, UNITS[measure], ""
