"""The surfaces of Level 0, by name."""

from __future__ import annotations

from ....seed import Rng
from ....surface.material import Material
from ....surface.palette import Role, Surface, Wear
from ..look_settings import LookSettings
from . import carpet, ceiling, lens, lettered, painted, solid, wallpaper


def _paper(pattern: str) -> Surface:
    def make(look: LookSettings, rng: Rng, texture_px: int) -> Material:
        return wallpaper.wallpaper(pattern, look.wallpaper_yellow, look.wallpaper_motif, rng, texture_px)

    return Surface(f"wallpaper/{pattern}", Role.WALL, "wall", make, Wear.WALL, True, wallpaper.ROLL_M[pattern])


def _paint(name: str) -> Surface:
    role = Role.FRAME if name == "frame" else Role.PROP
    return Surface(name, role, name.partition("/")[0], lambda _, rng, px: solid.paint(name, rng, px))


def _lens(name: str, burning: tuple[int, ...]) -> Surface:
    return Surface(name, Role.LENS, "lens", lambda _, rng, px: lens.lens(name, burning, rng, px))


def _liquid(name: str) -> Surface:
    return Surface(name, Role.PROP, "plastic", lambda _, rng, px: solid.clear(name, rng, px))


def _clock(name: str, hours: int = 12, mirrored: bool = False) -> Surface:
    def make(_: LookSettings, rng: Rng, texture_px: int) -> Material:
        return lettered.clock_face(name, rng, texture_px, hours, mirrored)

    return Surface(name, Role.PROP, "clock", make)


def _tile(look: LookSettings, rng: Rng, texture_px: int) -> Material:
    return ceiling.ceiling_tile(2 if look.ceiling_grid == "2x4" else 1, rng, texture_px)


SURFACES: dict[str, Surface] = {
    surface.name: surface
    for surface in (
        *map(_paper, ("plain", "chevron", "stripe", "dots")),
        Surface("carpet", Role.FLOOR, "floor", lambda _, rng, px: carpet.carpet(rng, px), Wear.FLOOR),
        Surface("ceiling/tile", Role.CEILING, "ceiling", _tile, Wear.CEILING, stains=True),
        Surface(
            "ceiling/bar", Role.CEILING, "ceiling", lambda _, rng, px: ceiling.ceiling_bar(rng, px), Wear.CEILING, True
        ),
        _lens("lens/prismatic", (0, 1, 2)),
        _lens("lens/tube_dead", (0, 1)),
        Surface("trim", Role.TRIM, "trim", lambda _, rng, px: solid.trim(rng, px)),
        Surface("wood", Role.TRIM, "wood", lambda _, rng, px: solid.wood(rng, px)),
        Surface("door", Role.PROP, "door", lambda _, rng, px: solid.door(rng, px)),
        Surface("concrete/dark", Role.VOID, "concrete", lambda _, rng, px: solid.concrete(rng, px)),
        Surface("fabric", Role.PROP, "fabric", lambda _, rng, px: solid.fabric(rng, px)),
        *map(_paint, solid.PAINTS),
        *map(_liquid, solid.LIQUIDS),
        _clock("clock/face"),
        _clock("clock/13", 13),
        _clock("clock/backward", 12, True),
        Surface("plastic/handled", Role.PROP, "plastic", lambda _, rng, px: lettered.switch_plate(rng, px)),
        Surface("lens/exit", Role.LENS, "exit", lambda _, rng, px: lettered.exit_face(rng, px)),
        Surface("door/painted", Role.PROP, "door", lambda _, rng, px: painted.painted_door(rng, px)),
    )
}
