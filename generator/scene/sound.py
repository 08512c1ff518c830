"""Settings of the sound section: hum, steps and the audio track."""

from __future__ import annotations

from typing import Literal

from .base import Section, setting


class SoundSettings(Section):
    """What the camera's microphone hears. Levels are relative to the default mix."""

    mains_hz: Literal[50, 60] = setting(60, "mains frequency; fixtures hum at twice this", unit="Hz")
    hum_db: float = setting(0.0, "the fixtures' hum and buzz", unit="dB", low=-60.0, high=24.0)
    steps_db: float = setting(0.0, "footsteps", unit="dB", low=-60.0, high=24.0)
    breath_db: float = setting(0.0, "the operator's breath and clothes", unit="dB", low=-60.0, high=24.0)
    room_db: float = setting(0.0, "the air of the building", unit="dB", low=-60.0, high=24.0)
    reverb_db: float = setting(0.0, "what rooms send back: reflections and tail", unit="dB", low=-60.0, high=24.0)
    camera_db: float = setting(0.0, "the camera's own motor and drum", unit="dB", low=-60.0, high=24.0)
    events: float = setting(1.0, "how often something happens far off, against what the place has", low=0.0, high=60.0)
    level_control: bool = setting(True, "the camera's automatic level control, which pumps")
    reach_m: float = setting(18.0, "fixtures farther away than this are not heard", unit="m", low=2.0, high=60.0)
