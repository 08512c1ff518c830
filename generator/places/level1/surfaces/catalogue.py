"""The surfaces of the car park, by name."""

from __future__ import annotations

from ....seed import Rng
from ....surface.material import Material
from ....surface.palette import Role, Surface, Wear
from ...level0.surfaces.lettered import exit_face
from ...level2.surfaces import coats as level2
from ..look_settings import LookSettings
from . import coats, concrete

PAINTS = {"white": coats.WHITE, "yellow": coats.YELLOW, "blue": coats.BLUE}
BANDS = {"yellow": coats.YELLOW, "red": coats.RED, "blue": coats.BLUE}


def _marked(name: str) -> Surface:
    def make(_: LookSettings, rng: Rng, texture_px: int) -> Material:
        return coats.floor_paint(f"paint/{name}", PAINTS[name], rng, texture_px)

    return Surface(f"paint/{name}", Role.FLOOR, "marking", make, Wear.SLAB)


def _band(name: str) -> Surface:
    def make(_: LookSettings, rng: Rng, texture_px: int) -> Material:
        return coats.band(f"band/{name}", BANDS[name], rng, texture_px)

    return Surface(f"band/{name}", Role.TRIM, "band", make, Wear.CAST)


def _solid(name: str) -> Surface:
    return Surface(name, Role.PROP, name, lambda _, rng, px: coats.solid(name, rng, px))


SURFACES: dict[str, Surface] = {
    surface.name: surface
    for surface in (
        Surface("cast", Role.WALL, "wall", lambda _, rng, px: concrete.cast(rng, px), Wear.CAST, stains=True),
        Surface("block", Role.WALL, "wall", lambda _, rng, px: concrete.block(rng, px), Wear.CAST, stains=True),
        Surface("slab", Role.FLOOR, "floor", lambda _, rng, px: concrete.slab(rng, px), Wear.SLAB),
        Surface("soffit", Role.CEILING, "ceiling", lambda _, rng, px: concrete.soffit(rng, px), Wear.SOFFIT),
        *map(_marked, PAINTS),
        *map(_band, BANDS),
        Surface("tube", Role.LENS, "tube", lambda _, rng, px: coats.tube(rng, px)),
        Surface("tube/dead", Role.PROP, "tube", lambda _, rng, px: coats.dead_tube(rng, px)),
        Surface("lens/bay", Role.LENS, "lamp", lambda _, rng, px: coats.bay_glass(rng, px)),
        Surface("lens/window", Role.LENS, "window", lambda _, rng, px: coats.blinds(rng, px)),
        Surface("carton", Role.PROP, "carton", lambda _, rng, px: coats.carton(rng, px)),
        Surface("wood", Role.PROP, "pallet", lambda _, rng, px: coats.wood(rng, px)),
        Surface("roller", Role.PROP, "roller_door", lambda _, rng, px: coats.roller(rng, px)),
        Surface("lens/exit", Role.LENS, "exit", lambda _, rng, px: exit_face(rng, px)),
        Surface("grate", Role.PROP, "drain", lambda _, rng, px: coats.grate(rng, px)),
        Surface("duct", Role.PROP, "duct", lambda _, rng, px: coats.duct(rng, px)),
        Surface("tread", Role.PROP, "leveller", lambda _, rng, px: coats.tread(rng, px)),
        Surface("jar", Role.LENS, "jar", lambda _, rng, px: level2.jar(rng, px)),
        Surface("lagging", Role.PROP, "lagging", lambda _, rng, px: level2.canvas_lagging(rng, px)),
        *map(_solid, coats.SOLID),
    )
}
