"""Settings of the light section: lamps and the bake."""

from __future__ import annotations

from .base import Section, setting


class LightSettings(Section):
    """Lamps and the bake."""

    cutoff: float = setting(
        3e-5, "a lamp that adds less than this share of its radiance to a chart is left out", low=0.0, high=0.01
    )
    rays: float = setting(1.0, "along how many rays bounced light is gathered, beside the usual", low=0.25, high=16.0)
