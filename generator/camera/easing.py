"""Movements of least jerk: how hands, heads and bodies go from one place to another."""

from __future__ import annotations

LEAST_JERK_PEAK = 1.875
"""Peak speed of a movement of least jerk, over its mean speed."""


def eased(share: float) -> float:
    """Give how far, 0 to 1, a movement of least jerk has come after a share of its time.

    Source: Flash and Hogan, "The coordination of arm movements", Journal of Neuroscience 5, 1985.
    """
    s = min(max(float(share), 0.0), 1.0)
    return s * s * s * (10.0 - 15.0 * s + 6.0 * s * s)
