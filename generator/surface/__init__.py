"""Procedural surfaces: materials of real size, the papers of the walls, and the patina that never repeats."""

from .catalogue import known, materials, wallpaper_for, zones
from .material import Material, Patina

__all__ = ["Material", "Patina", "known", "materials", "wallpaper_for", "zones"]
