"""Scenes of Level 2."""

from __future__ import annotations

from typing import Literal

from ...scene.base import setting
from ...scene.scene import Scene
from .look_settings import LookSettings
from .plan_settings import PlanSettings


class Level2Scene(Scene):
    """A piece of Level 2, its look and how it is filmed. Frozen; made from TOML by ``load_scene``."""

    title: str = setting("Level 2", "one line for `noclip scenes`")
    place: Literal["level2"] = setting("level2", "which place it is")
    plan: PlanSettings = PlanSettings()
    look: LookSettings = LookSettings()
