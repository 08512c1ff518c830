"""Settings of the render section: how radiance is computed."""

from __future__ import annotations

from typing import Literal

from .base import Section, setting


class RenderSettings(Section):
    """How radiance is computed."""

    width_px: int = setting(640, "width of the picture", unit="px", low=16, high=8192)
    height_px: int = setting(480, "height of the picture", unit="px", low=16, high=8192)
    quality: Literal["draft", "normal", "final"] = setting("normal", "trade of time for accuracy in bake and picture")
    renderer: Literal["auto", "opengl", "embree"] = setting(
        "auto", "who draws the picture; auto: embree for stills, opengl for films where there is one"
    )
