"""Settings of the look section: materials, dressing and their age."""

from __future__ import annotations

from .base import Section, setting


class LookSettings(Section):
    """Materials, dressing and their age."""
