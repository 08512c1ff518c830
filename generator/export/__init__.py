"""The ways out: a level as glTF (``.glb``, ``.gltf``) for any viewer, or as a ``.blend`` ready to render.

``export_region`` does it all; ``build_region`` builds exactly the region that is asked for, ``export_level`` writes it.
"""

from __future__ import annotations

from .blend import blender_settings
from .cameras import check_seconds
from .clip import build_region
from .document import Views
from .engine import export_engine
from .make import check_request, export_level, export_region
from .region import Profile, Region, region_around, region_of
from .small import Small
from .tone_curve import ToneCurve, tone_curve_of_file

__all__ = [
    "Profile",
    "Region",
    "Small",
    "ToneCurve",
    "Views",
    "blender_settings",
    "build_region",
    "check_request",
    "check_seconds",
    "export_engine",
    "export_level",
    "export_region",
    "region_around",
    "region_of",
    "tone_curve_of_file",
]
