"""Scenes of Level 1."""

from __future__ import annotations

from typing import Literal

from ...scene.base import setting
from ...scene.scene import Scene
from .light_settings import LightSettings
from .look_settings import LookSettings
from .plan_settings import PlanSettings


class Level1Scene(Scene):
    """A piece of Level 1, its look and how it is filmed. Frozen; made from TOML by ``load_scene``."""

    title: str = setting("Level 1", "one line for `noclip scenes`")
    place: Literal["level1"] = setting("level1", "which place it is")
    plan: PlanSettings = PlanSettings()
    look: LookSettings = LookSettings()
    light: LightSettings = LightSettings()
