"""The noun of the scene stage: all that a user can ask for."""

from __future__ import annotations

from typing import Any

from .base import Section, setting
from .camera import CameraSettings
from .film import FilmSettings
from .light import LightSettings
from .render import RenderSettings
from .sound import SoundSettings
from .tape import TapeSettings
from .view import ViewSettings


class Scene(Section):
    """A place and how it is filmed; each place adds to it what can be asked of its ``plan`` and its ``look``."""

    title: str = setting("", "one line for `noclip scenes`")
    seed: int = setting(0, "the seed that everything random follows from", low=-(2**63), high=2**63 - 1)
    place: Any = setting("", "which place it is")
    plan: Any = None
    look: Any = None
    light: LightSettings = LightSettings()
    render: RenderSettings = RenderSettings()
    camera: CameraSettings = CameraSettings()
    tape: TapeSettings = TapeSettings()
    sound: SoundSettings = SoundSettings()
    film: FilmSettings = FilmSettings()
    view: ViewSettings = ViewSettings()
