"""Procedural surfaces: what materials of real size are made with, and the patina that never repeats."""

from .make import materials
from .material import Material, Patina
from .palette import Ageing, Palette, Role, Surface, Wear, palette_of
from .patina import patina
from .textures import Textures, textures_of

__all__ = [
    "Ageing",
    "Material",
    "Palette",
    "Patina",
    "Role",
    "Surface",
    "Textures",
    "Wear",
    "materials",
    "palette_of",
    "patina",
    "textures_of",
]
