"""What the deck writes over the picture after the tape: PLAY, the speed and the counter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..camera.characters import write
from ..scene.tape import TapeSettings

LEFT, RIGHT, TOP_Y, LOW_Y = 0.075, 0.925, 0.07, 0.14
FRAME_S = 1001 / 30000


def draw(picture: NDArray[np.uint8], settings: TapeSettings, frame_index: int) -> None:
    """Lay the deck's display over a frame, (H, W, 3) uint8, in place, while it is on."""
    now = frame_index * FRAME_S
    if not settings.display or not settings.display_from_s <= now < settings.display_to_s:
        return
    second = int(settings.counter_s + now)
    write(picture, "PLAY ►", LEFT, TOP_Y)
    write(picture, "EP" if settings.profile == "ep" else "SP", LEFT, LOW_Y)
    counter = f"{second // 3600}:{second // 60 % 60:02d}:{second % 60:02d}"
    write(picture, counter, RIGHT, TOP_Y, right=True)
