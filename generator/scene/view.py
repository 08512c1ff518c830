"""Settings of the view section: where the camera stands when the command line does not say."""

from __future__ import annotations

from .base import Section, setting


class ViewSettings(Section):
    """Where the camera stands; what is left out is chosen."""

    at: tuple[float, float] | None = setting(None, "place in the world, x and y", unit="m", low=-1e10, high=1e10)
    yaw_deg: float | None = setting(None, "direction, 0 east, 90 north", unit="deg", low=-360.0, high=360.0)
    pitch_deg: float | None = setting(None, "up is positive", unit="deg", low=-89.0, high=89.0)
    roll_deg: float | None = setting(None, "camera turned clockwise is positive", unit="deg", low=-360.0, high=360.0)
