"""Angles that come round."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Angle = TypeVar("Angle", float, NDArray[np.float64])


def wrapped(angle: Angle) -> Angle:
    """Bring an angle, or angles of any shape, radians, to between -pi and pi."""
    return (angle + np.pi) % (2 * np.pi) - np.pi
