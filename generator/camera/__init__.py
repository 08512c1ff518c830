"""Lens, sensor and electronics: ``shoot`` turns radiance into video; ``settled_state`` sets the camera for a view."""

from .exposure import State, settled_state
from .shoot import shoot
from .shot import Lens, Pose, Shot

__all__ = ["Lens", "Pose", "Shot", "State", "settled_state", "shoot"]
