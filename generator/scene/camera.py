"""Settings of the camera section: lens, exposure and the camcorder's electronics."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from .base import Section, setting

DISPLAYED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .:-/'►●■[]=#"
"""What the display's font can draw."""
AUTO = "auto"
LONGEST_LINE = 31
"""Characters of the display in a picture's width."""


class CameraSettings(Section):
    """Lens, exposure and the camcorder's electronics; a key left out takes the profile's value."""

    profile: Literal["camcorder-1996", "cybershot-2002", "ideal"] = setting(
        "camcorder-1996", "which camera: a camcorder, a still camera, or exposure and transfer only"
    )
    fov_deg: float = setting(62.0, "field of view across the picture", unit="deg", low=5.0, high=140.0)
    ae_target: float | None = setting(None, "mean luma that the iris aims at, 1 = white", low=0.05, high=0.9)
    exposure_ev: float = setting(0.0, "exposure correction, doublings", unit="EV", low=-6.0, high=6.0)
    temper: float = setting(
        1.0,
        "how much takes differ in exposure, 0 not at all; nor do they where ae_target or exposure_ev is set",
        low=0.0,
        high=1.0,
    )
    bad_takes: float | None = setting(
        None,
        "share of takes badly exposed too bright, and too dark; films and --seeds 0.125, one still 0",
        low=0.0,
        high=0.5,
    )
    gain_up_db: float | None = setting(None, "most electronic gain in the dark", unit="dB", low=0.0, high=36.0)
    gain_noise: float | None = setting(None, "sensor noise, a factor", low=0.0, high=20.0)
    white_error: float | None = setting(
        None, "white balance set wrong: positive is too warm", unit="mired", low=-200.0, high=200.0
    )
    white_green: float | None = setting(
        None, "green that the white balance leaves in tubes' light, a share", low=-0.5, high=0.5
    )
    white_drift: float | None = setting(
        None, "wandering of the automatic white balance; films 4, foreign footage 0", unit="mired", low=0.0, high=100.0
    )
    iris_s: float = setting(0.8, "time in which the iris settles", unit="s", low=0.05, high=10.0)
    iris_overshoot: float = setting(0.15, "how far the iris overshoots a step, a share", low=0.0, high=0.6)
    foreign_iris: bool = setting(False, "on foreign footage too, let the iris follow the light")
    focus_hunting: float | None = setting(
        None, "how readily the focus hunts, 0 never, 1 often; films 0.4, and more on blank walls, foreign footage 0",
        low=0.0, high=1.0,
    )  # fmt: skip
    distortion: float | None = setting(None, "barrel distortion at the corner, a share", low=-0.3, high=0.3)
    vignetting: float | None = setting(None, "light lost at the corner, a share", low=0.0, high=0.95)
    defocus: float | None = setting(None, "lens blur: twice its deviation, a share of the width", low=0.0, high=0.05)
    smear: float | None = setting(None, "CCD smear of a source a tenth of the height, a share", low=0.0, high=0.1)
    bloom: float | None = setting(None, "light that strays over 0.005 of the width, a share", low=0.0, high=0.5)
    aperture_db: float | None = setting(None, "aperture correction: lift of fine luma", unit="dB", low=0.0, high=12.0)
    setup: float | None = setting(
        None, "video level that comes out black: setup that the player takes off and nobody put in", low=0.0, high=0.2
    )
    osd: bool | None = setting(None, "date and time burnt in")
    osd_date: str = setting(
        AUTO, "first line burnt in; digits, capitals, . : - / and space; auto: a day of 1996 to 1998, now and then none"
    )
    osd_time: str = setting(AUTO, "second line burnt in; auto: a time that runs on")
    osd_place: Literal["auto", "left", "right"] = setting(
        AUTO, "lower corner of date and time; auto: where they hide the least"
    )
    osd_from_s: float = setting(0.0, "when date and time appear", unit="s", low=0.0, high=86400.0)
    osd_to_s: float = setting(86400.0, "when date and time go", unit="s", low=0.0, high=86400.0)
    lamp: bool = setting(False, "a lamp burns on the camera")
    lamp_cd: float = setting(
        2000.0, "its intensity on the axis; 20 W of halogen in a reflector", unit="cd", low=0.0, high=1e6
    )
    lamp_kelvin: float = setting(3200.0, "its colour temperature", unit="K", low=1500.0, high=15000.0)
    shake: float = setting(
        0.5, "the operator's hands in a film: 0 a tripod, 1 panic, which makes people ill", low=0.0, high=1.0
    )
    nerves: float | None = setting(
        None, "walk and hands as before version 0.2, in place of shake: 0 steady, 1 panic", low=0.0, high=1.0
    )
    viewfinder: bool = setting(False, "REC and battery, as seen in the viewfinder, burnt in too")
    battery: float = setting(0.7, "charge that the viewfinder's battery shows", low=0.0, high=1.0)

    @field_validator("osd_date", "osd_time")
    @classmethod
    def _can_be_displayed(cls, text: str) -> str:
        if text == AUTO:
            return text
        lacking = [c for c in text if c not in DISPLAYED]
        if lacking:
            raise PydanticCustomError("display", f"the display has no {lacking[0]!r}; it has {DISPLAYED}")
        if len(text) > LONGEST_LINE:
            raise PydanticCustomError("display", f"the display has room for {LONGEST_LINE} characters")
        return text
