"""Values of the command line: ``640x480``, ``12.5,-3``, ``0:12``, degrees."""

from __future__ import annotations

import math
import re

from ..errors import NoclipError


def size(text: str) -> tuple[int, int]:
    """``WxH`` in pixels; the range is the scene's to check."""
    found = re.fullmatch(r"(\d{1,9})[xX×](\d{1,9})", text)
    if not found:
        raise NoclipError(f"--size {text!r}: write WxH in pixels, such as 640x480")
    return int(found[1]), int(found[2])


def place(text: str) -> tuple[float, float]:
    """``X,Y`` in metres from the world's origin."""
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        x = y = math.nan
    if not (math.isfinite(x) and math.isfinite(y)):
        raise NoclipError(f"--at {text!r}: write X,Y in metres, such as 12.5,-3")
    return x, y


def span(option: str, text: str) -> range:
    """``A:B``: the integers from A up to, not including, B."""
    found = re.fullmatch(r"(-?\d{1,19}):(-?\d{1,19})", text)
    if not found or int(found[1]) >= int(found[2]):
        raise NoclipError(f"{option} {text!r}: write A:B with A below B, such as 0:12 for 0 to 11")
    return range(int(found[1]), int(found[2]))


def angle(option: str, degrees: float | None, limit: float = 360.0) -> float | None:
    """Degrees to radians; None stays None."""
    if degrees is None:
        return None
    if not abs(degrees) <= limit:
        raise NoclipError(f"{option} {degrees:g}: give degrees from {-limit:g} to {limit:g}")
    return math.radians(degrees)
