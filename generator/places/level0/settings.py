"""Scenes of Level 0."""

from __future__ import annotations

from typing import Literal

from ...scene.base import setting
from ...scene.scene import Scene
from .look_settings import LookSettings
from .plan_settings import PlanSettings


class Level0Scene(Scene):
    """A piece of Level 0, its look and how it is filmed. Frozen; made from TOML by ``load_scene``."""

    title: str = setting("Level 0", "one line for `noclip scenes`")
    place: Literal["level0"] = setting("level0", "which place it is")
    plan: PlanSettings = PlanSettings()
    look: LookSettings = LookSettings.model_validate({})
