"""The props of Level 0, a row each, and its lamps."""

from __future__ import annotations

from functools import partial

import numpy as np

from ....colour import GREEN_DUV, LENS_LUMINANCE
from ....geometry.kit import Emitter, Index, Luminaire, Prop, Sight, Site
from ....geometry.level import Mesh
from ....geometry.panels import Boxes, Sides
from ....plan.floorplan import MODULE_M
from ..plan.lamps import KELVIN
from ..surfaces.lens import TUBES
from . import chair, doors, fittings, props
from .troffer import LENS_HALF_M, RECESS_M, tees, troffer

EXIT_KELVIN = (2700.0, 3200.0)
"""Colour temperature of the lamps in exit signs."""
_LONG, _SHORT = LENS_HALF_M


def _recessed(lens: str, index: Index, corners: Sides, taken: Boxes) -> Mesh:
    return troffer(index["frame"], index[lens], index["ceiling/bar"], corners, taken)


def _lamp(kind: str, mesh, z: float, up: float, recessed: bool, tubes: int = TUBES) -> Luminaire:
    """A troffer whose lens lies ``z`` over its place and faces up or down; ``tubes``: how many burn."""
    lens = Emitter((0.0, 0.0, z), (_LONG, 0.0, 0.0), (0.0, _SHORT, 0.0), (0.0, 0.0, up))
    luminance = LENS_LUMINANCE * tubes / TUBES
    return Luminaire(kind, mesh, (lens,), luminance, KELVIN, GREEN_DUV, recessed, hum=1.0, reach_m=20.0)


_EXIT = Luminaire(
    "exit_sign", fittings.exit_sign,
    (Emitter(
        (0.0, -fittings.EXIT_DEPTH_M, 0.0), (fittings.EXIT_HALF_M[0], 0.0, 0.0), (0.0, 0.0, fittings.EXIT_HALF_M[1]),
        (0.0, -1.0, 0.0),
    ),), 40.0, EXIT_KELVIN, GREEN_DUV, recessed=False, hum=0.0, reach_m=4.0,
)  # fmt: skip
"""An exit sign with current. Luminance: the mean of its front, so that its letters have some 65 cd/m²."""


def _grille(long: bool, index: Index, corners: Sides, taken: Boxes) -> Mesh:
    return fittings.grille(index, long, corners)


def _bars(long: bool, index: Index, corners: Sides, taken: Boxes) -> Mesh:
    return tees((MODULE_M if long else MODULE_M / 2, MODULE_M / 2), index["ceiling/bar"])


def _wrong_door(kind: str, number: int) -> Prop:
    door = doors.DOORS[kind]
    return Prop(
        kind, partial(doors.shut_door, door=door), sight=Sight(number, door.foot + door.high / 2, 1.1, 0.6, flat=True)
    )


LUMINAIRES = (
    _lamp("troffer", partial(_recessed, "lens/prismatic"), RECESS_M, -1.0, recessed=True),
    _lamp("troffer_tube_dead", partial(_recessed, "lens/tube_dead"), RECESS_M, -1.0, recessed=True, tubes=TUBES - 1),
)
"""The second has a dead tube. Reach: further off a troffer adds less than the light's cut-off (0.65 m² of lens, 2.74 m
high, seen from a wall)."""

AJAR_TURN = float(np.radians(30.0))
"""A door ajar hides its gap from the side of its hinges, the left: it shows best from so far to the right."""

