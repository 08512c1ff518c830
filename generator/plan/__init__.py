"""The plan stage: what floorplans are drawn with, and what can be asked of one."""

from .draw import draw_map
from .floorplan import Floorplan
from .metrics import stats
from .sight import cast, isovist, outlines, sightline
from .walk import is_free, nearest_free, walkable

__all__ = [
    "Floorplan",
    "cast",
    "draw_map",
    "is_free",
    "isovist",
    "nearest_free",
    "outlines",
    "sightline",
    "stats",
    "walkable",
]
