"""The filter of textures, stated once (``shaders/mesh.frag`` and ``run_kernels.py`` are its two implementations).

The pixel's footprint in texels of level 0 is the parallelogram of the texture coordinate's two derivatives; its ellipse
has a major and a minor axis (the singular values of the Jacobian). Along the major axis stand
``taps = ceil(major / minor / TAP_SPACING)`` samples, at most ``MAX_TAPS[quality]``, each trilinear at
``log2(max(minor, major / taps / TAP_SPACING)) + LOD_BIAS``, where two levels are mixed only in the middle half of the
way from one to the next. Drafts read the nearer of the two alone.
Source: McCormack et al., "Feline: fast elliptical lines for anisotropic texture mapping", SIGGRAPH 1999.
"""

from __future__ import annotations

LOD_BIAS = -0.5
"""A trilinear sample of texel size s blurs by s²/4 (its box and the tent between texels); a pixel's box of width
w by w²/12. They are equal at s = w / √3, log2 of which is -0.79; a little less keeps aliasing down.
"""
TAP_SPACING = 1.5
"""Distance of samples in widths of one. Chosen so that wallpaper at 45° varies from frame to frame as a 16 times
supersampled picture does (``bench_render``); 1 costs half as many samples again and gains nothing there."""
MAX_TAPS = {"draft": 1, "normal": 4, "final": 12}
