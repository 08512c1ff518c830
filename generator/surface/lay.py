"""The fourth channel of a patina, one byte: how the pile of a carpet is laid, or how wet a surface is.

Codes 0 to LAID: dry, the pile leans by -1 to 1 along the line of its lay. Codes from WET up: 0 to 1 of water, and the
pile lies flat. From LAID to WET the lean goes back to 0, so that what lies between two texels is never far off.
``shaders/mesh.frag`` and ``surface_kernels.py`` read it; for what has no pile the lean says nothing.
"""

from __future__ import annotations

from numba import njit

from ..kernel_options import ENTRY

LAID, WET, MOST = 100, 110, 255


@njit(**ENTRY)
def coded(lean, wet):
    """The code, 0 to 255 and not rounded, of a lean and of wetness: of the lean where it is dry."""
    return WET + (MOST - WET) * wet if wet > 0.0 else 0.5 * LAID * (1.0 + lean)
