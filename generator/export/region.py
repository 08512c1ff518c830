"""Which piece of the world to export: rectangles in metres, the chunks that cover them, what they will weigh."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..errors import NoclipError
from ..plan.floorplan import CHUNK_LIMIT, CHUNK_M

if TYPE_CHECKING:
    from ..geometry.level import Level

Profile = Literal["set", "baked", "lightmapped"]
Things = Literal["shared", "merged"]
"""How a lit set holds fixtures and props: each a node over a mesh that its like share, or small ones by chunk."""
Chunk = tuple[int, int]
"""A chunk of the world, by its column and row."""

SMALLEST_M = 1.0
"""Shortest side of a region: less holds no room."""
LARGEST_BYTES = 2_000_000_000
"""Most bytes of a file. Source: viewers read a GLB as one array, and 2 GB (2^31) is where many of them stop."""
BYTES_PER_M2 = {"set": 1400.0, "baked": 4200.0, "lightmapped": 4200.0}
"""Geometry: over twice what a hectare of level0 comes to (``make bench``), since other places are denser."""
BYTES_PER_TEXEL = 9.0
"""All textures of a palette, for each texel of one 1:1 map (JPEG)."""


@dataclass(frozen=True)
class Region:
    """A rectangle of the world in metres, x0 < x1, y0 < y1; made by ``region_of`` or ``region_around``."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle in the world, metres."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


def region_of(x0: float, y0: float, x1: float, y1: float) -> Region:
    """Make the region between two corners in metres.

    Raises NoclipError: not finite, empty, reversed, narrower than a metre, or outside the world.
    """
    corners = f"{x0:g},{y0:g},{x1:g},{y1:g}"
    limit = CHUNK_LIMIT * CHUNK_M
    if not all(map(math.isfinite, (x0, y0, x1, y1))):
        raise NoclipError(f"region {corners}: give four finite numbers of metres, X0,Y0,X1,Y1")
    if x1 <= x0 or y1 <= y0:
        raise NoclipError(f"region {corners}: empty or reversed; X0 must lie below X1, and Y0 below Y1")
    if min(x1 - x0, y1 - y0) < SMALLEST_M:
        raise NoclipError(f"region {corners}: its sides must be at least {SMALLEST_M:g} m long")
    if max(abs(x0), abs(y0), abs(x1), abs(y1)) > limit:
        raise NoclipError(f"region {corners}: the world ends {limit:.3g} m from its origin")
    return Region(float(x0), float(y0), float(x1), float(y1))


def region_around(x: float, y: float, radius_m: float) -> Region:
    """Make the square region that reaches ``radius_m`` to each side of a place.

    Raises NoclipError as ``region_of``, and for a radius that is not positive.
    """
    if not radius_m > 0:
        raise NoclipError(f"radius {radius_m:g}: give a positive number of metres")
    return region_of(x - radius_m, y - radius_m, x + radius_m, y + radius_m)


def region_of_level(level: Level) -> Region:
    """Give the region of a whole level."""
    x, y = (level.origin[k] * CHUNK_M for k in (0, 1))
    return Region(x, y, x + level.size_m[0], y + level.size_m[1])


def shift_into(region: Region, origin: Chunk) -> tuple[float, float, float]:
    """Find what moves places from a chunk's corner to the region's, metres."""
    return origin[0] * CHUNK_M - region.x0, origin[1] * CHUNK_M - region.y0, 0.0


def chunk_name(chunk: Chunk) -> str:
    """Give the name of a chunk, and of its files."""
    return f"chunk_{chunk[0]}_{chunk[1]}"


def region_chunks(region: Region) -> tuple[int, int, int, int]:
    """Find the smallest half-open rectangle of chunks (i0, j0, i1, j1) that covers a region."""
    low = [math.floor(c / CHUNK_M + 1e-9) for c in (region.x0, region.y0)]
    high = [math.ceil(c / CHUNK_M - 1e-9) for c in (region.x1, region.y1)]
    return low[0], low[1], high[0], high[1]


def check_size(region: Region, profile: Profile = "set", texture_px: int = 1024) -> None:
    """Raise NoclipError when the region's file would be too large, before anything is built."""
    wide, deep, textures = region.x1 - region.x0, region.y1 - region.y0, BYTES_PER_TEXEL * texture_px**2
    size = wide * deep * BYTES_PER_M2[profile] + textures
    if size > LARGEST_BYTES:
        most = math.sqrt(max(LARGEST_BYTES - textures, 0.0) / BYTES_PER_M2[profile])
        raise NoclipError(
            f"region of {wide:.0f} x {deep:.0f} m: the {profile} profile would write about {size / 1e9:.3g} GB, the "
            f"limit is {LARGEST_BYTES / 1e9:g} GB; ask for at most {most:.0f} x {most:.0f} m"
        )
