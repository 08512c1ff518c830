"""Values of the command line: ``640x480``, ``12.5,-3``, ``0:12``."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from typing import TypeVar

from ..errors import NoclipError

MOST_SEEDS = 100_000
"""Pictures of one command: a week of work at six seconds each."""
Choice = TypeVar("Choice", bound=str)


def scene_names(begun: str) -> list[str]:
    """Names of scenes that begin so, for the shell to complete."""
    from ..scene import preset_names

    return [name for name in preset_names() if name.startswith(begun)]


def size(text: str) -> tuple[int, int]:
    """``WxH`` in pixels; the range is the scene's to check."""
    found = re.fullmatch(r"(\d{1,9})[xX×](\d{1,9})", text)
    if not found:
        raise NoclipError(f"--size {text!r}: write WxH in pixels, such as 640x480")
    return int(found[1]), int(found[2])


def place(text: str, option: str = "--at") -> tuple[float, float]:
    """``X,Y`` in metres from the world's origin."""
    x, y = _metres(option, text, "X,Y", "12.5,-3")
    chunks_of(x, y, x, y)
    return x, y


def _metres(option: str, text: str, form: str, example: str) -> list[float]:
    """Numbers with commas between them, as many as in the form."""
    parts = text.split(",")
    with suppress(ValueError):
        found = [float(part) for part in parts if math.isfinite(float(part))]
        if len(parts) == len(found) == form.count(",") + 1:
            return found
    raise NoclipError(f"{option} {text!r}: write {form} in metres, such as {example}")


def choice(option: str, text: str, known: tuple[Choice, ...]) -> Choice:
    """Read one of some known words."""
    for word in known:
        if text == word:
            return word
    raise NoclipError(f"{option} {text!r} is not known; choose one of {', '.join(known)}")


def span(option: str, text: str) -> range:
    """``A:B``: the integers from A up to, not including, B."""
    found = re.fullmatch(r"(-?\d{1,19}):(-?\d{1,19})", text)
    if not found or int(found[1]) >= int(found[2]):
        raise NoclipError(f"{option} {text!r}: write A:B with A below B, such as 0:12 for 0 to 11")
    return range(int(found[1]), int(found[2]))


def seeds(option: str, text: str) -> range:
    """``A:B`` as seeds; their range is the scene's."""
    from ..scene.base import limits
    from ..scene.scene import Scene

    numbers = span(option, text)
    low, high = limits(Scene, "seed")
    if numbers.start < low or numbers[-1] > high:
        raise NoclipError(f"{option} {text!r}: seeds lie from {low} to {high}")
    if len(numbers) > MOST_SEEDS:
        raise NoclipError(f"{option} {text!r}: at most {MOST_SEEDS} pictures at once; make them in parts")
    return numbers


def region(text: str) -> tuple[float, float, float, float]:
    """``X0,Y0,X1,Y1`` in metres, the south-west corner first."""
    x0, y0, x1, y1 = _metres("--region", text, "X0,Y0,X1,Y1", "0,0,100,100")
    if x1 <= x0 or y1 <= y0:
        raise NoclipError(f"--region {text!r}: empty or reversed; X1 must be above X0 and Y1 above Y0")
    return x0, y0, x1, y1


def chunks_of(x0: float, y0: float, x1: float, y1: float) -> tuple[int, int, int, int]:
    """The half-open rectangle of chunks that covers a region in metres.

    Raises NoclipError beyond the last chunk of the world.
    """
    from ..plan.floorplan import CHUNK_LIMIT, CHUNK_M

    i0, j0 = math.floor(x0 / CHUNK_M), math.floor(y0 / CHUNK_M)
    i1, j1 = math.ceil(x1 / CHUNK_M - 1e-9), math.ceil(y1 / CHUNK_M - 1e-9)
    if min(i0, j0) < -CHUNK_LIMIT or max(i1, j1) > CHUNK_LIMIT:
        raise NoclipError(f"the world ends {CHUNK_LIMIT * CHUNK_M:.3g} m from its origin; stay inside")
    return i0, j0, max(i1, i0 + 1), max(j1, j0 + 1)
