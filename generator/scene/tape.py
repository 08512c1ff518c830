"""Settings of the tape section: the recorder and its tape."""

from __future__ import annotations

from .base import Section, setting


class TapeSettings(Section):
    """The recorder and its tape."""
