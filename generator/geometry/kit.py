"""What a place gives to geometry: surfaces, luminaires and props as rows, and how a shell is dressed and furnished."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from ..plan.sight import TROFFER_M
from ..surface.palette import Ageing, Surface
from .holes import Holes, no_holes
from .level import Mesh
from .panels import Boxes, Sides

if TYPE_CHECKING:
    from ..plan.floorplan import Floorplan

Index = dict[str, int]
"""A material's index in a level by its name."""
Point = tuple[float, float, float]


@dataclass(frozen=True)
class Emitter:
    """A flat rectangle that glows to one side, in the frame of its luminaire: middle, half edges in metres, normal.

    recess: metres that it lies behind an opening of its own size, which cuts off its light towards the sides.
    """

    center: Point
    half_u: Point
    half_v: Point
    normal: Point
    recess: float = 0.0


@dataclass(frozen=True)
class Luminaire:
    """A kind of lamp. ``Floorplan.lamp_kind`` counts a place's luminaires.

    mesh: (index, corners, taken) → Mesh about the mounting place, its long side along x; the last two as in ``Item``,
    of a lamp that fills a hole. luminance: cd/m². kelvin: range of colour temperatures. duv: distance over the
    Planckian locus. recessed: it fills a hole of the ceiling. hum: loudness beside a troffer with a magnetic ballast,
    0 silent. reach_m: further off it adds less than the light's cut-off. plan_m: half its length and breadth on maps.
    """

    kind: str
    mesh: Callable[..., Mesh]
    emitters: tuple[Emitter, ...]
    luminance: float
    kelvin: tuple[float, float]
    duv: float
    recessed: bool
    hum: float
    reach_m: float
    plan_m: tuple[float, float] = TROFFER_M


class Site(Enum):
    """Where a prop may stand or hang."""

    RULE = "where the place's own rules or a patch put it"
    FLOOR = "in the open floor"
    WALL = "in the middle of a wall"
    WALL_END = "near the end of a wall"
    OPENING = "beside an opening"


@dataclass(frozen=True)
class Sight:
    """What a thing is to a picture. number: its own, for ever, by which seeds have tastes. middle_m: height of its
    middle over its place. size_m: how large it looks. worth: how much it holds the eye; 1 is enough for a picture.
    flat: it lies against a wall, and shows best from straight ahead, or ``turn`` radians to the right of that."""

    number: int
    middle_m: float
    size_m: float
    worth: float
    flat: bool = False
    turn: float = 0.0


@dataclass(frozen=True)
class Prop:
    """A kind of thing: one row of a place's table.

    mesh: index → Mesh; or (index, corners, taken) → Mesh where it ``fills`` a hole in the ceiling. chance: how often,
    of the places that its site offers, times the settings ``often``. height_m: of its place over the floor. away_m: of
    its middle before the wall. sight: what it is to a picture, nothing when None; sunk: the same where it has gone into
    the floor. lamp: what it is where it burns. movable: an engine may let it be pushed. crowds: it reaches into a room
    at eye height, and who takes a picture keeps away from it.
    """

    kind: str
    mesh: Callable[..., Mesh]
    site: Site = Site.RULE
    chance: float = 0.0
    often: tuple[str, ...] = ("props",)
    height_m: float = 0.0
    away_m: float = 0.0
    sight: Sight | None = None
    sunk: Sight | None = None
    lamp: Luminaire | None = None
    fills: bool = False
    movable: bool = False
    crowds: bool = False


@dataclass(frozen=True)
class Kit:
    """A place's set, as rows and functions; ``scene`` is the place's own kind of scene.

    surfaces: by name. palette: scene → names of all that a level may wear. luminaires: in the order of
        ``Floorplan.lamp_kind``. props: by kind.
    level_materials: (shell, index) → material (N,) of the shell's level faces.
    dress: (shell, mesh of the level faces, index, scene, seed) → meshes of the building.
    ageing: scene → how surfaces have aged.
    altered: (plan, scene, seed) → the plan as it is built. holes: (plan, prints, scene, seed) → those of the ceiling.
    furnish: (shell, corners of the holes, scene, seed) → what stands and hangs there, recessed lamps first; lamps that
        fill no hole are hung by themselves.
    things: (plan, scene, seed) → what of it one could walk into or look at, known without building, and the holes.
    gap: an open hole of the ceiling to a picture.
    """

    surfaces: Mapping[str, Surface]
    palette: Callable[[Any], tuple[str, ...]]
    luminaires: tuple[Luminaire, ...]
    props: Mapping[str, Prop]
    level_materials: Callable[..., Any]
    dress: Callable[..., list[Mesh]]
    ageing: Callable[[Any], Ageing]
    altered: Callable[..., Floorplan] = lambda plan, scene, seed: plan
    holes: Callable[..., Holes] = lambda plan, prints, scene, seed: no_holes()
    furnish: Callable[..., list] = lambda shell, corners, scene, seed: []
    things: Callable[..., tuple[list, Holes]] = lambda plan, scene, seed: ([], no_holes())
    gap: Sight | None = None


def mesh_of(kit: Kit, kind: str, index: Index, corners: Sides = ((), (), (), ()), taken: Boxes = ()) -> Mesh:
    """The mesh of a kind of luminaire or prop; corners, taken: as in ``Item``. Raises ValueError for an unknown one."""
    prop = kit.props.get(kind)
    if prop is not None:
        return prop.mesh(index, corners, taken) if prop.fills else prop.mesh(index)
    for lamp in kit.luminaires:
        if lamp.kind == kind:
            return lamp.mesh(index, corners, taken)
    raise ValueError(f"there is no fixture or prop called {kind!r}")
