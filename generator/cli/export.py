"""``noclip export``: a region as a set for Blender and other tools."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ..errors import NoclipError
from . import options, parse, report
from .film import script_for

if TYPE_CHECKING:
    from ..camera.shot import Shot
    from ..export import Profile as ExportProfile
    from ..export import Region, Small
    from ..export.region import Things as Holding
    from ..scene import Scene

PHONE_PX = 256
"""Texels along a texture's longer side that a phone is given."""
AROUND_M = 20.0
"""Reach of a region to each side where only its middle is given."""


class Profile(StrEnum):
    """What a file is for."""

    set = "set"
    baked = "baked"
    lightmapped = "lightmapped"
    engine = "engine"


class Geometry(StrEnum):
    """How a file holds its geometry."""

    float = "float"
    quantized = "quantized"
    meshopt = "meshopt"


class Textures(StrEnum):
    """How a file holds its textures."""

    jpeg = "jpeg"
    webp = "webp"


class Things(StrEnum):
    """How a set holds fixtures and props."""

    shared = "shared"
    merged = "merged"


class EngineName(StrEnum):
    """Which game engine shall read the engine profile."""

    godot = "godot"
    unreal = "unreal"
    omi = "omi"


def export(
    scene: options.SceneName = "level0",
    seed: options.Seed = None,
    region: Annotated[str | None, typer.Option(metavar="X0,Y0,X1,Y1", help="What to export, metres.")] = None,
    around: Annotated[str | None, typer.Option(metavar="X,Y", help="The middle of what to export, metres.")] = None,
    radius: Annotated[float, typer.Option(metavar="R", help="With --around: reach to each side, metres.")] = AROUND_M,
    profile: Annotated[
        Profile | None,
        typer.Option(
            help="set, unless given: to be lit by its lamps; baked: carries our light; "
            "lightmapped: carries it as pictures; engine: a folder for a game engine."
        ),
    ] = None,
    engine: Annotated[
        EngineName | None, typer.Option(help="Whose collision the engine profile writes; godot unless given.")
    ] = None,
    lamps: Annotated[
        int | None,
        typer.Option(
            min=0, max=256, metavar="N", help="Punctual lamps that stand for the panels: 0 in a file, 8 a chunk."
        ),
    ] = None,
    probes: Annotated[bool, typer.Option(help="Bake, and give an engine light probes.")] = True,
    shot: Annotated[str | None, typer.Option(metavar="FILE.toml", help="Beats or a path, as a moving camera.")] = None,
    seconds: Annotated[float | None, typer.Option(metavar="S", help="Length of the moving camera's shot.")] = None,
    texture_px: Annotated[
        int | None, typer.Option(metavar="N", help="Texels along a texture's longer side; 1024 unless given.")
    ] = None,
    geometry: Annotated[
        Geometry | None, typer.Option(help="float; quantized, to a millimetre; meshopt, that and compressed.")
    ] = None,
    textures: Annotated[Textures | None, typer.Option(help="jpeg, or the smaller webp.")] = None,
    phone: Annotated[
        bool, typer.Option("--phone", help="baked, 256 texels, webp, quantized: what is not given of these.")
    ] = False,
    things: Annotated[
        Things | None,
        typer.Option(
            help="Fixtures and props of a set: shared, a node for each, as in a .blend and USD; "
            "merged by chunk where they are small, as in a .glb, which draws faster."
        ),
    ] = None,
    uv2: Annotated[bool, typer.Option("--uv2", help="A second UV set in which no surfaces overlap.")] = False,
    open_edges: Annotated[bool, typer.Option("--open", help="Leave the region's edges open.")] = False,
    beside: Annotated[
        str | None, typer.Option(metavar="FILE", help="An earlier .glb or .gltf, whose exposure and white are kept.")
    ] = None,
    settings: options.Settings = None,
    out: Annotated[
        str, typer.Option("-o", "--out", metavar="FILE", help="A .glb, .gltf, .blend or .usdz; a folder for an engine.")
    ] = "set.glb",
) -> None:
    """Write a region as glTF or for Blender, with lamps, names and cameras."""
    from ..export import blender_settings, check_request, export_engine, export_region, tone_curve_of_file
    from ..export.engine.make import LAMPS
    from ..export.gltf import is_gltf
    from ..scene import load_scene

    asked = load_scene(scene, options.overrides(settings, {"seed": seed}))
    place = _region(region, around, radius)
    if seconds is not None and not 0 < seconds < float("inf"):
        raise NoclipError(f"--seconds {seconds:g}: give a positive number of seconds")
    tone = tone_curve_of_file(Path(beside)) if beside is not None else None
    progress = report.progress()
    kept = _kept(phone, profile, texture_px, geometry, textures)
    if kept.profile == "engine":
        _check_engine(shot, seconds, uv2, things, kept.small)
        export_engine(
            asked,
            place,
            Path(out),
            engine=(engine or EngineName.godot).value,
            texture_px=kept.texture_px,
            closed=not open_edges,
            tone=tone,
            lamps=LAMPS if lamps is None else lamps,
            probes=probes,
            progress=progress,
        )
        typer.echo(out)
        return
    if lamps is not None and not is_gltf(Path(out)):
        raise NoclipError(
            "--lamps: only a .glb, a .gltf or an engine's folder has them; others have lights of their own"
        )
    if engine is not None:
        raise NoclipError(
            f"--engine {engine.value}: only --profile engine has collision; ask for it, or leave this out"
        )
    kind = cast("ExportProfile", kept.profile)
    how: Holding | None = None if things is None else things.value
    check_request(Path(out), place, kind, kept.texture_px, kept.small, how)
    with progress.stage("view"):
        moving = _walk(asked, place.middle, shot, seconds) if shot is not None or seconds is not None else None
    export_region(
        asked,
        place,
        Path(out),
        profile=kind,
        shot=moving,
        texture_px=kept.texture_px,
        uv2=uv2,
        closed=not open_edges,
        tone=tone,
        lamps=lamps or 0,
        small=kept.small,
        things=how,
        progress=progress,
    )
    if is_gltf(Path(out)):
        report.say(blender_settings(Path(out)))
    typer.echo(out)


