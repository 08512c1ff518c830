"""The fourth channel of a patina, one byte: how the pile of a carpet is laid, or how wet a surface is.

Codes 0 to LAID: dry, the pile leans by -1 to 1 along the line of its lay. Codes from WET up: 0 to 1 of water, and the
pile lies flat. From LAID to WET the lean goes back to 0, so that what lies between two texels is never far off.
``shaders/mesh.frag`` and ``shade_kernels.py`` read it; for what has no pile the lean says nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

LAID, WET, MOST = 100, 110, 255


@njit(cache=True, error_model="numpy")
def coded(lean, wet):
    """The code, 0 to 255 and not rounded, of a lean and of wetness: of the lean where it is dry."""
    return WET + (MOST - WET) * wet if wet > 0.0 else 0.5 * LAID * (1.0 + lean)


def wetness(code: ArrayLike) -> NDArray[np.floating[Any]]:
    """Share of water, 0 to 1, that codes (any shape) stand for."""
    return np.maximum((np.asarray(code, np.float64) - WET) / (MOST - WET), 0.0)


def lean(code: ArrayLike) -> NDArray[np.floating[Any]]:
    """How far a pile leans, -1 to 1, by codes (any shape)."""
    c = np.asarray(code, np.float64)
    return np.minimum(2.0 * c / LAID - 1.0, np.maximum((WET - c) / (WET - LAID), 0.0))
