"""Settings of the light section: the usual ones, for small bright lamps under a bare slab."""

from __future__ import annotations

from ...scene.base import setting
from ...scene.light import LightSettings as UsualLight

RAYS = 2.0
"""The slab over a strip is a small bright spot that few rays meet. Beside Mitsuba, whose noise over blocks was 3.2 %, a
car park errs by 6.0 % in the mean with the usual rays, by 3.9 % with twice and by 3.5 % with four times as many."""
CUTOFF = 3e-6
"""Dozens of strips are in sight: with 3e-5 they lack 1.3 % of the light in all."""


class LightSettings(UsualLight):
    """Lamps and the bake."""

    cutoff: float = setting(
        CUTOFF, "a lamp that adds less than this share of its radiance to a chart is left out", low=0.0, high=0.01
    )
    rays: float = setting(RAYS, "along how many rays bounced light is gathered, beside the usual", low=0.25, high=16.0)
