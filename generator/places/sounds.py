"""How a place sounds under the operator's feet and far away; lamps say themselves how loud they hum."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[float, float]


@dataclass(frozen=True)
class Footing:
    """What a step in soft shoes sounds like on a floor: each span is drawn from, step by step.

    thud_hz, thud_s: pitch of the heel's thud and its decay. knock: share of its noise. brush: share of the sole's
    brushing, in the band brush_hz, which fades in brush_s.
    """

    thud_hz: Span
    thud_s: Span
    knock: float
    brush: Span
    brush_hz: Span
    brush_s: float


@dataclass(frozen=True)
class Sounds:
    """footing: of the floor. room_db: the far-off air of the building, against Level 0's."""

    footing: Footing
    room_db: float = 0.0


CARPET = Footing((62.0, 95.0), (0.028, 0.045), 0.22, (0.05, 0.10), (900.0, 4200.0), 0.06)
"""Loop pile over concrete: a dull thud, and the pile being brushed."""
STONE = Footing((95.0, 140.0), (0.012, 0.020), 0.60, (0.10, 0.20), (1500.0, 7000.0), 0.03)
"""Bare stone or concrete: a short knock, and grit under the sole."""
