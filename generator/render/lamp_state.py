"""What the lamps do in one frame, for both renderers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Lamps


def flicker_weights(chart_lamp: NDArray[np.int32], lamp_output: NDArray | None) -> NDArray[np.float32]:
    """Weight (C, LAYERS) of every flicker layer on every chart: its lamp's output, 0 where it carries none."""
    if lamp_output is None:
        return (chart_lamp >= 0).astype(np.float32)
    padded = np.append(np.asarray(lamp_output, np.float32), np.float32(0))
    return padded[chart_lamp]


def lens_radiance(lamps: Lamps, lamp_output: NDArray | None) -> NDArray[np.float32]:
    """Radiance (L, 3) of every lens at its lamp's output."""
    output = 1.0 if lamp_output is None else np.asarray(lamp_output)[:, None]
    return (lamps.radiance * output).astype(np.float32)


def require_relief(levels: NDArray[np.int32]) -> None:
    """Raises ValueError when textures were made without the relief that a camera's lamp and normals need."""
    if not levels.any():
        raise ValueError("these textures were made without relief")
