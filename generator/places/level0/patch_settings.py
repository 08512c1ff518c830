"""Settings of a patch: a literal piece of plan, laid over what the maze has in its rectangle."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from ...scene.base import Section, setting
from .look_settings import Wallpaper

REACH_M = 1e7
SIZE_M = 200.0
SHORTEST_M = 0.01


class PatchWall(Section):
    """A straight wall; lengths in metres from the patch's corner."""

    line: tuple[float, float, float, float] = setting(
        (0.0, 0.0, 1.0, 0.0), "centre line: x0, y0, x1, y1", unit="m", low=0.0, high=SIZE_M
    )
    kind: Literal["wall", "partition", "half", "header", "sill", "arch"] = setting("wall", "what it is")
    thickness: float = setting(0.12, "thickness", unit="m", low=0.04, high=1.0)
    bottom: float = setting(0.0, "underside; where an arch springs", unit="m", low=0.0, high=6.0)
    top: float | None = setting(None, "top; left out: the ceiling", unit="m", low=0.05, high=6.0)
    crown: float = setting(0.0, "height of an arch's crown", unit="m", low=0.0, high=6.0)
    paper: Wallpaper | None = setting(None, "its wallpaper, both sides; left out: drawn by the seed")

    @field_validator("line")
    @classmethod
    def _has_length(cls, line: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        if math.hypot(line[2] - line[0], line[3] - line[1]) < SHORTEST_M:
            raise PydanticCustomError("short", f"a wall is at least {SHORTEST_M} m long")
        return line

    @field_validator("top")
    @classmethod
    def _is_above(cls, top: float | None, info: ValidationInfo) -> float | None:
        if top is not None and top <= info.data.get("bottom", 0.0):
            raise PydanticCustomError("upside_down", "the top lies above the bottom")
        return top


class PatchPillar(Section):
    """A solid upright block from floor to ceiling; lengths in metres from the patch's corner."""

    box: tuple[float, float, float, float] = setting(
        (0.0, 0.0, 0.6, 0.6), "low and high corner: x0, y0, x1, y1", unit="m", low=0.0, high=SIZE_M
    )
    paper: Wallpaper | None = setting(None, "its wallpaper; left out: drawn by the seed")

    @field_validator("box")
    @classmethod
    def _has_size(cls, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        if box[2] - box[0] < SHORTEST_M or box[3] - box[1] < SHORTEST_M:
            raise PydanticCustomError("short", f"x1 and y1 lie at least {SHORTEST_M} m above x0 and y0")
        return box


class PatchLamps(Section):
    """A lattice of troffers."""

    first: tuple[float, float] = setting(
        (0.6096, 0.3048), "middle of the first, from the patch's corner", unit="m", low=0.0, high=SIZE_M
    )
    count: tuple[int, int] = setting((1, 1), "how many along x and y", low=1, high=100)
    pitch: tuple[float, float] = setting((2.4384, 2.4384), "distance of middles", unit="m", low=0.6, high=20.0)
    along: Literal["x", "y"] = setting("x", "direction of their long sides")
    missing: tuple[int, ...] = setting((), "left out, counted from 0 along x, then y", low=0, high=9999)
    dead: tuple[int, ...] = setting((), "dark, counted likewise", low=0, high=9999)
    kelvin: float = setting(4000.0, "colour temperature", unit="K", low=2500.0, high=7000.0)


class PatchThing(Section):
    """A fitting or a piece of furniture at a stated place."""

    kind: str = setting("outlet", "what it is: a prop of the place")
    at: tuple[float, float] = setting((0.0, 0.0), "where, from the patch's corner", unit="m", low=0.0, high=SIZE_M)
    z: float = setting(0.0, "how high its middle (of what stands: its foot) is", unit="m", low=-2.0, high=6.0)
    right_deg: float = setting(
        0.0, "direction of its right side for one who faces it; 0 east, 90 north", unit="deg", low=-360.0, high=360.0
    )

    @field_validator("kind")
    @classmethod
    def _is_a_prop(cls, kind: str) -> str:
        from .set.table import PROPS

        known = [prop.kind for prop in PROPS.values() if not prop.fills]
        if kind not in known:
            raise PydanticCustomError("literal_error", "no such prop", {"expected": ", ".join(known)})
        return kind


class Patch(Section):
    """A literal piece of plan. Its corner should lie on the lattice of cells (1.2192 m), and so should its size."""

    at: tuple[float, float] = setting(
        (0.0, 0.0), "its south-west corner in the world", unit="m", low=-REACH_M, high=REACH_M
    )
    size: tuple[float, float] = setting((12.192, 12.192), "width and depth", unit="m", low=1.2192, high=SIZE_M)
    ceiling_m: float = setting(2.7432, "ceiling height", unit="m", low=2.3, high=6.0)
    decay: float | None = setting(None, "its age; left out: the world's", low=0.0, high=1.0)
    damp: float | None = setting(None, "its dampness; left out: the world's", low=0.0, high=1.0)
    wall: tuple[PatchWall, ...] = setting((), "walls")
    pillar: tuple[PatchPillar, ...] = setting((), "solid blocks")
    lamps: tuple[PatchLamps, ...] = setting((), "lattices of lamps")
    thing: tuple[PatchThing, ...] = setting((), "fittings and furniture")
