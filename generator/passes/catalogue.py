"""Which passes there are, and what asking for them needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..errors import NoclipError, shown

PASSES = {
    "radiance": "linear light before the camera, W/(sr m²), the sum of the light passes; channels R, G, B",
    "direct": "what surfaces send back of the lamps' own light",
    "bounced": "what they send back of light that came from other surfaces",
    "emission": "what lenses of lamps emit",
    "camera": "what the lamp on the camera adds",
    "mirror": "what water on floors mirrors",
    "groups": "direct, bounced and emission together, of each group of lamps by itself",
    "light": "the light that falls on surfaces, over π; times albedo it is direct + bounced",
    "albedo": "reflectance of surfaces as they are seen from the camera",
    "normal": "unit normals with their relief, in the world's axes and the camera's",
    "depth": "metres along the camera's axis; channel Z",
    "position": "metres from the corner of the chunk that the header names, z from the floor",
    "motion": "pixels to the next field and to the one before, up is positive",
    "material": "Cryptomatte of materials",
    "object": "Cryptomatte of things, by the names that exported files have",
    "room": "Cryptomatte of rooms",
}
"""Every pass, and what it holds."""
ALL = "all"
LIGHT = frozenset({"direct", "bounced", "emission", "camera", "groups", "light", "albedo"})
"""Passes that need the light told apart."""
MATTES = ("material", "object", "room")
LEVELS = (1, 4)
"""How many levels of Cryptomatte there can be, of two ids each."""

Rate = Literal["frames", "fields"]


@dataclass(frozen=True)
class Wanted:
    """What is asked of passes: their names, in the order of ``PASSES``; whether as the lens draws them; how many
    levels Cryptomattes have; single: whether colours and normals are floats too, not halves."""

    names: tuple[str, ...]
    distorted: bool = False
    levels: int = 2
    single: bool = False

    @property
    def parts(self) -> bool:
        """Whether the bake must tell its light apart."""
        return bool(LIGHT & set(self.names))


def wanted_of(text: str, moving: bool, distorted: bool = False, levels: int = 2, single: bool = False) -> Wanted:
    """Read a list such as ``depth,normal``, or ``all``. moving: whether there is a next field to move to.

    Raises NoclipError for a pass that there is not, none at all, or one that this picture cannot have.
    """
    names = [word.strip() for word in text.split(",") if word.strip()]
    unknown = [name for name in names if name not in PASSES and name != ALL]
    if unknown or not names:
        what = shown(unknown[0]) if unknown else "nothing"
        raise NoclipError(f"--passes {what}: there is no such pass; choose of {', '.join(PASSES)}, or all")
    if "motion" in names and not moving:
        raise NoclipError("--passes motion: a still does not move; film it, or give a --camera-file of several frames")
    asked = set(PASSES) if ALL in names else set(names)
    if not moving:
        asked.discard("motion")
    if not LEVELS[0] <= levels <= LEVELS[1]:
        raise NoclipError(f"--passes-levels {levels}: give {LEVELS[0]} to {LEVELS[1]}")
    return Wanted(tuple(name for name in PASSES if name in asked), distorted, levels, single)
