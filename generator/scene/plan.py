"""Settings of the plan section: the maze and what becomes of it."""

from __future__ import annotations

from .base import Section, setting


class PlanSettings(Section):
    """The maze and what becomes of it."""