@dataclass(frozen=True)
class _Kept:
    """What of a file is kept: its profile, texels and way of writing."""

    profile: str
    texture_px: int
    small: Small


def _kept(
    phone: bool, profile: Profile | None, texture_px: int | None, geometry: Geometry | None, textures: Textures | None
) -> _Kept:
    """What is given, else a phone's, else the usual.

    Raises NoclipError for another profile than a phone's.
    """
    from ..export import Small

    if phone and profile not in (None, Profile.baked):
        raise NoclipError(f"--phone: a phone is given the baked profile, not {profile}; leave one of them out")
    usual = Profile.baked if phone else Profile.set
    shape, pictures = (Geometry.quantized, Textures.webp) if phone else (Geometry.float, Textures.jpeg)
    small = Small((geometry or shape).value, (textures or pictures).value)
    return _Kept((profile or usual).value, (PHONE_PX if phone else 1024) if texture_px is None else texture_px, small)


def _check_engine(shot: str | None, seconds: float | None, uv2: bool, things: Things | None, small: Small) -> None:
    """Raise NoclipError for what the engine profile has not."""
    from ..export import Small

    smaller = small != Small()
    given = {"--shot": shot is not None, "--seconds": seconds is not None, "--uv2": uv2}
    given |= {"--things": things is not None}
    given |= {"--geometry or --textures": smaller}
    for option, asked in given.items():
        if asked:
            raise NoclipError(f"{option}: the engine profile has no such thing; leave it out, or take --profile set")


def _region(region: str | None, around: str | None, radius: float) -> Region:
    from ..export import region_around, region_of

    if region is not None and around is not None:
        raise NoclipError("give --region or --around, not both")
    if region is not None:
        return region_of(*parse.region(region))
    middle = parse.place(around, "--around") if around is not None else (AROUND_M, AROUND_M)
    return region_around(*middle, radius)


def _walk(scene: Scene, start: tuple[float, float], shot: str | None, seconds: float | None) -> Shot:
    """The walk that ``noclip film`` would film from here."""
    from ..export import check_seconds
    from ..film import FilmRequest, walk_shot

    script = script_for(scene, shot)
    lasts = seconds or min(script.seconds, scene.film.seconds)
    check_seconds(lasts)
    return walk_shot(FilmRequest(scene, script, 0, max(round(lasts * 30000 / 1001), 1), start=start))
