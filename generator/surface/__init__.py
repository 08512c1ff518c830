"""Procedural surfaces: materials of real size, the papers of the walls, and the patina that never repeats."""

from .catalogue import known, materials, wallpaper_for, zones
from .history import patina
from .material import Material, Patina

__all__ = ["Material", "Patina", "known", "materials", "patina", "wallpaper_for", "zones"]
