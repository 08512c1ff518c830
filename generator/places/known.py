"""The places there are, and how to make one's own known."""

from __future__ import annotations

from .level0.level0 import LEVEL0
from .level1.level1 import LEVEL1
from .level2.level2 import LEVEL2
from .place import Place
from .scenes import SCENES

PLACES: dict[str, Place] = {"level0": LEVEL0, "level1": LEVEL1, "level2": LEVEL2}


def add(place: Place) -> None:
    """Make a place of one's own known to ``load_scene`` and to every verb; call it where its scene is defined."""
    PLACES[place.name] = place
    SCENES[place.name] = place.scene
