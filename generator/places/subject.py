"""What pictures of a scene are of: one kind of district, and how one sees which it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """A kind of district, and what a picture of it is worth for what it shows; 1 is as much as depth or lamps.

    district: its name in ``Place.districts``. wide: how far one sees on the mean. long: how far in the middle.
    curved: one curved wall that turns through the picture. slanted: walls off the building's lines. often: how often
    what one sees ends and another thing begins. solids: how much of the picture thick solids fill.
    """

    district: str
    wide: float = 0.0
    long: float = 0.0
    curved: float = 0.0
    slanted: float = 0.0
    often: float = 0.0
    solids: float = 0.0
