"""Settings of the sound section: hum, steps and the audio track."""

from __future__ import annotations

from .base import Section, setting


class SoundSettings(Section):
    """Hum, steps and the audio track."""
