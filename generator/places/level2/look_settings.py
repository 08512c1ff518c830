"""Settings of the look section: concrete, pipes and their age."""

from __future__ import annotations

from ...scene.base import Section, setting


class LookSettings(Section):
    """Concrete, pipes and their age."""

    decay: float = setting(0.6, "age of concrete and paint; 0 new, 1 given up", low=0, high=1)
    damp: float = setting(0.6, "water that came through; 0 dry, 1 flooded", low=0, high=1)
    anomalies: float = setting(0.3, "how often one thing breaks the rules", low=0, high=1)
