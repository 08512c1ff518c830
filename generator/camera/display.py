"""What the camera writes into its picture: date and time, and the viewfinder's items if they are asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..scene.camera import CameraSettings
from .characters import write
from .clock import display_lines
from .profile import camera_for

LEFT, RIGHT = 0.075, 0.925
DATE_Y, TIME_Y = 0.815, 0.875
TOP_Y = 0.07
FRAME_S = 1001 / 30000


def stamp(video: NDArray[np.float32], settings: CameraSettings, seed: int, frame_index: int) -> None:
    """Burn date, time and viewfinder items into a frame of video, (H, W, 3) float32, in place.

    A place that is still to be chosen is the left. Raises NoclipError for a character that the font lacks.
    """
    now = frame_index * FRAME_S
    if camera_for(settings).osd and settings.osd_from_s <= now < settings.osd_to_s:
        right = settings.osd_place == "right"
        x = RIGHT if right else LEFT
        for text, y in zip(display_lines(settings, seed, now), (DATE_Y, TIME_Y), strict=False):
            write(video, text, x, y, right=right)
    if settings.viewfinder:
        bars = round(3 * settings.battery)
        write(video, "[" + "#" * bars + "=" * (3 - bars) + "]", LEFT, TOP_Y)
        if int(now) % 2 == 0:
            write(video, "●REC", RIGHT, TOP_Y, right=True)
