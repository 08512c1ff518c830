"""The plan stage: scene and seed to floorplan."""

from .floorplan import Floorplan
from .generate import floorplan

__all__ = ["Floorplan", "floorplan"]
