"""Settings of the look section: concrete, paint and their age."""

from __future__ import annotations

from ...scene.base import Section, setting


class LookSettings(Section):
    """Concrete, paint and their age."""

    decay: float = setting(0.5, "age of concrete and paint; 0 new, 1 given up", low=0, high=1)
    damp: float = setting(0.5, "water that came through; 0 dry, 1 flooded", low=0, high=1)
    anomalies: float = setting(0.3, "how often one thing breaks the rules", low=0, high=1)
    things: float = setting(1.0, "how much stands about: wheel stops, bollards, pipes under the slab", low=0, high=1)
