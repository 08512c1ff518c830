"""Light: every lamp an area light, all bounces, baked once; failing lamps in layers of their own."""

from .bake import bake
from .flicker import flicker
from .lightmap import Lightmap

__all__ = ["Lightmap", "bake", "flicker"]
