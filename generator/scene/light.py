"""Settings of the light section: lamps and the bake."""

from __future__ import annotations

from .base import Section, setting


class LightSettings(Section):
    """Lamps and the bake."""
