"""Scenes whose pictures are so small that a test may take one."""

from __future__ import annotations

from typing import TypeVar

from generator.scene.scene import Scene

Kind = TypeVar("Kind", bound=Scene)
TINY = {"width_px": 64, "height_px": 48, "quality": "draft", "renderer": "embree"}


def tiny(scene: Kind) -> Kind:
    """The scene in 64 x 48 pixels, as fast as may be."""
    return scene.model_copy(update={"render": scene.render.model_copy(update=TINY)})
