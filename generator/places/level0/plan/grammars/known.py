"""The grammars by name, and which district has which."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...plan_settings import ON_MAPS
from .bays import bays
from .canvas import Canvas, Site
from .cores import cores
from .hypostyle import hypostyle
from .nested import nested
from .rings import rings
from .slots import slots
from .spine import spine
from .turned import turned
from .void import void

OFFICES = "offices"
GRAMMARS: dict[str, Callable[[Site], Canvas]] = {
    "spine": spine,
    "bays": bays,
    "hypostyle": hypostyle,
    "nested": nested,
    "slots": slots,
    "void": void,
    "turned": turned,
    "rings": rings,
    "cores": cores,
}
"""Each grammar's function; offices have none, they are what lies where no other grammar is."""
OPEN_FLOORS = {"hypostyle", "void", "cores"}
"""Grammars that a corridor goes through without walls of its own."""
CROOKED = {"rings", "turned"}
"""Grammars whose walls follow no line of the building: no long view goes through them."""


def value_of(name: str) -> float:
    """The number in 0..1 that stands for a grammar, or for corridors, in the district map "grammar"."""
    return ON_MAPS.index(name) / (len(ON_MAPS) - 1)


def drawn_name(weights: Mapping[str, float], u: float) -> str:
    """The grammar that a number u in [0, 1) draws, by weight."""
    at = u * sum(weights.values())
    for name, weight in weights.items():
        at -= weight
        if at < 0.0:
            return name
    return next(name for name in reversed(list(weights)) if weights[name] > 0.0)
