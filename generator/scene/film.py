"""Settings of the film section: shots and delivery."""

from __future__ import annotations

from .base import Section, setting


class FilmSettings(Section):
    """Shots and delivery."""
