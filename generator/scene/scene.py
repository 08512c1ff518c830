"""The noun of the scene stage: all that a user can ask for."""

from __future__ import annotations

from .base import Section, setting
from .camera import CameraSettings
from .film import FilmSettings
from .light import LightSettings
from .look import LookSettings
from .plan import PlanSettings
from .render import RenderSettings
from .sound import SoundSettings
from .tape import TapeSettings
from .view import ViewSettings


class Scene(Section):
    """A place, its look and how it is filmed. Frozen; made from TOML by ``load_scene``."""

    title: str = setting("Level 0", "one line for `noclip scenes`")
    seed: int = setting(0, "the seed that everything random follows from", low=-(2**63), high=2**63 - 1)
    plan: PlanSettings = PlanSettings()
    look: LookSettings = LookSettings.model_validate({})
    light: LightSettings = LightSettings()
    render: RenderSettings = RenderSettings()
    camera: CameraSettings = CameraSettings()
    tape: TapeSettings = TapeSettings()
    sound: SoundSettings = SoundSettings()
    film: FilmSettings = FilmSettings()
    view: ViewSettings = ViewSettings()
