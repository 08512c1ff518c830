"""The verb of the surface stage: surfaces to materials."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..seed import rng_for
from .material import Material
from .palette import Surface


def materials(surfaces: Iterable[Surface], look: Any, seed: int, texture_px: int = 1024) -> tuple[Material, ...]:
    """Make one material for each surface, in order; each is a function of its name, the look and the seed alone.

    look: the settings of the place that the surfaces belong to. texture_px: texels along the longer side of a period
    (half as many for small plain ones).
    """
    return tuple(s.make(look, rng_for(seed, f"surface.{s.name}"), texture_px) for s in surfaces)
