"""The lamp on the camera, as a scene describes it."""

from __future__ import annotations

from ..colour import lamp_radiance
from ..scene.camera import CameraSettings
from .view import CameraLamp


def camera_lamp(settings: CameraSettings, output: float = 1.0) -> CameraLamp | None:
    """What burns beside the lens at a share 0..1 of its output; None when nothing does."""
    if not settings.lamp or output <= 0.0:
        return None
    r, g, b = (output * float(c) for c in lamp_radiance(settings.lamp_kelvin, settings.lamp_cd, duv=0.0)[0])
    return CameraLamp((r, g, b))
