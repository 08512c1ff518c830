"""What the camera's microphone hears: fixtures that hum, steps and breath in rooms, far events, the camera itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..places.sounds import CARPET, Sounds
from ..scene.sound import SoundSettings
from .heard import Heard
from .mix import parts
from .noise import RATE_HZ
from .recorder import level_controlled

__all__ = ["RATE_HZ", "Heard", "parts", "soundtrack"]


def soundtrack(
    heard: Heard, settings: SoundSettings, seed: int, sounds: Sounds = Sounds(CARPET)
) -> NDArray[np.float32]:
    """Record what is heard: (samples,) float32 mono at 48 kHz in -1..1, as long as the fields last; before the tape."""
    out = np.stack(list(parts(heard, settings, seed, sounds).values())).sum(axis=0)
    if settings.level_control:
        out = level_controlled(out, heard.start)
    return np.tanh(out)
