"""Floorplan to level: what stands on a plan raised to a closed shell, dressed and furnished with a place's kit.

Everything upright on the plan is a prism; their outlines cut the plan into an arrangement (``arrangement``); over
each of its faces the height is cut into solid and free slabs (``slabs``); the boundary of what is solid is the shell
(``shell``), which ``mesh`` turns into triangles. What they wear, and what stands among them, the ``kit`` says.
"""

from .build import build
from .level import Instances, Lamps, Level, Mesh, expand

__all__ = ["Instances", "Lamps", "Level", "Mesh", "build", "expand"]
