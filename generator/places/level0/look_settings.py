"""Settings of the look section: materials, dressing and their age."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from ...scene.base import Section, setting

Wallpaper = Literal["wallpaper/plain", "wallpaper/chevron", "wallpaper/stripe", "wallpaper/dots"]


class LookSettings(Section):
    """Materials, dressing and their age."""

    wallpapers: tuple[Wallpaper, ...] = Field(
        ("wallpaper/plain", "wallpaper/chevron", "wallpaper/stripe", "wallpaper/dots"),
        description="papers in use; each side of a wall run has one of them",
        min_length=1,
        json_schema_extra={"unit": ""},
    )
    wallpaper_weights: tuple[float, ...] = Field(
        (0.10, 0.30, 0.42, 0.18),
        description="how often each paper rules a district, in the order of wallpapers",
        json_schema_extra={"unit": "", "minimum": 0.0, "maximum": 1e6},
    )
    wallpaper_districts: float = setting(
        0.4, "share of districts with a paper of their own; the others wear the floor's", low=0.0, high=1.0
    )
    wallpaper_mix: float = setting(
        0.02, "share of wall sides with another paper than their district", low=0.0, high=1.0
    )
    wallpaper_yellow: float = setting(0.6, "0 beige paper, 1 paper that is itself yellow", low=0.0, high=1.0)
    wallpaper_motif: Literal["large", "photograph"] = setting(
        "large", "size of what is printed: large, or as in the photograph Dsc00161.jpg"
    )
    ceiling_grid: Literal["2x4", "2x2"] = setting("2x4", "size of the ceiling's tiles", unit="ft")
    trim: bool = setting(True, "painted base trim along the feet of walls")
    decay: float = setting(0.25, "age: stains, scuffs, dirt; 0 new, 1 given up", low=0.0, high=1.0)
    damp: float = setting(0.3, "water on paper, carpet and ceiling; 0 dry, 1 flooded", low=0.0, high=1.0)
    fittings: float = setting(1.0, "how many outlets, switches, grilles, doors: 0 none, 1 sparse", low=0.0, high=8.0)
    doors: float = setting(1.0, "how many of the fittings' doors: 0 none, 1 one now and then", low=0.0, high=32.0)
    props: float = setting(1.0, "how much furniture was left behind: 0 none, 1 very little", low=0.0, high=20.0)
    anomalies: float = setting(0.2, "how often one thing breaks the rules", low=0.0, high=1.0)

    @field_validator("wallpaper_weights")
    @classmethod
    def _weights_are_usable(cls, weights: tuple[float, ...]) -> tuple[float, ...]:
        if sum(weights) <= 0:
            raise PydanticCustomError("weights", "not all weights may be zero")
        return weights
