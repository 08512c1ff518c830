"""The surfaces of the tunnels, by name."""

from __future__ import annotations

from ....surface.palette import Role, Surface, Wear
from ...level1.surfaces import coats as shared
from ...level1.surfaces import concrete
from ..pipes.lines import LABELLED, Line, label_size
from . import coats, labels
from .labels import label_name

PIPE_PAINT = ("paint/yellow", "paint/green", "paint/blue", "paint/red")


def _solid(name: str) -> Surface:
    if name in PIPE_PAINT:
        return Surface(name, Role.PROP, "pipe", lambda _, rng, px: coats.painted_pipe(name, rng, px))
    return Surface(name, Role.PROP, name.split("/")[0], lambda _, rng, px: coats.solid(name, rng, px))


def _shared(name: str) -> Surface:
    return Surface(name, Role.PROP, name, lambda _, rng, px: shared.solid(name, rng, px))


def _label(line: Line) -> Surface:
    text, field = line.label
    size = label_size(line)
    return Surface(
        label_name(text, size), Role.PROP, "label", lambda _, rng, px: labels.label(text, field, size, rng, px)
    )


SURFACES: dict[str, Surface] = {
    surface.name: surface
    for surface in (
        Surface("limewash", Role.WALL, "wall", lambda _, rng, px: coats.limewash(rng, px), Wear.CAST, stains=True),
        Surface("cast", Role.WALL, "wall", lambda _, rng, px: concrete.cast(rng, px), Wear.CAST, stains=True),
        Surface("floor", Role.FLOOR, "floor", lambda _, rng, px: coats.floor(rng, px), Wear.SLAB),
        Surface("soffit", Role.CEILING, "ceiling", lambda _, rng, px: concrete.soffit(rng, px), Wear.SOFFIT),
        Surface("jar", Role.LENS, "jar", lambda _, rng, px: coats.jar(rng, px)),
        Surface("rust", Role.PROP, "pipe", lambda _, rng, px: coats.rusted(rng, px)),
        Surface("lagging", Role.PROP, "lagging", lambda _, rng, px: coats.canvas_lagging(rng, px)),
        Surface("channel", Role.PROP, "channel", lambda _, rng, px: coats.channel(rng, px)),
        Surface("tray", Role.PROP, "tray", lambda _, rng, px: coats.tray(rng, px)),
        Surface("grate", Role.PROP, "drain", lambda _, rng, px: shared.grate(rng, px)),
        *map(_solid, coats.SOLID),
        *map(_label, LABELLED),
        *map(_shared, ("enamel", "door")),
    )
}
