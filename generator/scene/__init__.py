"""Scene: all that a user can ask for, one section per stage, declared once with units, ranges and help."""

from .load import load_scene, preset_names
from .scene import Scene
from .show import scene_toml

__all__ = ["Scene", "load_scene", "preset_names", "scene_toml"]
