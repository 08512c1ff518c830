"""What the clock of a camcorder says: a day and a time of the tape's own, running on."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..scene.camera import AUTO, CameraSettings
from ..seed import rng_for

FIRST, DAYS = datetime(1996, 1, 1), 1096
"""The first day of 1996, and how many there are up to the end of 1998."""
UNSET = 0.125
"""Share of the tapes on which nobody had the date shown."""
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def display_lines(settings: CameraSettings, seed: int, seconds: float) -> tuple[str, ...]:
    """The lines that the camera burns in ``seconds`` after a take began; none where its date is not shown."""
    shown, began = _began(seed)
    if settings.osd is None and settings.osd_date == AUTO and not shown:
        return ()
    now = began + timedelta(seconds=seconds)
    date = f"{MONTHS[now.month - 1]} {now.day:2d} {now.year}" if settings.osd_date == AUTO else settings.osd_date
    half = "AM" if now.hour < 12 else "PM"
    time = f"{half} {(now.hour + 11) % 12 + 1:2d}:{now.minute:02d}" if settings.osd_time == AUTO else settings.osd_time
    return date, time


def _began(seed: int) -> tuple[bool, datetime]:
    """Whether the date is shown on a seed's tape, and when its take began."""
    rng = rng_for(seed, "camera.clock")
    drawn, day, time = rng.uniform(size=3)
    return bool(drawn >= UNSET), FIRST + timedelta(days=int(day * DAYS), seconds=int(time * 86400))
