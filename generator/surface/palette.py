"""What the surfaces of a level are: their roles, how they wear, what the exporter calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..seed import Rng
from .material import Material


class Role(IntEnum):
    """What a surface is to the stages that meet it."""

    FLOOR = 0
    WALL = 1
    CEILING = 2
    TRIM = 3
    LENS = 4
    """Glows where it belongs to a burning lamp."""
    FRAME = 5
    """Holds a lens, which is recessed in it."""
    PROP = 6
    VOID = 7
    """The dark space beyond a ceiling."""


class Wear(IntEnum):
    """How a surface ages: as paint and solid stuff do, or in its plane as papered walls, carpets and lay-in ceilings
    do, or as bare concrete: driven slabs, upright faces, undersides."""

    PAINT = 0
    WALL = 1
    FLOOR = 2
    CEILING = 3
    SLAB = 4
    CAST = 5
    SOFFIT = 6


LEFT_BY_WEAR = np.array([1.0, 0.95, 0.93, 1.0, 0.9, 0.95, 1.0])
"""Share of their reflectance that wear leaves to surfaces (by Wear) on the whole: the mean of a place's patina. From
one place and one age to another it differs by up to 0.05, so the bounce by up to 5 %."""


@dataclass(frozen=True)
class Surface:
    """A material that can be made, and what it is.

    make: (the place's look settings, a random generator of its own, texels along the longer side) → Material.
    part: what pieces of it are called in exported files. stains: whether it carries hard stains there.
    roll_m: width of the rolls that it comes in, 0 for none.
    """

    name: str
    role: Role
    part: str
    make: Callable[[Any, Rng, int], Material]
    wear: Wear = Wear.PAINT
    stains: bool = False
    roll_m: float = 0.0


@dataclass(frozen=True)
class Palette:
    """The surfaces of a level, M of them. name, part (M,) texts; role (M,) Role; wear (M,) Wear; stains (M,) bool;
    roll_m (M,) metres."""

    name: tuple[str, ...]
    part: tuple[str, ...]
    role: NDArray[np.uint8]
    wear: NDArray[np.uint8]
    stains: NDArray[np.bool_]
    roll_m: NDArray[np.float64]


@dataclass(frozen=True)
class Ageing:
    """How far a level's surfaces have aged. decay, damp: 0 new and dry, 1 given up and flooded; they weigh the level's
    district maps of these names. anomalies: how often one thing breaks the rules. tile_modules: length of a ceiling
    tile in modules. touched: kinds of things on walls that hands feel for, and the wall about them."""

    decay: float
    damp: float
    anomalies: float
    tile_modules: float
    touched: tuple[str, ...] = ()


def palette_of(surfaces: Iterable[Surface]) -> Palette:
    """Collect what some surfaces are, without how they are made."""
    rows = tuple(surfaces)
    return Palette(
        name=tuple(s.name for s in rows),
        part=tuple(s.part for s in rows),
        role=np.array([s.role for s in rows], np.uint8),
        wear=np.array([s.wear for s in rows], np.uint8),
        stains=np.array([s.stains for s in rows], np.bool_),
        roll_m=np.array([s.roll_m for s in rows], np.float64),
    )


def worn_albedo(palette: Palette, albedo: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take from materials' reflectance (M, 3) what wear takes on the whole: the one that light bounces from."""
    return albedo * LEFT_BY_WEAR[palette.wear][:, None]
