"""Settings of the camera section: lens, exposure and the camcorder's electronics."""

from __future__ import annotations

from .base import Section, setting


class CameraSettings(Section):
    """Lens, exposure and the camcorder's electronics."""
