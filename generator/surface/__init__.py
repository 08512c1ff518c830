"""Procedural surfaces: materials of real size, the papers of the walls, and the patina that never repeats."""

from .catalogue import known, materials, wallpaper_for, zones
from .material import Material, Patina
from .patina import patina
from .textures import Textures, textures_of

__all__ = ["Material", "Patina", "Textures", "known", "materials", "patina", "textures_of", "wallpaper_for", "zones"]
