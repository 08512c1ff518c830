"""The plan stage: scene and seed to floorplan, and what can be asked of one."""

from .floorplan import Floorplan
from .generate import floorplan
from .sight import cast, isovist, outlines, sightline
from .walk import is_free, nearest_free, walkable

__all__ = [
    "Floorplan",
    "cast",
    "floorplan",
    "is_free",
    "isovist",
    "nearest_free",
    "outlines",
    "sightline",
    "walkable",
]
