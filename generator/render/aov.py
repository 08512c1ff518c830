"""What a picture shows, and the facts of wet surfaces, shared by both renderers' shaders."""

from __future__ import annotations

LOOK, ALBEDO, NORMAL, TEXELS = range(4)
MODES = {None: LOOK, "direct": LOOK, "bounce": LOOK, "albedo": ALBEDO, "normal": NORMAL, "texels": TEXELS}
WATER_F0 = 0.02
"""Reflectance of water at normal incidence. Source: Fresnel, refractive index 1.33."""
WATER_ROUGHNESS = 0.25
"""Roughness of soaked pile: a broken film of water, not a mirror."""