PROPS: dict[str, Prop] = {
    prop.kind: prop
    for prop in (
        Prop("stacking_chair", chair.stacking_chair, Site.FLOOR, 0.14, sight=Sight(0, 0.40, 0.7, 1.0), movable=True),
        Prop("desk", props.desk, Site.FLOOR, 0.05, sight=Sight(1, 0.37, 1.1, 1.0), movable=True),
        Prop(
            "blank_door", partial(doors.shut_door, door=doors.DOORS["blank_door"]), Site.WALL, 0.00875,
            ("fittings", "doors"), sight=Sight(7, 1.05, 1.4, 0.15, flat=True), sunk=Sight(8, 1.4, 1.1, 1.1, flat=True),
        ),
        Prop(
            "exit_sign", fittings.exit_sign, Site.WALL, 0.010, ("fittings",), height_m=2.33,
            sight=Sight(11, 0.0, 0.25, 0.8, flat=True), lamp=_EXIT,
        ),
        Prop(
            "clock", fittings.clock, Site.WALL, 0.006, ("fittings",), height_m=2.10,
            sight=Sight(12, 0.0, 0.33, 0.7, flat=True),
        ),
        Prop(
            "filing_cabinet", props.filing_cabinet, Site.WALL, 0.0012, away_m=0.36,
            sight=Sight(2, 0.66, 0.9, 0.8), sunk=Sight(3, 0.9, 0.6, 1.1), movable=True,
        ),
        Prop(
            "water_cooler", props.water_cooler, Site.WALL, 0.0008, away_m=0.22,
            sight=Sight(4, 0.70, 0.9, 0.9), movable=True,
        ),
        Prop(
            "mop_bucket", props.mop_bucket, Site.WALL, 0.0010, away_m=0.20,
            sight=Sight(17, 0.45, 0.6, 0.9), movable=True,
        ),
        Prop(
            "outlet", fittings.outlet, Site.WALL_END, 0.12, ("fittings",), height_m=0.33,
            sight=Sight(14, 0.0, 0.09, 1.3, flat=True),
        ),
        Prop(
            "switch", fittings.switch, Site.OPENING, 0.06, ("fittings",), height_m=1.22,
            sight=Sight(15, 0.0, 0.25, 0.8, flat=True),
        ),
        Prop(
            "loose_troffer", props.loose_troffer, sight=Sight(5, 0.10, 1.4, 1.1), movable=True,
            lamp=_lamp("loose_troffer", props.loose_troffer, props.HOUSING_M, 1.0, recessed=False),
        ),
        Prop("clock_13", partial(fittings.clock, face="clock/13"), sight=Sight(30, 0.0, 0.33, 0.9, flat=True)),
        Prop(
            "clock_backward", partial(fittings.clock, face="clock/backward"), sight=Sight(31, 0.0, 0.33, 0.9, flat=True)
        ),
        Prop("step", props.step, sight=Sight(6, 0.09, 0.5, 0.9, flat=True)),
        Prop("stair", props.stair, sight=Sight(29, 0.4, 1.0, 1.0, flat=True)),
        Prop("door_ajar", partial(doors.open_door, angle=doors.AJAR["door_ajar"]),
             sight=Sight(9, 1.05, 0.6, 1.0, flat=True, turn=AJAR_TURN)),
        Prop("door_open", partial(doors.open_door, angle=doors.AJAR["door_open"]),
             sight=Sight(10, 1.05, 0.9, 0.9, flat=True, turn=AJAR_TURN)),
        *(_wrong_door(kind, number) for number, kind in enumerate(doors.WRONG_LEAVES, 18)),
        Prop("door_frame", doors.door_frame, sight=Sight(28, 1.05, 1.2, 0.6, flat=True)),
        Prop("door_painted", doors.painted_door, sight=Sight(32, 1.05, 1.1, 0.7, flat=True)),
        Prop("arrow", fittings.arrow, sight=Sight(13, 0.0, 0.6, 1.1, flat=True)),
        Prop("sprinkler", fittings.sprinkler),
        Prop("smoke_detector", fittings.smoke_detector),
        Prop("grille_2x4", partial(_grille, True), fills=True),
        Prop("grille_2x2", partial(_grille, False), fills=True),
        Prop("tile_bars_2x4", partial(_bars, True), fills=True),
        Prop("tile_bars_2x2", partial(_bars, False), fills=True),
    )
}  # fmt: skip
"""Sizes are what makes a thing what it is: the gap of a door ajar; switches come seven in a row. Outlets: middle 0.33 m
over the floor. Switches: 48 in. Source: ADA Standards for Accessible Design, 308."""

MISSING_TILE = Sight(16, 0.1, 0.3, 0.7)
"""A missing tile to a picture, as one sees it aslant."""
