"""The verb of the surface stage: surfaces to materials."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..seed import rng_for
from .material import Material
from .palette import Surface

SHARED = 0
"""The seed that materials are drawn with, whatever the scene's."""


def materials(surfaces: Iterable[Surface], look: Any, texture_px: int = 1024) -> tuple[Material, ...]:
    """Make one material for each surface, in order; each is a function of its name and the look alone.

    Every seed shares them: what tells places apart is the patina that lies over them.

    look: the settings of the place that the surfaces belong to. texture_px: texels along the longer side of a period
    (half as many for small plain ones).
    """
    return tuple(s.make(look, rng_for(SHARED, f"surface.{s.name}"), texture_px) for s in surfaces)
